//! What is looked for.

use super::encodings::looks_encoded;
use super::reading::letters_of;
use super::strength::{Strength, is_part, is_telling};
use aho_corasick::AhoCorasick;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// Access tokens of Google's side begin so; each of them is a secret for an hour.
const ACCESS_TOKEN: &str = "ya29.";
/// What follows is so long at least.
const SHORTEST_TOKEN: usize = 16;

/// The length of the pieces of a secret that are masked by themselves: half of it, within these bounds.
const PIECE: (usize, usize) = (8, 16);
/// Of a long secret only pieces that begin at every eighth letter are looked for.
const LARGEST_STEP: usize = 8;
/// The length of what both halves of a secret are found by.
const SEED: usize = 4;
/// Strings in a secret that is JSON are secrets if they are so long.
const SHORTEST_LEAF: usize = 8;

/// Everything that is looked for. Without an automaton, which only secrets of gigabytes would prevent, all text is masked.
#[derive(Debug)]
pub(super) struct Needles {
    exact: Option<AhoCorasick>,
    exact_kinds: Vec<Exact>,
    /// Strong secrets with their signs. They are found by their letters; this is for masking them in one piece.
    with_signs: Option<AhoCorasick>,
    letters: Option<AhoCorasick>,
    letter_kinds: Vec<OfLetters>,
    /// Letters and digits of strong secrets, forwards and backwards.
    spellings: Vec<Vec<u8>>,
    /// True where base64 of some secret looks like an ordinary word.
    pub(super) in_any_word: bool,
}

/// What is looked for as it is, but for the case of letters.
#[derive(Debug, Clone, Copy)]
enum Exact {
    WholeWord,
    AccessToken,
}

/// What is looked for among letters and digits alone, by the number of the spelling.
#[derive(Debug, Clone, Copy)]
enum OfLetters {
    Piece { spelling: usize, at: usize },
    Half { spelling: usize, side: Side },
}

/// The beginning or the end of a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Side {
    Head,
    Tail,
}

/// What was found among letters and digits alone.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// Secrets, and pieces of them that are masked wherever they are.
    pub(super) pieces: Vec<Range<usize>>,
    /// Pieces that are masked if the rest of the secret is there, too.
    pub(super) parts: Vec<Part>,
}

/// The beginning or the end of a secret, at a place.
#[derive(Debug)]
pub(super) struct Part {
    spelling: usize,
    whole: usize,
    side: Side,
    pub(super) place: Range<usize>,
}

