//! 64-bit integers in proto3 JSON: written as decimal strings, read as strings or numbers.

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serializer};

#[derive(Deserialize)]
#[serde(untagged)]
enum Int64 {
    Number(i64),
    Float(f64),
    Text(String),
}

impl Int64 {
    fn value<E: Error>(self) -> Result<i64, E> {
        match self {
            Self::Number(value) => Ok(value),
            Self::Float(value) if value.fract() == 0.0 && value.abs() < 9.0e15 => Ok(value as i64),
            Self::Float(_) => Err(E::custom("expected a whole number")),
            Self::Text(text) => text.parse().map_err(|_| E::custom("expected a 64-bit integer")),
        }
    }
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde calls this with a reference to the field"
)]
pub(crate) fn serialize<S: Serializer>(value: &i64, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(value)
}

pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<i64, D::Error> {
    Int64::deserialize(deserializer)?.value()
}

/// The same for a field that may be absent.
pub(crate) mod option {
    use super::Int64;
    use serde::{Deserialize, Deserializer, Serializer};

    #[expect(clippy::ref_option, reason = "serde calls this with a reference to the field")]
    pub(crate) fn serialize<S: Serializer>(value: &Option<i64>, serializer: S) -> Result<S::Ok, S::Error> {
        match value {
            Some(value) => serializer.collect_str(value),
            None => serializer.serialize_none(),
        }
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<i64>, D::Error> {
        Option::<Int64>::deserialize(deserializer)?
            .map(Int64::value)
            .transpose()
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

    #[derive(serde::Deserialize, serde::Serialize)]
    struct Holder {
        #[serde(with = "super")]
        sec: i64,
        #[serde(default, with = "super::option", skip_serializing_if = "Option::is_none")]
        maybe: Option<i64>,
    }

    fn read(text: &str) -> Option<i64> {
        serde_json::from_str::<Holder>(text).ok().map(|holder| holder.sec)
    }

    #[test]
    fn strings_and_numbers_are_read() {
        assert_eq!(read(r#"{"sec":"1893484800"}"#), Some(1_893_484_800));
        assert_eq!(read(r#"{"sec":1893484800}"#), Some(1_893_484_800));
        assert_eq!(read(r#"{"sec":1800.0}"#), Some(1800));
    }

    #[test]
    fn anything_else_is_refused() {
        for text in [
            r#"{"sec":"noon"}"#,
            r#"{"sec":1.5}"#,
            r#"{"sec":true}"#,
            r#"{"sec":"99999999999999999999"}"#,
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn they_are_written_as_strings() {
        let text = serde_json::to_string(&Holder {
            sec: 7,
            maybe: Some(8),
        })
        .unwrap();
        assert_eq!(text, r#"{"sec":"7","maybe":"8"}"#);
    }
}
