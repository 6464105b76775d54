//! What is noted of each record where an export is held against an earlier one, or against bookings.

use super::directory::ListedService;
use super::slots::SlotShape;
use crate::code::ProblemCode;
use crate::earlier::booked::{BookedSlots, OfferedSlots};
use crate::earlier::export::EarlierExport;
use crate::earlier::names::{MOST_NAMES, SeenAt};
use crate::earlier::slots::SlotMark;
use crate::problem::RecordProblem;
use crate::records::messages::availability::AvailabilityRecord;
use domain::slot::Terms;
use std::sync::atomic::{AtomicU64, Ordering};

/// What an export is read for.
#[derive(Clone, Copy, Default)]
pub(crate) enum Role<'e> {
    /// To be judged alone.
    #[default]
    Alone,
    /// To be remembered, and not judged.
    Earlier,
    /// To be held against this one.
    Later(&'e EarlierExport),
}

/// What is held against an export.
#[derive(Default)]
pub(crate) struct Against<'e> {
    pub(crate) role: Role<'e>,
    pub(crate) booked: BookedSlots<'e>,
    /// When the availability was exported: what starts before is over.
    pub(crate) from_sec: i64,
    names: AtomicU64,
    counts: [AtomicU64; 2],
}

impl<'e> Against<'e> {
    pub(crate) fn new(role: Role<'e>, booked: BookedSlots<'e>, from_sec: i64) -> Self {
        Self {
            role,
            booked,
            from_sec,
            ..Self::default()
        }
    }

    /// True where two exports are held against each other.
    pub(crate) fn compares(&self) -> bool {
        !matches!(self.role, Role::Alone)
    }

    /// Slots to come, and those of them that the earlier export has, too.
    pub(crate) fn counts(&self) -> [u64; 2] {
        self.counts.each_ref().map(|count| count.load(Ordering::Relaxed))
    }

    /// Notes the staff and the rooms that a record names.
    pub(crate) fn note_names(&self, record: &AvailabilityRecord<'_>, listed: &ListedService, at: SeenAt) {
        if let Some(resources) = record.resources.as_ref().filter(|_| self.compares()) {
            let is_full = self.is_full();
            let new = listed.summary().names.add(resources, at, is_full);
            if new > 0 {
                self.names.fetch_add(new, Ordering::Relaxed);
            }
        }
    }

    /// True when of further staff and rooms nothing is kept.
    pub(crate) fn is_full(&self) -> bool {
        self.names.load(Ordering::Relaxed) >= MOST_NAMES
    }

    /// Looks at the slots of a record; of an earlier export, their mark.
    pub(crate) fn look(
        &self,
        shape: &SlotShape,
        terms: Option<&Terms>,
        listed: &ListedService,
        at: SeenAt,
        problems: &mut Vec<RecordProblem>,
    ) -> Option<SlotMark> {
        let service = &listed.service;
        if !self.booked.is_empty() {
            let offered = OfferedSlots {
                starts: &shape.starts,
                duration_sec: shape.duration_sec,
                resources: &shape.resources,
                spots: shape.spots,
            };
            let ids = (service.merchant_id.as_str(), service.service_id.as_str());
            self.booked.see(ids, offered, at);
        }
        let which = (shape.duration_sec, &shape.resources, shape.description_digest);
        let mark = || SlotMark::of(which, shape.tag.as_deref(), terms);
        match self.role {
            Role::Alone => None,
            Role::Earlier => Some(mark()),
            Role::Later(earlier) => {
                self.compare(earlier, shape, mark(), listed, problems);
                None
            }
        }
    }

    fn compare(
        &self,
        earlier: &EarlierExport,
        shape: &SlotShape,
        mark: SlotMark,
        listed: &ListedService,
        problems: &mut Vec<RecordProblem>,
    ) {
        let service = &listed.service;
        let first = shape.starts.partition_point(|start| *start < self.from_sec);
        let to_come = &shape.starts[first..];
        self.counts[0].fetch_add(to_come.len() as u64, Ordering::Relaxed);
        let Some(before) = earlier.service(&service.merchant_id, &service.service_id) else {
            return;
        };
        let changes = to_come
            .iter()
            .filter_map(|start| Some((*start, before.slots.change(*start, mark)?)));
        let (mut kept, mut tag, mut money) = (0, None, None);
        for (start, change) in changes {
            kept += 1;
            tag = tag.or(change.tag.then_some(start));
            money = money.or(change.money.then_some(start));
        }
        self.counts[1].fetch_add(kept, Ordering::Relaxed);
        problems.extend(tag.map(|start| {
            let message = format!("the slot at {start} had another tag in the earlier export");
            RecordProblem::new(ProblemCode::TagChanged, "availability_tag", message)
        }));
        problems.extend(money.map(|start| {
            let message = format!("the slot at {start} cost something else in the earlier export");
            RecordProblem::new(ProblemCode::PriceChanged, "", message)
        }));
    }
}
