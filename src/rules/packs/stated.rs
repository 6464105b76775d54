//! BS-CREATE-31, BS-UPDATE-19

use super::{TOLD, Told, bought};
use crate::verdicts::Proof;
use crate::{Case, Rule, Scope, Verdicts, reading};
use catalogue::RequirementId;
use protocol::{Method, int64};
use serde_json::{Value, json};
use transcript::Exchange;

const CREATED: RequirementId = RequirementId::declared("BS-CREATE-31");
const UPDATED: RequirementId = RequirementId::declared("BS-UPDATE-19");

pub(crate) static RULE: Rule = Rule {
    name: "packs/stated",
    requirements: &[CREATED, UPDATED],
    manual: "A pack or membership that an answer holds states its `type`, the payment option it was bought as and, but for a membership, its \
             `original_count`. A pack that was bought is one for as many visits as the feed says, and what an earlier answer said of it \
             stays: only `current_count` and the time in which it is valid may change.",
    scope: Scope::Scenario(judge),
};

const TYPE: &str = "/type";
const COUNT: &str = "/original_count";
const KIND: &str = "/payment_option_id";
const UNLIMITED: &str = "PAYMENT_OPTION_UNLIMITED_USE";

fn judge(case: &Case<'_>, verdicts: &mut Verdicts) {
    let all: Vec<(Exchange<'_>, Told<'_>)> = case
        .answers()
        .filter_map(|exchange| Some((exchange, Told::of(&exchange)?)))
        .collect();
    for (place, (exchange, told)) in all.iter().enumerate() {
        let before = all[..place].iter().find(|(_, earlier)| earlier.id == told.id);
        let wrong = gap(told.option)
            .or_else(|| other_pack(case, exchange, told))
            .or_else(|| before.and_then(|(_, earlier)| other_than(earlier.option, told.option)));
        let words = || {
            let (pointer, due, how) = wrong.clone().unwrap_or_default();
            let actual = reading::set(told.option, pointer).cloned().unwrap_or_default();
            let field = pointer.trim_start_matches('/');
            let message = format!(
                "the `user_payment_option` in the answer to {} {how} `{field}`",
                exchange.call.method
            );
            let proof = Proof::at(exchange.entry, format!("{TOLD}{pointer}"));
            (proof.expected(due).actual(actual), message)
        };
        let is_right = wrong.is_none();
        match exchange.call.method {
            Method::CreateBooking => verdicts.check(CREATED, is_right, words),
            Method::UpdateBooking => verdicts.check(UPDATED, is_right, words),
            _ => {}
        }
    }
}

/// A field that is wrong, what is due there, and the words for it.
type Wrong = (&'static str, Value, &'static str);

/// What is not said of a pack. What has another type than it should is told by the rules about types.
fn gap(option: &Value) -> Option<Wrong> {
    let kind = reading::set(option, TYPE);
    let is_unlimited = kind.is_some_and(|kind| kind == UNLIMITED);
    let is_unsaid = kind.is_none_or(|kind| kind.as_str().is_some_and(|name| name.ends_with("_UNSPECIFIED")));
    let counts_none = reading::number(option, COUNT) == Some(0) && !is_unlimited;
    let fields = [
        (is_unsaid, TYPE),
        (counts_none, COUNT),
        (reading::set(option, KIND).is_none_or(|kind| kind == ""), KIND),
    ];
    let missing = fields.into_iter().find(|(is_missing, _)| *is_missing)?;
    Some((missing.1, json!("present"), "has no"))
}

/// What was bought, and is another pack in the answer than in the feed.
fn other_pack(case: &Case<'_>, exchange: &Exchange<'_>, told: &Told<'_>) -> Option<Wrong> {
    let wrong = "is of a pack that was bought, and has another";
    bought(case, exchange)?;
    let visits = case.slot_of(exchange)?.terms.pack_visits?;
    let kind = reading::text(told.option, TYPE).filter(|kind| reading::is_name_of("PaymentOptionType", kind));
    let count = reading::set(told.option, COUNT).and_then(int64::read);
    if kind.is_some_and(|kind| kind != "PAYMENT_OPTION_MULTI_USE") {
        return Some((TYPE, json!("PAYMENT_OPTION_MULTI_USE"), wrong));
    }
    count
        .is_some_and(|count| count != visits)
        .then(|| (COUNT, json!(visits), wrong))
}

/// What is said of a pack otherwise than before.
fn other_than(before: &Value, now: &Value) -> Option<Wrong> {
    let differs = |pointer: &&str| {
        let both = reading::set(before, pointer).zip(reading::set(now, pointer));
        both.is_some_and(|(before, now)| match (int64::read(before), int64::read(now)) {
            (Some(before), Some(now)) => before != now,
            _ => before.is_string() && now.is_string() && before != now,
        })
    };
    let pointer = [TYPE, COUNT, KIND].into_iter().find(differs)?;
    let due = reading::set(before, pointer).cloned().unwrap_or_default();
    Some((pointer, due, "has, unlike an earlier answer, another"))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{buy, pack, spend, story};
    use super::*;
    use crate::testing::Story;

    fn edited(pointer: &str, value: Value) -> Value {
        let mut one = pack("p-1", 1);
        one[pointer.trim_start_matches('/')] = value;
        one
    }

    #[test]
    fn a_pack_that_says_what_it_is_passes() {
        buy(story(), pack("p-1", 1)).judge(&RULE).passes(CREATED);
        spend(buy(story(), pack("p-1", 1)), "bk-2", "p-1", pack("p-1", 0))
            .judge(&RULE)
            .passes(CREATED);
    }

    #[test]
    fn what_a_pack_does_not_say_or_says_otherwise_is_found() {
        for (pointer, value) in [
            (TYPE, json!(null)),
            (TYPE, json!(UNLIMITED)),
            (COUNT, json!(null)),
            (COUNT, json!(3)),
            (KIND, json!("")),
        ] {
            let found = buy(story(), edited(pointer, value)).judge(&RULE).fails(CREATED);
            assert_eq!(found.evidence.pointer, Some(format!("{TOLD}{pointer}")));
        }
        let spent = spend(
            buy(story(), pack("p-1", 1)),
            "bk-2",
            "p-1",
            edited(COUNT, json!(9)),
        );
        spent.judge(&RULE).fails(CREATED);
    }

    #[test]
    fn an_update_says_the_same_of_the_pack() {
        let updated = |told: Value| {
            let answer = json!({ "booking": { "booking_id": "bk-bought", "status": "CANCELED" }, "user_payment_option": told });
            let request = json!({ "booking": { "booking_id": "bk-bought", "status": "CANCELED" } });
            buy(story(), pack("p-1", 1)).call(Method::UpdateBooking, request, 200, answer)
        };
        updated(pack("p-1", 2)).judge(&RULE).passes(UPDATED);
        updated(edited(COUNT, json!(9))).judge(&RULE).fails(UPDATED);
    }

    #[test]
    fn a_membership_counts_no_visits() {
        let member =
            json!({ "user_payment_option_id": "m-1", "type": UNLIMITED, "payment_option_id": "all" });
        let answer = json!({ "booking": { "booking_id": "bk-1", "status": "CONFIRMED" }, "user_payment_option": member });
        Story::arrival().create(answer).judge(&RULE).passes(CREATED);
    }
}
