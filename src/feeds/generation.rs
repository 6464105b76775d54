//! Which files make up the feed: of each kind, the shards of the latest generation that is complete.

use std::collections::BTreeMap;
use std::path::Path;

use super::code::Code;
use super::error::FeedError;
use super::files::{FeedFile, Kind};
use super::header::Header;
use super::problem::{Fault, Place, Problems};
use super::records::MetadataRecord;
use super::wire::Int;

/// One shard and where its metadata puts it.
pub(super) struct Shard {
    pub(super) file: FeedFile,
    kind: Kind,
    generation: Generation,
    number: i64,
    total: i64,
}

/// What all shards of one export have in common; the later one is the greater one.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Generation {
    timestamp: i64,
    nonce: String,
}

/// Places `file` by its head; `None` for a file that is no feed.
pub(super) fn place(file: FeedFile, header: Header, problems: &mut Problems) -> Option<Shard> {
    let mut note = |code, field: &str, message: &str| {
        problems.add(&file.name, Place::Metadata, Fault::new(code, field, message));
    };
    let Some(kind) = header.kind else {
        note(
            Code::NotAFeed,
            "",
            "none of merchant, service, service_availability at the root: file ignored",
        );
        return None;
    };
    let Some(metadata) = header.metadata else {
        note(
            Code::MissingMetadata,
            "",
            "no metadata: read as the only shard of its feed",
        );
        let generation = Generation::default();
        return Some(Shard {
            file,
            kind,
            generation,
            number: 0,
            total: 1,
        });
    };
    check(&metadata, &mut note);
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
    })
}

