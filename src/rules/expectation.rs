//! What the scenario file itself expects of answers and notifications.
//!
//! A requirement is only failed by evidence: once a step has failed, what later steps expect cannot be judged any more,
//! unless a step says that it stands alone.

use super::answer::{Met, is_told_apart, meets};
use super::bench::Proof;
use super::notes::{PREPAYMENT, PREPAYMENT_PATH};
use super::notification::{move_as_cancel::MOVED, stray::strays_of};
use super::{Bench, Case, access, google_side, ledger, together};
use catalogue::{Level, RequirementId, catalogue};
use domain::Capability;
use protocol::Method;
use scenario::{Await, CallStep, Expectation, Step, matcher};
use serde_json::{Map, Value, json};
use transcript::{Awaited, Exchange, Fact, StepPath};

/// What rules find in an answer and what explains that it is not as the scenario expects: entries that cannot be matched,
/// a refusal that goes back on the look-up, a failure that does not say why.
pub(super) const SPEAKING: [RequirementId; 5] = [
    RequirementId::declared("BS-BAL-01"),
    RequirementId::declared("BS-BAL-02"),
    RequirementId::declared("BS-BAL-17"),
    RequirementId::declared("BS-CREATE-07"),
    RequirementId::declared("BS-CREATE-29"),
];

/// Judges every expectation of the scenario's steps, after the rules.
pub(super) fn judge(case: &Case<'_>, bench: &mut Bench) {
    let mut broken = false;
    for (index, step) in case.scenario.steps.iter().enumerate() {
        let path = StepPath {
            step: index,
            branch: None,
        };
        let failed = match step {
            Step::Call(call) => {
                judge_call(case, call, path, broken && !call.independent, bench) && !call.independent
            }
            Step::Parallel(calls, together) => {
                let each = calls.iter().enumerate().map(|(branch, call)| {
                    judge_call(
                        case,
                        call,
                        StepPath {
                            step: index,
                            branch: Some(branch),
                        },
                        broken,
                        bench,
                    )
                });
                let failed = each.fold(false, |failed, one| failed | one);
                failed
                    | together
                        .as_ref()
                        .is_some_and(|set| together::judge(case, set, index, broken, bench))
            }
            Step::Crowd(crowd) => crowd
                .together
                .as_ref()
                .is_some_and(|set| together::judge(case, set, index, broken, bench)),
            Step::Await(wait) => judge_await(case, wait, path, broken, bench),
            Step::AwaitSlot(wait) => google_side::judge_slot(case, wait, path, broken, bench),
            Step::Trigger(_) => trigger_failed(case, path),
            Step::Fault(_) | Step::Quiet | Step::Wait(_) => false,
            Step::Ledger(wanted) => ledger::judge_step(case, wanted, path, broken, bench),
        };
        broken |= failed;
    }
}

/// True when the step failed, so that later steps prove nothing.
fn judge_call(case: &Case<'_>, call: &CallStep, path: StepPath, broken: bool, bench: &mut Bench) -> bool {
    if declared_absent(case, call.method) {
        for expectation in &call.expect {
            bench.not_applicable(expectation.requirement);
        }
        return false;
    }
    let exchange = case.transcript.exchanges_at(path).next();
    let Some(exchange) = exchange.filter(|exchange| !broken && exchange.http().is_some()) else {
        call.expect
            .iter()
            .for_each(|expectation| bench.not_testable(expectation.requirement));
        return true;
    };
    if too_late(case, &exchange) {
        for expectation in &call.expect {
            bench.not_testable(expectation.requirement);
        }
        return true;
    }
    if not_offered(&exchange) {
        call.expect
            .iter()
            .for_each(|expectation| bench.not_applicable(expectation.requirement));
        return false;
    }
    // The expectations on one answer build on each other: the first that fails speaks for all, or one cause would be
    // several findings. A rule that failed what was read back has spoken for them; a failed update ends the story.
    let spoken = bench.failed_at(exchange.entry);
    if spoken && reads_back(call.method) {
        call.expect
            .iter()
            .for_each(|expectation| bench.not_testable(expectation.requirement));
        return false;
    }
    let mut failed = spoken && call.method == Method::UpdateBooking;
    for expectation in &call.expect {
        if failed || bench.violated_at(exchange.entry, &SPEAKING) {
            failed = true;
            bench.not_testable(expectation.requirement);
        } else {
            failed = judge_one(case, expectation, &exchange, bench) && is_must(expectation.requirement);
        }
    }
    failed
}

