//! PAY-DEP-10

use super::PREPAYMENT;
use crate::verdicts::Proof;
use crate::{Case, Rule, Scope, Verdicts, reading};
use catalogue::RequirementId;
use protocol::Method;
use transcript::Exchange;

const KEPT: RequirementId = RequirementId::declared("PAY-DEP-10");

pub(crate) static RULE: Rule = Rule {
    name: "notification/deposit-kept",
    requirements: &[KEPT],
    manual: "When the user cancels after the deposit cutoff, through Google or on the partner's side, the deposit is kept and \
             no refund may be reported, neither in the answer nor by notification. Judged a minute clear of the cutoff. A \
             cancellation by the merchant and a refund that was asked for are something else.",
    scope: Scope::Scenario(judge),
};

const ANSWERED: &str = "/booking/payment_information/prepayment_status";

fn judge(case: &Case<'_>, verdicts: &mut Verdicts) {
    for (id, made) in case.bookings() {
        let paid = made.answer_text(ANSWERED) == Some("PREPAYMENT_PROVIDED");
        let excused = case.triggers().any(|(_, _, trigger)| {
            trigger.booking_id == id && ["merchant_cancel", "refund"].contains(&trigger.name.as_str())
        });
        if paid && !excused && !case.is_moved(id) && is_late(case, id, &made) {
            conclude(case, id, verdicts);
        }
    }
}

/// True when the user cancelled after the deposit cutoff.
fn is_late(case: &Case<'_>, id: &str, made: &Exchange<'_>) -> bool {
    let slot = case.slot_of(made);
    let Some(until) = slot.and_then(|slot| slot.terms.deposit_refundable_until_sec(slot.start_sec)) else {
        return false;
    };
    let at_partner = case
        .triggers()
        .filter(|(_, _, trigger)| trigger.booking_id == id && trigger.name == "user_cancel_at_partner")
        .map(|(_, at_ms, _)| at_ms)
        .filter(|_| {
            case.last_copy(id)
                .is_some_and(|copy| reading::text(copy, "/status") == Some("CANCELED"))
        });
    let by_google = case
        .answers()
        .filter(|exchange| is_cancelled(exchange) && cancels(exchange, id))
        .map(|exchange| exchange.sent_ms);
    let first = at_partner.chain(by_google).min();
    first.is_some_and(|at_ms| case.epoch_sec(at_ms) > until + 60)
}

/// A cancellation that was not made leaves the deposit to what comes later.
fn is_cancelled(exchange: &Exchange<'_>) -> bool {
    let booking = reading::updated_booking(exchange);
    booking.is_some_and(|booking| reading::text(booking, "/status") == Some("CANCELED"))
}

fn cancels(exchange: &Exchange<'_>, id: &str) -> bool {
    let sent = |pointer| exchange.request_value(pointer).and_then(|value| value.as_str());
    sent("/booking/booking_id") == Some(id) && sent("/booking/status") == Some("CANCELED")
}

fn conclude(case: &Case<'_>, id: &str, verdicts: &mut Verdicts) {
    let answered = case
        .transcript
        .exchanges_of(Method::UpdateBooking)
        .find(|exchange| {
            cancels(exchange, id) && exchange.answer_text(ANSWERED) == Some("PREPAYMENT_REFUNDED")
        });
    let notified = case
        .updates_of(id)
        .find(|patch| patch.prepayment() == Some("PREPAYMENT_REFUNDED"));
    let place = answered
        .map(|exchange| (exchange.entry, ANSWERED))
        .or(notified.map(|patch| (patch.entry, PREPAYMENT)));
    verdicts.check(KEPT, place.is_none(), || {
        let (entry, pointer) = place.unwrap_or_default();
        let proof = Proof::at(entry, pointer).expected("PREPAYMENT_PROVIDED");
        (
            proof.actual("PREPAYMENT_REFUNDED"),
            "a refund is reported although the user cancelled after the deposit cutoff".to_owned(),
        )
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Story, changes, copy, paid_booking};
    use serde_json::json;

    const PROVIDED: &str = "PREPAYMENT_PROVIDED";
    const REFUNDED: &str = "PREPAYMENT_REFUNDED";

    fn create(wait: u64) -> Story {
        let story = Story::deposit(43_200);
        let made = paid_booking(&story, PROVIDED);
        story.create(made).after(wait)
    }

    fn by_google(wait: u64, prepayment: &str) -> Story {
        let mut answer = paid_booking(&Story::deposit(43_200), prepayment);
        answer["booking"]["status"] = json!("CANCELED");
        create(wait).cancel(answer)
    }

    fn at_partner(trigger: &str, prepayment: &str) -> Story {
        let payment = json!({ "prepaymentStatus": prepayment, "paymentTransactionId": "ch_0001" });
        let body = changes(json!({ "status": "CANCELED", "paymentInformation": payment }));
        let before = copy("CONFIRMED", Some(PROVIDED));
        let after = copy("CANCELED", Some(prepayment));
        create(50_000)
            .trigger(trigger)
            .patch(Some("status,paymentInformation"), body, before, after)
    }

    #[test]
    fn a_refund_after_a_cancellation_that_was_not_made_is_another_matter() {
        let unchanged = paid_booking(&Story::deposit(43_200), PROVIDED);
        let payment = json!({ "prepaymentStatus": REFUNDED, "paymentTransactionId": "ch_0001" });
        let body = changes(json!({ "status": "CANCELED", "paymentInformation": payment }));
        let (before, after) = (
            copy("CONFIRMED", Some(PROVIDED)),
            copy("CANCELED", Some(REFUNDED)),
        );
        let story = create(50_000).cancel(unchanged);
        let story = story.patch(Some("status,paymentInformation"), body, before, after);
        story.judge(&RULE).is_clean();
    }

    #[test]
    fn a_kept_deposit_passes() {
        by_google(50_000, PROVIDED).judge(&RULE).passes(KEPT);
        at_partner("user_cancel_at_partner", PROVIDED)
            .judge(&RULE)
            .passes(KEPT);
    }

    #[test]
    fn a_refund_after_the_cutoff_is_found() {
        by_google(50_000, REFUNDED).judge(&RULE).fails(KEPT);
        at_partner("user_cancel_at_partner", REFUNDED)
            .judge(&RULE)
            .fails(KEPT);
    }

    #[test]
    fn before_the_cutoff_and_by_the_merchant_a_refund_is_due() {
        by_google(60, REFUNDED).judge(&RULE).says_nothing();
        at_partner("merchant_cancel", REFUNDED)
            .judge(&RULE)
            .says_nothing();
    }
}
