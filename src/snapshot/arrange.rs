//! The canonical order of a history: what may legally overtake never changes the text.

use super::watch::{booking_of, watches};
use serde_json::Value;
use std::collections::BTreeMap;
use transcript::{
    Answer, ArmedFault, BookingWait, Call, Fact, Ledger, Notification, Phase, Reply, SlotWait, StepPath,
    Transcript, Trigger,
};

/// A call and what came of it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Exchanged<'t> {
    /// The call.
    pub(super) call: &'t Call,
    /// How it ended; none when the recording stops before.
    pub(super) answer: Option<&'t Answer>,
}

/// One paragraph of the text.
#[derive(Debug)]
pub(super) enum Part<'t> {
    /// One call.
    Exchange(Exchanged<'t>),
    /// Calls that were sent at the same moment, in the order of the scenario file.
    Parallel(Vec<Exchanged<'t>>),
    /// We asked the partner to act.
    Trigger(&'t Trigger),
    /// What came while a step waited for it.
    Notified(Vec<&'t Notification>),
    /// A wait that ended without its condition.
    Unmet(&'t BookingWait),
    /// The same for an inventory update.
    UnmetSlot(&'t SlotWait),
    /// Something goes wrong on Google's side from here on.
    Armed(&'t ArmedFault),
    /// We watched that nothing more arrives.
    Quiet,
    /// A wait that the scenario asked for.
    Wait,
    /// What the partner's books said in the end.
    Ledger(&'t Ledger),
    /// The scenario could not go on.
    Stopped,
}

/// A history in canonical order.
#[derive(Debug)]
pub(super) struct Arranged<'t> {
    /// The steps.
    pub(super) steps: Vec<Part<'t>>,
    /// Calls of the clean-up, bookings in the order in which the steps made them.
    pub(super) cleanup: Vec<Exchanged<'t>>,
    /// Notifications that no step waited for, in order of arrival.
    pub(super) rest: Vec<&'t Notification>,
}

/// Where a part stands: step, place inside `parallel`, index of the entry.
type PartOrder = (usize, usize, usize);

/// Puts a history into canonical order.
pub(super) fn arrange(transcript: &Transcript) -> Arranged<'_> {
    let (watches, rest) = watches(transcript);
    let mut parts: Vec<(PartOrder, Part)> = Vec::new();
    for watch in &watches {
        let Fact::Awaited(awaited) = &transcript.entries[watch.first].fact else {
            continue;
        };
        let came = watch
            .notifications
            .iter()
            .filter_map(|index| notification(transcript, *index));
        parts.push((place(awaited.step, watch.first), Part::Notified(came.collect())));
    }
    parts.extend(parallel(transcript));
    parts.extend(
        transcript
            .entries
            .iter()
            .enumerate()
            .filter_map(|(index, entry)| {
                let (step, part) = part(transcript, index, &entry.fact, entry.phase)?;
                Some((
                    step.map_or((usize::MAX, 0, index), |step| place(step, index)),
                    part,
                ))
            }),
    );
    parts.sort_by_key(|(place, _)| *place);
    Arranged {
        steps: parts.into_iter().map(|(_, part)| part).collect(),
        cleanup: cleanup(transcript),
        rest: rest
            .into_iter()
            .filter_map(|index| notification(transcript, index))
            .collect(),
    }
}

fn place(step: StepPath, index: usize) -> PartOrder {
    (step.step, step.branch.map_or(0, |branch| branch + 1), index)
}

fn notification(transcript: &Transcript, index: usize) -> Option<&Notification> {
    match &transcript.entries[index].fact {
        Fact::Notification(notification) => Some(notification),
        _ => None,
    }
}

/// The part that one entry makes by itself. Calls without a step are the harness's own: no business of the scenario.
fn part<'t>(
    transcript: &'t Transcript,
    index: usize,
    fact: &'t Fact,
    phase: Phase,
) -> Option<(Option<StepPath>, Part<'t>)> {
    match fact {
        Fact::Call(call) if phase == Phase::Steps => {
            let step = call.step.filter(|step| step.branch.is_none())?;
            Some((Some(step), Part::Exchange(exchanged(transcript, index, call))))
        }
        Fact::Trigger(trigger) => Some((Some(trigger.step), Part::Trigger(trigger))),
        Fact::Awaited(awaited) if !awaited.met => Some((Some(awaited.step), Part::Unmet(awaited))),
        Fact::AwaitedSlot(awaited) if !awaited.met => Some((Some(awaited.step), Part::UnmetSlot(awaited))),
        Fact::Armed(armed) => Some((Some(armed.step), Part::Armed(armed))),
        Fact::Quiet(quiet) => Some((Some(quiet.step), Part::Quiet)),
        Fact::Waited(waited) => Some((Some(waited.step), Part::Wait)),
        // The look at the end of a scenario may overtake what the partner does on its own time: only what a step waited for
        // is shown.
        Fact::Ledger(ledger) => Some((Some(ledger.step?), Part::Ledger(ledger))),
        Fact::Stopped(_) => Some((None, Part::Stopped)),
        _ => None,
    }
}

fn exchanged<'t>(transcript: &'t Transcript, index: usize, call: &'t Call) -> Exchanged<'t> {
    let answer = transcript.entries[index..]
        .iter()
        .find_map(|entry| match &entry.fact {
            Fact::Answer(answer) if answer.call == index => Some(answer),
            _ => None,
        });
    Exchanged { call, answer }
}

fn calls(transcript: &Transcript) -> impl Iterator<Item = (usize, Phase, &Call)> {
    transcript
        .entries
        .iter()
        .enumerate()
        .filter_map(|(index, entry)| match &entry.fact {
            Fact::Call(call) => Some((index, entry.phase, call)),
            _ => None,
        })
}

fn parallel(transcript: &Transcript) -> Vec<(PartOrder, Part<'_>)> {
    let mut steps: BTreeMap<usize, BTreeMap<(usize, usize), Exchanged>> = BTreeMap::new();
    for (index, _, call) in calls(transcript) {
        if let Some(StepPath {
            step,
            branch: Some(branch),
        }) = call.step
        {
            let calls = steps.entry(step).or_default();
            calls.insert((branch, index), exchanged(transcript, index, call));
        }
    }
    let part = |(step, calls): (usize, BTreeMap<_, _>)| {
        ((step, 0, 0), Part::Parallel(calls.into_values().collect()))
    };
    steps.into_iter().map(part).collect()
}

/// The clean-up cancels in the order in which bookings were made, which is open where they were made at once.
fn cleanup(transcript: &Transcript) -> Vec<Exchanged<'_>> {
    let ids = ids_of_bookings(transcript);
    let rank = |call: &Call| {
        ids.iter()
            .position(|id| Some(id.as_str()) == booking_of(call))
            .unwrap_or(ids.len())
    };
    let mut calls: Vec<_> = calls(transcript)
        .filter(|(_, phase, _)| *phase == Phase::Cleanup)
        .collect();
    calls.sort_by_key(|(index, _, call)| (rank(call), *index));
    calls
        .into_iter()
        .map(|(index, _, call)| exchanged(transcript, index, call))
        .collect()
}

/// Ids of the bookings that the steps made, in the order of the scenario file.
fn ids_of_bookings(transcript: &Transcript) -> Vec<String> {
    let mut bookings: Vec<(Option<StepPath>, usize, String)> = calls(transcript)
        .filter(|(_, phase, _)| *phase == Phase::Steps)
        .filter_map(|(index, _, call)| {
            Some((call.step, index, booking_in(exchanged(transcript, index, call))?))
        })
        .collect();
    bookings.sort();
    bookings.into_iter().map(|(_, _, id)| id).collect()
}

/// The id of the booking in an answer, as text.
pub(super) fn booking_in(exchanged: Exchanged) -> Option<String> {
    let Reply::Http(reply) = &exchanged.answer?.reply else {
        return None;
    };
    match reply.json()?.pointer("/booking/booking_id")? {
        Value::String(id) => Some(id.clone()),
        Value::Number(id) => Some(id.to_string()),
        _ => None,
    }
}

/// What a notification is about, as far as it concerns the order in which notifications are shown.
pub(super) fn booking_subject(notification: &Notification) -> Option<&str> {
    notification.booking_id()
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{History, at, branch};
    use super::super::normalise::body;
    use super::*;
    use protocol::Method;
    use serde_json::json;

    /// Cancel and refund in two PATCHes; the second one may overtake the end of the wait.
    #[test]
    fn a_second_notification_may_overtake_the_end_of_the_wait() {
        let told = |second_first: bool| {
            let mut history = History::new(1);
            history.create(1, at(0));
            history.trigger(1, "refund", 1);
            history.patch(1, "CANCELED");
            if second_first {
                history.patch(1, "NO_SHOW");
                history.awaited(2, 1, true);
            } else {
                history.awaited(2, 1, true);
                history.patch(1, "NO_SHOW");
            }
            history.quiet(3);
            body(&history.transcript)
        };
        assert_eq!(told(true), told(false));
        assert!(!told(true).contains('#'), "{}", told(true));
    }

    #[test]
    fn simultaneous_calls_are_folded_into_outcomes() {
        let told = |order: [usize; 3], winner: usize| {
            let mut history = History::new(1);
            let calls = [0, 1, 2].map(|place| {
                let request = history.create_request(place);
                history.call(Some(branch(0, place)), Method::CreateBooking, request)
            });
            for place in order {
                let lost = json!({ "booking_failure": { "cause": "SLOT_UNAVAILABLE" } });
                let answer = if place == winner {
                    history.created(place)
                } else {
                    lost
                };
                history.answer(calls[place], 200, &answer);
            }
            history.cancel(winner);
            body(&history.transcript)
        };
        let text = told([0, 1, 2], 0);
        let head = "> 3 x POST /v3/CreateBooking\n= 1 x 200 CONFIRMED, 2 x 200 SLOT_UNAVAILABLE\n= distinct booking ids: 1\n# clean-up";
        assert!(text.starts_with(head), "{text}");
        assert_eq!(text, told([2, 0, 1], 2));
    }

    #[test]
    fn the_clean_up_has_one_order() {
        let told = |order: [usize; 2]| {
            let mut history = History::new(1);
            history.create(1, at(0));
            history.create(2, at(1));
            for number in order {
                history.cancel(number);
            }
            body(&history.transcript)
        };
        assert_eq!(told([1, 2]), told([2, 1]));
    }

    #[test]
    fn what_nobody_waited_for_has_one_order_and_repeats_once() {
        let told = |mixed: bool| {
            let mut history = History::new(1);
            history.create(1, at(0));
            history.create(2, at(1));
            history.awaited_slot(2);
            if mixed {
                history.spots("0");
                history.patch(2, "CANCELED");
                history.patch(2, "CANCELED");
                history.patch(1, "CANCELED");
            } else {
                history.patch(1, "CANCELED");
                history.patch(2, "CANCELED");
                history.spots("0");
            }
            body(&history.transcript)
        };
        assert_eq!(told(true), told(false));
        let text = told(true);
        let (_, rest) = text
            .split_once("# notifications nobody waited for\n")
            .unwrap_or_default();
        let heads: Vec<&str> = rest.lines().filter(|line| line.starts_with(">>")).collect();
        assert_eq!(heads.len(), 3);
        assert!(
            heads[0].contains("[booking-1]")
                && heads[1].contains("[booking-2]")
                && heads[2].contains("availability:replace")
        );
    }

    #[test]
    fn an_inventory_update_that_may_come_later_is_left_out() {
        let told = |came: bool| {
            let mut history = History::new(1);
            history.create(1, at(0));
            if came {
                history.spots("0");
            }
            body(&history.transcript)
        };
        assert_eq!(told(true), told(false));
    }

    #[test]
    fn the_harness_own_look_ups_are_left_out() {
        let mut history = History::new(1);
        history.phase(Phase::Prepare);
        let slot = history.slot_message();
        let call = history.call(None, Method::BatchAvailabilityLookup, slot);
        history.answer(call, 200, &json!({ "slot_time_availability": [] }));
        assert_eq!(body(&history.transcript), "");
    }
}
