//! Which files make up the feed: of each kind, the shards of the latest generation that is complete.

use super::folder::FeedFile;
use super::header::Header;
use super::metadata::MetadataRecord;
use super::moment::{AHEAD_SEC, FIRST_SEC, STALE_SEC};
use super::wire::Int;
use crate::code::ProblemCode;
use crate::error::FeedError;
use crate::kind::FeedKind;
use crate::problem::{FeedProblems, ProblemPlace, RecordProblem};
use std::collections::BTreeMap;
use std::path::Path;

/// One shard and where its metadata puts it.
pub(crate) struct PlacedShard {
    pub(crate) file: FeedFile,
    kind: FeedKind,
    generation: Generation,
    number: i64,
    total: i64,
    /// What its metadata says wrong: told when the shard is read.
    record_problems: Vec<RecordProblem>,
}

/// What all shards of one export have in common; the later one is the greater one.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Generation {
    timestamp: i64,
    nonce: String,
}

/// The files of one feed that are read.
#[derive(Debug, Default)]
pub(crate) struct ChosenFiles {
    /// By the number of their shard.
    pub(crate) files: Vec<FeedFile>,
    /// What the metadata of each file says wrong.
    pub(crate) record_problems: Vec<Vec<RecordProblem>>,
    /// When the data was read, epoch seconds; 0 where nothing says so.
    pub(crate) timestamp: i64,
    /// What tells the export from others; empty where nothing says so.
    pub(crate) nonce: String,
    /// False where shards are missing, doubled or of different exports.
    pub(crate) complete: bool,
}

/// Places `file` by its head; `None` for a file that is no feed. `now_sec`: moments after it have not been yet.
pub(crate) fn place(
    file: FeedFile,
    mut header: Header,
    now_sec: Option<i64>,
    problems: &mut FeedProblems,
) -> Option<PlacedShard> {
    let Some(kind) = header.kind else {
        let message = "none of the lists merchant, service, service_availability at the root: no feed";
        problems.add(
            &file.name,
            ProblemPlace::File,
            RecordProblem::new(ProblemCode::NotAFeed, "", message),
        );
        return None;
    };
    let mut record_problems = Vec::new();
    let mut note =
        |code, field: &str, message: &str| record_problems.push(RecordProblem::new(code, field, message));
    if header.has_mark {
        note(
            ProblemCode::ByteOrderMark,
            "",
            "a byte order mark in front of the JSON: passed over",
        );
    }
    let metadata = header.metadata.take().unwrap_or_else(|| {
        let message = "no metadata: read as the only shard of its feed";
        note(ProblemCode::MissingMetadata, "processing_instruction", message);
        MetadataRecord::of_only_shard()
    });
    check(&metadata, now_sec, &mut note);
    header.mended.retain(&mut record_problems);
    record_problems.extend(header.mended.record_problems);
    let int = |field: Option<Int>, default| field.map_or(default, |int| int.0);
    let (number, total) = (int(metadata.shard_number, 0), int(metadata.total_shards, 1));
    let generation = Generation {
        timestamp: int(metadata.generation_timestamp, 0),
        nonce: metadata.nonce.map(|nonce| nonce.0).unwrap_or_default(),
    };
    Some(PlacedShard {
        file,
        kind,
        generation,
        number,
        total,
        record_problems,
    })
}

fn check(metadata: &MetadataRecord, now_sec: Option<i64>, note: &mut impl FnMut(ProblemCode, &str, &str)) {
    if metadata.is_assumed {
        return;
    }
    let field = "processing_instruction";
    match metadata
        .processing_instruction
        .as_ref()
        .map(|word| word.0.as_str())
    {
        Some("PROCESS_AS_COMPLETE" | "1") => {}
        Some(word @ ("PROCESS_AS_INCREMENTAL" | "PROCESS_UNKNOWN" | "2" | "0")) => {
            note(
                ProblemCode::IncrementalFeed,
                field,
                &format!("{word}: read as PROCESS_AS_COMPLETE"),
            );
        }
        Some(word) => note(
            ProblemCode::NotACompleteFeed,
            field,
            &format!("{word:?} is no instruction: read as PROCESS_AS_COMPLETE"),
        ),
        None => note(
            ProblemCode::MissingMetadata,
            field,
            "absent: read as PROCESS_AS_COMPLETE",
        ),
    }
    let field = "generation_timestamp";
    match (metadata.generation_timestamp, now_sec) {
        (None, _) => note(
            ProblemCode::MissingMetadata,
            field,
            "absent: older than every generation that has one",
        ),
        (Some(Int(moment)), Some(now)) if moment < FIRST_SEC || moment > now.saturating_add(AHEAD_SEC) => {
            note(
                ProblemCode::ImplausibleTimestamp,
                field,
                &format!("{moment} is no moment in epoch seconds up to now ({now})"),
            );
        }
        (Some(Int(moment)), Some(now)) if moment < now.saturating_sub(STALE_SEC) => note(
            ProblemCode::StaleExport,
            field,
            &format!("exported {} days ago: judged as of now", (now - moment) / 86_400),
        ),
        _ => {}
    }
    if metadata.total_shards.is_none() {
        note(ProblemCode::MissingMetadata, "total_shards", "absent: read as 1");
    }
    if let Some(nonce) = metadata
        .nonce
        .as_ref()
        .filter(|nonce| nonce.0.parse::<u64>().is_err())
    {
        note(
            ProblemCode::OddNonce,
            "nonce",
            &format!("{:?} is no whole number", nonce.0),
        );
    }
    // Protobuf's own JSON printers leave out a zero, so an absent shard_number is no mistake.
    if metadata.nonce.is_none() && metadata.total_shards.is_some_and(|total| total.0 > 1) {
        note(
            ProblemCode::MissingMetadata,
            "nonce",
            "absent, and needed with more than one shard",
        );
    }
}

