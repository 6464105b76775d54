//! BS-ORDER-05

use super::{amount, asked, entries, has_other_tickets, has_same_tickets, is_same_slot, items, orders, said};
use crate::verdicts::Proof;
use crate::{Case, Rule, Scope, Verdicts, reading};
use catalogue::RequirementId;
use serde_json::Value;
use transcript::Exchange;

const PRICE: RequirementId = RequirementId::declared("BS-ORDER-05");

pub(crate) static RULE: Rule = Rule {
    name: "orders/price",
    requirements: &[PRICE],
    manual: "Where an item can be fulfilled at another price than was asked for, the answer states that price, with PRICE_INCREASE \
             or PRICE_DECREASE as `warning_reason`, whichever it is; where the price stays, it names neither. Who is asked twice \
             for the same tickets within a minute and repeats a different price each time corrects none of them. INCORRECT_PRICE \
             says the same by a refusal. What can be fulfilled, and what was ordered, has a price, in the currency of the feed.",
    scope: Scope::Scenario(judge),
};

/// An item that was asked for, with what came back.
struct Priced<'t> {
    exchange: Exchange<'t>,
    asked: &'t Value,
    pointer: String,
    answered: &'t Value,
    is_refused: bool,
}

fn judge(case: &Case<'_>, verdicts: &mut Verdicts) {
    let all: Vec<Priced<'_>> = case.answers().flat_map(|exchange| priced(&exchange)).collect();
    for (place, one) in all.iter().enumerate() {
        if let Some((pointer, message)) = unreadable(one) {
            let due = one.asked.get("price").cloned().unwrap_or_default();
            let proof = Proof::at(one.exchange.entry, format!("{}{pointer}", one.pointer)).expected(due);
            let actual = one.answered.get("price").cloned().unwrap_or_default();
            verdicts.fail(PRICE, proof.actual(actual), message);
        } else if let Some(wrong) = wrong_reason(one) {
            let proof = Proof::at(one.exchange.entry, format!("{}/warning_reason", one.pointer));
            let actual = one.answered.get("warning_reason").cloned().unwrap_or_default();
            verdicts.fail(PRICE, proof.expected(wrong.0).actual(actual), wrong.1);
        } else if all[..place].iter().any(|before| is_repeated(case, before, one)) {
            let proof = Proof::at(one.exchange.entry, format!("{}/price", one.pointer));
            let message = "the same tickets were asked for at two prices, and each price was repeated as if it were right";
            verdicts.fail(PRICE, proof, message);
        } else if is_corrected(one) {
            verdicts.pass(PRICE);
        }
    }
}

fn priced<'t>(exchange: &Exchange<'t>) -> Vec<Priced<'t>> {
    let entries = entries(exchange).into_iter().filter_map(|(pointer, entry)| {
        let result = entry.get("result")?.as_str()?;
        let is_refused = result == "INCORRECT_PRICE";
        let answered = entry.get("item")?;
        (is_refused || result == "CAN_FULFILL").then(|| (format!("{pointer}/item"), answered, is_refused))
    });
    let made = orders(exchange);
    let made = made.iter().flat_map(|(pointer, order)| items(pointer, order));
    let made = made.map(|(pointer, item)| (pointer, item, false));
    let all = asked(exchange);
    let found = entries.chain(made).filter_map(|(pointer, answered, is_refused)| {
        let mut same = all
            .iter()
            .filter(|item| is_same_slot(item, answered) && !has_other_tickets(item, answered));
        let asked = *same.next()?;
        // Which of two like items an entry means cannot be told.
        same.next().is_none().then_some(Priced {
            exchange: *exchange,
            asked,
            pointer,
            answered,
            is_refused,
        })
    });
    found.collect()
}

/// Where an item that is not refused has no price, or none that can be held against the one that was asked for. What has another
/// type than it should is told by the rule about types.
fn unreadable(one: &Priced<'_>) -> Option<(&'static str, &'static str)> {
    let (micros, currency) = amount(one.asked, "/price").filter(|_| !one.is_refused)?;
    let Some(price) = reading::set(one.answered, "/price") else {
        let is_due = micros != 0;
        return is_due.then_some(("/price", "an item that can be had has no price in the answer"));
    };
    let code = "/currency_code";
    let is_text = price.is_object() && reading::set(price, code).is_none_or(Value::is_string);
    let is_other = is_text && reading::text(price, code) != Some(currency);
    is_other.then_some((
        "/price/currency_code",
        "the price of an item is answered in another currency than that of the feed, or in none",
    ))
}

/// By how much the price moved; none where that cannot be told.
fn moved(one: &Priced<'_>) -> Option<i64> {
    let (asked, currency) = amount(one.asked, "/price")?;
    let (answered, same) = amount(one.answered, "/price")?;
    (currency == same).then(|| answered.saturating_sub(asked))
}

