//! Feed files judged alone, or beside an earlier export and a recording: read, held to the requirements, concluded.

use super::about::{requirement_set, tool};
use catalogue::{RequirementId, catalogue};
use feeds::{self, BookedSlot, Compared, FeedError, Progress, ReadOptions, Reading, Unjudged};
use outcome::{FeedFinding, FeedReport, FeedRequirement, FeedVerdict, Unreadable, Verdict};
use rules::{comparison_for, judge_feeds, requirements_of_feeds};
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
    /// The folder of an earlier export.
    pub before: Option<&'w Path>,
    /// Slots in which bookings stand; none where no recording is given.
    pub booked: Option<&'w [BookedSlot]>,
}

/// Judges the feed files of a folder.
pub fn judge_folder(folder: &Path, wishes: &FeedWishes<'_>) -> FeedReport {
    let reading = feeds::examine(
        folder,
        &ReadOptions {
            merchants: Some(&[]),
            now_sec: Some(wishes.now_sec),
            progress: wishes.progress,
            before: wishes.before,
            booked: wishes.booked.unwrap_or_default(),
        },
    );
    let (findings, notes) = judge_feeds(&reading.inventory.problems, wishes.strict);
    // Shards that make up no feed have been read, and what keeps them from it is a finding; so is a value of the wrong type.
    let is_told = |error: &&FeedError| error.is_of_shards() || error.is_of_value();
    let unread = reading.errors.iter().filter(|error| !is_told(error));
    let mut unreadable: Vec<Unreadable> = unread.map(Unreadable::of).collect();
    unreadable.extend(nothing_to_show(&reading));
    let failed = findings.iter().any(|finding| finding.verdict == Verdict::Fail);
    let verdict = match () {
        () if !unreadable.is_empty() => FeedVerdict::Unreadable,
        () if failed => FeedVerdict::NotConformant,
        () if is_empty(&reading) => FeedVerdict::NothingJudged,
        () => FeedVerdict::Conformant,
    };
    FeedReport {
        format: 1,
        tool: tool(),
        requirement_set: requirement_set(),
        folder: folder.display().to_string(),
        before: wishes.before.map(|before| before.display().to_string()),
        verdict,
        exit_code: verdict.exit_code(),
        requirements: requirements(&findings, &reading, wishes),
        integration: integration(&reading),
        other_feeds: reading.others,
        feeds: reading.extents,
        bookings: wishes.booked.map(|_| reading.bookings),
        findings,
        notes,
        unreadable,
    }
}

/// True when the feeds are there, and nothing is in them.
fn is_empty(reading: &Reading) -> bool {
    reading.extents.iter().all(|extent| extent.records == 0)
}

/// Bookings stand, and the export says nothing of them whatever it holds.
fn nothing_to_show(reading: &Reading) -> Option<Unreadable> {
    let bookings = reading.bookings;
    (bookings.slots > 0 && bookings.looked_for == 0).then(|| Unreadable {
        message: format!(
            "none of the {} booked slots starts after the export, or the export was not made five minutes after the booking",
            bookings.slots
        ),
        help: Some("export the feeds after the run, and name that export".to_owned()),
        ..Unreadable::default()
    })
}

