//! Walks the records of a feed file one by one: each is parsed once, and handed to its visitor.

use super::broken::{StreamError, offset};
use super::folder::FeedFile;
use super::stream::{Held, Stream};
use super::wire::is_set;
use crate::error::{FeedError, JsonError, reason};
use crate::kind::{FeedKind, RecordPath};
use serde::de::Deserialize;
use std::io::Read;

/// The fields with which an availability feed would narrow what it replaces.
const RESTRICTS: [&str; 6] = [
    "start_timestamp_restrict",
    "end_timestamp_restrict",
    "merchant_id_restrict",
    "service_id_restrict",
    "duration_restrict_sec",
    "resource_restrict",
];

/// What a walk hands the records of a file to: each one once, in its typed form.
pub(crate) trait Visit {
    /// A record as it stands in the file.
    type Record<'r>: Deserialize<'r>;

    /// Takes a record; `text` is how it is written.
    fn record(&mut self, at: RecordPath, record: Self::Record<'_>, text: &str);

    /// Takes the reason why a record could not be read.
    fn unreadable(&mut self, at: RecordPath, error: FeedError);

    /// Takes a restrict field that is set, in this member of `service_availability`.
    fn restrict(&mut self, group: usize, field: &'static str);
}

/// What was due at the root.
pub(crate) const FEED: &str = "a feed: an object with `metadata` and a list of records";

/// Reads every record of a file and hands it to `visitor`.
pub(crate) fn walk<V: Visit>(
    file: &FeedFile,
    kind: FeedKind,
    read: &dyn Fn(u64),
    visitor: &mut V,
) -> Result<(), FeedError> {
    let mut walk = Walk {
        name: &file.name,
        stream: Stream::new(file.open(read)?),
        at: RecordPath {
            kind,
            group: 0,
            index: 0,
        },
        inside: false,
        visitor,
    };
    let result = walk.root();
    result.map_err(|broken| broken.into_feed_error(file, walk.inside.then(|| walk.at.to_string())))
}

struct Walk<'w, R, V> {
    name: &'w str,
    stream: Stream<R>,
    at: RecordPath,
    /// True while a list of records is being read.
    inside: bool,
    visitor: &'w mut V,
}

impl<R: Read, V: Visit> Walk<'_, R, V> {
    fn root(&mut self) -> Result<(), StreamError> {
        self.stream.skip_mark()?;
        let mut root = self.stream.enter(b'{', FEED)?;
        while let Some(key) = self.stream.key(&mut root)? {
            match self.at.kind {
                kind if key != kind.list_key() => self.stream.skip()?,
                _ if self.stream.is_null()? => {}
                FeedKind::Availability => self.groups()?,
                _ => self.records()?,
            }
        }
        self.stream.end()
    }

    fn groups(&mut self) -> Result<(), StreamError> {
        let due = "a list of objects, each with a list `availability`";
        let mut groups = self.stream.enter(b'[', due)?;
        self.at.group = 0;
        while self.stream.element(&mut groups)? {
            self.group()?;
            self.at.group += 1;
        }
        Ok(())
    }

    fn group(&mut self) -> Result<(), StreamError> {
        let mut group = self.stream.enter(b'{', "an object with a list `availability`")?;
        while let Some(key) = self.stream.key(&mut group)? {
            let restrict = RESTRICTS.into_iter().find(|name| *name == key);
            if self.stream.is_null()? {
                continue;
            }
            match restrict {
                _ if key == "availability" => self.records()?,
                Some(restrict) if is_set(&self.stream.parse()?) => {
                    self.visitor.restrict(self.at.group, restrict);
                }
                Some(_) => {}
                None => self.stream.skip()?,
            }
        }
        Ok(())
    }

    fn records(&mut self) -> Result<(), StreamError> {
        let mut records = self.stream.enter(b'[', "a list of records")?;
        (self.at.index, self.inside) = (0, true);
        while self.stream.element(&mut records)? {
            if !self.read_at_once()? {
                self.read_in_steps()?;
            }
            self.at.index += 1;
        }
        self.inside = false;
        Ok(())
    }

