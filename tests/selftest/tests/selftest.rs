//! The harness proves itself: every defect is found, as what it is, and nothing else is.
#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use catalogue::RequirementId;
use conformance::BUNDLE;
use harness::Suite;
use reference_server::Seams;
use rules::{RULES, is_of_feeds_alone};
use scenario::{Scenario, Step};
use selftest::rows::{RowSort, judge};
use selftest::{Amendments, Extent, Wishes, defects, examine, illustrations, is_real, variants};
use std::collections::BTreeSet;

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
        // Dumb servers are on sockets, whose time is the machine's.
        "selftest/src/trial/alter.rs",
        "selftest/src/trial/partner.rs",
        // Commands and connections of the machine.
        "engine/trigger.rs",
        "reference-server/src/connections.rs",
        "reference-server/src/http.rs",
        "reference-server/src/serve.rs",
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
    let (mut wrong, mut stale) = (Vec::new(), Vec::new());
    for sort in [RowSort::Defects, RowSort::Variants] {
        let done = judge(sort, &wishes(), |_| {}).await;
        wrong.extend(done.complaints());
        stale.extend(illustrations::outdated(done.shown()));
    }
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
    assert!(
        stale.is_empty(),
        "\nwhat is shown of these differs from what their rows have now:\n  {}\nWrite them again, some minutes on two cores, and review them:\n  \
         cargo run --release -p selftest -- defects --publish-illustrations\n",
        stale.join("\n  ")
    );
}

/// The rows that are asked for by name; report and histories of these are kept beside the build's other output.
fn wishes() -> Wishes {
    // All scenarios for each are tried when the score is published; `selftest defects` tries them, too.
    let Ok(only) = std::env::var(ONLY) else {
        return Wishes {
            extent: Extent::Touched,
            ..Wishes::all()
        };
    };
    Wishes {
        only: only.split(',').map(ToOwned::to_owned).collect(),
        keep: Some(env!("CARGO_TARGET_TMPDIR").into()),
        ..Wishes::all()
    }
}

fn is_asked_for(name: &str) -> bool {
    std::env::var(ONLY).map_or(true, |only| only.split(',').any(|part| name.contains(part)))
}
