//! Formats for machines, held against their schemas and against values that somebody made to break them.

use super::sample::{ODD, Sample};
use super::{Material, REPORTERS, reporter};
use outcome::{NotRun, RunReport};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use transcript::Transcript;

/// Made to act where it is shown: as a command of a workflow, as markup, on a terminal, as the end of what surrounds it.
const HOSTILE: &str = "x\n::error::owned\r\n##[error]owned\n```\n<script>alert(1)</script> | @team #1 ]]> --> \
                       \u{1b}]0;owned\u{7}\u{9b}2J\u{202e} not ok 1 - owned\nBail out! owned\n  ...\n";

/// The sample with another text in the place of its odd one.
fn sample_with(text: &str) -> Sample {
    let mut sample = Sample::new();
    let quoted = |text: &str| serde_json::to_string(text).unwrap();
    let report = serde_json::to_string(&sample.report).unwrap();
    let replaced = report.replace(&quoted(ODD), &quoted(text));
    assert_ne!(report, replaced);
    sample.report = serde_json::from_str(&replaced).unwrap();
    sample.facts.recorded.transcripts.push(history(text));
    sample
}

/// A call, its answer and a notification, all with this text in them.
fn history(text: &str) -> Transcript {
    let call = json!({ "call": { "step": null, "label": null, "method": "CreateBooking", "verb": "POST",
        "path": "/v3/CreateBooking", "headers": [["content-type", "application/json"]], "credentials": "valid",
        "body": { "note": text }, "raw": null, "breaks_model": false } });
    let answer = json!({ "answer": { "call": 0, "took_us": 1500, "lagged_us": 0, "reply": { "http": { "status": 500,
        "headers": [["content-type", "text/html"], ["x-odd", text]], "body": text, "json": null } } } });
    let notification = json!({ "notification": { "subject": { "booking": { "partner": "1", "booking_id": "b" } },
        "verb": "PATCH", "target": format!("/v1alpha/notification/partners/1/bookings/b?updateMask=status&x={text}"),
        "headers": [["content-type", "application/json"]], "raw": json!({ "status": text }).to_string(), "mask": null,
        "booking_failure": {}, "lints": [], "status": 200, "answer": { "name": text }, "before": null, "after": null } });
    let entries: Vec<_> = [call, answer, notification]
        .into_iter()
        .map(|fact| json!({ "at_ms": 1500, "phase": "steps", "fact": fact }))
        .collect();
    serde_json::from_value(json!({ "scenario": "create/history", "entries": entries })).unwrap()
}

fn rendered(format: &str, sample: &Sample) -> String {
    let material = Material {
        report: &sample.report,
        facts: &sample.facts,
        drifts: &sample.drifts,
        artefact: None,
    };
    reporter(format).unwrap().render(&material).unwrap()
}

fn parsed(format: &str, sample: &Sample) -> Value {
    serde_json::from_str(&rendered(format, sample)).unwrap()
}

fn not_run(format: &str) -> String {
    let not_run = NotRun {
        format: RunReport::FORMAT,
        tool: Sample::new().report.tool,
        verdict: "not_run",
        exit_code: Some(2),
        reason: HOSTILE.to_owned(),
        started_at: "2026-11-30T05:00:00Z".to_owned(),
    };
    reporter(format).unwrap().render_not_run(&not_run).unwrap()
}

#[track_caller]
fn assert_valid(schema: &str, value: &Value) {
    let schema: Value = serde_json::from_str(schema).unwrap();
    let schema = jsonschema::validator_for(&schema).unwrap();
    let wrong: Vec<_> = schema
        .iter_errors(value)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert_eq!(wrong, Vec::<String>::new());
}

