//! BS-ORDER-03

use super::as_ordered::is_repeat;
use super::compared::{Difference, name, other_owner, other_value, strange_item};
use super::{asked, is_alive, is_same_slot, items, orders};
use crate::verdicts::Proof;
use crate::{Case, Rule, Scope, Verdicts, reading};
use catalogue::RequirementId;
use protocol::Method;
use scenario::matcher;
use serde_json::{Value, json};
use transcript::Exchange;

const LISTED: RequirementId = RequirementId::declared("BS-ORDER-03");

pub(crate) static RULE: Rule = Rule {
    name: "orders/listed",
    requirements: &[LISTED],
    manual: "ListOrders of a user shows each order that the user made, once, under its id and as CreateOrder answered it: merchant, user, \
             items with tickets, status and price, and the payment. What either answer leaves out is not compared, but for user, items and \
             their prices, and what CreateOrder left out and the list shows as it was ordered is right there; a payment that was still to come may have been made by then. An order that no CreateOrder of the user was \
             answered with is not the user's, unless one of them was refused or left open: of these another rule speaks.",
    scope: Scope::Scenario(judge),
};

/// What both answers say of the payment.
const PAYMENT: [&str; 7] = [
    "/payment_information/prepayment_status",
    "/payment_information/payment_processed_by",
    "/payment_information/payment_transaction_id",
    "/payment_information/price/price_micros",
    "/payment_information/price/currency_code",
    "/payment_information/fees_and_taxes/price_micros",
    "/payment_information/fees_and_taxes/currency_code",
];

/// What both answers say of an item.
const ITEM: [&str; 3] = ["/status", "/price/price_micros", "/price/currency_code"];

fn judge(case: &Case<'_>, verdicts: &mut Verdicts) {
    let lists = case.answers().filter(|one| one.call.method == Method::ListOrders);
    for list in lists.filter(|list| reading::body(list).is_some()) {
        let created = created_before(case, &list).filter(|one| !is_repeat(case, one));
        let created: Vec<Exchange<'_>> = created.collect();
        let made: Vec<(Exchange<'_>, &Value)> = created
            .iter()
            .filter_map(|one| Some((*one, orders(one).pop()?.1)))
            .filter(|(_, order)| id(order).is_some())
            .collect();
        let is_settled = made.len() == created.len();
        let wrong = wrong(&list, &made, is_settled);
        if made.is_empty() && wrong.is_none() {
            continue;
        }
        verdicts.check(LISTED, wrong.is_none(), || {
            let ((pointer, due, shown), message) = wrong.unwrap_or_default();
            let proof = Proof::at(list.entry, pointer);
            (proof.expected(due).actual(shown), message)
        });
    }
}

/// The user's calls of CreateOrder before the list; those of a user who is asked for by orders' ids are none.
fn created_before<'c>(case: &'c Case<'_>, list: &Exchange<'c>) -> impl Iterator<Item = Exchange<'c>> {
    let (asked, call) = (list.request_value("/user_id"), list.answer.call);
    let all = case.transcript.exchanges_of(Method::CreateOrder);
    all.filter(move |one| {
        let user = one.request_value("/order/user_information/user_id");
        asked.is_some() && user == asked && one.entry < call
    })
}

fn id(order: &Value) -> Option<&str> {
    reading::text(order, "/order_id")
}

