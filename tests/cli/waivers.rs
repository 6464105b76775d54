//! Waivers against a partner with a fault: exit codes, words and reports.

use super::faulty::{Answer, Call, Faulty, HEALTH, ONE, assert_says, by_id, line, misspell};
use super::support::{err, exits, out};
use serde_json::json as value;

/// The state of a booking cannot be asked for.
fn break_status(call: &Call, answer: &mut Answer) {
    if call.method() == "GetBookingStatus" && answer.status == 200 {
        *answer = Answer::text(500, "text/plain", "out of order");
    }
}

/// JSON is said to be text: BS-JSON-09, a SHOULD.
fn call_it_text(call: &Call, answer: &mut Answer) {
    if call.method() == "GetBookingStatus" {
        let text = "text/plain".parse().unwrap();
        answer.headers.insert("content-type", text);
    }
}

/// A waiver of a requirement by the bookings team.
fn waiver(requirement: &str, expires: &str, more: &str) -> String {
    format!(
        "[[waiver]]\nrequirement = \"{requirement}\"\nreason = \"the rebuild is due\"\nowner = \"bookings-team\"\n\
         expires = {expires}\n{more}\n"
    )
}

#[test]
fn a_valid_waiver_is_green_and_counted_and_listed() {
    let faulty = Faulty::misspelling();
    let (text, report) = faulty.run(&waiver("BS-JSON-05", "2999-01-31", ""), &[ONE], 0);
    let verdict = line(&text, "verdict");
    assert!(
        verdict.starts_with("conformant in what ran: 7 of ") && verdict.contains(", 1 violation waived "),
        "{text}"
    );
    let place = faulty.line_of("BS-JSON-05");
    let listed = format!(
        "BS-JSON-05  waived 1 finding  (bookings-team, until 2999-01-31: the rebuild is due; {place})"
    );
    assert!(text.contains(&listed), "{listed}\n{text}");
    assert!(!text.contains("what to mend first"), "{text}");

    let scenario = by_id(&report, "scenarios", ONE);
    assert_eq!(
        (&scenario["verdict"], &scenario["findings"][0]["verdict"]),
        (&value!("waived"), &value!("waived"))
    );
    assert_eq!(by_id(&report, "requirements", "BS-JSON-05")["verdict"], "waived");
    assert_eq!(report["findings_by_cause"][0]["verdict"], "waived");
    assert_eq!(
        (&report["verdict"], &report["exit_code"]),
        (&value!("conformant"), &value!(0))
    );
    let kept = &report["waivers"][0];
    let keys = [
        "requirement",
        "status",
        "owner",
        "reason",
        "expires",
        "place",
        "scenarios",
    ];
    let values = [
        "BS-JSON-05",
        "used",
        "bookings-team",
        "the rebuild is due",
        "2999-01-31",
        &place,
    ];
    for (key, expected) in keys.iter().zip(values) {
        assert_eq!(kept[*key], expected, "{kept}");
    }
    assert_eq!(kept["scenarios"], value!([ONE]));

    let xml = std::fs::read_to_string(faulty.path().join("j.xml")).unwrap();
    assert!(
        !xml.contains("<failure") && xml.contains("waived: BS-JSON-05: "),
        "{xml}"
    );
    assert!(
        xml.contains("(bookings-team, until 2999-01-31: the rebuild is due)"),
        "{xml}"
    );
}

#[test]
fn what_no_valid_waiver_covers_fails_as_before() {
    let faulty = Faulty::misspelling();
    let elsewhere = waiver("BS-JSON-05", "2999-01-31", "scenario = \"lifecycle/taken-*\"");
    let (text, report) = faulty.run(&elsewhere, &[ONE], 1);
    assert!(text.contains("what to mend first: 1 finding"), "{text}");
    assert_eq!(report["waivers"][0]["status"], "unused");

    // 1 outranks 4.
    let (text, report) = faulty.run(&waiver("BS-JSON-05", "2020-01-31", ""), &[ONE], 1);
    assert_eq!(report["waivers"][0]["status"], "expired");
    let told = format!(
        "{}: BS-JSON-05 expired: its last day was 2020-01-31, and BS-JSON-05 is violated",
        faulty.line_of("expires")
    );
    assert!(line(&text, "waivers").starts_with(&told), "{text}");
}

#[test]
fn a_should_is_waived_where_it_counts() {
    // The same answer is in what shows the method, too.
    let both = [ONE, "basic/status"];
    let faulty = Faulty::start(call_it_text);
    faulty.write("");
    exits(
        faulty.path(),
        &["run", "-c", "c.toml", "-q", ONE, "basic/status"],
        4,
    );
    exits(faulty.path(), &["accept", "--all"], 0);
    let strict = [ONE, "basic/status", "--strict"];
    let waived = waiver("BS-JSON-09", "2999-01-31", "");
    faulty.run("", &strict, 1);
    let (text, report) = faulty.run(&waived, &strict, 0);
    assert!(line(&text, "verdict").contains(" waived"), "{text}");
    assert_eq!(by_id(&report, "requirements", "BS-JSON-09")["verdict"], "waived");
    // Without --strict it fails nothing, so nothing is waived, and the waiver is not stale.
    let (_, report) = faulty.run(&waived, &both, 0);
    assert_eq!(by_id(&report, "requirements", "BS-JSON-09")["verdict"], "warn");
    assert_eq!(report["waivers"][0]["status"], "unused");
}

