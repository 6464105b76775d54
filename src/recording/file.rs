//! The file: JSON packed by gzip, with a digest of its own text.
//!
//! gzip is read everywhere (`gzip -dc run.cfr | jq`), notices every damaged byte by itself, and the crate that packs is there for the
//! feeds. zstd would make files a fifth smaller, and would bring a C library along.

use super::RunFacts;
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use miette::Diagnostic;
use outcome::RunReport;
use outcome::text::in_json;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use sha2::{Digest as _, Sha256};
use snapshot::DiffLine;
use std::fmt::Write as _;
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use thiserror::Error;

/// The form that is written, and the only one that is read.
pub const FORMAT: u32 = 2;

/// What a recording says that it is: `run.json` has a format, too.
const KIND: &str = "recording";

/// What stands before the digest, which is the last field.
const DIGEST: &str = "\"digest\":\"";

/// A file that unpacks to more than this is refused: it would fill the memory.
const LARGEST: u64 = 4 << 30;

/// The first bytes of what gzip packs.
const MAGIC: [u8; 2] = [0x1f, 0x8b];

/// A history that is not as accepted: scenario id and diff.
pub type Drift = (String, Vec<DiffLine>);

/// A recording that is as it was written.
#[derive(Debug, Clone)]
pub struct RunRecording {
    /// What judging needs.
    pub facts: RunFacts,
    /// Histories that were not as accepted.
    pub drifts: Vec<Drift>,
    report: Box<RawValue>,
    file: PathBuf,
}

/// Why a file cannot be used as a recording.
#[derive(Debug, Error, Diagnostic)]
pub enum RecordingError {
    /// It is not there, or may not be read.
    #[error("cannot read {}", file.display())]
    #[diagnostic(help("name the file that `conformance run --report recording=FILE` wrote"))]
    File {
        /// The file.
        file: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// It is something else.
    #[error("{} is no recording: {detail}", file.display())]
    #[diagnostic(help("name the file that `conformance run --report recording=FILE` wrote"))]
    Form {
        /// The file.
        file: PathBuf,
        /// What is wrong with it.
        detail: String,
    },
    /// It was written by another version.
    #[error("{} has format {format}, and this version reads {FORMAT}", file.display())]
    #[diagnostic(help("{help}"))]
    OtherFormat {
        /// The file.
        file: PathBuf,
        /// Its format.
        format: u32,
        /// What to do.
        help: &'static str,
    },
    /// The run came to no end.
    #[error("{} holds no run: {reason}", file.display())]
    #[diagnostic(help("run again; the recording is written when a run is over"))]
    NotRun {
        /// The file.
        file: PathBuf,
        /// Why.
        reason: String,
    },
    /// It is not what was written.
    #[error("{} is damaged: {detail}", file.display())]
    #[diagnostic(help(
        "copy it again from where the run wrote it, as binary; or run again with --report recording=FILE"
    ))]
    Damaged {
        /// The file.
        file: PathBuf,
        /// Where that shows.
        detail: String,
    },
    /// Its conclusion names what is not there any more.
    #[error("the conclusion in {} cannot be read by this version: {detail}", file.display())]
    #[diagnostic(help("judge the recording again: conformance replay FILE --report FORMAT=PATH"))]
    Conclusion {
        /// The file.
        file: PathBuf,
        /// What is wrong with it.
        detail: String,
    },
}

#[derive(Deserialize)]
struct Head {
    format: Option<u32>,
    kind: Option<String>,
    verdict: Option<String>,
    reason: Option<String>,
    transcripts: Option<serde::de::IgnoredAny>,
}

#[derive(Serialize)]
struct Written<'r> {
    format: u32,
    kind: &'static str,
    tool: &'r outcome::Tool,
    requirement_set: &'r outcome::RequirementSet,
    started_at: &'r str,
    report: &'r RunReport,
    drifts: &'r [Drift],
    facts: &'r RunFacts,
    digest: &'static str,
}

#[derive(Deserialize)]
struct Stored {
    report: Box<RawValue>,
    drifts: Vec<Drift>,
    facts: RunFacts,
}

/// The text of a recording.
pub fn json_text(report: &RunReport, facts: &RunFacts, drifts: &[Drift]) -> serde_json::Result<String> {
    let written = Written {
        format: FORMAT,
        kind: KIND,
        tool: &report.tool,
        requirement_set: &report.requirement_set,
        started_at: &report.started_at,
        report,
        drifts,
        facts,
        digest: "",
    };
    Ok(sign(in_json(serde_json::to_string(&written)?)) + "\n")
}

/// The same text, packed; equal texts give equal bytes.
pub fn pack(text: &str) -> Vec<u8> {
    let mut packer = GzEncoder::new(Vec::with_capacity(text.len() / 8), Compression::default());
    // A vector takes every byte.
    let _ = packer.write_all(text.as_bytes());
    packer.finish().unwrap_or_default()
}

