//! What the feeds say of merchants and services, as far as inventory updates have to agree with it.

use domain::LinkedSlot;
use domain::slot::{Deposit, NoShowFee, OnlineTerms};
use feeds::SchedulingRules;
use std::collections::{BTreeMap, BTreeSet};

/// Empty where slots are listed in the config and there are no feeds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Offer {
    /// The ids of the payment options that each merchant defines.
    pub payment_options: BTreeMap<String, BTreeSet<String>>,
    /// By merchant and service: true where slots are given as recurrences, false where with spots.
    pub recurring: BTreeMap<(String, String), bool>,
    /// By merchant and service: what services say that are held online.
    pub online: BTreeMap<(String, String), OnlineTerms>,
    /// By merchant and service: slots that are booked on the partner's own page.
    pub linked: BTreeMap<(String, String), BTreeSet<LinkedSlot>>,
    /// By merchant and service: the ids of staff and rooms, where every slot of the feeds is known.
    pub resource_ids: BTreeMap<(String, String), BTreeSet<String>>,
    /// By merchant and service: what holds for a slot that says nothing itself.
    pub services: BTreeMap<(String, String), ServiceTerms>,
}

/// What holds for the slots of a service that say nothing themselves.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ServiceTerms {
    /// The fee for not coming.
    pub no_show_fee: Option<NoShowFee>,
    /// The deposit.
    pub deposit: Option<Deposit>,
    /// True when a card is always asked for.
    pub card_required: bool,
    /// The payment options that replace the price.
    pub payment_option_ids: Vec<String>,
    /// Until when a slot can be booked and cancelled.
    pub rules: SchedulingRules,
    /// True when it says how its waitlist works.
    pub has_waitlist_rules: bool,
    /// True when it has a template of addresses on the partner's own page.
    pub has_uri_template: bool,
}

/// No feeds.
pub(super) static NOTHING: Offer = Offer {
    payment_options: BTreeMap::new(),
    recurring: BTreeMap::new(),
    online: BTreeMap::new(),
    linked: BTreeMap::new(),
    resource_ids: BTreeMap::new(),
    services: BTreeMap::new(),
};