#[test]
fn sarif_keeps_to_its_schema_and_suppresses_what_is_waived() {
    let schema = include_str!("../../tests/schemas/sarif-2.1.0.json");
    let sample = sample_with(HOSTILE);
    let log = parsed("sarif", &sample);
    assert_valid(schema, &log);
    assert_valid(schema, &serde_json::from_str(&not_run("sarif")).unwrap());
    let run = &log["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    let results = run["results"].as_array().unwrap();
    let of_requirements = results.iter().filter(|one| one["ruleId"] == "BS-HEALTH-01");
    assert_eq!(of_requirements.count(), sample.report.findings_by_cause.len());
    for result in results {
        let rule = &rules[usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap()];
        assert_eq!(rule["id"], result["ruleId"]);
    }
    let suppressed: Vec<_> = results
        .iter()
        .filter(|one| one["suppressions"].is_array())
        .collect();
    assert_eq!(suppressed.len(), 1);
    let place = &suppressed[0]["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "c.toml");
    assert_eq!(place["region"]["startLine"], 2, "the waiver's line");
    let health = rules.iter().find(|rule| rule["id"] == "BS-HEALTH-01").unwrap();
    assert!(
        health["helpUri"].as_str().unwrap().starts_with("https://"),
        "{health}"
    );
    let prints = results
        .iter()
        .map(|one| one["partialFingerprints"]["conformanceCause/v1"].to_string());
    assert_eq!(
        prints.collect::<BTreeSet<_>>().len(),
        results.len(),
        "two results are one"
    );
}

#[test]
fn har_keeps_to_its_schema_and_holds_both_directions() {
    let schema = include_str!("../../tests/schemas/har-1.2.json");
    let log = parsed("har", &sample_with(HOSTILE));
    assert_valid(schema, &log);
    assert_valid(schema, &serde_json::from_str(&not_run("har")).unwrap());
    let entries = log["log"]["entries"].as_array().unwrap();
    let directions: Vec<_> = entries
        .iter()
        .map(|entry| entry["_direction"].as_str().unwrap())
        .collect();
    assert_eq!(directions, ["to the partner", "to Google"]);
    assert_eq!(
        entries[0]["response"]["content"]["text"], HOSTILE,
        "nothing is lost"
    );
    assert_eq!(
        entries[0]["request"]["url"],
        "https://host.example/google/v3/CreateBooking"
    );
    assert_eq!(entries[0]["startedDateTime"], "1970-01-01T00:00:01.500Z");
    assert_eq!(entries[0]["pageref"], "create/history");
    let mut broken = log.clone();
    broken["log"]["entries"][0]
        .as_object_mut()
        .unwrap()
        .remove("timings");
    let schema: Value = serde_json::from_str(schema).unwrap();
    assert!(
        !jsonschema::is_valid(&schema, &broken),
        "the schema takes anything"
    );
}

#[test]
fn markdown_stays_below_its_limit_and_strangers_stay_between_backticks() {
    let mut sample = sample_with(&"é".repeat(1 << 19));
    let cause = sample.report.findings_by_cause[0].clone();
    let many = (0..5_000).map(|number| outcome::CauseReport {
        cause: format!("{} {number}", cause.cause),
        message: format!("{HOSTILE} {number}"),
        ..cause.clone()
    });
    sample.report.findings_by_cause = many.collect();
    let text = rendered("markdown", &sample);
    assert!(text.len() < 64 * 1024, "{}", text.len());
    assert!(
        text.contains("more; `--report json=run.json` has all"),
        "what is left out is not counted"
    );
    for line in text.lines().filter(|line| line.contains("<script>")) {
        let (before, after) = (line.find("<script>").unwrap(), line.rfind("````").unwrap());
        assert!(line.find("````").unwrap() < before && before < after, "{line}");
    }
    assert!(text.contains("<script>"), "nothing was tried");
}

#[test]
fn no_line_of_a_stranger_is_a_command_of_a_workflow() {
    let sample = sample_with(HOSTILE);
    for text in [rendered("github", &sample), not_run("github")] {
        for line in text.lines() {
            let line = line.trim_start();
            let own = [
                "::group::",
                "::endgroup::",
                "::error file=",
                "::error title=",
                "::warning file=",
                "::notice file=",
            ];
            assert!(
                !line.starts_with("::") || own.iter().any(|own| line.starts_with(own)),
                "{line}"
            );
            assert!(!line.contains("##["), "{line}");
        }
        assert!(text.contains("owned"), "nothing was tried: {text}");
    }
    let text = rendered("github", &sample);
    let errors = text.lines().filter(|line| line.starts_with("::error")).count();
    assert!(errors <= 10, "GitHub drops what is more than ten: {errors}");
    assert_eq!(
        text.matches("::group::").count(),
        text.matches("::endgroup::").count()
    );
}

#[test]
fn gitlab_has_what_it_asks_for_and_each_problem_once() {
    let list = parsed("gitlab", &sample_with(HOSTILE));
    let list = list.as_array().unwrap();
    let severities = ["info", "minor", "major", "critical", "blocker"];
    for issue in list {
        assert!(
            severities.contains(&issue["severity"].as_str().unwrap()),
            "{issue}"
        );
        assert!(
            issue["location"]["lines"]["begin"].as_u64().unwrap() > 0,
            "{issue}"
        );
        assert!(
            !issue["location"]["path"].as_str().unwrap().is_empty()
                && !issue["description"].as_str().unwrap().is_empty()
        );
    }
    let prints: BTreeSet<_> = list
        .iter()
        .map(|issue| issue["fingerprint"].as_str().unwrap())
        .collect();
    assert_eq!(prints.len(), list.len());
    assert!(list.iter().any(|issue| issue["check_name"] == "not_testable"));
}

#[test]
fn tap_counts_its_points_and_strangers_make_none() {
    let sample = sample_with(HOSTILE);
    let text = rendered("tap", &sample);
    let points: Vec<&str> = text
        .lines()
        .filter(|line| line.starts_with("ok ") || line.starts_with("not ok "))
        .collect();
    assert!(
        text.starts_with("TAP version 14\n") && text.contains(&format!("\n1..{}\n", points.len())),
        "{text}"
    );
    for (number, point) in points.iter().enumerate() {
        assert!(point.contains(&format!("ok {} - ", number + 1)), "{point}");
        let directives = point.matches(" # SKIP").count();
        assert!(
            directives <= 1 && point.matches('#').count() - point.matches("\\#").count() == directives,
            "{point}"
        );
    }
    assert!(!text.lines().any(|line| line.starts_with("Bail out!")), "{text}");
    assert!(not_run("tap").contains("\nBail out! not_run"));
    let red = points.iter().filter(|point| point.starts_with("not ok")).count();
    assert!(
        red >= 6,
        "a scenario, a finding of the run, snapshots, waivers and a reason: {text}"
    );
}

#[test]
fn junit_names_requirements_and_the_sentence_first() {
    let text = rendered("junit", &Sample::new());
    assert!(
        text.contains("<property name=\"requirements\" value=\"BS-HEALTH-01\"/>"),
        "{text}"
    );
    assert!(
        text.contains("<property name=\"violated\" value=\"BS-HEALTH-01\"/>"),
        "{text}"
    );
    assert!(text.contains("<failure message=\"BS-HEALTH-01: "), "{text}");
    assert!(text.contains("timestamp=\"2026-11-30T05:00:00"), "{text}");
}

#[test]
fn no_format_lets_a_stranger_act_and_none_grows_with_what_one_sends() {
    let megabyte = "A".repeat(1 << 20);
    let (hostile, large) = (sample_with(HOSTILE), sample_with(&megabyte));
    for reporter in REPORTERS {
        let format = reporter.format();
        let active = |letter: char| {
            letter.is_control() && !matches!(letter, '\n' | '\t' | '\r') || letter == '\u{202e}'
        };
        for text in [rendered(format, &hostile), not_run(format)] {
            assert!(
                !text.contains(active),
                "{format} lets a control character through"
            );
            assert!(text.contains("owned"), "{format} says nothing of it");
            if text.starts_with('<') {
                assert!(!text.contains("<script>alert"), "{format} lets markup through");
            }
        }
        // These keep everything; the others are read by people, on pages with limits.
        let keeps_all = ["json", "recording", "har"].contains(&format);
        let length = rendered(format, &large).len();
        assert_eq!(length > 1 << 20, keeps_all, "{format} has {length} bytes");
    }
}
