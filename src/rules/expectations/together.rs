//! What the answers to several calls of one step must be like together.

use super::{Course, SPEAKING};
use crate::case::Case;
use crate::reading;
use crate::verdicts::{Proof, Verdicts};
use scenario::{Bookings, SetExpectation, Step, Wanted};
use serde_json::{Value, json};
use transcript::{Exchange, HttpReply};

/// Judges the step and says whether the scenario continues.
pub(super) fn judge(
    case: &Case<'_>,
    set: &SetExpectation,
    step: usize,
    so_far: Course,
    verdicts: &mut Verdicts,
) -> Course {
    let exchanges: Vec<_> = case
        .transcript
        .exchanges()
        .filter(|e| e.call.step.is_some_and(|path| path.step == step))
        .collect();
    let unclear = |exchange: &Exchange<'_>| {
        exchange.http().is_none() || verdicts.has_violation_at(exchange.entry, &SPEAKING)
    };
    if so_far.has_ended() || exchanges.is_empty() || exchanges.iter().any(unclear) {
        verdicts.not_testable(set.requirement);
        return Course::Ended;
    }
    let wrong = match &set.wanted {
        Wanted::Same(pointer) => find_difference(set, pointer, &exchanges),
        Wanted::Bookings(bookings) => find_miscount(set, wanted_bookings(case, step, *bookings), &exchanges),
    };
    let right = wrong.is_none();
    verdicts.check(set.requirement, right, || wrong.unwrap_or_default());
    Course::end_if(!right)
}

fn find_difference(
    set: &SetExpectation,
    pointer: &str,
    exchanges: &[Exchange<'_>],
) -> Option<(Proof, String)> {
    let values: Vec<_> = exchanges
        .iter()
        .filter_map(|exchange| exchange.answer_value(pointer))
        .collect();
    let mut distinct: Vec<_> = values.iter().map(ToString::to_string).collect();
    distinct.sort();
    distinct.dedup();
    let odd = exchanges.iter().find(|exchange| {
        exchange.answer_value(pointer).is_none() && !set.tolerated.contains(&status(exchange))
    });
    if distinct.len() == 1 && odd.is_none() {
        return None;
    }
    let worst = odd.or(exchanges.last());
    let proof = Proof::at(worst.map_or(0, |exchange| exchange.entry), pointer);
    let seen: Vec<_> = exchanges
        .iter()
        .map(|exchange| exchange.answer_value(pointer).cloned().unwrap_or_default())
        .collect();
    let fallback = format!("the answers differ at {pointer}");
    Some((
        proof.expected("one value in every answer").actual(json!(seen)),
        set.otherwise.clone().unwrap_or(fallback),
    ))
}

fn status(exchange: &Exchange<'_>) -> u16 {
    // Every 2xx is as good as 200.
    let status = |reply: &HttpReply| if reply.is_success() { 200 } else { reply.status };
    exchange.http().map_or(0, status)
}

/// How many bookings can be made at a step; the feed names the spots.
fn wanted_bookings(case: &Case<'_>, step: usize, bookings: Bookings) -> usize {
    let Bookings::Exactly(number) = bookings else {
        let call = match case.scenario.steps.get(step) {
            Some(Step::Crowd(crowd)) => Some(&crowd.call),
            Some(Step::Parallel(calls, _)) => calls.first(),
            _ => None,
        };
        let named = call.and_then(|call| call.slot.as_ref());
        let name = named.or_else(|| case.scenario.slots.keys().next());
        let slot = name.and_then(|name| case.transcript.slot(name));
        return slot.map_or(0, |slot| usize::try_from(slot.spots_open).unwrap_or(0));
    };
    number
}

/// Too many bookings, too few, or a user without a booking who was answered in no tolerated way.
fn find_miscount(set: &SetExpectation, wanted: usize, exchanges: &[Exchange<'_>]) -> Option<(Proof, String)> {
    let made: Vec<_> = exchanges
        .iter()
        .filter(|exchange| reading::created_booking(exchange).is_some())
        .collect();
    let lost = |exchange: &&Exchange<'_>| reading::created_booking(exchange).is_none();
    let excused = exchanges
        .iter()
        .filter(lost)
        .any(|exchange| set.tolerated.contains(&status(exchange)));
    let odd = exchanges.iter().filter(lost).find(|exchange| {
        let status = status(exchange);
        status != 200 && !set.tolerated.is_empty() && !set.tolerated.contains(&status)
    });
    let counted = |exchange: &Exchange<'_>| {
        Proof::at(exchange.entry, "/booking")
            .expected(format!("bookings: {wanted}"))
            .actual(format!("bookings: {}", made.len()))
    };
    if let Some(last) = made.last().filter(|_| made.len() > wanted) {
        let fallback = "more bookings were made than there were spots";
        let message = set.otherwise.clone().unwrap_or_else(|| fallback.to_owned());
        return Some((counted(last), message));
    }
    if let Some(odd) = odd {
        let proof = Proof {
            entry: Some(odd.entry),
            ..Proof::default()
        };
        let actual = format!("status {}", status(odd));
        let message = "somebody who came too late for the last spot was answered with an error";
        return Some((
            proof
                .expected("a booking or a failure")
                .actual(Value::from(actual)),
            message.into(),
        ));
    }
    let first = exchanges
        .iter()
        .find(lost)
        .filter(|_| made.len() < wanted && !excused)?;
    let message = "fewer bookings were made than there were spots: somebody was refused a free one";
    Some((counted(first), message.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Story, booking};
    use catalogue::RequirementId;
    use protocol::Method;

    fn miscount_message(tolerated: &[u16], bookings: usize, refusals: &[u16]) -> Option<String> {
        let mut story = Story::arrival();
        for _ in 0..bookings {
            story = story.create(booking());
        }
        for status in refusals {
            let answer = json!({ "booking_failure": { "cause": "SLOT_UNAVAILABLE" } });
            story = story.call(Method::CreateBooking, json!({}), *status, answer);
        }
        let set = SetExpectation {
            requirement: RequirementId::declared("BS-GEN-13"),
            wanted: Wanted::Bookings(Bookings::Exactly(2)),
            tolerated: tolerated.to_vec(),
            otherwise: Some("too many".to_owned()),
        };
        let case = story.case();
        let exchanges: Vec<_> = case.transcript.exchanges().collect();
        find_miscount(&set, 2, &exchanges).map(|(_, message)| message)
    }

    #[test]
    fn as_many_bookings_as_spots_pass() {
        assert_eq!(miscount_message(&[409], 2, &[200, 409]), None);
        assert_eq!(
            miscount_message(&[], 2, &[500]),
            None,
            "nothing is said about errors"
        );
    }

    #[test]
    fn more_bookings_than_spots_are_found() {
        assert_eq!(miscount_message(&[], 3, &[200]).as_deref(), Some("too many"));
    }

    #[test]
    fn a_free_spot_that_is_refused_is_found_unless_the_user_may_try_again() {
        assert!(miscount_message(&[409], 1, &[200]).is_some_and(|message| message.starts_with("fewer")));
        assert_eq!(miscount_message(&[409], 1, &[409]), None);
    }

    #[test]
    fn an_error_that_is_not_tolerated_is_found() {
        assert!(miscount_message(&[409], 2, &[500]).is_some_and(|message| message.contains("an error")));
    }
}
