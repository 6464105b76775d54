//! Walks the records of a feed file one by one, each still as text of the file.

use std::fmt;

use serde::de::{Deserialize, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::error::{FeedError, Position, Stumble, reason};
use super::files::Kind;
use super::wire::Text;

/// The fields with which an availability feed would narrow what it replaces.
const RESTRICTS: [&str; 6] = [
    "start_timestamp_restrict",
    "end_timestamp_restrict",
    "merchant_id_restrict",
    "service_id_restrict",
    "duration_restrict_sec",
    "resource_restrict",
];

/// Where a record stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct RecordPath {
    pub(super) kind: Kind,
    /// The member of `service_availability`; 0 in the other feeds.
    pub(super) group: usize,
    pub(super) index: usize,
}

impl fmt::Display for RecordPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            Kind::Availability => {
                write!(
                    f,
                    "{}[{}].availability[{}]",
                    self.kind.list_key(),
                    self.group,
                    self.index
                )
            }
            _ => write!(f, "{}[{}]", self.kind.list_key(), self.index),
        }
    }
}

/// What a walk comes upon.
pub(super) enum Found<'de> {
    /// The text of a record.
    Record(RecordPath, &'de RawValue),
    /// A restrict field that is set, in this member of `service_availability`.
    Restrict(usize, &'static str),
}

/// A file whose records are being read.
#[derive(Clone, Copy)]
pub(super) struct Document<'de> {
    pub(super) name: &'de str,
    pub(super) bytes: &'de [u8],
}

impl<'de> Document<'de> {
    /// Hands every record of the feed to `each`.
    pub(super) fn walk(self, kind: Kind, each: &mut dyn FnMut(Found<'de>)) -> Result<(), FeedError> {
        let mut walk = Walk {
            at: RecordPath {
                kind,
                group: 0,
                index: 0,
            },
            inside: false,
            each,
        };
        let mut json = serde_json::Deserializer::from_slice(self.bytes);
        let result = json.deserialize_map(Root(&mut walk)).and_then(|()| json.end());
        result.map_err(|error| {
            let position = Position {
                line: error.line(),
                column: error.column(),
            };
            let record = walk.inside.then(|| walk.at.to_string());
            FeedError::json(&error, self.stumble(position, record, None, &error))
        })
    }

    /// A record as a typed struct; the error names the field and its place in the file.
    pub(super) fn parse<T: Deserialize<'de>>(
        self,
        at: RecordPath,
        raw: &'de RawValue,
    ) -> Result<T, FeedError> {
        serde_json::from_str(raw.get()).map_err(|error| self.explain::<T>(at, raw, error))
    }

    /// Reads a record that failed once more, slower, keeping track of the fields.
    fn explain<T: Deserialize<'de>>(
        self,
        at: RecordPath,
        raw: &'de RawValue,
        first: serde_json::Error,
    ) -> FeedError {
        let mut json = serde_json::Deserializer::from_str(raw.get());
        let (field, error) = match serde_path_to_error::deserialize::<_, T>(&mut json) {
            Err(error) => (Some(error.path().to_string()), error.into_inner()),
            Ok(_) => (None, first),
        };
        let field = field.filter(|path| path != ".");
        let start = raw.get().as_ptr().addr() - self.bytes.as_ptr().addr();
        let position = self.position(start + offset(raw.get(), error.line(), error.column()));
        FeedError::json(
            &error,
            self.stumble(position, Some(at.to_string()), field, &error),
        )
    }

    fn position(self, byte: usize) -> Position {
        let before = &self.bytes[..byte.min(self.bytes.len())];
        let line = before.split(|byte| *byte == b'\n').count();
        let line_start = before
            .iter()
            .rposition(|b| *b == b'\n')
            .map_or(0, |newline| newline + 1);
        Position {
            line,
            column: 1 + before.len() - line_start,
        }
    }

    fn stumble(
        self,
        position: Position,
        record: Option<String>,
        field: Option<String>,
        error: &serde_json::Error,
    ) -> Stumble {
        Stumble {
            file: self.name.to_owned(),
            position,
            record,
            field,
            reason: reason(error),
        }
    }
}

/// The byte of `text` at a line and column that count from 1.
fn offset(text: &str, line: usize, column: usize) -> usize {
    let before: usize = text
        .split_inclusive('\n')
        .take(line.saturating_sub(1))
        .map(str::len)
        .sum();
    before + column.saturating_sub(1)
}

struct Walk<'w, 'de> {
    at: RecordPath,
    /// True while a list of records is being read.
    inside: bool,
    each: &'w mut dyn FnMut(Found<'de>),
}

struct Root<'v, 'w, 'de>(&'v mut Walk<'w, 'de>);

impl<'de> Visitor<'de> for Root<'_, '_, 'de> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a feed: an object with `metadata` and a list of records")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<Text<'de>>()? {
            match self.0.at.kind {
                kind if *key != *kind.list_key() => _ = map.next_value::<IgnoredAny>()?,
                Kind::Availability => map.next_value_seed(Groups(self.0))?,
                _ => map.next_value_seed(Records(self.0))?,
            }
        }
        Ok(())
    }
}

struct Groups<'v, 'w, 'de>(&'v mut Walk<'w, 'de>);

impl<'de> DeserializeSeed<'de> for Groups<'_, '_, 'de> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Groups<'_, '_, 'de> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of objects, each with a list `availability`")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        self.0.at.group = 0;
        while seq.next_element_seed(Group(self.0))?.is_some() {
            self.0.at.group += 1;
        }
        Ok(())
    }
}

struct Group<'v, 'w, 'de>(&'v mut Walk<'w, 'de>);

impl<'de> DeserializeSeed<'de> for Group<'_, '_, 'de> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Group<'_, '_, 'de> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object with a list `availability`")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<Text<'de>>()? {
            if &*key == "availability" {
                map.next_value_seed(Records(self.0))?;
                continue;
            }
            let set = map.next_value::<Option<IgnoredAny>>()?.is_some();
            if let Some(restrict) = RESTRICTS.into_iter().find(|name| set && *name == &*key) {
                (self.0.each)(Found::Restrict(self.0.at.group, restrict));
            }
        }
        Ok(())
    }
}

struct Records<'v, 'w, 'de>(&'v mut Walk<'w, 'de>);

impl<'de> DeserializeSeed<'de> for Records<'_, '_, 'de> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Records<'_, '_, 'de> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of records")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        (self.0.at.index, self.0.inside) = (0, true);
        while let Some(raw) = seq.next_element::<&'de RawValue>()? {
            (self.0.each)(Found::Record(self.0.at, raw));
            self.0.at.index += 1;
        }
        self.0.inside = false;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;
    use crate::feeds::records::AvailabilityRecord;

    fn walk(text: &str) -> (Vec<String>, Option<String>) {
        let document = Document {
            name: "a.json",
            bytes: text.as_bytes(),
        };
        let mut found = Vec::new();
        let result = document.walk(Kind::Availability, &mut |item| match item {
            Found::Restrict(group, field) => found.push(format!("{group} {field}")),
            Found::Record(at, raw) => found.push(match document.parse::<AvailabilityRecord<'_>>(at, raw) {
                Ok(_) => at.to_string(),
                Err(error) => error.to_string(),
            }),
        });
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
