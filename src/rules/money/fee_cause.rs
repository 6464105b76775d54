//! PAY-NOSHOW-05, PAY-NOSHOW-06

use super::{booking_ledgers, google_cancel_ms, is};
use crate::ledger::{amount, currency, lines};
use crate::verdicts::Proof;
use crate::{Case, Rule, Scope, Verdicts};
use catalogue::RequirementId;
use domain::slot::PaymentMode;

const LATE_ONLY: RequirementId = RequirementId::declared("PAY-NOSHOW-05");
const UNTIL_START: RequirementId = RequirementId::declared("PAY-NOSHOW-06");

pub(crate) static RULE: Rule = Rule {
    name: "money/fee-cause",
    requirements: &[LATE_ONLY, UNTIL_START],
    manual: "A booking that is cancelled while it still can be, or that the merchant cancels, costs no fee. Where no window is \
             configured it can be cancelled until it starts, which is told apart. Judged by two looks into the books, one \
             before and one after the cancellation, and not where the fee was asked for; without a ledger probe nothing is \
             judged.",
    scope: Scope::Scenario(judge),
};

fn judge(case: &Case<'_>, verdicts: &mut Verdicts) {
    for until_start in [false, true] {
        judge_window(case, until_start, verdicts);
    }
}

fn judge_window(case: &Case<'_>, until_start: bool, verdicts: &mut Verdicts) {
    let requirement = if until_start { UNTIL_START } else { LATE_ONLY };
    let wanted = |slot: &domain::slot::Slot| {
        is(slot, &[PaymentMode::NoShowFee])
            && (slot.terms.online_cancel_until_sec == slot.start_sec) == until_start
    };
    for booking in booking_ledgers(case, requirement, wanted, verdicts) {
        let since = in_time(case, booking.id, booking.slot.terms.online_cancel_until_sec)
            .and_then(|at_ms| booking.balance_since(at_ms));
        let Some((reading, taken)) = since else { continue };
        let message = if until_start {
            "a fee is charged although no window is configured and the booking was cancelled before its start"
        } else {
            "a fee is charged although the booking was cancelled in time"
        };
        let proof = Proof::at(reading.entry, "").expected("no charge");
        let actual = format!(
            "{} ({})",
            amount(taken, currency(booking.slot)),
            lines(reading.ledger)
        );
        let proof = proof.actual(actual);
        match (taken > 0, until_start) {
            (false, _) => verdicts.pass(requirement),
            (true, true) => verdicts.fail(UNTIL_START, proof, message),
            (true, false) => verdicts.fail(LATE_ONLY, proof, message),
        }
    }
}

/// When the booking was cancelled in time, or by the merchant; none where its fee was asked for.
fn in_time(case: &Case<'_>, id: &str, until_sec: i64) -> Option<u64> {
    let at = |name: &str| {
        case.triggers()
            .find(|(_, _, trigger)| trigger.booking_id == id && trigger.name == name)
            .map(|(_, at_ms, _)| at_ms)
    };
    if at("charge_no_show_fee").is_some() {
        return None;
    }
    let by_user = google_cancel_ms(case, id).or_else(|| at("user_cancel_at_partner"));
    let early = by_user.filter(|at_ms| case.epoch_sec(*at_ms) + 2 < until_sec);
    early.or_else(|| at("merchant_cancel"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{BEGAN, Story, paid_booking};
    use domain::ledger::Move;

    fn cancellation(trigger: &str, after_sec: u64, taken: i64, window: bool) -> Story {
        let story = Story::no_show_fee().slot(|slot| {
            if window {
                slot.terms.online_cancel_until_sec = BEGAN + 3600;
            }
        });
        let answer = paid_booking(&story, "PREPAYMENT_NOT_PROVIDED");
        let story = story
            .create(answer)
            .ledger(&[(Move::StoreCard, 0)])
            .after(after_sec);
        story.trigger(trigger).ledger(&[(Move::Charge, taken)])
    }

    #[test]
    fn a_cancellation_in_time_that_costs_nothing_passes() {
        cancellation("user_cancel_at_partner", 60, 0, true)
            .judge(&RULE)
            .passes(LATE_ONLY);
        cancellation("user_cancel_at_partner", 60, 0, false)
            .judge(&RULE)
            .passes(UNTIL_START);
    }

    #[test]
    fn a_fee_for_it_is_found() {
        cancellation("user_cancel_at_partner", 60, 30_000_000, true)
            .judge(&RULE)
            .fails(LATE_ONLY);
        cancellation("merchant_cancel", 7200, 30_000_000, true)
            .judge(&RULE)
            .fails(LATE_ONLY);
        cancellation("user_cancel_at_partner", 60, 30_000_000, false)
            .judge(&RULE)
            .fails(UNTIL_START);
    }

    #[test]
    fn late_cancellations_may_cost_a_fee() {
        cancellation("user_cancel_at_partner", 7200, 30_000_000, true)
            .judge(&RULE)
            .says_nothing();
        cancellation("user_cancel_at_partner", 60, 0, true)
            .without_ledger()
            .judge(&RULE)
            .does_not_apply(LATE_ONLY);
    }
}
