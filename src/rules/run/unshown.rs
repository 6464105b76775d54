//! BS-UPDATE-02, BS-UPDATE-07

use crate::update::carried_out::{Unshown, unshown};
use crate::verdicts::Proof;
use crate::{Rule, Run, Scope, Verdicts};
use catalogue::RequirementId;
use outcome::Repeated;

const CANCELED: RequirementId = RequirementId::declared("BS-UPDATE-02");
const SHOWN: RequirementId = RequirementId::declared("BS-UPDATE-07");

pub(crate) static RULE: Rule = Rule {
    name: "run/unshown",
    requirements: &[CANCELED, SHOWN],
    manual: "Where nothing that can be read back says anywhere in the run whether changes are made, the answers alone are judged: a \
             cancellation must be answered with CANCELED, and a move with the new time.",
    scope: Scope::Run(judge),
};

fn judge(run: &Run<'_>, verdicts: &mut Verdicts) {
    let all: Vec<Unshown> = run.cases.iter().flat_map(unshown).collect();
    for (requirement, cancels, what) in [(CANCELED, true, "cancellation"), (SHOWN, false, "change")] {
        let its: Vec<&Unshown> = all.iter().filter(|one| one.cancels == cancels).collect();
        let Some(first) = its.first() else { continue };
        // Where anything is read back its rule has said more.
        if its.iter().any(|one| one.carried_out.is_some()) {
            continue;
        }
        let name = first.field.rsplit('/').next().unwrap_or_default();
        let message = format!(
            "UpdateBooking with \"{name}\": {} was answered {} ({} of the run's answers to a {what} show the booking as it was)",
            first.asked,
            first.shown,
            its.len(),
        );
        let proof = Proof {
            repeated: Some(places(&its)),
            ..Proof::at(first.entry, format!("/booking{}", first.field))
        };
        let proof = proof.in_scenario(&first.scenario);
        let proof = proof.expected(first.asked.clone()).actual(first.shown.clone());
        verdicts.fail(requirement, proof, message);
    }
}

/// Every scenario in which an answer shows it.
fn places(all: &[&Unshown]) -> Repeated {
    let mut scenarios: Vec<String> = all.iter().map(|one| one.scenario.clone()).collect();
    scenarios.dedup();
    Repeated {
        count: all.len(),
        scenarios,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Story, booking, judge_run};
    use protocol::Method;
    use serde_json::{Value, json};

    fn cancelled(status: &str) -> Story {
        let mut answer = booking();
        answer["booking"]["status"] = json!(status);
        Story::arrival().create(booking()).cancel(answer)
    }

    fn read(story: Story, status: &str) -> Story {
        let state = json!({ "booking_id": "bk-0001", "booking_status": status });
        let asked = json!({ "booking_id": "bk-0001" });
        story.call(Method::GetBookingStatus, asked, 200, state)
    }

    fn moved(start: &str) -> Story {
        let mut answer = booking();
        answer["booking"]["slot"]["start_sec"] = json!(start);
        let slot = json!({ "start_sec": "1893488400", "duration_sec": "1800" });
        let request: Value = json!({ "booking": { "booking_id": "bk-0001", "slot": slot } });
        Story::arrival()
            .create(booking())
            .call(Method::UpdateBooking, request, 200, answer)
    }

    #[test]
    fn answers_that_show_the_change_say_nothing() {
        judge_run(&[cancelled("CANCELED"), moved("1893488400")], &RULE).says_nothing();
    }

    #[test]
    fn where_it_can_be_read_back_another_rule_speaks() {
        judge_run(
            &[read(cancelled("CONFIRMED"), "CANCELED"), cancelled("CONFIRMED")],
            &RULE,
        )
        .says_nothing();
    }

    #[test]
    fn the_answer_alone_is_enough_where_nothing_is_read_back() {
        let found = judge_run(&[cancelled("CONFIRMED"), cancelled("CONFIRMED")], &RULE).fails(CANCELED);
        let start = "UpdateBooking with \"status\": \"CANCELED\" was answered \"CONFIRMED\" (2 of";
        assert!(found.message.starts_with(start), "{}", found.message);
        judge_run(&[moved("1893484800")], &RULE).fails(SHOWN);
    }
}
