//! Secrets are masked by value, in whatever way they are written, before anything is recorded.
//!
//! A text is read again and again: as it is, with its escapes undone, with what looks like base64 or hex decoded. In each
//! reading the secrets are looked for, and what is found is masked at the place in the text from which it was read. So
//! the rest of the text stays as it was sent, and JSON stays JSON.

mod encodings;
mod escapes;
mod needles;
mod place;
mod reading;
mod strength;
#[cfg(test)]
mod tests;

use needles::{Halves, Needles};
use reading::Reading;
use serde_json::Value;
use std::ops::Range;
use std::sync::Arc;
use std::sync::{Mutex, PoisonError};

/// The text in place of a secret.
const MASKED: &str = "[masked]";

/// Escapes in escapes are undone so many times.
const DEPTH: usize = 4;

/// What is base64 or hex inside of base64 or hex is decoded, and nothing deeper.
const ENCODED: usize = 2;

/// Replaces known secrets in text, whatever place they turn up in.
#[derive(Debug, Clone)]
pub struct Masker {
    needles: Arc<Needles>,
}

/// Bytes. Larger texts are read one after the other.
const LARGE: usize = 64 * 1024;

static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

impl Masker {
    /// A masker for these secrets, and for the access tokens of Google's side.
    ///
    /// A secret that is as weak as an ordinary word is masked in fewer ways than others, and one that cannot be told from
    /// ordinary text is not masked: `strength` says which.
    pub fn new<'s>(secrets: impl IntoIterator<Item = &'s str>) -> Self {
        Self {
            needles: Arc::new(Needles::new(secrets)),
        }
    }

    /// The text with every secret replaced.
    pub fn mask(&self, text: &str) -> String {
        self.mask_all(&[text]).concat()
    }

    /// The texts of one message. A secret of which one half stands in one of them and the other half in another is masked,
    /// too.
    pub fn mask_all(&self, texts: &[&str]) -> Vec<String> {
        let is_large = texts.iter().map(|text| text.len()).sum::<usize>() > LARGE;
        // A reading takes many times the memory of its text, and many answers may come at the same moment.
        let _alone = is_large.then(|| ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner));
        let mut halves = Halves::default();
        let searched = texts.iter().enumerate();
        let mut found: Vec<Vec<Range<usize>>> = searched
            .map(|(number, text)| self.search(text, number, &mut halves))
            .collect();
        for (number, place) in halves.of_one_secret() {
            found[number].push(place);
        }
        let texts = texts.iter().zip(found);
        texts.map(|(text, found)| place::mask(text, found)).collect()
    }

    /// A JSON value with every secret in it replaced.
    pub fn mask_json(&self, value: &Value) -> Value {
        // In the text, since a secret may be inside of a string that is JSON itself, or lie across several strings.
        let text = value.to_string();
        let shown = self.mask(&text);
        if shown == text {
            return value.clone();
        }
        serde_json::from_str(&shown).unwrap_or_default()
    }

    /// Where secrets stand in a text.
    fn search(&self, text: &str, number: usize, halves: &mut Halves) -> Vec<Range<usize>> {
        let mut search = Search {
            needles: &self.needles,
            text,
            number,
            halves,
            found: Vec::new(),
        };
        let plain = Reading::of(text);
        let mail = escapes::undone_as_in_mail(&plain);
        search.read(plain);
        if let Some(mail) = mail {
            search.read(mail);
        }
        search.found
    }
}

/// The search of one text.
struct Search<'s> {
    needles: &'s Needles,
    text: &'s str,
    number: usize,
    halves: &'s mut Halves,
    found: Vec<Range<usize>>,
}

impl Search<'_> {
    /// Looks at a reading, and at what becomes of it when its escapes are undone and what is encoded is decoded.
    fn read(&mut self, mut reading: Reading) {
        for _ in 0..DEPTH {
            self.look_into(&reading, ENCODED);
            match escapes::undone(&reading) {
                Some(next) => reading = next,
                None => return,
            }
        }
    }

    /// Looks at a reading, and at what is encoded in it, and again in that.
    fn look_into(&mut self, reading: &Reading, depth: usize) {
        let letters = self.look(reading);
        if depth == 0 {
            return;
        }
        let base64 = encodings::base64(reading, self.needles.in_any_word);
        for decoded in encodings::hex(&letters).iter().chain(&base64) {
            self.look_into(decoded, depth - 1);
            if let Some(undone) = escapes::undone(decoded) {
                self.look(&undone);
            }
        }
    }

    /// Looks at one reading, and at its letters alone.
    fn look(&mut self, reading: &Reading) -> Reading {
        for place in self.needles.exact(reading.bytes()) {
            self.found.extend(reading.places(place, self.text));
        }
        let letters = reading.letters();
        let found = self.needles.of_letters(letters.bytes());
        let with_signs = if found.pieces.is_empty() {
            Vec::new()
        } else {
            self.needles.with_signs(reading.bytes())
        };
        for place in with_signs {
            self.found.extend(reading.places(place, self.text));
        }
        for place in found.pieces {
            self.found.extend(letters.places(place, self.text));
        }
        for part in found.parts {
            let places = letters.places(part.place.clone(), self.text);
            self.halves.add(&part, self.number, places);
        }
        letters
    }
}
