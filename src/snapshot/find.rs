//! Where varying values stand inside text: in URLs, in resource names, percent-encoded, inside JSON.

use super::learn::{SHORTEST, VaryingValues, Word};
use super::{time, tree};
use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use std::ops::Range;

/// The characters that most clients leave as they are in a path.
const LENIENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~');

/// The collections of Google's resource names and what stands after them.
const COLLECTIONS: [(&str, Word); 4] = [
    ("partners", "partner"),
    ("bookings", "booking"),
    ("merchants", "merchant"),
    ("services", "service"),
];

/// A place in a text that an alias takes.
#[derive(Debug)]
pub(super) struct Mark {
    /// Bytes.
    pub(super) range: Range<usize>,
    /// The word of the alias.
    pub(super) word: Word,
    /// The value itself, however it is spelt there.
    pub(super) value: String,
}

/// Recognises the varying values of one history.
#[derive(Debug)]
pub(super) struct Finder {
    varying: VaryingValues,
    automaton: Option<AhoCorasick>,
    /// The value that each pattern of the automaton is a form of.
    values: Vec<String>,
}

impl Finder {
    /// A finder for what varies in a history.
    pub(super) fn new(varying: VaryingValues) -> Self {
        let (patterns, values): (Vec<String>, Vec<String>) = varying
            .words
            .keys()
            .flat_map(|value| forms(value).into_iter().map(|form| (form, value.clone())))
            .unzip();
        let automaton = AhoCorasick::builder()
            .match_kind(MatchKind::LeftmostLongest)
            // A history is short: the faster automata cost more to build than they save.
            .kind(Some(AhoCorasickKind::NoncontiguousNFA))
            .build(&patterns)
            .ok()
            .filter(|_| !patterns.is_empty());
        Self {
            varying,
            automaton,
            values,
        }
    }

    /// The word under which a varying value is shown.
    pub(super) fn word(&self, value: &str) -> Option<Word> {
        self.varying.words.get(value).copied()
    }

    /// True for a number that could be a moment of the run.
    pub(super) fn is_moment(&self, number: i64) -> bool {
        self.varying
            .began_sec
            .is_some_and(|began| time::near(number, began))
    }

    /// The word of a value whose place gives it this one: what it was known as first stands.
    pub(super) fn word_for(&self, word: Word, value: &str) -> Word {
        match self.varying.words.get(value) {
            Some(known) if value.len() >= SHORTEST => known,
            _ => word,
        }
    }

    /// The places of a text that aliases take, in order and apart from each other.
    pub(super) fn marks(&self, text: &str) -> Vec<Mark> {
        let finders = [Self::segments, Self::varying_values, Self::moments, Self::uuids];
        let mut marks: Vec<Mark> = finders.iter().flat_map(|find| find(self, text)).collect();
        // The sort is stable: of two that begin together, the earlier finder's stands.
        marks.sort_by_key(|mark| mark.range.start);
        let mut end = 0;
        marks.retain(|mark| {
            let apart = mark.range.start >= end;
            end = if apart { mark.range.end } else { end };
            apart
        });
        marks
    }

    /// `partners/P/bookings/B`: what stands after a collection is an id, however short.
    fn segments(&self, text: &str) -> Vec<Mark> {
        if !text.contains("partners/") {
            return Vec::new();
        }
        let mut found = Vec::new();
        let mut start = 0;
        let mut before = "";
        for segment in text.split('/') {
            let id = segment
                .split(['?', '#', '"', '\'', ' ', ','])
                .next()
                .unwrap_or_default();
            let collection = COLLECTIONS.iter().find(|(name, _)| before.ends_with(name));
            if let Some((_, word)) = collection.filter(|_| !id.is_empty()) {
                let value = percent_decode_str(id).decode_utf8_lossy().into_owned();
                let word = self.word_for(word, &value);
                found.push(Mark {
                    range: start..start + id.len(),
                    word,
                    value,
                });
            }
            start += segment.len() + 1;
            before = segment;
        }
        found
    }

    fn varying_values(&self, text: &str) -> Vec<Mark> {
        let Some(automaton) = &self.automaton else {
            return Vec::new();
        };
        let mark = |found: aho_corasick::Match| {
            let value = &self.values[found.pattern().as_usize()];
            let word = self.varying.words.get(value)?;
            is_whole(text, &found.range()).then(|| Mark {
                range: found.range(),
                word,
                value: value.clone(),
            })
        };
        automaton.find_iter(text).filter_map(mark).collect()
    }

    fn moments(&self, text: &str) -> Vec<Mark> {
        let mark = |(range, sec): (Range<usize>, i64)| {
            let value = sec.to_string();
            let known = self.varying.words.get(&value).copied();
            let word = known.or_else(|| self.is_moment(sec).then_some("time"))?;
            Some(Mark { range, word, value })
        };
        time::find(text).into_iter().filter_map(mark).collect()
    }

    fn uuids(&self, text: &str) -> Vec<Mark> {
        let last = text.len().saturating_sub(35);
        let is_uuid = |at: &usize| {
            text.get(*at..at + 36)
                .is_some_and(|part| is_uuid(part.as_bytes()))
        };
        let ranges = (0..last).filter(is_uuid).map(|at| at..at + 36);
        let mark = |range: Range<usize>| {
            let value = text[range.clone()].to_ascii_lowercase();
            Mark {
                word: self.word_for("uuid", &value),
                range,
                value,
            }
        };
        ranges.filter(|range| is_whole(text, range)).map(mark).collect()
    }
}

/// The spellings in which a value can come back: as it is, percent-encoded, and inside JSON.
fn forms(value: &str) -> Vec<String> {
    let quoted = tree::quoted(value);
    let mut forms = vec![
        value.to_owned(),
        utf8_percent_encode(value, NON_ALPHANUMERIC).to_string(),
        utf8_percent_encode(value, LENIENT).to_string(),
        quoted[1..quoted.len() - 1].to_owned(),
    ];
    forms.sort();
    forms.dedup();
    forms
}

/// True when a match is not a part of a longer word: `bk_1` is not inside `bk_12`.
fn is_whole(text: &str, range: &Range<usize>) -> bool {
    let bytes = text.as_bytes();
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-' || byte >= 0x80;
    let escaped = range.start >= 3 && bytes[range.start - 3] == b'%';
    let open_before =
        escaped || range.start == 0 || !is_word(bytes[range.start - 1]) || !is_word(bytes[range.start]);
    let open_after = range.end == bytes.len() || !is_word(bytes[range.end]) || !is_word(bytes[range.end - 1]);
    open_before && open_after
}

fn is_uuid(bytes: &[u8]) -> bool {
    bytes.iter().enumerate().all(|(place, byte)| match place {
        8 | 13 | 18 | 23 => *byte == b'-',
        _ => byte.is_ascii_hexdigit(),
    })
}
