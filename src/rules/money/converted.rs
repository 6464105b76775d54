//! AMT-10

use super::booking_ledgers;
use crate::ledger::{currency, lines};
use crate::verdicts::Proof;
use crate::{Case, Rule, Scope, Verdicts};
use catalogue::RequirementId;

const CONVERTED: RequirementId = RequirementId::declared("AMT-10");

pub(crate) static RULE: Rule = Rule {
    name: "money/converted",
    requirements: &[CONVERTED],
    manual: "Every amount in the books of a booking must be in the currency of the slot's own amounts: what the card's bank \
             converts for its customer is its business, not the partner's. Without a ledger probe nothing is judged.",
    scope: Scope::Scenario(judge),
};

fn judge(case: &Case<'_>, verdicts: &mut Verdicts) {
    for booking in booking_ledgers(case, CONVERTED, |slot| !currency(slot).is_empty(), verdicts) {
        let wanted = currency(booking.slot);
        for reading in &booking.readings {
            let moved = || reading.ledger.lines.iter().filter(|line| line.amount_micros > 0);
            if moved().next().is_none() {
                continue;
            }
            let right = moved().all(|line| line.currency_code == wanted);
            verdicts.check(CONVERTED, right, || {
                let proof = Proof::at(reading.entry, "")
                    .expected(wanted)
                    .actual(lines(reading.ledger));
                let message = "money moved in another currency than that of the feed";
                (proof, message.to_owned())
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Story, paid_booking};
    use domain::ledger::Move;

    fn charge(code: &str) -> Story {
        let story = Story::prepayment().slot(|slot| {
            if let Some(price) = &mut slot.terms.price {
                price.currency_code = code.to_owned();
            }
        });
        let answer = paid_booking(&story, "PREPAYMENT_PROVIDED");
        story.create(answer).ledger(&[(Move::Charge, 104_520_000)])
    }

    #[test]
    fn the_currency_of_the_feed_passes() {
        charge("USD").judge(&RULE).passes(CONVERTED);
    }

    #[test]
    fn a_converted_charge_is_found() {
        charge("CHF").judge(&RULE).fails(CONVERTED);
        charge("CHF")
            .without_ledger()
            .judge(&RULE)
            .does_not_apply(CONVERTED);
    }
}
