//! BS-CREATE-02

use super::{Made, made};
use crate::catalogue::RequirementId;
use crate::rules::bench::Proof;
use crate::rules::{Bench, Rule, Run, Scope};

const UNIQUE: RequirementId = RequirementId::declared("BS-CREATE-02");

/// The requirement by which a scenario itself looks after ids that come back.
pub(super) const OTHER_TOKEN: RequirementId = RequirementId::declared("BS-IDEM-05");

pub(in crate::rules) static RULE: Rule = Rule {
    name: "run/booking-ids",
    requirements: &[UNIQUE],
    manual: "Over the whole run, two bookings that were made with different idempotency tokens must have different booking \
             ids. The scenario that books twice on purpose reports equal ids itself.",
    scope: Scope::Run(judge),
};

fn judge(run: &Run<'_>, bench: &mut Bench) {
    let all = made(run);
    let pairs = all
        .iter()
        .enumerate()
        .flat_map(|(index, one)| all[index + 1..].iter().map(move |other| (one, other)));
    let mut pairs = pairs
        .filter(|(one, other)| one.token != other.token && !is_watched(one, other))
        .peekable();
    if pairs.peek().is_none() {
        return;
    }
    let same = pairs.find(|(one, other)| one.id == other.id);
    bench.check(UNIQUE, same.is_none(), || {
        let scenarios = same.map(|(one, other)| vec![one.scenario, other.scenario]);
        let proof = Proof {
            pointer: Some("/booking/booking_id".to_owned()),
            ..Proof::default()
        };
        let proof = proof.expected("an id of its own for each booking");
        (
            proof.actual(scenarios.unwrap_or_default()),
            "two different bookings have the same booking id".to_owned(),
        )
    });
}

fn is_watched(one: &Made<'_>, other: &Made<'_>) -> bool {
    one.scenario == other.scenario && one.watched
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{Story, booking, judge_run};
    use serde_json::json;

    fn booked(scenario: &str, token: &str, id: &str) -> Story {
        let mut answer = booking();
        answer["booking"]["booking_id"] = json!(id);
        Story::arrival().named(scenario).create_with(token, answer)
    }

    #[test]
    fn an_id_each_and_a_repeated_token_pass() {
        let again = booked("a/a", "t-1", "bk-1").create_with("t-1", booking());
        again.judge(&RULE).says_nothing();
        let run = [booked("a/a", "t-1", "bk-1"), booked("a/b", "t-2", "bk-2")];
        judge_run(&run, &RULE).passes(UNIQUE);
    }

    #[test]
    fn one_id_for_two_tokens_is_found() {
        let run = [
            booked("a/a", "t-1", "bk-1"),
            booked("a/b", "t-2", "bk-1"),
            booked("a/c", "t-3", "bk-1"),
        ];
        judge_run(&run, &RULE).fails(UNIQUE);
    }

    #[test]
    fn a_scenario_that_looks_after_its_ids_reports_them_itself() {
        let story = || booked("a/a", "t-1", "bk-0001").create_with("t-2", booking());
        story().judge(&RULE).fails(UNIQUE);
        story().expecting(OTHER_TOKEN).judge(&RULE).says_nothing();
    }
}