impl Needles {
    pub(super) fn new<'s>(secrets: impl IntoIterator<Item = &'s str>) -> Self {
        let secrets: BTreeSet<String> = secrets.into_iter().flat_map(with_leaves).collect();
        let mut exact = vec![(ACCESS_TOKEN.to_owned(), Exact::AccessToken)];
        let (mut with_signs, mut letters, mut spellings) = (Vec::new(), Vec::new(), Vec::new());
        for secret in &secrets {
            match Strength::of(secret) {
                Strength::Ordinary => {}
                Strength::Weak => exact.push((secret.clone(), Exact::WholeWord)),
                Strength::Strong => {
                    with_signs.push(secret.as_bytes());
                    // The names in JSON are not secret, and its strings are looked for by themselves.
                    if !leaves(secret).is_empty() {
                        exact.push((secret.clone(), Exact::WholeWord));
                        continue;
                    }
                    let forwards = letters_of(secret);
                    let backwards = letters_of(&secret.chars().rev().collect::<String>());
                    for spelling in [forwards, backwards] {
                        letters.extend(needles_of(&spelling, spellings.len()));
                        spellings.push(spelling);
                    }
                }
            }
        }
        Self {
            exact: automaton(exact.iter().map(|(text, _)| text.as_bytes())),
            exact_kinds: exact.iter().map(|(_, kind)| *kind).collect(),
            with_signs: automaton(with_signs.into_iter()),
            letters: automaton(letters.iter().map(|(text, _)| text.as_slice())),
            letter_kinds: letters.iter().map(|(_, kind)| *kind).collect(),
            spellings,
            in_any_word: !secrets.iter().all(|secret| looks_encoded(secret)),
        }
    }

    /// What occurs as it is.
    pub(super) fn exact(&self, bytes: &[u8]) -> Vec<Range<usize>> {
        let Some(automaton) = &self.exact else {
            return std::iter::once(0..bytes.len()).collect();
        };
        let mut found: Vec<Range<usize>> = Vec::new();
        for hit in automaton.find_overlapping_iter(bytes) {
            let is_known = found
                .last()
                .is_some_and(|last| last.end >= hit.end() && last.start <= hit.start());
            if is_known {
                continue;
            }
            match self.exact_kinds[hit.pattern().as_usize()] {
                Exact::WholeWord => found.extend(is_whole_word(bytes, &hit.range()).then(|| hit.range())),
                Exact::AccessToken => found.extend(access_token(bytes, &hit.range())),
            }
        }
        found
    }

    /// Where strong secrets occur with their signs.
    pub(super) fn with_signs(&self, bytes: &[u8]) -> Vec<Range<usize>> {
        let hits = self
            .with_signs
            .iter()
            .flat_map(|automaton| automaton.find_iter(bytes));
        hits.map(|hit| hit.range()).collect()
    }

    /// What occurs among letters and digits alone.
    pub(super) fn of_letters(&self, letters: &[u8]) -> Found {
        let Some(automaton) = &self.letters else {
            return Found {
                pieces: std::iter::once(0..letters.len()).collect(),
                parts: Vec::new(),
            };
        };
        let mut found = Found::default();
        // What has been masked of each spelling already need not be measured once more.
        let mut ends = vec![0; self.spellings.len()];
        for hit in automaton.find_overlapping_iter(letters) {
            match self.letter_kinds[hit.pattern().as_usize()] {
                OfLetters::Piece { spelling, at } => {
                    if hit.end() > ends[spelling] {
                        let place = widened(letters, hit.range(), &self.spellings[spelling], at);
                        ends[spelling] = place.end;
                        found.pieces.push(place);
                    }
                }
                OfLetters::Half { spelling, side } => {
                    found
                        .parts
                        .extend(self.part(letters, hit.range(), spelling, side));
                }
            }
        }
        found
    }

    /// The part of a secret that is found by its first or last letters.
    fn part(&self, letters: &[u8], seed: Range<usize>, spelling: usize, side: Side) -> Option<Part> {
        let whole = &self.spellings[spelling];
        let at = match side {
            Side::Head => 0,
            Side::Tail => whole.len() - SEED,
        };
        let place = widened(letters, seed, whole, at);
        let is_proper = place.len() < whole.len() && is_part(&letters[place.clone()]);
        is_proper.then_some(Part {
            spelling,
            whole: whole.len(),
            side,
            place,
        })
    }
}

fn automaton<'n>(needles: impl Iterator<Item = &'n [u8]>) -> Option<AhoCorasick> {
    let mut builder = AhoCorasick::builder();
    builder.ascii_case_insensitive(true).build(needles).ok()
}

/// The secret, and the strings in it if it is JSON: a payment token is, and comes back in another order.
fn with_leaves(secret: &str) -> Vec<String> {
    let mut all = leaves(secret);
    all.push(secret.to_owned());
    all
}

fn leaves(secret: &str) -> Vec<String> {
    match serde_json::from_str(secret) {
        Ok(Value::Object(fields)) => fields.values().flat_map(leaves_of).collect(),
        _ => Vec::new(),
    }
}

fn leaves_of(value: &Value) -> Vec<String> {
    match value {
        Value::String(text) if text.len() >= SHORTEST_LEAF => with_leaves(text),
        Value::Array(items) => items.iter().flat_map(leaves_of).collect(),
        Value::Object(fields) => fields.values().flat_map(leaves_of).collect(),
        _ => Vec::new(),
    }
}

