//! Aliases: the same varying value gets the same name wherever it stands, numbered by first appearance in the text.

use super::find::Finder;
use super::learn::{VaryingValues, Word, is_literal, is_masked, word_of};
use super::tree::{self, Tree};
use serde_json::{Number, Value};
use std::collections::BTreeMap;

/// The number of each value among those of its word.
#[derive(Debug, Clone, Default)]
pub(super) struct Numbers {
    given: BTreeMap<(Word, String), usize>,
    last: BTreeMap<Word, usize>,
}

impl Numbers {
    fn of(&mut self, word: Word, value: &str) -> usize {
        let last = self.last.entry(word).or_default();
        *self.given.entry((word, value.to_owned())).or_insert_with(|| {
            *last += 1;
            *last
        })
    }
}

/// Finds varying values and names them.
#[derive(Debug)]
pub(super) struct Aliases {
    finder: Finder,
    numbers: Numbers,
}

impl Aliases {
    /// Aliases for what varies in a history.
    pub(super) fn new(varying: VaryingValues) -> Self {
        Self {
            finder: Finder::new(varying),
            numbers: Numbers::default(),
        }
    }

    /// The numbers given so far.
    pub(super) fn numbers(&self) -> Numbers {
        self.numbers.clone()
    }

    /// Goes back to earlier numbers: for what was only shown to find out where it sorts.
    pub(super) fn set_numbers(&mut self, numbers: Numbers) {
        self.numbers = numbers;
    }

    /// A message with its aliases. With `sorted`, the order of keys carries no meaning and becomes alphabetical.
    pub(super) fn message(&mut self, message: &Value, sorted: bool) -> Tree {
        self.node("", message, sorted)
    }

    fn node(&mut self, field: &str, value: &Value, sorted: bool) -> Tree {
        match value {
            Value::Object(_) | Value::Array(_) if is_literal(field) => Tree::yaml(value),
            Value::Object(fields) => {
                let mut names: Vec<&String> = fields.keys().collect();
                if sorted {
                    names.sort();
                }
                let entry =
                    |name: &String| (tree::key(&self.key(name)), self.node(name, &fields[name], sorted));
                Tree::Map(names.into_iter().map(entry).collect())
            }
            Value::Array(items) => {
                let items = self.in_order(field, items, sorted);
                Tree::List(
                    items
                        .into_iter()
                        .map(|item| self.node(field, item, sorted))
                        .collect(),
                )
            }
            Value::String(text) => Tree::Scalar(tree::string(&self.scalar(field, text))),
            Value::Number(number) => Tree::Scalar(self.number(field, number)),
            other => Tree::Scalar(other.to_string()),
        }
    }

