//! BS-WAIT-15

use crate::verdicts::Proof;
use crate::{Case, Rule, Scope, Verdicts, reading};
use catalogue::RequirementId;
use protocol::{Method, int64};
use serde_json::Value;
use transcript::Exchange;

const FIELDS: RequirementId = RequirementId::declared("BS-WAIT-15");

pub(crate) static RULE: Rule = Rule {
    name: "waitlist/entry-fields",
    requirements: &[FIELDS],
    manual: "Every entry that GetWaitlistEntry returns has a `waitlist_entry_state`, the time of its creation in \
             `waitlist_entry_state_times`, and a `wait_estimate`, which is of the party that joined.",
    scope: Scope::Answer(judge),
};

const SIZE: &str = "/wait_estimate/party_size";
const CREATED: &str = "/waitlist_entry_state_times/created_time_seconds";

fn judge(case: &Case<'_>, exchange: &Exchange<'_>, verdicts: &mut Verdicts) {
    let entry = exchange
        .answer_value("/waitlist_entry")
        .filter(|entry| entry.is_object());
    let Some(entry) = entry.filter(|_| exchange.call.method == Method::GetWaitlistEntry) else {
        return;
    };
    let state = reading::text(entry, "/waitlist_entry_state");
    let is_named = state.is_some_and(|state| state != "WAITLIST_ENTRY_STATE_UNSPECIFIED");
    let created = reading::set(entry, CREATED)
        .and_then(int64::read)
        .is_some_and(|at| at > 0);
    let has_estimate = reading::set(entry, "/wait_estimate").is_some();
    let is_empty = !is_named && !created && !has_estimate;
    let fields = [
        (is_named, "/waitlist_entry_state"),
        (created, CREATED),
        (has_estimate, "/wait_estimate"),
    ];
    let missing = fields.into_iter().find(|(is_there, _)| !is_there);
    if let Some((joined, shown)) = another_party(case, exchange, entry).filter(|_| missing.is_none()) {
        let message = format!("the entry of a party of {joined} shows the estimate of a party of {shown}");
        let proof = Proof::at(exchange.entry, format!("/waitlist_entry{SIZE}"));
        return verdicts.fail(FIELDS, proof.expected(joined).actual(shown), message);
    }
    verdicts.check(FIELDS, missing.is_none(), || {
        let pointer = missing.map_or("", |(_, pointer)| pointer);
        let name = pointer.rsplit('/').next().unwrap_or_default();
        // One place for all that is missing: what rests on it is not told again.
        let pointer = match pointer {
            _ if is_empty => "",
            CREATED if !has_any_time(entry) => "/waitlist_entry_state_times",
            pointer => pointer,
        };
        let message = format!("the entry in the answer to GetWaitlistEntry has no `{name}`");
        let proof = Proof::at(exchange.entry, format!("/waitlist_entry{pointer}")).expected(name);
        (proof.actual(entry.clone()), message)
    });
}

fn has_any_time(entry: &Value) -> bool {
    let times = entry.get("waitlist_entry_state_times").and_then(Value::as_object);
    let mut times = times.into_iter().flat_map(serde_json::Map::values);
    times.any(|time| int64::read(time).is_some())
}

/// How many joined by the entry that was asked for, and of how many its estimate is, where they differ.
fn another_party(case: &Case<'_>, exchange: &Exchange<'_>, entry: &Value) -> Option<(i64, i64)> {
    let id = exchange.request_value("/waitlist_entry_id")?;
    let joined = case.transcript.exchanges_of(Method::CreateWaitlistEntry);
    let made = joined
        .filter(|made| made.answer_value("/waitlist_entry_id") == Some(id))
        .last()?;
    let joined = made.request_value("/party_size").and_then(int64::read)?;
    let shown = reading::set(entry, SIZE).and_then(int64::read)?;
    (joined != shown).then_some((joined, shown))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Story;
    use serde_json::json;

    fn verdict(change: impl FnOnce(&mut serde_json::Value)) -> crate::testing::StoryVerdict {
        let times = json!({ "created_time_seconds": "1893522600" });
        let mut entry = json!({ "waitlist_entry_state": "WAITING", "waitlist_entry_state_times": times,
            "wait_estimate": { "party_size": 2, "wait_length": {} } });
        change(&mut entry);
        let answer = json!({ "waitlist_entry": entry });
        Story::arrival()
            .call(Method::GetWaitlistEntry, json!({}), 200, answer)
            .judge(&RULE)
    }

    #[test]
    fn an_entry_has_state_times_and_estimate() {
        verdict(|_| {}).passes(FIELDS);
        verdict(|entry| entry["waitlist_entry_state_times"]["created_time_seconds"] = json!(1_893_522_600))
            .passes(FIELDS);
        verdict(|entry| entry["waitlist_entry_state"] = json!("WAITLIST_ENTRY_STATE_UNSPECIFIED"))
            .fails(FIELDS);
        verdict(|entry| entry["waitlist_entry_state_times"] = json!({})).fails(FIELDS);
        verdict(|entry| entry["wait_estimate"] = json!(null)).fails(FIELDS);
    }

    #[test]
    fn the_estimate_is_of_the_party_that_joined() {
        let looked = |joined: i64, shown: i64| {
            let entry = json!({ "waitlist_entry_state": "WAITING",
                "waitlist_entry_state_times": { "created_time_seconds": "1893522600" },
                "wait_estimate": { "party_size": shown, "wait_length": {} } });
            let (asked, made) = (
                json!({ "party_size": joined }),
                json!({ "waitlist_entry_id": "w-1" }),
            );
            Story::arrival()
                .call(Method::CreateWaitlistEntry, asked, 200, made.clone())
                .call(
                    Method::GetWaitlistEntry,
                    made,
                    200,
                    json!({ "waitlist_entry": entry }),
                )
                .judge(&RULE)
        };
        looked(4, 4).passes(FIELDS);
        looked(4, 5).fails(FIELDS);
    }
}
