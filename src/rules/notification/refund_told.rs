//! RTU-REFUND-01

use super::PREPAYMENT;
use crate::verdicts::Proof;
use crate::{Case, Rule, Scope, Verdicts, reading};
use catalogue::RequirementId;
use scenario::Step;
use transcript::Exchange;

const REPORTED: RequirementId = RequirementId::declared("RTU-REFUND-01");

pub(crate) static RULE: Rule = Rule {
    name: "notification/refund-told",
    requirements: &[REPORTED],
    manual: "When a booking whose deposit was reported as paid is cancelled on the partner's side before the deposit cutoff, \
             the refund must be reported, in one notification with the cancellation or in a second one. Judged at the end \
             of scenarios that do not wait for the refund themselves, a minute clear of the cutoff. A refund that the mask \
             does not name counts as reported here.",
    scope: Scope::Scenario(judge),
};

const CANCELLING: [&str; 3] = ["user_cancel_at_partner", "merchant_cancel", "unpaid"];

fn judge(case: &Case<'_>, verdicts: &mut Verdicts) {
    let awaited = |step: &Step| matches!(step, Step::Await(wait) if wait.requirement == REPORTED);
    if case.scenario.steps.iter().any(awaited) || case.transcript.early_end().is_some() {
        return;
    }
    for (id, made) in case.bookings() {
        if !case.is_moved(id) && is_due(case, id, &made) {
            conclude(case, id, verdicts);
        }
    }
}

/// True when the deposit was reported as paid and the booking was cancelled in time.
fn is_due(case: &Case<'_>, id: &str, made: &Exchange<'_>) -> bool {
    let paid =
        made.answer_text("/booking/payment_information/prepayment_status") == Some("PREPAYMENT_PROVIDED");
    let slot = case.slot_of(made);
    let until = slot.and_then(|slot| slot.terms.deposit_refundable_until_sec(slot.start_sec));
    // A minute clear of the cutoff, since clocks differ.
    let in_time = |at_ms| until.is_some_and(|until| case.epoch_sec(at_ms) < until - 60);
    paid && case.triggers().any(|(_, at_ms, trigger)| {
        trigger.booking_id == id && CANCELLING.contains(&trigger.name.as_str()) && in_time(at_ms)
    })
}

fn conclude(case: &Case<'_>, id: &str, verdicts: &mut Verdicts) {
    let last = case
        .calls_about(id)
        .filter(|call| call.notification.after.is_some())
        .last();
    let copy = last.and_then(|call| call.notification.after.as_ref());
    let (Some(last), Some(copy)) = (last, copy) else {
        return;
    };
    if reading::text(copy, "/status") != Some("CANCELED") {
        return;
    }
    let said = case.updates_of(id);
    let said = said
        .into_iter()
        .any(|patch| patch.prepayment() == Some("PREPAYMENT_REFUNDED"));
    let kept = reading::text(copy, PREPAYMENT) == Some("PREPAYMENT_PROVIDED");
    verdicts.check(REPORTED, said || !kept, || {
        let proof = Proof::at(last.entry, PREPAYMENT).expected("PREPAYMENT_REFUNDED");
        (
            proof.actual("PREPAYMENT_PROVIDED"),
            "the booking was cancelled before its deposit cutoff, but Google was not told that the deposit was refunded"
                .to_owned(),
        )
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Story, changes, copy, paid_booking};
    use serde_json::json;

    const PROVIDED: Option<&str> = Some("PREPAYMENT_PROVIDED");

    fn cancellation(trigger: &str, seconds: u64) -> Story {
        let story = Story::deposit(3600);
        let made = paid_booking(&story, "PREPAYMENT_PROVIDED");
        let body = changes(json!({ "status": "CANCELED" }));
        let before = copy("CONFIRMED", PROVIDED);
        let story = story.create(made).after(seconds).trigger(trigger);
        story.patch(Some("status"), body, before, copy("CANCELED", PROVIDED))
    }

    fn refund(mask: &str, after: &str) -> Story {
        let body = changes(json!({ "paymentInformation": { "prepaymentStatus": "PREPAYMENT_REFUNDED" } }));
        let before = copy("CANCELED", PROVIDED);
        cancellation("merchant_cancel", 0).patch(Some(mask), body, before, copy("CANCELED", Some(after)))
    }

    #[test]
    fn a_refund_in_a_second_notification_passes_whatever_its_mask() {
        refund("paymentInformation", "PREPAYMENT_REFUNDED")
            .judge(&RULE)
            .passes(REPORTED);
        refund("status", "PREPAYMENT_PROVIDED")
            .judge(&RULE)
            .passes(REPORTED);
    }

    #[test]
    fn a_refund_that_is_never_told_is_found() {
        cancellation("merchant_cancel", 0).judge(&RULE).fails(REPORTED);
        cancellation("user_cancel_at_partner", 0)
            .judge(&RULE)
            .fails(REPORTED);
    }

    #[test]
    fn late_cancellations_and_scenarios_that_wait_themselves_are_left_alone() {
        cancellation("user_cancel_at_partner", 86_000)
            .judge(&RULE)
            .says_nothing();
        cancellation("merchant_cancel", 0)
            .expecting(REPORTED)
            .judge(&RULE)
            .says_nothing();
    }
}
