//! The files and the metadata of two exports, and how old the feeds of one export are beside each other.

use super::export::Compared;
use crate::code::ProblemCode;
use crate::files::folder::FeedFile;
use crate::files::generation::ChosenFiles;
use crate::files::layout;
use crate::files::moment;
use crate::kind::FeedKind;
use crate::problem::{FeedProblems, ProblemPlace, RecordProblem};
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, BufRead, BufReader, Read};

type Feeds = BTreeMap<FeedKind, ChosenFiles>;

const HOUR_SEC: i64 = 3_600;
/// A feed that is exported every day may be late by so much.
const ONE_DAY_SEC: i64 = 26 * HOUR_SEC;
/// After so long a time one export is missing.
const TWO_DAYS_SEC: i64 = 48 * HOUR_SEC;

/// What a feed is beside that of the earlier export.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Relation {
    /// Exported so many seconds later.
    Later(i64),
    /// The same export, which was not made again.
    Same,
    /// Another export under the nonce or the timestamp of the earlier one.
    Reused,
    /// Of an earlier moment.
    Back,
    /// One of both does not say when it was made.
    Unknown,
}

/// Looks at the feeds that both exports have, and says what each is beside the earlier one.
pub(crate) fn relate(
    before: &Feeds,
    now: &Feeds,
    problems: &mut FeedProblems,
) -> BTreeMap<FeedKind, Relation> {
    let relation = |(kind, now): (&FeedKind, &ChosenFiles)| {
        let before = before.get(kind)?;
        Some((*kind, relation(before, now, problems)))
    };
    let relations: BTreeMap<_, _> = now.iter().filter_map(relation).collect();
    let all_back = relations.values().all(|relation| *relation == Relation::Back);
    for (kind, _) in relations
        .iter()
        .filter(|(_, relation)| **relation == Relation::Back)
    {
        let (before, now) = (&before[kind], &now[kind]);
        let perhaps = if all_back {
            ": perhaps the folders are named in the wrong order"
        } else {
            ""
        };
        let message = format!(
            "{}, and {} of the earlier export was made at {}{perhaps}",
            now.timestamp, before.files[0].name, before.timestamp
        );
        note(
            now,
            ProblemCode::TimestampBack,
            "generation_timestamp",
            message,
            problems,
        );
    }
    relations
}

fn relation(before: &ChosenFiles, now: &ChosenFiles, problems: &mut FeedProblems) -> Relation {
    let same_nonce = !now.nonce.is_empty() && before.nonce == now.nonce;
    let same_time = now.timestamp != 0 && before.timestamp == now.timestamp;
    if same_nonce || same_time {
        if have_same_content(&before.files, &now.files).unwrap_or(true) {
            return Relation::Same;
        }
        let (code, field, value) = if same_nonce {
            (ProblemCode::NonceReused, "nonce", format!("{:?}", now.nonce))
        } else {
            (
                ProblemCode::TimestampReused,
                "generation_timestamp",
                now.timestamp.to_string(),
            )
        };
        let name = &before.files[0].name;
        let message = format!("{value} is that of {name} of the earlier export, whose content is another");
        note(now, code, field, message, problems);
        return Relation::Reused;
    }
    if ![before.timestamp, now.timestamp]
        .into_iter()
        .all(moment::is_plausible)
    {
        return Relation::Unknown;
    }
    match now.timestamp - before.timestamp {
        later @ 1.. => Relation::Later(later),
        _ => Relation::Back,
    }
}

fn note(feed: &ChosenFiles, code: ProblemCode, field: &str, message: String, problems: &mut FeedProblems) {
    problems.add(
        &feed.files[0].name,
        ProblemPlace::Metadata,
        RecordProblem::new(code, field, message),
    );
}

