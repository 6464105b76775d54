//! PAY-COM-10, PAY-PREPAY-08

use super::{PAYMENT, payment_part};
use crate::verdicts::Proof;
use crate::{Case, Rule, Scope, Verdicts, reading};
use catalogue::RequirementId;
use protocol::int64;
use serde_json::Value;
use transcript::Exchange;

const PRICE: RequirementId = RequirementId::declared("PAY-COM-10");
const OPTION: RequirementId = RequirementId::declared("PAY-PREPAY-08");

pub(crate) static RULE: Rule = Rule {
    name: "payment/price",
    requirements: &[PRICE, OPTION],
    manual: "`price.price_micros` of a paid booking must be the number that the request named, which is the price of the \
             feed without tax. A number and decimal text are the same. Where the slot names a payment option, the service's own \
             price in its stead is told apart. That a price is there at all, its currency and the \
             tax are judged by other rules.",
    scope: Scope::Answer(judge),
};

fn judge(case: &Case<'_>, exchange: &Exchange<'_>, verdicts: &mut Verdicts) {
    let price = payment_part(case, exchange).and_then(|payment| reading::set(payment, "/price"));
    let sent = exchange.request_value("/payment_information/price/price_micros");
    let (Some(price), Some(sent)) = (price.filter(|price| price.is_object()), sent) else {
        return;
    };
    let got = reading::number(price, "/price_micros");
    let right = got == int64::read(sent);
    let replaced = case
        .slot_of(exchange)
        .and_then(|slot| slot.terms.replaced.price.as_ref());
    if let Some(services) = replaced.map(|price| price.price_micros) {
        if !right && got == Some(services) {
            let proof = Proof::at(exchange.entry, format!("{PAYMENT}/price/price_micros"));
            let proof = proof.expected(sent.clone()).actual(services.to_string());
            let message = "the slot names a payment option, and the price of its service is taken instead";
            return verdicts.fail(OPTION, proof, message);
        }
        verdicts.pass(OPTION);
    }
    verdicts.check(PRICE, right, || {
        let proof = Proof::at(exchange.entry, format!("{PAYMENT}/price/price_micros")).expected(sent.clone());
        let actual = price.get("price_micros").cloned().unwrap_or(Value::Null);
        (
            proof.actual(actual),
            "the booking has another price than the one that was asked for".to_owned(),
        )
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Story, paid_booking, usd};
    use serde_json::json;

    fn optional(micros: &str) -> Story {
        let story = Story::prepayment().slot(|slot| {
            slot.terms.replaced.price = Some(usd(120_000_000));
        });
        let mut answer = paid_booking(&story, "PREPAYMENT_PROVIDED");
        answer["booking"]["payment_information"]["price"]["price_micros"] = json!(micros);
        story.create(answer)
    }

    #[test]
    fn the_price_of_the_option_passes_and_that_of_the_service_is_told_apart() {
        optional("96000000").judge(&RULE).passes(OPTION);
        optional("120000000").judge(&RULE).fails(OPTION);
        optional("1").judge(&RULE).fails(PRICE);
    }

    fn answer(micros: &Value) -> Story {
        let story = Story::prepayment();
        let mut answer = paid_booking(&story, "PREPAYMENT_PROVIDED");
        answer["booking"]["payment_information"]["price"]["price_micros"] = micros.clone();
        story.create(answer)
    }

    #[test]
    fn the_price_that_was_asked_for_passes_in_either_form() {
        answer(&json!("96000000")).judge(&RULE).passes(PRICE);
        answer(&json!(96_000_000)).judge(&RULE).passes(PRICE);
    }

    #[test]
    fn another_price_is_found() {
        for micros in [json!("104520000"), json!("9600"), json!(null), json!("96.00")] {
            let found = answer(&micros).judge(&RULE).fails(PRICE);
            let place = "/booking/payment_information/price/price_micros";
            assert_eq!(found.evidence.pointer.as_deref(), Some(place));
            assert_eq!(found.evidence.actual, micros);
        }
    }
}