/// Only a violated MUST ends the story: after a violated SHOULD the rest is still true.
pub(super) fn is_must(requirement: RequirementId) -> bool {
    catalogue().row(requirement).level == Level::Must
}

/// A slot that had started when the answer came was refused rightly: the harness was late, not the partner wrong.
fn too_late(case: &Case<'_>, exchange: &Exchange<'_>) -> bool {
    let booked = exchange.got("/booking").is_some();
    let slot = case
        .slot_of(exchange)
        .filter(|_| exchange.call.method == Method::CreateBooking && !booked);
    slot.is_some_and(|slot| case.epoch_sec(exchange.answered_ms) >= slot.start_sec)
}

/// Nothing was sent, because the target declares that it does not have the method.
fn declared_absent(case: &Case<'_>, method: Method) -> bool {
    match method {
        Method::GetBookingStatus => !case.can(Capability::BookingStatus),
        Method::ListBookings => !case.can(Capability::ListBookings),
        _ => false,
    }
}

/// The two read methods are a standard that newer integrations may lack: 501 says so in the API's own words.
fn not_offered(exchange: &Exchange<'_>) -> bool {
    reads_back(exchange.call.method) && exchange.http().is_some_and(|reply| reply.status == 501)
}

fn reads_back(method: Method) -> bool {
    matches!(method, Method::GetBookingStatus | Method::ListBookings)
}

fn judge_one(case: &Case<'_>, expectation: &Expectation, exchange: &Exchange<'_>, bench: &mut Bench) -> bool {
    let requirement = expectation.requirement;
    let (proof, fallback) = match meets(case, expectation, exchange) {
        Met::Yes => {
            bench.pass(requirement);
            return false;
        }
        Met::Unknown => {
            bench.not_testable(requirement);
            return true;
        }
        Met::No(proof, fallback) => (proof, fallback),
    };
    let told_apart = is_told_apart(case, expectation);
    if told_apart {
        let message = expectation.otherwise.clone().unwrap_or(fallback);
        bench.fail(requirement, *proof, message);
    } else {
        bench.not_testable(requirement);
    }
    told_apart
}

fn judge_await(case: &Case<'_>, wait: &Await, path: StepPath, broken: bool, bench: &mut Bench) -> bool {
    let Some((entry, awaited)) = awaited(case, path).filter(|_| !broken) else {
        bench.not_testable(wait.requirement);
        return true;
    };
    if awaited.met || refunded_outside_the_mask(case, awaited) {
        bench.pass(wait.requirement);
        return false;
    }
    // Google was told, in words that it could not take, of another booking or as something else: what is wrong with them
    // was found, and is one finding. What never met the fault that was to strike it says nothing about faults.
    if was_refused_for_a_finding(case, &awaited.booking_id, bench)
        || !strays_of(case, awaited).is_empty()
        || bench.found(MOVED)
        || google_side::missed_its_fault(case, &awaited.booking_id, entry)
        || access::is_locked_out(case, &awaited.booking_id)
    {
        bench.not_testable(wait.requirement);
        return true;
    }
    let seconds = case.transcript.bound().map_or(0, |bound| bound.within_ms / 1000);
    let base = wait
        .otherwise
        .clone()
        .unwrap_or_else(|| "Google was not told".to_owned());
    // Told is told: that it was late is the business of a rule.
    if came_late(case, awaited) {
        bench.pass(wait.requirement);
        return false;
    }
    let when = format!("{base} within {seconds} s; Google gives five minutes");
    let proof = Proof {
        entry: Some(entry),
        ..Proof::default()
    };
    let proof = proof
        .expected(awaited.until.clone())
        .actual(state(awaited.copy.as_ref(), &awaited.until));
    bench.fail(wait.requirement, proof, when);
    is_must(wait.requirement)
}

