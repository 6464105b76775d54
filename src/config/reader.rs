//! What every reader of a section shares: the problems found so far, the places that must not be shown, the way to
//! secrets. Nothing stops at the first problem.

use super::error::Draft;
use super::place::Place;
use super::secret::Secret;
use super::value::Value;
use super::words;
use std::cell::{Cell, RefCell};
use std::ops::Range;
use std::path::{Path, PathBuf};
use toml::de::{DeTable, DeValue};

/// Looks up an environment variable.
pub(super) type Env<'e> = &'e dyn Fn(&str) -> Option<String>;

/// How thoroughly a config is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Depth {
    /// For use: references are followed, and what is needed must be there.
    Full,
    /// A profile that is not in use: only what stands there is checked.
    Form,
}

/// What is found while a config is read.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// Problems, in no particular order.
    pub(super) problems: Vec<Draft>,
    /// Bytes of the file that must not be shown.
    pub(super) hidden: Vec<Range<usize>>,
    /// Values that were fetched by reference.
    pub(super) secrets: Vec<Secret>,
}

/// A file and what is relative to it.
#[derive(Debug, Clone, Copy)]
pub(super) struct ConfigSource<'s> {
    /// As the user named it.
    pub(super) name: &'s str,
    /// What it says.
    pub(super) text: &'s str,
    /// Where it lies.
    pub(super) folder: &'s Path,
}

/// Reads one config, as it stands after a profile was laid over it.
pub(super) struct Reader<'r> {
    source: ConfigSource<'r>,
    env: Env<'r>,
    depth: Depth,
    found: RefCell<Found>,
}

impl<'r> Reader<'r> {
    pub(super) fn new(source: ConfigSource<'r>, env: Env<'r>, depth: Depth) -> Self {
        Self {
            source,
            env,
            depth,
            found: RefCell::default(),
        }
    }

    pub(super) fn into_found(self) -> Found {
        self.found.into_inner()
    }

    pub(super) fn follows_references(&self) -> bool {
        self.depth == Depth::Full
    }

    pub(super) fn env(&self) -> Env<'r> {
        self.env
    }

    pub(super) fn folder(&self) -> &Path {
        self.source.folder
    }

    /// A path of the file, which is relative to the file's own folder.
    pub(super) fn path(&self, text: &str) -> PathBuf {
        self.source.folder.join(text)
    }

    /// File and line of a part of the file.
    pub(super) fn place(&self, span: &Range<usize>) -> Place {
        Place::of(self.source.name, self.source.text, span.start)
    }

    /// Notes a problem. The message must not hold what could be a secret.
    pub(super) fn problem(&self, span: Range<usize>, message: String, help: impl Into<String>) {
        self.draft(span, message, help.into(), "here");
    }

    /// Notes that something is not there, unless only the form is read.
    pub(super) fn missing(&self, span: Range<usize>, message: String, help: impl Into<String>) {
        if self.depth == Depth::Full {
            self.draft(span, message, help.into(), "this table");
        }
    }

    fn draft(&self, span: Range<usize>, message: String, help: String, label: &'static str) {
        let draft = Draft {
            span,
            message,
            help,
            label,
        };
        self.found.borrow_mut().problems.push(draft);
    }

    /// Keeps every scalar under this value out of what is shown.
    pub(super) fn hide(&self, value: &toml::Spanned<DeValue<'_>>) {
        match value.get_ref() {
            DeValue::Array(list) => list.iter().for_each(|item| self.hide(item)),
            DeValue::Table(table) => table.iter().for_each(|(_, item)| self.hide(item)),
            _ => self.found.borrow_mut().hidden.push(value.span()),
        }
    }

    /// Remembers a fetched value, so that it can be masked everywhere.
    pub(super) fn remember(&self, secret: &Secret) {
        self.found.borrow_mut().secrets.push(secret.clone());
    }
}

/// One table of the file, read key by key.
pub(super) struct Section<'a> {
    pub(super) reader: &'a Reader<'a>,
    /// The dotted path of the table; empty for the file itself.
    pub(super) path: String,
    /// The header, or the braces of an inline table.
    pub(super) span: Range<usize>,
    table: &'a DeTable<'a>,
    asked: RefCell<Vec<&'static str>>,
    keys_are_names: Cell<bool>,
}

impl<'a> Section<'a> {
    /// Reads a table whose keys are fixed: what `read` does not ask for is unknown.
    pub(super) fn read<T>(
        reader: &'a Reader<'a>,
        path: String,
        span: Range<usize>,
        table: &'a DeTable<'a>,
        read: impl FnOnce(&Self) -> T,
    ) -> T {
        let section = Self {
            reader,
            path,
            span,
            table,
            asked: RefCell::default(),
            keys_are_names: Cell::new(false),
        };
        let result = read(&section);
        if !section.keys_are_names.get() {
            section.refuse_unknown_keys();
        }
        result
    }

    /// The value of a key, if it is there.
    pub(super) fn get(&self, key: &'static str) -> Option<Value<'a>> {
        let mut asked = self.asked.borrow_mut();
        if !asked.contains(&key) {
            asked.push(key);
        }
        let (_, value) = self.table.get_key_value(key)?;
        Some(Value {
            reader: self.reader,
            path: self.path_of(key),
            node: value,
        })
    }

    /// The value of a key that must be there.
    pub(super) fn need(&self, key: &'static str, help: &str) -> Option<Value<'a>> {
        let value = self.get(key);
        if value.is_none() {
            let message = format!("`{}` is missing", self.path_of(key));
            self.reader.missing(self.span.clone(), message, help);
        }
        value
    }

    /// Every key with its place and value, for tables whose keys are names: none of them is unknown here.
    pub(super) fn entries(&self) -> Vec<(Value<'a>, &'a str, Range<usize>)> {
        self.keys_are_names.set(true);
        let entries = self.table.iter().map(|(key, value)| {
            let name: &str = key.get_ref();
            let value = Value {
                reader: self.reader,
                path: self.path_of(name),
                node: value,
            };
            (value, name, key.span())
        });
        entries.collect()
    }

    /// Keeps every value of the table out of what is shown.
    pub(super) fn hide(&self) {
        self.table.iter().for_each(|(_, value)| self.reader.hide(value));
    }

    fn path_of(&self, key: &str) -> String {
        match self.path.as_str() {
            "" => key.to_owned(),
            path => format!("{path}.{key}"),
        }
    }

    fn refuse_unknown_keys(&self) {
        let asked = self.asked.borrow();
        for (key, value) in self.table {
            let name: &str = key.get_ref();
            if !asked.contains(&name) {
                self.reader.hide(value);
                let message = format!("unknown key `{}`", self.path_of(name));
                self.reader
                    .problem(key.span(), message, words::suggest(&asked, name));
            }
        }
    }
}
