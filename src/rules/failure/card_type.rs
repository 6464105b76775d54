//! FAIL-02

use super::{cause, network};
use crate::verdicts::Proof;
use crate::{Case, Rule, Scope, Verdicts};
use catalogue::RequirementId;
use protocol::model::v3;
use serde_json::Value;
use transcript::Exchange;

const NAMED: RequirementId = RequirementId::declared("FAIL-02");

pub(crate) static RULE: Rule = Rule {
    name: "failure/card-type",
    requirements: &[NAMED],
    manual: "A failure with the cause PAYMENT_ERROR_CARD_TYPE_REJECTED must name the type in `rejected_card_type`. Where the \
             request says of which network the card is, it must be that one.",
    scope: Scope::Answer(judge),
};

const POINTER: &str = "/booking_failure/rejected_card_type";

fn judge(_: &Case<'_>, exchange: &Exchange<'_>, verdicts: &mut Verdicts) {
    if cause(exchange) != Some("PAYMENT_ERROR_CARD_TYPE_REJECTED") {
        return;
    }
    let (named, sent) = (exchange.answer_value(POINTER).and_then(name), network(exchange));
    let right = named.is_some() && (sent.is_none() || named == sent);
    verdicts.check(NAMED, right, || {
        let message = match &named {
            None => "a card type is rejected without naming it in `rejected_card_type`",
            Some(_) => "`rejected_card_type` names another type than that of the card",
        };
        let proof =
            Proof::at(exchange.entry, POINTER).expected(sent.unwrap_or_else(|| "a card type".to_owned()));
        let actual = exchange.answer_value(POINTER).cloned().unwrap_or_default();
        (proof.actual(actual), message.to_owned())
    });
}

/// The name of a type, which may come as its number; none when it is left open.
fn name(value: &Value) -> Option<String> {
    let types = v3().enumeration("CreditCardType");
    let name = match value {
        Value::Number(number) => types?.by_number(number.as_i64()?)?,
        other => other.as_str()?,
    };
    Some(name.to_owned()).filter(|name| !name.is_empty() && name != "CREDIT_CARD_TYPE_UNSPECIFIED")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Story;
    use serde_json::json;

    fn rejection(named: &Value) -> Story {
        let failure = json!({ "cause": "PAYMENT_ERROR_CARD_TYPE_REJECTED", "rejected_card_type": named });
        Story::prepayment()
            .pay_with("AMEX", "tok_0001")
            .create(json!({ "booking_failure": failure }))
    }

    #[test]
    fn the_type_of_the_card_passes_by_name_and_by_number() {
        rejection(&json!("AMERICAN_EXPRESS")).judge(&RULE).passes(NAMED);
        rejection(&json!(3)).judge(&RULE).passes(NAMED);
    }

    #[test]
    fn no_type_and_another_type_are_found() {
        for named in [
            json!(null),
            json!("CREDIT_CARD_TYPE_UNSPECIFIED"),
            json!(0),
            json!("VISA"),
        ] {
            rejection(&named).judge(&RULE).fails(NAMED);
        }
    }

    #[test]
    fn another_cause_is_left_alone() {
        let failure = json!({ "booking_failure": { "cause": "PAYMENT_ERROR_CARD_DECLINED" } });
        Story::prepayment().create(failure).judge(&RULE).says_nothing();
    }
}
