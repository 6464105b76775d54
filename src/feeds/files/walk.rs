//! Walks the records of a feed file one by one: each is parsed once, and handed to its visitor.

use super::broken::{StreamError, offset};
use super::folder::FeedFile;
use super::mend::{Mended, UnknownNames, mend};
use super::names::{Message, is_camel_case_of};
use super::reference::AVAILABILITY;
use super::stream::{Held, Stream};
use super::wire::is_set;
use crate::code::ProblemCode;
use crate::error::{FeedError, JsonError, reason};
use crate::kind::{FeedKind, RecordPath};
use crate::problem::RecordProblem;
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
    /// The names in it.
    const MESSAGE: &'static Message;
    /// True when every record is looked through for names that there are not. A slot is only where its typed form has found one.
    const LOOKS_AT_NAMES: bool;

    /// Takes a record; `text` is how it is written, but for what was `mended`.
    fn record(&mut self, at: RecordPath, record: Self::Record<'_>, text: &str, mended: Mended);

    /// Takes a value that was taken out of a record; the record follows.
    fn wrong_value(&mut self, error: FeedError);

    /// Takes a field that stands beside the list of slots, in this member of `service_availability`.
    fn beside_slots(&mut self, group: usize, field: &str);

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
        names: UnknownNames::default(),
        visitor,
    };
    let result = walk.root();
    result.map_err(|broken| broken.into_feed_error(file, walk.inside.then(|| walk.at.to_string())))
}

/// True for a name as it is, and as printers of JSON write it.
fn is_name(key: &str, name: &str) -> bool {
    key == name || is_camel_case_of(key, name)
}

struct Walk<'w, R, V> {
    name: &'w str,
    stream: Stream<R>,
    at: RecordPath,
    /// True while a list of records is being read.
    inside: bool,
    names: UnknownNames,
    visitor: &'w mut V,
}

