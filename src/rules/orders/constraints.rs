//! BS-ORDER-06

use super::{asked, entries, is_same_slot, tickets};
use crate::verdicts::Proof;
use crate::{Case, Rule, Scope, Verdicts, reading};
use catalogue::RequirementId;
use protocol::int64;
use serde_json::Value;
use transcript::Exchange;

const NAMED: RequirementId = RequirementId::declared("BS-ORDER-06");

pub(crate) static RULE: Rule = Rule {
    name: "orders/constraints",
    requirements: &[NAMED],
    manual: "An item with TICKET_CONSTRAINT_VIOLATED must name in `violated_ticket_constraint` the least or the most tickets that \
             are possible, which are not those that were asked for, and an order failure with ORDER_UNFULFILLABLE must say in `fulfillability` what cannot be fulfilled. \
             Whoever refuses by other words owes neither.",
    scope: Scope::Answer(judge),
};

fn judge(_: &Case<'_>, exchange: &Exchange<'_>, verdicts: &mut Verdicts) {
    for (pointer, entry) in entries(exchange) {
        if reading::text(entry, "/result") != Some("TICKET_CONSTRAINT_VIOLATED") {
            continue;
        }
        let pointer = format!("{pointer}/violated_ticket_constraint");
        let kept = kept_constraint(exchange, entry).filter(|_| names_constraint(entry));
        if let Some((place, count, limit)) = kept {
            let message = format!(
                "an item is refused by TICKET_CONSTRAINT_VIOLATED, and {count} tickets keep the constraint that is named, {limit}"
            );
            let proof = Proof::at(exchange.entry, format!("{pointer}/{place}"))
                .expected("a constraint that was violated");
            verdicts.fail(NAMED, proof.actual(limit), message);
            continue;
        }
        verdicts.check(NAMED, names_constraint(entry), || {
            let proof = Proof::at(exchange.entry, pointer).expected("min_ticket_count or max_ticket_count");
            let message = "TICKET_CONSTRAINT_VIOLATED names no constraint, so that nobody can tell the user how many tickets are possible";
            (proof, message.to_owned())
        });
    }
    if exchange.answer_text("/order_failure/cause") == Some("ORDER_UNFULFILLABLE") {
        let pointer = "/order_failure/fulfillability";
        let is_there = exchange.answer_value(pointer).is_some_and(Value::is_object);
        verdicts.check(NAMED, is_there, || {
            let proof = Proof::at(exchange.entry, pointer).expected("present");
            let message = "ORDER_UNFULFILLABLE does not say what cannot be fulfilled";
            (proof, message.to_owned())
        });
    }
}

fn names_constraint(entry: &Value) -> bool {
    let all = entry.get("violated_ticket_constraint").and_then(Value::as_array);
    let is_named = |one: &Value| {
        let counts = ["/min_ticket_count", "/max_ticket_count"];
        counts.iter().any(|count| reading::set(one, count).is_some())
    };
    all.is_some_and(|all| !all.is_empty() && all.iter().all(is_named))
}

/// The first constraint of an entry, where what was asked for keeps all of them: its place, the tickets that were asked for, and the
/// constraint in words.
fn kept_constraint(exchange: &Exchange<'_>, entry: &Value) -> Option<(usize, i64, String)> {
    let item = asked(exchange)
        .into_iter()
        .find(|item| is_same_slot(item, &entry["item"]))?;
    let tickets = tickets(item)?;
    let all = entry.get("violated_ticket_constraint")?.as_array()?;
    let kept = all.iter().map(|one| {
        let count = match reading::text(one, "/ticket_id") {
            Some(id) => *tickets.get(id)?,
            None => tickets.values().sum(),
        };
        let number = |pointer| reading::set(one, pointer).and_then(int64::read);
        let least = number("/min_ticket_count").filter(|least| count >= *least);
        let most = number("/max_ticket_count").filter(|most| count <= *most);
        let words = least.map(|least| format!("at least {least}"));
        let words = words.or_else(|| most.map(|most| format!("at most {most}")))?;
        Some((count, words))
    });
    let kept: Option<Vec<_>> = kept.collect();
    kept?.into_iter().next().map(|(count, words)| (0, count, words))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::needless_pass_by_value, reason = "a test writes its values in place")]
    use super::super::testing::{answer, check, entry, item, order};
    use super::*;
    use crate::testing::Story;
    use protocol::Method;
    use serde_json::json;

    fn checked(constraints: Value) -> Story {
        let mut one = entry(&item(0, 60), "TICKET_CONSTRAINT_VIOLATED");
        one["violated_ticket_constraint"] = constraints;
        let answer = answer("UNFULFILLABLE_LINE_ITEM", &[one]);
        let request = check(&[item(0, 60)]);
        Story::arrival().call(Method::CheckOrderFulfillability, request, 200, answer)
    }

    #[test]
    fn a_constraint_that_is_named_passes() {
        checked(json!([{ "max_ticket_count": 1 }]))
            .judge(&RULE)
            .passes(NAMED);
    }

    #[test]
    fn a_constraint_that_is_not_named_is_found() {
        checked(Value::Null).judge(&RULE).fails(NAMED);
        checked(json!([{ "ticket_id": "adult" }]))
            .judge(&RULE)
            .fails(NAMED);
    }

    #[test]
    fn a_constraint_that_was_kept_is_found() {
        checked(json!([{ "max_ticket_count": 2 }]))
            .judge(&RULE)
            .fails(NAMED);
        checked(json!([{ "max_ticket_count": 2, "ticket_id": "adult" }]))
            .judge(&RULE)
            .fails(NAMED);
        checked(json!([{ "min_ticket_count": 3, "ticket_id": "adult" }]))
            .judge(&RULE)
            .passes(NAMED);
        checked(json!([{ "max_ticket_count": 0, "ticket_id": "child" }]))
            .judge(&RULE)
            .passes(NAMED);
    }

    fn refused(failure: Value) -> Story {
        let answer = json!({ "order_failure": failure });
        Story::arrival().call(Method::CreateOrder, order(&[item(0, 60)]), 200, answer)
    }

    #[test]
    fn an_order_that_cannot_be_fulfilled_says_what() {
        let entries = [entry(&item(0, 60), "SLOT_UNAVAILABLE")];
        let said = answer("UNFULFILLABLE_LINE_ITEM", &entries)["fulfillability"].clone();
        refused(json!({ "cause": "ORDER_UNFULFILLABLE", "fulfillability": said }))
            .judge(&RULE)
            .passes(NAMED);
        refused(json!({ "cause": "ORDER_UNFULFILLABLE" }))
            .judge(&RULE)
            .fails(NAMED);
        refused(json!({ "cause": "PAYMENT_ERROR" }))
            .judge(&RULE)
            .says_nothing();
    }
}
