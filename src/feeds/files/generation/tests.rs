//! Shards of one export and of several, and which of them are read.

use super::*;

fn shard(name: &str, timestamp: i64, number: i64, total: i64) -> PlacedShard {
    PlacedShard {
        file: FeedFile::named(name),
        kind: FeedKind::Merchants,
        generation: Generation {
            timestamp,
            nonce: timestamp.to_string(),
        },
        number,
        total,
        record_problems: Vec::new(),
    }
}

fn with_nonce(mut shard: PlacedShard, nonce: &str) -> PlacedShard {
    nonce.clone_into(&mut shard.generation.nonce);
    shard
}

/// The files that are read, what keeps them from being complete, and what is noticed in which file.
fn pick(shards: Vec<PlacedShard>) -> (Vec<String>, Option<String>, Vec<(ProblemCode, String)>) {
    let mut problems = FeedProblems::default();
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
    assert_eq!(noticed, [(ProblemCode::ShardNumbers, "new".to_owned())]);
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
        assert_eq!(noticed, [(ProblemCode::ShardsDiffer, "b".to_owned())]);
    }
}

#[test]
fn two_exports_have_two_nonces_and_two_timestamps() {
    let (files, _, noticed) = pick(vec![shard("a", 5, 0, 1), with_nonce(shard("b", 6, 0, 1), "5")]);
    assert_eq!(noticed, [(ProblemCode::NonceReused, "b".to_owned())]);
    assert_eq!(files, ["b"]);
    let (_, _, noticed) = pick(vec![shard("a", 5, 0, 1), with_nonce(shard("b", 5, 0, 1), "6")]);
    assert_eq!(noticed, [(ProblemCode::TimestampReused, "b".to_owned())]);
    let unsaid = |name, timestamp| with_nonce(shard(name, timestamp, 0, 1), "");
    assert_eq!(pick(vec![unsaid("a", 5), unsaid("b", 6)]).2, []);
}

#[test]
fn every_kind_that_is_missing_is_named() {
    let (_, errors) = choose(
        Path::new("feeds"),
        vec![shard("a", 1, 0, 1)],
        &mut FeedProblems::default(),
    );
    let texts: Vec<_> = errors.iter().map(ToString::to_string).collect();
    assert_eq!(
        texts,
        ["no services feed in feeds", "no availability feed in feeds"]
    );
}