/// The text of a packed file; one that is plain JSON is its own text.
pub fn unpack(file: &Path) -> Result<String, RecordingError> {
    let bytes = std::fs::read(file).map_err(|source| RecordingError::File {
        file: file.to_owned(),
        source,
    })?;
    let form = |detail: &str| RecordingError::Form {
        file: file.to_owned(),
        detail: detail.to_owned(),
    };
    let damaged = |detail: String| RecordingError::Damaged {
        file: file.to_owned(),
        detail,
    };
    if !bytes.starts_with(&MAGIC) {
        let text = String::from_utf8(bytes).map_err(|_| form("it is neither packed by gzip nor JSON"))?;
        let is_json = text.trim_start().starts_with('{');
        return is_json
            .then_some(text)
            .ok_or_else(|| form("it is neither packed by gzip nor JSON"));
    }
    let mut text = String::new();
    let mut unpacked = GzDecoder::new(bytes.as_slice()).take(LARGEST + 1);
    unpacked
        .read_to_string(&mut text)
        .map_err(|error| damaged(format!("it cannot be unpacked ({error})")))?;
    if text.len() as u64 > LARGEST {
        return Err(form("it unpacks to more than 4 GiB"));
    }
    Ok(text)
}

/// Reads a recording; what is damaged, changed or of another format is refused before anything of it is used.
pub fn read(file: &Path) -> Result<RunRecording, RecordingError> {
    let text = unpack(file)?;
    check_head(file, &text)?;
    let damaged = |detail: String| RecordingError::Damaged {
        file: file.to_owned(),
        detail,
    };
    if !is_signed(&text) {
        return Err(damaged(
            "its text is not the one that its digest is of".to_owned(),
        ));
    }
    let stored: Stored = serde_json::from_str(&text).map_err(|error| damaged(error.to_string()))?;
    Ok(RunRecording {
        facts: stored.facts,
        drifts: stored.drifts,
        report: stored.report,
        file: file.to_owned(),
    })
}

impl RunRecording {
    /// What the run concluded, in its own time.
    pub fn report(&self) -> Result<RunReport, RecordingError> {
        serde_json::from_str(self.report.get()).map_err(|error| RecordingError::Conclusion {
            file: self.file.clone(),
            detail: error.to_string(),
        })
    }

    /// The conclusion as text, whatever requirements it names.
    pub fn report_text(&self) -> &str {
        self.report.get()
    }
}

fn check_head(file: &Path, text: &str) -> Result<(), RecordingError> {
    let named = || file.to_owned();
    let head: Head = serde_json::from_str(text).map_err(|error| RecordingError::Damaged {
        file: named(),
        detail: error.to_string(),
    })?;
    if head.verdict.as_deref() == Some("not_run") {
        let reason = head.reason.unwrap_or_default();
        return Err(RecordingError::NotRun {
            file: named(),
            reason,
        });
    }
    let other = |format, help| {
        Err(RecordingError::OtherFormat {
            file: named(),
            format,
            help,
        })
    };
    match (head.format, head.kind.as_deref()) {
        (Some(FORMAT), Some(KIND)) => Ok(()),
        (Some(format), Some(KIND)) => other(
            format,
            "use the version of conformance that wrote it, or a later one",
        ),
        (Some(1), None) if head.transcripts.is_some() => other(
            1,
            "format 1 lacks what judging needs beside the histories: run again with --report recording=run.cfr",
        ),
        _ => Err(RecordingError::Form {
            file: named(),
            detail: "it is JSON of another kind, such as a run.json, which holds no histories".to_owned(),
        }),
    }
}

fn digest(text: &str) -> String {
    let mut shown = String::new();
    for byte in Sha256::digest(text.as_bytes()) {
        let _ = write!(shown, "{byte:02x}");
    }
    shown
}

/// A text whose last field is an empty `digest`, with the digest of that text in it.
/// The text with the digest that it is due, in place of one that it may have.
pub fn sign(text: String) -> String {
    let Some(start) = text.rfind(DIGEST).map(|at| at + DIGEST.len()) else {
        return text;
    };
    let length = text[start..].find('"').unwrap_or(0);
    let (before, after) = (&text[..start], &text[start + length..]);
    let own = digest(&format!("{before}{after}"));
    format!("{before}{own}{after}")
}

fn is_signed(text: &str) -> bool {
    let text = text.trim_end();
    let Some(start) = text.rfind(DIGEST).map(|at| at + DIGEST.len()) else {
        return false;
    };
    let length = text[start..].find('"').unwrap_or(0);
    let unsigned = format!("{}{}", &text[..start], &text[start + length..]);
    digest(&unsigned) == text[start..start + length]
}

#[cfg(test)]
mod tests;
