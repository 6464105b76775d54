//! PAY-PREPAY-05

use crate::ledger::{amount, currency, lines};
use crate::verdicts::Proof;
use crate::{Case, Rule, Scope, Verdicts, packs};
use catalogue::RequirementId;
use domain::ledger::Balance;
use domain::slot::{Money, Slot};
use feeds::{unit_micros, windows};
use serde_json::Value;
use transcript::Exchange;

const BY_POLICY: RequirementId = RequirementId::declared("PAY-PREPAY-05");

pub(crate) static RULE: Rule = Rule {
    name: "cancellation/refund",
    requirements: &[BY_POLICY],
    manual: "When the user cancels a booking that was paid in full, through Google or on the partner's side, the partner's books \
             must show at least the refund of the cancellation policy's step, but for a rounding of one smallest unit. More \
             than that warns, as does a refund that is reported where the policy gives nothing: goodwill is allowed, but it is \
             not the policy. Judged a minute clear of the edges of steps; without a ledger probe nothing is claimed about \
             amounts.",
    scope: Scope::Scenario(judge),
};

const CLEAR_SEC: i64 = 60;
const ANSWERED: &str = "/booking/payment_information/prepayment_status";

/// A prepayment that its user has cancelled.
struct CancelledPrepayment<'c> {
    id: &'c str,
    slot: &'c Slot,
    paid: Money,
    due: Money,
}

fn judge(case: &Case<'_>, verdicts: &mut Verdicts) {
    for (id, made) in case.bookings() {
        if let Some(cancelled) = cancellation(case, id, &made) {
            conclude(case, &cancelled, verdicts);
        }
    }
}

fn cancellation<'c>(case: &'c Case<'_>, id: &'c str, made: &Exchange<'c>) -> Option<CancelledPrepayment<'c>> {
    let slot = case
        .slot_of(made)
        .filter(|slot| slot.terms.prepayment && slot.terms.deposit.is_none())
        // Of a pack a visit is given back, not the price.
        .filter(|slot| !slot.terms.sells_pack() && packs::owned(made).is_none())?;
    let others = ["merchant_cancel", "refund", "unpaid"];
    let excused = case
        .triggers()
        .any(|(_, _, trigger)| trigger.booking_id == id && others.contains(&trigger.name.as_str()));
    if excused || case.is_moved(id) || made.answer_text(ANSWERED) != Some("PREPAYMENT_PROVIDED") {
        return None;
    }
    let at_sec = case.epoch_sec(user_cancel_ms(case, id)?);
    let percent = |at| windows::refund_percent(slot, at);
    // Clocks differ: close to the edge of a step either percentage may be the right one.
    let clear = percent(at_sec - CLEAR_SEC) == percent(at_sec + CLEAR_SEC);
    let price = slot.terms.price.clone().filter(|_| clear)?;
    let tax = slot.terms.tax.as_ref().map_or(0, |tax| tax.price_micros);
    let paid = Money {
        price_micros: price.price_micros + tax,
        ..price
    };
    let due = windows::refund(slot, &paid, at_sec);
    Some(CancelledPrepayment { id, slot, paid, due })
}

/// When the user cancelled: through Google, as the partner confirmed, or on the partner's side, by a trigger.
fn user_cancel_ms(case: &Case<'_>, id: &str) -> Option<u64> {
    let by_google = case.answers().find(|exchange| {
        let sent = |pointer| exchange.request_value(pointer).and_then(Value::as_str);
        sent("/booking/booking_id") == Some(id) && exchange.answer_text("/booking/status") == Some("CANCELED")
    });
    let at_partner = case
        .triggers()
        .find(|(_, _, trigger)| trigger.booking_id == id && trigger.name == "user_cancel_at_partner");
    by_google
        .map(|exchange| exchange.sent_ms)
        .or(at_partner.map(|(_, at_ms, _)| at_ms))
}

fn conclude(case: &Case<'_>, cancelled: &CancelledPrepayment<'_>, verdicts: &mut Verdicts) {
    let last = case
        .transcript
        .ledgers()
        .filter(|(_, _, said)| said.booking_id == cancelled.id)
        .last();
    let Some((entry, _, said)) = last.filter(|(_, _, said)| said.failure.is_none()) else {
        return judge_report(case, cancelled, verdicts);
    };
    let Balance { taken, refunded, .. } = Balance::of(&said.lines);
    // What was never charged is not given back either: that nothing was charged is the finding.
    if taken == 0 && refunded == 0 {
        return;
    }
    let code = currency(cancelled.slot);
    let unit = unit_micros(code);
    let proof = Proof::at(entry, "")
        .expected(amount(cancelled.due.price_micros, code))
        .actual(lines(said));
    if refunded + unit < cancelled.due.price_micros {
        verdicts.fail(
            BY_POLICY,
            proof,
            "less was given back than the cancellation policy says",
        );
    } else if refunded > cancelled.due.price_micros + unit {
        verdicts.warn(
            BY_POLICY,
            proof,
            "more was given back than the cancellation policy says",
        );
    } else {
        judge_report(case, cancelled, verdicts);
    }
}

