//! PAY-COM-13

use super::{booking_ledgers, first_act, is, is_multiple};
use crate::ledger::{amount, currency, lines};
use crate::verdicts::Proof;
use crate::{Case, Rule, Scope, Verdicts};
use catalogue::RequirementId;
use domain::ledger::Due;
use domain::slot::{PaymentMode, Slot};

const SHOWN: RequirementId = RequirementId::declared("PAY-COM-13");

pub(crate) static RULE: Rule = Rule {
    name: "money/configured",
    requirements: &[SHOWN],
    manual: "Until something happens to a booking, its books may show no more than what the user has agreed to: the deposit, \
             times the party where it is per person. A deposit that is charged later is no more. Other ways of paying have rules \
             of their own; without a ledger probe nothing is judged.",
    scope: Scope::Scenario(judge),
};

fn judge(case: &Case<'_>, verdicts: &mut Verdicts) {
    for booking in booking_ledgers(case, SHOWN, |slot| agreed_amount(slot).is_some(), verdicts) {
        let Some(agreed) = agreed_amount(booking.slot) else {
            continue;
        };
        // After the first act a fee may be due, which other rules judge.
        let acted = first_act(case, booking.id).unwrap_or(u64::MAX);
        for reading in booking.readings.iter().filter(|reading| reading.at_ms <= acted) {
            let kept = reading.sums.kept();
            verdicts.check(SHOWN, kept <= agreed || is_multiple(kept, agreed), || {
                let shown = |micros| amount(micros, currency(booking.slot));
                let proof = Proof::at(reading.entry, "").expected(format!("at most {}", shown(agreed)));
                let actual = format!("{} ({})", shown(kept), lines(reading.ledger));
                let message = "more is taken than what the user was shown and agreed to";
                (proof.actual(actual), message.to_owned())
            });
        }
    }
}

fn agreed_amount(slot: &Slot) -> Option<i64> {
    use PaymentMode::{Deposit, NoShowFee};
    let deposit = is(slot, &[Deposit]) || is(slot, &[NoShowFee, Deposit]);
    Due::Deposit.of(slot).filter(|_| deposit)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Story, paid_booking};
    use domain::ledger::Move;

    fn deposit(taken: i64) -> Story {
        let story = Story::deposit(3600);
        let answer = paid_booking(&story, "PREPAYMENT_PROVIDED");
        story.create(answer).ledger(&[(Move::Hold, taken)])
    }

    #[test]
    fn the_deposit_or_nothing_yet_passes() {
        deposit(60_000_000).judge(&RULE).passes(SHOWN);
        deposit(0).judge(&RULE).passes(SHOWN);
    }

    #[test]
    fn more_than_the_deposit_is_found() {
        deposit(75_000_000).judge(&RULE).fails(SHOWN);
        deposit(75_000_000)
            .without_ledger()
            .judge(&RULE)
            .does_not_apply(SHOWN);
    }
}
