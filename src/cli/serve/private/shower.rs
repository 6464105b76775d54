//! One call, gone through from its parts that say what they are to the sentences that quote them.

use super::OPEN_HEADERS;
use super::harmless::{Harmless, is_header, is_header_value, masked};
use super::sentence::Hidden;
use google::{BookingCopy, Call, Lint, Route, UpdateMask};
use outcome::Finding;
use outcome::text::one_line;
use percent_encoding::percent_decode_str;
use serde_json::{Map, Value};

/// What is under these names is about a person.
const PEOPLE: [&str; 4] = [
    "clientInformation",
    "client_information",
    "userInformation",
    "user_information",
];

/// What stands for a person, and for a secret.
const PERSON: &str = "[masked]";

/// Goes through one call, and remembers what it has masked: sentences quote it.
pub(super) struct Shower<'p> {
    pub(super) harmless: &'p Harmless,
    pub(super) shows_all: bool,
    pub(super) hidden: &'p mut Hidden,
}

impl Shower<'_> {
    pub(super) fn call(&mut self, call: &Call) -> Call {
        let mut shown = call.clone();
        shown.method = self.word(&call.method);
        shown.route = self.route(&call.route);
        shown.target = self.target(&call.target);
        shown.headers = call.headers.iter().map(|header| self.header(header)).collect();
        // The log shows what was read from it.
        shown.body.clear();
        shown.json = call.json.as_ref().map(|json| self.value(json));
        shown.decoded = call.decoded.as_ref().map(|decoded| self.value(decoded));
        shown.update_mask = call.update_mask.as_ref().map(|mask| self.mask(mask));
        shown.booking_failure = call.booking_failure.as_ref().map(|failure| self.value(failure));
        shown.before = call.before.as_ref().map(|copy| self.copy(copy));
        shown.booking = call.booking.as_ref().map(|copy| self.copy(copy));
        // These quote the rest.
        shown.lints = call.lints.iter().filter_map(|lint| self.lint(lint)).collect();
        let is_read = call.json.is_some() || call.body_len == 0;
        shown.answer.body = call.answer.body.as_ref().map(|body| self.answer(body, is_read));
        shown
    }

    /// A text of a stranger that is harmless, or only its length.
    fn text(&mut self, text: &str, is_harmless: bool) -> String {
        if self.shows_all || is_harmless || text == PERSON {
            return one_line(text);
        }
        self.hidden.add(text);
        masked(text)
    }

    fn word(&mut self, word: &str) -> String {
        let is_harmless = self.harmless.is_word(word);
        self.text(word, is_harmless)
    }

    fn id(&mut self, id: &str) -> String {
        let is_harmless = self.harmless.is_id(id);
        self.text(id, is_harmless)
    }

    fn route(&mut self, route: &Route) -> Route {
        let Ok(Value::Object(mut fields)) = serde_json::to_value(route) else {
            return Route::Unknown;
        };
        for (name, value) in &mut fields {
            if !["method", "act", "kind", "of", "delete"].contains(&name.as_str()) {
                *value = self.ids(name, value);
            }
        }
        serde_json::from_value(Value::Object(fields)).unwrap_or(Route::Unknown)
    }

    fn ids(&mut self, name: &str, value: &Value) -> Value {
        match value {
            Value::String(id) if name == "partner" => {
                let is_harmless = self.harmless.is_id_of("partners", id);
                self.text(id, is_harmless).into()
            }
            Value::String(id) => self.id(id).into(),
            Value::Array(ids) => ids.iter().map(|id| self.ids(name, id)).collect(),
            other => other.clone(),
        }
    }

    /// Path and query. What is no word of the API is an id only where one belongs.
    fn target(&mut self, target: &str) -> String {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let mut before = String::new();
        let segments = path.split('/').map(|segment| {
            let decoded = percent_decode_str(segment).decode_utf8_lossy();
            let is_harmless = self.harmless.is_segment(&decoded) || self.harmless.is_id_of(&before, &decoded);
            decoded.as_ref().clone_into(&mut before);
            self.hide_also(segment, is_harmless);
            self.text(&decoded, is_harmless)
        });
        let path = segments.collect::<Vec<_>>().join("/");
        if query.is_empty() {
            return path;
        }
        let pairs: Vec<String> = query.split('&').map(|pair| self.pair(pair)).collect();
        format!("{path}?{}", pairs.join("&"))
    }

    fn pair(&mut self, pair: &str) -> String {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let decode = |text: &str| {
            percent_decode_str(&text.replace('+', " "))
                .decode_utf8_lossy()
                .into_owned()
        };
        let (name, shown) = (decode(name), decode(value));
        let is_harmless = self.harmless.is_value(&shown) || shown == PERSON;
        self.hide_also(value, is_harmless);
        format!("{}={}", self.word(&name), self.text(&shown, is_harmless))
    }

    /// A sentence may quote it as it was sent.
    fn hide_also(&mut self, sent: &str, is_harmless: bool) {
        if !self.shows_all && !is_harmless {
            self.hidden.add(sent);
        }
    }

    fn header(&mut self, (name, value): &(String, String)) -> (String, String) {
        let known = name.to_ascii_lowercase();
        let is_open = OPEN_HEADERS.contains(&known.as_str()) && is_header_value(&known, value);
        let is_masked =
            value.ends_with(PERSON) && self.harmless.is_word(value.trim_end_matches(PERSON).trim());
        let name = if is_header(&known) {
            one_line(name)
        } else {
            self.text(name, false)
        };
        (name, self.text(value, is_open || is_masked))
    }

    fn mask(&mut self, mask: &UpdateMask) -> UpdateMask {
        UpdateMask {
            sent: mask.sent.as_ref().map(|sent| self.paths(sent)),
            paths: mask.paths.iter().map(|path| self.paths(path)).collect(),
        }
    }

    fn paths(&mut self, paths: &str) -> String {
        let shown = paths.split(',').map(|path| {
            let is_harmless = self.harmless.is_path(path.trim());
            self.text(path, is_harmless)
        });
        shown.collect::<Vec<_>>().join(",")
    }

    /// A JSON value of a message.
    pub(super) fn value(&mut self, value: &Value) -> Value {
        self.value_of("", value)
    }

    fn value_of(&mut self, name: &str, value: &Value) -> Value {
        match value {
            Value::Object(fields) => {
                let shown = fields.iter().map(|(name, value)| {
                    let shown = if PEOPLE.contains(&name.as_str()) {
                        self.person(value)
                    } else {
                        self.value_of(name, value)
                    };
                    (self.word(name), shown)
                });
                Value::Object(shown.collect::<Map<_, _>>())
            }
            Value::Array(items) => items.iter().map(|item| self.value_of(name, item)).collect(),
            Value::String(text) => {
                let is_harmless = self.harmless.is_value_of(name, text);
                self.text(text, is_harmless).into()
            }
            Value::Number(number) => {
                let text = number.to_string();
                if self.shows_all || self.harmless.is_value_of(name, &text) {
                    return value.clone();
                }
                self.text(&text, false).into()
            }
            Value::Bool(_) | Value::Null => value.clone(),
        }
    }

    fn person(&mut self, value: &Value) -> Value {
        if self.shows_all {
            return self.value_of("", value);
        }
        self.hidden.add_all(value);
        PERSON.into()
    }

    fn copy(&mut self, copy: &BookingCopy) -> BookingCopy {
        BookingCopy {
            booking_id: self.id(&copy.booking_id),
            merchant_id: self.id(&copy.merchant_id),
            service_id: self.id(&copy.service_id),
            payment_transaction_id: copy.payment_transaction_id.as_ref().map(|id| self.id(id)),
            // A telephone number is no party.
            party_size: copy
                .party_size
                .filter(|size| self.shows_all || self.harmless.is_value(&size.to_string())),
            ..copy.clone()
        }
    }

    /// The texts of a remark are names, values and one sentence.
    fn lint(&mut self, lint: &Lint) -> Option<Lint> {
        let Value::Object(mut fields) = serde_json::to_value(lint).ok()? else {
            return None;
        };
        for (name, value) in &mut fields {
            if let Some(text) = value.as_str().filter(|_| name != "lint").map(str::to_owned) {
                let is_harmless = self.harmless.is_value_of("name", &text);
                *value = if name == "reason" {
                    self.sentence(&text)
                } else {
                    self.text(&text, is_harmless)
                }
                .into();
            }
        }
        serde_json::from_value(Value::Object(fields)).ok()
    }

    /// What was answered: a message, or an error whose sentences quote the call.
    fn answer(&mut self, body: &Value, is_read: bool) -> Value {
        let Value::Object(fields) = body else {
            return self.value(body);
        };
        if !["error", "error_description"]
            .iter()
            .any(|name| fields.contains_key(*name))
        {
            return self.value(body);
        }
        self.error(body, is_read)
    }

    fn error(&mut self, value: &Value, is_read: bool) -> Value {
        match value {
            Value::Object(fields) => {
                let shown = fields
                    .iter()
                    .map(|(name, value)| (name.clone(), self.error(value, is_read)));
                Value::Object(shown.collect())
            }
            Value::Array(items) => items.iter().map(|item| self.error(item, is_read)).collect(),
            // What is no JSON is quoted from the second line on.
            Value::String(text) if !is_read && !self.shows_all => {
                let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
                let rest = if rest.is_empty() {
                    String::new()
                } else {
                    format!(" {}", masked(rest))
                };
                format!("{}{rest}", self.sentence(first)).into()
            }
            Value::String(text) => self.lines(text).into(),
            other => other.clone(),
        }
    }

    pub(super) fn finding(&mut self, finding: Finding) -> Finding {
        let mut shown = finding;
        shown.message = self.sentence(&shown.message);
        shown.evidence.pointer = shown.evidence.pointer.map(|pointer| {
            let is_harmless = self.harmless.is_pointer(&pointer);
            self.text(&pointer, is_harmless)
        });
        shown.evidence.expected = self.evidence(&shown.evidence.expected);
        shown.evidence.actual = self.evidence(&shown.evidence.actual);
        shown.answer = None;
        shown
    }

    /// What was due and what was there are values or sentences.
    fn evidence(&mut self, value: &Value) -> Value {
        match value {
            Value::String(text) => self.sentence(text).into(),
            Value::Array(items) => items.iter().map(|item| self.evidence(item)).collect(),
            other => self.value(other),
        }
    }

    /// A sentence of Google's side or of a rule.
    pub(super) fn sentence(&mut self, text: &str) -> String {
        if self.shows_all {
            return one_line(text);
        }
        one_line(&self.hidden.without(text, self.harmless))
    }

    /// Several of them.
    fn lines(&mut self, text: &str) -> String {
        let shown = if self.shows_all {
            text.to_owned()
        } else {
            self.hidden.without(text, self.harmless)
        };
        shown.split('\n').map(one_line).collect::<Vec<_>>().join("\n")
    }
}
