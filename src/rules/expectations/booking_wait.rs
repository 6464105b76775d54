//! What a step waits for in Google's copy of a booking.

use super::Course;
use super::faults::{has_missed_its_fault, is_forgiven, is_unanswered};
use crate::access::{self, withheld::WITHHELD};
use crate::case::Case;
use crate::notification::{move_as_cancel::MOVED, moved_start::START, stray::strays_of};
use crate::partner_calls::{PREPAYMENT, PREPAYMENT_PATH, PartnerCall};
use crate::verdicts::{Proof, Verdicts};
use protocol::Method;
use scenario::{Await, matcher};
use serde_json::{Map, Value, json};
use transcript::{BookingWait, Fact, StepPath};

/// Judges the step and says whether the scenario continues.
pub(super) fn judge(
    case: &Case<'_>,
    wait: &Await,
    path: StepPath,
    so_far: Course,
    verdicts: &mut Verdicts,
) -> Course {
    let Some((entry, awaited)) = find_awaited(case, path).filter(|_| !so_far.has_ended()) else {
        verdicts.not_testable(wait.requirement);
        return Course::Ended;
    };
    if awaited.met || is_refunded_outside_the_mask(case, awaited) {
        verdicts.pass(wait.requirement);
        return Course::Continues;
    }
    // A notification came that was refused, or that was about another booking or another change: what is wrong with it has
    // its finding. A notification that the armed fault never struck says nothing about faults.
    if is_refused_for_a_finding(case, &awaited.booking_id, verdicts)
        || !strays_of(case, awaited).is_empty()
        || verdicts.has_finding(MOVED)
        || verdicts.has_finding(START)
        || verdicts.has_finding(WITHHELD)
        || case.misdirected.iter().any(|one| one.meant == awaited.booking_id)
        || has_missed_its_fault(case, &awaited.booking_id, entry)
        || access::is_locked_out(case, &awaited.booking_id)
    {
        verdicts.not_testable(wait.requirement);
        return Course::Ended;
    }
    let seconds = case
        .transcript
        .binding()
        .map_or(0, |bound| bound.within_ms / 1000);
    let base = wait
        .otherwise
        .clone()
        .unwrap_or_else(|| "Google was not told".to_owned());
    // A late notification is judged by a rule.
    if is_late(case, awaited) {
        verdicts.pass(wait.requirement);
        return Course::Continues;
    }
    let other = news(case, awaited, entry);
    // Of a message that is wrong in itself the finding says why what was due did not come of it.
    let is_broken = calls_since_the_act(case, awaited, entry).any(|call| verdicts.has_failure_at(call.entry));
    if is_broken || other.is_some_and(|told| verdicts.has_finding_at(told)) {
        verdicts.not_testable(wait.requirement);
        return Course::Ended;
    }
    let shown = state(awaited.copy.as_ref(), &awaited.until);
    let expected = matcher::describe(&awaited.until);
    let refused = refusal(case, awaited, entry);
    let message = match (other, refused) {
        (Some(_), _) => format!("Google was notified, but of another state: {shown} and not {expected}"),
        (None, Some(call)) => refusal_words(&call),
        (None, None) => format!("{base} within {seconds} s; Google gives five minutes"),
    };
    let mut proof = Proof {
        entry: other.or(refused.map(|call| call.entry)).or(Some(entry)),
        ..Proof::default()
    };
    // What Google did itself is answered, and the answer should have said so.
    if let Some(answer) =
        own_update(case, awaited, entry).filter(|_| other.or(refused.map(|call| call.entry)).is_none())
    {
        proof = Proof::at(answer, pointer_in_answer(&awaited.until));
    }
    verdicts.fail(wait.requirement, proof.expected(expected).actual(shown), message);
    Course::after_failure_of(wait.requirement)
}

/// The last notification since the act that changed what the wait is about, and that Google took: something came, and said something
/// else.
fn news(case: &Case<'_>, awaited: &BookingWait, wait: usize) -> Option<usize> {
    let changes = |call: &PartnerCall<'_>| {
        let (before, after) = (&call.notification.before, &call.notification.after);
        before.is_some() && state(before.as_ref(), &awaited.until) != state(after.as_ref(), &awaited.until)
    };
    calls_since_the_act(case, awaited, wait)
        .filter(|call| call.is_accepted() && changes(call))
        .map(|call| call.entry)
        .last()
}