/// What is wrong with a list, and the sentence.
fn wrong(
    list: &Exchange<'_>,
    made: &[(Exchange<'_>, &Value)],
    is_settled: bool,
) -> Option<(Difference, String)> {
    let listed = orders(list);
    // An order without an id is another rule's finding, and it may be any of them.
    if listed.iter().any(|(_, order)| id(order).is_none()) {
        return None;
    }
    for (created, order) in made {
        let own = id(order)?;
        let mut same = listed.iter().filter(|(_, one)| id(one) == Some(own));
        let Some((pointer, one)) = same.next() else {
            let message = format!(
                "CreateOrder was answered with the order {own}, and ListOrders does not show it to its user"
            );
            return Some((("/order".to_owned(), json!(own), shown_ids(&listed)), message));
        };
        if let Some((pointer, _)) = same.next() {
            let message = format!("ListOrders shows the order {own} twice");
            return Some(((pointer.clone(), json!("once"), json!("twice")), message));
        }
        if let Some((place, due, shown)) = difference(created, order, one) {
            let field = name(&place);
            let message = if due.is_object() || due.is_array() {
                format!("ListOrders shows another `{field}` of an order than CreateOrder answered")
            } else {
                format!(
                    "ListOrders shows \"{field}\": {shown} for an order that CreateOrder answered with {due}"
                )
            };
            return Some(((format!("{pointer}{place}"), due, shown), message));
        }
    }
    let strange = listed.iter().find(|(_, one)| {
        let is_made = made.iter().any(|(_, order)| id(order) == id(one));
        is_settled && !is_made
    });
    strange.map(|(pointer, one)| {
        let shown = id(one).unwrap_or_default();
        let message = format!("ListOrders shows the order {shown}, which its user did not make");
        (
            (pointer.clone(), json!("orders of the user alone"), json!(shown)),
            message,
        )
    })
}

fn shown_ids(listed: &[(String, &Value)]) -> Value {
    listed
        .iter()
        .map(|(_, order)| order["order_id"].clone())
        .collect()
}

/// The first difference between an order as it was made and as it is listed. What was answered wrongly already is that answer's
/// finding.
fn difference(created: &Exchange<'_>, made: &Value, listed: &Value) -> Option<Difference> {
    let asked = created.request_value("/order");
    let user = "/user_information";
    let is_nobodys = reading::set(made, user).is_some() && reading::set(listed, user).is_none();
    let owner = match asked {
        Some(asked) if other_owner(asked, made).is_some() => None,
        _ if is_nobodys => Some((user.to_owned(), made["user_information"].clone(), Value::Null)),
        _ => other_owner(made, listed),
    };
    let payment = || {
        let payment = other_value(made, listed, &PAYMENT);
        payment.filter(|(pointer, due, _)| {
            !is_to_come(pointer, due) && !is_as_ordered_at_least(asked, made, listed, pointer)
        })
    };
    let items = || {
        lost_item(created, made, listed)
            .or_else(|| {
                let strange = strange_item(made, listed);
                strange.filter(|_| asked.is_none_or(|asked| strange_item(asked, listed).is_some()))
            })
            .or_else(|| other_item(asked, made, listed))
    };
    owner
        .or_else(|| {
            if are_as_ordered(created, made) {
                items()
            } else {
                None
            }
        })
        .or_else(payment)
}

/// True when the items of an order are those that were asked for, all of them booked, in a form that can be read: what is wrong about
/// them is the finding of the answer that made the order.
fn are_as_ordered(created: &Exchange<'_>, made: &Value) -> bool {
    let asked = created.request_value("/order");
    let are_readable = items("", made)
        .iter()
        .all(|(_, item)| item.is_object() && is_alive(item));
    are_readable && asked.is_none_or(|asked| strange_item(asked, made).is_none())
}

/// True when CreateOrder's answer left a value out and the list shows it as it was ordered: then the answer is what is wrong.
fn is_as_ordered_at_least(asked: Option<&Value>, made: &Value, listed: &Value, pointer: &str) -> bool {
    let is_left_out = reading::set(made, pointer).is_none();
    let ordered = asked.and_then(|asked| reading::set(asked, pointer));
    is_left_out && ordered.is_some_and(|ordered| matcher::equal(ordered, reading::set(listed, pointer)))
}

/// A payment that was not made yet may have been made by the time of the list.
fn is_to_come(pointer: &str, due: &Value) -> bool {
    pointer.ends_with("prepayment_status") && due == "PREPAYMENT_NOT_PROVIDED"
}

/// An item that was ordered and made, and is not listed. An order without items is another rule's finding.
fn lost_item(created: &Exchange<'_>, made: &Value, listed: &Value) -> Option<Difference> {
    let (made, listed) = (items("", made), items("", listed));
    let is_in =
        |all: &[(String, &Value)], wanted: &Value| all.iter().any(|(_, item)| is_same_slot(wanted, item));
    let lost = asked(created)
        .into_iter()
        .find(|wanted| !listed.is_empty() && is_in(&made, wanted) && !is_in(&listed, wanted))?;
    Some((
        "/item".to_owned(),
        lost.clone(),
        listed.iter().map(|(_, item)| (*item).clone()).collect(),
    ))
}

/// The first item that is listed with another status or price than it was made with.
fn other_item(asked: Option<&Value>, made: &Value, listed: &Value) -> Option<Difference> {
    let (asked, made) = (
        asked.map(|asked| items("", asked)).unwrap_or_default(),
        items("", made),
    );
    items("", listed).into_iter().find_map(|(pointer, item)| {
        let mut same = made.iter().filter(|(_, one)| is_same_slot(one, item));
        let (_, one) = same.next()?;
        // Which of two items of one slot is meant cannot be told.
        if same.next().is_some() {
            return None;
        }
        let price = "/price";
        let missing = reading::set(one, price).filter(|_| reading::set(item, price).is_none());
        let missing = missing.map(|due| (price.to_owned(), due.clone(), Value::Null));
        let ordered = asked
            .iter()
            .find(|(_, one)| is_same_slot(one, item))
            .map(|(_, one)| *one);
        let other = missing.or_else(|| {
            let other = other_value(one, item, &ITEM);
            other.filter(|(pointer, ..)| !is_as_ordered_at_least(ordered, one, item, pointer))
        });
        // What waited for the merchant may have been decided.
        let (place, due, shown) = other.filter(|(_, due, _)| due != "PENDING_MERCHANT_CONFIRMATION")?;
        Some((format!("{pointer}{place}"), due, shown))
    })
}

#[cfg(test)]
mod tests {
    use super::super::testing::{item, made, order, with_status};
    use super::*;
    use crate::testing::Story;

    type Change = fn(&mut Value);

    fn one() -> Value {
        let mut one = made("o-1", &[with_status(&item(0, 60), "CONFIRMED")]);
        one["payment_information"] =
            json!({ "prepayment_status": "PREPAYMENT_NOT_PROVIDED", "payment_transaction_id": "t-1" });
        one
    }

    fn listing(list: &Value) -> Story {
        let answer = json!({ "order": one() });
        let story = Story::arrival().call(Method::CreateOrder, order(&[item(0, 60)]), 200, answer);
        let asked = json!({ "user_id": "72" });
        story.call(Method::ListOrders, asked, 200, json!({ "order": list }))
    }

    fn changed(change: impl FnOnce(&mut Value)) -> Story {
        let mut one = one();
        change(&mut one);
        listing(&json!([one]))
    }

    #[test]
    fn the_order_that_was_made_passes_in_another_form_and_paid_since() {
        changed(|_| {}).judge(&RULE).passes(LISTED);
        changed(|one| {
            one["merchant_id"] = json!(null);
            one["item"][0]["tickets"] = json!(null);
            one["item"][0]["price"]["price_micros"] = json!(60_000_000);
            one["payment_information"]["prepayment_status"] = json!("PREPAYMENT_PROVIDED");
        })
        .judge(&RULE)
        .passes(LISTED);
        changed(|one| one["payment_information"] = json!(null))
            .judge(&RULE)
            .passes(LISTED);
    }

    #[test]
    fn an_order_that_is_missing_or_comes_twice_or_is_a_strangers_is_found() {
        listing(&json!([])).judge(&RULE).fails(LISTED);
        listing(&json!([one(), one()])).judge(&RULE).fails(LISTED);
        let mut strange = one();
        strange["order_id"] = json!("o-2");
        let found = listing(&json!([one(), strange]));
        assert!(found.judge(&RULE).fails(LISTED).message.contains("o-2"));
    }

    #[test]
    fn what_is_listed_otherwise_is_found() {
        let changes: [(Change, &str); 7] = [
            (|one| one["merchant_id"] = json!("other"), "merchant_id"),
            (|one| one["user_information"]["user_id"] = json!("73"), "user_id"),
            (|one| one["user_information"] = json!(null), "user_information"),
            (|one| one["item"][0]["tickets"][0]["count"] = json!(3), "tickets"),
            (
                |one| one["item"][0]["price"]["price_micros"] = json!("1"),
                "price_micros",
            ),
            (|one| one["item"][0]["status"] = json!("CANCELED"), "status"),
            (
                |one| one["payment_information"]["payment_transaction_id"] = json!("t-2"),
                "payment_transaction_id",
            ),
        ];
        for (change, field) in changes {
            let found = changed(change).judge(&RULE).fails(LISTED).message.clone();
            assert!(found.contains(field), "{found}");
        }
    }

    #[test]
    fn what_the_answer_left_out_is_listed_rightly_as_it_was_ordered() {
        let lists_what_was_ordered = |change: Change| {
            let mut answered = one();
            change(&mut answered);
            let ordered = order(&[item(0, 60)]);
            let answer = json!({ "order": answered });
            let story = Story::arrival().call(Method::CreateOrder, ordered, 200, answer);
            let asked = json!({ "user_id": "72" });
            story.call(Method::ListOrders, asked, 200, json!({ "order": [one()] }))
        };
        lists_what_was_ordered(|one| one["item"][0]["price"] = json!({}))
            .judge(&RULE)
            .passes(LISTED);
        lists_what_was_ordered(|one| one["item"] = json!([]))
            .judge(&RULE)
            .passes(LISTED);
        // Another value than was ordered is what the answer says, and the list says something else.
        lists_what_was_ordered(|one| one["item"][0]["price"]["price_micros"] = json!("70000000"))
            .judge(&RULE)
            .fails(LISTED);
    }

    #[test]
    fn who_has_no_order_is_shown_none() {
        let asked = json!({ "user_id": "72" });
        let list = |orders: Value| {
            Story::arrival().call(Method::ListOrders, asked.clone(), 200, json!({ "order": orders }))
        };
        list(json!([])).judge(&RULE).says_nothing();
        list(json!([one()])).judge(&RULE).fails(LISTED);
    }
}
