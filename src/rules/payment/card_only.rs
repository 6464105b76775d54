//! PAY-CARD-02

use super::{PAYMENT, paid_booking};
use crate::verdicts::Proof;
use crate::{Case, Rule, Scope, Verdicts, reading};
use catalogue::RequirementId;
use domain::ledger::Balance;
use domain::slot::PaymentMode;
use transcript::{Exchange, Ledger};

const NOTHING: RequirementId = RequirementId::declared("PAY-CARD-02");

pub(crate) static RULE: Rule = Rule {
    name: "payment/card-only",
    requirements: &[NOTHING],
    manual: "A booking of a slot that requires a card and nothing else must not hold a deposit or a fee for not coming with \
             an amount. Google's pages contradict each other on its prepayment status, so PREPAYMENT_PROVIDED is wrong only where \
             the partner's ledger shows that nothing was taken or held.",
    scope: Scope::Answer(judge),
};

const STATUS: &str = "/booking/payment_information/prepayment_status";
const PROVIDED: &str = "PREPAYMENT_PROVIDED";

const AMOUNTS: [(&str, &str); 2] = [
    ("/deposit/deposit/price_micros", "a deposit"),
    ("/no_show_fee/fee/price_micros", "a fee for not coming"),
];

fn judge(case: &Case<'_>, exchange: &Exchange<'_>, verdicts: &mut Verdicts) {
    let Some(paid_booking) = paid_booking(case, exchange)
        .filter(|paid_booking| paid_booking.slot.terms.modes() == [PaymentMode::CardOnly])
    else {
        return;
    };
    let charged = paid_booking.payment.and_then(|payment| {
        AMOUNTS
            .into_iter()
            .find(|(pointer, _)| reading::number(payment, pointer).is_some_and(|micros| micros > 0))
    });
    verdicts.check(NOTHING, charged.is_none(), || {
        let (pointer, name) = charged.unwrap_or_default();
        let actual = paid_booking
            .payment
            .and_then(|payment| payment.pointer(pointer))
            .cloned();
        let proof = Proof::at(exchange.entry, format!("{PAYMENT}{pointer}")).expected("no amount");
        (
            proof.actual(actual.unwrap_or_default()),
            format!("{name} is asked for although the slot only requires a card"),
        )
    });
    if charged.is_none() && is_paid_in_words_only(case, exchange) {
        let proof = Proof::at(exchange.entry, STATUS).expected("PREPAYMENT_NOT_PROVIDED");
        let message = "CreateBooking answered \"prepayment_status\": \"PREPAYMENT_PROVIDED\" for a slot that only requires a \
                       card; the ledger shows no charge";
        verdicts.fail(NOTHING, proof.actual(PROVIDED), message);
    }
}

/// True when the answer says that the booking is paid, and no reading of its ledger shows money.
fn is_paid_in_words_only(case: &Case<'_>, exchange: &Exchange<'_>) -> bool {
    let id = exchange.answer_text("/booking/booking_id");
    let readings: Vec<&Ledger> = case
        .transcript
        .ledgers()
        .map(|(_, _, ledger)| ledger)
        .filter(|ledger| Some(ledger.booking_id.as_str()) == id && ledger.failure.is_none())
        .collect();
    let is_empty = |ledger: &&Ledger| Balance::of(&ledger.lines) == Balance::default();
    let said = exchange.answer_text(STATUS) == Some(PROVIDED);
    said && case.has_ledger() && !readings.is_empty() && readings.iter().all(is_empty)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Story, booking};
    use domain::ledger::Move;
    use serde_json::json;

    #[test]
    fn a_booking_without_amounts_passes_whatever_its_prepayment_status() {
        let mut answer = booking();
        answer["booking"]["payment_information"]["prepayment_status"] = json!("PREPAYMENT_PROVIDED");
        answer["booking"]["payment_information"]["deposit"] =
            json!({ "deposit": { "currency_code": "USD" } });
        let story = || Story::card_only().create(answer.clone());
        story().judge(&RULE).passes(NOTHING);
        // Whether a charge is right here is another rule's question.
        let charged = story().ledger(&[(Move::Charge, 45_000_000)]);
        charged.judge(&RULE).passes(NOTHING);
    }

    #[test]
    fn paid_in_the_answer_and_not_in_the_ledger_is_found() {
        let mut answer = booking();
        answer["booking"]["payment_information"]["prepayment_status"] = json!("PREPAYMENT_PROVIDED");
        let story = Story::card_only().create(answer).ledger(&[(Move::StoreCard, 0)]);
        let found = story.judge(&RULE).fails(NOTHING);
        assert_eq!(found.evidence.pointer.as_deref(), Some(STATUS));
        let unpaid = Story::card_only().create(booking()).ledger(&[]);
        unpaid.judge(&RULE).passes(NOTHING);
    }

    #[test]
    fn a_fee_is_found() {
        let mut answer = booking();
        answer["booking"]["payment_information"]["no_show_fee"] =
            json!({ "fee": { "price_micros": "30000000", "currency_code": "USD" } });
        Story::card_only().create(answer).judge(&RULE).fails(NOTHING);
    }
}
