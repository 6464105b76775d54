//! The harness proves itself: every defect is found, as what it is, and nothing else is.
#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use catalogue::{Level, RequirementId, catalogue};
use conformance::BUNDLE;
use futures_util::StreamExt as _;
use harness::Suite;
use outcome::Verdict;
use reference_server::Seams;
use rules::{RULES, is_of_feeds_alone};
use scenario::{Scenario, Step};
use selftest::{Amendments, Defect, Examination, Variant, defects, examine, is_real, variants};
use std::collections::BTreeSet;
use std::io::Write as _;

/// Rows at the same time. One by its own clock keeps a core busy to its end; one over the network mostly waits.
fn at_once() -> usize {
    if is_real() {
        return 8;
    }
    std::thread::available_parallelism().map_or(2, usize::from)
}

/// Of so many rows less than one may be examined a second time.
const FEW: usize = 10;

/// Only rows whose name contains the text of this variable, for the work on one of them.
const ONLY: &str = "SELFTEST_ONLY";

/// So many scenarios have a defect that names them; a change of the suite does not lose any of them by accident.
const NAMED: usize = 165;

#[test]
fn every_scenario_has_a_defect_that_it_is_there_to_catch() {
    let suite = Suite::load(&BUNDLE, None).unwrap();
    let named: BTreeSet<&str> = defects().map(|defect| defect.scenario).collect();
    let violated: BTreeSet<_> = defects().flat_map(|defect| defect.violates).collect();
    // Who adds a scenario for a duty that a defect violates already adds one file and no code.
    let is_caught = |scenario: &Scenario| {
        named.contains(scenario.id.as_str()) || scenario.serves.iter().any(|id| violated.contains(id))
    };
    let useless: Vec<_> = suite
        .scenarios()
        .iter()
        .filter(|scenario| !is_caught(scenario))
        .map(|scenario| scenario.id.as_str())
        .collect();
    assert_eq!(
        useless,
        Vec::<&str>::new(),
        "no defect names it or violates what it serves"
    );
    assert!(
        named.len() >= NAMED,
        "{} scenarios are named by defects",
        named.len()
    );
}

#[test]
fn every_defect_names_a_scenario_that_exists() {
    let suite = Suite::load(&BUNDLE, None).unwrap();
    let known: BTreeSet<&str> = suite
        .scenarios()
        .iter()
        .map(|scenario| scenario.id.as_str())
        .collect();
    let unknown: Vec<_> = defects()
        .filter(|defect| !known.contains(defect.scenario))
        .map(|defect| defect.name)
        .collect();
    assert_eq!(unknown, Vec::<&str>::new());
}

#[test]
fn names_are_unique_and_every_row_says_what_it_is() {
    let rows = defects().map(|defect| (defect.name, defect.about));
    let rows: Vec<_> = rows
        .chain(variants().map(|variant| (variant.name, variant.about)))
        .collect();
    let names: BTreeSet<_> = rows.iter().map(|(name, _)| name).collect();
    assert_eq!(names.len(), rows.len());
    let odd: Vec<_> = rows.iter().filter(|(_, about)| !about.ends_with('.')).collect();
    assert!(odd.is_empty(), "{odd:?}");
    assert!(defects().all(|defect| !defect.violates.is_empty()));
}

#[test]
fn every_judged_requirement_has_a_defect_that_violates_it() {
    let suite = Suite::load(&BUNDLE, None).unwrap();
    let steps = suite.scenarios().iter().flat_map(|scenario| &scenario.steps);
    let expected = steps.flat_map(Step::requirements);
    // What feed files alone show has a broken feed of its own instead.
    let judged = RULES
        .iter()
        .flat_map(|rule| rule.requirements.iter().copied())
        .filter(|id| !is_of_feeds_alone(*id))
        .chain(expected);
    let violated: BTreeSet<_> = defects().flat_map(|defect| defect.violates).copied().collect();
    let missing: BTreeSet<_> = judged
        .filter(|id| !violated.contains(id))
        .map(RequirementId::as_str)
        .collect();
    assert_eq!(missing, BTreeSet::new());
}

#[test]
fn every_judged_requirement_has_a_defect_that_violates_nothing_else() {
    let violated: BTreeSet<_> = defects().flat_map(|defect| defect.violates).collect();
    let alone: BTreeSet<_> = defects()
        .filter(|defect| defect.violates.len() == 1)
        .flat_map(|defect| defect.violates)
        .collect();
    let missing: Vec<_> = violated.difference(&alone).map(|id| id.as_str()).collect();
    assert_eq!(missing, Vec::<&str>::new());
}

