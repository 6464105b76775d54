//! Scalars as feeds spell them: integers as numbers or decimal strings, enums by name or number, text that
//! is borrowed from the file where it needs no unescaping.

use serde::de::{Deserialize, Deserializer, Error, Unexpected, Visitor};
use serde_json::Value;
use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;
use std::ops::Deref;

/// An int64, written as a number or as a decimal string.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Int(pub(crate) i64);

struct IntVisitor;

impl Visitor<'_> for IntVisitor {
    type Value = Int;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an integer, as a number or a decimal string")
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Int, E> {
        Ok(Int(value))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Int, E> {
        i64::try_from(value)
            .map(Int)
            .map_err(|_| E::invalid_value(Unexpected::Unsigned(value), &self))
    }

    /// Whole numbers below 2^53 are exact in a double, so `1.8e9` is as good as its digits.
    fn visit_f64<E: Error>(self, value: f64) -> Result<Int, E> {
        let exact = value.fract() == 0.0 && value.abs() < 9_007_199_254_740_992.0;
        exact
            .then_some(Int(value as i64))
            .ok_or_else(|| E::invalid_value(Unexpected::Float(value), &self))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Int, E> {
        value
            .parse()
            .map(Int)
            .map_err(|_| E::invalid_value(Unexpected::Str(value), &self))
    }
}

impl<'de> Deserialize<'de> for Int {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(IntVisitor)
    }
}

/// A string, borrowed where the file holds it without escapes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Text<'a>(Cow<'a, str>);

impl Text<'_> {
    /// The text, owned.
    pub(crate) fn into_string(self) -> String {
        self.0.into_owned()
    }
}

impl Deref for Text<'_> {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self)
    }
}

struct TextVisitor;

impl<'de> Visitor<'de> for TextVisitor {
    type Value = Text<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_borrowed_str<E: Error>(self, value: &'de str) -> Result<Text<'de>, E> {
        Ok(Text(Cow::Borrowed(value)))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Text<'de>, E> {
        Ok(Text(Cow::Owned(value.to_owned())))
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Text<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(TextVisitor)
    }
}

/// An identifier that the references print as a number and the samples as a string.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NameOrNumber(pub(crate) String);

struct NameOrNumberVisitor;

impl Visitor<'_> for NameOrNumberVisitor {
    type Value = NameOrNumber;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string or an integer")
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<NameOrNumber, E> {
        Ok(NameOrNumber(value.to_string()))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<NameOrNumber, E> {
        Ok(NameOrNumber(value.to_string()))
    }

    /// What is beyond an integer of 64 bits comes as a double; as a name it is as good as another.
    fn visit_f64<E: Error>(self, value: f64) -> Result<NameOrNumber, E> {
        Ok(NameOrNumber(value.to_string()))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<NameOrNumber, E> {
        Ok(NameOrNumber(value.to_owned()))
    }
}

impl<'de> Deserialize<'de> for NameOrNumber {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NameOrNumberVisitor)
    }
}

/// An enum of the feeds: its names in the order of their numbers, and what each means here.
pub(crate) trait EnumWords: Copy + 'static {
    /// Name and meaning; the position is the number on the wire.
    const WORDS: &'static [(&'static str, Self)];
}

/// A value of an enum, written as its name or its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Named<T>(pub(crate) T);

struct NamedVisitor<T>(PhantomData<T>);

impl<T: EnumWords> Visitor<'_> for NamedVisitor<T> {
    type Value = Named<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = T::WORDS.iter().map(|(name, _)| *name).collect();
        write!(f, "one of {}", names.join(", "))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Named<T>, E> {
        let word = usize::try_from(value)
            .ok()
            .and_then(|number| T::WORDS.get(number));
        word.map(|(_, meaning)| Named(*meaning))
            .ok_or_else(|| E::invalid_value(Unexpected::Unsigned(value), &self))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Named<T>, E> {
        let word = T::WORDS.iter().find(|(name, _)| *name == value);
        word.map(|(_, meaning)| Named(*meaning))
            .ok_or_else(|| E::invalid_value(Unexpected::Str(value), &self))
    }
}

impl<'de, T: EnumWords> Deserialize<'de> for Named<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NamedVisitor(PhantomData))
    }
}

/// True for a value that differs from the one that an unset field has.
pub(crate) fn is_set(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(set) => *set,
        Value::Number(number) => number.as_f64() != Some(0.0),
        Value::String(text) => !text.is_empty() && text != "0",
        Value::Array(items) => !items.is_empty(),
        Value::Object(members) => members.values().any(is_set),
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;
    use crate::records::messages::CardRequirement;

    fn int(json: &str) -> Option<i64> {
        serde_json::from_str::<Int>(json).ok().map(|int| int.0)
    }

    #[test]
    fn an_integer_is_a_number_or_a_decimal_string() {
        assert_eq!(int("1893499200"), Some(1_893_499_200));
        assert_eq!(int("\"1893499200\""), Some(1_893_499_200));
        assert_eq!(int("\"-9223372036854775808\""), Some(i64::MIN));
        assert_eq!(int("1.8934992e9"), Some(1_893_499_200));
        for wrong in ["\"noon\"", "1.5", "true", "18446744073709551615", "\"\"", "{}"] {
            assert_eq!(int(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn text_is_borrowed_unless_it_has_escapes() {
        let borrowed: Text<'_> = serde_json::from_str("\"mrc-417\"").unwrap();
        assert!(matches!(borrowed.0, Cow::Borrowed("mrc-417")));
        let unescaped: Text<'_> = serde_json::from_str(r#""caf\u00e9""#).unwrap();
        assert_eq!(&*unescaped, "café");
    }

    #[test]
    fn an_enum_is_a_name_or_a_number_of_the_list() {
        let read = |json| serde_json::from_str::<Named<CardRequirement>>(json).map(|named| named.0);
        assert_eq!(
            read("\"REQUIRE_CREDIT_CARD_ALWAYS\"").unwrap(),
            CardRequirement::Always
        );
        assert_eq!(read("2").unwrap(), CardRequirement::Always);
        assert!(
            read("\"ALWAYS\"")
                .unwrap_err()
                .to_string()
                .contains("REQUIRE_CREDIT_CARD_ALWAYS")
        );
    }
}
