//! The head of a feed file: its kind and its metadata, read without the records where the file allows it.

use std::io::Read;

use super::error::FeedError;
use super::files::{FeedFile, Kind};
use super::records::MetadataRecord;
use super::stream::{Broken, Stream};
use super::walk::FEED;

/// What the head of a file says.
#[derive(Default)]
pub(super) struct Header {
    /// From the root keys, else from the name.
    pub(super) kind: Option<Kind>,
    pub(super) metadata: Option<MetadataRecord>,
    in_metadata: bool,
}

impl Header {
    fn complete(&self) -> bool {
        self.kind.is_some() && self.metadata.is_some()
    }
}

/// Reads the head of `file`. Where the metadata comes first, as it does in practice, the records are not read.
pub(super) fn read(file: &FeedFile) -> Result<Header, FeedError> {
    let mut header = Header::default();
    let mut stream = Stream::new(file.open(&|_| {})?);
    if let Err(broken) = header.scan(&mut stream) {
        return Err(broken.told(file, header.in_metadata.then(|| "metadata".to_owned())));
    }
    header.kind = header.kind.or_else(|| Kind::of_name(&file.name));
    Ok(header)
}

impl Header {
    fn scan(&mut self, stream: &mut Stream<impl Read>) -> Result<(), Broken> {
        let mut root = stream.enter(b'{', FEED)?;
        while let Some(key) = stream.key(&mut root)? {
            if key == "metadata" {
                self.in_metadata = true;
                self.metadata = stream.parse()?;
                self.in_metadata = false;
                continue;
            }
            self.kind = self.kind.or_else(|| Kind::of_key(&key));
            if self.complete() {
                return Ok(());
            }
            stream.skip()?;
        }
        stream.end()
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    fn head(name: &str, content: &str) -> Result<Header, FeedError> {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join(name);
        std::fs::write(&path, content).unwrap();
        read(&FeedFile {
            path,
            ..FeedFile::named(name)
        })
    }

    #[test]
    fn the_records_are_not_read_when_the_metadata_comes_first() {
        let header = head("x.json", r#"{"metadata":{"shard_number":1},"service":[ broken"#).unwrap();
        assert_eq!(header.kind, Some(Kind::Services));
        assert_eq!(header.metadata.unwrap().shard_number.unwrap().0, 1);
    }

    #[test]
    fn metadata_may_come_last() {
        let header = head("x.json", r#"{"merchant":[{}],"metadata":{"nonce":7}}"#).unwrap();
        assert_eq!(header.kind, Some(Kind::Merchants));
        assert_eq!(header.metadata.unwrap().nonce.unwrap().0, "7");
    }

    #[test]
    fn an_empty_feed_has_the_kind_of_its_name() {
        let header = head("availability_feed_1.json", r#"{"metadata":{}}"#).unwrap();
        assert_eq!(header.kind, Some(Kind::Availability));
    }

    #[test]
    fn broken_json_names_its_place() {
        let error = head("x.json", "{\"metadata\": {\n  \"nonce\": }")
            .err()
            .unwrap()
            .to_string();
        assert!(
            error.starts_with("x.json:2:12: metadata: expected value"),
            "{error}"
        );
        let error = head("x.json", "[]").err().unwrap().to_string();
        assert!(error.contains("expected a feed"), "{error}");
    }
}