/// True when Google's side turned a notification about the booking down for good, and a rule has found why.
fn was_refused_for_a_finding(case: &Case<'_>, booking_id: &str, bench: &Bench) -> bool {
    let refused = |status: u16| (400..429).contains(&status) && status != 401;
    case.notes_about(booking_id)
        .any(|note| refused(note.notification.status) && bench.found_at(note.entry))
}

/// Below five minutes of patience a notification that comes before the end of the run is late, not missing. It must
/// bring what was awaited itself: what Google's side knows from the clean-up's own cancellation was not told by anybody,
/// and what comes after another act may be about that one.
pub(super) fn came_late(case: &Case<'_>, awaited: &Awaited) -> bool {
    let end = next_act(case, awaited).unwrap_or(usize::MAX);
    let met = |copy: &Option<Value>| matcher::matches(&awaited.until, copy.as_ref());
    let notes = case
        .notes_about(&awaited.booking_id)
        .filter(|note| note.entry < end && !google_side::is_forgiven(case, note));
    let told: Vec<_> = notes.filter(|note| met(&note.notification.after)).collect();
    match told.iter().position(|note| google_side::is_unanswered(note)) {
        // Whoever has no answer has to tell it again.
        Some(lost) => told[lost..].iter().any(|note| note.notification.status == 200),
        None => told.iter().any(|note| !met(&note.notification.before)),
    }
}

/// The entry at which something else was done to the booking after the wait, at the partner or by us.
fn next_act(case: &Case<'_>, awaited: &Awaited) -> Option<usize> {
    let id = awaited.booking_id.as_str();
    let entries = case.transcript.entries.iter().enumerate();
    let mut after =
        entries.skip_while(|(_, entry)| !matches!(&entry.fact, Fact::Awaited(one) if one == awaited));
    let acts = |fact: &Fact| match fact {
        Fact::Trigger(trigger) => trigger.booking_id == id,
        Fact::Call(call) => {
            let body = call.body.as_ref();
            let about = body.and_then(|body| body.pointer("/booking/booking_id"));
            call.method == Method::UpdateBooking && about.and_then(Value::as_str) == Some(id)
        }
        _ => false,
    };
    after.find(|(_, entry)| acts(&entry.fact)).map(|(index, _)| index)
}

/// A refund under a mask that does not name it, as one of Google's pages prints it, leaves Google's copy as it was. It
/// never fails: a rule warns about its mask, and here it counts as told.
fn refunded_outside_the_mask(case: &Case<'_>, awaited: &Awaited) -> bool {
    case.updates_of(&awaited.booking_id).any(|update| {
        let lost = update.has_mask()
            && update.note.accepted()
            && update.prepayment() == Some("PREPAYMENT_REFUNDED")
            && !update.names(PREPAYMENT_PATH);
        let mut copy = update.note.notification.after.clone().unwrap_or_default();
        if let Some(status) = copy.pointer_mut(PREPAYMENT).filter(|_| lost) {
            *status = json!("PREPAYMENT_REFUNDED");
        }
        lost && matcher::matches(&awaited.until, Some(&copy))
    })
}

/// The part of Google's copy that the condition speaks of.
fn state(copy: Option<&Value>, until: &Value) -> Value {
    match (copy, until) {
        (Some(copy), Value::Object(fields)) => {
            let shown = fields
                .keys()
                .map(|name| (name.clone(), copy.get(name).cloned().unwrap_or(Value::Null)));
            Value::Object(shown.collect::<Map<_, _>>())
        }
        _ => Value::Null,
    }
}

fn awaited<'c>(case: &'c Case<'_>, path: StepPath) -> Option<(usize, &'c Awaited)> {
    case.transcript
        .entries
        .iter()
        .enumerate()
        .find_map(|(index, entry)| match &entry.fact {
            Fact::Awaited(awaited) if awaited.step == path => Some((index, awaited)),
            _ => None,
        })
}

fn trigger_failed(case: &Case<'_>, path: StepPath) -> bool {
    let fired = case
        .transcript
        .entries
        .iter()
        .find_map(|entry| match &entry.fact {
            Fact::Trigger(trigger) if trigger.step == path => Some(trigger),
            _ => None,
        });
    fired.is_none_or(|trigger| trigger.failure.is_some())
}

#[cfg(test)]
mod tests {
    use crate::testing::{Story, changes, copy, patch};
    use catalogue::RequirementId;
    use protocol::Method;
    use serde_json::json;

