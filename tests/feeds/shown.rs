//! An accepted and a rejected record of each requirement that is judged in feeds: what `conformance explain` shows.

use super::broken::{BROKEN, Broken};
use super::folder::{File, Folder, judged};
use super::pruned::{Place, cut, differences, place, pruned};
use super::yaml::{first_difference, written};
use super::{days, forms, limits};
use catalogue::{Illustration, illustrations_text};
use feeds::FeedProblem;
use flate2::read::GzDecoder;
use rules::requirements_of_feeds;
use serde_json::Value;
use std::collections::BTreeMap;
use std::io::Read as _;
use std::path::Path;

/// The stem of the file.
const FEEDS: &str = "of-feeds";

/// The first lines of the file.
const HEAD: &str = "# An accepted and a rejected record of each requirement of feeds, as the tests saw them: what `conformance explain` shows.\n\
                    # Written by: PUBLISH_ILLUSTRATIONS=1 cargo test --release --test feeds\n";

/// A record is cut to so many lines if that can be.
const LINES: usize = 12;

/// Set, the file is written instead of held against what is seen.
const WRITE: &str = "PUBLISH_ILLUSTRATIONS";

#[test]
fn what_explain_shows_of_feeds_is_what_was_judged() {
    let all: Vec<Illustration> = illustrated().into_values().collect();
    let alike: Vec<_> = all.iter().filter(|one| one.accepted == one.rejected).collect();
    assert!(alike.is_empty(), "nothing is shown of {alike:#?}");
    assert_eq!(all.len(), requirements_of_feeds().len());
    let text = all
        .iter()
        .map(written)
        .fold(HEAD.to_owned(), |text, one| text + &one);
    let path = format!("src/catalogue/illustrations/{FEEDS}.yaml");
    if std::env::var_os(WRITE).is_some() {
        std::fs::write(&path, text).expect("the sources are ours");
        return;
    }
    let there = illustrations_text(FEEDS).unwrap_or_default();
    let line = first_difference(there, &text);
    assert_eq!(
        line, None,
        "\n{path} differs from that line on. Write it again, and review it:\n  {WRITE}=1 cargo test --release --test feeds\n"
    );
}

/// The first broken feed of each requirement that shows a difference.
fn illustrated() -> BTreeMap<String, Illustration> {
    let rows = BROKEN
        .iter()
        .chain(days::BROKEN)
        .chain(limits::LIMITS)
        .chain(forms::FORMS);
    let mut all: BTreeMap<String, Illustration> = BTreeMap::new();
    for row in rows {
        let is_shown = all
            .get(row.requirement)
            .is_some_and(|there| there.accepted != there.rejected);
        if is_shown {
            continue;
        }
        if let Some(one) = illustration(row) {
            all.insert(one.id.clone(), one);
        }
    }
    all
}

fn illustration(row: &Broken) -> Option<Illustration> {
    let report = (row.breaks)(Folder::right());
    let wrong = judged();
    let finding = report.findings.first()?;
    let problem = finding.places.first()?;
    let right = Folder::right().files();
    let (mut accepted, mut rejected) = pair(&right, &wrong, problem);
    if accepted == rejected {
        let (also, besides) = elsewhere(&right, &wrong);
        accepted = [accepted, also].join("\n");
        rejected = [rejected, besides].join("\n");
    }
    Some(Illustration {
        id: row.requirement.to_owned(),
        scenario: None,
        server: format!("In the feed: {}.", row.how),
        finding: finding.message.clone(),
        place: Some(place_in_words(problem)).filter(|place| !place.is_empty()),
        expected: None,
        actual: Some(problem.message.clone()),
        accepted,
        rejected,
    })
}

fn place_in_words(problem: &FeedProblem) -> String {
    let parts = [&problem.file, &problem.record, &problem.field];
    let parts: Vec<&str> = parts
        .into_iter()
        .map(String::as_str)
        .filter(|part| !part.is_empty())
        .collect();
    parts.join(" ")
}