/// Judges whether the reported prepayment status fits the policy.
fn judge_report(case: &Case<'_>, cancelled: &CancelledPrepayment<'_>, verdicts: &mut Verdicts) {
    if cancelled.due.price_micros > 0 || cancelled.paid.price_micros == 0 {
        if case.has_ledger() {
            verdicts.pass(BY_POLICY);
        }
        return;
    }
    let said = case.answers().find(|exchange| {
        let about = exchange
            .request_value("/booking/booking_id")
            .and_then(Value::as_str)
            == Some(cancelled.id);
        about && exchange.answer_text(ANSWERED) == Some("PREPAYMENT_REFUNDED")
    });
    let copy = case.last_copy(cancelled.id);
    let is_reported =
        copy.is_some_and(|copy| copy["paymentInformation"]["prepaymentStatus"] == "PREPAYMENT_REFUNDED");
    if said.is_none() && !is_reported {
        return verdicts.pass(BY_POLICY);
    }
    let proof = Proof {
        entry: said.map(|exchange| exchange.entry),
        ..Proof::default()
    };
    let proof = proof
        .expected("PREPAYMENT_PROVIDED")
        .actual("PREPAYMENT_REFUNDED");
    verdicts.warn(
        BY_POLICY,
        proof,
        "a refund is reported although the cancellation policy gives nothing back any more",
    );
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Story, paid_booking};
    use domain::ledger::Move;
    use domain::slot::RefundStep;
    use serde_json::json;

    const PAID: i64 = 104_520_000;

    /// Paid a day before the start, and cancelled through Google so many seconds later.
    fn cancellation(after: u64, prepayment: &str) -> Story {
        let step = |lead, refund_percent| RefundStep {
            min_duration_before_start_time_sec: lead,
            refund_percent,
        };
        let policy = vec![step(80_000, 100), step(7200, 50)];
        let story = Story::prepayment().slot(|slot| slot.terms.refund_steps = policy);
        let made = paid_booking(&story, "PREPAYMENT_PROVIDED");
        let mut answer = paid_booking(&story, prepayment);
        answer["booking"]["status"] = json!("CANCELED");
        story.create(made).after(after).cancel(answer)
    }

    fn with_ledger(story: Story, refunded: i64) -> Story {
        story.ledger(&[(Move::Charge, PAID), (Move::Refund, refunded)])
    }

    #[test]
    fn the_refund_of_the_step_passes() {
        let refunded = "PREPAYMENT_REFUNDED";
        with_ledger(cancellation(0, refunded), PAID)
            .judge(&RULE)
            .passes(BY_POLICY);
        with_ledger(cancellation(20_000, refunded), PAID / 2)
            .judge(&RULE)
            .passes(BY_POLICY);
        with_ledger(cancellation(85_000, "PREPAYMENT_PROVIDED"), 0)
            .judge(&RULE)
            .passes(BY_POLICY);
    }

    #[test]
    fn less_than_the_step_is_found() {
        with_ledger(cancellation(0, "PREPAYMENT_REFUNDED"), PAID / 2)
            .judge(&RULE)
            .fails(BY_POLICY);
        with_ledger(cancellation(20_000, "PREPAYMENT_PROVIDED"), 0)
            .judge(&RULE)
            .fails(BY_POLICY);
    }

    #[test]
    fn more_than_the_step_warns_also_where_it_is_only_told() {
        with_ledger(cancellation(20_000, "PREPAYMENT_REFUNDED"), PAID)
            .judge(&RULE)
            .warns(BY_POLICY);
        cancellation(85_000, "PREPAYMENT_REFUNDED")
            .judge(&RULE)
            .warns(BY_POLICY);
    }

    #[test]
    fn close_to_an_edge_and_without_books_nothing_is_claimed() {
        cancellation(6400, "PREPAYMENT_PROVIDED")
            .judge(&RULE)
            .says_nothing();
        cancellation(20_000, "PREPAYMENT_PROVIDED")
            .judge(&RULE)
            .says_nothing();
    }
}
