//! BS-BAL-15

use super::{pairs, repeats};
use crate::verdicts::Proof;
use crate::{Case, Rule, Scope, Verdicts};
use catalogue::RequirementId;
use serde_json::Value;
use transcript::Exchange;

const ORDER: RequirementId = RequirementId::declared("BS-BAL-15");

pub(crate) static RULE: Rule = Rule {
    name: "availability/order",
    requirements: &[ORDER],
    manual: "The entries of an answer should come in the order in which the slots were asked for, as in the example of Google's pages; none says \
             so in words. Entries that repeat \
             none of the slots have a rule of their own; then nothing is said about their order.",
    scope: Scope::Answer(judge),
};

fn judge(_: &Case<'_>, exchange: &Exchange<'_>, verdicts: &mut Verdicts) {
    let Some((asked, entries)) = pairs(exchange).filter(|(asked, _)| asked.len() > 1) else {
        return;
    };
    let misplaced = (0..asked.len()).find(|place| !repeats(&entries[*place], &asked[*place]));
    let is_other = |entry: &Value| !asked.iter().any(|one| repeats(entry, one));
    if misplaced.is_some() && entries.iter().any(is_other) {
        return;
    }
    verdicts.check(ORDER, misplaced.is_none(), || {
        let place = misplaced.unwrap_or_default();
        let proof = Proof::at(
            exchange.entry,
            format!("/slot_time_availability/{place}/slot_time"),
        );
        let proof = proof
            .expected(asked[place].clone())
            .actual(entries[place]["slot_time"].clone());
        (
            proof,
            "the entries come in another order than the slots were asked for; as far as Google's pages show, by an example, they come in \
             that order"
                .to_owned(),
        )
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Story, StoryVerdict};
    use protocol::Method;
    use serde_json::json;

    fn slot(start: i64) -> Value {
        json!({ "service_id": "cut", "start_sec": start.to_string() })
    }

    fn judge_starts(starts: &[i64]) -> StoryVerdict {
        let entry = |start: &i64| json!({ "slot_time": slot(*start), "available": true });
        let entries: Vec<Value> = starts.iter().map(entry).collect();
        let request = json!({ "merchant_id": "salon", "slot_time": [slot(100), slot(200)] });
        let answer = json!({ "slot_time_availability": entries });
        let story = Story::arrival().call(Method::BatchAvailabilityLookup, request, 200, answer);
        story.judge(&RULE)
    }

    #[test]
    fn the_order_of_the_request_passes() {
        judge_starts(&[100, 200]).passes(ORDER);
    }

    #[test]
    fn another_order_warns() {
        judge_starts(&[200, 100]).warns(ORDER);
    }

    #[test]
    fn entries_of_other_slots_are_another_rules_finding() {
        judge_starts(&[100, 300]).says_nothing();
        judge_starts(&[100]).says_nothing();
    }
}
