//! ERR-05, OPS-05

use super::repeats;
use crate::verdicts::Proof;
use crate::{BookingUpdate, Case, PartnerCall, Rule, Scope, Verdicts};
use catalogue::RequirementId;
use domain::TriggerName;
use protocol::time;
use scenario::Step;

const NEWEST: RequirementId = RequirementId::declared("ERR-05");
const ORDER: RequirementId = RequirementId::declared("OPS-05");

pub(crate) static RULE: Rule = Rule {
    name: "delivery/order",
    requirements: &[NEWEST, ORDER],
    manual: "A booking that is moved twice on the partner's side may be told once or twice, but never the older time after \
             the newer one. When the older one is the repetition of a notification that Google's side could not take, it is \
             the repetition that told old news.",
    scope: Scope::Scenario(judge),
};

fn judge(case: &Case<'_>, verdicts: &mut Verdicts) {
    let mut judged: Vec<&str> = Vec::new();
    for (_, _, trigger) in case.triggers() {
        let id = trigger.booking_id.as_str();
        let moves = moves(case, id);
        if moves.len() > 1 && !judged.contains(&id) {
            judged.push(id);
            judge_booking(case, id, &moves, verdicts);
        }
    }
}

/// The starts to which a booking was moved, in order.
fn moves(case: &Case<'_>, booking_id: &str) -> Vec<i64> {
    let of_booking = case
        .triggers()
        .filter(|(_, _, trigger)| trigger.booking_id == booking_id);
    of_booking
        .filter_map(
            |(_, _, trigger)| match case.scenario.steps.get(trigger.step.step) {
                Some(Step::Trigger(step)) if step.name == TriggerName::Reschedule => {
                    Some(case.transcript.slot(step.slot.as_deref()?)?.start_sec)
                }
                _ => None,
            },
        )
        .collect()
}

fn judge_booking(case: &Case<'_>, booking_id: &str, moves: &[i64], verdicts: &mut Verdicts) {
    let reports: Vec<(PartnerCall<'_>, usize)> = case
        .updates_of(booking_id)
        .filter(|update| update.call.is_accepted())
        .filter_map(|update| Some((update.call, place(&update, moves)?)))
        .collect();
    let requirement = if case.calls_about(booking_id).any(is_struck) {
        NEWEST
    } else {
        ORDER
    };
    match reports.windows(2).find(|pair| pair[1].1 < pair[0].1) {
        Some(pair) => fail_stale(case, pair[1].0, verdicts),
        None if !reports.is_empty() => verdicts.pass(requirement),
        None => {}
    }
}

fn fail_stale(case: &Case<'_>, stale: PartnerCall<'_>, verdicts: &mut Verdicts) {
    let proof = Proof::at(stale.entry, "/startTime").expected("the newest start");
    let proof = proof.actual(stale.text("/startTime").unwrap_or_default());
    let comes_again = |call: PartnerCall<'_>| {
        is_struck(call) && repeats(case, call).any(|again| again.entry == stale.entry)
    };
    if stale
        .booking_id()
        .is_some_and(|id| case.calls_about(id).any(comes_again))
    {
        let message = "a notification that Google could not take at first came again after a newer one, with the old time";
        verdicts.fail(NEWEST, proof, message);
    } else {
        let message = "the notifications of a booking that was moved twice came in the wrong order";
        verdicts.fail(ORDER, proof, message);
    }
}

fn is_struck(call: PartnerCall<'_>) -> bool {
    call.notification.fault.is_some()
}

/// Index of the move that a notification reports.
fn place(update: &BookingUpdate<'_>, moves: &[i64]) -> Option<usize> {
    let start = time::timestamp_to_seconds(update.text("/startTime")?).ok()?;
    moves.iter().position(|moved| *moved == start)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{START, Story, changes, copy, patch};
    use serde_json::json;
    use transcript::{Fault, ReceivedCall};

    fn notification_of_move(hour: i64) -> ReceivedCall {
        let start = time::seconds_to_timestamp(START + hour * 3600).unwrap_or_default();
        let body = changes(json!({ "startTime": start }));
        patch(
            Some("startTime"),
            body,
            copy("CONFIRMED", None),
            copy("CONFIRMED", None),
        )
    }

    fn failed_notification(hour: i64) -> ReceivedCall {
        ReceivedCall {
            status: 503,
            fault: Some(Fault::Dropped),
            ..notification_of_move(hour)
        }
    }

    fn two_moves() -> Story {
        Story::arrival()
            .move_to("second", START + 3600)
            .move_to("third", START + 7200)
    }

    #[test]
    fn one_or_both_in_order_pass() {
        two_moves()
            .notify(notification_of_move(1))
            .notify(notification_of_move(2))
            .judge(&RULE)
            .passes(ORDER);
        two_moves()
            .notify(notification_of_move(2))
            .judge(&RULE)
            .passes(ORDER);
        two_moves()
            .notify(failed_notification(1))
            .notify(notification_of_move(2))
            .judge(&RULE)
            .passes(NEWEST);
        let both = two_moves()
            .notify(failed_notification(1))
            .notify(notification_of_move(1))
            .notify(notification_of_move(2));
        both.judge(&RULE).passes(NEWEST);
    }

    #[test]
    fn the_older_one_last_warns() {
        two_moves()
            .notify(notification_of_move(2))
            .notify(notification_of_move(1))
            .judge(&RULE)
            .warns(ORDER);
    }

    #[test]
    fn a_repetition_of_old_news_is_found() {
        let story = two_moves()
            .notify(failed_notification(1))
            .notify(notification_of_move(2))
            .notify(notification_of_move(1));
        story.judge(&RULE).fails(NEWEST);
    }

    #[test]
    fn what_was_heard_and_not_answered_counts_as_told() {
        let unanswered = || ReceivedCall {
            status: 0,
            fault: Some(Fault::Lost),
            ..notification_of_move(1)
        };
        let stale = two_moves()
            .notify(unanswered())
            .notify(notification_of_move(2))
            .notify(notification_of_move(1));
        stale.judge(&RULE).fails(NEWEST);
        let again = two_moves()
            .notify(unanswered())
            .notify(notification_of_move(1))
            .notify(notification_of_move(2));
        again.judge(&RULE).passes(NEWEST);
        let newer = two_moves().notify(unanswered()).notify(notification_of_move(2));
        newer.judge(&RULE).passes(NEWEST);
    }

    #[test]
    fn one_move_has_no_order() {
        let story = Story::arrival().move_to("second", START + 3600);
        story.notify(notification_of_move(1)).judge(&RULE).says_nothing();
    }
}
