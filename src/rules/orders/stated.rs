//! BS-ORDER-03

use super::{items, orders, said};
use crate::verdicts::Proof;
use crate::{Case, Rule, Scope, Verdicts, reading};
use catalogue::RequirementId;
use serde_json::Value;
use transcript::Exchange;

const STATED: RequirementId = RequirementId::declared("BS-ORDER-03");

pub(crate) static RULE: Rule = Rule {
    name: "orders/stated",
    requirements: &[STATED],
    manual: "Each order in an answer to CreateOrder or ListOrders must have an `order_id` and items, and each item a `status`.",
    scope: Scope::Answer(judge),
};

fn judge(_: &Case<'_>, exchange: &Exchange<'_>, verdicts: &mut Verdicts) {
    for (pointer, order) in orders(exchange) {
        let gap = gap(&pointer, order);
        verdicts.check(STATED, gap.is_none(), || {
            let (pointer, what) = gap.unwrap_or_default();
            let message = format!("{what} in the answer to {}", exchange.call.method);
            (Proof::at(exchange.entry, pointer).expected("present"), message)
        });
    }
}

/// What an order does not say.
fn gap(pointer: &str, order: &Value) -> Option<(String, &'static str)> {
    if reading::text(order, "/order_id").is_none() {
        return Some((format!("{pointer}/order_id"), "an order has no order id"));
    }
    let items = items(pointer, order);
    if items.is_empty() {
        return Some((format!("{pointer}/item"), "an order has no items"));
    }
    let silent = items.iter().find(|(_, item)| said(item, "/status").is_none());
    silent.map(|(pointer, _)| (format!("{pointer}/status"), "an item of an order has no status"))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::needless_pass_by_value, reason = "a test writes its values in place")]
    use super::super::testing::{item, made, order, with_status};
    use super::*;
    use crate::testing::Story;
    use protocol::Method;
    use serde_json::json;

    fn created(one: Value) -> Story {
        Story::arrival().call(
            Method::CreateOrder,
            order(&[item(0, 60)]),
            200,
            json!({ "order": one }),
        )
    }

    #[test]
    fn an_order_with_id_and_statuses_passes() {
        let one = made("o-1", &[with_status(&item(0, 60), "CONFIRMED")]);
        created(one.clone()).judge(&RULE).passes(STATED);
        let request = json!({ "user_id": "72" });
        Story::arrival()
            .call(Method::ListOrders, request, 200, json!({ "order": [one] }))
            .judge(&RULE)
            .passes(STATED);
    }

    #[test]
    fn what_is_not_said_is_found() {
        created(made("o-1", &[item(0, 60)])).judge(&RULE).fails(STATED);
        created(made("", &[with_status(&item(0, 60), "CONFIRMED")]))
            .judge(&RULE)
            .fails(STATED);
        created(made("o-1", &[])).judge(&RULE).fails(STATED);
    }
}
