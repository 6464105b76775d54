//! What was concluded about feed files; `conformance feeds --format json` is the serialised `FeedReport`.

use crate::{RequirementSet, Tool, Verdict};
use catalogue::{Level, RequirementId};
use feeds::{BookingTally, Extent, FeedError, FeedProblem, OtherFeed, ProblemCode};
use serde::Serialize;

/// One sort of violation of one requirement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FeedFinding {
    /// The requirement.
    pub requirement: RequirementId,
    /// How binding it is.
    pub level: Level,
    /// `fail` or `warn`.
    pub verdict: Verdict,
    /// One sentence that a partner understands.
    pub message: String,
    /// What Google's portal calls it; none where its pages give no name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub google_code: Option<&'static str>,
    /// How often.
    pub count: u64,
    /// What Google does about it, or what it costs.
    pub why: Option<String>,
    /// Google's page.
    pub source: String,
    /// The first few places.
    pub places: Vec<FeedProblem>,
}

/// Something that violates nothing, and is worth a look.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FeedNote {
    /// What it is.
    pub code: ProblemCode,
    /// How often.
    pub count: u64,
    /// The first few places.
    pub places: Vec<FeedProblem>,
}

/// Why something could not be read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Unreadable {
    /// The file; none where it is about the folder.
    pub file: Option<String>,
    /// Line, from 1.
    pub line: Option<usize>,
    /// Column in bytes, from 1.
    pub column: Option<usize>,
    /// Byte, from 0.
    pub byte: Option<u64>,
    /// The record.
    pub record: Option<String>,
    /// The field inside of it.
    pub field: Option<String>,
    /// All of it in one sentence.
    pub message: String,
    /// The next step.
    pub help: Option<String>,
}

impl Unreadable {
    /// What an error of the reader says.
    pub fn of(error: &FeedError) -> Self {
        let json_error = error.json_error();
        let source = std::error::Error::source(error).map(|source| format!(": {source}"));
        Self {
            file: error.file().map(ToOwned::to_owned),
            line: json_error.map(|json_error| json_error.position.line),
            column: json_error.map(|json_error| json_error.position.column),
            byte: json_error.map(|json_error| json_error.position.byte),
            record: json_error.and_then(|json_error| json_error.record.clone()),
            field: json_error.and_then(|json_error| json_error.field.clone()),
            message: format!("{error}{}", source.unwrap_or_default()),
            help: error.next(),
        }
    }
}

/// The conclusion about a folder of feeds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FeedVerdict {
    /// Exit 0.
    Conformant,
    /// Exit 1.
    NotConformant,
    /// Exit 3: the feeds hold no record, or none that requirements are about.
    NothingJudged,
    /// Exit 2: some of it could not be read. What could be read has been judged.
    Unreadable,
}

impl FeedVerdict {
    /// The process's exit code.
    pub fn exit_code(self) -> u8 {
        match self {
            FeedVerdict::Conformant => 0,
            FeedVerdict::NotConformant => 1,
            FeedVerdict::Unreadable => 2,
            FeedVerdict::NothingJudged => 3,
        }
    }

    /// The word for people.
    pub fn words(self) -> &'static str {
        match self {
            FeedVerdict::Conformant => "conformant",
            FeedVerdict::NotConformant => "not conformant",
            FeedVerdict::Unreadable => "unreadable",
            FeedVerdict::NothingJudged => "nothing judged",
        }
    }
}

/// What a requirement came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct FeedRequirement {
    /// The requirement.
    pub id: RequirementId,
    /// How binding it is.
    pub level: Level,
    /// The conclusion.
    pub verdict: Verdict,
    /// Why it is `not_testable`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<&'static str>,
}

/// The report on a folder of feeds, format 1.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FeedReport {
    /// Always 1.
    pub format: u32,
    /// The program.
    pub tool: Tool,
    /// The requirements.
    pub requirement_set: RequirementSet,
    /// The folder.
    pub folder: String,
    /// The folder of the earlier export, if one was named.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<String>,
    /// The conclusion.
    pub verdict: FeedVerdict,
    /// The exit code.
    pub exit_code: u8,
    /// How much there was.
    pub feeds: Vec<Extent>,
    /// What sort of integration the files are of, where it is not the usual one with three feeds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub integration: Option<&'static str>,
    /// Feeds of integrations without a booking server.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub other_feeds: Vec<OtherFeed>,
    /// What is shown of the bookings of a recording, if one was named.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bookings: Option<BookingTally>,
    /// Every requirement that is judged in feeds: `pass` where nothing was found, and `not_testable` where some of the feeds were
    /// not there or could not be read, or where a comparison shows nothing. What only a comparison shows is left out without one.
    pub requirements: Vec<FeedRequirement>,
    /// Violations: failures first, in the catalogue's order.
    pub findings: Vec<FeedFinding>,
    /// What violates nothing.
    pub notes: Vec<FeedNote>,
    /// What could not be read.
    pub unreadable: Vec<Unreadable>,
}
