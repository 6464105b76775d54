//! Waivers applied to runs that are made up.
#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

mod ends;

use super::super::conclusion::{Sums, reasons};
use super::super::verdict::requirements;
use super::*;
use catalogue::{Level, RequirementId};
use config::load;
use jiff::civil::date;
use outcome::{Evidence, Judged, Repeated, SnapshotStatus, WaiverStatus, verdict_of};

/// A requirement that expectations of scenarios judge, and no rule.
const EXPECTED: &str = "BS-STATUS-02";
/// A requirement that a rule judges in every exchange.
const RULED: &str = "BS-JSON-05";
const ID: &str = "lifecycle/cancel-by-google";
const OTHER: &str = "lifecycle/taken-slot";

/// The waivers of a config with `lines` in each.
fn waivers(each: &[(&str, &str)]) -> Vec<Waiver> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("c.toml");
    let text = each.iter().map(|(id, more)| {
        let expires = if more.contains("expires") {
            ""
        } else {
            "expires = 2030-01-31\n"
        };
        format!("[[waiver]]\nrequirement = \"{id}\"\nreason = \"r\"\nowner = \"o\"\n{expires}{more}\n")
    });
    std::fs::write(&path, text.collect::<String>()).unwrap();
    load(&path, None, &|_| None).unwrap().waivers
}

fn id(text: &str) -> RequirementId {
    RequirementId::parse(text).unwrap()
}

fn finding(requirement: &str, verdict: Verdict, entry: usize) -> Finding {
    Finding {
        requirement: id(requirement),
        level: Level::Must,
        verdict,
        message: "it is wrong".into(),
        evidence: Evidence {
            entry: Some(entry),
            ..Evidence::default()
        },
        answer: None,
        basic: false,
        repeated: None,
    }
}

fn scenario(name: &str, verdict: Verdict, judged: &[(&str, Verdict)]) -> ScenarioReport {
    let found = [Verdict::Fail, Verdict::Warn];
    ScenarioReport {
        not_now: false,
        id: name.into(),
        title: String::new(),
        verdict,
        reason: None,
        duration_ms: 0,
        waits_ms: 0,
        snapshot: SnapshotStatus::None,
        findings: judged
            .iter()
            .filter(|(_, verdict)| found.contains(verdict))
            .map(|(requirement, verdict)| finding(requirement, *verdict, 1))
            .collect(),
        judged: judged
            .iter()
            .map(|(requirement, verdict)| Judged {
                requirement: id(requirement),
                verdict: *verdict,
            })
            .collect(),
    }
}

/// Applies waivers on a day on which none of them is expired unless it says so itself.
fn applied(waivers: &[Waiver], scenarios: &mut [ScenarioReport]) -> Vec<WaiverReport> {
    let mut of_the_run = Judgement::default();
    apply_all(waivers, scenarios, &mut of_the_run, &[])
}

