//! Walks the records of a feed file one by one, each still as text of the file.

use super::folder::FeedFile;
use super::stream::{Broken, Held, Stream, offset};
use super::wire::is_set;
use crate::error::{FeedError, Position, Stumble, reason};
use crate::kind::{Kind, RecordPath};
use serde::de::Deserialize;
use std::hash::{DefaultHasher, Hash, Hasher};
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

/// What a walk comes upon.
pub(crate) enum Found<'r> {
    /// A record.
    Record(Record<'r>),
    /// A restrict field that is set, in this member of `service_availability`.
    Restrict(usize, &'static str),
}

/// A record as it stands in its file.
#[derive(Clone, Copy)]
pub(crate) struct Record<'r> {
    pub(crate) at: RecordPath,
    file: &'r str,
    text: &'r str,
    /// The place of one of its bytes, which is only looked for when it is told.
    place: &'r dyn Fn(usize) -> Position,
}

impl<'r> Record<'r> {
    /// As a typed struct; the error names the field and its place in the file.
    pub(crate) fn parse<T: Deserialize<'r>>(self) -> Result<T, FeedError> {
        serde_json::from_str(self.text).map_err(|error| self.explain::<T>(error))
    }

    /// Tells whether two records are written alike.
    pub(crate) fn digest(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        self.text.hash(&mut hasher);
        hasher.finish()
    }

    /// Reads a record that failed once more, slower, keeping track of the fields.
    fn explain<T: Deserialize<'r>>(self, first: serde_json::Error) -> FeedError {
        let mut json = serde_json::Deserializer::from_str(self.text);
        let (field, error) = match serde_path_to_error::deserialize::<_, T>(&mut json) {
            Err(error) => (Some(error.path().to_string()), error.into_inner()),
            Ok(_) => (None, first),
        };
        let stumble = Stumble {
            file: self.file.to_owned(),
            position: (self.place)(offset(self.text.as_bytes(), error.line(), error.column())),
            record: Some(self.at.to_string()),
            field: field.filter(|path| path != "."),
            reason: reason(&error),
        };
        FeedError::json(&error, stumble)
    }
}

/// What was due at the root.
pub(crate) const FEED: &str = "a feed: an object with `metadata` and a list of records";

/// Hands every record of a file to `each`.
pub(crate) fn walk(
    file: &FeedFile,
    kind: Kind,
    read: &dyn Fn(u64),
    each: &mut dyn FnMut(Found<'_>),
) -> Result<(), FeedError> {
    let mut walk = Walk::new(&file.name, file.open(read)?, kind, each);
    let result = walk.root();
    result.map_err(|broken| broken.told(file, walk.inside.then(|| walk.at.to_string())))
}

struct Walk<'w, R> {
    name: &'w str,
    stream: Stream<R>,
    at: RecordPath,
    /// True while a list of records is being read.
    inside: bool,
    each: &'w mut dyn FnMut(Found<'_>),
}

impl<'w, R: Read> Walk<'w, R> {
    fn new(name: &'w str, content: R, kind: Kind, each: &'w mut dyn FnMut(Found<'_>)) -> Self {
        Self {
            name,
            stream: Stream::new(content),
            at: RecordPath {
                kind,
                group: 0,
                index: 0,
            },
            inside: false,
            each,
        }
    }

    fn root(&mut self) -> Result<(), Broken> {
        self.stream.mark()?;
        let mut root = self.stream.enter(b'{', FEED)?;
        while let Some(key) = self.stream.key(&mut root)? {
            match self.at.kind {
                kind if key != kind.list_key() => self.stream.skip()?,
                _ if self.stream.is_null()? => {}
                Kind::Availability => self.groups()?,
                _ => self.records()?,
            }
        }
        self.stream.end()
    }

    fn groups(&mut self) -> Result<(), Broken> {
        let due = "a list of objects, each with a list `availability`";
        let mut groups = self.stream.enter(b'[', due)?;
        self.at.group = 0;
        while self.stream.element(&mut groups)? {
            self.group()?;
            self.at.group += 1;
        }
        Ok(())
    }

    fn group(&mut self) -> Result<(), Broken> {
        let mut group = self.stream.enter(b'{', "an object with a list `availability`")?;
        while let Some(key) = self.stream.key(&mut group)? {
            let restrict = RESTRICTS.into_iter().find(|name| *name == key);
            if self.stream.is_null()? {
                continue;
            }
            match restrict {
                _ if key == "availability" => self.records()?,
                Some(restrict) if is_set(&self.stream.parse()?) => {
                    (self.each)(Found::Restrict(self.at.group, restrict));
                }
                Some(_) => {}
                None => self.stream.skip()?,
            }
        }
        Ok(())
    }

    fn records(&mut self) -> Result<(), Broken> {
        let mut records = self.stream.enter(b'[', "a list of records")?;
        (self.at.index, self.inside) = (0, true);
        while self.stream.element(&mut records)? {
            let held = self.stream.value()?;
            self.hand_on(&held)?;
            self.at.index += 1;
        }
        self.inside = false;
        Ok(())
    }

    fn hand_on(&mut self, held: &Held) -> Result<(), Broken> {
        let stream = &self.stream;
        let record = Record {
            at: self.at,
            file: self.name,
            text: stream.text(held)?,
            place: &|byte| stream.position(held, byte),
        };
        (self.each)(Found::Record(record));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;
    use crate::records::messages::availability::AvailabilityRecord;

    fn walk(text: &str) -> (Vec<String>, Option<String>) {
        let mut found = Vec::new();
        let mut each = |item: Found<'_>| match item {
            Found::Restrict(group, field) => found.push(format!("{group} {field}")),
            Found::Record(record) => found.push(match record.parse::<AvailabilityRecord<'_>>() {
                Ok(_) => record.at.to_string(),
                Err(error) => error.to_string(),
            }),
        };
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.json");
        std::fs::write(&path, text).unwrap();
        let file = FeedFile {
            path,
            ..FeedFile::named("a.json")
        };
        let result = super::walk(&file, Kind::Availability, &|_| {}, &mut each);
        (found, result.err().map(|error| error.to_string()))
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