/// The reason that is due, and what is wrong about the one that is there.
fn wrong_reason(one: &Priced<'_>) -> Option<(&'static str, &'static str)> {
    let moved = moved(one)?;
    let due = match moved.signum() {
        1 => Some("PRICE_INCREASE"),
        -1 => Some("PRICE_DECREASE"),
        _ => None,
    };
    let there = said(one.answered, "/warning_reason");
    if there == due || one.is_refused && there.is_none() {
        return None;
    }
    Some(match (due, there) {
        (Some(due), _) => (
            due,
            "the price of an item was changed, and no warning reason, or another one, says so",
        ),
        (None, _) => (
            "absent",
            "a warning reason stands beside a price that did not change",
        ),
    })
}

fn is_corrected(one: &Priced<'_>) -> bool {
    one.is_refused || moved(one).is_some_and(|moved| moved != 0)
}

/// True when the same tickets cost something else a moment before, and this price is only repeated.
fn is_repeated(case: &Case<'_>, before: &Priced<'_>, one: &Priced<'_>) -> bool {
    let same = is_same_slot(before.asked, one.asked) && has_same_tickets(before.asked, one.asked);
    let prices = (amount(before.answered, "/price"), amount(one.answered, "/price"));
    let differ = matches!(prices, (Some(earlier), Some(later)) if earlier != later && earlier.1 == later.1);
    let fulfilled = !before.is_refused && !one.is_refused;
    // What was wrong about the earlier price has its finding.
    same && differ
        && wrong_reason(before).is_none()
        && fulfilled
        && moved(one) == Some(0)
        && case.is_undisturbed(&before.exchange, &one.exchange)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{answer, check, entry, item};
    use super::*;
    use crate::testing::Story;
    use protocol::Method;
    use serde_json::json;

    fn asked(story: Story, asked: i64, answered: i64, reason: Option<&str>, result: &str) -> Story {
        let mut item_back = item(0, answered);
        if let Some(reason) = reason {
            item_back["warning_reason"] = json!(reason);
        }
        let answer = answer(result, &[entry(&item_back, result)]);
        let request = check(&[item(0, asked)]);
        story.call(Method::CheckOrderFulfillability, request, 200, answer)
    }

    const CAN: &str = "CAN_FULFILL";

    #[test]
    fn a_price_that_is_corrected_with_its_reason_passes() {
        let story = asked(Story::arrival(), 60, 60, None, CAN);
        let story = asked(story, 30, 60, Some("PRICE_INCREASE"), CAN);
        asked(story, 120, 60, Some("PRICE_DECREASE"), CAN)
            .judge(&RULE)
            .passes(PRICE);
        asked(Story::arrival(), 30, 30, None, "INCORRECT_PRICE")
            .judge(&RULE)
            .passes(PRICE);
    }

    #[test]
    fn a_missing_or_a_wrong_reason_is_found() {
        asked(Story::arrival(), 30, 60, None, CAN)
            .judge(&RULE)
            .fails(PRICE);
        asked(Story::arrival(), 30, 60, Some("PRICE_DECREASE"), CAN)
            .judge(&RULE)
            .fails(PRICE);
        asked(Story::arrival(), 60, 60, Some("PRICE_INCREASE"), CAN)
            .judge(&RULE)
            .fails(PRICE);
    }

    #[test]
    fn a_price_that_is_only_repeated_is_found() {
        let story = asked(Story::arrival(), 60, 60, None, CAN);
        asked(story, 30, 30, None, CAN).judge(&RULE).fails(PRICE);
    }

    #[test]
    fn no_price_or_one_in_another_currency_is_found() {
        let priced = |price: Value, result: &str| {
            let mut back = item(0, 60);
            back["price"] = price;
            let answer = answer(result, &[entry(&back, result)]);
            let story = Story::arrival();
            story.call(
                Method::CheckOrderFulfillability,
                check(&[item(0, 60)]),
                200,
                answer,
            )
        };
        priced(Value::Null, CAN).judge(&RULE).fails(PRICE);
        priced(json!({ "price_micros": "60000000" }), CAN)
            .judge(&RULE)
            .fails(PRICE);
        priced(json!({ "price_micros": "60000000", "currency_code": "USD" }), CAN)
            .judge(&RULE)
            .fails(PRICE);
        priced(Value::Null, "SLOT_UNAVAILABLE")
            .judge(&RULE)
            .says_nothing();
    }

    #[test]
    fn one_price_that_is_right_says_nothing() {
        asked(Story::arrival(), 60, 60, None, CAN)
            .judge(&RULE)
            .says_nothing();
    }
}