    /// Reads a record straight from the window; false where it is cut off by the window's edge, or wrong.
    fn read_at_once(&mut self) -> Result<bool, StreamError> {
        let Some((record, held)) = self.stream.parse_next::<V::Record<'_>>() else {
            return Ok(false);
        };
        let text = self.stream.text(&held)?;
        self.visitor.record(self.at, record, text);
        self.stream.pass(&held);
        Ok(true)
    }

    /// Looks for the end of the record first, so that the records behind a wrong one are read all the same.
    fn read_in_steps(&mut self) -> Result<(), StreamError> {
        let held = self.stream.value()?;
        let text = self.stream.text(&held)?;
        match serde_json::from_str::<V::Record<'_>>(text) {
            Ok(record) => self.visitor.record(self.at, record, text),
            Err(error) => {
                let error = self.explain::<V::Record<'_>>(&held, text, error);
                self.visitor.unreadable(self.at, error);
            }
        }
        Ok(())
    }

    /// Reads a record that failed once more, slower, to learn at which field and place.
    fn explain<'r, T: Deserialize<'r>>(
        &self,
        held: &Held,
        text: &'r str,
        first: serde_json::Error,
    ) -> FeedError {
        let mut json = serde_json::Deserializer::from_str(text);
        let (field, error) = match serde_path_to_error::deserialize::<_, T>(&mut json) {
            Err(error) => (Some(error.path().to_string()), error.into_inner()),
            Ok(_) => (None, first),
        };
        let byte = offset(text.as_bytes(), error.line(), error.column());
        let json_error = JsonError {
            file: self.name.to_owned(),
            position: self.stream.position(held, byte),
            record: Some(self.at.to_string()),
            field: field.filter(|path| path != "."),
            reason: reason(&error),
        };
        FeedError::json(&error, json_error)
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;
    use crate::records::messages::availability::AvailabilityRecord;

    /// Where records stand, why others could not be read, and what is restricted.
    struct Notes(Vec<String>);

    impl Visit for Notes {
        type Record<'r> = AvailabilityRecord<'r>;

        fn record(&mut self, at: RecordPath, _record: AvailabilityRecord<'_>, _text: &str) {
            self.0.push(at.to_string());
        }

        fn unreadable(&mut self, _at: RecordPath, error: FeedError) {
            self.0.push(error.to_string());
        }

        fn restrict(&mut self, group: usize, field: &'static str) {
            self.0.push(format!("{group} {field}"));
        }
    }

    fn walk(text: &str) -> (Vec<String>, Option<String>) {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.json");
        std::fs::write(&path, text).unwrap();
        let file = FeedFile {
            path,
            ..FeedFile::named("a.json")
        };
        let mut notes = Notes(Vec::new());
        let result = super::walk(&file, FeedKind::Availability, &|_| {}, &mut notes);
        (notes.0, result.err().map(|error| error.to_string()))
    }

    #[test]
    fn records_and_restricts_are_found_whatever_the_order_of_keys() {
        let (found, error) = walk(
            r#"{"service_availability":[{"service_id_restrict":null,"availability":[{},{}]},
                {"availability":[{}],"start_timestamp_restrict":1}],"metadata":{},"more":[1]}"#,
        );
        assert_eq!(error, None);
        let paths = ["0].availability[0", "0].availability[1", "1].availability[0"];
        let mut expected: Vec<_> = paths.map(|at| format!("service_availability[{at}]")).into();
        expected.push("1 start_timestamp_restrict".to_owned());
        assert_eq!(found, expected);
    }

    #[test]
    fn every_wrong_type_is_found_with_its_line_record_and_field() {
        let (found, error) = walk(
            "{\"service_availability\": [{\"availability\": [\n{\"start_sec\": \"noon\"},\n  {\"resources\": \
             {\"staff_id\":\n 7}}]}]}",
        );
        assert_eq!(error, None);
        let [first, second] = &found[..] else {
            panic!("{found:?}")
        };
        let record = "service_availability[0].availability";
        assert!(
            first.starts_with(&format!("a.json:2:20: {record}[0].start_sec: invalid value")),
            "{first}"
        );
        assert!(
            second.starts_with(&format!("a.json:4:2: {record}[1].resources.staff_id: invalid")),
            "{second}"
        );
    }

    #[test]
    fn broken_json_names_the_record_in_which_it_breaks() {
        let (found, error) =
            walk("{\"service_availability\":[{\"availability\":[{},\n{\"start_sec\":1,}]}]}");
        let error = error.unwrap();
        assert_eq!(found.len(), 1);
        assert!(error.starts_with("a.json:2:"), "{error}");
        assert!(
            error.contains("service_availability[0].availability[1]: key must be a string"),
            "{error}"
        );
    }

    #[test]
    fn a_list_of_the_wrong_type_is_an_error_of_the_file() {
        let (_, error) = walk(r#"{"service_availability":[[]]}"#);
        assert!(
            error
                .unwrap()
                .contains("expected an object with a list `availability`")
        );
    }
}
