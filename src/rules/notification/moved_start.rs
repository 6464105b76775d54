//! RTU-RESCHED-01

use super::{BookingUpdate, until_the_next_act};
use crate::verdicts::Proof;
use crate::{Case, Rule, Scope, Verdicts};
use catalogue::RequirementId;
use domain::slot::Slot;
use protocol::time;
use scenario::Step;
use transcript::Trigger;

/// Also what a wait for the new start is not held against: a start was notified, and it is another one.
pub(crate) const START: RequirementId = RequirementId::declared("RTU-RESCHED-01");

pub(crate) static RULE: Rule = Rule {
    name: "notification/moved-start",
    requirements: &[START],
    manual: "A booking that is moved on the partner's side must be notified with the start of the slot that it was moved to. A \
             start that belongs to none of the slots that the booking had or was to have is told in both forms, as the partner \
             wrote it and in UTC. One that is followed by the right one says nothing.",
    scope: Scope::Scenario(judge),
};

/// Clocks in use differ from UTC by a multiple of this, and by no more than fourteen hours.
const QUARTER_SEC: i64 = 900;
const WIDEST_SEC: i64 = 14 * 3600;

/// A start that was notified in place of the right one.
struct WrongStart<'c> {
    entry: usize,
    due_sec: i64,
    written: &'c str,
    sec: i64,
}

fn judge(case: &Case<'_>, verdicts: &mut Verdicts) {
    for (entry, trigger) in moves(case) {
        if let Some(wrong) = wrong_start(case, entry, trigger) {
            let proof = Proof::at(wrong.entry, "/startTime").expected(in_utc(wrong.due_sec));
            verdicts.fail(START, proof.actual(wrong.written), words(&wrong));
        }
    }
}

/// True when another start was notified of the booking than the one that it was moved to.
pub(crate) fn is_misreported(case: &Case<'_>, booking_id: &str) -> bool {
    let mut its = moves(case).filter(|(_, trigger)| trigger.booking_id == booking_id);
    its.any(|(entry, trigger)| wrong_start(case, entry, trigger).is_some())
}

fn moves<'c>(case: &'c Case<'_>) -> impl Iterator<Item = (usize, &'c Trigger)> {
    let all = case
        .triggers()
        .filter(|(_, _, trigger)| trigger.name == "reschedule");
    all.map(|(entry, _, trigger)| (entry, trigger))
}

fn wrong_start<'c>(case: &'c Case<'_>, entry: usize, trigger: &Trigger) -> Option<WrongStart<'c>> {
    let due_sec = target(case, trigger)?.start_sec;
    let first = case.slot_of_booking(&trigger.booking_id)?.start_sec;
    let had: Vec<i64> = moves(case)
        .filter(|(_, other)| other.booking_id == trigger.booking_id)
        .filter_map(|(_, other)| Some(target(case, other)?.start_sec))
        .chain([first])
        .collect();
    let updates = until_the_next_act(case, entry, &trigger.booking_id);
    let mut starts: Vec<_> = updates.iter().filter_map(start).collect();
    let is_right = starts.iter().any(|(_, _, sec)| *sec == due_sec);
    starts.retain(|(_, _, sec)| !is_right && !had.contains(sec));
    let (entry, written, sec) = starts.into_iter().next()?;
    Some(WrongStart {
        entry,
        due_sec,
        written,
        sec,
    })
}

/// The slot that a trigger's step names.
fn target<'c>(case: &'c Case<'_>, trigger: &Trigger) -> Option<&'c Slot> {
    let Some(Step::Trigger(step)) = case.scenario.steps.get(trigger.step.step) else {
        return None;
    };
    case.transcript.slot(step.slot.as_deref()?)
}

/// The start that a notification sets: its entry, the time as it was written, and in seconds.
fn start<'c>(update: &BookingUpdate<'c>) -> Option<(usize, &'c str, i64)> {
    let written = update.text("/startTime")?;
    let sec = time::timestamp_to_seconds(written).ok()?;
    (!update.has_mask() || update.names("startTime")).then_some((update.entry, written, sec))
}

fn words(wrong: &WrongStart<'_>) -> String {
    let apart = wrong.sec - wrong.due_sec;
    let is_of_clocks = apart % QUARTER_SEC == 0 && apart.abs() <= WIDEST_SEC;
    let guess = match (is_of_clocks, wrong.written.ends_with('Z')) {
        (true, true) => ", perhaps local time with a Z",
        (true, false) => ", perhaps local time with another offset",
        (false, _) => "",
    };
    format!(
        "the booking was moved to {}; the notification says \"startTime\": \"{}\", in UTC {}; the difference is \"{}\" hours{guess}",
        in_utc(wrong.due_sec),
        wrong.written,
        in_utc(wrong.sec),
        hours(apart),
    )
}

fn in_utc(sec: i64) -> String {
    time::seconds_to_timestamp(sec).unwrap_or_else(|_| sec.to_string())
}

/// With its sign, seconds where there are some.
fn hours(apart: i64) -> String {
    let (sign, sec) = (if apart < 0 { '-' } else { '+' }, apart.abs());
    let (hours, minutes) = (sec / 3600, sec % 3600 / 60);
    match sec % 60 {
        0 => format!("{sign}{hours}:{minutes:02}"),
        rest => format!("{sign}{hours}:{minutes:02}:{rest:02}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{START as SLOT, Story, booking, changes, copy};
    use serde_json::json;

    fn moved(starts: &[&str]) -> Story {
        let story = Story::arrival().create(booking()).reschedule_to(SLOT + 3600);
        starts.iter().fold(story, |story, start| {
            let body = changes(json!({ "startTime": start }));
            let unchanged = copy("CONFIRMED", None);
            story.patch(Some("startTime"), body, unchanged.clone(), unchanged)
        })
    }

    #[test]
    fn the_right_start_in_any_offset_says_nothing() {
        moved(&["2030-01-01T09:00:00Z"]).judge(&RULE).says_nothing();
        moved(&["2030-01-01T11:00:00+02:00"]).judge(&RULE).says_nothing();
        moved(&["2030-01-01T11:00:00Z", "2030-01-01T09:00:00Z"])
            .judge(&RULE)
            .says_nothing();
    }

    #[test]
    fn a_late_repeat_of_the_old_start_is_no_wrong_one() {
        moved(&["2030-01-01T08:00:00Z"]).judge(&RULE).says_nothing();
    }

    #[test]
    fn another_start_is_told_in_both_forms() {
        let found = moved(&["2030-01-01T11:00:00Z"]).judge(&RULE).fails(START);
        assert_eq!(
            found.message,
            "the booking was moved to 2030-01-01T09:00:00Z; the notification says \"startTime\": \"2030-01-01T11:00:00Z\", \
             in UTC 2030-01-01T11:00:00Z; the difference is \"+2:00\" hours, perhaps local time with a Z"
        );
        let found = moved(&["2030-01-01T09:00:00+01:00", "2030-01-01T08:59:00Z"])
            .judge(&RULE)
            .fails(START);
        assert!(
            found.message.ends_with("the difference is \"-0:01\" hours"),
            "{}",
            found.message
        );
    }
}
