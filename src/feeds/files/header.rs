//! The head of a feed file: its kind and its metadata, read without the records where the file allows it.

use super::broken::StreamError;
use super::folder::FeedFile;
use super::mend::{Mended, mend_metadata};
use super::metadata::MetadataRecord;
use super::names::is_camel_case_of;
use super::reference::METADATA;
use super::stream::Stream;
use super::walk::FEED;
use crate::code::ProblemCode;
use crate::error::{FeedError, JsonError, Position};
use crate::kind::FeedKind;
use crate::problem::RecordProblem;
use serde_json::Value;
use std::io::Read;

/// What the head of a file says.
#[derive(Default)]
pub(crate) struct Header {
    /// From the root keys, else from the name.
    pub(crate) kind: Option<FeedKind>,
    pub(crate) metadata: Option<MetadataRecord>,
    /// True when a mark stands in front of the JSON.
    pub(crate) has_mark: bool,
    /// What is not written as it should be in the metadata.
    pub(crate) mended: Mended,
    /// Where the metadata begins.
    place: Option<Position>,
    in_metadata: bool,
    /// Lists at the root that belong to no feed.
    others: Vec<String>,
}

impl Header {
    /// True where a list `data` stands at the root, as in feeds of integrations without a booking server.
    pub(crate) fn has_data(&self) -> bool {
        self.kind.is_none() && self.others.iter().any(|other| other == "data")
    }
}

impl Header {
    /// An error for each value of the metadata that was taken out.
    pub(crate) fn values(&self, file: &FeedFile) -> Vec<FeedError> {
        let Some(position) = self.place else {
            return Vec::new();
        };
        let wrong = self.mended.record_problems.iter();
        let wrong = wrong.filter(|problem| problem.code == ProblemCode::WrongType);
        let error = |problem: &RecordProblem| {
            FeedError::Value(JsonError {
                file: file.name.clone(),
                position,
                record: Some("metadata".to_owned()),
                field: Some(problem.field.clone()),
                reason: problem.message.clone(),
            })
        };
        wrong.map(error).collect()
    }

    fn is_complete(&self) -> bool {
        self.kind.is_some() && self.metadata.is_some()
    }
}

/// Reads the head of `file`. Where the metadata comes first, as it does in practice, the records are not read.
pub(crate) fn read(file: &FeedFile) -> Result<Header, FeedError> {
    let mut header = Header::default();
    let mut stream = Stream::new(file.open(&|_| {})?);
    if let Err(broken) = header.scan(&mut stream) {
        return Err(broken.into_feed_error(file, header.in_metadata.then(|| "metadata".to_owned())));
    }
    // An empty feed may have no other sign of its kind than its name; a file that has none of a feed's metadata is none.
    let by_name = || {
        FeedKind::of_name(&file.name).filter(|_| {
            header
                .metadata
                .as_ref()
                .is_some_and(MetadataRecord::has_feed_fields)
        })
    };
    let kind = header.kind.or_else(by_name);
    if let (None, Some(kind), Some(other)) = (header.kind, kind, header.others.first()) {
        return Err(FeedError::Root {
            file: file.name.clone(),
            kind,
            found: other.clone(),
        });
    }
    header.kind = kind;
    Ok(header)
}

impl Header {
    fn scan(&mut self, stream: &mut Stream<impl Read>) -> Result<(), StreamError> {
        self.has_mark = stream.skip_mark()?;
        if let Some(foreign) = stream.foreign_encoding()? {
            return Err(stream.error_here(foreign));
        }
        let mut root = stream.enter(b'{', FEED)?;
        while let Some(key) = stream.key(&mut root)? {
            if key == "metadata" {
                self.in_metadata = true;
                let place = stream.here()?;
                if let Some(mut metadata) = stream.parse_or_none::<Value>()? {
                    self.mended = mend_metadata(&mut metadata, &METADATA);
                    self.metadata = serde_json::from_value(metadata).ok();
                    self.place = Some(place);
                }
                self.in_metadata = false;
                continue;
            }
            let is_list = stream.is_list()?;
            let in_camel_case = |kind: &FeedKind| is_camel_case_of(&key, kind.list_key());
            match FeedKind::of_key(&key).or_else(|| FeedKind::ALL.into_iter().find(in_camel_case)) {
                Some(kind) if is_list => self.kind = self.kind.or(Some(kind)),
                _ if is_list => self.others.push(key),
                _ => {}
            }
            if self.is_complete() {
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
        assert_eq!(header.kind, Some(FeedKind::Services));
        assert_eq!(header.metadata.unwrap().shard_number.unwrap().0, 1);
    }

    #[test]
    fn metadata_may_come_last() {
        let header = head("x.json", r#"{"merchant":[{}],"metadata":{"nonce":7}}"#).unwrap();
        assert_eq!(header.kind, Some(FeedKind::Merchants));
        assert_eq!(header.metadata.unwrap().nonce.unwrap().0, "7");
    }

    #[test]
    fn an_empty_feed_has_the_kind_of_its_name() {
        let header = head("availability_feed_1.json", r#"{"metadata":{"total_shards":1}}"#).unwrap();
        assert_eq!(header.kind, Some(FeedKind::Availability));
    }

    #[test]
    fn what_only_sounds_like_a_feed_is_none() {
        for (name, content) in [
            ("google-service-account.json", r#"{"type":"service_account"}"#),
            ("config.json", r#"{"service":{"name":"x"}}"#),
            ("partner.json", r#"{"merchant":"x","metadata":{"owner":"me"}}"#),
            (
                "merchants.filesetdesc.json",
                r#"{"generation_timestamp":1,"data_file":["a"]}"#,
            ),
        ] {
            assert_eq!(head(name, content).unwrap().kind, None, "{name}");
        }
    }

    #[test]
    fn records_under_another_name_are_told() {
        let content = r#"{"metadata":{"total_shards":1},"availability":[{}]}"#;
        let error = head("availability_feed_1.json", content)
            .err()
            .unwrap()
            .to_string();
        assert!(
            error.contains("no `service_availability`") && error.contains("`availability`"),
            "{error}"
        );
    }

    #[test]
    fn camel_case_is_read_and_remarked_on() {
        let camel = r#"{"metadata":{"totalShards":1,"shardNumber":0},"serviceAvailability":[{}]}"#;
        let header = head("a.json", camel).unwrap();
        assert_eq!(header.kind, Some(FeedKind::Availability));
        assert_eq!(header.mended.record_problems.len(), 1);
        assert_eq!(header.metadata.unwrap().total_shards.unwrap().0, 1);
    }

    #[test]
    fn a_wrong_value_of_the_metadata_hides_nothing_else() {
        let text = r#"{"metadata":{"total_shards":2,"generation_timestamp":{"seconds":7}},"merchant":[]}"#;
        let header = head("x.json", text).unwrap();
        assert!(header.mended.is_wrong("generation_timestamp"));
        let metadata = header.metadata.unwrap();
        assert_eq!(metadata.total_shards.unwrap().0, 2);
        assert!(metadata.generation_timestamp.is_none());
    }

    #[test]
    fn a_mark_is_passed_over_and_other_encodings_are_named() {
        let header = head("x.json", "\u{feff}{\"metadata\":{},\"merchant\":[]}").unwrap();
        assert!(header.has_mark && header.kind == Some(FeedKind::Merchants));
        let error = head("x.json", "\u{0}{").err().unwrap().to_string();
        assert!(error.contains("UTF-16"), "{error}");
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
