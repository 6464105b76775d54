//! A text as it is read in one way, each byte with the place that it was read from.

use super::MASKED;
use std::ops::Range;

/// A byte that no secret holds: nothing is found across it.
pub(super) const BARRIER: u8 = 0xFF;

/// Signs of JSON, XML, headers and queries, which stay where they stand between the pieces of a secret.
const STRUCTURE: &[u8] = b"\"'{}[]:,<>&;= \t\r\n\\";

/// It may part a text in XML anywhere, and has letters of its own.
const CDATA: &[u8] = b"<![CDATA[";

/// What becomes of a byte among letters and digits alone.
#[derive(Clone, Copy)]
enum Letter {
    Kept(u8),
    LeftOut,
    /// What it is depends on what follows.
    Start,
}

const LETTERS: [Letter; 256] = {
    let mut letters = [Letter::Start; 256];
    let mut byte = 0;
    while byte < 128 {
        let sign = byte as u8;
        letters[byte] = match sign {
            b'[' | b'<' => Letter::Start,
            _ if sign.is_ascii_alphanumeric() => Letter::Kept(sign.to_ascii_lowercase()),
            _ => Letter::LeftOut,
        };
        byte += 1;
    }
    letters
};

/// Bytes, and for each of them where in the text it comes from.
#[derive(Debug, Default)]
pub(super) struct Reading {
    bytes: Vec<u8>,
    /// None where every byte is itself.
    places: Option<Vec<(u32, u32)>>,
}

impl Reading {
    /// The text as it is. Texts are bodies and headers, whose size is limited long before four gigabytes.
    pub(super) fn of(text: &str) -> Self {
        Self {
            bytes: text.as_bytes().to_vec(),
            places: None,
        }
    }

    pub(super) fn with_capacity(length: usize) -> Self {
        Self {
            bytes: Vec::with_capacity(length),
            places: Some(Vec::with_capacity(length)),
        }
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Where some of the bytes come from.
    fn place(&self, bytes: &Range<usize>) -> (u32, u32) {
        match &self.places {
            None => (bytes.start as u32, bytes.end as u32),
            Some(places) => (places[bytes.start].0, places[bytes.end - 1].1),
        }
    }

    /// The same as pieces of the text, without the signs between them that may hold the text together.
    pub(super) fn places(&self, bytes: Range<usize>, text: &str) -> Vec<Range<usize>> {
        let mut places: Vec<Range<usize>> = Vec::new();
        for at in bytes {
            let (from, to) = self.place(&(at..at + 1));
            let place = from as usize..to as usize;
            match places.last_mut() {
                Some(last) if is_bridged(text, last, &place) => last.end = last.end.max(place.end),
                _ => places.push(place),
            }
        }
        places
    }

    /// One more byte, read from some bytes of another reading.
    pub(super) fn push(&mut self, byte: u8, other: &Self, bytes: &Range<usize>) {
        self.bytes.push(byte);
        if let Some(places) = &mut self.places {
            places.push(other.place(bytes));
        }
    }

    /// One more character, read from some bytes of another reading.
    pub(super) fn push_char(&mut self, letter: char, other: &Self, bytes: &Range<usize>) {
        for byte in letter.encode_utf8(&mut [0; 4]).bytes() {
            self.push(byte, other, bytes);
        }
    }

    /// Nothing is to be found across this.
    pub(super) fn push_barrier(&mut self) {
        self.bytes.push(BARRIER);
        if let Some(places) = &mut self.places {
            let end = places.last().map_or(0, |last| last.1);
            places.push((end, end));
        }
    }

    /// Letters and digits alone, in lower case: signs between them and the case of letters make no difference.
    pub(super) fn letters(&self) -> Self {
        let mut letters = Self::with_capacity(self.bytes.len());
        let mut at = 0;
        while at < self.bytes.len() {
            match LETTERS[usize::from(self.bytes[at])] {
                Letter::Kept(byte) => {
                    letters.push(byte, self, &(at..at + 1));
                    at += 1;
                }
                Letter::LeftOut => at += 1,
                Letter::Start => at += self.push_start(at, &mut letters),
            }
        }
        letters
    }

    /// How many bytes that takes which begins with the byte at a place.
    fn push_start(&self, at: usize, letters: &mut Self) -> usize {
        let rest = &self.bytes[at..];
        if rest.starts_with(MASKED.as_bytes()) {
            letters.push_barrier();
            return MASKED.len();
        }
        if rest.starts_with(CDATA) {
            return CDATA.len();
        }
        if rest[0].is_ascii() {
            return 1;
        }
        self.push_beyond_ascii(at, letters)
    }

    /// The same for a character that is no ASCII. What is no UTF-8 is read as Latin-1.
    fn push_beyond_ascii(&self, at: usize, letters: &mut Self) -> usize {
        let rest = &self.bytes[at..];
        let (letter, length) = match first_char(rest) {
            Some(letter) => (letter, letter.len_utf8()),
            None if rest[0] == BARRIER => {
                letters.push_barrier();
                return 1;
            }
            None => (char::from(rest[0]), 1),
        };
        if letter.is_alphanumeric() {
            // By way of the capital, since some letters have only that in common, as ß and SS.
            let capital = letter.to_uppercase();
            for small in capital.flat_map(char::to_lowercase) {
                letters.push_char(small, self, &(at..at + length));
            }
        }
        length
    }
}

/// True when what lies between two places may go with them.
fn is_bridged(text: &str, last: &Range<usize>, next: &Range<usize>) -> bool {
    let between = text.as_bytes().get(last.end..next.start);
    between.is_none_or(|between| !between.iter().any(|byte| STRUCTURE.contains(byte)))
}

/// The character with which bytes begin.
fn first_char(bytes: &[u8]) -> Option<char> {
    let start = &bytes[..bytes.len().min(4)];
    let text = match std::str::from_utf8(start) {
        Ok(text) => text,
        Err(error) => std::str::from_utf8(&start[..error.valid_up_to()]).ok()?,
    };
    text.chars().next()
}

/// Letters and digits of a text alone, in lower case.
pub(super) fn letters_of(text: &str) -> Vec<u8> {
    Reading::of(text).letters().bytes
}
