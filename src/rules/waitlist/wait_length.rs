//! BS-WAIT-03

use super::joined;
use crate::verdicts::Proof;
use crate::{Case, Rule, Scope, Verdicts, reading};
use catalogue::RequirementId;
use protocol::{Method, int64};
use serde_json::Value;
use transcript::Exchange;

const LENGTH: RequirementId = RequirementId::declared("BS-WAIT-03");

pub(crate) static RULE: Rule = Rule {
    name: "waitlist/wait-length",
    requirements: &[LENGTH],
    manual: "Where there is a wait, `wait_length` states the parties ahead or the time of seating. That there is one is certain only of \
             an entry which is WAITING behind another entry of ours, of the same size, which was read as WAITING, too. Without a \
             wait an empty `wait_length` is right.",
    scope: Scope::Scenario(judge),
};

fn judge(case: &Case<'_>, verdicts: &mut Verdicts) {
    let joins: Vec<_> = case.answers().filter(|one| joined(one).is_some()).collect();
    let looks: Vec<_> = case
        .answers()
        .filter(|one| one.call.method == Method::GetWaitlistEntry)
        .collect();
    for (place, later) in joins.iter().enumerate() {
        let size = later.request_value("/party_size");
        let mut ahead = joins[..place]
            .iter()
            .filter(|one| one.request_value("/party_size") == size && joined(one) != joined(later));
        let first_look = looks.iter().find(|look| is_waiting(look, joined(later)));
        let Some(look) = first_look else { continue };
        // Whoever is still waiting after this look was ahead at its time.
        let is_ahead = |one: &Exchange<'_>| {
            let mut after = looks.iter().filter(|other| other.entry > look.entry);
            after.any(|other| is_waiting(other, joined(one)))
        };
        if !ahead.any(is_ahead) {
            continue;
        }
        let length = look.answer_value("/waitlist_entry/wait_estimate/wait_length");
        verdicts.check(LENGTH, length.is_some_and(says_how_long), || {
            let message = "GetWaitlistEntry states neither parties_ahead_count nor estimated_seat_time_range for a party that waits \
                           behind another one of its size";
            let proof = Proof::at(look.entry, "/waitlist_entry/wait_estimate/wait_length");
            let proof = proof.expected("parties_ahead_count or estimated_seat_time_range");
            (proof.actual(length.cloned().unwrap_or_default()), message.to_owned())
        });
    }
}

fn is_waiting(look: &Exchange<'_>, id: Option<&str>) -> bool {
    let asked = look.request_value("/waitlist_entry_id").and_then(Value::as_str);
    let state = look.answer_text("/waitlist_entry/waitlist_entry_state");
    asked == id && state == Some("WAITING")
}

fn says_how_long(length: &Value) -> bool {
    let number = |pointer: &str| reading::set(length, pointer).and_then(int64::read);
    let count = number("/parties_ahead_count").is_some_and(|count| count > 0);
    let range = [
        "/estimated_seat_time_range/start_seconds",
        "/estimated_seat_time_range/end_seconds",
    ];
    count || range.iter().any(|bound| number(bound).is_some_and(|at| at > 0))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::needless_pass_by_value, reason = "a test writes its values in place")]
    use super::*;
    use crate::testing::Story;
    use serde_json::json;

    fn verdict(length: serde_json::Value, first: &str) -> crate::testing::StoryVerdict {
        let join = |id: &str| {
            (
                json!({ "party_size": 2, "idempotency_token": id }),
                json!({ "waitlist_entry_id": id }),
            )
        };
        let mut story = Story::arrival();
        for id in ["a", "b"] {
            let (asked, answer) = join(id);
            story = story.call(Method::CreateWaitlistEntry, asked, 200, answer);
        }
        let estimate = json!({ "party_size": 2, "wait_length": length });
        let looks = [("b", "WAITING", estimate), ("a", first, json!({}))];
        for (id, state, estimate) in looks {
            let entry =
                json!({ "waitlist_entry": { "waitlist_entry_state": state, "wait_estimate": estimate } });
            story = story.call(
                Method::GetWaitlistEntry,
                json!({ "waitlist_entry_id": id }),
                200,
                entry,
            );
        }
        story.judge(&RULE)
    }

    #[test]
    fn who_waits_behind_another_is_told_how_long() {
        verdict(json!({ "parties_ahead_count": 1 }), "WAITING").passes(LENGTH);
        let range = json!({ "start_seconds": "1893523800", "end_seconds": 1_893_525_000 });
        verdict(json!({ "estimated_seat_time_range": range }), "WAITING").passes(LENGTH);
        verdict(json!({}), "WAITING").fails(LENGTH);
        verdict(json!({ "estimated_seat_time_range": {} }), "WAITING").fails(LENGTH);
    }

    #[test]
    fn without_a_party_ahead_nothing_is_claimed() {
        verdict(json!({}), "SERVICE_READY").says_nothing();
    }
}