/// The place of a problem in a right folder and in the broken one.
fn pair(right: &[File], wrong: &[File], problem: &FeedProblem) -> (String, String) {
    let file = wrong.iter().find(|file| file.name == problem.file);
    let Some(file) = file else {
        return (names(right), names(wrong));
    };
    let feed = file.name.split('_').next().unwrap_or_default();
    let Some(like) = right.iter().find(|one| one.name.starts_with(feed)) else {
        return (names(right), names(wrong));
    };
    let record = if problem.record.is_empty() {
        "metadata"
    } else {
        &problem.record
    };
    let record = place(&format!("/{}", record.replace(['.', '['], "/").replace(']', "")));
    let (accepted, rejected) = (value(like, &record), value(file, &record));
    let field: Place = problem
        .field
        .split('.')
        .filter(|name| !name.is_empty())
        .map(ToOwned::to_owned)
        .collect();
    let mut places = match (&accepted, &rejected) {
        (Some(one), Some(other)) => differences(one, other),
        _ => Vec::new(),
    };
    places.extend((!field.is_empty()).then_some(field));
    let text = |file: &File, value: Option<&Value>| {
        let body = value.map_or_else(|| start(file), |value| pruned(value, &places, LINES));
        let lines: Vec<String> = body.lines().map(|line| format!("  {line}")).collect();
        let at = if value.is_some() { &problem.record } else { "" };
        format!("{} {at}", file.name).trim_end().to_owned() + "\n" + &lines.join("\n")
    };
    (text(like, accepted.as_ref()), text(file, rejected.as_ref()))
}

/// The first record in which two folders differ, in both.
fn elsewhere(right: &[File], wrong: &[File]) -> (String, String) {
    for file in wrong {
        let feed = file.name.split('_').next().unwrap_or_default();
        let Some(like) = right.iter().find(|one| one.name.starts_with(feed)) else {
            continue;
        };
        let Some((one, other)) = value(like, &[]).zip(value(file, &[])) else {
            continue;
        };
        let records = match feed {
            "availability" => "/service_availability/0/availability",
            "services" => "/service",
            _ => "/merchant",
        };
        let list = |whole: &Value| whole.pointer(records).and_then(Value::as_array).cloned();
        let (ones, others) = (list(&one).unwrap_or_default(), list(&other).unwrap_or_default());
        let count = ones.len().max(others.len());
        if let Some(index) = (0..count).find(|index| ones.get(*index) != others.get(*index)) {
            return different(feed, index, ones.get(index), others.get(index));
        }
    }
    (names(right), names(wrong))
}

fn different(feed: &str, index: usize, one: Option<&Value>, other: Option<&Value>) -> (String, String) {
    let places = one
        .zip(other)
        .map(|(one, other)| differences(one, other))
        .unwrap_or_default();
    let text = |value: Option<&Value>| {
        let body = value.map_or_else(
            || "no such record".to_owned(),
            |value| pruned(value, &places, LINES),
        );
        let lines: Vec<String> = body.lines().map(|line| format!("  {line}")).collect();
        format!("{feed} feed, record {}\n{}", index + 1, lines.join("\n"))
    };
    (text(one), text(other))
}

/// The record of a file; of a list that is shorter its first one.
fn value(file: &File, record: &[String]) -> Option<Value> {
    let text = if Path::new(&file.name)
        .extension()
        .is_some_and(|ending| ending == "gz")
    {
        let mut text = String::new();
        GzDecoder::new(file.bytes.as_slice())
            .read_to_string(&mut text)
            .ok()?;
        text
    } else {
        String::from_utf8(file.bytes.clone()).ok()?
    };
    let mut value: Value = serde_json::from_str(&text).ok()?;
    for name in record {
        value = match (&mut value, name.parse::<usize>()) {
            (Value::Array(list), Ok(index)) => {
                let index = if index < list.len() { index } else { 0 };
                list.get_mut(index)?.take()
            }
            (Value::Object(members), _) => members.get_mut(name)?.take(),
            _ => return None,
        };
    }
    Some(value)
}

/// The first characters of a file that is no JSON.
fn start(file: &File) -> String {
    cut(&outcome::text::excerpt(&String::from_utf8_lossy(&file.bytes)))
}

fn names(files: &[File]) -> String {
    let names: Vec<&str> = files.iter().map(|file| file.name.as_str()).collect();
    names.join("\n")
}
