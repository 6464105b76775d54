//! What the feeds say of merchants and services, as far as the partner's updates have to agree with it.

use domain::LinkedSlot;
use domain::slot::{Deposit, Money, NoShowFee, OnlineTerms};
use feeds::{PrepaymentType, SchedulingRules};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;

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
    /// By id: what is said of the merchant itself.
    pub merchants: BTreeMap<String, MerchantTerms>,
}

/// What the merchants feed says of a merchant.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MerchantTerms {
    /// Empty where the feed has none.
    pub name: String,
    /// Empty where the feed has none.
    pub telephone: String,
    /// Empty where the feed has none.
    pub url: String,
    /// As it stands in the feed.
    pub geo: Option<Value>,
    /// As they stand in the feed.
    pub terms: Option<Value>,
    /// Millionths of one percent.
    pub tax_micro_percent: Option<i64>,
    /// Card networks that are taken: absent means all of them.
    pub networks: Option<Vec<String>>,
    /// As it stands in the feed.
    pub tokenization: Option<Value>,
    /// By id.
    pub options: BTreeMap<String, OptionTerms>,
}

/// What a payment option costs.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OptionTerms {
    /// In place of the service's price.
    pub price: Option<Money>,
    /// Millionths of one percent.
    pub tax_micro_percent: Option<i64>,
}

/// What holds for the slots of a service that say nothing themselves.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServiceTerms {
    /// The price; absent where the feed has none.
    pub price: Option<Money>,
    /// In place of the merchant's rate, millionths of one percent.
    pub tax_micro_percent: Option<i64>,
    /// Whether the price is paid when booking.
    pub prepayment_type: PrepaymentType,
    /// True when a prepayment is charged later than at booking.
    pub charge_later: bool,
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
    /// The party sizes of its waitlist, if it has one.
    pub waitlist: Option<RangeInclusive<i32>>,
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
    merchants: BTreeMap::new(),
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