fn apply_all(
    waivers: &[Waiver],
    scenarios: &mut [ScenarioReport],
    of_the_run: &mut Judgement,
    cases: &[Case<'_>],
) -> Vec<WaiverReport> {
    let concluded = Concluded {
        scenarios,
        of_the_run,
        cases,
        interrupted: false,
    };
    apply(waivers, date(2030, 1, 31), concluded)
}

fn status(waivers: &[Waiver], scenarios: &mut [ScenarioReport]) -> WaiverStatus {
    applied(waivers, scenarios)[0].status
}

#[test]
fn a_violation_that_is_covered_is_waived_with_its_scenario() {
    let mut scenarios = [
        scenario(ID, Verdict::Fail, &[(EXPECTED, Verdict::Fail)]),
        scenario(
            OTHER,
            Verdict::Fail,
            &[(EXPECTED, Verdict::Fail), (RULED, Verdict::Fail)],
        ),
    ];
    let reports = applied(&waivers(&[(EXPECTED, "")]), &mut scenarios);
    assert_eq!(
        (scenarios[0].verdict, scenarios[0].judged[0].verdict),
        (Verdict::Waived, Verdict::Waived)
    );
    let verdicts: Vec<_> = scenarios[1].findings.iter().map(|one| one.verdict).collect();
    assert_eq!(verdicts, [Verdict::Waived, Verdict::Fail]);
    assert_eq!(
        scenarios[1].verdict,
        Verdict::Fail,
        "the other violation is not covered"
    );
    let report = &reports[0];
    assert_eq!((report.status, report.findings), (WaiverStatus::Used, 2));
    assert_eq!(report.scenarios, [ID, OTHER]);
    assert!(report.place.ends_with("c.toml:2"), "{}", report.place);
}

#[test]
fn a_waiver_ends_with_its_last_day() {
    let violated = || [scenario(ID, Verdict::Fail, &[(EXPECTED, Verdict::Fail)])];
    let on = |day: &str| {
        let (mut scenarios, line) = (violated(), format!("expires = {day}"));
        let reports = applied(&waivers(&[(EXPECTED, &line)]), &mut scenarios);
        (scenarios[0].verdict, reports[0].status, reports[0].place.clone())
    };
    let (verdict, status, _) = on("2030-01-31");
    assert_eq!((verdict, status), (Verdict::Waived, WaiverStatus::Used));
    let (verdict, status, place) = on("2030-01-30");
    assert_eq!((verdict, status), (Verdict::Fail, WaiverStatus::Expired));
    assert!(place.ends_with("c.toml:5"), "{place}");
}

#[test]
fn what_fails_nothing_is_not_waived() {
    let mut scenarios = [scenario(ID, Verdict::Warn, &[(EXPECTED, Verdict::Warn)])];
    let reports = applied(&waivers(&[(EXPECTED, "")]), &mut scenarios);
    assert_eq!(scenarios[0].findings[0].verdict, Verdict::Warn);
    assert_eq!(reports[0].status, WaiverStatus::Unused);
    assert!(reports[0].note.contains("as a warning"), "{}", reports[0].note);
}

#[test]
fn a_waiver_is_stale_once_all_that_it_covers_was_met() {
    let all = waivers(&[(EXPECTED, "")]);
    let own = waivers(&[(EXPECTED, &format!("scenario = \"{ID}\""))]);
    let met = || scenario(ID, Verdict::Pass, &[(EXPECTED, Verdict::Pass)]);
    assert_eq!(status(&all, &mut [met()]), WaiverStatus::Stale);
    for verdict in [Verdict::NotRun, Verdict::NotTestable, Verdict::Inconclusive] {
        let mut scenarios = [met(), scenario(OTHER, verdict, &[(EXPECTED, verdict)])];
        assert_eq!(status(&all, &mut scenarios), WaiverStatus::Unused, "{verdict:?}");
        assert_eq!(status(&own, &mut scenarios), WaiverStatus::Stale, "{verdict:?}");
    }
    let mut scenarios = [
        met(),
        scenario(
            OTHER,
            Verdict::NotApplicable,
            &[(EXPECTED, Verdict::NotApplicable)],
        ),
    ];
    assert_eq!(
        status(&all, &mut scenarios),
        WaiverStatus::Stale,
        "it never applies there"
    );
    let mut scenarios = [
        met(),
        scenario(OTHER, Verdict::Fail, &[(EXPECTED, Verdict::Fail)]),
    ];
    assert_eq!(status(&all, &mut scenarios), WaiverStatus::Used);
    assert_eq!(
        status(&own, &mut scenarios),
        WaiverStatus::Stale,
        "the other violation is elsewhere"
    );
    let mut scenarios = [scenario(ID, Verdict::Pass, &[])];
    assert_eq!(
        status(&all, &mut scenarios),
        WaiverStatus::Unused,
        "nothing judged it"
    );
}

#[test]
fn what_a_rule_judges_might_be_violated_in_every_scenario_that_did_not_run() {
    let all = waivers(&[(RULED, "")]);
    let met = || scenario(ID, Verdict::Pass, &[(RULED, Verdict::Pass)]);
    assert_eq!(status(&all, &mut [met()]), WaiverStatus::Stale);
    let mut scenarios = [met(), scenario(OTHER, Verdict::NotRun, &[])];
    assert_eq!(status(&all, &mut scenarios), WaiverStatus::Unused);
    let mut scenarios = [met(), scenario(OTHER, Verdict::NotRun, &[])];
    let expected = waivers(&[(EXPECTED, "")]);
    scenarios[0] = scenario(ID, Verdict::Pass, &[(EXPECTED, Verdict::Pass)]);
    assert_eq!(
        status(&expected, &mut scenarios),
        WaiverStatus::Stale,
        "no rule judges it"
    );
}

#[test]
fn an_interrupted_run_makes_no_waiver_stale() {
    let mut scenarios = [scenario(ID, Verdict::Pass, &[(EXPECTED, Verdict::Pass)])];
    let concluded = Concluded {
        scenarios: &mut scenarios,
        of_the_run: &mut Judgement::default(),
        cases: &[],
        interrupted: true,
    };
    let reports = apply(&waivers(&[(EXPECTED, "")]), date(2030, 1, 1), concluded);
    assert_eq!(reports[0].status, WaiverStatus::Unused);
}

#[test]
fn a_waiver_that_names_nothing_is_unknown_at_its_line() {
    let mut scenarios = [scenario(ID, Verdict::Fail, &[(EXPECTED, Verdict::Fail)])];
    let named = waivers(&[
        ("BS-STATUS-O2", "expires = 2000-01-01"),
        (EXPECTED, "scenario = \"lifecycle/cancel-by-goggle\""),
    ]);
    let reports = applied(&named, &mut scenarios);
    assert_eq!(scenarios[0].verdict, Verdict::Fail);
    let told: Vec<_> = reports
        .iter()
        .map(|one| {
            (
                one.status,
                one.place.rsplit('/').next().unwrap(),
                one.note.as_str(),
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            (
                WaiverStatus::Unknown,
                "c.toml:2",
                "unknown: no requirement has the id `BS-STATUS-O2`; did you mean `BS-STATUS-02`?"
            ),
            (
                WaiverStatus::Unknown,
                "c.toml:11",
                "unknown: no scenario matches `lifecycle/cancel-by-goggle`; did you mean `lifecycle/cancel-by-google`?"
            ),
        ]
    );
}

/// A finding of the run that was seen in these scenarios.
fn of_the_run(places: &[&str]) -> Judgement {
    let repeated = (!places.is_empty()).then(|| Repeated {
        count: places.len(),
        scenarios: places.iter().map(ToString::to_string).collect(),
    });
    Judgement {
        findings: vec![Finding {
            repeated,
            ..finding(RULED, Verdict::Fail, 1)
        }],
        judged: vec![Judged {
            requirement: id(RULED),
            verdict: Verdict::Fail,
        }],
    }
}

#[test]
fn a_finding_of_the_run_is_waived_where_all_its_places_are_covered() {
    let in_one = format!("scenario = \"{ID}\"");
    let in_other = format!("scenario = \"{OTHER}\"");
    let mut scenarios = [
        scenario(ID, Verdict::Pass, &[]),
        scenario(OTHER, Verdict::Pass, &[]),
    ];
    let mut waived = |each: &[(&str, &str)], places: &[&str]| {
        let mut run = of_the_run(places);
        let reports = apply_all(&waivers(each), &mut scenarios, &mut run, &[]);
        assert_eq!(run.findings[0].verdict, run.judged[0].verdict);
        (run.findings[0].verdict, reports)
    };
    assert_eq!(waived(&[(RULED, "")], &[]).0, Verdict::Waived);
    assert_eq!(waived(&[(RULED, &in_one)], &[]).0, Verdict::Fail);
    assert_eq!(waived(&[(RULED, &in_one)], &[ID]).0, Verdict::Waived);
    let both = waived(&[(RULED, &in_one), (RULED, &in_other)], &[ID, OTHER]);
    assert_eq!(both.0, Verdict::Waived);
    assert!(both.1.iter().all(|one| one.status == WaiverStatus::Used));
    assert_eq!(
        (&both.1[0].scenarios[..], &both.1[1].scenarios[..]),
        (&[ID.to_owned()][..], &[OTHER.to_owned()][..])
    );
    let (verdict, reports) = waived(&[(RULED, &in_one)], &[ID, OTHER]);
    assert_eq!(
        (verdict, reports[0].status),
        (Verdict::Fail, WaiverStatus::Unused)
    );
    assert!(reports[0].note.ends_with(OTHER), "{}", reports[0].note);
}

#[test]
fn a_waiver_that_needs_a_person_is_exit_4_unless_something_graver_holds() {
    let mut before = [scenario(ID, Verdict::Fail, &[(EXPECTED, Verdict::Fail)])];
    let expired = applied(&waivers(&[(EXPECTED, "expires = 2030-01-30")]), &mut before);
    let exit_code = |verdict| {
        let scenarios = [scenario(ID, verdict, &[(EXPECTED, verdict)])];
        let sums = Sums {
            waivers: &expired,
            ..Sums::default()
        };
        verdict_of(&mut reasons(&scenarios, &requirements(&scenarios, &[]), &sums)).exit_code()
    };
    let codes = [
        Verdict::Pass,
        Verdict::Waived,
        Verdict::NotTestable,
        Verdict::Fail,
    ];
    assert_eq!(codes.map(exit_code), [4, 4, 3, 1]);
}

#[test]
fn the_day_is_that_of_the_clock() {
    let midnight = 1_893_456_000_000_000;
    assert_eq!(today(midnight), date(2030, 1, 1));
    assert_eq!(today(midnight - 1), date(2029, 12, 31));
}
