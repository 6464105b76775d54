//! BS-ORDER-01

use super::{asked, is_alive, is_same_slot, items, orders};
use crate::verdicts::Proof;
use crate::{Case, Rule, Scope, Verdicts, reading};
use catalogue::RequirementId;
use protocol::Method;
use serde_json::Value;
use transcript::Exchange;

const WHOLE: RequirementId = RequirementId::declared("BS-ORDER-01");

pub(crate) static RULE: Rule = Rule {
    name: "orders/whole",
    requirements: &[WHOLE],
    manual: "The items of an order that was made must all be in it, and booked, and of one that was refused none may be: a ListOrders of the \
             user after the refusal shows no order with an item of it. What was charged for an order that has no id cannot be seen.",
    scope: Scope::Scenario(judge),
};

fn judge(case: &Case<'_>, verdicts: &mut Verdicts) {
    let all: Vec<Exchange<'_>> = case.answers().collect();
    let created = || all.iter().filter(|one| one.call.method == Method::CreateOrder);
    let known: Vec<&str> = created()
        .flat_map(orders)
        .filter_map(|(_, order)| reading::text(order, "/order_id"))
        .collect();
    for exchange in created() {
        for (pointer, order) in orders(exchange) {
            judge_made(exchange, &pointer, order, verdicts);
        }
        if is_refused(exchange) {
            let mut later = all.iter().filter(|one| one.entry > exchange.entry);
            if let Some(list) = later.find(|one| lists_user_of(one, exchange)) {
                judge_refused(exchange, list, &known, verdicts);
            }
        }
    }
}

fn judge_made(exchange: &Exchange<'_>, pointer: &str, order: &Value, verdicts: &mut Verdicts) {
    let items = items(pointer, order);
    let is_there = |wanted: &&Value| items.iter().any(|(_, item)| is_same_slot(wanted, item));
    // An order without any item is another requirement's finding.
    if let Some(lost) = asked(exchange)
        .into_iter()
        .find(|wanted| !is_there(wanted) && !items.is_empty())
    {
        let proof = Proof::at(exchange.entry, format!("{pointer}/item"))
            .expected(lost.clone())
            .actual(items.iter().map(|(_, item)| (*item).clone()).collect::<Vec<_>>());
        let message =
            "an order was made, and an item that was ordered, by its service, start and length, is not in it";
        return verdicts.fail(WHOLE, proof, message);
    }
    let dead = items.iter().find(|(_, item)| !is_alive(item));
    let is_mixed = dead.is_some() && items.iter().any(|(_, item)| is_alive(item));
    if let Some((pointer, item)) = dead.filter(|_| is_mixed) {
        // An item without a status is another requirement's finding.
        let Some(status) = reading::text(item, "/status") else {
            return;
        };
        let proof = Proof::at(exchange.entry, format!("{pointer}/status"))
            .expected("CONFIRMED")
            .actual(status);
        let message = "an order was made in part: one item is booked and another is not";
        verdicts.fail(WHOLE, proof, message);
    } else if items.len() > 1 && dead.is_none() {
        verdicts.pass(WHOLE);
    }
}

fn judge_refused(refused: &Exchange<'_>, list: &Exchange<'_>, known: &[&str], verdicts: &mut Verdicts) {
    let asked = asked(refused);
    let stands = orders(list).into_iter().find_map(|(pointer, order)| {
        let is_known = reading::text(order, "/order_id").is_some_and(|id| known.contains(&id));
        let mut items = items(&pointer, order).into_iter();
        let of_refused = |item: &Value| is_alive(item) && asked.iter().any(|one| is_same_slot(one, item));
        items.find(|(_, item)| !is_known && of_refused(item))
    });
    verdicts.check(WHOLE, stands.is_none(), || {
        let pointer = stands.map(|(pointer, _)| pointer).unwrap_or_default();
        let message = "an order was refused, and ListOrders shows an item of it as booked all the same";
        (Proof::at(list.entry, pointer), message.to_owned())
    });
}

fn is_refused(exchange: &Exchange<'_>) -> bool {
    let by_status = exchange
        .http()
        .is_some_and(|reply| (400..500).contains(&reply.status));
    let is_there = |pointer| exchange.answer_value(pointer).is_some();
    by_status || is_there("/order_failure") && !is_there("/order")
}

/// True for an answer that lists the orders of the user of another call.
fn lists_user_of(list: &Exchange<'_>, created: &Exchange<'_>) -> bool {
    let user = created.request_value("/order/user_information/user_id");
    list.call.method == Method::ListOrders
        && reading::body(list).is_some()
        && user.is_some()
        && list.request_value("/user_id") == user
}

#[cfg(test)]
mod tests {
    use super::super::testing::{item, made, order, with_status};
    use super::*;
    use crate::testing::Story;
    use serde_json::json;

    fn two() -> [Value; 2] {
        [item(0, 60), item(1, 60)]
    }

    fn answered(statuses: [&str; 2]) -> Story {
        let items: Vec<Value> = two()
            .iter()
            .zip(statuses)
            .map(|(item, status)| with_status(item, status))
            .collect();
        let answer = json!({ "order": made("o-1", &items) });
        Story::arrival().call(Method::CreateOrder, order(&two()), 200, answer)
    }

    #[test]
    fn an_order_that_was_made_as_a_whole_passes() {
        answered(["CONFIRMED", "CONFIRMED"]).judge(&RULE).passes(WHOLE);
    }

    #[test]
    fn an_order_that_was_made_in_part_is_found() {
        answered(["CONFIRMED", "FAILED"]).judge(&RULE).fails(WHOLE);
    }

    #[test]
    fn an_item_that_is_not_in_the_order_that_was_made_is_found() {
        let one = made("o-1", &[with_status(&item(0, 60), "CONFIRMED")]);
        let answer = json!({ "order": one });
        let story = Story::arrival().call(Method::CreateOrder, order(&two()), 200, answer);
        story.judge(&RULE).fails(WHOLE);
    }

    fn refused_then(listed: &Value) -> Story {
        let answer = json!({ "order_failure": { "cause": "ORDER_UNFULFILLABLE" } });
        Story::arrival()
            .call(Method::CreateOrder, order(&two()), 200, answer)
            .call(
                Method::ListOrders,
                json!({ "user_id": "72" }),
                200,
                listed.clone(),
            )
    }

    #[test]
    fn of_a_refused_order_nothing_stands() {
        refused_then(&json!({})).judge(&RULE).passes(WHOLE);
        let ended = made("o-2", &[with_status(&item(0, 60), "CANCELED")]);
        refused_then(&json!({ "order": [ended] }))
            .judge(&RULE)
            .passes(WHOLE);
    }

    #[test]
    fn an_item_of_a_refused_order_that_stands_is_found() {
        let stands = made("o-2", &[with_status(&item(0, 60), "CONFIRMED")]);
        refused_then(&json!({ "order": [stands] }))
            .judge(&RULE)
            .fails(WHOLE);
    }
}
