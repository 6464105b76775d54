//! JSON of any size, read through a window: objects and lists are walked, and of their values one at a time is held.

use super::broken::{StreamError, is_value, offset, value_kind};
use super::words::no_json;
use crate::error::{MAX_FILE_BYTES, Position, reason};
use serde::de::{Deserialize, DeserializeOwned, IgnoredAny};
use std::io::{self, Read};
use std::ops::Range;

/// How much is read at once: so much stays close to the processor from unpacking to parsing.
const CHUNK: usize = 1 << 18;
/// No value that is held is longer: a record is a few hundred bytes, and as many are held at a time as there are cores.
const LONGEST: usize = 8 << 20;
/// What some programs put in front of UTF-8.
const UTF8_MARK: &[u8] = b"\xef\xbb\xbf";

/// So deep below the root are the records of a feed.
const WALKED: usize = 3;

/// Where the window begins.
#[derive(Debug, Clone, Copy, Default)]
struct Start {
    bytes: u64,
    /// Whole lines before it.
    lines: usize,
    /// Bytes of its line before it.
    column: usize,
}

/// A source, and the part of it that is being looked at.
pub(crate) struct Stream<R> {
    source: R,
    window: Vec<u8>,
    at: usize,
    start: Start,
    ended: bool,
    /// What the source said after the window's last byte.
    failure: Option<io::Error>,
    chunk: usize,
}

/// Between the brackets of an object or a list.
#[derive(Debug, Default)]
pub(crate) struct Inside {
    after_first: bool,
}

/// A value that is in the window until the next one is asked for.
#[derive(Debug, Clone)]
pub(crate) struct Held(Range<usize>);

impl<R: Read> Stream<R> {
    pub(crate) fn new(source: R) -> Self {
        Self::with_chunk(source, CHUNK)
    }

    fn with_chunk(source: R, chunk: usize) -> Self {
        Self {
            source,
            window: Vec::new(),
            at: 0,
            start: Start::default(),
            ended: false,
            failure: None,
            chunk,
        }
    }

    /// Goes past a mark in front of the JSON; true when there was one.
    pub(crate) fn skip_mark(&mut self) -> Result<bool, StreamError> {
        self.fill_to(3)?;
        let there = self.window.starts_with(UTF8_MARK);
        if there {
            self.at = UTF8_MARK.len();
        }
        Ok(there)
    }

