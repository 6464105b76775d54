//! Why feed files could not be read, and what to do about it.

use crate::kind::FeedKind;
use miette::Diagnostic;
use std::fmt;
use std::io;
use std::path::PathBuf;
use thiserror::Error;

/// No feed file is larger than this once it is uncompressed.
pub(crate) const MAX_FILE_BYTES: u64 = 16 << 30;

/// A place in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position {
    /// Byte, from 0.
    pub byte: u64,
    /// Line, from 1.
    pub line: usize,
    /// Column in bytes, from 1.
    pub column: usize,
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

/// What a reader of JSON stumbled over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JsonError {
    /// Name of the file, without its folder.
    pub file: String,
    /// Where in the (uncompressed) file.
    pub position: Position,
    /// The record, such as `merchant[3]`; absent outside of the records.
    pub record: Option<String>,
    /// The field inside of the record, dotted; absent where the JSON is broken.
    pub field: Option<String>,
    /// What was found and what was expected.
    pub reason: String,
}

impl JsonError {
    /// What to do about it.
    fn next(&self) -> &'static str {
        let says = |words: &[&str]| words.iter().any(|word| self.reason.contains(word));
        match () {
            () if says(&["UTF-8", "UTF-16", "surrogate"]) => "write the file as UTF-8",
            () if says(&["gzip data"]) => "give the file the name that its content has",
            () if says(&["EOF", "ends in", "ended"]) => {
                "the file is cut short: was the export or a copy ended too early?"
            }
            () if says(&["trailing comma"]) => "JSON has no comma in front of a closing bracket: take it out",
            () if says(&["trailing characters"]) => {
                "a file is one JSON object: no second one behind it, and not one per line"
            }
            () if says(&["duplicate field"]) => "let each field stand there once",
            () if says(&["longer than"]) => "a record is a few hundred bytes: is a quote missing?",
            () if self.field.is_some() => "export the field as the feed reference has it",
            () => "from here on it is no JSON that can be read: let a JSON library write the file",
        }
    }
}

impl fmt::Display for JsonError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: ", self.file, self.position)?;
        let place: Vec<_> = self
            .record
            .iter()
            .chain(&self.field)
            .map(String::as_str)
            .collect();
        if !place.is_empty() {
            write!(f, "{}: ", place.join("."))?;
        }
        f.write_str(&self.reason)
    }
}

/// Why a file, or the folder, could not be read as a feed.
#[derive(Debug, Error, Diagnostic)]
pub enum FeedError {
    /// The folder could not be listed.
    #[error("cannot list the feed folder {}", dir.display())]
    #[diagnostic(
        code(feeds::folder),
        help("name the folder that holds the exported feed files")
    )]
    Folder {
        /// The folder.
        dir: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A file could not be read or uncompressed.
    #[error("cannot read {file}")]
    #[diagnostic(
        code(feeds::file),
        help(
            "{}",
            match source.kind() {
                io::ErrorKind::PermissionDenied => "let yourself read it",
                io::ErrorKind::UnexpectedEof => "the gzip data is cut short: was the export or a copy ended too early?",
                _ => "a name that ends in .gz must hold gzip data and nothing behind it: pack the file anew",
            }
        )
    )]
    File {
        /// Name of the file.
        file: String,
        /// What the system said.
        source: io::Error,
    },
    /// A file is larger than any feed file may be.
    #[error("{file} holds more than {} bytes", MAX_FILE_BYTES)]
    #[diagnostic(
        code(feeds::size),
        help("split the feed into shards of less than 200 MB after gzip")
    )]
    TooLarge {
        /// Name of the file.
        file: String,
    },
    /// The JSON is broken.
    #[error("{error} (byte {byte})", error = .0, byte = .0.position.byte)]
    #[diagnostic(
        code(feeds::json),
        help(
            "{}", .0.next()
        )
    )]
    Syntax(JsonError),
    /// A field has the wrong type.
    #[error("{0}")]
    #[diagnostic(
        code(feeds::r#type),
        help("{}", .0.next())
    )]
    Type(JsonError),
    /// The records are not where they belong.
    #[error("{file} has no `{}` at its root, but a list `{found}`", kind.list_key())]
    #[diagnostic(
        code(feeds::root),
        help("the root of a feed is an object with `metadata` and `{}`", kind.list_key())
    )]
    Root {
        /// Name of the file.
        file: String,
        /// Which feed it is by its name.
        kind: FeedKind,
        /// What is there.
        found: String,
    },
    /// A value has the wrong type; the rest of its record was read.
    #[error("{0}")]
    #[diagnostic(code(feeds::value), help("export the field as the feed reference has it"))]
    Value(JsonError),
    /// More wrong values than are told one by one.
    #[error("{count} more value(s) of {file} could not be read")]
    #[diagnostic(
        code(feeds::more_values),
        help("a mistake in an export repeats itself: mend the first ones, and read again")
    )]
    MoreValues {
        /// Name of the file.
        file: String,
        /// How many.
        count: u64,
    },
    /// More records than are told one by one.
    #[error("{count} more record(s) of {file} could not be read")]
    #[diagnostic(
        code(feeds::more),
        help("a mistake in an export repeats itself: mend the first ones, and read again")
    )]
    More {
        /// Name of the file.
        file: String,
        /// How many.
        count: u64,
    },
    /// A kind of feed is not there.
    #[error("no {kind} feed in {}", dir.display())]
    #[diagnostic(
        code(feeds::missing),
        help(
            "add a .json or .json.gz file whose root has `metadata` and `{}`",
            kind.list_key()
        )
    )]
    Missing {
        /// The folder.
        dir: PathBuf,
        /// What is missing.
        kind: FeedKind,
    },
    /// There is no generation with all of its shards.
    #[error("the {kind} feed is not complete: {detail}")]
    #[diagnostic(
        code(feeds::incomplete),
        help(
            "give every shard of one export the same nonce, generation_timestamp and total_shards, \
             and number them from 0 to total_shards-1"
        )
    )]
    Incomplete {
        /// Which feed.
        kind: FeedKind,
        /// What is missing or doubled.
        detail: String,
    },
    /// An earlier export could not be read.
    #[error("the earlier export in {}: {error}", dir.display())]
    #[diagnostic(code(feeds::earlier))]
    Earlier {
        /// Its folder.
        dir: PathBuf,
        /// Why not.
        error: Box<FeedError>,
    },
    /// The same export was named twice.
    #[error("{} and {} hold the same export", dir.display(), before.display())]
    #[diagnostic(
        code(feeds::same_export),
        help("name two folders with exports of different days")
    )]
    SameExport {
        /// The folder.
        dir: PathBuf,
        /// That of the earlier export.
        before: PathBuf,
    },
}

