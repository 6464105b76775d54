//! BS-WAIT-03

use super::{estimates, joined};
use crate::verdicts::Proof;
use crate::{Case, Rule, Scope, Verdicts, reading};
use catalogue::RequirementId;
use protocol::{Method, int64};
use serde_json::Value;
use transcript::Exchange;

const LENGTH: RequirementId = RequirementId::declared("BS-WAIT-03");

/// The bounds of the time of seating.
const BOUNDS: [&str; 2] = ["/start_seconds", "/end_seconds"];

pub(crate) static RULE: Rule = Rule {
    name: "waitlist/wait-length",
    requirements: &[LENGTH],
    manual: "Where there is a wait, `wait_length` states the parties ahead or the time of seating. That there is one is certain only of \
             an entry which is WAITING behind another entry of ours, of the same size, which was read as WAITING, too. Without a \
             wait an empty `wait_length` is right. A time of seating has both its bounds, the later one not before the other.",
    scope: Scope::Scenario(judge),
};

fn judge(case: &Case<'_>, verdicts: &mut Verdicts) {
    for exchange in case.answers() {
        judge_ranges(&exchange, verdicts);
    }
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
        // An estimate without a length is the finding of another rule.
        let Some(length) = look.answer_value("/waitlist_entry/wait_estimate/wait_length") else {
            continue;
        };
        verdicts.check(LENGTH, says_how_long(length), || {
            let message = "GetWaitlistEntry states neither parties_ahead_count nor estimated_seat_time_range for a party that waits \
                           behind another one of its size";
            let proof = Proof::at(look.entry, "/waitlist_entry/wait_estimate/wait_length");
            let proof = proof.expected("parties_ahead_count or estimated_seat_time_range");
            (proof.actual(length.clone()), message.to_owned())
        });
    }
}

/// A range of which a bound is missing tells nobody when the table is ready. Bounds that cannot be read have rules of their own.
fn judge_ranges(exchange: &Exchange<'_>, verdicts: &mut Verdicts) {
    for (pointer, estimate) in estimates(exchange) {
        let place = "/wait_length/estimated_seat_time_range";
        let Some(range) = reading::set(estimate, place).filter(|range| range.is_object()) else {
            continue;
        };
        let [start, end] = BOUNDS.map(|bound| reading::number(range, bound));
        let Some((start, end)) = start.zip(end) else {
            continue;
        };
        let missing = BOUNDS.into_iter().zip([start, end]).find(|(_, at)| *at == 0);
        let message = match missing {
            // Neither is no range, which other checks look at.
            Some(_) if start == end => continue,
            Some((bound, _)) => format!(
                "an `estimated_seat_time_range` in the answer to {} has no `{}`",
                exchange.call.method,
                bound.trim_start_matches('/')
            ),
            None if end < start => format!(
                "an `estimated_seat_time_range` in the answer to {} ends before it starts",
                exchange.call.method
            ),
            None => continue,
        };
        let bound = missing.map_or("/end_seconds", |(bound, _)| bound);
        let proof = Proof::at(exchange.entry, format!("{pointer}{place}{bound}"));
        verdicts.fail(
            LENGTH,
            proof.expected("both bounds").actual(range.clone()),
            message,
        );
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
    let bounds = BOUNDS.map(|bound| number(&format!("/estimated_seat_time_range{bound}")));
    count || bounds.into_iter().flatten().any(|at| at > 0)
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
        for range in [
            json!({ "start_seconds": "1893523800" }),
            json!({ "end_seconds": "1893523800" }),
            json!({ "start_seconds": "1893523800", "end_seconds": "1893523799" }),
        ] {
            let length = json!({ "parties_ahead_count": 1, "estimated_seat_time_range": range });
            verdict(length, "WAITING").fails(LENGTH);
        }
    }

    #[test]
    fn without_a_party_ahead_nothing_is_claimed() {
        verdict(json!({}), "SERVICE_READY").says_nothing();
    }
}
