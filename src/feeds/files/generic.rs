//! Feeds of integrations without a booking server: sets of data files, each set with a descriptor that names it.

use super::folder::FeedFile;
use super::header::Header;
use super::stream::Stream;
use crate::code::ProblemCode;
use crate::error::FeedError;
use crate::problem::{FeedProblems, ProblemPlace, RecordProblem};
use crate::records::linked::{LinkedFeed, LinkedRecords};
use serde::Serialize;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Read as _;

/// The end of the name of a descriptor, packed or not.
const DESCRIPTOR: &str = ".filesetdesc.json";
/// A descriptor is a few lines.
const LONGEST_DESCRIPTOR: u64 = 1 << 20;

/// A feed of such an integration, as far as it was looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OtherFeed {
    /// `entity`, `action`, `service`, or `unknown`.
    pub feed: &'static str,
    /// Its data files.
    pub files: usize,
    /// Records in them.
    pub records: u64,
}

/// The files of such feeds in a folder.
#[derive(Debug, Default)]
pub(crate) struct GenericFiles {
    descriptors: Vec<FeedFile>,
    data: Vec<FeedFile>,
}

impl GenericFiles {
    pub(crate) fn is_empty(&self) -> bool {
        self.data.is_empty() && self.descriptors.is_empty()
    }

    /// Takes a file that is one of them, by its name or its head; gives any other back.
    pub(crate) fn take_unless_feed(&mut self, file: FeedFile, header: &Header) -> Option<FeedFile> {
        if is_descriptor(&file.name) && header.kind.is_none() {
            self.descriptors.push(file);
        } else if header.has_data() {
            self.data.push(file);
        } else {
            return Some(file);
        }
        None
    }

    /// Names of the data files, which are let go of where neither a descriptor nor a name says that they are such feeds.
    pub(crate) fn strangers(&mut self) -> Vec<String> {
        let is_named = |file: &FeedFile| {
            let name = file.name.to_ascii_lowercase();
            ["entity", "entities", "action"]
                .iter()
                .any(|word| name.starts_with(word))
        };
        if !self.descriptors.is_empty() || self.data.iter().any(is_named) {
            return Vec::new();
        }
        self.data.drain(..).map(|file| file.name).collect()
    }

    /// Looks at all of them.
    pub(crate) fn read(self, problems: &mut FeedProblems) -> (Vec<OtherFeed>, Vec<FeedError>) {
        let names: BTreeSet<&str> = self.data.iter().map(|file| file.name.as_str()).collect();
        let mut feed_of: BTreeMap<String, &'static str> = BTreeMap::new();
        for file in &self.descriptors {
            let mut note = |field: &str, message: String| {
                let problem = RecordProblem::new(ProblemCode::FileSetDescriptor, field, message);
                problems.add(&file.name, ProblemPlace::File, problem);
            };
            match descriptor(file) {
                Ok(descriptor) => {
                    let feed = check_descriptor(&descriptor, &names, &mut note);
                    feed_of.extend(data_files(&descriptor).map(|name| (name.to_owned(), feed)));
                }
                Err(reason) => note("", format!("cannot be read: {reason}")),
            }
        }
        for name in names.iter().filter(|name| !feed_of.contains_key(**name)) {
            let message = "no descriptor names this file in its data_file";
            let problem = RecordProblem::new(ProblemCode::FileSetDescriptor, "", message);
            problems.add(name, ProblemPlace::File, problem);
        }
        self.records(&feed_of, problems)
    }

    fn records(
        &self,
        feed_of: &BTreeMap<String, &'static str>,
        problems: &mut FeedProblems,
    ) -> (Vec<OtherFeed>, Vec<FeedError>) {
        let (mut records, mut errors) = (LinkedRecords::default(), Vec::new());
        let mut feeds: BTreeMap<&'static str, OtherFeed> = BTreeMap::new();
        for file in &self.data {
            let mut feed = feed_of
                .get(&file.name)
                .copied()
                .and_then(LinkedFeed::of_descriptor);
            let mut count = 0;
            let read = read_data(file, |index, record| {
                let feed = *feed.get_or_insert_with(|| LinkedFeed::of_record(record));
                records.add(feed, &file.name, index, record, problems);
                count += 1;
            });
            errors.extend(read.err());
            let feed = feed.map_or("unknown", LinkedFeed::name);
            let known = feeds.entry(feed).or_insert(OtherFeed {
                feed,
                files: 0,
                records: 0,
            });
            known.files += 1;
            known.records += count;
        }
        records.check_references(problems);
        (feeds.into_values().collect(), errors)
    }
}

fn is_descriptor(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name.trim_end_matches(".gz").ends_with(DESCRIPTOR)
}

fn descriptor(file: &FeedFile) -> Result<Value, String> {
    let content = file.open(&|_| {}).map_err(|error| error.to_string())?;
    let mut text = String::new();
    let read = content.take(LONGEST_DESCRIPTOR).read_to_string(&mut text);
    read.map_err(|error| error.to_string())?;
    serde_json::from_str(text.trim_start_matches('\u{feff}')).map_err(|error| error.to_string())
}

fn data_files(descriptor: &Value) -> impl Iterator<Item = &str> {
    let files = descriptor.get("data_file").and_then(Value::as_array);
    files.into_iter().flatten().filter_map(Value::as_str)
}

/// Looks at a descriptor; the feed that it names.
fn check_descriptor(
    descriptor: &Value,
    names: &BTreeSet<&str>,
    note: &mut impl FnMut(&str, String),
) -> &'static str {
    let name = descriptor.get("name").and_then(Value::as_str).unwrap_or_default();
    let feed = LinkedFeed::known_name(name);
    if feed.is_empty() {
        note(
            "name",
            format!("{name:?} is the name of no feed that is known here"),
        );
    }
    let timestamp = descriptor.get("generation_timestamp");
    let seconds = timestamp.and_then(|value| value.as_i64().or_else(|| value.as_str()?.parse().ok()));
    if !seconds.is_some_and(super::moment::is_plausible) {
        let here = timestamp.map_or_else(|| "nothing".to_owned(), Value::to_string);
        note(
            "generation_timestamp",
            format!("must be seconds since 1970; here is {here}"),
        );
    }
    let mut files = data_files(descriptor).peekable();
    if files.peek().is_none() {
        note(
            "data_file",
            "must be a list of the names of its data files".to_owned(),
        );
    }
    for missing in files.filter(|file| !names.contains(file)) {
        note(
            "data_file",
            format!("{missing:?} is not in the folder, or has no list `data`"),
        );
    }
    feed
}

fn read_data(file: &FeedFile, mut take: impl FnMut(usize, &Value)) -> Result<(), FeedError> {
    let mut index = 0;
    let mut stream = Stream::new(file.open(&|_| {})?);
    let mut walk = || {
        stream.skip_mark()?;
        let mut root = stream.enter(b'{', "a feed: an object with a list `data`")?;
        while let Some(key) = stream.key(&mut root)? {
            if key != "data" || !stream.is_list()? {
                stream.skip()?;
                continue;
            }
            let mut records = stream.enter(b'[', "a list of records")?;
            while stream.element(&mut records)? {
                take(index, &stream.parse::<Value>()?);
                index += 1;
            }
        }
        stream.end()
    };
    let result = walk();
    result.map_err(|broken| broken.into_feed_error(file, Some(format!("data[{index}]"))))
}
