//! What a partner offers: merchants, services and slots, and what is wrong with their feeds.

use crate::problem::ProblemTally;
use crate::records::merchant::Merchant;
use crate::records::service::Service;
use crate::terms::windows;
use domain::slot::Slot;
use domain::{LinkedSlot, Waitlist};
use std::collections::{BTreeMap, BTreeSet};

/// The content of a partner's feeds, with the effective terms of every slot.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Inventory {
    /// By merchant id.
    pub merchants: BTreeMap<String, Merchant>,
    /// By merchant id, then by service id.
    pub services: BTreeMap<String, BTreeMap<String, Service>>,
    /// By start, merchant, service and resources; slots without a free spot included.
    pub slots: Vec<Slot>,
    /// By merchant and service id: the first slots that are booked on the partner's own page.
    pub linked: BTreeMap<(String, String), BTreeSet<LinkedSlot>>,
    /// Merchant and service of which every slot of the feeds is among these: of a large feed only some are kept.
    pub whole: BTreeSet<(String, String)>,
    /// What is wrong with the feeds, by subject, code and field.
    pub problems: Vec<ProblemTally>,
}

impl Inventory {
    /// The slots that Google offers at `now_sec` (epoch seconds), in their order.
    pub fn bookable(&self, now_sec: i64) -> impl Iterator<Item = &Slot> {
        self.slots
            .iter()
            .filter(move |slot| windows::bookable(slot, now_sec))
    }

    /// By start, merchant, service and resources. A slot is large: small keys are sorted in its place.
    pub(crate) fn sort_slots(&mut self) {
        let ids = self.services.iter().flat_map(|(merchant, services)| {
            let ids = services.keys();
            ids.map(move |service| (merchant.as_str(), service.as_str()))
        });
        let ranks: BTreeMap<_, _> = ids.zip(0_usize..).collect();
        self.slots.sort_by_cached_key(|slot| {
            let rank = ranks.get(&(slot.merchant_id.as_str(), slot.service_id.as_str()));
            (
                slot.start_sec,
                rank.copied(),
                slot.resources.clone(),
                slot.duration_sec,
            )
        });
    }

    /// Merchant and service id of every service.
    pub fn service_ids(&self) -> BTreeSet<(String, String)> {
        let services = self.services.iter();
        let pairs = services.flat_map(|(merchant, services)| {
            let ids = services.keys();
            ids.map(|service| (merchant.clone(), service.clone()))
        });
        pairs.collect()
    }

    /// Every waitlist, whether or not its service has a slot, by merchant and service.
    pub fn waitlists(&self) -> Vec<Waitlist> {
        let services = self.services.values().flat_map(BTreeMap::values);
        let listed = services.filter_map(|service| {
            let sizes = service.waitlist.as_ref()?;
            Some(Waitlist {
                merchant_id: service.merchant_id.clone(),
                service_id: service.service_id.clone(),
                min_party_size: *sizes.start(),
                max_party_size: *sizes.end(),
            })
        });
        listed.collect()
    }

    /// A merchant by its id.
    pub fn merchant(&self, merchant_id: &str) -> Option<&Merchant> {
        self.merchants.get(merchant_id)
    }

    /// A service by the ids of its merchant and its own.
    pub fn service(&self, merchant_id: &str, service_id: &str) -> Option<&Service> {
        self.services.get(merchant_id)?.get(service_id)
    }
}
