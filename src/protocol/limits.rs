//! Limits on JSON, held before a tree is made of it: three bytes of text can become a hundred of memory.

use serde::de::{self, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use std::fmt;

/// What a body may hold.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Values of all kinds, lists and objects included.
    pub values: usize,
    /// Bytes of one text or of one name.
    pub text: usize,
    /// Lists and objects inside of one another.
    pub depth: usize,
}

/// What is too much of a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Excess {
    /// Too many values.
    #[error("its JSON has more than {0} values")]
    Values(usize),
    /// Too long a text.
    #[error("its JSON has a text of more than {0} bytes")]
    Text(usize),
    /// Too deep.
    #[error("its JSON is nested more than {0} levels deep")]
    Depth(usize),
}

/// How many values JSON has, counted without keeping any; none for a text that is no JSON, of which no tree will be made.
pub fn count(text: &str, limits: &Limits) -> Result<Option<usize>, Excess> {
    let mut counter = Counter {
        limits,
        values: 0,
        depth: 0,
        excess: None,
    };
    let mut json = serde_json::Deserializer::from_str(text);
    let read = counter.deserialize_next(&mut json).and_then(|()| json.end());
    match (read, counter.excess) {
        (Ok(()), _) => Ok(Some(counter.values)),
        (Err(_), None) => Ok(None),
        // Of what is no JSON after all no tree would stay; only the way there would be long.
        (Err(_), Some(excess)) => match serde_json::from_str::<IgnoredAny>(text) {
            Err(error) if excess != Excess::Depth(limits.depth) && !is_too_deep(&error) => Ok(None),
            _ => Err(excess),
        },
    }
}

/// The parser's own limit of depth, which is no mistake of the text.
fn is_too_deep(error: &serde_json::Error) -> bool {
    error.to_string().starts_with("recursion limit")
}

/// Counts what it is handed.
struct Counter<'l> {
    limits: &'l Limits,
    values: usize,
    depth: usize,
    excess: Option<Excess>,
}

impl Counter<'_> {
    fn deserialize_next<'de, D: Deserializer<'de>>(&mut self, from: D) -> Result<(), D::Error> {
        from.deserialize_any(&mut *self)
    }

    fn refuse<E: de::Error>(&mut self, excess: Excess) -> E {
        self.excess = Some(excess);
        E::custom(excess)
    }

    fn note_value<E: de::Error>(&mut self) -> Result<(), E> {
        self.values += 1;
        if self.values > self.limits.values {
            return Err(self.refuse(Excess::Values(self.limits.values)));
        }
        Ok(())
    }

    fn note_text<E: de::Error>(&mut self, text: &str) -> Result<(), E> {
        if text.len() > self.limits.text {
            return Err(self.refuse(Excess::Text(self.limits.text)));
        }
        Ok(())
    }

    fn go_deeper<E: de::Error>(&mut self) -> Result<(), E> {
        self.note_value()?;
        self.depth += 1;
        if self.depth > self.limits.depth {
            return Err(self.refuse(Excess::Depth(self.limits.depth)));
        }
        Ok(())
    }
}

impl<'de> DeserializeSeed<'de> for &mut Counter<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<(), D::Error> {
        self.deserialize_next(from)
    }
}

impl<'de> Visitor<'de> for &mut Counter<'_> {
    type Value = ();

    fn expecting(&self, form: &mut fmt::Formatter<'_>) -> fmt::Result {
        form.write_str("any JSON")
    }

    fn visit_bool<E: de::Error>(self, _: bool) -> Result<(), E> {
        self.note_value()
    }

    fn visit_i64<E: de::Error>(self, _: i64) -> Result<(), E> {
        self.note_value()
    }

    fn visit_u64<E: de::Error>(self, _: u64) -> Result<(), E> {
        self.note_value()
    }

    fn visit_f64<E: de::Error>(self, _: f64) -> Result<(), E> {
        self.note_value()
    }

    fn visit_unit<E: de::Error>(self) -> Result<(), E> {
        self.note_value()
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<(), E> {
        self.note_value()?;
        self.note_text(text)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        self.go_deeper()?;
        while items.next_element_seed(&mut *self)?.is_some() {}
        self.depth -= 1;
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<(), A::Error> {
        self.go_deeper()?;
        while let Some(name) = fields.next_key::<Name<'de>>()? {
            self.note_text(&name.0)?;
            fields.next_value_seed(&mut *self)?;
        }
        self.depth -= 1;
        Ok(())
    }
}

/// A name, which is copied only where it is written with escapes.
#[derive(serde::Deserialize)]
struct Name<'n>(#[serde(borrow)] std::borrow::Cow<'n, str>);

#[cfg(test)]
mod tests {
    use super::*;

    const LIMITS: Limits = Limits {
        values: 10,
        text: 8,
        depth: 3,
    };

    #[test]
    fn what_is_within_the_limits_is_counted() {
        for (text, values) in [
            ("{}", 1),
            (r#"{"a":[1,-2,2.5,null,true,"text"]}"#, 8),
            ("[[[]]]", 3),
            (r#""\u00e4""#, 1),
        ] {
            assert_eq!(count(text, &LIMITS), Ok(Some(values)), "{text}");
        }
    }

    #[test]
    fn what_is_too_much_is_named() {
        let many = format!("[{}{{}}]", "{},".repeat(20));
        for (text, excess) in [
            (many.as_str(), Excess::Values(10)),
            (r#"{"a":"too long a text"}"#, Excess::Text(8)),
            (r#"{"too long a name":1}"#, Excess::Text(8)),
            ("[[[[]]]]", Excess::Depth(3)),
        ] {
            assert_eq!(count(text, &LIMITS), Err(excess), "{text}");
        }
        let deep = format!("{}{}", "[".repeat(1000), "]".repeat(1000));
        assert_eq!(count(&deep, &LIMITS), Err(Excess::Depth(3)));
    }

    #[test]
    fn what_is_no_json_is_that_however_long_it_is() {
        let broken = format!("[{}", "{},".repeat(20));
        for text in ["", "<html>", "{\"a\":NaN}", "{} {}", broken.as_str()] {
            assert_eq!(count(text, &LIMITS), Ok(None), "{text}");
        }
    }
}
