//! PAY-COM-09

use super::{booking_ledgers, is};
use crate::verdicts::Proof;
use crate::{Case, Rule, Scope, Verdicts, reading};
use catalogue::RequirementId;
use domain::slot::{PaymentMode, Slot};

const PROCESSORS: RequirementId = RequirementId::declared("PAY-COM-09");

pub(crate) static RULE: Rule = Rule {
    name: "money/processor-id",
    requirements: &[PROCESSORS],
    manual: "The transaction id of a booking whose price or deposit was taken should be one of those that its books name, which \
             are the processor's. Books that name none, and money that has not moved yet, say nothing; nor does a target \
             without a ledger probe.",
    scope: Scope::Scenario(judge),
};

const ID: &str = "/booking/payment_information/payment_transaction_id";

fn judge(case: &Case<'_>, verdicts: &mut Verdicts) {
    let paid = |slot: &Slot| is(slot, &[PaymentMode::Prepayment]) || is(slot, &[PaymentMode::Deposit]);
    for booking in booking_ledgers(case, PROCESSORS, paid, verdicts) {
        let reported = booking
            .made
            .answer_value("/booking")
            .and_then(|_| reading::text(booking.made.ok_json()?, ID));
        let Some(last) = booking.readings.last() else {
            continue;
        };
        let named = last.ledger.lines.iter().filter(|line| line.amount_micros > 0);
        let named: Vec<_> = named.filter_map(|line| line.transaction_id.as_deref()).collect();
        let (Some(reported), false) = (reported, named.is_empty()) else {
            continue;
        };
        verdicts.check(PROCESSORS, named.contains(&reported), || {
            let proof = Proof::at(booking.made.entry, ID)
                .expected(named.join(" or "))
                .actual(reported);
            let message = "the transaction id is not one by which the processor knows the payment";
            (proof, message.to_owned())
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Story, paid_booking};
    use domain::ledger::Move;

    fn charge(id: Option<&str>) -> Story {
        let story = Story::prepayment();
        let answer = paid_booking(&story, "PREPAYMENT_PROVIDED");
        let story = story.create(answer);
        story.ledger_with(&[(Move::Charge, 104_520_000)], id)
    }

    #[test]
    fn the_id_of_the_books_passes() {
        charge(Some("ch_0001")).judge(&RULE).passes(PROCESSORS);
        charge(None).judge(&RULE).says_nothing();
    }

    #[test]
    fn another_id_warns() {
        charge(Some("pi_77")).judge(&RULE).warns(PROCESSORS);
        charge(Some("pi_77"))
            .without_ledger()
            .judge(&RULE)
            .does_not_apply(PROCESSORS);
    }
}
