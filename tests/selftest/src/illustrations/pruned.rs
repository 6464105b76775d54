//! A message of JSON in a few lines: the places that matter, and of the rest that there is more.

use outcome::text::in_json;
use serde_json::Value;

/// What stands for whatever is left out.
pub(super) const MORE: &str = "…";

/// No line of a message is longer, unless one value is.
const WIDTH: usize = 92;
/// So much of a text is shown.
const TEXT: usize = 72;
/// So many values beside the one that matters are shown, and a message without such a one to this depth; less where it gets too long.
const SIZES: [(usize, usize); 4] = [(5, 2), (3, 2), (1, 1), (0, 1)];
/// So many members of what is shown as a whole.
const MEMBERS: usize = 12;

/// A place in a message, as the names on the way to it.
pub(super) type Place = Vec<String>;

/// The place of a JSON pointer.
pub(super) fn place(pointer: &str) -> Place {
    let names = pointer.split('/').skip(1);
    names
        .map(|name| name.replace("~1", "/").replace("~0", "~"))
        .collect()
}

/// True for two spellings of one name, as proto and JSON have them.
pub(super) fn is_same_name(one: &str, other: &str) -> bool {
    let letters = |name: &str| -> String { name.chars().filter(|letter| *letter != '_').collect() };
    letters(one).eq_ignore_ascii_case(&letters(other))
}

/// The message, cut to these places and, if that is enough, to so many lines; without places cut to its first names.
pub(super) fn pruned(value: &Value, places: &[Place], lines: usize) -> String {
    let whole = [Place::new()];
    let is_whole = places.is_empty();
    let places = if is_whole { &whole[..] } else { places };
    let ways: Vec<&[String]> = places.iter().map(Vec::as_slice).collect();
    let texts = SIZES.map(|(beside, depth)| {
        let size = Size {
            beside,
            depth: if is_whole { depth } else { 2 },
        };
        in_json(printed(&part(value, &ways, size), 0))
    });
    let short = texts.iter().find(|text| text.lines().count() <= lines);
    let text = short.or(texts.last()).cloned().unwrap_or_default();
    let all: Vec<&str> = text.lines().collect();
    if all.len() <= 2 * lines {
        return text;
    }
    format!("{}\n{MORE}", all[..2 * lines].join("\n"))
}

/// How much is shown.
#[derive(Clone, Copy)]
struct Size {
    /// So many values beside the way to a place.
    beside: usize,
    /// So deep is what is shown as a whole.
    depth: usize,
}

/// A value as it is shown.
enum Part {
    Text(String),
    List(Brackets, Vec<Item>),
}

/// A member of an object with its name, or of a list without one.
struct Item {
    name: Option<String>,
    value: Part,
}

#[derive(Clone, Copy)]
enum Brackets {
    Object,
    List,
}

impl Brackets {
    fn around(self, inside: &str) -> String {
        match self {
            Self::Object => format!("{{{inside}}}"),
            Self::List => format!("[{inside}]"),
        }
    }
}

fn more() -> Item {
    Item {
        name: None,
        value: Part::Text(MORE.to_owned()),
    }
}

/// A value on the way to places; where a place ends, all of it is shown to a depth.
fn part(value: &Value, ways: &[&[String]], size: Size) -> Part {
    if ways.iter().any(|way| way.is_empty()) {
        return whole(value, size.depth);
    }
    match value {
        Value::Object(members) => {
            let mut items = Vec::new();
            let (mut beside, mut is_cut) = (0, false);
            for (name, value) in members {
                let tails = tails(ways, name);
                if !tails.is_empty() {
                    items.push(named(name, part(value, &tails, size)));
                } else if is_scalar(value) && beside < size.beside {
                    beside += 1;
                    items.push(named(name, whole(value, 0)));
                } else {
                    is_cut = true;
                }
            }
            items.extend(is_cut.then(more));
            Part::List(Brackets::Object, items)
        }
        Value::Array(members) => {
            let mut items: Vec<Item> = Vec::new();
            let mut is_cut = false;
            for (index, value) in members.iter().enumerate() {
                let tails = tails(ways, &index.to_string());
                if tails.is_empty() {
                    is_cut = true;
                } else {
                    items.extend(is_cut.then(more));
                    is_cut = false;
                    items.push(Item {
                        name: None,
                        value: part(value, &tails, size),
                    });
                }
            }
            items.extend(is_cut.then(more));
            Part::List(Brackets::List, items)
        }
        scalar => whole(scalar, 0),
    }
}

fn tails<'w>(ways: &[&'w [String]], name: &str) -> Vec<&'w [String]> {
    let through = ways
        .iter()
        .filter(|way| way.first().is_some_and(|first| is_same_name(first, name)));
    through.map(|way| &way[1..]).collect()
}

fn named(name: &str, value: Part) -> Item {
    Item {
        name: Some(cut(name)),
        value,
    }
}

fn is_scalar(value: &Value) -> bool {
    !matches!(value, Value::Object(_) | Value::Array(_))
}

