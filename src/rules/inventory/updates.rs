//! The inventory updates of a run, with the slots that they list.

use crate::verdicts::Proof;
use crate::{InventoryUpdate, PartnerCall, Run, reading};
use domain::Capability;
use domain::slot::Slot;
use protocol::time;
use serde_json::Value;
use std::collections::{HashMap, HashSet};
use transcript::Notification;

/// An update that Google's API stored.
pub(crate) struct Update<'r> {
    update: InventoryUpdate<'r>,
    scenario: Option<&'r str>,
}

/// A slot that an update lists, in JSON names.
pub(crate) struct ListedSlot<'r> {
    pub(crate) merchant: &'r str,
    pub(crate) service: &'r str,
    pub(crate) start_sec: i64,
    pub(crate) pointer: String,
    pub(crate) value: &'r Value,
}

/// The slots that an entry lists. A single one in the place of its list is read as one.
pub(crate) fn listed(entry: &Value) -> &[Value] {
    match entry.get("availability") {
        Some(Value::Array(slots)) => slots,
        Some(slot @ Value::Object(_)) => std::slice::from_ref(slot),
        _ => &[],
    }
}

/// The slots of the feeds that start when a slot of an update does, by merchant, service and start.
pub(crate) struct FeedSlots<'r>(HashMap<(&'r str, &'r str, i64), Vec<&'r Slot>>);

impl<'r> FeedSlots<'r> {
    /// Those that these updates are about: there may be very many others.
    pub(crate) fn of(run: &Run<'r>, updates: &[Update<'r>]) -> Self {
        let listed = updates.iter().flat_map(Update::slots);
        let starts: HashSet<i64> = listed.map(|slot| slot.start_sec).collect();
        let mut all: HashMap<_, Vec<&Slot>> = HashMap::new();
        for slot in run.slots.iter().filter(|slot| starts.contains(&slot.start_sec)) {
            let key = (
                slot.merchant_id.as_str(),
                slot.service_id.as_str(),
                slot.start_sec,
            );
            all.entry(key).or_default().push(slot);
        }
        Self(all)
    }

    /// Those that start when the slot does.
    pub(crate) fn beside(&self, listed: &ListedSlot<'r>) -> &[&'r Slot] {
        let key = (listed.merchant, listed.service, listed.start_sec);
        self.0.get(&key).map_or(&[], Vec::as_slice)
    }
}

/// The stored updates of a run, those first that a scenario claims; none of a target that sends no updates.
pub(crate) fn in_run<'r>(run: &Run<'r>) -> Vec<Update<'r>> {
    if !run.cases.iter().any(|case| case.can(Capability::AvailabilityRtu)) {
        return Vec::new();
    }
    let claimed = run.cases.iter().flat_map(|case| {
        let calls = case.partner_calls().filter(PartnerCall::is_accepted);
        calls.filter_map(|call| {
            Some(Update {
                update: InventoryUpdate::of(call)?,
                scenario: Some(case.transcript.scenario.as_str()),
            })
        })
    });
    let others = run
        .orphans
        .iter()
        .filter(|orphan| Notification::is_stored(orphan));
    let others = others.filter_map(|orphan| {
        Some(Update {
            update: InventoryUpdate::of_unclaimed(orphan)?,
            scenario: None,
        })
    });
    claimed.chain(others).collect()
}

impl<'r> Update<'r> {
    /// Every slot with a start.
    pub(crate) fn slots(&self) -> Vec<ListedSlot<'r>> {
        let mut all = Vec::new();
        for (pointer, entry) in self.update.entries() {
            let Some((merchant, service)) = self.update.merchant_of(entry).zip(self.update.service_of(entry))
            else {
                continue;
            };
            let listed = listed(entry).iter().enumerate();
            all.extend(listed.filter_map(|(index, value)| {
                Some(ListedSlot {
                    merchant,
                    service,
                    start_sec: time::timestamp_to_seconds(reading::text(value, "/startTime")?).ok()?,
                    pointer: format!("{pointer}/availability/{index}"),
                    value,
                })
            }));
        }
        all
    }

    /// True when the window of an entry for its service has the slot's start, and no slot that is open then.
    pub(crate) fn closes(&self, slot: &Slot) -> bool {
        let entries = self.update.entries();
        entries.into_iter().any(|(_, entry)| {
            let ids = self.update.merchant_of(entry).zip(self.update.service_of(entry));
            let sec =
                |value: &Value, pointer| time::timestamp_to_seconds(reading::text(value, pointer)?).ok();
            let from = sec(entry, "/startTimeRestrict").is_none_or(|from| from <= slot.start_sec);
            let until = sec(entry, "/endTimeRestrict").is_none_or(|until| slot.start_sec < until);
            let is_open = |listed: &Value| {
                sec(listed, "/startTime") == Some(slot.start_sec)
                    && reading::number(listed, "/spotsOpen") != Some(0)
            };
            let is_its = ids == Some((slot.merchant_id.as_str(), slot.service_id.as_str()));
            is_its && from && until && !listed(entry).iter().any(is_open)
        })
    }

    /// In JSON names.
    pub(crate) fn body(&self) -> &'r Value {
        self.update.body
    }

    /// A place in the body.
    pub(crate) fn proof(&self, pointer: impl Into<String>) -> Proof {
        let proof = self.update.proof(pointer);
        self.scenario.into_iter().fold(proof, Proof::in_scenario)
    }
}
