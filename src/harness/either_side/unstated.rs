//! Slots of which not all is said: what the harness takes for granted, the partner may have otherwise.

use super::{Doubt, case_of, drop_findings};
use catalogue::RequirementId;
use domain::slot::{Assumption, Slot};
use outcome::{Finding, ScenarioReport, Verdict};
use protocol::Method;
use rules::{Case, Judgement};
use serde_json::Value;
use transcript::Exchange;

/// Where a refusal names its cause.
const CAUSE: &str = "/booking_failure/cause";

/// What a slot with several spots does rightly, and one with a single spot may not.
const SECOND_BOOKING: [RequirementId; 2] = [
    RequirementId::declared("BS-BAL-06"),
    RequirementId::declared("BS-CREATE-08"),
];

/// After a move the new slot is taken, if it had one spot.
const MOVED: RequirementId = RequirementId::declared("BS-UPDATE-03");

/// A booking of a slot that is confirmed at once is confirmed.
const CONFIRMED: RequirementId = RequirementId::declared("BS-ASYNC-02");

/// What holds an inventory update beside the feed.
const LIKE_THE_FEED: [RequirementId; 6] = [
    RequirementId::declared("FEED-AVL-01"),
    RequirementId::declared("FEED-AVL-10"),
    RequirementId::declared("FEED-AVL-12"),
    RequirementId::declared("FEED-AVL-13"),
    RequirementId::declared("RTU-10"),
    RequirementId::declared("RTU-ASYNC-11"),
];

