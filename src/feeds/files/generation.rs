//! Which files make up the feed: of each kind, the shards of the latest generation that is complete.

use super::folder::FeedFile;
use super::header::Header;
use super::metadata::MetadataRecord;
use super::wire::Int;
use crate::code::Code;
use crate::error::FeedError;
use crate::kind::Kind;
use crate::problem::{Fault, Place, Problems};
use std::collections::BTreeMap;
use std::path::Path;

/// The first day of 2015, before which nobody exported feeds: minutes lie before it.
const FIRST_SEC: i64 = 1_420_070_400;
/// Every day there is a new export; after so long a time one is of the past.
const STALE_SEC: i64 = 3 * 86_400;
/// A clock may be wrong by so much before a moment counts as one to come.
const CLOCK_SEC: i64 = 86_400;

/// One shard and where its metadata puts it.
pub(crate) struct Shard {
    pub(crate) file: FeedFile,
    kind: Kind,
    generation: Generation,
    number: i64,
    total: i64,
    /// What its metadata says wrong: told when the shard is read.
    faults: Vec<Fault>,
}

/// What all shards of one export have in common; the later one is the greater one.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Generation {
    timestamp: i64,
    nonce: String,
}

/// The files of one feed that are read.
#[derive(Debug, Default)]
pub(crate) struct Chosen {
    /// By the number of their shard.
    pub(crate) files: Vec<FeedFile>,
    /// What the metadata of each file says wrong.
    pub(crate) faults: Vec<Vec<Fault>>,
    /// When the data was read, epoch seconds; 0 where nothing says so.
    pub(crate) timestamp: i64,
    /// False where shards are missing, doubled or of different exports.
    pub(crate) complete: bool,
}

/// True when an export of this moment is the latest that there can be, give or take.
pub(crate) fn is_fresh(timestamp: i64, now_sec: i64) -> bool {
    let since = now_sec.saturating_sub(timestamp);
    (-CLOCK_SEC..=STALE_SEC).contains(&since)
}

/// Places `file` by its head; `None` for a file that is no feed. `now_sec`: moments after it have not been yet.
pub(crate) fn place(
    file: FeedFile,
    header: Header,
    now_sec: Option<i64>,
    problems: &mut Problems,
) -> Option<Shard> {
    let Some(kind) = header.kind else {
        let message = "none of the lists merchant, service, service_availability at the root: no feed";
        problems.add(&file.name, Place::File, Fault::new(Code::NotAFeed, "", message));
        return None;
    };
    let mut faults = Vec::new();
    let mut note = |code, field: &str, message: &str| faults.push(Fault::new(code, field, message));
    if header.has_mark {
        note(
            Code::ByteOrderMark,
            "",
            "a byte order mark in front of the JSON: passed over",
        );
    }
    let metadata = header.metadata.unwrap_or_else(|| {
        let message = "no metadata: read as the only shard of its feed";
        note(Code::MissingMetadata, "processing_instruction", message);
        MetadataRecord::alone()
    });
    check(&metadata, now_sec, &mut note);
    let int = |field: Option<Int>, default| field.map_or(default, |int| int.0);
    let (number, total) = (int(metadata.shard_number, 0), int(metadata.total_shards, 1));
    let generation = Generation {
        timestamp: int(metadata.generation_timestamp, 0),
        nonce: metadata.nonce.map(|nonce| nonce.0).unwrap_or_default(),
    };
    Some(Shard {
        file,
        kind,
        generation,
        number,
        total,
        faults,
    })
}

