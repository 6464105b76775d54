//! Records that are not written as the feed reference has them: what is wrong is told field by field, and the rest is read.

use super::names::{Holds, Message};
use super::words;
use crate::code::ProblemCode;
use crate::error::reason;
use crate::problem::RecordProblem;
use serde_json::{Map, Value};
use std::collections::HashMap;

/// So many wrong values of one record are told.
const MOST_WRONG: usize = 40;

/// What is said of names that there are not: found once for each, since a mistake in an export stands in every record.
#[derive(Debug, Default)]
pub(crate) struct UnknownNames(HashMap<(&'static str, String), String>);

impl UnknownNames {
    fn words(&mut self, message: &Message, key: &str) -> String {
        let known = self.0.entry((message.name, key.to_owned()));
        known.or_insert_with(|| unknown(message, key)).clone()
    }
}

/// What was not as it should be in a record.
#[derive(Debug, Default)]
pub(crate) struct Mended {
    /// Names that there are not, names in camelCase, and wrong values.
    pub(crate) record_problems: Vec<RecordProblem>,
    /// Paths of the values that were taken out since they are not of the type that is due.
    pub(crate) wrong: Vec<String>,
    has_camel_case: bool,
}

impl Mended {
    /// True when nothing was changed.
    pub(crate) fn is_empty(&self) -> bool {
        self.record_problems.is_empty()
    }

    /// True when a wrong value stands at this field, in it or around it.
    pub(crate) fn is_wrong(&self, field: &str) -> bool {
        let holds = |outer: &str, inner: &str| {
            inner
                .strip_prefix(outer)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
        };
        self.wrong
            .iter()
            .any(|wrong| holds(wrong, field) || holds(field, wrong))
    }

    /// True when a value of one of these fields was taken out.
    pub(crate) fn lost(&self, fields: &[&str]) -> bool {
        fields.iter().any(|field| self.is_wrong(field))
    }

    /// Leaves out what follows from a wrong value, which has been told.
    pub(crate) fn retain(&self, record_problems: &mut Vec<RecordProblem>) {
        record_problems.retain(|problem| !self.is_wrong(&problem.field));
    }

    fn note(&mut self, code: ProblemCode, path: &str, message: String) {
        self.record_problems.push(RecordProblem::new(code, path, message));
    }

    fn wrong(&mut self, path: &str, message: String) {
        self.note(ProblemCode::WrongType, path, message);
        self.wrong.push(path.to_owned());
    }

    /// Looks at the names and values of a message; what there is not is taken out.
    fn look(
        &mut self,
        members: &mut Map<String, Value>,
        message: &Message,
        path: &str,
        names: &mut UnknownNames,
    ) {
        for key in members.keys().cloned().collect::<Vec<_>>() {
            let place = joined(path, &key);
            let Some((name, holds)) = message
                .field(&key)
                .or_else(|| self.camel_case(message, &key, &place))
            else {
                self.note(ProblemCode::UnknownField, &place, names.words(message, &key));
                members.remove(&key);
                continue;
            };
            if *name != key {
                let value = members.remove(&key).unwrap_or_default();
                members.entry(*name).or_insert(value);
            }
            if let Some(value) = members.get_mut(*name) {
                self.value(value, *holds, &joined(path, name), names);
            }
        }
    }

    /// A name in camelCase; the first one of a record is told.
    fn camel_case(
        &mut self,
        message: &Message,
        key: &str,
        place: &str,
    ) -> Option<&'static (&'static str, Holds)> {
        let found = message.field_in_camel_case(key)?;
        if !std::mem::replace(&mut self.has_camel_case, true) {
            let words = format!("camelCase: feeds have `{}`", found.0);
            self.note(ProblemCode::CamelCase, place, words);
        }
        Some(found)
    }

    fn value(&mut self, value: &mut Value, holds: Holds, path: &str, names: &mut UnknownNames) {
        if value.is_null() {
            return;
        }
        match (holds, &mut *value) {
            (Holds::One(message) | Holds::Names(message), Value::Object(members)) => {
                return self.look(members, message, path, names);
            }
            (Holds::Many(message) | Holds::Names(message), Value::Array(items)) => {
                let typed = matches!(holds, Holds::Many(_));
                return self.items(items, (message, typed), path, names);
            }
            _ => {}
        }
        if let Some(message) = words::wrong(value, holds) {
            self.wrong(path, message);
            *value = Value::Null;
        }
    }

    fn items(
        &mut self,
        items: &mut Vec<Value>,
        (message, typed): (&Message, bool),
        path: &str,
        names: &mut UnknownNames,
    ) {
        let mut index = 0;
        items.retain_mut(|item| {
            let place = format!("{path}[{index}]");
            index += 1;
            match item {
                Value::Object(members) => self.look(members, message, &place, names),
                other if typed => {
                    self.wrong(&place, words::no_message(other, message));
                    return false;
                }
                _ => {}
            }
            true
        });
    }
}

fn joined(path: &str, name: &str) -> String {
    if path.is_empty() {
        return name.to_owned();
    }
    format!("{path}.{name}")
}

/// What to say of a name that there is not.
fn unknown(message: &Message, key: &str) -> String {
    let of = message.name;
    if let Some(meant) = message.meant(key) {
        return format!("no field of {of}, so it is not read: did you mean `{meant}`?");
    }
    if let Some(home) = message.inner_home(key) {
        return format!("no field of {of}, so it is not read: it belongs in `{home}`");
    }
    match words::home(key).filter(|home| *home != of) {
        Some(home) => format!("no field of {of}, so it is not read: it is one of {home}"),
        None => format!("no field of {of}, so it is not read"),
    }
}

/// Why a text cannot be read as a record, and where.
pub(crate) type Attempt<'a> = &'a dyn Fn(&str) -> Result<(), serde_path_to_error::Error<serde_json::Error>>;

/// A record without what cannot be read of it, as JSON, and what that was; `None` where it is no record at all.
pub(crate) fn mend(
    text: &str,
    message: &Message,
    attempt: Attempt<'_>,
    names: &mut UnknownNames,
) -> Option<(String, Mended)> {
    let mut record: Value = serde_json::from_str(text).ok()?;
    let mut mended = Mended::default();
    mended.look(record.as_object_mut()?, message, "", names);
    loop {
        let text = record.to_string();
        let Err(error) = attempt(&text) else {
            return Some((text, mended));
        };
        // What is left are words of enums that there are not, and numbers that are too large.
        let (pointer, path) = (pointer(error.path()), error.path().to_string());
        let value = record.pointer_mut(&pointer).filter(|value| !value.is_null())?;
        if mended.wrong.len() >= MOST_WRONG || pointer.is_empty() {
            return None;
        }
        *value = Value::Null;
        mended.wrong(&path, reason(error.inner()));
    }
}

fn pointer(path: &serde_path_to_error::Path) -> String {
    use serde_path_to_error::Segment;
    let part = |segment: &Segment| match segment {
        Segment::Seq { index } => Some(format!("/{index}")),
        Segment::Map { key } => Some(format!("/{}", key.replace('~', "~0").replace('/', "~1"))),
        _ => None,
    };
    path.iter().filter_map(part).collect()
}

/// The same of metadata.
pub(crate) fn mend_metadata(record: &mut Value, message: &Message) -> Mended {
    let mut mended = Mended::default();
    if let Some(members) = record.as_object_mut() {
        mended.look(members, message, "", &mut UnknownNames::default());
    }
    mended
}
