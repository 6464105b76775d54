//! BS-ORDER-02

use crate::verdicts::Proof;
use crate::{Case, Rule, Scope, Verdicts, reading};
use catalogue::RequirementId;
use protocol::Method;
use transcript::Exchange;

const OUTCOME: RequirementId = RequirementId::declared("BS-ORDER-02");

pub(crate) static RULE: Rule = Rule {
    name: "orders/outcome",
    requirements: &[OUTCOME],
    manual: "A 200 answer to CreateOrder must hold `order` or `order_failure`, and never both: Google cannot know then whether \
             the user has tickets.",
    scope: Scope::Answer(judge),
};

fn judge(_: &Case<'_>, exchange: &Exchange<'_>, verdicts: &mut Verdicts) {
    if exchange.call.method != Method::CreateOrder || reading::body(exchange).is_none() {
        return;
    }
    let is_there = |pointer| exchange.answer_value(pointer).is_some();
    let (order, failure) = (is_there("/order"), is_there("/order_failure"));
    verdicts.check(OUTCOME, order != failure, || {
        let proof = Proof::at(exchange.entry, if order { "/order_failure" } else { "" });
        let message = if order {
            "the answer to CreateOrder holds an order and an order failure at once"
        } else {
            "the answer to CreateOrder holds neither an order nor an order failure"
        };
        (
            proof.expected("either order or order_failure"),
            message.to_owned(),
        )
    });
}

#[cfg(test)]
mod tests {
    use super::super::testing::{item, made, order};
    use super::*;
    use crate::testing::Story;
    use serde_json::{Value, json};

    fn answered(answer: Value) -> Story {
        Story::arrival().call(Method::CreateOrder, order(&[item(0, 60)]), 200, answer)
    }

    #[test]
    fn one_of_the_two_passes() {
        answered(json!({ "order": made("o-1", &[item(0, 60)]) }))
            .judge(&RULE)
            .passes(OUTCOME);
        let failure = json!({ "order": null, "order_failure": { "cause": "ORDER_UNFULFILLABLE" } });
        answered(failure).judge(&RULE).passes(OUTCOME);
    }

    #[test]
    fn both_or_neither_is_found() {
        let both = json!({ "order": made("o-1", &[]), "order_failure": { "cause": "PAYMENT_ERROR" } });
        answered(both).judge(&RULE).fails(OUTCOME);
        answered(json!({})).judge(&RULE).fails(OUTCOME);
    }
}
