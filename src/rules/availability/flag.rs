//! BS-BAL-01

use crate::verdicts::Proof;
use crate::{Case, Rule, Scope, Verdicts};
use catalogue::RequirementId;
use protocol::Method;
use protocol::availability::{free_in_other_words, is_other_word};
use serde_json::Value;
use transcript::Exchange;

const ENTRY: RequirementId = RequirementId::declared("BS-BAL-01");

pub(crate) static RULE: Rule = Rule {
    name: "availability/flag",
    requirements: &[ENTRY],
    manual: "Whether a slot is free is read from `available`, a boolean, and from nothing else; proto3 leaves it out where it is \
             false. An answer that never says so, and names free slots by a field of its own, makes every slot look taken. A \
             server that has said `available: true` in the same history may add what it likes.",
    scope: Scope::Answer(judge),
};

fn judge(case: &Case<'_>, exchange: &Exchange<'_>, verdicts: &mut Verdicts) {
    let free = entries(exchange).find_map(|(place, entry)| {
        let (name, value) = free_in_other_words(entry)?;
        Some((place, entry, name, value))
    });
    let Some((place, entry, name, value)) = free.filter(|_| has_dialect(case)) else {
        return;
    };
    let words = entry.as_object().into_iter().flat_map(|fields| fields.keys());
    let words: Vec<_> = words
        .filter(|name| is_other_word(name))
        .map(|name| format!("\"{name}\""))
        .collect();
    let (verb, pronoun) = if words.len() == 1 {
        ("stands", "it")
    } else {
        ("stand", "them")
    };
    let message = format!(
        "the entries of the look-up have no \"available\"; {} {verb} there, and Google does not read {pronoun}, so every slot \
         counts as taken",
        words.join(" and ")
    );
    let proof = Proof::at(exchange.entry, format!("/slot_time_availability/{place}/{name}"));
    let proof = proof.expected("\"available\": true").actual(value.clone());
    verdicts.fail(ENTRY, proof, message);
}

/// True when look-ups of a history never say `available: true`, and say in other words that a slot is free.
pub(crate) fn has_dialect(case: &Case<'_>) -> bool {
    let says = |says: fn(&Value) -> bool| {
        let mut all = case.transcript.exchanges_of(Method::BatchAvailabilityLookup);
        all.any(|exchange| entries(&exchange).any(|(_, entry)| says(entry)))
    };
    says(|entry| free_in_other_words(entry).is_some()) && !says(|entry| entry["available"] == true)
}

fn entries<'t>(exchange: &Exchange<'t>) -> impl Iterator<Item = (usize, &'t Value)> {
    let is_look_up = exchange.call.method == Method::BatchAvailabilityLookup;
    let list = exchange
        .answer_value("/slot_time_availability")
        .and_then(Value::as_array)
        .filter(|_| is_look_up);
    list.into_iter().flatten().enumerate()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Story;
    use serde_json::json;

    fn look_up(story: Story, entry: &Value) -> Story {
        let slot = json!({ "service_id": "cut", "start_sec": "100", "duration_sec": "1800" });
        let request = json!({ "merchant_id": "salon", "slot_time": [slot] });
        let mut entry = entry.clone();
        entry["slot_time"] = slot;
        let answer = json!({ "slot_time_availability": [entry] });
        story.call(Method::BatchAvailabilityLookup, request, 200, answer)
    }

    #[test]
    fn a_boolean_with_whatever_else_says_nothing() {
        let taken = json!({ "spots_open": 0 });
        look_up(Story::arrival(), &taken).judge(&RULE).says_nothing();
        let free = json!({ "available": true, "count_available": 3 });
        look_up(Story::arrival(), &free).judge(&RULE).says_nothing();
        // Closed, with seats that nobody may book: the server knows the word.
        let closed = json!({ "seats": 3 });
        look_up(look_up(Story::arrival(), &free), &closed)
            .judge(&RULE)
            .says_nothing();
    }

    #[test]
    fn a_count_or_an_enum_in_its_place_is_named() {
        let words = |entry: Value| {
            look_up(Story::arrival(), &entry)
                .judge(&RULE)
                .fails(ENTRY)
                .message
        };
        let count = words(json!({ "count_available": 1 }));
        assert!(count.contains("\"count_available\" stands there"), "{count}");
        let both = words(json!({ "availability": "AVAILABLE", "spots_open": 1 }));
        let named = "\"availability\" and \"spots_open\" stand there";
        assert!(both.contains(named), "{both}");
    }
}