impl<R: Read, V: Visit> Walk<'_, R, V> {
    fn root(&mut self) -> Result<(), StreamError> {
        self.stream.skip_mark()?;
        let mut root = self.stream.enter(b'{', FEED)?;
        while let Some(key) = self.stream.key(&mut root)? {
            match self.at.kind {
                kind if !is_name(&key, kind.list_key()) => self.stream.skip()?,
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
        let mut beside = false;
        while let Some(key) = self.stream.key(&mut group)? {
            let restrict = RESTRICTS.into_iter().find(|name| is_name(&key, name));
            if self.stream.is_null()? {
                continue;
            }
            match restrict {
                _ if key == "availability" => self.records()?,
                Some(restrict) if is_set(&self.stream.parse()?) => {
                    self.visitor.restrict(self.at.group, restrict);
                }
                Some(_) => {}
                None => {
                    // One slot in place of the list is one mistake, however many fields it has.
                    let is_of_slot = AVAILABILITY.field(&key).is_some()
                        || AVAILABILITY.field_in_camel_case(&key).is_some();
                    if !(is_of_slot && std::mem::replace(&mut beside, true)) {
                        self.visitor.beside_slots(self.at.group, &key);
                    }
                    self.stream.skip()?;
                }
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
        if V::LOOKS_AT_NAMES {
            return Ok(false);
        }
        let Some((record, held)) = self.stream.parse_next::<V::Record<'_>>() else {
            return Ok(false);
        };
        let text = self.stream.text(&held)?;
        self.visitor.record(self.at, record, text, Mended::default());
        self.stream.pass(&held);
        Ok(true)
    }

    /// Looks for the end of the record first, so that the records behind a wrong one are read all the same.
    fn read_in_steps(&mut self) -> Result<(), StreamError> {
        let held = self.stream.value()?;
        let text = self.stream.text(&held)?;
        let typed = serde_json::from_str::<V::Record<'_>>(text);
        // Of a field that stands there twice nobody knows which one counts.
        let is_lost =
            |error: &serde_json::Error| !error.is_data() || reason(error).starts_with("duplicate field");
        let error = match typed {
            Ok(record) if !V::LOOKS_AT_NAMES => {
                self.visitor.record(self.at, record, text, Mended::default());
                return Ok(());
            }
            Ok(_) => None,
            Err(error) if is_lost(&error) => {
                let error = self.explain::<V::Record<'_>>(&held, text, error);
                self.visitor.unreadable(self.at, error);
                return Ok(());
            }
            Err(error) => Some(error),
        };
        let attempt = |text: &str| {
            if serde_json::from_str::<V::Record<'_>>(text).is_ok() {
                return Ok(());
            }
            let mut json = serde_json::Deserializer::from_str(text);
            serde_path_to_error::deserialize::<_, V::Record<'_>>(&mut json).map(|_| ())
        };
        match (mend(text, V::MESSAGE, &attempt, &mut self.names), error) {
            (Some((new, mended)), error) => {
                let error = error.filter(|_| !mended.wrong.is_empty());
                let error = error.map(|error| self.explain::<V::Record<'_>>(&held, text, error));
                for error in self.values(&held, &mended, error.as_ref()) {
                    self.visitor.wrong_value(error);
                }
                let text = if mended.is_empty() { text } else { &new };
                if let Ok(record) = serde_json::from_str::<V::Record<'_>>(text) {
                    self.visitor.record(self.at, record, text, mended);
                }
            }
            (None, Some(error)) => {
                let error = self.explain::<V::Record<'_>>(&held, text, error);
                self.visitor.unreadable(self.at, error);
            }
            (None, None) => {}
        }
        Ok(())
    }

    /// An error for each value that was taken out. The reader of the record has found the place of the first one.
    fn values(&self, held: &Held, mended: &Mended, first: Option<&FeedError>) -> Vec<FeedError> {
        let first = first.and_then(FeedError::json_error);
        let wrong = mended
            .record_problems
            .iter()
            .filter(|problem| problem.code == ProblemCode::WrongType);
        let error = |problem: &RecordProblem| {
            let found = first.filter(|first| first.field.as_deref() == Some(&problem.field));
            FeedError::Value(JsonError {
                file: self.name.to_owned(),
                position: found.map_or_else(|| self.stream.position(held, 0), |found| found.position),
                record: Some(self.at.to_string()),
                field: Some(problem.field.clone()),
                reason: problem.message.clone(),
            })
        };
        wrong.map(error).collect()
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
        const MESSAGE: &'static Message = &AVAILABILITY;
        const LOOKS_AT_NAMES: bool = false;

        fn record(&mut self, at: RecordPath, _record: AvailabilityRecord<'_>, _text: &str, _mended: Mended) {
            self.0.push(at.to_string());
        }

        fn wrong_value(&mut self, error: FeedError) {
            self.0.push(error.to_string());
        }

        fn beside_slots(&mut self, group: usize, field: &str) {
            self.0.push(format!("{group} beside {field}"));
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
        let [first, _, second, _] = &found[..] else {
            panic!("each value, and each record without it: {found:?}")
        };
        let record = "service_availability[0].availability";
        assert!(
            first.starts_with(&format!(
                "a.json:2:20: {record}[0].start_sec: must be a whole number"
            )),
            "{first}"
        );
        assert!(
            second.starts_with(&format!(
                "a.json:4:2: {record}[1].resources.staff_id: must be one text"
            )),
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
            error.contains("service_availability[0].availability[1]: trailing comma"),
            "{error}"
        );
    }

    #[test]
    fn a_slot_in_place_of_its_list_is_told_once() {
        let (found, error) =
            walk(r#"{"service_availability":[{"merchant_id":"m","start_sec":1,"Colour":2}]}"#);
        assert_eq!(
            (found.as_slice(), error),
            (
                ["0 beside merchant_id".to_owned(), "0 beside Colour".to_owned()].as_slice(),
                None
            )
        );
    }

    #[test]
    fn a_field_that_stands_there_twice_is_unreadable() {
        let (found, _) =
            walk(r#"{"service_availability":[{"availability":[{"start_sec":1,"start_sec":2}]}]}"#);
        assert!(
            found.len() == 1 && found[0].contains("duplicate field"),
            "{found:?}"
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
