//! Feed files judged alone: read, held to the requirements, concluded.

use super::about::{requirement_set, tool};
use catalogue::catalogue;
use feeds::{self, Progress, ReadOptions};
use outcome::{FeedFinding, FeedReport, FeedRequirement, FeedVerdict, Unreadable, Verdict};
use rules::{judge_feeds, requirements_of_feeds};
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
        &ReadOptions {
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
    // What is missing leaves open what hangs on it, whether it is unreadable or not there.
    let whole = reading.errors.is_empty();
    FeedReport {
        format: 1,
        tool: tool(),
        requirement_set: requirement_set(),
        folder: folder.display().to_string(),
        verdict,
        exit_code: verdict.exit_code(),
        feeds: reading.extents,
        requirements: requirements(&findings, whole),
        findings,
        notes,
        unreadable,
    }
}

/// What every requirement came to; `whole`: everything was there and could be read.
fn requirements(findings: &[FeedFinding], whole: bool) -> Vec<FeedRequirement> {
    let unfound = if whole {
        Verdict::Pass
    } else {
        Verdict::NotTestable
    };
    let came_to = |id| {
        let of = findings.iter().filter(|finding| finding.requirement == id);
        let verdicts = of.map(|finding| finding.verdict);
        let verdict = verdicts.max_by_key(|verdict| verdict.weight()).unwrap_or(unfound);
        let level = catalogue().row(id).level;
        FeedRequirement { id, level, verdict }
    };
    requirements_of_feeds().into_iter().map(came_to).collect()
}
