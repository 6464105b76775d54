//! PAY-PREPAY-03

use super::{booking_ledgers, is, is_multiple};
use crate::ledger::{amount, currency, lines};
use crate::verdicts::Proof;
use crate::{Case, Rule, Scope, Verdicts};
use catalogue::RequirementId;
use domain::ledger::Due;
use domain::slot::PaymentMode;

const EXACTLY: RequirementId = RequirementId::declared("PAY-PREPAY-03");

pub(crate) static RULE: Rule = Rule {
    name: "money/amount",
    requirements: &[EXACTLY],
    manual: "What the books show as taken for a slot that is paid in advance must be its price and its tax, no more. In how \
             many charges does not matter. Less than the price, and the right amount taken twice, are judged elsewhere; \
             without a ledger probe nothing is judged.",
    scope: Scope::Scenario(judge),
};

fn judge(case: &Case<'_>, verdicts: &mut Verdicts) {
    for booking in booking_ledgers(
        case,
        EXACTLY,
        |slot| is(slot, &[PaymentMode::Prepayment]),
        verdicts,
    ) {
        let Some(total) = Due::Total.of(booking.slot) else {
            continue;
        };
        let price = booking
            .slot
            .terms
            .price
            .as_ref()
            .map_or(0, |price| price.price_micros);
        let odd = |taken: i64| taken >= price && taken != total && !is_multiple(taken, total);
        for reading in booking.readings.iter().filter(|reading| reading.sums.taken > 0) {
            verdicts.check(EXACTLY, !odd(reading.sums.taken), || {
                let shown = |micros| amount(micros, currency(booking.slot));
                let proof = Proof::at(reading.entry, "").expected(shown(total));
                let actual = format!("{} ({})", shown(reading.sums.taken), lines(reading.ledger));
                let message = "another amount is charged than the price and its tax";
                (proof.actual(actual), message.to_owned())
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Story, paid_booking};
    use domain::ledger::Move;

    fn charge(lines: &[(Move, i64)]) -> Story {
        let story = Story::prepayment();
        let answer = paid_booking(&story, "PREPAYMENT_PROVIDED");
        story.create(answer).ledger(lines)
    }

    #[test]
    fn price_and_tax_in_one_charge_or_two_pass() {
        charge(&[(Move::Charge, 104_520_000)])
            .judge(&RULE)
            .passes(EXACTLY);
        charge(&[(Move::Charge, 96_000_000), (Move::Charge, 8_520_000)])
            .judge(&RULE)
            .passes(EXACTLY);
    }

    #[test]
    fn a_surcharge_and_a_missing_tax_are_found() {
        let found = charge(&[(Move::Charge, 105_000_000)]).judge(&RULE).fails(EXACTLY);
        assert_eq!(found.evidence.expected, "104.52 USD");
        charge(&[(Move::Charge, 96_000_000)]).judge(&RULE).fails(EXACTLY);
    }

    #[test]
    fn without_books_and_before_a_charge_nothing_is_said() {
        charge(&[]).judge(&RULE).says_nothing();
        charge(&[]).without_ledger().judge(&RULE).does_not_apply(EXACTLY);
    }
}
