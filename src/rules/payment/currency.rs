//! PAY-COM-12

use super::{PAYMENT, payment_part};
use crate::verdicts::Proof;
use crate::{Case, Rule, Scope, Verdicts, reading};
use catalogue::RequirementId;
use serde_json::Value;
use transcript::Exchange;

const CURRENCY: RequirementId = RequirementId::declared("PAY-COM-12");

pub(crate) static RULE: Rule = Rule {
    name: "payment/currency",
    requirements: &[CURRENCY],
    manual: "Price and tax of a paid booking must be in the currency of the request, which is that of the feed. The \
             currencies of fees and deposits are judged with their amounts.",
    scope: Scope::Answer(judge),
};

fn judge(case: &Case<'_>, exchange: &Exchange<'_>, verdicts: &mut Verdicts) {
    let Some(payment) = payment_part(case, exchange) else {
        return;
    };
    let mut seen = false;
    for name in ["price", "tax_amount"] {
        let sent = exchange.request_value(&format!("/payment_information/{name}/currency_code"));
        let got = reading::set(payment, &format!("/{name}")).filter(|money| money.is_object());
        let (Some(sent), Some(got)) = (sent, got) else {
            continue;
        };
        let actual = got.get("currency_code").cloned().unwrap_or(Value::Null);
        if actual != *sent {
            let proof = Proof::at(exchange.entry, format!("{PAYMENT}/{name}/currency_code"));
            let proof = proof.expected(sent.clone()).actual(actual);
            return verdicts.fail(
                CURRENCY,
                proof,
                "the booking is paid in another currency than that of the feed",
            );
        }
        seen = true;
    }
    if seen {
        verdicts.pass(CURRENCY);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Story, booking, paid_booking};
    use serde_json::json;

    #[test]
    fn the_currency_of_the_feed_passes() {
        let story = Story::prepayment();
        let answer = paid_booking(&story, "PREPAYMENT_PROVIDED");
        story.create(answer).judge(&RULE).passes(CURRENCY);
        Story::arrival().create(booking()).judge(&RULE).says_nothing();
    }

    #[test]
    fn another_currency_or_none_is_found() {
        for (name, code) in [("price", json!("EUR")), ("tax_amount", json!(null))] {
            let story = Story::prepayment();
            let mut answer = paid_booking(&story, "PREPAYMENT_PROVIDED");
            answer["booking"]["payment_information"][name]["currency_code"] = code;
            story.create(answer).judge(&RULE).fails(CURRENCY);
        }
    }
}