    const REFUND: RequirementId = RequirementId::declared("RTU-REFUND-01");

    fn awaited(mask: &str, prepayment: &str) -> Story {
        let payment = json!({ "prepaymentStatus": prepayment, "paymentTransactionId": "ch_0001" });
        let body = changes(json!({ "status": "CANCELED", "paymentInformation": payment }));
        let before = copy("CONFIRMED", Some("PREPAYMENT_PROVIDED"));
        let after = copy("CANCELED", Some("PREPAYMENT_PROVIDED"));
        let until = json!({ "paymentInformation": { "prepaymentStatus": "PREPAYMENT_REFUNDED" } });
        Story::deposit(60)
            .patch(Some(mask), body, before, after.clone())
            .awaited(REFUND, until, false, after)
    }

    #[test]
    fn a_refund_that_the_mask_does_not_name_warns_for_its_mask_and_counts_as_told() {
        let mask = RequirementId::declared("RTU-REFUND-02");
        awaited("status", "PREPAYMENT_REFUNDED").judge_all().warns(mask);
    }

    #[test]
    fn only_a_must_ends_the_story() {
        assert!(super::is_must(RequirementId::declared("BS-LIST-01")));
        assert!(!super::is_must(RequirementId::declared("BS-LIST-03")));
    }

    #[test]
    fn a_read_method_that_is_answered_501_is_not_offered() {
        let offered = |method, status| {
            let story = Story::arrival().call(method, json!({}), status, json!({}));
            let case = story.case();
            !case
                .transcript
                .exchanges()
                .all(|exchange| super::not_offered(&exchange))
        };
        assert!(!offered(Method::GetBookingStatus, 501) && !offered(Method::ListBookings, 501));
        assert!(offered(Method::GetBookingStatus, 404) && offered(Method::UpdateBooking, 501));
    }

    #[test]
    fn a_slot_that_had_started_proves_nothing() {
        let refused = json!({ "booking_failure": { "cause": "SLOT_UNAVAILABLE" } });
        let late = |story: &Story| {
            let case = story.case();
            case.transcript
                .exchanges()
                .all(|exchange| super::too_late(&case, &exchange))
        };
        assert!(late(&Story::no_show_fee().after(86_400).create(refused.clone())));
        assert!(!late(&Story::no_show_fee().after(86_390).create(refused)));
        assert!(!late(
            &Story::no_show_fee()
                .after(86_400)
                .create(crate::testing::booking())
        ));
    }

    #[test]
    fn a_refund_that_was_never_told_is_found() {
        awaited("status", "PREPAYMENT_PROVIDED").judge_all().fails(REFUND);
    }

    fn refused(body: serde_json::Value) -> Story {
        let standing = copy("CONFIRMED", None);
        let until = json!({ "status": "CANCELED" });
        let mut notification = patch(Some("status"), changes(body), standing.clone(), standing.clone());
        notification.status = 400;
        let awaited = RequirementId::declared("RTU-CANCEL-01");
        Story::arrival()
            .notify(notification)
            .awaited(awaited, until, false, standing)
    }

    #[test]
    fn a_notification_that_was_refused_for_a_finding_is_not_missed_as_well() {
        let spelling = RequirementId::declared("RTU-CANCEL-04");
        refused(json!({ "status": "CANCELLED" }))
            .judge_all()
            .fails(spelling);
    }

    #[test]
    fn a_notification_that_was_refused_for_no_known_reason_is_missed() {
        let told = RequirementId::declared("RTU-CANCEL-01");
        refused(json!({ "status": "CANCELED" })).judge_all().fails(told);
    }

    #[test]
    fn the_first_expectation_that_fails_speaks_for_the_step() {
        let [first, second] = ["BS-HTTP-01", "BS-CREATE-08"].map(RequirementId::declared);
        let taken = json!({ "booking_failure": { "cause": "SLOT_UNAVAILABLE" } });
        let expecting =
            |status, answer| Story::arrival().create_expecting(&[first, second], &taken, status, answer);
        expecting(409, json!({})).judge_all().fails(first);
        expecting(200, json!({ "booking_failure": { "cause": "PAYMENT_ERROR" } }))
            .judge_all()
            .fails(second);
    }
}
