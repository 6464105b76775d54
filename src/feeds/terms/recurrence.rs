//! The starts that a recurrence stands for.

use crate::code::ProblemCode;
use crate::problem::RecordProblem;
use crate::records::messages::availability::{ExceptionRecord, RecurrenceRecord};

/// No recurrence lasts longer.
const DAY_SEC: i64 = 86_400;

/// Every start of a recurrence, its end included, but for those whose slot meets an exception.
pub(crate) fn starts(
    start: i64,
    duration: i64,
    recurrence: Option<&RecurrenceRecord>,
    exceptions: Option<&[ExceptionRecord]>,
) -> Result<Vec<i64>, RecordProblem> {
    let Some(recurrence) = recurrence else {
        return Ok(vec![start]);
    };
    let every = recurrence.repeat_every_sec.map_or(0, |int| int.0);
    let until = recurrence.repeat_until_sec.map_or(0, |int| int.0);
    // Once is no step.
    let every = if until == start { every.max(1) } else { every };
    if every < 1 || until < start || until - start > DAY_SEC {
        let message = format!("every {every} s until {until} from {start}: forward, for at most 24 hours");
        return Err(RecordProblem::new(
            ProblemCode::InvalidRecurrence,
            "recurrence",
            message,
        ));
    }
    let closed = closed_ranges(exceptions.unwrap_or_default());
    let mut next = 0;
    let mut free = |at: i64| {
        while closed.get(next).is_some_and(|(_, end)| *end <= at) {
            next += 1;
        }
        closed.get(next).is_none_or(|(begin, _)| at + duration <= *begin)
    };
    let count = (until - start) / every;
    Ok((0..=count)
        .map(|k| start + k * every)
        .filter(|at| free(*at))
        .collect())
}

/// What exceptions close, in order, and no second twice.
fn closed_ranges(exceptions: &[ExceptionRecord]) -> Vec<(i64, i64)> {
    let mut ranges: Vec<_> = exceptions.iter().filter_map(closed_range).collect();
    ranges.retain(|(begin, end)| begin < end);
    ranges.sort_unstable();
    let mut closed: Vec<(i64, i64)> = Vec::new();
    for (begin, end) in ranges {
        match closed.last_mut().filter(|last| begin <= last.1) {
            Some(last) => last.1 = last.1.max(end),
            None => closed.push((begin, end)),
        }
    }
    closed
}

/// An exception that closes nothing: it says no time, ends before it begins, or is not in epoch seconds.
pub(crate) fn empty_exception(exceptions: &[ExceptionRecord], last_sec: i64) -> Option<RecordProblem> {
    let ranges = exceptions.iter().map(closed_range).enumerate();
    let is_empty =
        |range: Option<(i64, i64)>| range.is_none_or(|(begin, end)| begin >= end || end > last_sec);
    let (index, range) = ranges.into_iter().find(|(_, range)| is_empty(*range))?;
    let message = match range {
        Some((begin, end)) => format!("from {begin} to {end}: no time is closed by that"),
        None => "an empty exception: no time is closed by that".to_owned(),
    };
    let field = format!("schedule_exception[{index}].time_range");
    Some(RecordProblem::new(ProblemCode::InvalidException, field, message))
}

/// Exceptions that touch: one begins where another one ends, so that one would say the same.
pub(crate) fn touching_exceptions(exceptions: &[ExceptionRecord]) -> Option<RecordProblem> {
    let mut closed: Vec<_> = exceptions.iter().filter_map(closed_range).collect();
    closed.sort_unstable();
    let pair = closed.windows(2).find(|pair| pair[0].1 == pair[1].0)?;
    let message = format!("one ends and another one begins at {}", pair[1].0);
    Some(RecordProblem::new(
        ProblemCode::TouchingExceptions,
        "schedule_exception",
        message,
    ))
}

