//! The head of a feed file: its kind and its metadata, read without the records where the file allows it.

use std::fmt;
use std::io::Read;

use serde::Deserializer;
use serde::de::{Error, IgnoredAny, MapAccess, Visitor};

use super::error::{FeedError, Position, Stumble, reason};
use super::files::{FeedFile, Kind};
use super::records::MetadataRecord;

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
    let result = scan(file.open()?, &mut header);
    match result {
        Err(error) if !header.complete() => return Err(failed(file, &header, error)),
        _ => header.kind = header.kind.or_else(|| Kind::of_name(&file.name)),
    }
    Ok(header)
}

fn scan(content: impl Read, header: &mut Header) -> Result<(), serde_json::Error> {
    let mut json = serde_json::Deserializer::from_reader(content);
    json.deserialize_map(Root(header))?;
    json.end()
}

fn failed(file: &FeedFile, header: &Header, error: serde_json::Error) -> FeedError {
    if error.is_io() {
        return file.failed(error.into());
    }
    let stumble = Stumble {
        file: file.name.clone(),
        position: Position {
            line: error.line(),
            column: error.column(),
        },
        record: header.in_metadata.then(|| "metadata".to_owned()),
        field: None,
        reason: reason(&error),
    };
    FeedError::json(&error, stumble)
}

struct Root<'h>(&'h mut Header);

impl<'de> Visitor<'de> for Root<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a feed: an object with `metadata` and a list of records")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<String>()? {
            if key == "metadata" {
                self.0.in_metadata = true;
                self.0.metadata = map.next_value()?;
                self.0.in_metadata = false;
                continue;
            }
            self.0.kind = self.0.kind.or_else(|| Kind::of_key(&key));
            if self.0.complete() {
                // Nothing below this point is of interest: an error is the only way to stop a visitor.
                return Err(A::Error::custom("the head is complete"));
            }
            map.next_value::<IgnoredAny>()?;
        }
        Ok(())
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
            name: name.to_owned(),
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
