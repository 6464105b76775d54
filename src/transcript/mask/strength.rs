//! How far a secret can be told from ordinary text, which decides in how many ways it is masked.
//!
//! A word that is masked wherever it occurs would blank a report out, and change what rules judge.

use super::MASKED;
use super::reading::letters_of;
use protocol::model::{Enum, Model, v1alpha, v3};
use std::sync::OnceLock;

/// A shorter one is ordinary text, and so is a longer one of letters or digits alone.
const SHORTEST: usize = 4;
const SHORTEST_OF_ONE_KIND: usize = 8;

/// Letters and digits of a strong one: mixed, and of one kind.
const STRONG: usize = 8;
const STRONG_OF_ONE_KIND: usize = 12;

/// Parts of which both have to be there: mixed, and of one kind.
const PART: usize = 4;
const PART_OF_ONE_KIND: usize = 6;

/// How many ways there are in which a secret is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Strength {
    /// In none: `1234`, `secret`, or a word of Google's API such as `CONFIRMED`.
    Ordinary,
    /// As a whole word, in every encoding: `swordfish`, `p@$$word`.
    Weak,
    /// In every way.
    Strong,
}

impl Strength {
    pub(super) fn of(secret: &str) -> Self {
        let letters = letters_of(secret);
        let is_word = secret
            .chars()
            .all(|sign| sign.is_alphanumeric() || "_-".contains(sign));
        let is_of_the_wire = is_word && is_word_of_the_wire(&letters);
        if secret.contains(MASKED) || secret.len() < SHORTEST || is_of_the_wire {
            return Self::Ordinary;
        }
        if is_unlikely(&letters, STRONG, STRONG_OF_ONE_KIND) {
            return Self::Strong;
        }
        let is_of_one_kind = letters.len() == secret.len() && !is_mixed(&letters);
        if is_of_one_kind && secret.len() < SHORTEST_OF_ONE_KIND {
            return Self::Ordinary;
        }
        Self::Weak
    }
}

/// True for a piece of a secret that no other text has by chance.
pub(super) fn is_telling(piece: &[u8]) -> bool {
    is_unlikely(piece, STRONG, STRONG_OF_ONE_KIND) && !is_word_of_the_wire(piece)
}

/// True for a piece of a secret that other text hardly has by chance beside the rest of the secret.
pub(super) fn is_part(piece: &[u8]) -> bool {
    is_unlikely(piece, PART, PART_OF_ONE_KIND) && !is_word_of_the_wire(piece)
}

fn is_unlikely(letters: &[u8], mixed: usize, of_one_kind: usize) -> bool {
    letters.len() >= of_one_kind || letters.len() >= mixed && is_mixed(letters)
}

fn is_mixed(letters: &[u8]) -> bool {
    let digits = letters.iter().filter(|letter| letter.is_ascii_digit()).count();
    digits > 0 && digits < letters.len()
}

/// True for a part of a name of a message, a field or a value.
fn is_word_of_the_wire(letters: &[u8]) -> bool {
    static WORDS: OnceLock<String> = OnceLock::new();
    let Ok(word) = std::str::from_utf8(letters) else {
        return false;
    };
    let words = WORDS.get_or_init(|| [v3(), v1alpha()].map(words_of).concat());
    words.contains(word)
}

fn words_of(model: &Model) -> String {
    let fields = model.messages().flat_map(|message| &message.fields);
    let names = model.messages().map(|message| message.name.as_str());
    let values = model.enums().flat_map(Enum::names);
    let mut words = String::new();
    for name in names.chain(fields.map(|field| field.name.as_str())).chain(values) {
        words.push_str(&String::from_utf8_lossy(&letters_of(name)));
        words.push(char::REPLACEMENT_CHARACTER);
    }
    words
}