/// The shards to read, of every kind; and the kinds that are missing or not complete. What is not complete is chosen all the same:
/// whether to use it is for those to say who asked.
pub(crate) fn choose(
    dir: &Path,
    shards: Vec<PlacedShard>,
    problems: &mut FeedProblems,
) -> (BTreeMap<FeedKind, ChosenFiles>, Vec<FeedError>) {
    let mut by_kind: BTreeMap<FeedKind, Generations> = BTreeMap::new();
    for shard in shards {
        let generations = by_kind.entry(shard.kind).or_default();
        generations
            .entry(shard.generation.clone())
            .or_default()
            .push(shard);
    }
    let (mut chosen, mut errors) = (BTreeMap::new(), Vec::new());
    for kind in FeedKind::ALL {
        let Some(generations) = by_kind.remove(&kind) else {
            let dir = dir.to_owned();
            errors.push(FeedError::Missing { dir, kind });
            continue;
        };
        let (mut files, gap) = latest(generations, problems);
        for (file, record_problems) in files.files.iter().zip(std::mem::take(&mut files.record_problems)) {
            for problem in record_problems {
                problems.add(&file.name, ProblemPlace::Metadata, problem);
            }
        }
        errors.extend(gap.map(|detail| FeedError::Incomplete { kind, detail }));
        chosen.insert(kind, files);
    }
    (chosen, errors)
}

type Generations = BTreeMap<Generation, Vec<PlacedShard>>;

/// The latest generation that is complete, else the latest; and what keeps that one from being complete.
fn latest(mut generations: Generations, problems: &mut FeedProblems) -> (ChosenFiles, Option<String>) {
    for shards in generations.values_mut() {
        shards.sort_by_key(|shard| shard.number);
    }
    let incomplete: Vec<Generation> = generations
        .iter()
        .filter(|(_, shards)| gap(shards).is_some())
        .map(|(generation, _)| generation.clone())
        .collect();
    note_reuse(
        generations
            .iter()
            .filter(|(known, _)| !incomplete.contains(known)),
        problems,
    );
    if let Some(whole) = take_joined(&mut generations, &incomplete) {
        let detail = difference(&whole);
        let problem = RecordProblem::new(ProblemCode::ShardsDiffer, "nonce", detail.as_str());
        problems.add(&whole[1].file.name, ProblemPlace::Metadata, problem);
        return latest_or(generations, whole, detail);
    }
    let complete = generations
        .keys()
        .rev()
        .find(|known| !incomplete.contains(known))
        .cloned();
    let mut newest_gap = None;
    // What is older than the feed that is read has been cleaned away in part.
    for generation in incomplete.iter().rev().filter(|generation_left| {
        complete
            .as_ref()
            .is_none_or(|complete| *generation_left > complete)
    }) {
        let shards = &generations[generation];
        let Some((code, gap)) = gap(shards) else { continue };
        let detail = format!(
            "generation {} nonce {:?}: {gap}",
            generation.timestamp, generation.nonce
        );
        let problem = RecordProblem::new(code, "shard_number", detail.as_str());
        problems.add(&shards[0].file.name, ProblemPlace::Metadata, problem);
        newest_gap.get_or_insert(detail);
    }
    let newest = incomplete.last().cloned();
    let generation_left = newest
        .and_then(|newest| generations.remove(&newest))
        .unwrap_or_default();
    for generation_left in &incomplete {
        generations.remove(generation_left);
    }
    latest_or(generations, generation_left, newest_gap.unwrap_or_default())
}

/// The latest of the complete generations, or the shards that are none.
fn latest_or(
    mut complete: Generations,
    other: Vec<PlacedShard>,
    detail: String,
) -> (ChosenFiles, Option<String>) {
    match complete.pop_last() {
        Some((_, shards)) => (ChosenFiles::of(shards, true), None),
        None => (ChosenFiles::of(other, false), Some(detail)),
    }
}

