//! BS-BAL-12

use super::{entry_of, paired};
use crate::catalogue::RequirementId;
use crate::rules::bench::Proof;
use crate::rules::{Bench, Case, Rule, Scope, reading};
use crate::transcript::Exchange;
use serde_json::Value;

const MODE: RequirementId = RequirementId::declared("BS-BAL-12");
const LATER: &str = "CONFIRMATION_MODE_ASYNCHRONOUS";

pub(in crate::rules) static RULE: Rule = Rule {
    name: "availability/mode",
    requirements: &[MODE],
    manual: "Where a slot that the merchant confirms later was asked for with its mode, its entry should repeat \
             CONFIRMATION_MODE_ASYNCHRONOUS. Slots that are confirmed at once may go without.",
    scope: Scope::Answer(judge),
};

fn judge(_: &Case<'_>, exchange: &Exchange<'_>, bench: &mut Bench) {
    let Some((asked, entries)) = paired(exchange) else {
        return;
    };
    for slot in asked.iter().filter(|slot| mode(slot) == Some(LATER)) {
        let Some((place, entry)) = entry_of(slot, entries) else {
            continue;
        };
        let told = entry.get("slot_time").and_then(mode);
        bench.check(MODE, told == Some(LATER), || {
            let pointer = format!("/slot_time_availability/{place}/slot_time/confirmation_mode");
            let proof = Proof::at(exchange.entry, pointer).expected(LATER).actual(told);
            let message = "the entry of a slot that the merchant confirms later does not say so";
            (proof, message.to_owned())
        });
    }
}

fn mode(slot_time: &Value) -> Option<&str> {
    reading::text(slot_time, "/confirmation_mode")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::Method;
    use crate::rules::testing::{Story, Told};
    use serde_json::json;

    fn judged(asked: &str, told: &Value) -> Told {
        let slot =
            |mode: Value| json!({ "service_id": "cut", "start_sec": "100", "confirmation_mode": mode });
        let request = json!({ "merchant_id": "salon", "slot_time": [slot(json!(asked))] });
        let entry = json!({ "slot_time": slot(told.clone()), "available": true });
        let answer = json!({ "slot_time_availability": [entry] });
        let story = Story::arrival().call(Method::BatchAvailabilityLookup, request, 200, answer);
        story.judge(&RULE)
    }

    #[test]
    fn the_mode_is_repeated() {
        judged(LATER, &json!(LATER)).passes(MODE);
        judged("CONFIRMATION_MODE_SYNCHRONOUS", &json!(null)).says_nothing();
    }

    #[test]
    fn another_mode_or_none_warns() {
        judged(LATER, &json!(null)).warns(MODE);
        judged(LATER, &json!("CONFIRMATION_MODE_SYNCHRONOUS")).warns(MODE);
    }
}
