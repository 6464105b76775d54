//! A YAML file as a tree in which every key and every value knows its place.

use super::At;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::de::{MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Number, Value};
use serde_saphyr::Spanned;
use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

/// Byte offset and length of a place in a file.
pub(crate) type Span = (usize, usize);

/// A value that an author wrote, with its place.
#[derive(Debug, Clone)]
pub(crate) struct Node {
    /// Where it stands.
    pub(crate) span: Span,
    /// What stands there.
    pub(crate) content: Content<Node>,
}

/// What a value is; `N` is what stands inside of it.
#[derive(Debug, Clone)]
pub(crate) enum Content<N> {
    /// Nothing.
    Null,
    /// True or false.
    Bool(bool),
    /// A number.
    Number(Number),
    /// Text.
    Text(String),
    /// A list.
    List(Vec<N>),
    /// Keys with their values, in the order of the file.
    Map(Vec<(N, N)>),
}

/// A value as the YAML reader hands it over.
#[derive(Deserialize)]
#[serde(transparent)]
struct Raw(Spanned<Content<Raw>>);

/// Reads a file.
pub(super) fn read(text: &str) -> Result<Node, serde_saphyr::Error> {
    let options = serde_saphyr::options! { strict_booleans: true, leading_zero_numbers_as_strings: true };
    serde_saphyr::from_str_with_options::<Raw>(text, options).map(Node::from)
}

/// The bytes of a place, as far as the YAML reader knows them.
pub(super) fn bytes(span: serde_saphyr::Span) -> Span {
    let offset = span.byte_offset().unwrap_or_else(|| span.offset());
    let length = span.byte_len().unwrap_or_else(|| span.len());
    (
        usize::try_from(offset).unwrap_or(0),
        usize::try_from(length).unwrap_or(0).max(1),
    )
}

impl From<Raw> for Node {
    fn from(Raw(raw): Raw) -> Self {
        let content = match raw.value {
            Content::Null => Content::Null,
            Content::Bool(flag) => Content::Bool(flag),
            Content::Number(number) => Content::Number(number),
            Content::Text(text) => Content::Text(text),
            Content::List(items) => Content::List(items.into_iter().map(Node::from).collect()),
            Content::Map(entries) => Content::Map(
                entries
                    .into_iter()
                    .map(|(key, value)| (key.into(), value.into()))
                    .collect(),
            ),
        };
        Self {
            span: bytes(raw.referenced.span()),
            content,
        }
    }
}

impl Node {
    /// The text of a scalar.
    pub(crate) fn text(&self) -> Option<Cow<'_, str>> {
        match &self.content {
            Content::Text(text) => Some(Cow::Borrowed(text)),
            Content::Number(number) => Some(Cow::Owned(number.to_string())),
            Content::Bool(flag) => Some(Cow::Owned(flag.to_string())),
            _ => None,
        }
    }

    /// The value under a key.
    pub(crate) fn get(&self, name: &str) -> Option<&Node> {
        let (_, value) = self
            .entries()
            .iter()
            .find(|(key, _)| key.text().as_deref() == Some(name))?;
        Some(value)
    }

    /// Its keys and values, none where it is something else.
    pub(crate) fn entries(&self) -> &[(Node, Node)] {
        match &self.content {
            Content::Map(entries) => entries,
            _ => &[],
        }
    }

    /// Its items; what is no list is one item.
    pub(crate) fn items(&self) -> &[Node] {
        match &self.content {
            Content::List(items) => items,
            _ => std::slice::from_ref(self),
        }
    }

    /// The innermost value on the way that a JSON pointer names.
    pub(crate) fn at(&self, pointer: &str) -> &Node {
        let mut here = self;
        for name in pointer.split('/').skip(1) {
            let name = name.replace("~1", "/").replace("~0", "~");
            let inner = match &here.content {
                Content::List(items) => name.parse().ok().and_then(|index: usize| items.get(index)),
                _ => here.get(&name),
            };
            match inner {
                Some(inner) => here = inner,
                None => break,
            }
        }
        here
    }

    /// The same as JSON.
    pub(crate) fn value(&self) -> Value {
        match &self.content {
            Content::Null => Value::Null,
            Content::Bool(flag) => Value::Bool(*flag),
            Content::Number(number) => Value::Number(number.clone()),
            Content::Text(text) => Value::String(text.clone()),
            Content::List(items) => Value::Array(items.iter().map(Node::value).collect()),
            Content::Map(entries) => {
                let fields = entries
                    .iter()
                    .map(|(key, value)| (key.text().unwrap_or_default().into_owned(), value.value()));
                Value::Object(fields.collect::<Map<_, _>>())
            }
        }
    }
}

impl JsonSchema for Node {
    fn schema_name() -> Cow<'static, str> {
        Value::schema_name()
    }
    fn inline_schema() -> bool {
        true
    }
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        Value::json_schema(generator)
    }
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let At { value, span } = At::deserialize(deserializer)?;
        Ok(Self { span, content: value })
    }
}

impl<'de, N: Deserialize<'de>> Deserialize<'de> for Content<N> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ContentVisitor(PhantomData))
    }
}

struct ContentVisitor<N>(PhantomData<N>);

impl<'de, N: Deserialize<'de>> Visitor<'de> for ContentVisitor<N> {
    type Value = Content<N>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(Content::Null)
    }

    fn visit_none<E>(self) -> Result<Self::Value, E> {
        Ok(Content::Null)
    }

    fn visit_bool<E>(self, flag: bool) -> Result<Self::Value, E> {
        Ok(Content::Bool(flag))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Self::Value, E> {
        Ok(Content::Number(number.into()))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Self::Value, E> {
        Ok(Content::Number(number.into()))
    }

    fn visit_f64<E: serde::de::Error>(self, number: f64) -> Result<Self::Value, E> {
        let number = Number::from_f64(number);
        number
            .map(Content::Number)
            .ok_or_else(|| E::custom("not a number"))
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Content::Text(text.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = seq.next_element()? {
            items.push(item);
        }
        Ok(Content::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = map.next_entry()? {
            entries.push(entry);
        }
        Ok(Content::Map(entries))
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail loudly")]
    use super::*;
    use serde_json::json;

    #[test]
    fn every_key_and_value_knows_its_place() {
        let text = "a: { b: [1, 'zwei'] }\nö: x\n007: NO\n";
        let tree = read(text).unwrap();
        assert_eq!(
            tree.value(),
            json!({ "a": { "b": [1, "zwei"] }, "ö": "x", "007": "NO" })
        );
        let cut = |node: &Node| &text[node.span.0..node.span.0 + node.span.1];
        let (key, _) = &tree.get("a").unwrap().entries()[0];
        assert_eq!(cut(key), "b");
        assert_eq!(cut(tree.at("/a/b/1")), "'zwei'");
        assert_eq!(cut(tree.get("ö").unwrap()), "x");
        assert_eq!(tree.at("/a/c").span, tree.get("a").unwrap().span);
    }
}