/// Whether the files hold the same, unpacked and one after the other.
fn have_same_content(before: &[FeedFile], now: &[FeedFile]) -> io::Result<bool> {
    let (mut before, mut now) = (joined(before)?, joined(now)?);
    loop {
        let (one, other) = (before.fill_buf()?, now.fill_buf()?);
        let length = one.len().min(other.len());
        if length == 0 || one[..length] != other[..length] {
            return Ok(one.is_empty() && other.is_empty());
        }
        before.consume(length);
        now.consume(length);
    }
}

fn joined(files: &[FeedFile]) -> io::Result<BufReader<Box<dyn Read>>> {
    let mut all: Box<dyn Read> = Box::new(io::empty());
    for file in files {
        let file = file.open(&|_| {}).map_err(io::Error::other)?;
        all = Box::new(all.chain(file));
    }
    Ok(BufReader::with_capacity(1 << 16, all))
}

/// Looks for names of files that the earlier export has, too. What has been told of a nonce or a timestamp is not told of the name
/// again, which holds the timestamp.
pub(crate) fn check_names(
    before: &Feeds,
    now: &Feeds,
    relations: &BTreeMap<FeedKind, Relation>,
    problems: &mut FeedProblems,
) -> Option<Compared> {
    let files = before.values().flat_map(|feed| &feed.files);
    let known: BTreeSet<&str> = files.map(|file| file.name.as_str()).collect();
    let is_anew = |kind: &FeedKind| matches!(relations.get(kind), Some(Relation::Later(_) | Relation::Back));
    let anew: Vec<_> = now.iter().filter(|(kind, _)| is_anew(kind)).collect();
    for file in anew.iter().flat_map(|(_, feed)| &feed.files) {
        if known.contains(file.name.as_str()) {
            let code = if layout::is_named_well(&file.name) {
                ProblemCode::FileNameReused
            } else {
                ProblemCode::PlainNameReused
            };
            let message = "a file of the earlier export has this name, too";
            problems.add(
                &file.name,
                ProblemPlace::File,
                RecordProblem::new(code, "", message),
            );
        }
    }
    (!anew.is_empty()).then_some(Compared::FileNames)
}

/// Looks for feeds that were left behind by the others: those that are the same as in the earlier export, and any that is two days
/// older than another.
pub(crate) fn check_ages(now: &Feeds, relations: &BTreeMap<FeedKind, Relation>, problems: &mut FeedProblems) {
    let dated: Vec<_> = now
        .iter()
        .filter(|(_, feed)| moment::is_plausible(feed.timestamp))
        .collect();
    let Some((newest, latest)) = dated.iter().max_by_key(|(_, feed)| feed.timestamp) else {
        return;
    };
    for (kind, feed) in &dated {
        let age = latest.timestamp - feed.timestamp;
        let is_same = relations.get(kind) == Some(&Relation::Same);
        let code = match (is_same, age) {
            (true, TWO_DAYS_SEC..) if **kind == FeedKind::Availability => ProblemCode::AvailabilityNotRenewed,
            (true, TWO_DAYS_SEC..) => ProblemCode::FeedNotRenewed,
            (true, ONE_DAY_SEC..) | (false, TWO_DAYS_SEC..) => ProblemCode::FeedLate,
            _ => continue,
        };
        let beside = if is_same {
            ", and it is the one of the earlier export"
        } else {
            ""
        };
        let message = format!(
            "the {kind} feed was made {} hours before the {newest} feed{beside}",
            age / HOUR_SEC
        );
        note(feed, code, "generation_timestamp", message, problems);
    }
}

/// Which feeds were exported a second time within a day.
pub(crate) fn cadence(relations: &BTreeMap<FeedKind, Relation>) -> Vec<Compared> {
    let daily = |kind: &FeedKind| matches!(relations.get(kind), Some(Relation::Later(..=ONE_DAY_SEC)));
    let availability = daily(&FeedKind::Availability).then_some(Compared::AvailabilityCadence);
    let all = FeedKind::ALL.iter().all(daily).then_some(Compared::Cadence);
    availability.into_iter().chain(all).collect()
}
