//! From when until when a slot can be booked and cancelled, by its own record.

use crate::code::ProblemCode;
use crate::files::wire::Int;
use crate::problem::RecordProblem;
use crate::records::messages::availability::OverridesRecord;
use crate::records::service::{SchedulingRules, Service};
use crate::terms::windows::{bookable_until, online_cutoff};
use domain::slot::Slot;

/// From 2010 to 2100: minutes lie before it, tenths and milliseconds behind it.
pub(crate) const FIRST_SEC: i64 = 1_262_304_000;
pub(crate) const LAST_SEC: i64 = 4_102_444_800;

/// The moments that a slot sets itself, epoch seconds.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct SlotWindow {
    first_bookable: Option<i64>,
    last_bookable: Option<i64>,
    last_online_cancellable: Option<i64>,
}

impl SlotWindow {
    pub(crate) fn read(record: Option<&OverridesRecord>, start: i64) -> Result<Self, RecordProblem> {
        let Some(record) = record else {
            return Ok(Self::default());
        };
        // An int64 of zero is how protobuf writes an unset field.
        let set = |field: Option<Int>| field.map(|int| int.0).filter(|sec| *sec != 0);
        let (first, last) = (set(record.first_bookable_sec), set(record.last_bookable_sec));
        let late = |sec: Option<i64>| sec.is_some_and(|sec| sec >= start);
        let swapped = first.zip(last).is_some_and(|(first, last)| first >= last);
        if late(first) || late(last) || swapped {
            let message = "first_bookable_sec before last_bookable_sec before start_sec is the only order";
            return Err(RecordProblem::new(
                ProblemCode::InvalidBookableWindow,
                "scheduling_rule_overrides",
                message,
            ));
        }
        let last_online_cancellable = set(record.last_online_cancellable_sec);
        if last_online_cancellable.is_some_and(|sec| !(FIRST_SEC..=LAST_SEC).contains(&sec)) {
            let message = "no plausible time in seconds since 1970";
            let field = "scheduling_rule_overrides.last_online_cancellable_sec";
            return Err(RecordProblem::new(
                ProblemCode::InvalidBookableWindow,
                field,
                message,
            ));
        }
        Ok(Self {
            first_bookable: first,
            last_bookable: last,
            last_online_cancellable,
        })
    }

    /// The last moment at which the slot that starts then can be booked.
    pub(crate) fn bookable_until(self, start: i64, duration: i64, rules: &SchedulingRules) -> i64 {
        bookable_until(start, duration, self.last_bookable, rules)
    }

    pub(crate) fn place(self, mut slot: Slot, service: &Service) -> Slot {
        let (rules, start) = (&service.rules, slot.start_sec);
        slot.terms.bookable_from_sec = self.first_bookable;
        slot.terms.bookable_until_sec = self.bookable_until(start, slot.duration_sec, rules);
        slot.terms.online_cancel_until_sec = online_cutoff(start, self.last_online_cancellable, rules);
        slot
    }
}