fn closed_range(exception: &ExceptionRecord) -> Option<(i64, i64)> {
    let range = exception.time_range.as_ref()?;
    Some((
        range.begin_sec.map_or(0, |int| int.0),
        range.end_sec.map_or(0, |int| int.0),
    ))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use serde_json::{Value, json};

    use super::*;

    const NINE: i64 = 1_893_488_400;
    const HALF_HOUR: i64 = 1_800;

    /// Starts of slots of twenty minutes, in half hours after nine.
    fn half_hours(recurrence: Value, exceptions: Value) -> Result<Vec<i64>, ProblemCode> {
        let recurrence: RecurrenceRecord = serde_json::from_value(recurrence).unwrap();
        let exceptions: Vec<ExceptionRecord> = serde_json::from_value(exceptions).unwrap();
        let starts = starts(NINE, 1_200, Some(&recurrence), Some(&exceptions));
        let starts = starts.map(|starts| starts.iter().map(|start| (start - NINE) / HALF_HOUR).collect());
        starts.map_err(|problem| problem.code)
    }

    fn until_eleven() -> Value {
        json!({ "repeat_every_sec": HALF_HOUR, "repeat_until_sec": (NINE + 4 * HALF_HOUR).to_string() })
    }

    #[test]
    fn a_recurrence_includes_its_end() {
        assert_eq!(half_hours(until_eleven(), json!([])), Ok(vec![0, 1, 2, 3, 4]));
    }

    #[test]
    fn an_exception_takes_every_slot_that_it_meets() {
        // From the last second of the second slot to the first one of the third.
        let meets = json!({ "begin_sec": NINE + HALF_HOUR + 1_199, "end_sec": NINE + 2 * HALF_HOUR + 1 });
        let exception = json!([{ "time_range": meets }]);
        assert_eq!(half_hours(until_eleven(), exception), Ok(vec![0, 3, 4]));
        let touches = json!({ "begin_sec": NINE + HALF_HOUR + 1_200, "end_sec": NINE + 2 * HALF_HOUR });
        let exception = json!([{ "time_range": touches }]);
        assert_eq!(half_hours(until_eleven(), exception), Ok(vec![0, 1, 2, 3, 4]));
    }

    #[test]
    fn exceptions_that_touch_could_be_one() {
        let range = |begin: i64, end: i64| json!({ "time_range": { "begin_sec": begin, "end_sec": end } });
        let touch = |ranges: Vec<Value>| {
            let ranges: Vec<ExceptionRecord> = serde_json::from_value(json!(ranges)).unwrap();
            touching_exceptions(&ranges).map(|problem| problem.code)
        };
        assert_eq!(
            touch(vec![range(20, 30), range(10, 20)]),
            Some(ProblemCode::TouchingExceptions)
        );
        assert_eq!(touch(vec![range(10, 20), range(21, 30)]), None);
        assert_eq!(touch(vec![range(10, 20), json!({})]), None);
    }

    #[test]
    fn exceptions_may_overlap_and_come_in_any_order() {
        let range =
            |from: i64, to: i64| json!({ "time_range": { "begin_sec": NINE + from, "end_sec": NINE + to } });
        let exceptions = json!([range(5_000, 6_000), range(0, 4_000), range(100, 200), range(9, 3)]);
        assert_eq!(half_hours(until_eleven(), exceptions), Ok(vec![4]));
        let meaningless = |range: Value| {
            let exceptions: Vec<ExceptionRecord> = serde_json::from_value(json!([range])).unwrap();
            empty_exception(&exceptions, 2 * NINE).is_some()
        };
        assert!(meaningless(range(9, 3)) && meaningless(range(0, 2 * NINE)) && !meaningless(range(3, 9)));
    }

    #[test]
    fn what_recurs_once_needs_no_step() {
        let once = json!({ "repeat_until_sec": NINE });
        assert_eq!(half_hours(once, json!([])), Ok(vec![0]));
    }

    #[test]
    fn a_recurrence_goes_forward_for_at_most_a_day() {
        for (every, until) in [(0, NINE + 1), (60, NINE - 1), (60, NINE + 86_401), (1, i64::MAX)] {
            let recurrence = json!({ "repeat_every_sec": every, "repeat_until_sec": until });
            assert_eq!(
                half_hours(recurrence, json!([])),
                Err(ProblemCode::InvalidRecurrence),
                "{every} {until}"
            );
        }
        let all_day = json!({ "repeat_every_sec": 3_600, "repeat_until_sec": NINE + 86_400 });
        assert_eq!(half_hours(all_day, json!([])).unwrap().len(), 25);
    }
}