fn check(metadata: &MetadataRecord, now_sec: Option<i64>, note: &mut impl FnMut(Code, &str, &str)) {
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
                Code::IncrementalFeed,
                field,
                &format!("{word}: read as PROCESS_AS_COMPLETE"),
            );
        }
        Some(word) => note(
            Code::NotACompleteFeed,
            field,
            &format!("{word:?} is no instruction: read as PROCESS_AS_COMPLETE"),
        ),
        None => note(
            Code::MissingMetadata,
            field,
            "absent: read as PROCESS_AS_COMPLETE",
        ),
    }
    let field = "generation_timestamp";
    match (metadata.generation_timestamp, now_sec) {
        (None, _) => note(
            Code::MissingMetadata,
            field,
            "absent: older than every generation that has one",
        ),
        (Some(Int(moment)), Some(now)) if moment < FIRST_SEC || moment > now.saturating_add(CLOCK_SEC) => {
            note(
                Code::ImplausibleTimestamp,
                field,
                &format!("{moment} is no moment in epoch seconds up to now ({now})"),
            );
        }
        (Some(Int(moment)), Some(now)) if moment < now.saturating_sub(STALE_SEC) => note(
            Code::StaleExport,
            field,
            &format!("exported {} days ago: judged as of now", (now - moment) / 86_400),
        ),
        _ => {}
    }
    if metadata.total_shards.is_none() {
        note(Code::MissingMetadata, "total_shards", "absent: read as 1");
    }
    // Protobuf's own JSON printers leave out a zero, so an absent shard_number is no mistake.
    if metadata.nonce.is_none() && metadata.total_shards.is_some_and(|total| total.0 > 1) {
        note(
            Code::MissingMetadata,
            "nonce",
            "absent, and needed with more than one shard",
        );
    }
}

/// The shards to read, of every kind; and the kinds that are missing or not complete. What is not complete is chosen all the same:
/// whether to use it is for those to say who asked.
pub(crate) fn choose(
    dir: &Path,
    shards: Vec<Shard>,
    problems: &mut Problems,
) -> (BTreeMap<Kind, Chosen>, Vec<FeedError>) {
    let mut by_kind: BTreeMap<Kind, Generations> = BTreeMap::new();
    for shard in shards {
        let generations = by_kind.entry(shard.kind).or_default();
        generations
            .entry(shard.generation.clone())
            .or_default()
            .push(shard);
    }
    let (mut chosen, mut errors) = (BTreeMap::new(), Vec::new());
    for kind in Kind::ALL {
        let Some(generations) = by_kind.remove(&kind) else {
            let dir = dir.to_owned();
            errors.push(FeedError::Missing { dir, kind });
            continue;
        };
        let (mut files, gap) = latest(generations, problems);
        for (file, faults) in files.files.iter().zip(std::mem::take(&mut files.faults)) {
            for fault in faults {
                problems.add(&file.name, Place::Metadata, fault);
            }
        }
        errors.extend(gap.map(|detail| FeedError::Incomplete { kind, detail }));
        chosen.insert(kind, files);
    }
    (chosen, errors)
}

type Generations = BTreeMap<Generation, Vec<Shard>>;

/// The latest generation that is complete, else the latest; and what keeps that one from being complete.
fn latest(mut generations: Generations, problems: &mut Problems) -> (Chosen, Option<String>) {
    for shards in generations.values_mut() {
        shards.sort_by_key(|shard| shard.number);
    }
    let torsos: Vec<Generation> = generations
        .iter()
        .filter(|(_, shards)| gap(shards).is_some())
        .map(|(generation, _)| generation.clone())
        .collect();
    reused(
        generations.iter().filter(|(known, _)| !torsos.contains(known)),
        problems,
    );
    if let Some(whole) = joined(&mut generations, &torsos) {
        let detail = difference(&whole);
        let fault = Fault::new(Code::ShardsDiffer, "nonce", detail.as_str());
        problems.add(&whole[1].file.name, Place::Metadata, fault);
        return complete_or(generations, whole, detail);
    }
    let complete = generations
        .keys()
        .rev()
        .find(|known| !torsos.contains(known))
        .cloned();
    let mut newest_gap = None;
    // What is older than the feed that is read has been cleaned away in part.
    for generation in torsos
        .iter()
        .rev()
        .filter(|torso| complete.as_ref().is_none_or(|complete| *torso > complete))
    {
        let shards = &generations[generation];
        let Some((code, gap)) = gap(shards) else { continue };
        let detail = format!(
            "generation {} nonce {:?}: {gap}",
            generation.timestamp, generation.nonce
        );
        let fault = Fault::new(code, "shard_number", detail.as_str());
        problems.add(&shards[0].file.name, Place::Metadata, fault);
        newest_gap.get_or_insert(detail);
    }
    let newest = torsos.last().cloned();
    let torso = newest
        .and_then(|newest| generations.remove(&newest))
        .unwrap_or_default();
    for torso in &torsos {
        generations.remove(torso);
    }
    complete_or(generations, torso, newest_gap.unwrap_or_default())
}