/// The whole, the pieces that are masked by themselves, and what the halves are found by.
fn needles_of(spelling: &[u8], number: usize) -> Vec<(Vec<u8>, OfLetters)> {
    let piece = |place: Range<usize>| {
        let at = place.start;
        (
            spelling[place].to_vec(),
            OfLetters::Piece { spelling: number, at },
        )
    };
    let mut needles = vec![piece(0..spelling.len())];
    let half = spelling.len().div_ceil(2);
    let length = half.clamp(PIECE.0, PIECE.1);
    let step = (half.saturating_sub(length) + 1).clamp(1, LARGEST_STEP);
    for at in (0..spelling.len().saturating_sub(length)).step_by(step) {
        let place = at..at + length;
        if is_telling(&spelling[place.clone()]) {
            needles.push(piece(place));
        }
    }
    let last = spelling.len().saturating_sub(length)..spelling.len();
    if is_telling(&spelling[last.clone()]) {
        needles.push(piece(last));
    }
    let tail = spelling.len().saturating_sub(SEED);
    for (seed, side) in [(&spelling[..SEED], Side::Head), (&spelling[tail..], Side::Tail)] {
        let half = OfLetters::Half {
            spelling: number,
            side,
        };
        needles.push((seed.to_vec(), half));
    }
    needles
}

/// A piece of a secret with as much before and after it as is the secret's, too.
fn widened(letters: &[u8], piece: Range<usize>, whole: &[u8], at: usize) -> Range<usize> {
    let same = |(one, other): &(&u8, &u8)| one == other;
    let after = letters[piece.end..]
        .iter()
        .zip(&whole[at + piece.len()..])
        .take_while(same)
        .count();
    let before = letters[..piece.start]
        .iter()
        .rev()
        .zip(whole[..at].iter().rev())
        .take_while(same)
        .count();
    piece.start - before..piece.end + after
}

fn is_whole_word(bytes: &[u8], place: &Range<usize>) -> bool {
    let is_letter = |at: Option<usize>| {
        at.and_then(|at| bytes.get(at))
            .is_some_and(u8::is_ascii_alphanumeric)
    };
    let is_joined = |inside: usize, outside: Option<usize>| is_letter(Some(inside)) && is_letter(outside);
    !is_joined(place.start, place.start.checked_sub(1)) && !is_joined(place.end - 1, Some(place.end))
}

fn access_token(bytes: &[u8], start: &Range<usize>) -> Option<Range<usize>> {
    let is_of_token = |byte: &&u8| byte.is_ascii_alphanumeric() || b"._-~+/=".contains(byte);
    let length = bytes[start.end..].iter().take_while(is_of_token).count();
    (length >= SHORTEST_TOKEN).then(|| start.start..start.end + length)
}

/// The parts of secrets that were found in the texts of one message.
#[derive(Debug, Default)]
pub(super) struct Halves {
    parts: BTreeMap<usize, Vec<FoundPart>>,
}

#[derive(Debug)]
struct FoundPart {
    whole: usize,
    side: Side,
    length: usize,
    text: usize,
    places: Vec<Range<usize>>,
}

impl Halves {
    pub(super) fn add(&mut self, part: &Part, text: usize, places: Vec<Range<usize>>) {
        self.parts.entry(part.spelling).or_default().push(FoundPart {
            whole: part.whole,
            side: part.side,
            length: part.place.len(),
            text,
            places,
        });
    }

    /// Text and place of every part that makes up a whole secret with another one.
    pub(super) fn of_one_secret(&self) -> Vec<(usize, Range<usize>)> {
        let mut found = Vec::new();
        for parts in self.parts.values() {
            let longest = |side: Side| {
                let lengths = parts
                    .iter()
                    .filter(|part| part.side == side)
                    .map(|part| part.length);
                lengths.max().unwrap_or_default()
            };
            let (head, tail) = (longest(Side::Head), longest(Side::Tail));
            for part in parts {
                let other = if part.side == Side::Head { tail } else { head };
                if other > 0 && part.length + other >= part.whole {
                    found.extend(part.places.iter().map(|place| (part.text, place.clone())));
                }
            }
        }
        found
    }
}
