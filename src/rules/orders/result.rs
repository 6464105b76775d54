//! BS-ORDER-04

use super::{entries, place_of_fulfillability, said};
use crate::verdicts::Proof;
use crate::{Case, Rule, Scope, Verdicts, reading};
use catalogue::RequirementId;
use serde_json::Value;
use transcript::Exchange;

const SAID: RequirementId = RequirementId::declared("BS-ORDER-04");

pub(crate) static RULE: Rule = Rule {
    name: "orders/result",
    requirements: &[SAID],
    manual: "Wherever an answer states `fulfillability`, its `result` is one of the interface, and fits what is said of the items: \
             CAN_FULFILL beside an item that cannot be had, and UNFULFILLABLE_LINE_ITEM beside items that all can be had, contradict \
             themselves, and an order is not refused because it can be fulfilled. An item with another price may be told either way.",
    scope: Scope::Answer(judge),
};

const CAN: &str = "CAN_FULFILL";

fn judge(_: &Case<'_>, exchange: &Exchange<'_>, verdicts: &mut Verdicts) {
    let Some(place) = place_of_fulfillability(exchange.call.method) else {
        return;
    };
    let Some(all) = exchange.answer_value(place).filter(|all| all.is_object()) else {
        return;
    };
    let result = said(all, "/result");
    let is_text = reading::set(all, "/result").is_none_or(Value::is_string);
    let wrong = match result {
        None if is_text => Some(format!(
            "`fulfillability` in the answer to {} has no `result`",
            exchange.call.method
        )),
        None => None,
        Some(result) => contradiction(exchange, result),
    };
    verdicts.check(SAID, wrong.is_none(), || {
        let proof = Proof::at(exchange.entry, format!("{place}/result")).expected("the result of all items");
        (proof.actual(result), wrong.unwrap_or_default())
    });
}

/// How the result of the whole contradicts those of its items.
fn contradiction(exchange: &Exchange<'_>, result: &str) -> Option<String> {
    let method = exchange.call.method;
    let entries = entries(exchange);
    let results: Vec<&str> = entries
        .iter()
        .filter_map(|(_, one)| said(one, "/result"))
        .collect();
    // An item of which nothing is said is another rule's finding.
    if results.len() < entries.len() || results.is_empty() {
        return None;
    }
    let refused = results.iter().find(|one| ![CAN, "INCORRECT_PRICE"].contains(one));
    if result == CAN && exchange.answer_value("/order_failure").is_some() {
        return Some(format!("{method} refused an order with the `result` {CAN}"));
    }
    match (result, refused) {
        (CAN, Some(refused)) => Some(format!(
            "the `result` of the answer to {method} is {CAN}, and of an item it says {refused}"
        )),
        ("UNFULFILLABLE_LINE_ITEM", None) if results.iter().all(|one| *one == CAN) => Some(format!(
            "the `result` of the answer to {method} is {result}, and of each item it says {CAN}"
        )),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{answer, check, entry, item, order};
    use super::*;
    use crate::testing::Story;
    use protocol::Method;
    use serde_json::json;

    fn checked(result: &str, results: [&str; 2]) -> Story {
        let items = [item(0, 60), item(1, 60)];
        let entries = [entry(&items[0], results[0]), entry(&items[1], results[1])];
        Story::arrival().call(
            Method::CheckOrderFulfillability,
            check(&items),
            200,
            answer(result, &entries),
        )
    }

    #[test]
    fn a_result_that_fits_its_items_passes() {
        checked(CAN, [CAN, CAN]).judge(&RULE).passes(SAID);
        checked(CAN, [CAN, "INCORRECT_PRICE"]).judge(&RULE).passes(SAID);
        checked("UNFULFILLABLE_LINE_ITEM", [CAN, "SLOT_UNAVAILABLE"])
            .judge(&RULE)
            .passes(SAID);
        checked("UNFULFILLABLE_SERVICE_COMBINATION", [CAN, CAN])
            .judge(&RULE)
            .passes(SAID);
    }

    #[test]
    fn no_result_or_one_that_contradicts_the_items_is_found() {
        checked("", [CAN, CAN]).judge(&RULE).fails(SAID);
        checked(CAN, [CAN, "SLOT_UNAVAILABLE"]).judge(&RULE).fails(SAID);
        checked("UNFULFILLABLE_LINE_ITEM", [CAN, CAN])
            .judge(&RULE)
            .fails(SAID);
    }

    #[test]
    fn an_order_that_can_be_fulfilled_is_not_refused() {
        let said = answer(CAN, &[entry(&item(0, 60), CAN)])["fulfillability"].clone();
        let answer = json!({ "order_failure": { "cause": "ORDER_UNFULFILLABLE", "fulfillability": said } });
        Story::arrival()
            .call(Method::CreateOrder, order(&[item(0, 60)]), 200, answer)
            .judge(&RULE)
            .fails(SAID);
    }
}