fn check(metadata: &MetadataRecord, note: &mut impl FnMut(Code, &str, &str)) {
    match metadata
        .processing_instruction
        .as_ref()
        .map(|word| word.0.as_str())
    {
        Some("PROCESS_AS_COMPLETE" | "1") => {}
        Some(_) => {
            note(
                Code::NotACompleteFeed,
                "processing_instruction",
                "not PROCESS_AS_COMPLETE: read as complete",
            );
        }
        None => note(
            Code::MissingMetadata,
            "processing_instruction",
            "absent: read as PROCESS_AS_COMPLETE",
        ),
    }
    if metadata.generation_timestamp.is_none() {
        note(
            Code::MissingMetadata,
            "generation_timestamp",
            "absent: older than every generation that has one",
        );
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

/// The shards to read, of every kind; and the kinds that are missing or not complete.
pub(super) fn choose(
    dir: &Path,
    shards: Vec<Shard>,
    problems: &mut Problems,
) -> (BTreeMap<Kind, Vec<FeedFile>>, Vec<FeedError>) {
    let mut by_kind: BTreeMap<Kind, BTreeMap<Generation, Vec<Shard>>> = BTreeMap::new();
    for shard in shards {
        by_kind
            .entry(shard.kind)
            .or_default()
            .entry(shard.generation.clone())
            .or_default()
            .push(shard);
    }
    let (mut chosen, mut errors) = (BTreeMap::new(), Vec::new());
    for kind in Kind::ALL {
        match by_kind
            .remove(&kind)
            .map(|generations| latest(kind, generations, problems))
        {
            Some(Ok(files)) => _ = chosen.insert(kind, files),
            Some(Err(error)) => errors.push(error),
            None => errors.push(FeedError::Missing {
                dir: dir.to_owned(),
                kind,
            }),
        }
    }
    (chosen, errors)
}

fn latest(
    kind: Kind,
    generations: BTreeMap<Generation, Vec<Shard>>,
    problems: &mut Problems,
) -> Result<Vec<FeedFile>, FeedError> {
    let mut newest_gap = None;
    for (generation, mut shards) in generations.into_iter().rev() {
        shards.sort_by_key(|shard| shard.number);
        let Some(gap) = gap(&shards) else {
            return Ok(shards.into_iter().map(|shard| shard.file).collect());
        };
        let detail = format!(
            "generation {} nonce {:?}: {gap}",
            generation.timestamp, generation.nonce
        );
        let fault = Fault::new(Code::ShardNumbers, "shard_number", detail.as_str());
        problems.add(&shards[0].file.name, Place::Metadata, fault);
        newest_gap.get_or_insert(detail);
    }
    Err(FeedError::Incomplete {
        kind,
        detail: newest_gap.unwrap_or_default(),
    })
}

/// What keeps `shards`, sorted by number, from being 0 to N-1, each exactly once.
fn gap(shards: &[Shard]) -> Option<String> {
    let total = shards[0].total;
    if let Some(other) = shards.iter().find(|shard| shard.total != total) {
        return Some(format!(
            "total_shards is {total} and {} ({})",
            other.total, other.file.name
        ));
    }
    let twice = shards.windows(2).find_map(|pair| match pair {
        [one, two] if one.number == two.number => Some((one, two)),
        _ => None,
    });
    if let Some((one, two)) = twice {
        return Some(format!(
            "{} and {} are both shard {}",
            one.file.name, two.file.name, one.number
        ));
    }
    if let Some(outside) = shards.iter().find(|shard| !(0..total).contains(&shard.number)) {
        return Some(format!(
            "{} is shard {} of {total}",
            outside.file.name, outside.number
        ));
    }
    let missing = (0..total).zip(
        shards
            .iter()
            .map(|shard| Some(shard.number))
            .chain(std::iter::repeat(None)),
    );
    let first = missing
        .into_iter()
        .find(|(expected, found)| Some(*expected) != *found);
    first.map(|(number, _)| format!("shard {number} of {total} is missing"))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    fn shard(name: &str, timestamp: i64, number: i64, total: i64) -> Shard {
        Shard {
            file: FeedFile {
                path: name.into(),
                name: name.to_owned(),
            },
            kind: Kind::Merchants,
            generation: Generation {
                timestamp,
                nonce: timestamp.to_string(),
            },
            number,
            total,
        }
    }

    fn pick(shards: Vec<Shard>) -> (Result<Vec<String>, String>, Problems) {
        let mut problems = Problems::default();
        let mut generations: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for shard in shards {
            generations
                .entry(shard.generation.clone())
                .or_default()
                .push(shard);
        }
        let files = latest(Kind::Merchants, generations, &mut problems);
        let names = files.map(|files| files.into_iter().map(|file| file.name).collect());
        (names.map_err(|error| error.to_string()), problems)
    }

    #[test]
    fn shards_come_in_any_order() {
        let (files, problems) = pick(vec![shard("b", 5, 1, 2), shard("a", 5, 0, 2)]);
        assert_eq!(files.unwrap(), ["a", "b"]);
        assert!(problems.into_tallies().is_empty());
    }

    #[test]
    fn the_latest_complete_generation_is_read_and_a_newer_torso_is_noted() {
        let (files, problems) = pick(vec![
            shard("old", 1, 0, 1),
            shard("mid", 2, 0, 1),
            shard("new", 3, 1, 2),
        ]);
        assert_eq!(files.unwrap(), ["mid"]);
        let tallies = problems.into_tallies();
        let problem = &tallies[0].first[0];
        assert_eq!((problem.file.as_str(), problem.code), ("new", Code::ShardNumbers));
    }

    #[test]
    fn what_is_missing_or_doubled_is_said() {
        let message = |shards| pick(shards).0.unwrap_err();
        assert!(message(vec![shard("a", 1, 0, 3), shard("c", 1, 2, 3)]).contains("shard 1 of 3 is missing"));
        assert!(message(vec![shard("a", 1, 0, 2), shard("b", 1, 0, 2)]).contains("a and b are both shard 0"));
        assert!(message(vec![shard("a", 1, 1, 1)]).contains("a is shard 1 of 1"));
        assert!(message(vec![shard("a", 1, 0, 2), shard("b", 1, 1, 3)]).contains("total_shards is 2 and 3"));
        assert!(message(vec![shard("a", 1, 0, i64::MAX)]).contains("shard 1 of"));
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
