//! A recording is judged and rendered again, and compared, without the partner that it is of.

use super::snapshots::{new_partner, own_scenarios, refusal};
use super::support::{exits, json, out, run, unpacked};
use serde_json::Value;
use std::fs;
use std::path::Path;
use std::sync::OnceLock;
use tempfile::TempDir;

/// Every format that a file is made of, with its file.
fn formats() -> Vec<(&'static str, String)> {
    let formats = conformance::harness::REPORTERS.iter();
    formats
        .map(|reporter| (reporter.format(), format!("{}.out", reporter.format())))
        .collect()
}

fn report_flags(folder: &str) -> Vec<String> {
    let flags = formats().into_iter();
    flags
        .flat_map(|(format, file)| ["--report".to_owned(), format!("{format}={folder}/{file}")])
        .collect()
}

/// What a run of the bundled partner said and kept, once for all tests.
fn bundled() -> (&'static Path, &'static str) {
    static RUN: OnceLock<(TempDir, String)> = OnceLock::new();
    let (folder, said) = RUN.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap();
        let flags = report_flags("first");
        let words: Vec<&str> = ["run", "--ci", "-v"]
            .into_iter()
            .chain(flags.iter().map(String::as_str))
            .collect();
        let said = out(&exits(folder.path(), &words, 0));
        (folder, said)
    });
    (folder.path(), said)
}

#[test]
fn the_bundled_run_replays_to_the_same_words_and_the_same_report() {
    let (folder, said) = bundled();
    let flags = report_flags("replayed");
    let mut words = vec!["replay", "first/recording.out", "-v"];
    words.extend(flags.iter().map(String::as_str));
    assert_eq!(out(&exits(folder, &words, 0)), said);
    let report = json(&folder.join("first/json.out"));
    assert_eq!(json(&folder.join("replayed/json.out")), report);
    let judged: usize = report["scenarios"]
        .as_array()
        .unwrap()
        .iter()
        .map(|scenario| scenario["judged"].as_array().unwrap().len())
        .sum();
    assert!(judged > 2_000, "nearly nothing was judged: {judged}");
}

#[test]
fn the_same_recording_gives_the_same_bytes_in_every_format() {
    let (folder, _) = bundled();
    let flags = report_flags("again");
    let mut words = vec!["report", "first/recording.out"];
    words.extend(flags.iter().map(String::as_str));
    exits(folder, &words, 0);
    for (format, file) in formats() {
        let read = |root: &str| fs::read(folder.join(root).join(&file)).unwrap();
        assert!(read("again") == read("first"), "{format} is another one");
        assert!(read("first").len() > 2, "{format} is empty");
    }
}

#[test]
fn a_filter_judges_that_alone_and_a_recording_is_shown_without_a_format() {
    let (folder, said) = bundled();
    let words = [
        "replay",
        "first/recording.out",
        "health/**",
        "--report",
        "json=some.json",
    ];
    let text = out(&exits(folder, &words, 0));
    assert!(text.contains("conformant in what ran"), "{text}");
    let some = json(&folder.join("some.json"));
    let of = |verdict: &str| {
        let all = some["scenarios"].as_array().unwrap().iter();
        all.filter(|scenario| scenario["verdict"] == verdict).count()
    };
    assert!(of("pass") >= 1 && of("not_run") > 100, "{text}");
    assert!(
        refusal(folder, &["replay", "first/recording.out", "no/such"])
            .contains("no scenario matches no/such")
    );
    let shown = out(&exits(folder, &["report", "first/recording.out"], 0));
    assert!(said.contains(shown.lines().last().unwrap()), "{shown}");
}

#[test]
fn a_recording_keeps_to_its_schema_and_holds_no_secret() {
    let (folder, _) = bundled();
    let text = unpacked(&folder.join("first/recording.out"));
    let recording: Value = serde_json::from_str(&text).unwrap();
    let schema: Value = serde_json::from_str(&out(&exits(folder, &["schema", "recording"], 0))).unwrap();
    let schema = jsonschema::validator_for(&schema).unwrap();
    let wrong: Vec<_> = schema
        .iter_errors(&recording)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert_eq!(wrong, Vec::<String>::new());
    assert!(
        text.contains("[masked]"),
        "nothing was masked, so that nothing was tried"
    );
}

