//! Texts with placeholders such as `{booking_id}`, which are filled in for each booking.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use std::collections::BTreeMap;

/// Everything but the unreserved characters of RFC 3986.
const IN_URL: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// Where a filled-in text goes, which decides how values are written into it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TemplatePlace {
    /// Into a URL: percent-encoded.
    Url,
    /// Into a JSON text: escaped as the inside of a JSON string, which leaves numbers as they are.
    Json,
    /// Into one argument of a command, a prompt or any other text: as it is.
    Plain,
}

/// A text with placeholders. A placeholder is a name in braces; any other brace stands for itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    parts: Vec<Part>,
    place: TemplatePlace,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Text(String),
    Placeholder(String),
}

/// A placeholder has no value for the booking at hand.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{{{0}}} has no value here")]
pub struct TemplateError(pub String);

impl Template {
    /// Splits a text at its placeholders; which names are known is the caller's matter.
    pub(crate) fn new(text: &str, place: TemplatePlace) -> Self {
        let mut parts = Vec::new();
        let mut plain = String::new();
        let mut rest = text;
        while let Some(open) = rest.find('{') {
            plain.push_str(&rest[..open]);
            rest = &rest[open..];
            if let Some(name) = leading_placeholder(rest) {
                parts.push(Part::Text(std::mem::take(&mut plain)));
                parts.push(Part::Placeholder(name.to_owned()));
                rest = &rest[name.len() + 2..];
            } else {
                plain.push('{');
                rest = &rest[1..];
            }
        }
        parts.push(Part::Text(plain + rest));
        parts.retain(|part| *part != Part::Text(String::new()));
        Self { parts, place }
    }

    /// The names of the placeholders, in their order.
    pub(crate) fn placeholders(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().filter_map(|part| match part {
            Part::Placeholder(name) => Some(name.as_str()),
            Part::Text(_) => None,
        })
    }

    /// Fills in the values, each written as its place demands.
    pub fn render(&self, values: &BTreeMap<&str, String>) -> Result<String, TemplateError> {
        let mut text = String::new();
        for part in &self.parts {
            match part {
                Part::Text(plain) => text.push_str(plain),
                Part::Placeholder(name) => {
                    let value = values
                        .get(name.as_str())
                        .ok_or_else(|| TemplateError(name.clone()))?;
                    text.push_str(&self.encode(value));
                }
            }
        }
        Ok(text)
    }

    fn encode(&self, value: &str) -> String {
        match self.place {
            TemplatePlace::Url => utf8_percent_encode(value, IN_URL).to_string(),
            TemplatePlace::Json => {
                let quoted = serde_json::Value::from(value).to_string();
                quoted[1..quoted.len() - 1].to_owned()
            }
            TemplatePlace::Plain => value.to_owned(),
        }
    }
}

/// The name of the placeholder with which the text begins.
fn leading_placeholder(text: &str) -> Option<&str> {
    let (name, _) = text.strip_prefix('{')?.split_once('}')?;
    let letter = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    (name.starts_with(|c: char| c.is_ascii_alphabetic()) && name.chars().all(letter)).then_some(name)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail loudly")]
    use super::*;

    fn fill(text: &str, place: TemplatePlace) -> String {
        let values = BTreeMap::from([
            ("booking_id", "a/b \"ü".to_owned()),
            ("start_sec", "42".to_owned()),
        ]);
        Template::new(text, place).render(&values).unwrap()
    }

    #[test]
    fn a_value_is_written_as_its_place_demands() {
        assert_eq!(
            fill("http://p/{booking_id}/x?s={start_sec}", TemplatePlace::Url),
            "http://p/a%2Fb%20%22%C3%BC/x?s=42"
        );
        assert_eq!(
            fill(
                r#"{"id":"{booking_id}","start":{start_sec}}"#,
                TemplatePlace::Json
            ),
            r#"{"id":"a/b \"ü","start":42}"#
        );
        assert_eq!(fill("--id={booking_id}", TemplatePlace::Plain), "--id=a/b \"ü");
    }

    #[test]
    fn braces_around_anything_else_stand_for_themselves() {
        for text in ["{}", "{ }", "{\"a\": {}}", "{1}", "{", "a{b", "}{"] {
            assert_eq!(fill(text, TemplatePlace::Plain), text);
        }
    }

    #[test]
    fn a_missing_value_is_named() {
        let error = Template::new("{party_size}", TemplatePlace::Plain)
            .render(&BTreeMap::new())
            .unwrap_err();
        assert_eq!(error.to_string(), "{party_size} has no value here");
    }
}