/// What was assumed and is in doubt, each with what rests on it.
pub(super) fn doubts(reports: &[ScenarioReport], cases: &[Case<'_>]) -> Vec<Doubt<'static>> {
    let payment = cases
        .iter()
        .find_map(payment)
        .map(|words| Doubt::new(words, is_refused_unpaid));
    let others: [(Rests, Words); 3] = [
        (rests_on_spots, spots),
        (rests_on_confirmation, confirmation),
        (rests_on_windows, windows),
    ];
    let others = others.into_iter().filter_map(|(rests, words)| {
        let slot = first(reports, cases, rests)?;
        Some(Doubt::new(words(slot), move |case, finding| {
            rests(case, finding).is_some()
        }))
    });
    payment.into_iter().chain(others).collect()
}

/// The slot on whose assumed terms a finding rests.
type Rests = for<'c> fn(&'c Case<'_>, &Finding) -> Option<&'c Slot>;

/// What is said of such a slot.
type Words = fn(&Slot) -> String;

fn first<'c>(reports: &[ScenarioReport], cases: &'c [Case<'_>], rests: Rests) -> Option<&'c Slot> {
    reports.iter().find_map(|report| {
        let case = case_of(report, cases)?;
        let mut violations = report
            .findings
            .iter()
            .filter(|finding| finding.verdict == Verdict::Fail);
        violations.find_map(|finding| rests(case, finding))
    })
}

/// Leaves out remarks on updates that differ from what no feed says.
pub(super) fn drop_remarks(reports: &mut [ScenarioReport], of_the_run: &mut Judgement, cases: &[Case<'_>]) {
    for report in reports {
        let Some(case) = case_of(report, cases) else {
            continue;
        };
        let ScenarioReport { findings, judged, .. } = report;
        let is_left_out = drop_findings(findings, judged, |finding| is_remark(case, finding));
        if is_left_out && report.verdict == Verdict::Warn && report.findings.is_empty() {
            report.verdict = Verdict::Pass;
        }
    }
    let of = |finding: &Finding| {
        let id = finding.evidence.scenario.as_ref()?;
        cases.iter().find(|case| case.scenario.id == *id)
    };
    drop_findings(&mut of_the_run.findings, &mut of_the_run.judged, |finding| {
        of(finding).is_some_and(|case| is_remark(case, finding))
    });
}

fn is_remark(case: &Case<'_>, finding: &Finding) -> bool {
    let is_like_the_feed = LIKE_THE_FEED.contains(&finding.requirement)
        && Assumption::ALL
            .into_iter()
            .any(|what| slot_with(case, what).is_some());
    finding.verdict == Verdict::Warn && (is_like_the_feed || rests_on_spots(case, finding).is_some())
}

/// A slot of the scenario of which this is assumed.
fn slot_with<'c>(case: &'c Case<'_>, what: Assumption) -> Option<&'c Slot> {
    let names = case.scenario.slots.keys();
    names
        .filter_map(|name| case.transcript.slot(name))
        .find(|slot| slot.terms.assumed.contains(&what))
}

/// That the server wants money or a card is lawful where nobody says how the slot is paid.
fn payment(case: &Case<'_>) -> Option<String> {
    let mut all = case.transcript.exchanges();
    let refused = all.find(|exchange| lacks_stated_payment(case, exchange))?;
    let slot = case.slot_of(&refused)?;
    let told = cause(&refused)?;
    Some(format!(
        "a booking of {}/{} that is paid on arrival was refused with {told}, and neither a feed nor the config says how its slots are \
         paid: either they need a card or a payment, or your server refuses what it should take; name the feeds of your server, or list a \
         slot under [inventory] slots with payment = \"arrival\"",
        slot.merchant_id, slot.service_id
    ))
}

fn lacks_stated_payment(case: &Case<'_>, exchange: &Exchange<'_>) -> bool {
    exchange.call.method == Method::CreateBooking
        && cause(exchange).is_some_and(|told| told.starts_with("PAYMENT"))
        && case
            .slot_of(exchange)
            .is_some_and(|slot| slot.terms.assumed.contains(&Assumption::Payment))
}

/// The cause that the server gives for a refusal.
fn cause<'t>(exchange: &Exchange<'t>) -> Option<&'t str> {
    exchange.answer_value(CAUSE).and_then(Value::as_str)
}

fn is_refused_unpaid(case: &Case<'_>, finding: &Finding) -> bool {
    exchange_of(case, finding).is_some_and(|exchange| lacks_stated_payment(case, &exchange))
}

/// The exchange in which a finding was seen.
pub(super) fn exchange_of<'c>(case: &'c Case<'_>, finding: &Finding) -> Option<Exchange<'c>> {
    case.transcript.exchange_at(finding.evidence.entry?)
}

/// A second booking is lawful, and so is an update that leaves spots open, where nobody says how many spots the slot has.
fn rests_on_spots<'c>(case: &'c Case<'_>, finding: &Finding) -> Option<&'c Slot> {
    let in_look_up = || {
        let method = exchange_of(case, finding).map(|exchange| exchange.call.method);
        method == Some(Method::BatchAvailabilityLookup)
    };
    let is_about_spots = SECOND_BOOKING.contains(&finding.requirement)
        || finding.evidence.expected.get("spotsOpen").is_some()
        || finding.requirement == MOVED && in_look_up();
    if !is_about_spots {
        return None;
    }
    let seen = exchange_of(case, finding).and_then(|exchange| {
        let slot = case.slot_of(&exchange);
        slot.or_else(|| case.transcript.slot_of(exchange.request_value("/slot_time/0")?))
    });
    seen.filter(|slot| slot.terms.assumed.contains(&Assumption::Spots))
        .or_else(|| slot_with(case, Assumption::Spots))
}

fn spots(slot: &Slot) -> String {
    format!(
        "slots of {}/{} are still on offer, or are booked once more, when they have been booked once, and neither a feed nor the config \
         says how many spots they have: either they have several, or your server books a slot twice; name the feeds of your server, or \
         list a slot under [inventory] slots with spots = 1",
        slot.merchant_id, slot.service_id
    )
}

/// That a booking waits for the merchant, and cannot be changed meanwhile, is lawful where nobody says that it is confirmed at once.
fn rests_on_confirmation<'c>(case: &'c Case<'_>, finding: &Finding) -> Option<&'c Slot> {
    let waiting = case
        .transcript
        .exchanges_of(Method::CreateBooking)
        .filter(|made| {
            let status = made.answer_value("/booking/status").and_then(Value::as_str);
            status == Some("PENDING_MERCHANT_CONFIRMATION")
        });
    let mut of_waiting = waiting.filter_map(|made| case.slot_of(&made));
    let slot = of_waiting.find(|slot| slot.terms.assumed.contains(&Assumption::Confirmation))?;
    let is_refused = || {
        let change = exchange_of(case, finding);
        change.is_some_and(|change| change.call.method == Method::UpdateBooking && cause(&change).is_some())
    };
    let is_about_it = finding.requirement == CONFIRMED || is_refused();
    is_about_it.then_some(slot)
}

fn confirmation(slot: &Slot) -> String {
    format!(
        "bookings of {}/{} wait for the merchant, and neither a feed nor the config says how its slots are confirmed: either the merchant \
         confirms them, or your server should confirm them at once; name the feeds of your server, or list a slot under [inventory] slots \
         with asynchronous = true, or false",
        slot.merchant_id, slot.service_id
    )
}

/// That it is too late for a change is lawful where nobody says until when one can be made.
fn rests_on_windows<'c>(case: &'c Case<'_>, finding: &Finding) -> Option<&'c Slot> {
    let change = exchange_of(case, finding)?;
    let is_late =
        change.call.method == Method::UpdateBooking && cause(&change) == Some("OUTSIDE_CANCELLATION_WINDOW");
    slot_with(case, Assumption::Windows).filter(|_| is_late)
}

fn windows(slot: &Slot) -> String {
    format!(
        "a booking of {}/{} was not cancelled or changed: OUTSIDE_CANCELLATION_WINDOW; no feed says until when that can be done: either it \
         was too late, or your server refuses too early; name the feeds of your server, or a slot that starts later",
        slot.merchant_id, slot.service_id
    )
}
