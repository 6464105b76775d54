//! Sentences of Google's side and of rules, which quote what a partner sent.

use super::harmless::{Harmless, MARK, masked};
use serde_json::Value;
use std::collections::BTreeSet;

/// Shorter values are letters of ordinary words.
const SHORTEST: usize = 3;
/// So many values are taken out of a sentence. Where more were masked, sentences are masked whole.
const MOST: usize = 512;
/// A value that a sentence shows the beginning of is known by so much of it.
const BEGINNING: usize = 10;

/// What of a call was masked.
#[derive(Debug, Default)]
pub(super) struct Hidden {
    values: BTreeSet<String>,
}

impl Hidden {
    pub(super) fn add(&mut self, text: &str) {
        if text.chars().count() >= SHORTEST && self.values.len() <= MOST {
            self.values.insert(text.to_owned());
            let quoted = Value::from(text).to_string();
            self.values.insert(quoted[1..quoted.len() - 1].to_owned());
        }
    }

    /// Everything in a message.
    pub(super) fn add_all(&mut self, value: &Value) {
        match value {
            Value::String(text) => self.add(text),
            Value::Number(number) => self.add(&number.to_string()),
            Value::Array(items) => items.iter().for_each(|item| self.add_all(item)),
            Value::Object(fields) => fields.values().for_each(|value| self.add_all(value)),
            Value::Bool(_) | Value::Null => {}
        }
    }

    /// Sentences, one in a line, without what was masked, and without what they quote and is not known to be harmless.
    pub(super) fn without(&self, text: &str, harmless: &Harmless) -> String {
        // A value may have lines of its own.
        let text = self.without_values(text, harmless);
        let lines = text.split('\n').map(|line| without_quotes(line, harmless));
        lines.collect::<Vec<_>>().join("\n")
    }

    fn without_values(&self, text: &str, harmless: &Harmless) -> String {
        let is_cut = text.contains('\u{2026}');
        let is_begun = |value: &String| {
            let end = value.char_indices().nth(BEGINNING);
            end.is_some_and(|(end, _)| text.contains(&value[..end]))
        };
        if self.values.len() > MOST || is_cut && self.values.iter().any(is_begun) {
            return masked(text);
        }
        let mut longest: Vec<&String> = self.values.iter().collect();
        longest.sort_by_key(|value| std::cmp::Reverse(value.len()));
        let mut shown = text.to_owned();
        for value in longest.into_iter().filter(|value| !harmless.is_word(value)) {
            if shown.contains(value.as_str()) {
                shown = shown.replace(value.as_str(), &masked(value));
            }
        }
        shown
    }
}

/// The sentence with only harmless words in its quotes.
fn without_quotes(text: &str, harmless: &Harmless) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((start, quote)) = opening(rest, shown.chars().next_back()) {
        let inside = start + quote.len_utf8();
        shown.push_str(&rest[..inside]);
        let Some(length) = closing(&rest[inside..], quote) else {
            // A quote that does not end is all that is left.
            shown.push_str(&masked(&rest[inside..]));
            return shown;
        };
        let quoted = &rest[inside..inside + length];
        let is_shown = harmless.is_value(quoted) || harmless.is_id(quoted) || is_masked(quoted, harmless);
        shown.push_str(&if is_shown {
            quoted.to_owned()
        } else {
            masked(quoted)
        });
        shown.push(quote);
        rest = &rest[inside + length + quote.len_utf8()..];
    }
    shown.push_str(rest);
    shown
}

/// True where nothing but harmless words stands beside what is masked already.
fn is_masked(quoted: &str, harmless: &Harmless) -> bool {
    quoted.split(MARK).enumerate().all(|(number, part)| {
        let rest = if number == 0 {
            part
        } else {
            part.split_once(']').map_or(part, |(_, rest)| rest)
        };
        harmless.is_value(rest.trim_matches(['/', '.']))
    })
}

/// Where a quotation begins. An apostrophe inside of a word begins none.
fn opening(text: &str, before: Option<char>) -> Option<(usize, char)> {
    let mut last = before;
    for (at, sign) in text.char_indices() {
        let is_in_word = last.is_some_and(char::is_alphanumeric);
        if matches!(sign, '"' | '`') || sign == '\'' && !is_in_word {
            return Some((at, sign));
        }
        last = Some(sign);
    }
    None
}

/// How long it is. One in apostrophes ends where no word goes on.
fn closing(text: &str, quote: char) -> Option<usize> {
    let ends = |at: usize| {
        let next = text[at + quote.len_utf8()..].chars().next();
        quote != '\'' || !next.is_some_and(char::is_alphanumeric)
    };
    text.match_indices(quote).map(|(at, _)| at).find(|at| ends(*at))
}