/// A value to a depth.
fn whole(value: &Value, depth: usize) -> Part {
    match value {
        Value::Object(members) if members.is_empty() => Part::Text("{}".to_owned()),
        Value::Array(members) if members.is_empty() => Part::Text("[]".to_owned()),
        Value::Object(_) if depth == 0 => Part::Text(Brackets::Object.around(MORE)),
        Value::Array(_) if depth == 0 => Part::Text(Brackets::List.around(MORE)),
        Value::Object(members) => {
            let shown = members.iter().take(MEMBERS);
            let mut items: Vec<_> = shown
                .map(|(name, value)| named(name, whole(value, depth - 1)))
                .collect();
            items.extend((members.len() > items.len()).then(more));
            Part::List(Brackets::Object, items)
        }
        Value::Array(members) => {
            let shown = members.iter().take(2);
            let mut items: Vec<_> = shown
                .map(|value| Item {
                    name: None,
                    value: whole(value, depth - 1),
                })
                .collect();
            items.extend((members.len() > items.len()).then(more));
            Part::List(Brackets::List, items)
        }
        Value::String(text) => Part::Text(Value::String(cut(text)).to_string()),
        scalar => Part::Text(scalar.to_string()),
    }
}

/// The first characters of a text.
pub(super) fn cut(text: &str) -> String {
    match text.char_indices().nth(TEXT) {
        Some((end, _)) => format!("{}{MORE}", &text[..end]),
        None => text.to_owned(),
    }
}

fn printed(part: &Part, indent: usize) -> String {
    let Part::List(brackets, items) = part else {
        return on_one_line(part);
    };
    let line = on_one_line(part);
    if indent + line.chars().count() <= WIDTH {
        return line;
    }
    let inner = indent + 2;
    let lines: Vec<String> = items
        .iter()
        .map(|item| format!("{:inner$}{}{}", "", label(item), printed(&item.value, inner)))
        .collect();
    brackets.around(&format!("\n{}\n{:indent$}", lines.join(",\n"), ""))
}

fn on_one_line(part: &Part) -> String {
    match part {
        Part::Text(text) => text.clone(),
        Part::List(brackets, items) => {
            let items = items.iter().map(|item| label(item) + &on_one_line(&item.value));
            brackets.around(&items.collect::<Vec<_>>().join(", "))
        }
    }
}

fn label(item: &Item) -> String {
    let name = item.name.as_deref();
    name.map_or_else(String::new, |name| format!("{}: ", Value::from(name)))
}

/// The places at which two messages differ; nothing of values that are drawn for each booking, unless nothing else differs.
pub(super) fn differences(one: &Value, other: &Value) -> Vec<Place> {
    let mut all = Vec::new();
    differ(one, other, &mut Place::new(), &mut all);
    let is_drawn = |place: &Place| {
        place.last().is_some_and(|name| {
            ["bookingid", "transactionid", "name"]
                .iter()
                .any(|end| name.replace('_', "").to_lowercase().ends_with(end))
        })
    };
    let (drawn, telling): (Vec<_>, Vec<_>) = all.into_iter().partition(is_drawn);
    let mut places = if telling.is_empty() { drawn } else { telling };
    places.truncate(4);
    places
}

fn differ(one: &Value, other: &Value, here: &mut Place, all: &mut Vec<Place>) {
    let mut below = |name: &str, one: &Value, other: &Value| {
        here.push(name.to_owned());
        differ(one, other, here, all);
        here.pop();
    };
    match (one, other) {
        (Value::Object(left), Value::Object(right)) => {
            for (name, value) in left {
                below(name, value, right.get(name).unwrap_or(&Value::Null));
            }
            for (name, value) in right.iter().filter(|(name, _)| !left.contains_key(*name)) {
                below(name, &Value::Null, value);
            }
        }
        (Value::Array(left), Value::Array(right)) if left.len() == right.len() => {
            for (index, (one, other)) in left.iter().zip(right).enumerate() {
                below(&index.to_string(), one, other);
            }
        }
        _ if one == other => {}
        _ => all.push(here.clone()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_place_is_shown_with_what_stands_beside_it_and_the_rest_is_left_out() {
        let value = json!({ "booking": { "booking_id": "b", "slot": { "merchant_id": "m" },
            "payment": { "price": { "price_micros": "5", "currency_code": "USD" }, "parts": [1, 2] } } });
        let shown = pruned(&value, &[place("/booking/payment/price/priceMicros")], 20);
        assert_eq!(
            shown,
            "{\n  \"booking\": {\n    \"booking_id\": \"b\",\n    \"payment\": {\"price\": {\"price_micros\": \"5\", \"currency_code\": \"USD\"}, …},\n    …\n  }\n}"
        );
        assert_eq!(
            pruned(&json!([1, { "a": 2 }, 3]), &[place("/1/a")], 20),
            "[…, {\"a\": 2}, …]"
        );
    }

    #[test]
    fn without_a_place_the_first_names_are_shown() {
        let value = json!({ "a": { "b": { "c": 1 } }, "d": [1, 2, 3], "e": "x".repeat(100) });
        assert_eq!(
            pruned(&value, &[], 20),
            format!(
                "{{\n  \"a\": {{\"b\": {{…}}}},\n  \"d\": [1, 2, …],\n  \"e\": \"{}…\"\n}}",
                "x".repeat(72)
            )
        );
    }

    #[test]
    fn what_differs_are_places_and_drawn_ids_only_where_nothing_else_does() {
        let one = json!({ "booking_id": "a", "slots": [{ "n": 1 }], "x": 1 });
        let other = json!({ "booking_id": "b", "slots": [{ "n": 2 }], "y": 1 });
        assert_eq!(
            differences(&one, &other),
            [place("/slots/0/n"), place("/x"), place("/y")]
        );
        let (one, other) = (json!({ "booking_id": "a" }), json!({ "booking_id": "b" }));
        assert_eq!(differences(&one, &other), [place("/booking_id")]);
    }

    #[test]
    fn what_would_act_on_a_terminal_is_an_escape() {
        assert_eq!(
            pruned(&json!({ "a": "\u{202e}" }), &[], 20),
            "{\"a\": \"\\u202e\"}"
        );
    }
}
