//! Bookings of different users that share an id: what is found of them from then on has that cause.

use super::{find_case, keep_findings};
use crate::{Case, Judgement, reading};
use catalogue::RequirementId;
use outcome::{Finding, ScenarioReport, Verdict, cause_of};
use protocol::Method;
use std::collections::{BTreeMap, BTreeSet};

/// By which equal ids are told over the run: as ids that are given twice, or as bookings that are returned for a new token.
const TOLD: [RequirementId; 2] = [
    RequirementId::declared("BS-CREATE-02"),
    RequirementId::declared("BS-IDEM-05"),
];
/// What is found over the run by ids alone, without the place.
const BY_IDS: [RequirementId; 2] = [
    RequirementId::declared("RTU-GEN-03"),
    RequirementId::declared("RTU-GEN-05"),
];

/// One id that CreateBooking answered with.
struct Use<'c> {
    token: String,
    user: String,
    scenario: &'c str,
    sent_ms: u64,
}

/// Findings about bookings whose id was somebody else's at that time are taken back. What was found of others, too, stands.
pub(super) fn hold_back(reports: &mut [ScenarioReport], of_the_run: &mut Judgement, cases: &[Case<'_>]) {
    let is_told = |finding: &&mut Finding| {
        TOLD.contains(&finding.requirement)
            && finding.verdict == Verdict::Fail
            && finding.evidence.pointer.as_deref() == Some("/booking/booking_id")
    };
    let since = shared_since(cases);
    let Some(told) = of_the_run
        .findings
        .iter_mut()
        .find(is_told)
        .filter(|_| !since.is_empty())
    else {
        return;
    };
    told.basic = true;
    let requirement = told.requirement;
    let reason = format!(
        "bookings of different users have one id, so what rests on ids is not judged ({requirement})"
    );
    let is_touched = |scenario: &str, finding: &Finding| {
        let Some(since) = since.get(scenario) else {
            return false;
        };
        let mut cases = cases.iter();
        let case = cases.find(|case| case.scenario.id == scenario);
        let entry = case.and_then(|case| case.transcript.entries.get(finding.evidence.entry?));
        entry.is_none_or(|entry| entry.at_ms >= *since)
    };
    let elsewhere: BTreeSet<(RequirementId, String)> = reports
        .iter()
        .flat_map(|report| report.findings.iter().map(|finding| (&report.id, finding)))
        .filter(|(scenario, finding)| !is_touched(scenario, finding))
        .map(|(_, finding)| key(finding))
        .collect();
    for report in reports {
        let is_own =
            |id: &str, finding: &Finding| !is_touched(id, finding) || elsewhere.contains(&key(finding));
        let id = report.id.clone();
        if find_case(cases, report).is_some() && !report.findings.iter().all(|finding| is_own(&id, finding)) {
            keep_findings(report, |finding| is_own(&id, finding), &reason);
        }
    }
    let stands = |finding: &Finding| {
        let place = finding.evidence.scenario.as_deref();
        let is_by_ids = place.is_none() && BY_IDS.contains(&finding.requirement);
        let is_touched = place.is_some_and(|scenario| is_touched(scenario, finding));
        finding.basic || !is_by_ids && (!is_touched || elsewhere.contains(&key(finding)))
    };
    take_back_of_run(of_the_run, stands);
}

fn key(finding: &Finding) -> (RequirementId, String) {
    (finding.requirement, cause_of(&finding.message))
}

fn take_back_of_run(of_the_run: &mut Judgement, stands: impl Fn(&Finding) -> bool) {
    let Judgement { findings, judged } = of_the_run;
    findings.retain(stands);
    let found: BTreeSet<RequirementId> = findings.iter().map(|finding| finding.requirement).collect();
    for one in judged {
        if matches!(one.verdict, Verdict::Fail | Verdict::Warn) && !found.contains(&one.requirement) {
            one.verdict = Verdict::NotTestable;
        }
    }
}

/// From which moment on each scenario has a booking whose id is another user's, too.
fn shared_since<'c>(cases: &'c [Case<'_>]) -> BTreeMap<&'c str, u64> {
    let mut by_id: BTreeMap<String, Vec<Use<'c>>> = BTreeMap::new();
    for case in cases {
        for exchange in case.transcript.exchanges_of(Method::CreateBooking) {
            let text = |pointer: &str| exchange.request_value(pointer)?.as_str().map(ToOwned::to_owned);
            let id = reading::created_booking(&exchange).and_then(reading::id);
            let Some((id, token)) = id.zip(text("/idempotency_token")) else {
                continue;
            };
            let uses = by_id.entry(id.to_owned()).or_default();
            if uses.iter().all(|one| one.token != token) {
                uses.push(Use {
                    token,
                    user: text("/user_information/user_id").unwrap_or_default(),
                    scenario: &case.scenario.id,
                    sent_ms: exchange.sent_ms,
                });
            }
        }
    }
    let mut since: BTreeMap<&str, u64> = BTreeMap::new();
    for mut uses in by_id.into_values() {
        uses.sort_by_key(|one| one.sent_ms);
        let Some(other) = uses.iter().find(|one| one.user != uses[0].user) else {
            continue;
        };
        let second_ms = other.sent_ms;
        for one in &uses {
            let from = since.entry(one.scenario).or_insert(u64::MAX);
            *from = (*from).min(one.sent_ms.max(second_ms));
        }
    }
    since
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::basics::conclude_basics;
    use crate::basics::tests::report;
    use crate::judge_run;
    use crate::testing::{Story, booking, run_of};
    use serde_json::{Value, json};

    fn answer(id: &str) -> Value {
        let mut answer = booking();
        answer["booking"]["booking_id"] = json!(id);
        answer
    }

    fn read(story: Story, id: &str) -> Story {
        let state = json!({ "booking_id": id, "booking_status": "CANCELED" });
        story.call(Method::GetBookingStatus, json!({ "booking_id": id }), 200, state)
    }

    /// A booking that is read back as cancelled, which nobody has cancelled.
    fn story(number: usize, id: &str) -> Story {
        let story = Story::arrival().with_id(&format!("a/{number}"));
        let story = story.after(number as u64 * 10);
        let own = format!("user {number}");
        read(story.create_for(&own, &format!("t-{number}"), answer(id)), id)
    }

    /// A booking of which nothing is wrong but that its id is taken.
    fn right(number: usize, id: &str) -> Story {
        let own = format!("user {number}");
        let mut answer = answer(id);
        answer["booking"]["user_information"]["user_id"] = json!(own);
        let story = Story::arrival().with_id(&format!("a/{number}"));
        story
            .after(number as u64 * 10)
            .create_for(&own, &format!("t-{number}"), answer)
    }

    fn concluded(stories: &[Story]) -> (Vec<ScenarioReport>, Judgement) {
        let cases: Vec<Case<'_>> = stories.iter().map(Story::case).collect();
        let mut reports: Vec<_> = cases.iter().map(report).collect();
        let mut of_the_run = judge_run(&run_of(&cases));
        conclude_basics(&mut reports, &mut of_the_run, &cases);
        (reports, of_the_run)
    }

    #[test]
    fn what_is_found_of_a_shared_id_is_held_back_and_the_ids_come_first() {
        let (reports, of_the_run) = concluded(&[story(1, "bk-1"), story(2, "bk-2"), story(3, "bk-2")]);
        let told: Vec<_> = of_the_run.findings.iter().filter(|one| one.basic).collect();
        assert_eq!(told.len(), 1, "{:?}", of_the_run.findings);
        assert_eq!(told[0].requirement, TOLD[0]);
        // The first id is its own, so what is found of it stands, and the same of others with it.
        assert!(!reports[0].findings.is_empty());
        let alone = concluded(&[right(2, "bk-2"), story(3, "bk-2")]).0;
        let late = &alone[1];
        assert!(late.findings.is_empty(), "{:?}", late.findings);
        assert!(
            late.reason
                .as_deref()
                .is_some_and(|reason| reason.contains("BS-CREATE-02"))
        );
    }

    #[test]
    fn ids_that_differ_hold_nothing_back() {
        let (reports, of_the_run) = concluded(&[story(1, "bk-1"), story(2, "bk-2")]);
        assert!(reports.iter().all(|report| !report.findings.is_empty()));
        assert!(of_the_run.findings.iter().all(|one| !one.basic));
    }
}
