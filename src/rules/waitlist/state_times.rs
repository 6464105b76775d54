//! BS-WAIT-07

use crate::verdicts::Proof;
use crate::{Case, Rule, Scope, Verdicts, reading};
use catalogue::RequirementId;
use protocol::{Method, int64};
use serde_json::Value;
use transcript::Exchange;

const TIMES: RequirementId = RequirementId::declared("BS-WAIT-07");

pub(crate) static RULE: Rule = Rule {
    name: "waitlist/state-times",
    requirements: &[TIMES],
    manual: "The time of the state that an entry is in is set, and the times of the ends that it did not come to (cancelled, seated, no \
             show) are not: an entry comes to one end only. A table that was ready, or a party that checked in, may have been so \
             before. Pending and declined have no time.",
    scope: Scope::Answer(judge),
};

/// Each state that has a time, and its field.
const OF_STATES: [(&str, &str); 5] = [
    ("CANCELED", "canceled_time_seconds"),
    ("SERVICE_READY", "service_readied_time_seconds"),
    ("CHECKED_IN", "checked_in_time_seconds"),
    ("SEATED", "seated_time_seconds"),
    ("NO_SHOW", "marked_no_show_time_seconds"),
];

/// States that an entry does not leave.
const ENDS: [&str; 3] = ["CANCELED", "SEATED", "NO_SHOW"];

fn judge(_: &Case<'_>, exchange: &Exchange<'_>, verdicts: &mut Verdicts) {
    let entry = exchange.answer_value("/waitlist_entry");
    let Some(entry) = entry.filter(|_| exchange.call.method == Method::GetWaitlistEntry) else {
        return;
    };
    // An entry without the time of its creation has the finding of another rule.
    let state = reading::text(entry, "/waitlist_entry_state");
    let Some(state) = state.filter(|_| has_time(entry, "created_time_seconds")) else {
        return;
    };
    let is_set = |field: &str| has_time(entry, field);
    let missing = OF_STATES
        .iter()
        .find(|(known, field)| *known == state && !is_set(field));
    let early = OF_STATES
        .iter()
        .find(|(known, field)| *known != state && ENDS.contains(known) && is_set(field));
    let proof = |field: &str| {
        let times = entry
            .get("waitlist_entry_state_times")
            .cloned()
            .unwrap_or_default();
        Proof::at(
            exchange.entry,
            format!("/waitlist_entry/waitlist_entry_state_times/{field}"),
        )
        .actual(times)
    };
    if let Some((_, field)) = missing {
        let message =
            format!("GetWaitlistEntry says `\"waitlist_entry_state\": \"{state}\"` and has no `{field}`");
        verdicts.fail(
            TIMES,
            proof(field).expected(format!("{field} of the moment")),
            message,
        );
    } else if let Some((other, field)) = early {
        let message = format!(
            "GetWaitlistEntry says `\"waitlist_entry_state\": \"{state}\"` and has a `{field}`, the time of {other}"
        );
        verdicts.fail(TIMES, proof(field).expected(format!("no {field}")), message);
    } else {
        verdicts.pass(TIMES);
    }
}

/// Zero is what an unset time reads as.
fn has_time(entry: &Value, field: &str) -> bool {
    let time = reading::set(entry, &format!("/waitlist_entry_state_times/{field}"));
    time.and_then(int64::read).is_some_and(|at| at != 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Story;
    use serde_json::json;

    fn verdict(state: &str, mut times: serde_json::Value) -> crate::testing::StoryVerdict {
        times["created_time_seconds"] = json!(4);
        let entry = json!({ "waitlist_entry_state": state, "waitlist_entry_state_times": times });
        let answer = json!({ "waitlist_entry": entry });
        Story::arrival()
            .call(Method::GetWaitlistEntry, json!({}), 200, answer)
            .judge(&RULE)
    }

    #[test]
    fn the_time_of_the_state_is_set() {
        verdict("WAITING", json!({ "created_time_seconds": 5 })).passes(TIMES);
        verdict("SEATED", json!({ "seated_time_seconds": "7", "service_readied_time_seconds": 6, "canceled_time_seconds": 0 }))
            .passes(TIMES);
        let found = verdict("CANCELED", json!({ "created_time_seconds": 5 }))
            .fails(TIMES)
            .message
            .clone();
        assert!(found.contains("canceled_time_seconds"), "{found}");
    }

    #[test]
    fn the_time_of_another_end_is_not() {
        verdict("WAITING", json!({ "canceled_time_seconds": 5 })).fails(TIMES);
        verdict(
            "SEATED",
            json!({ "seated_time_seconds": 7, "marked_no_show_time_seconds": 8 }),
        )
        .fails(TIMES);
        verdict("PENDING_MERCHANT_CONFIRMATION", json!({})).passes(TIMES);
    }
}
