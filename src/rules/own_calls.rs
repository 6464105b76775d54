//! The calls that the harness makes by itself, to look slots up and to cancel what it booked, and what the partner notified
//! of these cancellations: judged like all others, as findings of the run. No scenario turns red for what it did not ask for.

use super::verdicts::Proof;
use super::{Case, RULES, Rule, Run, Verdicts, answers, availability, online, update};
use catalogue::RequirementId;
use outcome::{Finding, Repeated, Verdict};

/// The rules about the form of an answer, whatever it is an answer to.
const FORM: [&Rule; 9] = [
    &answers::content_type::RULE,
    &answers::enum_names::RULE,
    &answers::field_names::RULE,
    &answers::seconds::RULE,
    &answers::wire_types::RULE,
    &availability::entries::RULE,
    &availability::flag::RULE,
    &online::session_names::RULE,
    &update::outcome::RULE,
];

/// One cause, with its places.
struct Group {
    first: Finding,
    repeated: Repeated,
}

/// Adds what is wrong with these calls, each cause once with its count.
pub(super) fn judge(run: &Run<'_>, verdicts: &mut Verdicts) {
    let mut groups: Vec<Group> = Vec::new();
    for case in run.cases {
        for finding in findings(case) {
            add(&mut groups, case, finding);
        }
    }
    for group in groups {
        record(group, verdicts);
    }
}

fn findings(case: &Case<'_>) -> Vec<Finding> {
    let mut verdicts = Verdicts::default();
    for rule in FORM {
        rule.judge_own_answers(case, &mut verdicts);
    }
    update::kept::judge_own(case, &mut verdicts);
    for rule in RULES {
        rule.judge_final_notifications(case, &mut verdicts);
    }
    verdicts.conclude().0
}

fn add(groups: &mut Vec<Group>, case: &Case<'_>, finding: Finding) {
    let is_same = |group: &&mut Group| {
        let known: (RequirementId, &str) = (group.first.requirement, &group.first.message);
        known == (finding.requirement, &finding.message)
    };
    let scenario = case.scenario.id.clone();
    let Some(known) = groups.iter_mut().find(is_same) else {
        let repeated = Repeated {
            count: 1,
            scenarios: vec![scenario],
        };
        return groups.push(Group {
            first: finding,
            repeated,
        });
    };
    known.repeated.count += 1;
    if known.repeated.scenarios.last() != Some(&scenario) {
        known.repeated.scenarios.push(scenario);
    }
}

fn record(group: Group, verdicts: &mut Verdicts) {
    let Group { first, repeated } = group;
    let evidence = first.evidence;
    let proof = Proof {
        scenario: repeated.scenarios.first().cloned(),
        entry: evidence.entry,
        pointer: evidence.pointer,
        expected: evidence.expected,
        actual: evidence.actual,
        repeated: Some(repeated),
    };
    match first.verdict {
        Verdict::Fail => verdicts.fail(first.requirement, proof, first.message),
        _ => verdicts.warn(first.requirement, proof, first.message),
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail loudly")]
    use super::*;
    use crate::notification::essentials;
    use crate::testing::{Story, booking, changes, copy, run_of};
    use serde_json::{Value, json};

    fn conclude(stories: &[Story]) -> Vec<Finding> {
        let cases: Vec<_> = stories.iter().map(Story::case).collect();
        let mut verdicts = Verdicts::default();
        judge(&run_of(&cases), &mut verdicts);
        verdicts.conclude().0
    }

    fn looked_up(available: &Value) -> Story {
        let slot = json!({ "service_id": "cut", "start_sec": "100", "duration_sec": "1800" });
        let request = json!({ "merchant_id": "salon", "slot_time": [slot] });
        let answer = json!({ "slot_time_availability": [{ "slot_time": slot, "available": available }] });
        Story::arrival().prepare(request, 200, answer)
    }

    #[test]
    fn right_look_ups_and_cancellations_say_nothing() {
        let mut canceled = booking();
        canceled["booking"]["status"] = json!("CANCELED");
        let story = looked_up(&json!(true)).create(booking()).finally();
        let told = changes(json!({ "status": "CANCELED" }));
        let story = story.cancel(canceled).patch(
            Some("status"),
            told,
            copy("CANCELED", None),
            copy("CANCELED", None),
        );
        assert_eq!(conclude(&[story]), []);
    }

    #[test]
    fn a_cancellation_that_answers_with_another_booking_s_data_is_one_finding() {
        let mut canceled = booking();
        canceled["booking"]["status"] = json!("CANCELED");
        canceled["booking"]["slot"]["availability_tag"] = json!("other");
        let story = || {
            looked_up(&json!(true))
                .create(booking())
                .finally()
                .cancel(canceled.clone())
        };
        let found = conclude(&[story(), story()]);
        assert_eq!(found.len(), 1, "{found:#?}");
        assert_eq!(found[0].requirement.as_str(), "BS-UPDATE-04");
    }

    #[test]
    fn a_text_in_place_of_a_boolean_is_one_finding_with_its_count() {
        let found = conclude(&[looked_up(&json!("true")), looked_up(&json!("false"))]);
        assert_eq!(found.len(), 1, "{found:#?}");
        assert_eq!(found[0].requirement.as_str(), "BS-BAL-01");
        assert_eq!(found[0].repeated.as_ref().map(|repeated| repeated.count), Some(2));
        assert!(
            found[0].evidence.scenario.is_some(),
            "the entry is one of that history"
        );
    }

    #[test]
    fn what_the_clean_up_brings_about_turns_no_scenario_red() {
        let mut bare = changes(json!({ "status": "CANCELED" }));
        bare.as_object_mut()
            .unwrap()
            .retain(|name, _| name != "merchantId");
        let story = || {
            let story = Story::arrival().create(booking()).finally();
            let (before, after) = (copy("CONFIRMED", None), copy("CANCELED", None));
            story.patch(Some("status"), bare.clone(), before, after)
        };
        story().judge(&essentials::RULE).says_nothing();
        let found = conclude(&[story(), story(), story()]);
        let ids: Vec<_> = found.iter().map(|finding| finding.requirement.as_str()).collect();
        assert_eq!(ids, ["REQ-02"]);
        let repeated = found[0].repeated.as_ref();
        assert_eq!(repeated.map(|repeated| repeated.count), Some(3));
        assert!(found[0].message.contains("`merchantId`"), "{}", found[0].message);
    }
}