#[test]
fn two_runs_of_one_seed_do_not_differ() {
    let (folder, _) = bundled();
    exits(folder, &["run", "--ci", "-q", "--report", "json=second.json"], 0);
    let text = out(&exits(folder, &["diff", "first/recording.out", "second.json"], 0));
    assert!(
        text.ends_with("0 broken, 0 fixed, 0 new, 0 gone, 0 worded differently\n"),
        "{text}"
    );
    let diff = out(&exits(
        folder,
        &["diff", "second.json", "first/json.out", "--format", "json"],
        0,
    ));
    let diff: Value = serde_json::from_str(&diff).unwrap();
    for list in ["broken", "fixed", "new", "gone", "reworded"] {
        assert_eq!(diff[list], serde_json::json!([]), "{list}");
    }
}

#[test]
fn what_broke_is_found_and_run_again_alone() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    own_scenarios(folder);
    let _partner = new_partner(folder);
    let own = [
        "run",
        "-c",
        "c.toml",
        "--scenarios",
        "scenarios",
        "--snapshots",
        "accepted",
        "own/**",
        "--ci",
    ];
    let reports = ["--report", "recording=wrong.cfr", "--report", "json=wrong.json"];
    exits(folder, &[&own[..], &reports].concat(), 1);

    let said = out(&exits(
        folder,
        &["replay", "wrong.cfr", "--report", "json=again.json"],
        1,
    ));
    assert!(said.contains("BS-HEALTH-01"), "{said}");
    assert_eq!(json(&folder.join("again.json")), json(&folder.join("wrong.json")));

    let mended = fs::read_to_string(folder.join("scenarios/own/right.yaml")).unwrap();
    fs::write(folder.join("scenarios/own/wrong.yaml"), mended).unwrap();
    let failed = [
        "run",
        "--failed-in",
        "wrong.cfr",
        "-c",
        "c.toml",
        "--scenarios",
        "scenarios",
        "--ci",
        "--report",
    ];
    // New snapshots wait for somebody.
    exits(folder, &[&failed[..], &["recording=wrong.cfr"]].concat(), 4);
    let recording: Value = serde_json::from_str(&unpacked(&folder.join("wrong.cfr"))).unwrap();
    let scenarios = recording["report"]["scenarios"].as_array().unwrap().iter();
    let ran: Vec<&str> = scenarios
        .filter(|scenario| {
            scenario["verdict"] == "pass" && scenario["id"].as_str().unwrap().starts_with("own/")
        })
        .map(|scenario| scenario["id"].as_str().unwrap())
        .collect();
    assert_eq!(ran, ["own/wrong"], "only what failed");

    let fixed = out(&exits(folder, &["diff", "wrong.json", "wrong.cfr"], 0));
    assert!(fixed.contains("0 broken, 1 fixed"), "{fixed}");
    let broken = out(&exits(folder, &["diff", "wrong.cfr", "wrong.json"], 1));
    assert!(
        broken.contains("1 broken") && broken.contains("pass -> fail"),
        "{broken}"
    );
    let again = [&failed[..], &["json=no.json"]].concat();
    assert!(refusal(folder, &again).contains("nothing failed in wrong.cfr"));
}

#[test]
fn what_is_no_recording_is_refused_before_a_report_is_touched() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    fs::write(folder.join("kept.json"), "yesterday").unwrap();
    fs::write(folder.join("run.cfr"), [0x1f, 0x8b, 8, 0, 0]).unwrap();
    let words = refusal(folder, &["replay", "run.cfr", "--report", "json=kept.json"]);
    assert!(
        words.contains("run.cfr is damaged") && words.contains("copy it again"),
        "{words}"
    );
    assert_eq!(fs::read_to_string(folder.join("kept.json")).unwrap(), "yesterday");
    fs::write(folder.join("old.json"), r#"{ "format": 1, "transcripts": [] }"#).unwrap();
    assert!(refusal(folder, &["report", "old.json", "--report", "json=x"]).contains("has format 1"));
    assert!(refusal(folder, &["replay", "absent.cfr"]).contains("cannot read absent.cfr"));
    let snapshots = refusal(folder, &["replay", "run.cfr", "--report", "snapshots=out"]);
    assert!(snapshots.contains("conformance accept --from RUN"), "{snapshots}");
    let output = run(folder, &["run", "--failed-in", "run.cfr", "health/**"]);
    assert_eq!(output.status.code(), Some(2), "one or the other");
}