/// The latest of the complete generations, or the shards that are none.
fn complete_or(mut complete: Generations, other: Vec<Shard>, detail: String) -> (Chosen, Option<String>) {
    match complete.pop_last() {
        Some((_, shards)) => (Chosen::of(shards, true), None),
        None => (Chosen::of(other, false), Some(detail)),
    }
}

impl Chosen {
    /// Of two shards of one number, which may be copies of each other, the first one is read.
    fn of(mut shards: Vec<Shard>, complete: bool) -> Self {
        shards.dedup_by_key(|shard| shard.number);
        let timestamps = shards.iter().map(|shard| shard.generation.timestamp);
        Self {
            timestamp: timestamps.max().unwrap_or(0),
            complete,
            faults: shards
                .iter_mut()
                .map(|shard| std::mem::take(&mut shard.faults))
                .collect(),
            files: shards.into_iter().map(|shard| shard.file).collect(),
        }
    }
}

/// Torsos that make up one whole when their nonces and timestamps are not looked at; they are taken out.
fn joined(generations: &mut Generations, torsos: &[Generation]) -> Option<Vec<Shard>> {
    if torsos.len() < 2 {
        return None;
    }
    let parts: Vec<&Shard> = torsos.iter().flat_map(|torso| &generations[torso]).collect();
    let total = parts[0].total;
    let mut numbers: Vec<_> = parts.iter().map(|shard| shard.number).collect();
    numbers.sort_unstable();
    let whole = parts.iter().all(|shard| shard.total == total) && numbers.into_iter().eq(0..total);
    if !whole {
        return None;
    }
    let taken = torsos.iter().filter_map(|torso| generations.remove(torso));
    let mut shards: Vec<_> = taken.flatten().collect();
    shards.sort_by_key(|shard| shard.number);
    Some(shards)
}

fn difference(shards: &[Shard]) -> String {
    let first = &shards[0];
    let other = shards.iter().find(|shard| shard.generation != first.generation);
    let other = other.unwrap_or(first);
    let says = |shard: &Shard| {
        let Generation { timestamp, nonce } = &shard.generation;
        format!(
            "{} has nonce {nonce:?} and generation_timestamp {timestamp}",
            shard.file.name
        )
    };
    format!("{}, {}", says(first), says(other))
}

/// No two exports have a nonce or a timestamp in common.
fn reused<'g>(complete: impl Iterator<Item = (&'g Generation, &'g Vec<Shard>)>, problems: &mut Problems) {
    let (mut nonces, mut timestamps) = (BTreeMap::new(), BTreeMap::new());
    for (Generation { timestamp, nonce }, shards) in complete {
        let file = &shards[0].file.name;
        let mut note = |code, field, message: String| {
            problems.add(file, Place::Metadata, Fault::new(code, field, message));
        };
        match nonces.insert(nonce, file).filter(|_| !nonce.is_empty()) {
            Some(earlier) => note(
                Code::NonceReused,
                "nonce",
                format!("{nonce:?} is that of {earlier}, too"),
            ),
            None => {
                if let Some(earlier) = timestamps.insert(*timestamp, file).filter(|_| *timestamp != 0) {
                    let message = format!("{timestamp} is that of {earlier}, too");
                    note(Code::TimestampReused, "generation_timestamp", message);
                }
            }
        }
    }
}

