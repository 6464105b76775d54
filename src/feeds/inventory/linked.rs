//! The slots that are booked on the partner's own page: nobody books them here, but inventory updates have to repeat what they say.

use super::route::links_out;
use super::slots::SlotShape;
use crate::records::messages::availability::AvailabilityRecord;
use domain::{LinkedSlot, PaidBy};
use std::collections::BTreeSet;

/// So many are kept of a service where there is room, the first ones.
const MOST_OF_A_SERVICE: usize = 2_000;

/// Some of the slots of one service that link out: those that start first, whatever the order of reading.
#[derive(Debug, Default)]
pub(crate) struct LinkedSlots(BTreeSet<LinkedSlot>);

/// What a record says itself of how its slots are paid; none where they are booked here.
pub(crate) fn paid_by(record: &AvailabilityRecord<'_>) -> Option<BTreeSet<PaidBy>> {
    let prepaid = record
        .prepayment
        .as_ref()
        .is_some_and(|prepayment| prepayment.price_info.is_some());
    let says = [
        (prepaid, PaidBy::Prepayment),
        (record.deposit.is_some(), PaidBy::Deposit),
        (record.no_show_fee.is_some(), PaidBy::NoShowFee),
    ];
    let says = says.into_iter().filter_map(|(says, how)| says.then_some(how));
    links_out(record).then(|| says.collect())
}

impl LinkedSlots {
    /// Keeps the slots of a record, as far as there is room.
    pub(crate) fn add(&mut self, shape: &SlotShape, paid_by: &BTreeSet<PaidBy>, most: usize) {
        for start_sec in &shape.starts {
            self.0.insert(LinkedSlot {
                start_sec: *start_sec,
                duration_sec: shape.duration_sec,
                resources: shape.resources.clone(),
                paid_by: paid_by.clone(),
            });
            if self.0.len() > most.min(MOST_OF_A_SERVICE) {
                self.0.pop_last();
            }
        }
    }

    /// Those that were kept.
    pub(crate) fn into_slots(self) -> BTreeSet<LinkedSlot> {
        self.0
    }
}
