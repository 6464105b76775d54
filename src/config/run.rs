//! `[run]`: the flags of `run` that have no section of their own. A flag on the command line wins.

use super::reader::Section;
use super::value::Value;
use super::words::words;
use std::path::PathBuf;

words! {
    /// When output is coloured.
    Color as "colour mode" {
        /// On a terminal that wants it.
        Auto = "auto",
        /// Always.
        Always = "always",
        /// Never.
        Never = "never",
    }
}

/// The flags of `run`. What is absent or false was not set.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is one switch of the command line"
)]
pub struct RunConfig {
    /// Requests in flight, one at least.
    pub jobs: Option<usize>,
    /// Fixes order, slots and payload values.
    pub seed: Option<u64>,
    /// SHOULD counts.
    pub strict: bool,
    /// A folder with the partner's own scenarios.
    pub scenarios: Option<PathBuf>,
    /// The folder of snapshots.
    pub snapshots: Option<PathBuf>,
    /// Reports to write.
    pub report: Vec<ReportTo>,
    /// Plan only; send nothing.
    pub dry_run: bool,
    /// Leave the bookings of the run where they are.
    pub keep_bookings: bool,
    /// Ask nothing, write no snapshot.
    pub ci: bool,
    /// Say less.
    pub quiet: bool,
    /// Say more.
    pub verbose: bool,
    /// When output is coloured.
    pub color: Option<Color>,
}

/// One report, as in `json=out/run.json`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportTo {
    /// The name of the format.
    pub format: String,
    /// Where it goes.
    pub path: PathBuf,
}

impl RunConfig {
    pub(super) fn read(section: &Section<'_>) -> Self {
        let switch = |key| {
            section
                .get(key)
                .and_then(|value| value.boolean())
                .unwrap_or(false)
        };
        let number = |key, least| section.get(key).and_then(|value| value.integer(least, i64::MAX));
        let path = |key| section.get(key).and_then(|value| value.path());
        let reports = || section.get("report").and_then(|value| value.list(report));
        let run = Self {
            jobs: number("jobs", 1).map(|jobs| jobs as usize),
            seed: number("seed", 0).map(|seed| seed as u64),
            strict: switch("strict"),
            scenarios: path("scenarios"),
            snapshots: path("snapshots"),
            report: reports().unwrap_or_default(),
            dry_run: switch("dry_run"),
            keep_bookings: switch("keep_bookings"),
            ci: switch("ci"),
            quiet: switch("quiet"),
            verbose: switch("verbose"),
            color: section.get("color").and_then(|value| value.word()),
        };
        if let Some(value) = section.get("verbose").filter(|_| run.quiet && run.verbose) {
            value.wrong("contradicts `run.quiet`", "set one of the two");
        }
        run
    }
}

fn report(value: &Value<'_>) -> Option<ReportTo> {
    let parts = value.string()?.split_once('=');
    let Some((format, path)) = parts.filter(|(format, path)| !format.is_empty() && !path.is_empty()) else {
        value.wrong("is not FORMAT=PATH", "write it like \"json=out/run.json\"");
        return None;
    };
    Some(ReportTo {
        format: format.to_owned(),
        path: value.reader.path(path),
    })
}
