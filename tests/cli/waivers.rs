//! Waivers and what is left out, against a partner with a fault: exit codes, words and reports.

#[path = "../trial/alter.rs"]
#[expect(dead_code, reason = "of the proxy only what changes answers is needed here")]
mod alter;

use super::support::{Partner, err, exits, json, out};
use alter::{Alter, Answer, Call, Proxy};
use serde_json::{Value, json as value};
use std::path::Path;
use tempfile::TempDir;
use tokio::runtime::Runtime;

/// The scenario whose violation is waived.
const ONE: &str = "lifecycle/cancel-by-google";
const HEALTH: &str = "health/serving";

/// The reference partner with something changed in its answers.
struct Faulty {
    folder: TempDir,
    config: String,
    _partner: Partner,
    _runtime: Runtime,
    _proxy: Proxy,
}

/// One state of bookings is spelled wrong: BS-JSON-05.
fn misspell(call: &Call, answer: &mut Answer) {
    if call.method() == "GetBookingStatus" && answer.json["booking_status"] == "CANCELED" {
        answer.json["booking_status"] = value!("CANCELLED");
    }
}

/// The state of a booking cannot be asked for.
fn break_status(call: &Call, answer: &mut Answer) {
    if call.method() == "GetBookingStatus" && answer.status == 200 {
        *answer = Answer::text(500, "text/plain", "out of order");
    }
}

/// A waiver of a requirement by the bookings team.
fn waiver(requirement: &str, expires: &str, more: &str) -> String {
    format!(
        "[[waiver]]\nrequirement = \"{requirement}\"\nreason = \"the rebuild is due\"\nowner = \"bookings-team\"\n\
         expires = {expires}\n{more}\n"
    )
}

impl Faulty {
    fn start(change: fn(&Call, &mut Answer)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let partner = Partner::start(folder.path());
        let runtime = Runtime::new().unwrap();
        let half = Alter::answers(change).halves().0;
        let proxy = runtime.block_on(Proxy::start(partner.base_url.clone(), half));
        let config = std::fs::read_to_string(&partner.config).unwrap();
        let target = format!("base_url = \"{}\"", partner.base_url);
        assert_eq!(config.matches(&target).count(), 1, "{config}");
        let config = config.replace(&target, &format!("base_url = \"{}\"", proxy.url()));
        Self {
            folder,
            config,
            _partner: partner,
            _runtime: runtime,
            _proxy: proxy,
        }
    }

    /// The partner with the wrong spelling, whose history somebody has accepted.
    fn misspelling() -> Self {
        let faulty = Self::start(misspell);
        faulty.write("");
        exits(faulty.path(), &["run", "-c", "c.toml", ONE, "-q"], 1);
        exits(faulty.path(), &["accept", ONE], 0);
        faulty
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    /// A config with these lines at its end.
    fn write(&self, more: &str) {
        std::fs::write(self.path().join("c.toml"), format!("{}\n{more}", self.config)).unwrap();
    }

    /// The line of the config in which a text first stands.
    fn line_of(&self, text: &str) -> String {
        let config = std::fs::read_to_string(self.path().join("c.toml")).unwrap();
        let at = config.lines().position(|line| line.contains(text)).unwrap();
        format!("c.toml:{}", at + 1)
    }

    /// The report for people and `run.json` of a run whose config has these lines at its end.
    fn run(&self, more: &str, arguments: &[&str], code: i32) -> (String, Value) {
        self.write(more);
        let fixed = "run -c c.toml --ci --report json=run.json --report junit=j.xml";
        let arguments: Vec<&str> = fixed.split(' ').chain(arguments.iter().copied()).collect();
        let output = exits(self.path(), &arguments, code);
        (out(&output), json(&self.path().join("run.json")))
    }

    /// What a command says that does not take its input.
    fn refused(&self, more: &str, arguments: &[&str]) -> String {
        self.write(more);
        let output = exits(self.path(), arguments, 2);
        // Long lines are folded.
        let words: Vec<String> = err(&output)
            .split_whitespace()
            .filter(|word| *word != "│")
            .map(ToOwned::to_owned)
            .collect();
        words.join(" ")
    }
}

/// The one with an id.
fn by_id<'r>(report: &'r Value, list: &str, id: &str) -> &'r Value {
    let mut all = report[list].as_array().unwrap().iter();
    all.find(|one| one["id"] == id).unwrap()
}

