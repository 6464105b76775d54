//! Scenarios that run although what they stand on could not be shown, since no inventory is named.
//!
//! A server without GetBookingStatus answers an unknown booking with 404, too. So nothing counts as met in such a scenario, and a refusal
//! that any method could be answered with, such as 401 or 501, is held against nobody.

use catalogue::RequirementId;
use domain::Basic;
use outcome::{Finding, ScenarioReport, Verdict};
use protocol::Method;
use rules::Case;
use scenario::Scenario;
use serde_json::Value;
use std::collections::BTreeSet;
use transcript::Reply;

/// What is not there is not free.
const NOTHING_FREE: RequirementId = RequirementId::declared("BS-BAL-03");

/// What is to be added before anything can be booked.
const FEEDS: &str =
    "feeds = \"FOLDER\" to [inventory], or give --feeds FOLDER or --slot MERCHANT/SERVICE/START";

/// Why nothing can be booked, with what to add; a scenario in which the partner acts needs a way to make it.
pub(super) fn without_inventory(with_triggers: bool) -> String {
    if with_triggers {
        return "neither feeds nor slots are named, and no way to make your server act: add feeds = \"FOLDER\" to [inventory], and \
                [triggers.merchant_cancel], reschedule and others, of which your server notifies the address of [notifications]"
            .to_owned();
    }
    format!("neither feeds nor slots are named: add {FEEDS}")
}

/// What a scenario stands on that no scenario of the plan shows.
pub(super) fn unshown(scenario: &Scenario, shown: &BTreeSet<Basic>) -> BTreeSet<Basic> {
    let needs = scenario.needs().into_iter();
    needs.filter(|basic| !shown.contains(basic)).collect()
}

/// Leaves of a report what was seen to be wrong, and nothing else.
pub(super) fn hold_back(report: &mut ScenarioReport, case: &Case<'_>, unshown: &BTreeSet<Basic>) {
    let Some(first) = unshown.first() else { return };
    report
        .findings
        .retain(|finding| tells_of_the_method(case, finding));
    for one in &mut report.judged {
        let found = report
            .findings
            .iter()
            .find(|finding| finding.requirement == one.requirement);
        one.verdict = match (one.verdict, found) {
            (Verdict::Pass, _) | (Verdict::Fail | Verdict::Warn, None) => Verdict::NotTestable,
            (verdict, _) => verdict,
        };
    }
    let worst = report.findings.iter().map(|finding| finding.verdict);
    if let Some(verdict) = worst.max_by_key(|verdict| verdict.weight()) {
        report.verdict = verdict;
        return;
    }
    report.verdict = Verdict::NotTestable;
    report.reason = Some(format!(
        "nothing wrong was seen, which counts only once {first} was shown with a booking: add {FEEDS}"
    ));
}

/// What is not free proves nothing at a server where nothing ever is.
pub(super) fn hold_back_what_is_never_free(reports: &mut [ScenarioReport], cases: &[Case<'_>]) {
    let answers = cases
        .iter()
        .flat_map(|case| case.transcript.exchanges_of(Method::BatchAvailabilityLookup));
    let mut entries = answers.filter_map(|answer| answer.answer_value("/slot_time_availability")?.as_array());
    let is_free = |entry: &Value| entry.get("available") == Some(&Value::Bool(true));
    if entries.any(|entries| entries.iter().any(is_free)) {
        return;
    }
    let judged = reports.iter_mut().flat_map(|report| &mut report.judged);
    for one in judged.filter(|one| one.requirement == NOTHING_FREE && one.verdict == Verdict::Pass) {
        one.verdict = Verdict::NotTestable;
    }
}

/// False for a refusal that says the same of whatever is asked: who is there, and whether the method is, was never shown.
fn tells_of_the_method(case: &Case<'_>, finding: &Finding) -> bool {
    let Some(entry) = finding.evidence.entry else {
        return true;
    };
    let mut exchanges = case.transcript.exchanges();
    let exchange = exchanges.find(|exchange| exchange.entry == entry);
    match exchange.map(|exchange| &exchange.answer.reply) {
        Some(Reply::Http(reply)) => {
            !matches!(reply.status, 300..=399 | 401 | 403 | 404 | 405 | 410 | 429 | 501..=504)
        }
        Some(Reply::Nothing { .. }) => false,
        None => true,
    }
}
