//! BS-ORDER-04

use super::{asked, entries, is_same_slot, place_of_fulfillability, said};
use crate::verdicts::Proof;
use crate::{Case, Rule, Scope, Verdicts, reading};
use catalogue::RequirementId;
use protocol::Method;
use serde_json::Value;
use transcript::Exchange;

const EACH: RequirementId = RequirementId::declared("BS-ORDER-04");

pub(crate) static RULE: Rule = Rule {
    name: "orders/each-item",
    requirements: &[EACH],
    manual: "`item_fulfillability` must have an entry for each item that was asked for, with the `item` and a `result`, in an \
             answer to CheckOrderFulfillability and wherever a refused CreateOrder states `fulfillability`. Entries may come in \
             any order.",
    scope: Scope::Answer(judge),
};

fn judge(_: &Case<'_>, exchange: &Exchange<'_>, verdicts: &mut Verdicts) {
    let Some(place) = place_of_fulfillability(exchange.call.method) else {
        return;
    };
    let is_due = match exchange.call.method {
        Method::CheckOrderFulfillability => reading::body(exchange).is_some(),
        _ => exchange.answer_value(place).is_some(),
    };
    let asked = asked(exchange);
    if !is_due || asked.is_empty() {
        return;
    }
    let mut entries = entries(exchange);
    let silent = entries.iter().find(|(_, one)| said(one, "/result").is_none());
    if let Some((pointer, _)) = silent {
        let proof = Proof::at(exchange.entry, format!("{pointer}/result")).expected("present");
        return verdicts.fail(
            EACH,
            proof,
            "of an item it is not said whether it can be fulfilled",
        );
    }
    let missing = asked.iter().copied().find(|item| !take(&mut entries, item));
    verdicts.check(EACH, missing.is_none(), || {
        let slot = missing.map(|item| item["start_sec"].clone()).unwrap_or_default();
        let message = format!(
            "an item that was asked for has no entry in `item_fulfillability`: the one that starts at {}",
            slot.as_str().map_or_else(|| slot.to_string(), ToOwned::to_owned)
        );
        let proof = Proof::at(exchange.entry, format!("{place}/item_fulfillability"));
        (proof.expected("an entry for each item"), message)
    });
}

/// Takes out the entry of an item, if there is one.
fn take(entries: &mut Vec<(String, &Value)>, item: &Value) -> bool {
    let of_item =
        |(_, entry): &(String, &Value)| entry.get("item").is_some_and(|own| is_same_slot(own, item));
    let place = entries.iter().position(of_item);
    place.map(|place| entries.remove(place)).is_some()
}

#[cfg(test)]
mod tests {
    use super::super::testing::{answer, check, entry, item, order};
    use super::*;
    use crate::testing::Story;
    use serde_json::json;

    fn story(answer: Value) -> Story {
        let asked = check(&[item(0, 60), item(1, 60)]);
        Story::arrival().call(Method::CheckOrderFulfillability, asked, 200, answer)
    }

    #[test]
    fn an_entry_for_each_passes_in_any_order() {
        let entries = [
            entry(&item(1, 60), "SLOT_UNAVAILABLE"),
            entry(&item(0, 60), "CAN_FULFILL"),
        ];
        story(answer("UNFULFILLABLE_LINE_ITEM", &entries))
            .judge(&RULE)
            .passes(EACH);
    }

    #[test]
    fn a_missing_entry_is_found() {
        let one = [entry(&item(0, 60), "CAN_FULFILL")];
        story(answer("CAN_FULFILL", &one)).judge(&RULE).fails(EACH);
        story(json!({ "fulfillability": { "result": "CAN_FULFILL" } }))
            .judge(&RULE)
            .fails(EACH);
        story(json!({})).judge(&RULE).fails(EACH);
    }

    #[test]
    fn an_entry_without_a_result_is_found() {
        let entries = [entry(&item(0, 60), "CAN_FULFILL"), json!({ "item": item(1, 60) })];
        story(answer("CAN_FULFILL", &entries)).judge(&RULE).fails(EACH);
    }

    #[test]
    fn a_refused_order_says_it_of_each_item_too() {
        let refused = |entries: &[Value]| {
            let failure = answer("UNFULFILLABLE_LINE_ITEM", entries)["fulfillability"].clone();
            let answer =
                json!({ "order_failure": { "cause": "ORDER_UNFULFILLABLE", "fulfillability": failure } });
            let asked = order(&[item(0, 60), item(1, 60)]);
            Story::arrival().call(Method::CreateOrder, asked, 200, answer)
        };
        let both = [
            entry(&item(0, 60), "CAN_FULFILL"),
            entry(&item(1, 60), "SLOT_UNAVAILABLE"),
        ];
        refused(&both).judge(&RULE).passes(EACH);
        refused(&both[1..]).judge(&RULE).fails(EACH);
    }
}
