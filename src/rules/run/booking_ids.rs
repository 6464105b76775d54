//! BS-CREATE-02, BS-IDEM-05, BS-IDEM-11

use super::{ReportedBooking, reported_bookings};
use crate::verdicts::Proof;
use crate::{Rule, Run, Scope, Verdicts, reading};
use catalogue::RequirementId;
use protocol::int64;
use std::collections::BTreeSet;

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
             booking was returned for a new token: one that looks the same, or one for another slot. An answer that shows the earlier booking's user \
             or slot is that booking, returned for a new token. A scenario that books twice on purpose reports equal ids itself.",
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
    all.sort_by_key(|booking| booking.sent_ms);
    let pairs = all
        .iter()
        .enumerate()
        .flat_map(|(index, one)| all[index + 1..].iter().map(move |other| (one, other)));
    let pairs: Vec<_> = pairs
        .filter(|(one, other)| !is_watched_by_scenario(one, other))
        .collect();
    if let Some((earlier, later)) = pairs.iter().find(|(one, other)| is_returned_again(one, other)) {
        let proof = Proof::at(later.entry, "/booking/booking_id").in_scenario(later.scenario);
        let proof = proof
            .expected("a booking of its own")
            .actual(format!("the booking of {}", earlier.scenario));
        let message = format!(
            "CreateBooking by another user with a token of its own was answered with the booking that an earlier token had made{}: `{}`",
            likeness(&pairs),
            later.id
        );
        return verdicts.fail(OTHER_TOKEN, proof, message);
    }
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
        let proof = same.map_or_else(Proof::default, |(_, other)| {
            Proof::at(other.entry, "/booking/booking_id").in_scenario(other.scenario)
        });
        let proof = proof.expected("an id of its own for each booking");
        let id = same.map_or("", |(one, _)| one.id);
        (
            proof.actual(scenarios.unwrap_or_default()),
            format!("{message}: `{id}`; {}", numbers(pairs)),
        )
    });
    same.is_some()
}

/// How many ids there are for how many bookings.
fn numbers(pairs: &[Pair<'_, '_>]) -> String {
    let bookings = || pairs.iter().flat_map(|(one, other)| [one, other]);
    let count = |values: BTreeSet<&str>| values.len();
    let ids = count(bookings().map(|booking| booking.id).collect());
    let all = count(bookings().map(|booking| booking.token).collect());
    format!("ids of {all} bookings that differ: {ids}")
}

/// True when the later of two answers shows the earlier booking, and not one of its own with an id that is taken.
fn is_returned_again(earlier: &ReportedBooking<'_>, later: &ReportedBooking<'_>) -> bool {
    // Most pairs differ here, and there are as many as bookings squared.
    if earlier.id != later.id || earlier.user == later.user {
        return false;
    }
    let start = |booking: &ReportedBooking<'_>| booking.slot.get("start_sec").and_then(int64::read);
    let shown_start = reading::set(later.booking, "/slot/start_sec").and_then(int64::read);
    let shown_user = reading::text(later.booking, "/user_information/user_id");
    let is_of_its_user = shown_user == Some(earlier.user);
    let is_of_its_time = start(earlier) != start(later) && shown_start == start(earlier);
    is_of_its_user || is_of_its_time
}

/// What the tokens that gave one booking have in common and no others have, as a guess; empty where there is nothing.
fn likeness(pairs: &[Pair<'_, '_>]) -> String {
    let ends = |(one, other): &Pair<'_, '_>| common(one.token.chars().rev(), other.token.chars().rev());
    let begins = |(one, other): &Pair<'_, '_>| common(one.token.chars(), other.token.chars());
    let is_same = |pair: &&Pair<'_, '_>| pair.0.id == pair.1.id;
    let explains = |length: &dyn Fn(&Pair<'_, '_>) -> usize| {
        let least = pairs
            .iter()
            .filter(is_same)
            .map(length)
            .min()
            .filter(|least| *least > 0)?;
        let mut alike = pairs.iter().filter(|pair| length(pair) >= least);
        alike.all(|pair| is_same(&pair)).then_some(least)
    };
    let words = |what: &str, least: usize| {
        format!("; perhaps only the {what} of a token is compared ({least} characters or fewer)")
    };
    if is_overflow(pairs) {
        return format!(
            "; perhaps tokens are kept in signed 64-bit numbers, where all of more than {} become that one",
            i64::MAX
        );
    }
    let end = explains(&ends).map(|least| words("end", least));
    end.or_else(|| explains(&begins).map(|least| words("beginning", least)))
        .unwrap_or_default()
}

/// True when just the tokens that do not fit into 64 bits with a sign gave one booking, and a smaller one gave its own.
fn is_overflow(pairs: &[Pair<'_, '_>]) -> bool {
    let fits = |booking: &ReportedBooking<'_>| booking.token.parse::<i64>().is_ok();
    let is_number = |booking: &ReportedBooking<'_>| booking.token.bytes().all(|digit| digit.is_ascii_digit());
    let has_small = pairs.iter().any(|(one, other)| fits(one) || fits(other));
    has_small
        && pairs.iter().all(|(one, other)| {
            let are_large = !fits(one) && !fits(other) && is_number(one) && is_number(other);
            are_large == (one.id == other.id)
        })
}

fn common(one: impl Iterator<Item = char>, other: impl Iterator<Item = char>) -> usize {
    one.zip(other).take_while(|(one, other)| one == other).count()
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
    fn tokens_that_overflow_are_guessed_at() {
        let returned = |scenario: &str, token: &str| showing(scenario, token, "bk-1", "user of a/a");
        let long = |digit: u8| format!("1830711901396063799{digit}");
        let run = |last: Story| {
            let run = [create("a/a", &long(1), "bk-1"), returned("a/b", &long(2)), last];
            judge_run(&run, &RULE).fails(OTHER_TOKEN).message
        };
        assert!(run(create("a/c", "1234567890", "bk-2")).contains("signed 64-bit numbers"));
        assert!(!run(returned("a/c", "1234567890")).contains("signed 64-bit numbers"));
        assert!(!run(create("a/c", &long(3), "bk-2")).contains("signed 64-bit numbers"));
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

    fn showing(scenario: &str, token: &str, id: &str, user: &str) -> Story {
        let mut answer = booking();
        answer["booking"]["booking_id"] = json!(id);
        answer["booking"]["user_information"]["user_id"] = json!(user);
        let own = format!("user of {scenario}");
        Story::arrival().with_id(scenario).create_for(&own, token, answer)
    }

    #[test]
    fn an_earlier_booking_for_a_new_token_is_told_as_that() {
        let run = [
            showing("a/a", "t-1-07", "bk-1", "user of a/a"),
            showing("a/b", "t-2-07", "bk-1", "user of a/a"),
            showing("a/c", "t-3-08", "bk-3", "user of a/c"),
        ];
        let found = judge_run(&run, &RULE).fails(OTHER_TOKEN);
        assert!(
            found.message.contains("only the end of a token"),
            "{}",
            found.message
        );
        let run = [
            showing("a/a", "t-1-07", "bk-1", "user of a/a"),
            showing("a/b", "t-2-07", "bk-1", "user of a/a"),
            showing("a/c", "t-3-07", "bk-3", "user of a/c"),
        ];
        let found = judge_run(&run, &RULE).fails(OTHER_TOKEN);
        assert!(!found.message.contains("perhaps"), "{}", found.message);
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
