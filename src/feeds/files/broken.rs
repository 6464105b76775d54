//! Why the JSON of a file cannot be read on.

use super::folder::FeedFile;
use crate::error::{FeedError, JsonError, Position};
use std::io;

/// Why reading cannot go on.
#[derive(Debug)]
pub(crate) enum StreamError {
    /// The source failed.
    EntrySource(io::Error),
    /// It goes on behind the size that a file may have.
    TooLarge,
    /// It is not JSON, or not the JSON that was due.
    Form {
        /// Where.
        position: Position,
        /// What was found, or was due.
        reason: String,
        /// True when it is JSON, but another value was due.
        is_data: bool,
    },
}

impl StreamError {
    /// The error of a file, in this of its records.
    pub(crate) fn into_feed_error(self, file: &FeedFile, record: Option<String>) -> FeedError {
        let (position, reason, is_data) = match self {
            Self::EntrySource(error) => return file.read_error(error),
            Self::TooLarge => {
                return FeedError::TooLarge {
                    file: file.name.clone(),
                };
            }
            Self::Form {
                position,
                reason,
                is_data,
            } => (position, reason, is_data),
        };
        let json_error = JsonError {
            file: file.name.clone(),
            position,
            record,
            field: None,
            reason,
        };
        if is_data {
            FeedError::Type(json_error)
        } else {
            FeedError::Syntax(json_error)
        }
    }
}

/// The byte of `text` at a line and column that count from 1.
pub(crate) fn offset(text: &[u8], line: usize, column: usize) -> usize {
    let lines = text.split_inclusive(|byte| *byte == b'\n');
    let before: usize = lines.take(line.saturating_sub(1)).map(<[u8]>::len).sum();
    before + column.saturating_sub(1)
}

pub(crate) fn is_value(byte: u8) -> bool {
    matches!(byte, b'{' | b'[' | b'"' | b't' | b'f' | b'n' | b'-' | b'0'..=b'9')
}

pub(crate) fn value_kind(byte: u8) -> &'static str {
    match byte {
        b'{' => "object",
        b'[' => "list",
        b'"' => "string",
        b't' | b'f' => "boolean",
        b'n' => "null",
        b'-' | b'0'..=b'9' => "number",
        _ => "no JSON value",
    }
}
