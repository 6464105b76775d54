//! How feeds are cut into files: names, sizes, shards, encodings.

use super::folder::FeedFile;
use super::generation::ChosenFiles;
use crate::code::ProblemCode;
use crate::kind::FeedKind;
use crate::problem::{FeedProblems, ProblemPlace, RecordProblem};
use std::collections::BTreeMap;

/// What Google takes as one file, packed.
const MAX_PACKED_BYTES: u64 = 200 << 20;
/// More shards of one feed are not recommended.
const MAX_SHARDS: usize = 20;
/// The largest shard may be so many times as large as the smallest.
const EVEN: u64 = 3;
/// Shards that differ by less are even enough, however small they are.
const SMALL: u64 = 1 << 20;

const ENCODINGS: [&str; 12] = [
    "pb3",
    "pb",
    "pbtxt",
    "textproto",
    "csv",
    "tsv",
    "xml",
    "yaml",
    "yml",
    "jsonl",
    "ndjson",
    "parquet",
];
const ARCHIVES: [&str; 9] = ["zip", "tar", "tgz", "7z", "rar", "bz2", "xz", "zst", "gz"];

/// Looks at the files that are read, and at those beside them.
pub(crate) fn check(
    chosen: &BTreeMap<FeedKind, ChosenFiles>,
    others: &[String],
    problems: &mut FeedProblems,
) {
    for (kind, ChosenFiles { files, .. }) in chosen {
        for file in files {
            check_file(file, problems);
        }
        check_shards(*kind, files, problems);
    }
    // What lies beside feeds that are there may be anything.
    let missing = |kind: Option<FeedKind>| match kind {
        Some(kind) => !chosen.contains_key(&kind),
        None => FeedKind::ALL.into_iter().any(|kind| !chosen.contains_key(&kind)),
    };
    for name in others.iter().filter(|name| missing(FeedKind::of_name(name))) {
        if let Some(problem) = unread_problem(name) {
            problems.add(name, ProblemPlace::File, problem);
        }
    }
}

fn check_file(file: &FeedFile, problems: &mut FeedProblems) {
    let mut note = |code, message: String| {
        problems.add(
            &file.name,
            ProblemPlace::File,
            RecordProblem::new(code, "", message),
        );
    };
    // How small an unpacked file would be once it is packed, nobody knows.
    if file.is_packed() && file.bytes >= MAX_PACKED_BYTES {
        note(
            ProblemCode::FileTooLarge,
            format!("{} MB, and 200 MB are too many", file.bytes >> 20),
        );
    }
    if !is_named_well(&file.name) {
        let message = "no name like availability_feed_1574117613_001_of_002.json.gz";
        note(ProblemCode::FileName, message.to_owned());
    }
}

fn check_shards(kind: FeedKind, files: &[FeedFile], problems: &mut FeedProblems) {
    let most = if kind == FeedKind::Availability {
        MAX_SHARDS
    } else {
        1
    };
    if files.len() > most {
        let message = format!(
            "{} shards of the {kind} feed, and {most} is the most",
            files.len()
        );
        let problem = RecordProblem::new(ProblemCode::TooManyShards, "total_shards", message);
        problems.add(&files[most].name, ProblemPlace::Metadata, problem);
    }
    let (Some(small), Some(large)) = (
        files.iter().min_by_key(|file| file.bytes),
        files.iter().max_by_key(|file| file.bytes),
    ) else {
        return;
    };
    let alike = files.iter().all(|file| file.is_packed() == small.is_packed());
    if alike && large.bytes > EVEN * small.bytes && large.bytes - small.bytes > SMALL {
        let message = format!("{} bytes, and {} has {}", large.bytes, small.name, small.bytes);
        problems.add(
            &large.name,
            ProblemPlace::File,
            RecordProblem::new(ProblemCode::UnevenShards, "", message),
        );
    }
}

