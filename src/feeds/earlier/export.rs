//! What is kept of an earlier export.

use super::names::ResourceNames;
use super::slots::EarlierSlots;
use crate::files::generation::ChosenFiles;
use crate::kind::FeedKind;
use serde::Serialize;
use std::collections::{BTreeMap, HashMap};

/// An earlier export, as far as a later one is held against it.
#[derive(Debug, Default)]
pub(crate) struct EarlierExport {
    pub(crate) merchants: HashMap<String, EarlierMerchant>,
    pub(crate) feeds: BTreeMap<FeedKind, ChosenFiles>,
}

#[derive(Debug, Default)]
pub(crate) struct EarlierMerchant {
    pub(crate) name: String,
    pub(crate) identity: Option<u64>,
    pub(crate) services: HashMap<String, EarlierService>,
}

#[derive(Debug, Default)]
pub(crate) struct EarlierService {
    pub(crate) name: String,
    pub(crate) slots: EarlierSlots,
    pub(crate) names: ResourceNames,
}

impl EarlierExport {
    pub(crate) fn service(&self, merchant_id: &str, service_id: &str) -> Option<&EarlierService> {
        self.merchants.get(merchant_id)?.services.get(service_id)
    }
}

/// What has to be there before something can be seen: two exports, a recording, or what not every export has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Compared {
    /// Merchants that share an account, for 3DS2.
    Accounts,
    /// Slots that say of money what their services may say.
    Overrides,
    /// The names of files that were exported at different moments.
    FileNames,
    /// Every feed was exported twice, with a day between.
    Cadence,
    /// The availability was.
    AvailabilityCadence,
    /// Staff or rooms that are in both.
    Resources,
    /// A booking of the recording that the export shows.
    Bookings,
}

/// How a feed differs from that of the earlier export; of slots, those that are still to come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Change {
    /// In this one alone.
    pub new: u64,
    /// In both.
    pub kept: u64,
    /// In the earlier one alone.
    pub gone: u64,
}

impl Change {
    /// From the numbers of those before, now, and in both.
    pub(crate) fn of(before: u64, now: u64, kept: u64) -> Self {
        Self {
            new: now.saturating_sub(kept),
            kept,
            gone: before.saturating_sub(kept),
        }
    }
}
