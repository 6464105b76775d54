//! PAY-NOSHOW-07

use super::{booking_ledgers, first_act};
use crate::ledger::{amount, currency, lines};
use crate::verdicts::Proof;
use crate::{Case, Rule, Scope, Verdicts};
use catalogue::RequirementId;
use domain::ledger::Due;
use domain::slot::PaymentMode;

const AT_MOST: RequirementId = RequirementId::declared("PAY-NOSHOW-07");

pub(crate) static RULE: Rule = Rule {
    name: "money/fee-amount",
    requirements: &[AT_MOST],
    manual: "What is charged for not coming, or for cancelling too late, may not be more than the configured fee, times the \
             party size where it is per person. A part of it, or nothing, is the merchant's goodwill. Judged by two looks \
             into the books, one before and one after the fee was asked for; without a ledger probe nothing is judged.",
    scope: Scope::Scenario(judge),
};

fn judge(case: &Case<'_>, verdicts: &mut Verdicts) {
    let has_fee = |slot: &domain::slot::Slot| slot.terms.modes().contains(&PaymentMode::NoShowFee);
    for booking in booking_ledgers(case, AT_MOST, has_fee, verdicts) {
        let asked = case
            .triggers()
            .any(|(_, _, trigger)| trigger.booking_id == booking.id && trigger.name == "charge_no_show_fee");
        let since = first_act(case, booking.id).and_then(|at_ms| booking.balance_since(at_ms));
        let (Some((reading, taken)), Some(fee), true) = (since, Due::Fee.of(booking.slot), asked) else {
            continue;
        };
        verdicts.check(AT_MOST, taken <= fee, || {
            let shown = |micros| amount(micros, currency(booking.slot));
            let proof = Proof::at(reading.entry, "").expected(format!("at most {}", shown(fee)));
            let actual = format!("{} ({})", shown(taken), lines(reading.ledger));
            let message = "more is charged for not coming than the fee that the user agreed to";
            (proof.actual(actual), message.to_owned())
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Story, paid_booking};
    use domain::ledger::Move;
    use domain::slot::PriceType;

    /// A fee of 30 each for a party of two.
    fn charge(taken: i64) -> Story {
        let story = Story::no_show_fee().slot(|slot| {
            slot.resources.party_size = Some(2);
            if let Some(fee) = &mut slot.terms.no_show_fee {
                fee.fee_type = PriceType::PerPerson;
            }
        });
        let answer = paid_booking(&story, "PREPAYMENT_NOT_PROVIDED");
        let story = story.create(answer).ledger(&[(Move::StoreCard, 0)]);
        story
            .trigger("charge_no_show_fee")
            .ledger(&[(Move::StoreCard, 0), (Move::Charge, taken)])
    }

    #[test]
    fn the_fee_of_the_party_and_less_pass() {
        charge(60_000_000).judge(&RULE).passes(AT_MOST);
        charge(0).judge(&RULE).passes(AT_MOST);
    }

    #[test]
    fn more_than_that_is_found() {
        let found = charge(90_000_000).judge(&RULE).fails(AT_MOST);
        assert_eq!(found.evidence.expected, "at most 60 USD");
        charge(90_000_000)
            .without_ledger()
            .judge(&RULE)
            .does_not_apply(AT_MOST);
    }
}