/// The answer to what Google itself did to the booking last before the wait, if nothing was done at the partner.
fn own_update(case: &Case<'_>, awaited: &BookingWait, wait: usize) -> Option<usize> {
    let id = awaited.booking_id.as_str();
    let mut triggers = case.triggers();
    if triggers.any(|(entry, _, trigger)| entry < wait && trigger.booking_id == id) {
        return None;
    }
    let own = case.transcript.exchanges_of(Method::UpdateBooking);
    let about = own.filter(|exchange| {
        let named = exchange
            .request_value("/booking/booking_id")
            .and_then(Value::as_str);
        exchange.entry < wait && named == Some(id)
    });
    about.map(|exchange| exchange.entry).last()
}

/// Where the answer to an UpdateBooking says what is waited for.
fn pointer_in_answer(until: &Value) -> &'static str {
    if until.get("paymentInformation").is_some() {
        "/booking/payment_information/prepayment_status"
    } else {
        "/booking/status"
    }
}

/// The notifications about the booking between what was done to it last at the partner and the end of the wait.
fn calls_since_the_act<'c>(
    case: &'c Case<'_>,
    awaited: &'c BookingWait,
    wait: usize,
) -> impl Iterator<Item = PartnerCall<'c>> {
    let id = awaited.booking_id.as_str();
    let triggers = case
        .triggers()
        .filter(|(entry, _, trigger)| *entry < wait && trigger.booking_id == id);
    let act = triggers.map(|(entry, ..)| entry).last().unwrap_or(usize::MAX);
    case.calls_about(id)
        .filter(move |call| call.entry > act && call.entry < wait)
}

/// True for a status with which Google's side turns a notification down for good.
fn is_refusal(status: u16) -> bool {
    (400..429).contains(&status) && status != 401
}

/// True when Google's side turned a notification about the booking down for good, and a rule has found why.
fn is_refused_for_a_finding(case: &Case<'_>, booking_id: &str, verdicts: &Verdicts) -> bool {
    case.calls_about(booking_id)
        .any(|call| is_refusal(call.notification.status) && verdicts.has_finding_at(call.entry))
}

/// The last notification since the act, where Google's side turned it down and no fault of ours did: something came.
fn refusal<'c>(case: &'c Case<'_>, awaited: &'c BookingWait, wait: usize) -> Option<PartnerCall<'c>> {
    let last = calls_since_the_act(case, awaited, wait).last()?;
    let notification = last.notification;
    (notification.fault.is_none() && is_refusal(notification.status)).then_some(last)
}

fn refusal_words(call: &PartnerCall<'_>) -> String {
    let status = call.notification.status;
    let words = call
        .notification
        .answer
        .pointer("/error/message")
        .and_then(Value::as_str);
    let words = words.unwrap_or("no reason");
    format!("Google was notified, but refused it with {status}: {words}")
}

/// When less than five minutes were waited, a notification that comes before the end of the run is late, not missing. It must
/// bring what was awaited itself: what Google's side knows from the clean-up's own cancellation came in no notification,
/// and what comes after another act may be about that one.
pub(crate) fn is_late(case: &Case<'_>, awaited: &BookingWait) -> bool {
    let end = next_act(case, awaited).unwrap_or(usize::MAX);
    let met = |copy: &Option<Value>| matcher::matches(&awaited.until, copy.as_ref());
    let partner_calls = case
        .calls_about(&awaited.booking_id)
        .filter(|call| call.entry < end && !is_forgiven(case, call));
    let notified: Vec<_> = partner_calls
        .filter(|call| met(&call.notification.after))
        .collect();
    match notified.iter().position(|call| is_unanswered(call)) {
        // A sender without an answer has to send the notification again.
        Some(lost) => notified[lost..]
            .iter()
            .any(|call| call.notification.status == 200),
        None => notified.iter().any(|call| !met(&call.notification.before)),
    }
}

