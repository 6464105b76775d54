//! A tree handed to serde, so that every error has the place at which it arose.

use super::at::AT;
use super::fault::{FaultPlace, FormFault, FormFaultKind};
use super::tree::{Content, Node};
use serde::de::value::StrDeserializer;
use serde::de::{
    DeserializeSeed, Deserializer, EnumAccess, Error as _, IntoDeserializer, MapAccess, SeqAccess,
    Unexpected, VariantAccess, Visitor,
};
use serde::forward_to_deserialize_any;

/// The name of an enumeration whose variants are told apart by the one key that is a variant's name; the whole map
/// belongs to that variant.
pub(crate) const BY_KEY: &str = "$by_key";

/// Reads one value of a tree.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reader<'t> {
    node: &'t Node,
    /// The verb, when the value is a step that has been recognized by it.
    verb: Option<&'static str>,
}

type Read<T> = Result<T, FormFault>;

impl<'t> Reader<'t> {
    pub(super) fn new(node: &'t Node) -> Self {
        Self { node, verb: None }
    }

    fn here(self, fault: FormFault) -> FormFault {
        fault.in_step(self.verb).at(FaultPlace::value(self.node.span))
    }

    fn unexpected(self, expected: &dyn serde::de::Expected) -> FormFault {
        let what = match &self.node.content {
            Content::Null => Unexpected::Unit,
            Content::Bool(flag) => Unexpected::Bool(*flag),
            Content::Number(number) => match number.as_i64() {
                Some(whole) => Unexpected::Signed(whole),
                None => Unexpected::Other("number"),
            },
            Content::Text(text) => Unexpected::Str(text),
            Content::List(_) => Unexpected::Seq,
            Content::Map(_) => Unexpected::Map,
        };
        self.here(FormFault::invalid_type(what, expected))
    }

    fn map<'de, V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
        let entries = Entries {
            map: self,
            rest: self.node.entries(),
            value: None,
        };
        visitor.visit_map(entries).map_err(|fault| self.here(fault))
    }

    fn list<'de, V: Visitor<'de>>(self, items: &'t [Node], visitor: V) -> Read<V::Value> {
        visitor.visit_seq(Items(items)).map_err(|fault| self.here(fault))
    }

    fn by_key<'de, V: Visitor<'de>>(self, verbs: &'static [&'static str], visitor: V) -> Read<V::Value> {
        if !matches!(self.node.content, Content::Map(_)) {
            return Err(self.unexpected(&visitor));
        }
        let written: Vec<_> = verbs
            .iter()
            .copied()
            .filter(|verb| self.node.get(verb).is_some())
            .collect();
        let [verb] = written[..] else {
            return Err(self.here(FormFault::new(FormFaultKind::NotOneVerb(written, verbs))));
        };
        visitor.visit_enum(Step {
            node: self.node,
            verb,
        })
    }
}

impl<'de> Deserializer<'de> for Reader<'_> {
    type Error = FormFault;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
        let read: Read<V::Value> = match &self.node.content {
            Content::Null => visitor.visit_unit(),
            Content::Bool(flag) => visitor.visit_bool(*flag),
            Content::Number(number) => match (number.as_i64(), number.as_u64()) {
                (Some(whole), _) => visitor.visit_i64(whole),
                (None, Some(whole)) => visitor.visit_u64(whole),
                (None, None) => visitor.visit_f64(number.as_f64().unwrap_or_default()),
            },
            Content::Text(text) => visitor.visit_str(text),
            Content::List(items) => return self.list(items, visitor),
            Content::Map(_) => return self.map(visitor),
        };
        read.map_err(|fault| self.here(fault))
    }

    /// A number or a flag without quotes is the text that it is written as.
    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
        match self.node.text() {
            Some(text) => visitor.visit_str(&text).map_err(|fault| self.here(fault)),
            None => Err(self.unexpected(&visitor)),
        }
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
        self.deserialize_str(visitor)
    }

    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
        self.deserialize_str(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
        match self.node.content {
            Content::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, name: &'static str, visitor: V) -> Read<V::Value> {
        if name == AT {
            return visitor.visit_seq(Placed { of: self, given: 0 });
        }
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Read<V::Value> {
        if name == BY_KEY {
            return self.by_key(variants, visitor);
        }
        let choice = match &self.node.content {
            Content::Map(entries) if entries.len() == 1 => Choice {
                of: self,
                name: &entries[0].0,
                value: Some(&entries[0].1),
            },
            Content::Text(_) => Choice {
                of: self,
                name: self.node,
                value: None,
            },
            _ => return Err(self.unexpected(&visitor)),
        };
        visitor.visit_enum(choice).map_err(|fault| self.here(fault))
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char bytes byte_buf unit unit_struct seq tuple
        tuple_struct map struct ignored_any
    }
}

/// A value as offset, length and itself.
struct Placed<'t> {
    of: Reader<'t>,
    given: u8,
}