/// Who takes part in a row has the time from the row's clock: a wait by the machine's would not be waited for.
#[test]
fn only_clocks_know_the_time_of_the_machine() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let clocks = [
        "engine/clock.rs",
        "reference-server/src/clock.rs",
        "selftest/src/time.rs",
        "selftest/src/examine.rs",
        // Commands and connections of the machine.
        "engine/trigger.rs",
        "reference-server/src/http.rs",
        "reference-server/src/server.rs",
    ];
    let words = [
        "tokio::time::",
        "Timestamp::now",
        "Instant::now",
        "SystemTime::now",
        "SystemClock.now",
    ];
    let mut strangers = Vec::new();
    let mut folders: Vec<_> = ["tests/selftest/src", "reference-server/src", "src/engine"]
        .map(|folder| root.join(folder))
        .into();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if !clocks.iter().any(|clock| path.ends_with(clock)) {
                let text = std::fs::read_to_string(&path).unwrap();
                let code = text.split("#[cfg(test)]").next().unwrap_or_default();
                let named = words.iter().filter(|word| code.contains(**word));
                strangers.extend(named.map(|word| format!("{} has {word}", path.display())));
            }
        }
    }
    assert!(strangers.is_empty(), "\n{}\n", strangers.join("\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_right_partner_has_the_same_histories_again_to_the_byte() {
    if is_real() || !is_asked_for("the-same-again") {
        return;
    }
    let once = || async {
        let done = examine(Seams::default(), &Amendments::NONE).await.unwrap();
        assert_eq!(done.report.exit_code, 0, "{:#?}", done.report.findings);
        serde_json::to_string_pretty(&done.transcripts).unwrap()
    };
    let (first, second) = (once().await, once().await);
    let differing = first
        .lines()
        .zip(second.lines())
        .find(|(one, other)| one != other);
    assert_eq!(differing, None);
    assert_eq!(first.len(), second.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_price_that_is_off_by_one_is_found_at_its_place() {
    if !is_asked_for("price-off-by-one") {
        return;
    }
    let defect = defects()
        .find(|defect| defect.name == "price-off-by-one")
        .unwrap();
    let done = examine((defect.seams)(), &defect.amendments).await.unwrap();
    let places: BTreeSet<_> = done
        .findings()
        // That nothing else is found is held below, beside all the other rows.
        .filter(|(_, finding)| defect.violates.contains(&finding.requirement))
        .map(|(_, finding)| (finding.requirement.as_str(), finding.evidence.pointer.as_deref()))
        .collect();
    let place = Some("/booking/payment_information/price/price_micros");
    assert_eq!(places, BTreeSet::from([("PAY-COM-10", place)]));
    assert_eq!(done.report.exit_code, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_defect_and_every_variant_is_judged_as_what_it_is() {
    let all = defects().count() + variants().count();
    let defects = defects()
        .filter(|row| is_asked_for(row.name))
        .map(|row| async move { (row.name, of_defect(row).await) });
    let mut busy: Vec<_> = several(defects).await;
    let variants = variants()
        .filter(|row| is_asked_for(row.name))
        .map(|row| async move { (row.name, of_variant(row).await) });
    busy.extend(several(variants).await);
    if !is_real() {
        let lines = busy
            .into_iter()
            .flat_map(|(name, lines)| lines.into_iter().map(move |line| format!("{name}: {line}")));
        return report(lines.collect());
    }
    assert!(
        busy.len() * FEW < all,
        "what deviates in more than one row of {FEW} is not the fault of a busy machine: {busy:#?}"
    );
    report(alone(busy).await);
}

/// Examines several rows at the same time; those with deviations come back.
async fn several<'r>(rows: impl Iterator<Item = impl Future<Output = Row<'r>>>) -> Vec<Row<'r>> {
    let all: Vec<Row<'_>> = futures_util::stream::iter(rows)
        .buffer_unordered(at_once())
        .collect()
        .await;
    all.into_iter().filter(|(_, lines)| !lines.is_empty()).collect()
}

/// Whether something came too late must not depend on the other rows, which keep both cores busy: what deviates beside
/// them is examined once more by itself, and that counts.
async fn alone(busy: Vec<Row<'_>>) -> Vec<String> {
    let mut all = Vec::new();
    for (name, lines) in busy {
        // Not by a macro: what it prints is hidden when the test passes, and who reads the log is to see what was slow.
        let told = format!("once more by itself: {name}: {}\n", lines.join("; "));
        std::io::stderr().write_all(told.as_bytes()).unwrap();
        let again = match defects().find(|row| row.name == name) {
            Some(row) => of_defect(row).await,
            None => match variants().find(|row| row.name == name) {
                Some(row) => of_variant(row).await,
                None => lines,
            },
        };
        all.extend(again.into_iter().map(|line| format!("{name}: {line}")));
    }
    all
}

/// A row's name, and what is wrong with how it is judged.
type Row<'r> = (&'r str, Vec<String>);

async fn of_defect(row: &Defect) -> Vec<String> {
    let examination = examine((row.seams)(), &row.amendments).await;
    keep(row.name, examination.as_ref().ok());
    examination.map_or_else(|error| vec![error.to_string()], |done| deviations(row, &done))
}

async fn of_variant(row: &Variant) -> Vec<String> {
    let examination = examine((row.seams)(), &row.amendments).await;
    keep(row.name, examination.as_ref().ok());
    examination.map_or_else(|error| vec![error.to_string()], |done| complaints(row, &done))
}

fn is_asked_for(name: &str) -> bool {
    std::env::var(ONLY).map_or(true, |only| only.split(',').any(|part| name.contains(part)))
}

/// Report and histories of a row that was asked for by name, beside the build's other output.
fn keep(name: &str, done: Option<&Examination>) {
    let Some(done) = done.filter(|_| std::env::var_os(ONLY).is_some()) else {
        return;
    };
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR"));
    let kept = serde_json::json!({ "report": done.report, "histories": done.transcripts });
    std::fs::write(folder.join(format!("{name}.json")), kept.to_string()).unwrap();
}

fn report(mut deviations: Vec<String>) {
    deviations.sort();
    assert!(deviations.is_empty(), "\n{}\n", deviations.join("\n"));
}

fn deviations(defect: &Defect, done: &Examination) -> Vec<String> {
    let mut lines = Vec::new();
    let expected: BTreeSet<&str> = defect.violates.iter().map(|id| id.as_str()).collect();
    let violated = done.violated();
    for missed in expected.difference(&violated) {
        lines.push(format!("{missed} was not found"));
    }
    for extra in violated.difference(&expected) {
        lines.push(format!("found besides: {}", describe(done, extra)));
    }
    let here = |(scenario, finding): (Option<&str>, &outcome::Finding)| {
        expected.contains(finding.requirement.as_str()) && scenario.is_none_or(|id| id == defect.scenario)
    };
    if !violated.is_empty() && !done.findings().any(here) {
        lines.push(format!(
            "not found in {}, but: {}",
            defect.scenario,
            describe(done, violated.first().unwrap())
        ));
    }
    let fails = done
        .findings()
        .any(|(_, finding)| finding.verdict == Verdict::Fail);
    // Where a booking may stand the run is not green, however little is violated; but a partner may say that it is too late to cancel.
    let mut standing = done.report.may_stand.iter();
    let in_doubt = standing.any(|one| !one.why.contains("OUTSIDE_CANCELLATION_WINDOW"));
    let is_settled = not_judged(done).is_empty() && !in_doubt;
    let exit = match (fails, is_settled) {
        (true, _) => 1,
        (false, false) => 3,
        (false, true) => 0,
    };
    if done.report.exit_code != exit {
        let stopped = not_judged(done)
            .into_iter()
            .take(3)
            .collect::<Vec<_>>()
            .join("; ");
        lines.push(format!(
            "exit code {} instead of {exit}: {stopped}",
            done.report.exit_code
        ));
    }
    let must = defect
        .violates
        .iter()
        .any(|id| catalogue().row(*id).level == Level::Must);
    if fails && !must {
        lines.push("a SHOULD failed the run".to_owned());
    }
    lines
}

fn complaints(variant: &Variant, done: &Examination) -> Vec<String> {
    let tolerated = |id: &RequirementId| variant.tolerated.contains(id);
    let findings = done
        .findings()
        .filter(|(_, finding)| finding.verdict == Verdict::Fail || !tolerated(&finding.requirement));
    let mut lines: Vec<String> = findings
        .map(|(_, finding)| describe(done, finding.requirement.as_str()))
        .collect();
    lines.dedup();
    lines.extend(not_judged(done));
    if done.report.exit_code != 0 && lines.is_empty() {
        lines.push(format!("exit code {}", done.report.exit_code));
    }
    lines
}

/// Scenarios that came to nothing, each with its reason.
fn not_judged(done: &Examination) -> Vec<String> {
    let stopped = done
        .report
        .scenarios
        .iter()
        .filter(|scenario| scenario.verdict == Verdict::NotTestable && !scenario.not_now);
    let or_unknown = |reason: Option<&str>| reason.unwrap_or("?").to_owned();
    stopped
        .map(|scenario| {
            format!(
                "{} could not be judged: {}",
                scenario.id,
                or_unknown(scenario.reason.as_deref())
            )
        })
        .collect()
}

/// A violation in one line: where it stands and what was there.
fn describe(done: &Examination, id: &str) -> String {
    let all: Vec<_> = done
        .findings()
        .filter(|(_, finding)| finding.requirement.as_str() == id)
        .collect();
    let (scenario, finding) = all[0];
    let scenarios: BTreeSet<_> = all
        .iter()
        .map(|(scenario, _)| scenario.unwrap_or("the run"))
        .collect();
    format!(
        "{id} ({}) in {}: {} [{} at {}: expected {}, actual {}]",
        finding.verdict.word(),
        scenarios.into_iter().collect::<Vec<_>>().join(", "),
        finding.message,
        scenario.unwrap_or("the run"),
        finding.evidence.pointer.as_deref().unwrap_or("-"),
        finding.evidence.expected,
        finding.evidence.actual,
    )
}