/// The line of the conclusion with a name.
fn line<'t>(text: &'t str, name: &str) -> &'t str {
    let mut lines = text.lines().filter_map(|line| line.strip_prefix(name));
    lines.next().unwrap_or_else(|| panic!("no {name}\n{text}")).trim()
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
    let (text, report) = faulty.run(
        &waiver(broken, "2999-01-31", ""),
        &[ONE],
        3,
    );
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
fn what_is_left_out_is_listed_and_the_bare_word_is_not_said() {
    let faulty = Faulty::start(misspell);
    let skip = format!("[[skip]]\nscenario = \"{ONE}\"\nreason = \"the state is mended in May\"\n");
    let both = [ONE, HEALTH];
    let (text, report) = faulty.run(&skip, &both, 0);
    assert!(
        line(&text, "verdict").starts_with("conformant in what ran: 1 of "),
        "{text}"
    );
    let place = faulty.line_of(ONE);
    let told = format!("1 scenario left out by {place}: the state is mended in May: {ONE}");
    assert_eq!(line(&text, "left out"), told);
    let kept = &report["skipped"][0];
    assert_eq!(
        (&kept["place"], &kept["scenarios"]),
        (&value!(place), &value!([ONE]))
    );
    let scenario = by_id(&report, "scenarios", ONE);
    assert_eq!(scenario["verdict"], "not_run");
    assert_eq!(
        scenario["reason"],
        format!("left out by {place}: the state is mended in May")
    );

    let (text, report) = faulty.run("", &[ONE, HEALTH, "--not", "lifecycle/**"], 0);
    assert_eq!(
        line(&text, "left out"),
        format!("1 scenario left out by --not lifecycle/**: {ONE}")
    );
    assert_eq!(report["skipped"][0]["reason"], Value::Null);
    let list = ["list", "scenarios", "-c", "c.toml", "--not", "lifecycle/**"];
    let text = out(&exits(faulty.path(), &list, 0));
    let row = text.lines().find(|line| line.contains(ONE)).unwrap();
    assert!(
        row.starts_with("not_run") && row.ends_with("left out by --not lifecycle/**"),
        "{row}"
    );
}

#[test]
fn leaving_out_nothing_or_everything_or_a_needed_basic_is_wrong_input() {
    let faulty = Faulty::start(misspell);
    let skip = |scenario: &str| format!("[[skip]]\nscenario = \"{scenario}\"\nreason = \"r\"\n");
    let run = ["run", "-c", "c.toml", ONE];
    let text = faulty.refused("", &["run", "-c", "c.toml", "--not", "lifecycel/**"]);
    assert!(
        text.contains("--not lifecycel/** leaves nothing out: no scenario matches it"),
        "{text}"
    );
    faulty.refused(
        "",
        &["list", "scenarios", "-c", "c.toml", "--not", "lifecycel/**"],
    );
    let text = faulty.refused(&skip("lifecycle/cancel-by-gogle"), &run);
    let told = format!(
        "{}: [[skip]] `lifecycle/cancel-by-gogle` leaves nothing out",
        faulty.line_of("by-gogle")
    );
    assert!(
        text.contains(&told) && text.contains(&format!("did you mean `{ONE}`?")),
        "{text}"
    );
    let text = faulty.refused(&skip(ONE), &run);
    assert!(
        text.contains("nothing is left to run") && text.contains(&faulty.line_of(ONE)),
        "{text}"
    );
    let text = faulty.refused(&skip("basic/booking"), &run);
    assert!(
        text.contains("basic/booking cannot be left out") && text.contains(ONE),
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
    let before = format!("{}\n# the end", faulty.config);
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
        assert!(text.contains(words), "{text}");
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