impl<'de> SeqAccess<'de> for Placed<'_> {
    type Error = FormFault;

    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Read<Option<S::Value>> {
        self.given += 1;
        let (offset, length) = self.of.node.span;
        let given = match self.given {
            1 => seed.deserialize(offset.into_deserializer()),
            2 => seed.deserialize(length.into_deserializer()),
            3 => seed.deserialize(self.of),
            _ => return Ok(None),
        };
        given.map(Some).map_err(|fault| self.of.here(fault))
    }
}

struct Items<'t>(&'t [Node]);

impl<'de> SeqAccess<'de> for Items<'_> {
    type Error = FormFault;

    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Read<Option<S::Value>> {
        let Some((first, rest)) = self.0.split_first() else {
            return Ok(None);
        };
        self.0 = rest;
        let reader = Reader::new(first);
        seed.deserialize(reader)
            .map(Some)
            .map_err(|fault| reader.here(fault))
    }
}

struct Entries<'t> {
    map: Reader<'t>,
    rest: &'t [(Node, Node)],
    value: Option<&'t Node>,
}

impl<'de> MapAccess<'de> for Entries<'_> {
    type Error = FormFault;

    fn next_key_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Read<Option<S::Value>> {
        let Some(((key, value), rest)) = self.rest.split_first() else {
            return Ok(None);
        };
        (self.rest, self.value) = (rest, Some(value));
        if key.text().is_none() {
            return Err(self.map.here(FormFault::custom("a key is text")));
        }
        let key_fault = |fault: FormFault| fault.in_step(self.map.verb).at(FaultPlace::key(key.span));
        seed.deserialize(Key(key)).map(Some).map_err(key_fault)
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Read<S::Value> {
        let Some(value) = self.value.take() else {
            return Err(FormFault::custom("a key has no value"));
        };
        let reader = Reader::new(value);
        seed.deserialize(reader).map_err(|fault| reader.here(fault))
    }
}

/// A key, whose place is not that of a value.
struct Key<'t>(&'t Node);

impl<'de> Deserializer<'de> for Key<'_> {
    type Error = FormFault;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
        visitor.visit_str(&self.0.text().unwrap_or_default())
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, name: &'static str, visitor: V) -> Read<V::Value> {
        Reader::new(self.0).deserialize_newtype_struct(name, visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Read<V::Value> {
        let text = self.0.text().unwrap_or_default();
        visitor.visit_enum(StrDeserializer::new(&text))
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        seq tuple tuple_struct map struct identifier ignored_any
    }
}

/// A variant by its name: a word, or a key with its value.
struct Choice<'t> {
    of: Reader<'t>,
    name: &'t Node,
    value: Option<&'t Node>,
}

impl<'de> EnumAccess<'de> for Choice<'_> {
    type Error = FormFault;
    type Variant = Self;

    fn variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Read<(S::Value, Self)> {
        let place = FaultPlace {
            shown: self.name.span,
            ..FaultPlace::value(self.of.node.span)
        };
        let name = seed.deserialize(Key(self.name));
        name.map(|name| (name, self)).map_err(|fault| fault.at(place))
    }
}

impl<'t> Choice<'t> {
    fn inner(&self) -> Read<Reader<'t>> {
        let name = self.name.text().unwrap_or_default();
        let missing = || FormFault::custom(format!("`{name}` needs a value"));
        self.value.map(Reader::new).ok_or_else(missing)
    }
}

impl<'de> VariantAccess<'de> for Choice<'_> {
    type Error = FormFault;

    fn unit_variant(self) -> Read<()> {
        match self.value.map(|value| &value.content) {
            None | Some(Content::Null) => Ok(()),
            Some(_) => {
                let name = self.name.text().unwrap_or_default();
                Err(FormFault::custom(format!("`{name}` takes no value")))
            }
        }
    }

    fn newtype_variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Read<S::Value> {
        let reader = self.inner()?;
        seed.deserialize(reader).map_err(|fault| reader.here(fault))
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Read<V::Value> {
        self.inner()?.deserialize_any(visitor)
    }

    fn struct_variant<V: Visitor<'de>>(self, _: &'static [&'static str], visitor: V) -> Read<V::Value> {
        self.inner()?.deserialize_any(visitor)
    }
}

/// A map whose variant is the one key that names it.
struct Step<'t> {
    node: &'t Node,
    verb: &'static str,
}

impl<'de> EnumAccess<'de> for Step<'_> {
    type Error = FormFault;
    type Variant = Self;

    fn variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Read<(S::Value, Self)> {
        let name = seed.deserialize(StrDeserializer::new(self.verb))?;
        Ok((name, self))
    }
}

impl Step<'_> {
    fn reader(&self) -> Reader<'_> {
        Reader {
            node: self.node,
            verb: Some(self.verb),
        }
    }
}

impl<'de> VariantAccess<'de> for Step<'_> {
    type Error = FormFault;

    fn unit_variant(self) -> Read<()> {
        Ok(())
    }

    fn newtype_variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Read<S::Value> {
        seed.deserialize(self.reader())
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Read<V::Value> {
        self.reader().deserialize_any(visitor)
    }

    fn struct_variant<V: Visitor<'de>>(self, _: &'static [&'static str], visitor: V) -> Read<V::Value> {
        self.reader().deserialize_any(visitor)
    }
}
