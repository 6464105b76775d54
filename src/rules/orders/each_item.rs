//! BS-ORDER-04

use super::{asked, entries, has_other_tickets, is_same_slot, place_of_fulfillability, said};
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
             any order and need not repeat the tickets; an item that can be fulfilled is of no other tickets than were asked for, and \
             there is no entry beside those of the items.",
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
    if let Some((pointer, due, shown)) = asked.iter().find_map(|item| other_tickets(exchange, item)) {
        let message =
            "of an item it is said that it can be fulfilled, with other tickets than were asked for";
        let proof = Proof::at(exchange.entry, pointer).expected(due).actual(shown);
        return verdicts.fail(EACH, proof, message);
    }
    if let Some((pointer, _)) = entries.first().filter(|_| missing.is_none()) {
        let message = format!(
            "`item_fulfillability` has an entry beside those of the {} items that were asked for",
            asked.len()
        );
        let proof = Proof::at(exchange.entry, pointer).expected("one entry for each item");
        return verdicts.fail(EACH, proof, message);
    }
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

/// The tickets of an entry that can be fulfilled, where no entry of the item's slot is of those that were asked for.
fn other_tickets(exchange: &Exchange<'_>, item: &Value) -> Option<(String, Value, Value)> {
    let all = entries(exchange);
    let mut of_slot = all
        .iter()
        .filter_map(|(pointer, entry)| Some((pointer, entry, entry.get("item")?)))
        .filter(|(_, _, own)| is_same_slot(own, item));
    let (pointer, entry, own) = of_slot.next()?;
    let is_other = has_other_tickets(own, item) && of_slot.all(|(_, _, own)| has_other_tickets(own, item));
    let is_to_be_had = said(entry, "/result") == Some("CAN_FULFILL");
    let tickets = |item: &Value| item.get("tickets").cloned().unwrap_or_default();
    (is_other && is_to_be_had).then(|| (format!("{pointer}/item/tickets"), tickets(item), tickets(own)))
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
    fn an_entry_too_many_or_of_other_tickets_is_found() {
        let both = || {
            [
                entry(&item(0, 60), "CAN_FULFILL"),
                entry(&item(1, 60), "CAN_FULFILL"),
            ]
        };
        let mut three = both().to_vec();
        three.push(three[0].clone());
        story(answer("CAN_FULFILL", &three)).judge(&RULE).fails(EACH);
        let with_tickets = |tickets: Value, result: &str| {
            let mut both = both();
            both[0]["item"]["tickets"] = tickets;
            both[0]["result"] = json!(result);
            story(answer("CAN_FULFILL", &both)).judge(&RULE)
        };
        let three = json!([{ "ticket_id": "adult", "count": 3 }]);
        with_tickets(three.clone(), "CAN_FULFILL").fails(EACH);
        with_tickets(three, "SLOT_UNAVAILABLE").passes(EACH);
        with_tickets(Value::Null, "CAN_FULFILL").passes(EACH);
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