impl ChosenFiles {
    /// Of two shards of one number, which may be copies of each other, the first one is read.
    fn of(mut shards: Vec<PlacedShard>, complete: bool) -> Self {
        shards.dedup_by_key(|shard| shard.number);
        let timestamps = shards.iter().map(|shard| shard.generation.timestamp);
        Self {
            timestamp: timestamps.max().unwrap_or(0),
            nonce: shards
                .first()
                .map(|shard| shard.generation.nonce.clone())
                .unwrap_or_default(),
            complete,
            record_problems: shards
                .iter_mut()
                .map(|shard| std::mem::take(&mut shard.record_problems))
                .collect(),
            files: shards.into_iter().map(|shard| shard.file).collect(),
        }
    }
}

/// Torsos that make up one whole when their nonces and timestamps are not looked at; they are taken out.
fn take_joined(generations: &mut Generations, incomplete: &[Generation]) -> Option<Vec<PlacedShard>> {
    if incomplete.len() < 2 {
        return None;
    }
    let parts: Vec<&PlacedShard> = incomplete
        .iter()
        .flat_map(|generation_left| &generations[generation_left])
        .collect();
    let total = parts[0].total;
    let mut numbers: Vec<_> = parts.iter().map(|shard| shard.number).collect();
    numbers.sort_unstable();
    let whole = parts.iter().all(|shard| shard.total == total) && numbers.into_iter().eq(0..total);
    if !whole {
        return None;
    }
    let taken = incomplete
        .iter()
        .filter_map(|generation_left| generations.remove(generation_left));
    let mut shards: Vec<_> = taken.flatten().collect();
    shards.sort_by_key(|shard| shard.number);
    Some(shards)
}

fn difference(shards: &[PlacedShard]) -> String {
    let first = &shards[0];
    let other = shards.iter().find(|shard| shard.generation != first.generation);
    let other = other.unwrap_or(first);
    let says = |shard: &PlacedShard| {
        let Generation { timestamp, nonce } = &shard.generation;
        format!(
            "{} has nonce {nonce:?} and generation_timestamp {timestamp}",
            shard.file.name
        )
    };
    format!("{}, {}", says(first), says(other))
}

/// No two exports have a nonce or a timestamp in common.
fn note_reuse<'g>(
    complete: impl Iterator<Item = (&'g Generation, &'g Vec<PlacedShard>)>,
    problems: &mut FeedProblems,
) {
    let (mut nonces, mut timestamps) = (BTreeMap::new(), BTreeMap::new());
    for (Generation { timestamp, nonce }, shards) in complete {
        let file = &shards[0].file.name;
        let mut note = |code, field, message: String| {
            problems.add(
                file,
                ProblemPlace::Metadata,
                RecordProblem::new(code, field, message),
            );
        };
        match nonces.insert(nonce, file).filter(|_| !nonce.is_empty()) {
            Some(earlier) => note(
                ProblemCode::NonceReused,
                "nonce",
                format!("{nonce:?} is that of {earlier}, too"),
            ),
            None => {
                if let Some(earlier) = timestamps.insert(*timestamp, file).filter(|_| *timestamp != 0) {
                    let message = format!("{timestamp} is that of {earlier}, too");
                    note(ProblemCode::TimestampReused, "generation_timestamp", message);
                }
            }
        }
    }
}

/// What keeps `shards`, sorted by number, from being 0 to N-1, each exactly once.
fn gap(shards: &[PlacedShard]) -> Option<(ProblemCode, String)> {
    let total = shards[0].total;
    if let Some(other) = shards.iter().find(|shard| shard.total != total) {
        let message = format!(
            "total_shards is {total} and {} ({})",
            other.total, other.file.name
        );
        return Some((ProblemCode::ShardsDiffer, message));
    }
    let numbers = |message: String| Some((ProblemCode::ShardNumbers, message));
    let twice = shards.windows(2).find_map(|pair| match pair {
        [one, two] if one.number == two.number => Some((one, two)),
        _ => None,
    });
    if let Some((one, two)) = twice {
        return numbers(format!(
            "{} and {} are both shard {}: is one a copy of the other?",
            one.file.name, two.file.name, one.number
        ));
    }
    if let Some(outside) = shards.iter().find(|shard| !(0..total).contains(&shard.number)) {
        return numbers(format!(
            "{} is shard {} of {total}",
            outside.file.name, outside.number
        ));
    }
    let found = shards.iter().map(|shard| Some(shard.number));
    let mut missing = (0..total).zip(found.chain(std::iter::repeat(None)));
    let first = missing.find(|(expected, found)| Some(*expected) != *found);
    first.and_then(|(number, _)| numbers(format!("shard {number} of {total} is missing")))
}

#[cfg(test)]
mod tests;
