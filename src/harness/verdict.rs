//! From facts and findings to verdicts: of scenarios, of requirements, of the run.

use super::unjudged::why_open;
use catalogue::{Level, RequirementId, catalogue};
use domain::Capability;
use google::check_own;
use outcome::{Finding, Judged, RequirementReport, ScenarioReport, Verdict};
use protocol::schema::{Api, validate};
use rules::{Case, Judgement, is_of_feeds_alone};
use scenario::Scenario;
use std::collections::BTreeMap;
use transcript::{Aim, Fact, Subject, Transcript};

/// Under `--strict` a violated SHOULD counts.
pub(super) fn apply_strict(findings: &mut [Finding], judged: &mut [Judged], strict: bool) {
    if !strict {
        return;
    }
    for finding in findings
        .iter_mut()
        .filter(|finding| finding.level == Level::Should)
    {
        finding.verdict = Verdict::Fail;
    }
    for one in judged.iter_mut().filter(|one| one.verdict == Verdict::Warn) {
        if catalogue().row(one.requirement).level == Level::Should {
            one.verdict = Verdict::Fail;
        }
    }
}

/// The verdict on a scenario that ran, with the reason where it needs one.
pub(super) fn scenario_verdict(case: &Case<'_>, judgement: &Judgement) -> (Verdict, Option<String>) {
    let transcript = case.transcript;
    let has = |verdict| {
        judgement
            .findings
            .iter()
            .any(|finding| finding.verdict == verdict)
    };
    let stopped = transcript.early_end().map(|(_, stopped)| {
        let step = stopped
            .step
            .map(|path| format!("step {}: ", path.step + 1))
            .unwrap_or_default();
        format!("{step}{}", stopped.reason)
    });
    let open = judgement
        .judged
        .iter()
        .find(|one| one.verdict == Verdict::NotTestable);
    let open = open.map(|one| {
        format!(
            "{} could not be judged: a step before it proves nothing",
            one.requirement
        )
    });
    let reason = stopped.or(open.filter(|_| !has(Verdict::Fail)));
    if has(Verdict::Fail) {
        return (Verdict::Fail, reason);
    }
    if reason.is_some() {
        return (Verdict::NotTestable, reason);
    }
    let is_warned = has(Verdict::Warn);
    if !is_warned && is_served_in_vain(case, judgement) {
        return (Verdict::NotApplicable, Some(why_in_vain(case).to_owned()));
    }
    match (unstruck(transcript), find_inconclusive(judgement)) {
        (Some((Verdict::NotTestable, reason)), _) => (Verdict::NotTestable, Some(reason)),
        _ if is_warned => (Verdict::Warn, None),
        (Some((verdict, reason)), _) => (verdict, Some(reason)),
        (None, Some(requirement)) => (Verdict::Inconclusive, Some(why_inconclusive(requirement))),
        (None, None) => (Verdict::Pass, None),
    }
}

/// A scenario in which something went wrong on Google's side shows nothing where no call came that it could strike. How a partner
/// sends inventory updates, and whether it does, is left to it: what strikes one way of it does not apply to another.
fn unstruck(transcript: &Transcript) -> Option<(Verdict, String)> {
    let aim = transcript.unstruck()?;
    let (verdict, what) = match aim {
        Aim::Booking { .. } => (Verdict::NotTestable, "no notification about its booking came"),
        Aim::Slot { .. } => (
            Verdict::NotApplicable,
            "no inventory update about its slot came that it could be tried on",
        ),
        // What strikes tokens is not in the history of one scenario.
        Aim::Kind(_) | Aim::Any => return None,
    };
    let reason = format!("{what}, so your server's reaction to Google's answer cannot be seen");
    Some((verdict, reason))
}

/// What a scenario is there for is not met by what never happened in it.
pub(super) fn take_back_unstruck(case: &Case<'_>, judged: &mut [Judged]) {
    let Some((verdict, _)) = unstruck(case.transcript) else {
        return;
    };
    let served = |one: &&mut Judged| case.scenario.serves.contains(&one.requirement);
    for one in judged
        .iter_mut()
        .filter(served)
        .filter(|one| one.verdict == Verdict::Pass)
    {
        one.verdict = verdict;
    }
}

