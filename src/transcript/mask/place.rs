//! What was found, masked at its place.

use super::MASKED;
use serde::de::IgnoredAny;
use std::ops::Range;

/// A piece of a secret that is shorter is a star: of a secret that was taken apart there are many.
const SHORT: usize = 4;

/// The text with what stands at the places masked. JSON stays JSON.
pub(super) fn mask(text: &str, places: Vec<Range<usize>>) -> String {
    let places = joined(text, places);
    if places.is_empty() {
        return text.to_owned();
    }
    if !is_json(text) {
        return replaced(text, &places, |piece| star_or_mask(piece).to_owned());
    }
    let shown = in_json(text, &places);
    if is_json(&shown) {
        return shown;
    }
    // A place that cut an escape in two: its string is masked as a whole.
    let whole = strings(text)
        .into_iter()
        .filter(|string| places.iter().any(|place| overlap(string, place)));
    replaced(text, &whole.collect::<Vec<_>>(), |_| MASKED.to_owned())
}

fn overlap(one: &Range<usize>, other: &Range<usize>) -> bool {
    one.start < other.end && other.start < one.end
}

fn is_json(text: &str) -> bool {
    serde_json::from_str::<IgnoredAny>(text).is_ok()
}

/// In order, without overlaps, and with whole characters.
fn joined(text: &str, mut places: Vec<Range<usize>>) -> Vec<Range<usize>> {
    places.sort_by_key(|place| (place.start, place.end));
    let mut joined: Vec<Range<usize>> = Vec::new();
    for place in places.into_iter().filter(|place| !place.is_empty()) {
        let place = whole_characters(text, &place);
        match joined.last_mut() {
            Some(last) if place.start <= last.end => last.end = last.end.max(place.end),
            _ => joined.push(place),
        }
    }
    joined
}

fn whole_characters(text: &str, place: &Range<usize>) -> Range<usize> {
    let is_boundary = |at: &usize| text.is_char_boundary(*at);
    let start = (0..=place.start).rev().find(is_boundary).unwrap_or_default();
    let end = (place.end..text.len()).find(is_boundary).unwrap_or(text.len());
    start..end
}

fn replaced(text: &str, places: &[Range<usize>], shown_for: impl Fn(&str) -> String) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut at = 0;
    for place in places {
        shown.push_str(&text[at..place.start]);
        shown.push_str(&shown_for(&text[place.clone()]));
        at = place.end;
    }
    shown.push_str(&text[at..]);
    shown
}

fn star_or_mask(piece: &str) -> &'static str {
    if piece.len() < SHORT { "*" } else { MASKED }
}

/// Inside of strings as elsewhere; the digits of a number become nines, since a number is to stay one.
fn in_json(text: &str, places: &[Range<usize>]) -> String {
    let strings = strings(text);
    let mut strings = strings.iter().peekable();
    let mut pieces: Vec<(Range<usize>, bool)> = Vec::new();
    for place in places {
        let mut at = place.start;
        while at < place.end {
            while strings.next_if(|string| string.end <= at).is_some() {}
            let (end, is_string) = match strings.peek() {
                Some(string) if string.start <= at => (string.end, true),
                Some(string) => (string.start, false),
                None => (place.end, false),
            };
            let end = end.min(place.end);
            pieces.push((at..end, is_string));
            at = end;
        }
    }
    let mut shown = String::with_capacity(text.len());
    let mut at = 0;
    for (piece, is_string) in pieces {
        shown.push_str(&text[at..piece.start]);
        let hidden = &text[piece.clone()];
        if is_string {
            shown.push_str(star_or_mask(hidden));
        } else {
            shown.extend(
                hidden
                    .chars()
                    .map(|sign| if sign.is_ascii_digit() { '9' } else { sign }),
            );
        }
        at = piece.end;
    }
    shown.push_str(&text[at..]);
    shown
}

/// The insides of the strings of a JSON text.
fn strings(text: &str) -> Vec<Range<usize>> {
    let mut strings = Vec::new();
    let mut start = None;
    let mut is_escaped = false;
    for (at, byte) in text.bytes().enumerate() {
        match (start, byte) {
            _ if is_escaped => is_escaped = false,
            (Some(_), b'\\') => is_escaped = true,
            (Some(from), b'"') => {
                strings.push(from..at);
                start = None;
            }
            (None, b'"') => start = Some(at + 1),
            _ => {}
        }
    }
    strings
}
