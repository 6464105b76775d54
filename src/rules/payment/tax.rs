//! PAY-COM-11

use super::{PAYMENT, payment_part};
use crate::verdicts::Proof;
use crate::{Case, Rule, Scope, Verdicts, reading};
use catalogue::RequirementId;
use protocol::int64;
use serde_json::Value;
use transcript::Exchange;

const TAX: RequirementId = RequirementId::declared("PAY-COM-11");

pub(crate) static RULE: Rule = Rule {
    name: "payment/tax",
    requirements: &[TAX],
    manual: "Where the request named a tax, `tax_amount.price_micros` of a paid booking must be there and be the same \
             number. Where it named none the price is final, and a tax in the booking may only be zero. Its currency has a rule \
             of its own.",
    scope: Scope::Answer(judge),
};

fn judge(case: &Case<'_>, exchange: &Exchange<'_>, verdicts: &mut Verdicts) {
    let sent = exchange.request_value("/payment_information/tax_amount/price_micros");
    let Some(payment) = payment_part(case, exchange) else {
        return;
    };
    let tax = reading::set(payment, "/tax_amount");
    let Some(sent) = sent else {
        return judge_no_tax(exchange, tax, verdicts);
    };
    if tax.is_some_and(|tax| !tax.is_object()) {
        return;
    }
    let right = tax.and_then(|tax| reading::number(tax, "/price_micros")) == int64::read(sent);
    verdicts.check(TAX, right, || {
        let pointer = if tax.is_some() {
            "tax_amount/price_micros"
        } else {
            "tax_amount"
        };
        let message = match tax {
            None => "the booking does not return the tax that was asked for",
            Some(_) => "the booking has another tax than the one that was asked for",
        };
        let actual = tax.and_then(|tax| tax.get("price_micros")).cloned();
        let proof = Proof::at(exchange.entry, format!("{PAYMENT}/{pointer}")).expected(sent.clone());
        (proof.actual(actual.unwrap_or_default()), message.to_owned())
    });
}

fn judge_no_tax(exchange: &Exchange<'_>, tax: Option<&Value>, verdicts: &mut Verdicts) {
    let micros = tax.and_then(|tax| reading::number(tax, "/price_micros"));
    verdicts.check(TAX, micros.unwrap_or(0) == 0, || {
        let proof = Proof::at(exchange.entry, format!("{PAYMENT}/tax_amount")).expected("no tax");
        (
            proof.actual(tax.cloned().unwrap_or_default()),
            "the booking has a tax although the price is final".to_owned(),
        )
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Story, paid_booking};
    use serde_json::json;

    #[test]
    fn the_tax_that_was_asked_for_passes() {
        let story = Story::prepayment();
        let answer = paid_booking(&story, "PREPAYMENT_PROVIDED");
        story.create(answer).judge(&RULE).passes(TAX);
    }

    #[test]
    fn no_tax_or_another_one_is_found() {
        for tax in [
            json!(null),
            json!({ "price_micros": "8500000", "currency_code": "USD" }),
        ] {
            let story = Story::prepayment();
            let mut answer = paid_booking(&story, "PREPAYMENT_PROVIDED");
            answer["booking"]["payment_information"]["tax_amount"] = tax;
            story.create(answer).judge(&RULE).fails(TAX);
        }
    }

    #[test]
    fn where_the_price_is_final_only_a_tax_of_zero_passes() {
        let answered = |tax: serde_json::Value| {
            let story = Story::no_show_fee();
            let mut answer = paid_booking(&story, "PREPAYMENT_NOT_PROVIDED");
            answer["booking"]["payment_information"]["tax_amount"] = tax;
            story.create(answer)
        };
        answered(json!(null)).judge(&RULE).passes(TAX);
        answered(json!({ "price_micros": "0", "currency_code": "USD" }))
            .judge(&RULE)
            .passes(TAX);
        answered(json!({ "price_micros": 900_000, "currency_code": "USD" }))
            .judge(&RULE)
            .fails(TAX);
    }
}