fn find_inconclusive(judgement: &Judgement) -> Option<RequirementId> {
    let mut judged = judgement.judged.iter();
    let open = judged.find(|one| one.verdict == Verdict::Inconclusive)?;
    Some(open.requirement)
}

fn why_inconclusive(requirement: RequirementId) -> String {
    format!(
        "{requirement} not judged: what it is about did not come in time; a longer `within` under [notifications] may show it"
    )
}

/// True when nothing that the scenario is there for applies to the target, as far as the run has shown.
fn is_served_in_vain(case: &Case<'_>, judgement: &Judgement) -> bool {
    let verdict_of = |id: &RequirementId| {
        let judged = judgement.judged.iter().find(|one| one.requirement == *id);
        judged.map(|one| one.verdict)
    };
    let mut served = case.scenario.serves.iter().peekable();
    served.peek().is_some() && served.all(|id| verdict_of(id) == Some(Verdict::NotApplicable))
}

fn why_in_vain(case: &Case<'_>) -> &'static str {
    let mut expectations = case.scenario.calls().flat_map(|call| &call.expect);
    let asks_one_spot = expectations.any(|expectation| expectation.one_spot);
    let mut slots = case
        .scenario
        .slots
        .keys()
        .filter_map(|name| case.transcript.slot(name));
    if asks_one_spot && slots.any(|slot| slot.spots_open > 1) {
        "of a slot with several spots a look-up does not show who took one"
    } else if case.can(Capability::AvailabilityRtu) {
        "nothing that it judges applies to what the target can do or shows"
    } else {
        "no inventory update came; with availability_rtu = true under [capabilities] it is judged"
    }
}

/// Requirements of a scenario that stopped early were not judged.
pub(super) fn complete(scenario: &Scenario, judged: &mut Vec<Judged>, verdict: Verdict) {
    for requirement in scenario.requirements() {
        if !judged.iter().any(|one| one.requirement == requirement) {
            judged.push(Judged { requirement, verdict });
        }
    }
    judged.sort_by_key(|one| one.requirement);
}

/// What every requirement of the catalogue came to over the run.
pub(super) fn requirements(scenarios: &[ScenarioReport], of_the_run: &[Judged]) -> Vec<RequirementReport> {
    let reports = scenarios;
    let mut folded: BTreeMap<RequirementId, (Verdict, Vec<String>)> = BTreeMap::new();
    let mut fold = |one: &Judged, scenario: Option<&str>| {
        let entry = folded.entry(one.requirement).or_insert((one.verdict, Vec::new()));
        if entry.0.weight() < one.verdict.weight() {
            entry.0 = one.verdict;
        }
        if let Some(scenario) = scenario.filter(|_| is_judged(one.verdict)) {
            entry.1.push(scenario.to_owned());
        }
    };
    for scenario in scenarios {
        scenario
            .judged
            .iter()
            .for_each(|one| fold(one, Some(&scenario.id)));
    }
    for one in of_the_run {
        fold(one, None);
    }
    let rows = catalogue()
        .rows()
        .filter(|row| row.is_to_be_judged())
        .filter_map(|row| RequirementId::parse(&row.id));
    // What feed files alone show is no business of a run.
    let ids: Vec<_> = rows
        .filter(|id| folded.contains_key(id) || !is_of_feeds_alone(*id))
        .collect();
    let rows = ids.into_iter();
    rows.map(|id| {
        let (verdict, scenarios) = folded.remove(&id).unwrap_or((Verdict::NotRun, Vec::new()));
        let row = catalogue().row(id);
        RequirementReport {
            id,
            title: row.title.clone(),
            source: row.page(),
            level: row.level,
            verdict,
            scenarios,
            reason: why_open(id, verdict, reports),
        }
    })
    .collect()
}

/// True when a verdict says that something was looked at and decided.
pub(super) fn is_judged(verdict: Verdict) -> bool {
    matches!(
        verdict,
        Verdict::Pass | Verdict::Fail | Verdict::Warn | Verdict::Waived
    )
}

/// Messages of our own that break the wire model: the harness itself is wrong.
pub(super) fn own_mistakes(transcript: &Transcript) -> Vec<String> {
    let mut mistakes = Vec::new();
    for (index, entry) in transcript.entries.iter().enumerate() {
        match &entry.fact {
            Fact::Call(call) if !call.breaks_model => {
                let (Some(body), Some(message)) = (&call.body, call.method.request_message()) else {
                    continue;
                };
                let wrong = validate(Api::V3, &message, body);
                mistakes.extend(wrong.iter().map(|violation| {
                    format!(
                        "{} entry {index}: our {message} is wrong at {}",
                        transcript.scenario, violation.pointer
                    )
                }));
            }
            Fact::Notification(notification) if notification.status == 200 => {
                let message = match notification.subject {
                    Subject::Booking { .. } => "Booking",
                    Subject::Availability { .. } => continue,
                };
                mistakes.extend(check_own(&notification.answer, message).err().map(|error| {
                    format!(
                        "{} entry {index}: our answer is wrong: {error}",
                        transcript.scenario
                    )
                }));
            }
            _ => {}
        }
    }
    mistakes
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_message_of_ours_outside_the_wire_model_is_a_mistake_of_ours() {
        use protocol::Method;
        use transcript::{Call, Credentials, Entry, Phase};
        let call = |body| Call {
            step: None,
            label: None,
            method: Method::GetBookingStatus,
            verb: "POST".into(),
            path: "/v3/GetBookingStatus".into(),
            headers: Vec::new(),
            credentials: Credentials::Valid,
            body: Some(body),
            raw: None,
            breaks_model: false,
            again: false,
        };
        let entry = |call| Entry {
            at_ms: 0,
            phase: Phase::Steps,
            fact: Fact::Call(call),
        };
        let good = call(json!({ "booking_id": "b" }));
        let bad = call(json!({ "bookingId": "b" }));
        let declared = Call {
            breaks_model: true,
            again: false,
            ..bad.clone()
        };
        let transcript = Transcript {
            scenario: "a/b".into(),
            entries: vec![entry(good), entry(declared), entry(bad)],
        };
        let mistakes = own_mistakes(&transcript);
        assert!(
            mistakes.iter().all(|mistake| mistake.contains("entry 2")) && !mistakes.is_empty(),
            "{mistakes:?}"
        );
    }

    /// A fault on a booking, and then a call about it that was struck or not, if any came.
    fn faulted(struck: Option<bool>) -> Transcript {
        let aim = json!({ "booking": { "booking_id": "b" } });
        let fault = json!({ "answer": { "status": 400 } });
        let armed = json!({ "armed": { "step": { "step": 0, "branch": null }, "aim": aim, "fault": fault, "times": 1 } });
        let call = struck.map(|struck| {
            let mut call = json!({
                "subject": { "booking": { "partner": "1", "booking_id": "b" } },
                "verb": "PATCH", "target": "/", "headers": [], "raw": "", "mask": null, "booking_failure": {},
                "lints": [], "status": 400, "answer": null, "before": null, "after": null
            });
            if struck {
                call["fault"] = fault.clone();
            }
            json!({ "notification": call })
        });
        let entry = |fact: serde_json::Value| json!({ "at_ms": 0, "phase": "steps", "fact": fact });
        let entries: Vec<_> = std::iter::once(armed).chain(call).map(entry).collect();
        serde_json::from_value(json!({ "scenario": "a/b", "entries": entries })).expect("the stored form")
    }

    #[test]
    fn a_fault_that_struck_nothing_shows_nothing() {
        assert_eq!(unstruck(&faulted(Some(true))), None);
        for nothing in [Some(false), None] {
            let (verdict, reason) = unstruck(&faulted(nothing)).expect("nothing was struck");
            assert_eq!(verdict, Verdict::NotTestable);
            assert!(
                reason.starts_with("no notification about its booking came"),
                "{reason}"
            );
        }
    }
}