/// What every requirement came to. What only a comparison shows is left out where nothing is compared, and so is what some feeds
/// have nothing to show of.
fn requirements(
    findings: &[FeedFinding],
    reading: &Reading,
    wishes: &FeedWishes<'_>,
) -> Vec<FeedRequirement> {
    // What is missing leaves open what hangs on it, whether it is unreadable or not there.
    let is_unread = reading.errors.iter().any(|error| !error.is_of_value());
    let unread = is_unread.then_some("not everything was there to be read");
    let lost = "each record that shows it has lost a value that could not be read";
    let unread = unread.or_else(|| is_empty(reading).then(|| empty_words(reading)));
    let without_slots = "there is no availability feed, since the services have waitlists only";
    let is_asked = |compared: Compared| match compared {
        Compared::Bookings => wishes.booked.is_some(),
        Compared::Accounts | Compared::Overrides => false,
        _ => wishes.before.is_some(),
    };
    let came_to = |id: RequirementId| {
        let of = findings.iter().filter(|finding| finding.requirement == id);
        let found = of
            .map(|finding| finding.verdict)
            .max_by_key(|verdict| verdict.weight());
        let compared = comparison_for(id);
        let is_shown = |compared| reading.compared.contains(&compared);
        let is_judged =
            found.is_some() || compared.is_none_or(|compared| is_asked(compared) || is_shown(compared));
        let unshown = compared
            .filter(|compared| !is_shown(*compared))
            .map(|compared| not_shown(compared, reading));
        let no_slots = (reading.waitlists_only && is_of_slots(id)).then_some(without_slots);
        let lost = is_unjudged(id, reading.unjudged).then_some(lost);
        let reason = unread
            .or(no_slots)
            .or(lost)
            .or(unshown)
            .filter(|_| found.is_none());
        let unfound = reason.map_or(Verdict::Pass, |_| Verdict::NotTestable);
        is_judged.then(|| FeedRequirement {
            id,
            level: catalogue().row(id).level,
            verdict: found.unwrap_or(unfound),
            reason,
        })
    };
    requirements_of_feeds().into_iter().filter_map(came_to).collect()
}

/// True for what slots alone, or slots too, have to show.
fn is_of_slots(id: RequirementId) -> bool {
    let id = id.as_str();
    let elsewhere = ["FEED-META-", "FEED-FILE-", "FEED-MER-", "FEED-SVC-", "VIRT-"];
    id == "FEED-FILE-10" || !elsewhere.iter().any(|family| id.starts_with(family))
}

/// True where no record could show a violation.
fn is_unjudged(id: RequirementId, unjudged: Unjudged) -> bool {
    // Three duties of services show in what slots cost.
    const SHOWN_BY_SLOTS: [&str; 3] = ["FEED-SVC-06", "FEED-SVC-07", "FEED-SVC-14"];
    let id = id.as_str();
    let of = |families: &[&str]| families.iter().any(|family| id.starts_with(family));
    match () {
        () if SHOWN_BY_SLOTS.contains(&id) => unjudged.money,
        () if of(&["FEED-MER-"]) => unjudged.merchants,
        () if of(&["FEED-SVC-", "VIRT-"]) => unjudged.services,
        () if of(&["FEED-AVL-", "FEED-FILE-10"]) => unjudged.slots,
        () if of(&["FEED-META-", "FEED-FILE-"]) => false,
        () => unjudged.money,
    }
}

fn empty_words(reading: &Reading) -> &'static str {
    if reading.others.is_empty() {
        "the feeds hold no record"
    } else {
        "no requirement is about feeds of an integration without a booking server"
    }
}

/// What the files are of, where these are not the three feeds of a booking server.
fn integration(reading: &Reading) -> Option<&'static str> {
    match () {
        () if reading.waitlists_only => Some("waitlists alone: no availability feed is needed"),
        () if !reading.others.is_empty() && reading.extents.is_empty() => Some(
            "redirect or business link, which has no booking server: descriptors, required fields and references were looked at (see the notes), and nothing else",
        ),
        () if !reading.others.is_empty() => {
            Some("a booking server, and files of a redirect or business link integration beside its feeds")
        }
        () => None,
    }
}

/// Why a comparison showed nothing.
fn not_shown(compared: Compared, reading: &Reading) -> &'static str {
    let is_compared = reading.extents.iter().any(|extent| extent.change.is_some());
    match compared {
        Compared::Resources if !is_compared => {
            "the content of both exports was not compared, since a timestamp goes back"
        }
        Compared::FileNames => "no feed was made at a later moment than in the earlier export",
        Compared::Cadence => "it takes exports of two days running, each with all three feeds",
        Compared::AvailabilityCadence => "it takes availability of two days running",
        Compared::Resources => "no staff and no room has the same name and id in both exports",
        Compared::Accounts => "no two merchants share an account",
        Compared::Overrides => "no slot says anything of money itself",
        Compared::Bookings => "no booked slot with its booking is in the export",
    }
}