    /// What the first bytes are, if they are those of no JSON that can be read.
    pub(crate) fn foreign_encoding(&mut self) -> Result<Option<&'static str>, StreamError> {
        self.fill_to(3)?;
        Ok(match &self.window[..] {
            [0x1f, 0x8b, ..] => Some("gzip data: the name has to end in .json.gz"),
            [0xfe, 0xff, ..] | [0xff, 0xfe, ..] | [0, _, ..] | [_, 0, ..] => Some("UTF-16: feeds are UTF-8"),
            _ => None,
        })
    }

    fn fill_to(&mut self, bytes: usize) -> Result<(), StreamError> {
        while self.window.len() < bytes && !self.ended {
            self.fill()?;
        }
        Ok(())
    }

    /// An error at the place that has been reached.
    pub(crate) fn error_here(&self, reason: impl Into<String>) -> StreamError {
        self.form_error(self.at, reason, false)
    }

    /// Where the value that comes begins.
    pub(crate) fn here(&mut self) -> Result<Position, StreamError> {
        self.peek()?;
        Ok(self.place(self.at))
    }

    /// True when the value that comes is a list.
    pub(crate) fn is_list(&mut self) -> Result<bool, StreamError> {
        Ok(self.peek()? == Some(b'['))
    }

    /// Enters what opens with this bracket; `due` says what was expected instead of anything else.
    pub(crate) fn enter(&mut self, bracket: u8, due: &str) -> Result<Inside, StreamError> {
        match self.peek()? {
            Some(found) if found == bracket => {
                self.at += 1;
                Ok(Inside::default())
            }
            Some(found) => {
                let reason = format!("invalid type: {}, expected {due}", value_kind(found));
                Err(self.form_error(self.at, reason, is_value(found)))
            }
            None => Err(self.end_error("a value")),
        }
    }

    /// True when the value that comes is `null`, which is then behind us.
    pub(crate) fn is_null(&mut self) -> Result<bool, StreamError> {
        let null = self.peek()? == Some(b'n');
        if null {
            self.value()?;
        }
        Ok(null)
    }

    /// The next key of an object, or its end.
    pub(crate) fn key(&mut self, inside: &mut Inside) -> Result<Option<String>, StreamError> {
        if !self.step(inside, b'}', "`,` or `}`")? {
            return Ok(None);
        }
        match self.peek()? {
            Some(b'"') => {}
            Some(b'}') => return Err(self.form_error(self.at, "trailing comma", false)),
            Some(_) => return Err(self.form_error(self.at, "key must be a string", false)),
            None => return Err(self.end_error("an object")),
        }
        let held = self.value()?;
        let key = serde_json::from_str(self.text(&held)?);
        let key = key.map_err(|error| self.form_error(held.0.start, reason(&error), false))?;
        match self.peek()? {
            Some(b':') => self.at += 1,
            Some(_) => return Err(self.form_error(self.at, "expected `:`", false)),
            None => return Err(self.end_error("an object")),
        }
        Ok(Some(key))
    }

    /// True when another element of a list comes, false at its end.
    pub(crate) fn element(&mut self, inside: &mut Inside) -> Result<bool, StreamError> {
        if !self.step(inside, b']', "`,` or `]`")? {
            return Ok(false);
        }
        match self.peek()? {
            Some(b']') => Err(self.form_error(self.at, "trailing comma", false)),
            Some(_) => Ok(true),
            None => Err(self.end_error("a list")),
        }
    }

    fn step(&mut self, inside: &mut Inside, end: u8, due: &str) -> Result<bool, StreamError> {
        let found = self.peek()?.ok_or(());
        let Ok(found) = found else {
            return Err(self.end_error(if end == b'}' { "an object" } else { "a list" }));
        };
        if found == end {
            self.at += 1;
            return Ok(false);
        }
        if std::mem::replace(&mut inside.after_first, true) {
            if found != b',' {
                return Err(self.form_error(self.at, format!("expected {due}"), false));
            }
            self.at += 1;
        }
        Ok(true)
    }

    /// The next value, whole.
    pub(crate) fn value(&mut self) -> Result<Held, StreamError> {
        self.peek()?;
        loop {
            let mut values =
                serde_json::Deserializer::from_slice(&self.window[self.at..]).into_iter::<IgnoredAny>();
            let found = values.next();
            let end = self.at + values.byte_offset();
            let cut = match &found {
                None => true,
                // Digits at the edge of the window may go on behind it.
                Some(Ok(_)) => end == self.window.len(),
                Some(Err(error)) => self.error_offset(error) + 1 >= self.window.len(),
            };
            if cut && !self.ended {
                self.fill()?;
                continue;
            }
            match found {
                Some(Ok(IgnoredAny)) => {
                    let begun = std::mem::replace(&mut self.at, end);
                    return Ok(Held(begun..end));
                }
                Some(Err(error)) => {
                    let byte = self.error_offset(&error);
                    return Err(self.form_error(
                        byte,
                        no_json(reason(&error), self.window.get(byte..)),
                        false,
                    ));
                }
                None => return Err(self.end_error("a value")),
            }
        }
    }

    /// The next value in its typed form, where all of it is in the window and right. `pass` goes past it.
    pub(crate) fn parse_next<'s, T: Deserialize<'s>>(&'s self) -> Option<(T, Held)> {
        let mut values = serde_json::Deserializer::from_slice(&self.window[self.at..]).into_iter::<T>();
        let value = values.next()?.ok()?;
        let end = self.at + values.byte_offset();
        Some((value, Held(self.at..end)))
    }

    /// Goes past the value that comes.
    pub(crate) fn pass(&mut self, held: &Held) {
        self.at = held.0.end;
    }

    /// The byte of the window where the reader of the value that begins here failed.
    fn error_offset(&self, error: &serde_json::Error) -> usize {
        if error.is_eof() {
            return self.window.len();
        }
        self.at + offset(&self.window[self.at..], error.line(), error.column())
    }

    /// Goes past a value that may be longer than what can be held: lists of records are.
    pub(crate) fn skip(&mut self) -> Result<(), StreamError> {
        self.skip_down(WALKED)
    }

    fn skip_down(&mut self, depth: usize) -> Result<(), StreamError> {
        match self.peek()? {
            Some(b'[') if depth > 0 => {
                let mut list = self.enter(b'[', "a list")?;
                while self.element(&mut list)? {
                    self.skip_down(depth - 1)?;
                }
            }
            Some(b'{') if depth > 0 => {
                let mut object = self.enter(b'{', "an object")?;
                while self.key(&mut object)?.is_some() {
                    self.skip_down(depth - 1)?;
                }
            }
            _ => {
                let held = self.value()?;
                self.text(&held)?;
            }
        }
        Ok(())
    }

    /// The text of a value.
    pub(crate) fn text(&self, held: &Held) -> Result<&str, StreamError> {
        std::str::from_utf8(&self.window[held.0.clone()]).map_err(|error| {
            let byte = held.0.start + error.valid_up_to();
            self.form_error(byte, "no valid UTF-8", false)
        })
    }

    /// The next value as what it stands for.
    pub(crate) fn parse<T: DeserializeOwned>(&mut self) -> Result<T, StreamError> {
        let held = self.value()?;
        let text = self.text(&held)?;
        serde_json::from_str(text).map_err(|error| {
            let byte = held.0.start + offset(text.as_bytes(), error.line(), error.column());
            self.form_error(byte, reason(&error), error.is_data())
        })
    }

    /// The same, where a value that is no object stands for nothing.
    pub(crate) fn parse_or_none<T: DeserializeOwned>(&mut self) -> Result<Option<T>, StreamError> {
        if self.peek()? == Some(b'{') {
            return self.parse().map(Some);
        }
        self.skip()?;
        Ok(None)
    }

    /// The place of a byte of a value.
    pub(crate) fn position(&self, held: &Held, byte: usize) -> Position {
        self.place(held.0.start + byte)
    }

    /// Nothing but white space may be left.
    pub(crate) fn end(&mut self) -> Result<(), StreamError> {
        match self.peek()? {
            None => Ok(()),
            Some(_) => Err(self.form_error(self.at, "trailing characters", false)),
        }
    }

    /// How many bytes are behind us.
    fn bytes(&self) -> u64 {
        self.start.bytes + self.at as u64
    }

    fn peek(&mut self) -> Result<Option<u8>, StreamError> {
        loop {
            while let Some(byte) = self.window.get(self.at) {
                if !byte.is_ascii_whitespace() {
                    return Ok(Some(*byte));
                }
                self.at += 1;
            }
            if self.ended {
                return Ok(None);
            }
            self.fill()?;
        }
    }

    /// Lets go of what is behind us and reads on.
    fn fill(&mut self) -> Result<(), StreamError> {
        self.advance();
        if self.bytes() > MAX_FILE_BYTES {
            return Err(StreamError::TooLarge);
        }
        if self.window.len() >= LONGEST {
            let reason = format!("a value is longer than {LONGEST} bytes");
            return Err(self.form_error(self.at, reason, false));
        }
        if let Some(failure) = self.failure.take() {
            return Err(StreamError::EntrySource(failure));
        }
        let had = self.window.len();
        let wanted = had.max(self.chunk);
        let source = self.source.by_ref();
        let read = source.take(wanted as u64).read_to_end(&mut self.window);
        match read {
            Ok(read) => self.ended = read < wanted,
            // What was read before the source broke is looked at first.
            Err(error) => self.failure = Some(error),
        }
        Ok(())
    }

    fn advance(&mut self) {
        let gone = &self.window[..self.at];
        self.start.bytes += gone.len() as u64;
        self.start.lines += memchr::memchr_iter(b'\n', gone).count();
        self.start.column = match memchr::memrchr(b'\n', gone) {
            Some(newline) => gone.len() - newline - 1,
            None => self.start.column + gone.len(),
        };
        self.window.drain(..self.at);
        self.at = 0;
    }

    fn place(&self, byte: usize) -> Position {
        let before = &self.window[..byte.min(self.window.len())];
        let column = match memchr::memrchr(b'\n', before) {
            Some(newline) => before.len() - newline - 1,
            None => self.start.column + before.len(),
        };
        Position {
            byte: self.start.bytes + before.len() as u64,
            line: 1 + self.start.lines + memchr::memchr_iter(b'\n', before).count(),
            column: 1 + column,
        }
    }

    fn form_error(&self, byte: usize, reason: impl Into<String>, is_data: bool) -> StreamError {
        StreamError::Form {
            position: self.place(byte),
            reason: reason.into(),
            is_data,
        }
    }

    fn end_error(&self, what: &str) -> StreamError {
        self.form_error(
            self.window.len(),
            format!("the file ends inside of {what}"),
            false,
        )
    }
}

#[cfg(test)]
mod tests;