/// What speaks of a feed by its name, and is no file that can be read.
fn unread_problem(name: &str) -> Option<RecordProblem> {
    if FeedKind::of_name(name).is_none() && !name.to_lowercase().contains("feed") {
        return None;
    }
    let mut parts = name.rsplit('.').map(str::to_lowercase);
    let (last, before) = (parts.next()?, parts.next());
    let encoded = |part: &str| ENCODINGS.contains(&part);
    if encoded(&last) || last == "gz" && before.as_deref().is_some_and(encoded) {
        let message = "not read: feeds are read as JSON";
        return Some(RecordProblem::new(ProblemCode::OtherEncoding, "", message));
    }
    ARCHIVES.contains(&last.as_str()).then(|| {
        let message = "not read: each file is packed by itself, with gzip";
        RecordProblem::new(ProblemCode::PackedTogether, "", message)
    })
}

/// Feed, timestamp, shard and total: `services_feed_1574117613_001_of_001.json`, also without the `of`.
pub(crate) fn is_named_well(name: &str) -> bool {
    let name = name.to_lowercase();
    let name = name.strip_suffix(".gz").unwrap_or(&name);
    let Some(stem) = name.strip_suffix(".json") else {
        return false;
    };
    let mut parts = stem.rsplit('_').filter(|part| *part != "of");
    let numbers = parts
        .by_ref()
        .take(3)
        .filter(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()));
    numbers.count() == 3 && parts.next().is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_says_feed_timestamp_shard_and_total() {
        for good in [
            "availability_feed_1574117613_001_of_002.json.gz",
            "merchants_1574117613_1_1.json",
            "Google_services_feed_1574117613_001_001.JSON",
        ] {
            assert!(is_named_well(good), "{good}");
        }
        for odd in [
            "availability.json",
            "services_feed_2030-01-01.json",
            "1_2_3.json",
            "a_1_of_1.json.gz",
        ] {
            assert!(!is_named_well(odd), "{odd}");
        }
    }

    #[test]
    fn what_is_no_json_is_told_where_it_speaks_of_a_feed() {
        let code = |name| unread_problem(name).map(|problem| problem.code);
        assert_eq!(code("availability_feed_1.pb3"), Some(ProblemCode::OtherEncoding));
        assert_eq!(code("services.csv.gz"), Some(ProblemCode::OtherEncoding));
        assert_eq!(code("feeds.tar.gz"), Some(ProblemCode::PackedTogether));
        assert_eq!(code("merchants_feed.zip"), Some(ProblemCode::PackedTogether));
        assert_eq!(
            code("availability_feed_1.json.zst"),
            Some(ProblemCode::PackedTogether)
        );
        for stray in ["readme.md", "key.pem", "upload.sh", "services.log", "old.zip"] {
            assert_eq!(code(stray), None, "{stray}");
        }
    }

    fn uneven(sizes: &[u64]) -> Vec<ProblemCode> {
        let files = sizes.iter().enumerate().map(|(index, bytes)| FeedFile {
            bytes: *bytes,
            ..FeedFile::named(&format!("availability_1_{index}_of_9.json.gz"))
        });
        let chosen = ChosenFiles {
            files: files.collect(),
            ..ChosenFiles::default()
        };
        let mut problems = FeedProblems::default();
        check(
            &BTreeMap::from([(FeedKind::Availability, chosen)]),
            &[],
            &mut problems,
        );
        let tallies = problems.into_tallies();
        tallies.iter().map(|tally| tally.first[0].code).collect()
    }

    #[test]
    fn shards_are_even_and_few_and_not_too_large() {
        assert_eq!(uneven(&[1 << 20, 3 << 20]), []);
        assert_eq!(uneven(&[10, 1000]), [], "small shards need not be even");
        assert_eq!(uneven(&[1 << 20, (3 << 20) + 1]), [ProblemCode::UnevenShards]);
        assert_eq!(uneven(&[5; 20]), []);
        assert_eq!(uneven(&[5; 21]), [ProblemCode::TooManyShards]);
        assert_eq!(uneven(&[(200 << 20) - 1]), []);
        assert_eq!(uneven(&[200 << 20]), [ProblemCode::FileTooLarge]);
    }
}