    /// A list of bookings or orders comes in whatever order the partner's store has; the wire does not fix one.
    fn in_order<'v>(&mut self, field: &str, items: &'v [Value], sorted: bool) -> Vec<&'v Value> {
        let mut items: Vec<&Value> = items.iter().collect();
        if sorted && (field == "bookings" || field == "order") {
            let numbers = self.numbers();
            items.sort_by_cached_key(|item| {
                let lines = self.node("", item, sorted).lines();
                self.set_numbers(numbers.clone());
                lines
            });
        }
        items
    }

    fn key(&mut self, name: &str) -> String {
        // A name of the wire is never an id, even if some id of the partner is spelt like it.
        if name.chars().all(|c| c.is_ascii_alphabetic() || c == '_') {
            return name.to_owned();
        }
        self.text(name)
    }

    fn scalar(&mut self, field: &str, text: &str) -> String {
        if text.is_empty() || is_literal(field) {
            return text.to_owned();
        }
        if let Some(word) = word_of(field).filter(|_| !is_masked(text)) {
            return self.alias_of(word, text);
        }
        match text.parse() {
            Ok(number) if self.finder.word(text).is_none() && self.finder.is_moment(number) => {
                "[time]".to_owned()
            }
            _ => self.text(text),
        }
    }

    /// A number keeps the mark of its type, since a number that became a string is drift.
    fn number(&mut self, field: &str, number: &Number) -> String {
        let digits = number.to_string();
        if is_literal(field) {
            return digits;
        }
        let known = self.finder.word(&digits);
        let alias = match word_of(field).or(known) {
            Some(word) => self.alias_of(word, &digits),
            None if number.as_i64().is_some_and(|sec| self.finder.is_moment(sec)) => "[time]".to_owned(),
            None => return digits,
        };
        format!("{alias} as number")
    }

    /// The alias of a value whose place says what it is.
    pub(super) fn alias_of(&mut self, word: Word, value: &str) -> String {
        let word = self.finder.word_for(word, value);
        self.alias(word, value)
    }

    fn alias(&mut self, word: Word, value: &str) -> String {
        if matches!(word, "time" | "password") {
            return format!("[{word}]");
        }
        match (word, self.numbers.of(word, value)) {
            ("partner", 1) => "[partner]".to_owned(),
            (_, number) => format!("[{word}-{number}]"),
        }
    }

    /// A text in which every varying value that can be recognised is replaced.
    pub(super) fn text(&mut self, text: &str) -> String {
        let mut shown = String::with_capacity(text.len());
        let mut done = 0;
        for mark in self.finder.marks(text) {
            shown.push_str(&text[done..mark.range.start]);
            shown.push_str(&self.alias(mark.word, &mark.value));
            done = mark.range.end;
        }
        shown.push_str(&text[done..]);
        shown
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn aliases(values: &[(&str, Word)]) -> Aliases {
        let words = values
            .iter()
            .map(|(value, word)| ((*value).to_owned(), *word))
            .collect();
        Aliases::new(VaryingValues {
            words,
            began_sec: Some(1_795_000_000),
        })
    }

    fn shown(aliases: &mut Aliases, message: &Value) -> String {
        aliases.message(message, true).lines().join("\n")
    }

    #[test]
    fn one_value_has_one_alias_wherever_it_stands() {
        let mut aliases = aliases(&[("bk_1", "booking"), ("bk_12", "booking"), ("tok/77=", "token")]);
        let text = aliases.text("/v1/partners/9/bookings/bk_1?token=tok%2F77%3D&n=x%2Fbk_12&bk=xbk_1");
        assert_eq!(
            text,
            "/v1/partners/[partner]/bookings/[booking-1]?token=[token-1]&n=x%2F[booking-2]&bk=xbk_1"
        );
        let message = json!({ "bk_12": "ok", "text": "bk_1 replaced by bk_12; not xbk_1", "raw": "tok/77=" });
        assert_eq!(
            shown(&mut aliases, &message),
            "[booking-2]: ok\nraw: [token-1]\ntext: \"[booking-1] replaced by [booking-2]; not xbk_1\""
        );
    }

    #[test]
    fn short_ids_become_aliases_only_where_their_place_names_them() {
        let mut aliases = aliases(&[]);
        let message = json!({ "booking_id": "7", "name": "partners/9/bookings/7", "service_id": "7", "text": "7 of 9" });
        assert_eq!(
            shown(&mut aliases, &message),
            "booking_id: [booking-1]\nname: partners/[partner]/bookings/[booking-1]\nservice_id: [service-1]\ntext: \"7 of 9\""
        );
    }

    #[test]
    fn a_number_that_became_a_string_shows() {
        let mut aliases = aliases(&[("1800000000", "start"), ("4711", "booking")]);
        let message = json!({ "booking_id": 4711, "start_sec": 1_800_000_000, "other": 4711, "spots": 2 });
        assert_eq!(
            shown(&mut aliases, &message),
            "booking_id: [booking-1] as number\nother: [booking-1] as number\nspots: 2\nstart_sec: [start-1] as number"
        );
        assert_eq!(
            shown(
                &mut aliases,
                &json!({ "booking_id": "4711", "start_sec": "1800000000", "spots": "2" })
            ),
            "booking_id: [booking-1]\nspots: \"2\"\nstart_sec: [start-1]"
        );
    }

    #[test]
    fn moments_are_named_in_both_spellings_and_money_is_not_a_moment() {
        let mut aliases = aliases(&[("1800000000", "start")]);
        let message = json!({
            "price_micros": "1795000000",
            "startTime": "2027-01-15T08:00:00Z",
            "text": "until 2027-01-15T07:00:00+00:00",
            "until": "1799996400",
            "year": 2026,
        });
        assert_eq!(
            shown(&mut aliases, &message),
            "price_micros: \"1795000000\"\nstartTime: [start-1]\ntext: until [time]\nuntil: [time]\nyear: 2026"
        );
    }

    #[test]
    fn random_ids_and_passwords_never_stand_in_the_text() {
        let mut aliases = aliases(&[]);
        let message = json!({
            "password": "x", "trace": "id 0F8FAD5B-d9cb-469f-a165-70867728950e!", "é0f8fad5b": "0f8fad5b-d9cb-469f-a165-70867728950e",
        });
        let text = shown(&mut aliases, &message);
        assert_eq!(
            text,
            "password: [password]\ntrace: id [uuid-1]!\n\"é0f8fad5b\": [uuid-1]"
        );
    }

    #[test]
    fn a_list_of_bookings_has_one_order() {
        let list = |ids: [&str; 2]| {
            let item = |id: &str| json!({ "booking_id": id, "status": if id == "bk_1" { "CONFIRMED" } else { "CANCELED" } });
            json!({ "bookings": ids.map(item) })
        };
        let known = [("bk_1", "booking"), ("bk_2", "booking")];
        let one = shown(&mut aliases(&known), &list(["bk_1", "bk_2"]));
        assert_eq!(one, shown(&mut aliases(&known), &list(["bk_2", "bk_1"])));
    }

    #[test]
    fn what_was_masked_stays_masked_and_hides_nothing_else() {
        let mut aliases = aliases(&[("bk_1", "booking")]);
        let message = json!({ "payment_method_token": "[masked]", "note": "bk_1 paid with [masked]" });
        assert_eq!(
            shown(&mut aliases, &message),
            "note: [booking-1] paid with [masked]\npayment_method_token: [masked]"
        );
    }

    #[test]
    fn the_merchants_own_settings_stay() {
        let mut aliases = aliases(&[("merchant-7", "merchant")]);
        let message = json!({ "tokenization_config": { "gatewayMerchantId": "merchant-7" }, "merchant_id": "merchant-7" });
        assert_eq!(
            shown(&mut aliases, &message),
            "merchant_id: [merchant-1]\ntokenization_config:\n  gatewayMerchantId: \"merchant-7\""
        );
    }
}
