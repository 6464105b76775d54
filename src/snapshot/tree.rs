//! A message as lines: every field on a line of its own, so that one changed field is one changed line.

use serde_json::Value;

/// A list of more entries is that of a large page: what it was made of is another page's matter the next day.
const MOST_SHOWN: usize = 24;

/// A message whose keys and scalars are already the text to show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Tree {
    /// One value.
    Scalar(String),
    /// Fields in the order in which they are shown.
    Map(Vec<(String, Tree)>),
    /// Elements.
    List(Vec<Tree>),
}

impl Tree {
    /// The tree of a value in strict YAML: every string quoted.
    pub(super) fn yaml(value: &Value) -> Self {
        match value {
            Value::Object(fields) => Self::Map(
                fields
                    .iter()
                    .map(|(name, field)| (key(name), Self::yaml(field)))
                    .collect(),
            ),
            Value::Array(items) => Self::List(items.iter().map(Self::yaml).collect()),
            scalar => Self::Scalar(scalar.to_string()),
        }
    }

    /// The lines, without any indentation around them.
    pub(super) fn lines(&self) -> Vec<String> {
        match self {
            Tree::Scalar(text) => vec![text.clone()],
            Tree::Map(fields) if fields.is_empty() => vec!["{}".to_owned()],
            Tree::List(items) if items.is_empty() => vec!["[]".to_owned()],
            Tree::Map(fields) => fields
                .iter()
                .flat_map(|(name, field)| field_lines(name, field))
                .collect(),
            Tree::List(items) => items.iter().flat_map(item_lines).collect(),
        }
    }

    /// With each form of entry once in lists of more entries than anybody reads.
    pub(super) fn folded(self) -> Self {
        match self {
            Tree::Scalar(_) => self,
            Tree::Map(fields) => {
                let fields = fields.into_iter().map(|(name, field)| (name, field.folded()));
                Tree::Map(fields.collect())
            }
            Tree::List(items) if items.len() <= MOST_SHOWN => {
                Tree::List(items.into_iter().map(Tree::folded).collect())
            }
            Tree::List(items) => {
                let mut forms = Vec::new();
                for form in items.into_iter().map(|item| item.folded().unnumbered()) {
                    if !forms.contains(&form) {
                        forms.push(form);
                    }
                }
                Tree::List(forms)
            }
        }
    }

    /// With `[start]` for `[start-7]`, so that entries which differ in nothing else are alike.
    fn unnumbered(self) -> Self {
        match self {
            Tree::Scalar(text) => Tree::Scalar(without_number(&text).unwrap_or(text)),
            Tree::Map(fields) => {
                let fields = fields.into_iter().map(|(name, field)| (name, field.unnumbered()));
                Tree::Map(fields.collect())
            }
            Tree::List(items) => Tree::List(items.into_iter().map(Tree::unnumbered).collect()),
        }
    }

    fn is_inline(&self) -> bool {
        match self {
            Tree::Scalar(_) => true,
            Tree::Map(fields) => fields.is_empty(),
            Tree::List(items) => items.is_empty(),
        }
    }
}

/// An alias without its number; none for any other text.
fn without_number(text: &str) -> Option<String> {
    let alias = text.strip_prefix('[')?.strip_suffix(']')?;
    let (word, number) = alias.rsplit_once('-')?;
    let is_number = !number.is_empty() && number.bytes().all(|digit| digit.is_ascii_digit());
    is_number.then(|| format!("[{word}]"))
}

fn field_lines(name: &str, field: &Tree) -> Vec<String> {
    let lines = field.lines();
    if field.is_inline() {
        return vec![format!("{name}: {}", lines.concat())];
    }
    let nested = lines.into_iter().map(|line| format!("  {line}"));
    std::iter::once(format!("{name}:")).chain(nested).collect()
}

fn item_lines(item: &Tree) -> Vec<String> {
    let indent = |(place, line): (usize, String)| match place {
        0 => format!("- {line}"),
        _ => format!("  {line}"),
    };
    item.lines().into_iter().enumerate().map(indent).collect()
}

/// A key as it is shown: quoted unless it is an ordinary name or an alias.
pub(super) fn key(name: &str) -> String {
    let ordinary = |c: char| c.is_ascii_alphanumeric() || "_-.".contains(c);
    let bare = name
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'))
        .unwrap_or(name);
    let plain = bare.starts_with(|c: char| c.is_ascii_alphabetic()) && bare.chars().all(ordinary);
    if plain { name.to_owned() } else { quoted(name) }
}

/// A string as it is shown: quoted wherever it could be taken for a value of another type.
pub(super) fn string(text: &str) -> String {
    let starts = text.starts_with(|c: char| c.is_alphabetic() || c == '/')
        || text
            .strip_prefix('[')
            .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_lowercase()));
    let plain = |c: char| c.is_alphanumeric() || " _-./:@+,()[]&=?%#'!".contains(c);
    let word = matches!(text, "true" | "false" | "null");
    if starts && !word && !text.ends_with(' ') && text.chars().all(plain) {
        text.to_owned()
    } else {
        quoted(text)
    }
}

/// The JSON form of a string: one line whatever it holds.
pub(super) fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_long_list_shows_each_form_of_entry_once() {
        let entry = |number: usize| {
            let room = if number.is_multiple_of(2) {
                "[room-1]"
            } else {
                "hall-9"
            };
            let start = Tree::Scalar(format!("[start-{number}]"));
            Tree::Map(vec![
                ("start_sec".to_owned(), start),
                ("room_id".to_owned(), Tree::Scalar(room.to_owned())),
            ])
        };
        let page = |entries| {
            Tree::Map(vec![(
                "slot_time".to_owned(),
                Tree::List((0..entries).map(entry).collect()),
            )])
        };
        let folded = page(MOST_SHOWN + 1).folded().lines();
        let expected = [
            "slot_time:",
            "  - start_sec: [start]",
            "    room_id: [room]",
            "  - start_sec: [start]",
            "    room_id: hall-9",
        ];
        assert_eq!(folded, expected);
        assert_eq!(page(MOST_SHOWN).folded(), page(MOST_SHOWN));
    }

    #[test]
    fn nested_values_stand_on_lines_of_their_own() {
        let tree = Tree::yaml(
            &json!({ "a": { "b": 1, "c": [] }, "d": [{ "e": "x", "f": {} }, [2, 3]], "0 g": null }),
        );
        let expected = [
            "a:",
            "  b: 1",
            "  c: []",
            "d:",
            "  - e: \"x\"",
            "    f: {}",
            "  - - 2",
            "    - 3",
            "\"0 g\": null",
        ];
        assert_eq!(tree.lines(), expected);
    }

    #[test]
    fn strings_are_never_taken_for_another_type() {
        for text in [
            "12", "-1", "1.5", "true", "null", "", " x", "x ", "{}", "[]", "a\nb", "- a", "\"q\"",
        ] {
            assert!(string(text).starts_with('"'), "{text}");
        }
        for text in [
            "CONFIRMED",
            "[booking-1]",
            "Booked for Zoë: see /v3",
            "/v3/CreateBooking",
        ] {
            assert_eq!(string(text), text);
        }
    }
}