#[test]
fn a_waiver_that_is_expired_stale_or_unknown_needs_a_person() {
    let faulty = Faulty::start(misspell);
    let stale = format!("scenario = \"{HEALTH}\"");
    let rows = [
        (
            waiver("BS-LIST-04", "2020-01-31", ""),
            "expires = 2020",
            "BS-LIST-04 expired: its last day was 2020-01-31;",
        ),
        (
            waiver("BS-HEALTH-01", "2999-01-31", &stale),
            "BS-HEALTH-01",
            "BS-HEALTH-01 in health/serving stale: BS-HEALTH-01 was met",
        ),
        (
            waiver("BS-HEALTH-O1", "2999-01-31", ""),
            "BS-HEALTH-O1",
            "BS-HEALTH-O1 unknown: no requirement has the id `BS-HEALTH-O1`; did you mean `BS-HEALTH-01`?",
        ),
        (
            waiver("BS-HEALTH-01", "2999-01-31", "scenario = \"health/severing\""),
            "health/severing",
            "BS-HEALTH-01 in health/severing unknown: no scenario matches `health/severing`; did you mean `health/serving`?",
        ),
    ];
    for (more, at, words) in rows {
        let (text, report) = faulty.run(&more, &[HEALTH], 4);
        let told = format!("{}: {words}", faulty.line_of(at));
        assert!(line(&text, "waivers").starts_with(&told), "{told}\n{text}");
        assert!(line(&text, "verdict").starts_with("needs review"), "{text}");
        assert_eq!(
            line(&text, "next"),
            "change 1 waiver in the config, then run it again"
        );
        assert_eq!(report["verdict"], "needs_review");
        let xml = std::fs::read_to_string(faulty.path().join("j.xml")).unwrap();
        assert_eq!(xml.matches("<failure").count(), 1, "{xml}");
    }
    // What was not judged in this run is not stale.
    let (_, report) = faulty.run(
        &waiver("BS-HEALTH-01", "2999-01-31", ""),
        &["lifecycle/unknown-booking"],
        0,
    );
    assert_eq!(report["waivers"][0]["status"], "unused");
}

#[test]
fn a_waived_basic_leaves_what_needs_it_untested() {
    let faulty = Faulty::start(break_status);
    let (_, report) = faulty.run("", &[ONE], 1);
    let broken = report["findings_by_cause"][0]["requirement"].as_str().unwrap();
    assert_eq!(report["findings_by_cause"][0]["basic"], true);
    let (text, report) = faulty.run(&waiver(broken, "2999-01-31", ""), &[ONE], 3);
    assert_eq!(by_id(&report, "scenarios", "basic/status")["verdict"], "waived");
    let needing = by_id(&report, "scenarios", ONE);
    assert_eq!(
        (&needing["verdict"], &needing["reason"]),
        (&value!("not_testable"), &value!("needs GetBookingStatus"))
    );
    assert!(
        line(&text, "verdict").starts_with("could not be judged, 1 violation waived"),
        "{text}"
    );
}

#[test]
fn waive_adds_what_a_person_has_to_fill_in() {
    let faulty = Faulty::misspelling();
    let waive = |more: &[&str]| {
        let arguments: Vec<&str> = ["waive"].iter().chain(more).copied().collect();
        arguments.join(" ")
    };
    let before = format!("{}\n# the end", faulty.config());
    for (more, words) in [
        ("BS-JSON-O5 -c c.toml", "did you mean BS-JSON-05?"),
        (
            "BS-JSON-05 -c c.toml --scenario lifecycle/none",
            "no scenario matches lifecycle/none",
        ),
        ("BS-JSON-05", "there is no config conformance.toml"),
    ] {
        let line = waive(&[more]);
        let text = faulty.refused("# the end", &line.split(' ').collect::<Vec<_>>());
        assert_says(&text, words);
    }
    let line = waive(&["BS-JSON-05 -c c.toml --scenario lifecycle/*"]);
    let told = out(&exits(faulty.path(), &line.split(' ').collect::<Vec<_>>(), 0));
    let path = faulty.path().join("c.toml");
    let after = std::fs::read_to_string(&path).unwrap();
    assert!(after.starts_with(&format!("{before}\n")), "{after}");
    assert!(
        told.starts_with(&format!(
            "{}: a waiver of BS-JSON-05",
            faulty.line_of("[[waiver]]")
        )),
        "{told}"
    );

    let run = ["run", "-c", "c.toml", "--ci", ONE];
    let text = err(&exits(faulty.path(), &run, 2));
    for key in ["reason", "owner", "expires"] {
        let place = faulty.line_of(&format!("{key} = \"\""));
        assert!(
            text.contains(&format!("`waiver[0].{key}` is empty")) && text.contains(&format!("[{place}:")),
            "{text}"
        );
    }
    let filled = after
        .replace("reason = \"\"", "reason = \"r\"")
        .replace("owner = \"\"", "owner = \"o\"")
        .replace("expires = \"\"", "expires = 2999-12-31");
    std::fs::write(&path, filled).unwrap();
    let text = out(&exits(faulty.path(), &run, 0));
    assert!(text.contains("1 violation waived"), "{text}");
}
