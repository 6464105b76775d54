//! What the feeds say of merchants and services, as far as inventory updates have to agree with it.

use domain::LinkedSlot;
use domain::slot::{Deposit, NoShowFee, OnlineTerms};
use feeds::SchedulingRules;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Empty where slots are listed in the config and there are no feeds.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offer {
    /// The ids of the payment options that each merchant defines.
    pub payment_options: BTreeMap<String, BTreeSet<String>>,
    /// By merchant and service: true where slots are given as recurrences, false where with spots.
    #[serde(with = "by_service")]
    pub recurring: BTreeMap<(String, String), bool>,
    /// By merchant and service: what services say that are held online.
    #[serde(with = "by_service")]
    pub online: BTreeMap<(String, String), OnlineTerms>,
    /// By merchant and service: slots that are booked on the partner's own page.
    #[serde(with = "by_service")]
    pub linked: BTreeMap<(String, String), BTreeSet<LinkedSlot>>,
    /// By merchant and service: the ids of staff and rooms, where every slot of the feeds is known.
    #[serde(with = "by_service")]
    pub resource_ids: BTreeMap<(String, String), BTreeSet<String>>,
    /// By merchant and service: what holds for a slot that says nothing itself.
    #[serde(with = "by_service")]
    pub services: BTreeMap<(String, String), ServiceTerms>,
}

/// What holds for the slots of a service that say nothing themselves.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
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

/// Maps by merchant and service are stored as lists, since a key of JSON is one text.
mod by_service {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};
    use std::collections::BTreeMap;

    type ByService<V> = BTreeMap<(String, String), V>;

    pub(super) fn serialize<V: Serialize, S: Serializer>(
        map: &ByService<V>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(map)
    }

    pub(super) fn deserialize<'de, V: Deserialize<'de>, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<ByService<V>, D::Error> {
        let pairs = Vec::<((String, String), V)>::deserialize(deserializer)?;
        Ok(pairs.into_iter().collect())
    }
}
