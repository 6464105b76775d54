//! Services of which the feed and the partner's own inventory updates state different numbers of spots.

use super::inventory::{speaks_of, spots};
use super::{Case, InventoryUpdate, PartnerCall, reading};
use domain::slot::Slot;
use protocol::int64;
use std::collections::{BTreeMap, BTreeSet};

/// A single slot may have got another place since the export; the same of several, and of no other, is a difference.
const SEVERAL: usize = 2;

/// A service of which the numbers differ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Disputed {
    /// The scenario in which an update shows it.
    pub scenario: String,
    /// Index of that update's entry.
    pub entry: usize,
    /// Where the update states the number.
    pub pointer: String,
    /// The merchant.
    pub merchant_id: String,
    /// The service.
    pub service_id: String,
    /// `spots_total` of the feed.
    pub in_feed: i64,
    /// `spotsTotal` of the update.
    pub in_update: i64,
}

/// What was seen of the slots of a service.
#[derive(Default)]
struct Seen {
    agrees: bool,
    starts: BTreeSet<i64>,
    first: Option<Disputed>,
}

/// Those of a run: every number that an update states of the service's slots differs from the feed's.
pub fn disputed(cases: &[Case<'_>]) -> Vec<Disputed> {
    let mut services: BTreeMap<(&str, &str), Seen> = BTreeMap::new();
    for case in cases {
        let slots = case
            .transcript
            .binding()
            .into_iter()
            .flat_map(|bound| bound.slots.values());
        for slot in slots {
            let seen = services.entry((&slot.merchant_id, &slot.service_id)).or_default();
            for stated in stated_totals(case, slot) {
                seen.add(slot, stated);
            }
        }
    }
    let all = services
        .into_values()
        .filter(|seen| !seen.agrees && seen.starts.len() >= SEVERAL);
    all.filter_map(|seen| seen.first).collect()
}

impl Seen {
    fn add(&mut self, slot: &Slot, stated: Disputed) {
        if stated.in_feed == stated.in_update {
            self.agrees = true;
        } else {
            self.starts.insert(slot.start_sec);
            self.first.get_or_insert(stated);
        }
    }
}

/// What the updates of a history state of a slot.
fn stated_totals(case: &Case<'_>, slot: &Slot) -> Vec<Disputed> {
    let calls = case.partner_calls().filter(PartnerCall::is_accepted);
    let updates = calls
        .filter(|call| speaks_of(call.notification, slot))
        .filter_map(InventoryUpdate::of);
    let stated = updates.flat_map(|update| {
        let entry = update.entry;
        spots::listed_slots(&update)
            .into_iter()
            .filter_map(move |listed| {
                let total = int64::read(reading::set(listed.slot, "/spotsTotal")?)?;
                spots::is_same(listed.slot, slot).then(|| Disputed {
                    scenario: case.transcript.scenario.clone(),
                    entry: entry.unwrap_or_default(),
                    pointer: format!("{}/spotsTotal", listed.pointer),
                    merchant_id: slot.merchant_id.clone(),
                    service_id: slot.service_id.clone(),
                    in_feed: slot.spots_total,
                    in_update: total,
                })
            })
    });
    stated.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Story, told_total};

    const FIRST: i64 = 1_893_484_800;

    #[test]
    fn a_number_that_differs_for_several_slots_is_a_difference() {
        let stories = [
            told_total(FIRST, 9),
            told_total(FIRST + 3_600, 9),
            told_total(FIRST + 7_200, 1),
        ];
        let cases = stories.each_ref().map(Story::case);
        assert!(
            disputed(&cases[..1]).is_empty(),
            "a slot may have got another place"
        );
        let found = disputed(&cases[..2]);
        assert_eq!((found.len(), found[0].in_feed, found[0].in_update), (1, 1, 9));
        assert!(disputed(&cases).is_empty(), "one is as in the feed");
    }
}