/// What keeps `shards`, sorted by number, from being 0 to N-1, each exactly once.
fn gap(shards: &[Shard]) -> Option<(Code, String)> {
    let total = shards[0].total;
    if let Some(other) = shards.iter().find(|shard| shard.total != total) {
        let message = format!(
            "total_shards is {total} and {} ({})",
            other.total, other.file.name
        );
        return Some((Code::ShardsDiffer, message));
    }
    let numbers = |message: String| Some((Code::ShardNumbers, message));
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
mod tests {
    use super::*;

    fn shard(name: &str, timestamp: i64, number: i64, total: i64) -> Shard {
        Shard {
            file: FeedFile::named(name),
            kind: Kind::Merchants,
            generation: Generation {
                timestamp,
                nonce: timestamp.to_string(),
            },
            number,
            total,
            faults: Vec::new(),
        }
    }

    fn with_nonce(mut shard: Shard, nonce: &str) -> Shard {
        nonce.clone_into(&mut shard.generation.nonce);
        shard
    }

    /// The files that are read, what keeps them from being complete, and what is noticed in which file.
    fn pick(shards: Vec<Shard>) -> (Vec<String>, Option<String>, Vec<(Code, String)>) {
        let mut problems = Problems::default();
        let mut generations = Generations::new();
        for shard in shards {
            generations
                .entry(shard.generation.clone())
                .or_default()
                .push(shard);
        }
        let (chosen, gap) = latest(generations, &mut problems);
        assert_eq!(chosen.complete, gap.is_none());
        let names = chosen.files.into_iter().map(|file| file.name).collect();
        let problems = problems.into_tallies().into_iter().flat_map(|tally| tally.first);
        let noticed = problems.map(|problem| (problem.code, problem.file)).collect();
        (names, gap, noticed)
    }

    #[test]
    fn shards_come_in_any_order() {
        let (files, gap, noticed) = pick(vec![shard("b", 5, 1, 2), shard("a", 5, 0, 2)]);
        assert_eq!(
            (files, gap, noticed),
            (vec!["a".to_owned(), "b".to_owned()], None, vec![])
        );
    }

    #[test]
    fn the_latest_complete_generation_is_read_and_a_newer_torso_is_noted() {
        let (files, gap, noticed) = pick(vec![
            shard("old", 1, 0, 1),
            shard("mid", 2, 0, 1),
            shard("new", 3, 1, 2),
        ]);
        assert_eq!((files, gap), (vec!["mid".to_owned()], None));
        assert_eq!(noticed, [(Code::ShardNumbers, "new".to_owned())]);
    }

    #[test]
    fn what_is_left_of_an_older_export_is_no_matter() {
        let (files, gap, noticed) = pick(vec![shard("old", 1, 0, 2), shard("new", 3, 0, 1)]);
        assert_eq!((files, gap, noticed), (vec!["new".to_owned()], None, vec![]));
    }

    #[test]
    fn what_is_missing_or_doubled_is_said() {
        let message = |shards| pick(shards).1.unwrap_or_default();
        assert!(message(vec![shard("a", 1, 0, 3), shard("c", 1, 2, 3)]).contains("shard 1 of 3 is missing"));
        assert!(message(vec![shard("a", 1, 0, 2), shard("b", 1, 0, 2)]).contains("a and b are both shard 0"));
        assert!(message(vec![shard("a", 1, 1, 1)]).contains("a is shard 1 of 1"));
        assert!(message(vec![shard("a", 1, 0, 2), shard("b", 1, 1, 3)]).contains("total_shards is 2 and 3"));
        assert!(message(vec![shard("a", 1, 0, i64::MAX)]).contains("shard 1 of"));
    }

    #[test]
    fn shards_of_one_export_have_one_nonce_and_one_timestamp() {
        for (nonce, timestamp) in [("5", 6), ("other", 5)] {
            let other = with_nonce(shard("b", timestamp, 1, 2), nonce);
            let (files, gap, noticed) = pick(vec![shard("a", 5, 0, 2), other]);
            assert_eq!(files, ["a", "b"], "what there is can still be looked at");
            assert!(gap.is_some_and(|gap| gap.contains("a has nonce \"5\"")));
            assert_eq!(noticed, [(Code::ShardsDiffer, "b".to_owned())]);
        }
    }

    #[test]
    fn two_exports_have_two_nonces_and_two_timestamps() {
        let (files, _, noticed) = pick(vec![shard("a", 5, 0, 1), with_nonce(shard("b", 6, 0, 1), "5")]);
        assert_eq!(noticed, [(Code::NonceReused, "b".to_owned())]);
        assert_eq!(files, ["b"]);
        let (_, _, noticed) = pick(vec![shard("a", 5, 0, 1), with_nonce(shard("b", 5, 0, 1), "6")]);
        assert_eq!(noticed, [(Code::TimestampReused, "b".to_owned())]);
        let unsaid = |name, timestamp| with_nonce(shard(name, timestamp, 0, 1), "");
        assert_eq!(pick(vec![unsaid("a", 5), unsaid("b", 6)]).2, []);
    }

    #[test]
    fn every_kind_that_is_missing_is_named() {
        let (_, errors) = choose(
            Path::new("feeds"),
            vec![shard("a", 1, 0, 1)],
            &mut Problems::default(),
        );
        let texts: Vec<_> = errors.iter().map(ToString::to_string).collect();
        assert_eq!(
            texts,
            ["no services feed in feeds", "no availability feed in feeds"]
        );
    }
}