impl FeedError {
    /// True when nothing was unreadable: what there is does not make up a feed, which is a problem of it, too.
    pub fn is_of_shards(&self) -> bool {
        matches!(self, Self::Incomplete { .. })
    }

    /// True when one value could not be read, which is a problem of its record, too.
    pub fn is_of_value(&self) -> bool {
        matches!(self, Self::Value(_) | Self::MoreValues { .. })
    }

    /// The file that could not be read.
    pub fn file(&self) -> Option<&str> {
        match self {
            Self::File { file, .. }
            | Self::TooLarge { file }
            | Self::More { file, .. }
            | Self::MoreValues { file, .. }
            | Self::Root { file, .. } => Some(file),
            Self::Syntax(error) | Self::Type(error) | Self::Value(error) => Some(&error.file),
            Self::Earlier { error, .. } => error.file(),
            Self::Folder { .. }
            | Self::Missing { .. }
            | Self::Incomplete { .. }
            | Self::SameExport { .. } => None,
        }
    }

    /// What to do about it.
    pub fn next(&self) -> Option<String> {
        match self {
            Self::Earlier { error, .. } => error.next(),
            error => error.help().map(|help| help.to_string()),
        }
    }

    /// The feed that is missing or not complete.
    pub(crate) fn kind(&self) -> Option<FeedKind> {
        match self {
            Self::Missing { kind, .. } | Self::Incomplete { kind, .. } => Some(*kind),
            _ => None,
        }
    }

    /// Where a reader of JSON stumbled.
    pub fn json_error(&self) -> Option<&JsonError> {
        match self {
            Self::Syntax(error) | Self::Type(error) | Self::Value(error) => Some(error),
            Self::Earlier { error, .. } => error.json_error(),
            _ => None,
        }
    }

    /// Sorts what a reader of JSON said into broken JSON and a wrong type.
    pub(crate) fn json(error: &serde_json::Error, place: JsonError) -> Self {
        if error.is_data() {
            Self::Type(place)
        } else {
            Self::Syntax(place)
        }
    }
}

/// How many errors of one file are told one by one.
const MOST_ERRORS: usize = 20;

/// The records of a file that could not be read.
#[derive(Debug, Default)]
pub(crate) struct Unread {
    errors: Vec<FeedError>,
    more: u64,
}

impl Unread {
    pub(crate) fn add(&mut self, error: FeedError) {
        if self.errors.len() < MOST_ERRORS {
            self.errors.push(error);
        } else {
            self.more += 1;
        }
    }

    /// The errors, and how many more there were.
    pub(crate) fn finish(self, file: &str) -> Vec<FeedError> {
        let Self { mut errors, more } = self;
        let file = file.to_owned();
        errors.extend((more > 0).then_some(FeedError::More { file, count: more }));
        errors
    }
}

/// Everything that kept the feeds of a folder from being read.
#[derive(Debug, Error, Diagnostic)]
#[error("failed to read the feeds: {} error(s)", errors.len())]
#[diagnostic(code(feeds))]
pub struct FeedErrors {
    /// One or more, in the order of the files; of the records of one file at most twenty, and how many more there are.
    #[related]
    pub errors: Vec<FeedError>,
}

/// The message of a JSON error without its position, which is relative to what was being read.
pub(crate) fn reason(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let reason = text
        .rsplit_once(" at line ")
        .map_or(text.as_str(), |(reason, _)| reason);
    shortened(reason)
}

/// A message that can be read: it repeats a value that was not expected, however long that is.
pub(crate) fn shortened(message: &str) -> String {
    const HEAD: usize = 160;
    const TAIL: usize = 320;
    let left_out = message.chars().count().saturating_sub(HEAD + TAIL);
    if left_out == 0 {
        return message.to_owned();
    }
    let tail = message.chars().skip(HEAD + left_out);
    message.chars().take(HEAD).chain(['…']).chain(tail).collect()
}