/// The entry at which something else was done to the booking after the wait, at the partner or by us.
fn next_act(case: &Case<'_>, awaited: &BookingWait) -> Option<usize> {
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
/// never fails: a rule warns about its mask, and here it counts as reported.
fn is_refunded_outside_the_mask(case: &Case<'_>, awaited: &BookingWait) -> bool {
    case.updates_of(&awaited.booking_id).any(|update| {
        let lost = update.has_mask()
            && update.call.is_accepted()
            && update.prepayment() == Some("PREPAYMENT_REFUNDED")
            && !update.names(PREPAYMENT_PATH);
        let mut copy = update.call.notification.after.clone().unwrap_or_default();
        if let Some(status) = copy.pointer_mut(PREPAYMENT).filter(|_| lost) {
            *status = json!("PREPAYMENT_REFUNDED");
        }
        lost && matcher::matches(&awaited.until, Some(&copy))
    })
}

/// The fields of Google's copy that the condition names.
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

fn find_awaited<'c>(case: &'c Case<'_>, path: StepPath) -> Option<(usize, &'c BookingWait)> {
    case.transcript
        .entries
        .iter()
        .enumerate()
        .find_map(|(index, entry)| match &entry.fact {
            Fact::Awaited(awaited) if awaited.step == path => Some((index, awaited)),
            _ => None,
        })
}

#[cfg(test)]
mod tests {
    use crate::testing::{Story, booking, changes, copy, patch};
    use catalogue::RequirementId;
    use serde_json::json;

    const REFUND: RequirementId = RequirementId::declared("RTU-REFUND-01");

    fn wait(mask: &str, prepayment: &str) -> Story {
        let payment = json!({ "prepaymentStatus": prepayment, "paymentTransactionId": "ch_0001" });
        let body = changes(json!({ "status": "CANCELED", "paymentInformation": payment }));
        let before = copy("CONFIRMED", Some("PREPAYMENT_PROVIDED"));
        let after = copy("CANCELED", Some("PREPAYMENT_PROVIDED"));
        let until = json!({ "paymentInformation": { "prepaymentStatus": "PREPAYMENT_REFUNDED" } });
        Story::deposit(60)
            .patch(Some(mask), body, before, after.clone())
            .wait(REFUND, until, false, after)
    }

    #[test]
    fn a_refund_that_the_mask_does_not_name_warns_for_its_mask_and_counts_as_told() {
        let mask = RequirementId::declared("RTU-REFUND-02");
        wait("status", "PREPAYMENT_REFUNDED").judge_all().warns(mask);
    }

    #[test]
    fn a_refund_that_was_never_told_is_found() {
        wait("status", "PREPAYMENT_PROVIDED").judge_all().fails(REFUND);
    }

    #[test]
    fn what_came_and_said_something_else_is_not_missing() {
        let notified = RequirementId::declared("RTU-CANCEL-02");
        let story = |told: &str| {
            let body = changes(json!({ "status": told }));
            let (before, after) = (copy("CONFIRMED", None), copy(told, None));
            let story = Story::arrival().create(booking()).trigger("merchant_cancel");
            let story = story.patch(Some("status"), body, before, after.clone());
            story.wait(notified, json!({ "status": "CANCELED" }), false, after)
        };
        let judged = story("DECLINED_BY_MERCHANT").judge_all();
        let found = judged.findings();
        assert!(
            !found.is_empty() && !found.iter().any(|one| one.message.contains("within")),
            "{found:#?}"
        );
        let found = Story::arrival().create(booking()).trigger("merchant_cancel");
        let until = json!({ "status": "CANCELED" });
        let found = found
            .wait(notified, until, false, copy("CONFIRMED", None))
            .judge_all()
            .fails(notified);
        assert!(found.message.contains("within"), "{}", found.message);
    }

    fn refusal(body: serde_json::Value) -> Story {
        let confirmed = copy("CONFIRMED", None);
        let until = json!({ "status": "CANCELED" });
        let mut notification = patch(
            Some("status"),
            changes(body),
            confirmed.clone(),
            confirmed.clone(),
        );
        notification.status = 400;
        let awaited = RequirementId::declared("RTU-CANCEL-01");
        notification.answer = json!({ "error": { "message": "it is so" } });
        Story::arrival()
            .create(booking())
            .trigger("user_cancel_at_partner")
            .notify(notification)
            .wait(awaited, until, false, confirmed)
    }

    #[test]
    fn a_notification_that_was_refused_for_a_finding_is_not_missed_as_well() {
        let spelling = RequirementId::declared("RTU-CANCEL-04");
        refusal(json!({ "status": "CANCELLED" }))
            .judge_all()
            .fails(spelling);
    }

    #[test]
    fn a_notification_that_was_refused_for_no_known_reason_came_all_the_same() {
        let notified = RequirementId::declared("RTU-CANCEL-01");
        let found = refusal(json!({ "status": "CANCELED" }))
            .judge_all()
            .fails(notified);
        assert!(
            found.message.contains("refused it with 400: it is so"),
            "{}",
            found.message
        );
    }
}
