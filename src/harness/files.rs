//! Feed files judged alone: read, held to the requirements, concluded.

use super::run::{requirement_set, tool};
use crate::feeds::{self, Options, Progress};
use crate::outcome::{FeedReport, FeedVerdict, Unreadable, Verdict};
use crate::rules::{judge_feeds, judged_in_feeds};
use std::path::Path;

/// What a folder of feeds is held to.
#[derive(Clone, Copy)]
pub struct FeedWishes<'w> {
    /// Now, epoch seconds.
    pub now_sec: i64,
    /// A violated SHOULD counts like a MUST.
    pub strict: bool,
    /// Hears how far reading has come.
    pub progress: &'w (dyn Fn(Progress) + Sync),
}

/// Judges the feed files of a folder.
pub fn judge_folder(folder: &Path, wishes: &FeedWishes<'_>) -> FeedReport {
    let reading = feeds::examine(
        folder,
        &Options {
            merchants: Some(&[]),
            now_sec: Some(wishes.now_sec),
            progress: wishes.progress,
        },
    );
    let (findings, notes) = judge_feeds(&reading.inventory.problems, wishes.strict);
    // Shards that make up no feed have been read, and what keeps them from it is a finding.
    let unread = reading.errors.iter().filter(|error| !error.is_of_shards());
    let unreadable: Vec<Unreadable> = unread.map(Unreadable::of).collect();
    let failed = findings.iter().any(|finding| finding.verdict == Verdict::Fail);
    let verdict = match () {
        () if !unreadable.is_empty() => FeedVerdict::Unreadable,
        () if failed => FeedVerdict::NotConformant,
        () => FeedVerdict::Conformant,
    };
    FeedReport {
        format: 1,
        tool: tool(),
        requirement_set: requirement_set(),
        folder: folder.display().to_string(),
        verdict,
        exit_code: verdict.exit_code(),
        feeds: reading.extents,
        judged: judged_in_feeds().len(),
        findings,
        notes,
        unreadable,
    }
}
