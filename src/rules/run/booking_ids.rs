//! BS-CREATE-02, BS-IDEM-05, BS-IDEM-11

use super::{ReportedBooking, reported_bookings};
use crate::verdicts::Proof;
use crate::{Rule, Run, Scope, Verdicts};
use catalogue::RequirementId;

const UNIQUE: RequirementId = RequirementId::declared("BS-CREATE-02");
const OTHER_TOKEN: RequirementId = RequirementId::declared("BS-IDEM-05");
const LOOK_ALIKE: RequirementId = RequirementId::declared("BS-IDEM-11");

/// The requirements by which a scenario itself judges repeated ids.
pub(super) const WATCHING: [RequirementId; 2] = [OTHER_TOKEN, LOOK_ALIKE];

pub(crate) static RULE: Rule = Rule {
    name: "run/booking-ids",
    requirements: &[UNIQUE, OTHER_TOKEN, LOOK_ALIKE],
    manual: "Over the whole run, two bookings that were made with different idempotency tokens must have different booking \
             ids; of every token the first answer counts. Where bookings of different users share one, ids are not unique. Where it is one user only, an earlier \
             booking was returned for a new token: one that looks the same, or one for another slot. A scenario that \
             books twice on purpose reports equal ids itself.",
    scope: Scope::Run(judge),
};

fn judge(run: &Run<'_>, verdicts: &mut Verdicts) {
    let mut all: Vec<ReportedBooking<'_>> = Vec::new();
    for booking in reported_bookings(run) {
        // What a repeated token is answered with is judged where it is repeated.
        if all.iter().all(|earlier| earlier.token != booking.token) {
            all.push(booking);
        }
    }
    let pairs = all
        .iter()
        .enumerate()
        .flat_map(|(index, one)| all[index + 1..].iter().map(move |other| (one, other)));
    let pairs: Vec<_> = pairs
        .filter(|(one, other)| !is_watched_by_scenario(one, other))
        .collect();
    // The chain stops at the first violation: ids that are equal for everybody would violate the others as well.
    let _ = check(
        UNIQUE,
        "two different bookings have the same booking id",
        &pairs,
        verdicts,
    ) || check(
        OTHER_TOKEN,
        "a user's booking with a new token got the id of an earlier one: bookings are looked up by user, not by token",
        &pairs,
        verdicts,
    ) || check(
        LOOK_ALIKE,
        "a new token was answered with an earlier booking of the same user and slot instead of one of its own",
        &pairs,
        verdicts,
    );
}

type Pair<'p, 'r> = (&'p ReportedBooking<'r>, &'p ReportedBooking<'r>);

/// True when two bookings whose equal ids would violate the requirement have them.
fn check(requirement: RequirementId, message: &str, pairs: &[Pair<'_, '_>], verdicts: &mut Verdicts) -> bool {
    let mut these = pairs
        .iter()
        .filter(|(one, other)| requirement_of(one, other) == requirement)
        .peekable();
    if these.peek().is_none() {
        return false;
    }
    let same = these.find(|(one, other)| one.id == other.id);
    verdicts.check(requirement, same.is_none(), || {
        let scenarios = same.map(|(one, other)| vec![one.scenario, other.scenario]);
        let proof = Proof {
            pointer: Some("/booking/booking_id".to_owned()),
            ..Proof::default()
        };
        let proof = proof.expected("an id of its own for each booking");
        let id = same.map_or("", |(one, _)| one.id);
        (
            proof.actual(scenarios.unwrap_or_default()),
            format!("{message}: `{id}`"),
        )
    });
    same.is_some()
}

/// What equal ids of two bookings with different tokens would violate.
fn requirement_of(one: &ReportedBooking<'_>, other: &ReportedBooking<'_>) -> RequirementId {
    match (one.user == other.user, one.slot == other.slot) {
        (false, _) => UNIQUE,
        (true, false) => OTHER_TOKEN,
        (true, true) => LOOK_ALIKE,
    }
}

fn is_watched_by_scenario(one: &ReportedBooking<'_>, other: &ReportedBooking<'_>) -> bool {
    one.scenario == other.scenario && one.watched && one.user == other.user
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Story, booking, judge_run};
    use serde_json::json;

    fn create(scenario: &str, token: &str, id: &str) -> Story {
        let mut answer = booking();
        answer["booking"]["booking_id"] = json!(id);
        Story::arrival()
            .with_id(scenario)
            .create_for(&format!("user of {scenario}"), token, answer)
    }

    #[test]
    fn an_id_each_and_a_repeated_token_pass() {
        let again = create("a/a", "t-1", "bk-1").create_with("t-1", booking());
        again.judge(&RULE).says_nothing();
        let run = [create("a/a", "t-1", "bk-1"), create("a/b", "t-2", "bk-2")];
        judge_run(&run, &RULE).passes(UNIQUE);
    }

    #[test]
    fn one_id_for_two_users_is_found() {
        let run = [
            create("a/a", "t-1", "bk-1"),
            create("a/b", "t-2", "bk-1"),
            create("a/c", "t-3", "bk-1"),
        ];
        judge_run(&run, &RULE).fails(UNIQUE);
    }

    #[test]
    fn a_look_alike_and_a_users_other_booking_are_told_apart() {
        let story = || Story::arrival().create(booking());
        story()
            .create_with("t-2", booking())
            .judge(&RULE)
            .fails(LOOK_ALIKE);
        let elsewhere = story().slot(|slot| slot.start_sec += 3600);
        elsewhere
            .create_with("t-2", booking())
            .judge(&RULE)
            .fails(OTHER_TOKEN);
    }

    #[test]
    fn a_scenario_that_looks_after_its_ids_reports_them_itself() {
        let story = || Story::arrival().create(booking()).create_with("t-2", booking());
        story().judge(&RULE).fails(LOOK_ALIKE);
        story().expecting(OTHER_TOKEN).judge(&RULE).says_nothing();
    }
}
