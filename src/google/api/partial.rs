//! The system parameter `fields`: how much of an answer a caller wants to see, as in `name,paymentInformation(prepaymentStatus)`
//! or `item/status`.

use crate::api::error::{ApiError, Code};
use protocol::model::{Kind, v1alpha};
use serde_json::{Map, Value};

/// The fields that are wanted; nothing below a field stands for all of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Selection(Vec<(String, Selection)>);

const ALL: &str = "*";
/// Deeper selections than the deepest message are a mistake, or worse.
const DEEPEST: usize = 16;

impl Selection {
    /// Reads the parameter for the message that is answered.
    pub(crate) fn read(text: &str, message: Option<&str>) -> Result<Self, ApiError> {
        let mut parser = Parser { rest: text };
        let selection = parser.list(0).filter(|_| parser.rest.is_empty());
        let selection = selection.ok_or_else(|| refusal(text))?;
        match selection.unknown(message) {
            None => Ok(selection),
            Some(path) => Err(refusal(&path)),
        }
    }

    fn unknown(&self, message: Option<&str>) -> Option<String> {
        let described = message.and_then(|name| v1alpha().message(name));
        self.0.iter().find_map(|(name, below)| {
            if name == ALL {
                return None;
            }
            let Some(field) = described.and_then(|message| message.field(name)) else {
                return Some(name.clone());
            };
            let inner = match &field.kind {
                Kind::Message(inner) => inner.as_str(),
                _ if below.0.is_empty() => return None,
                _ => "",
            };
            below.unknown(Some(inner)).map(|path| format!("{name}.{path}"))
        })
    }

    /// What is wanted of the answer.
    pub(crate) fn of(&self, value: Value) -> Value {
        match value {
            value if self.0.is_empty() => value,
            Value::Array(items) => items.into_iter().map(|item| self.of(item)).collect(),
            Value::Object(fields) => Value::Object(self.of_object(fields)),
            other => other,
        }
    }

    fn of_object(&self, fields: Map<String, Value>) -> Map<String, Value> {
        let wanted = |name: &str| {
            let mut entries = self.0.iter();
            entries.find(|(wanted, _)| wanted == ALL || name_of(wanted) == name)
        };
        let selected = fields.into_iter().filter_map(|(name, value)| {
            let (_, below) = wanted(&name)?;
            Some((name, below.of(value)))
        });
        selected.collect()
    }
}

/// Names may be written in proto's way here, too; answers never are.
fn name_of(wanted: &str) -> String {
    let mut parts = wanted.split('_');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |name, part| {
        let mut letters = part.chars();
        let head = letters.next().map(|letter| letter.to_ascii_uppercase());
        name + &head.into_iter().chain(letters).collect::<String>()
    })
}

fn refusal(path: &str) -> ApiError {
    let text = format!("Error expanding 'fields' parameter. Cannot find matching fields for path '{path}'.");
    ApiError::new(Code::InvalidArgument, text)
}

struct Parser<'t> {
    rest: &'t str,
}

impl Parser<'_> {
    fn list(&mut self, depth: usize) -> Option<Selection> {
        let mut entries = vec![self.entry(depth)?];
        while self.takes(',') {
            entries.push(self.entry(depth)?);
        }
        Some(Selection(entries))
    }

    fn entry(&mut self, depth: usize) -> Option<(String, Selection)> {
        if depth > DEEPEST {
            return None;
        }
        let end = self.rest.find([',', '/', '.', '(', ')']);
        let (name, rest) = self.rest.split_at(end.unwrap_or(self.rest.len()));
        let name = name.trim();
        self.rest = rest;
        if name.is_empty() {
            return None;
        }
        let below = if self.takes('(') {
            let below = self.list(depth + 1)?;
            self.takes(')').then_some(below)?
        } else if self.takes('/') || self.takes('.') {
            Selection(vec![self.entry(depth + 1)?])
        } else {
            Selection::default()
        };
        Some((name.to_owned(), below))
    }

    fn takes(&mut self, letter: char) -> bool {
        let rest = self.rest.strip_prefix(letter);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    use serde_json::json;

    use super::*;

    fn booking() -> Value {
        json!({ "name": "b", "merchantId": "m", "status": "CANCELED",
            "paymentInformation": { "prepaymentStatus": "PREPAYMENT_PROVIDED", "paymentTransactionId": "t" } })
    }

    #[test]
    fn what_is_asked_for_is_answered() {
        let payment = json!({ "prepaymentStatus": "PREPAYMENT_PROVIDED" });
        for (text, expected) in [
            ("name", json!({ "name": "b" })),
            ("name,status", json!({ "name": "b", "status": "CANCELED" })),
            (
                "paymentInformation(prepaymentStatus),name",
                json!({ "name": "b", "paymentInformation": payment }),
            ),
            (
                "payment_information/prepaymentStatus",
                json!({ "paymentInformation": payment }),
            ),
            (
                "paymentInformation.prepaymentStatus",
                json!({ "paymentInformation": payment }),
            ),
            ("partySize", json!({})),
            ("*", booking()),
        ] {
            let selection = Selection::read(text, Some("Booking")).unwrap();
            assert_eq!(selection.of(booking()), expected, "{text}");
        }
        let order = json!({ "item": [{ "serviceId": "s", "status": "CANCELED" }, { "serviceId": "t" }] });
        let selection = Selection::read("item/serviceId", Some("Order")).unwrap();
        assert_eq!(
            selection.of(order),
            json!({ "item": [{ "serviceId": "s" }, { "serviceId": "t" }] })
        );
    }

    #[test]
    fn what_is_not_there_is_refused() {
        let deep = "a(".repeat(200_000);
        for text in [
            "",
            "foo",
            "name,",
            "name)",
            "paymentInformation(x)",
            "status/x",
            "name(",
            &deep,
        ] {
            assert_eq!(
                Selection::read(text, Some("Booking")).unwrap_err().http(),
                400,
                "{text}"
            );
        }
        assert_eq!(Selection::read("name", None).unwrap_err().http(), 400);
    }
}
