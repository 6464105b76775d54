//! A record of the merchants feed.

use super::empty::unless_empty;
use super::{PriceRecord, TaxRateRecord};
use crate::files::wire::{Int, Text};
use serde::Deserialize;
use serde_json::Value;

#[derive(Deserialize)]
#[serde(expecting = "a Merchant message")]
pub(crate) struct MerchantRecord<'a> {
    #[serde(borrow)]
    pub(crate) merchant_id: Option<Text<'a>>,
    #[serde(borrow)]
    pub(crate) name: Option<Text<'a>>,
    #[serde(borrow)]
    pub(crate) telephone: Option<Text<'a>>,
    #[serde(borrow)]
    pub(crate) url: Option<Text<'a>>,
    #[serde(borrow)]
    pub(crate) category: Option<Text<'a>>,
    pub(crate) geo: Option<Value>,
    pub(crate) terms: Option<Value>,
    pub(crate) num_bookings_30d: Option<Value>,
    pub(crate) payment_processor_config: Option<Value>,
    pub(crate) tax_rate: Option<TaxRateRecord>,
    pub(crate) tax_rate_basis_points: Option<Int>,
    #[serde(borrow)]
    pub(crate) payment_restrictions: Option<RestrictionsRecord<'a>>,
    #[serde(borrow)]
    pub(crate) payment_option: Option<Vec<PaymentOptionRecord<'a>>>,
    pub(crate) tokenization_config: Option<Value>,
}

#[derive(Deserialize)]
#[serde(expecting = "a PaymentRestrictions message")]
pub(crate) struct RestrictionsRecord<'a> {
    #[serde(borrow)]
    pub(crate) credit_card_restrictions: Option<CardRestrictionsRecord<'a>>,
}

#[derive(Deserialize)]
#[serde(expecting = "a CreditCardRestrictions message")]
pub(crate) struct CardRestrictionsRecord<'a> {
    #[serde(borrow)]
    pub(crate) credit_card_type: Option<Vec<Text<'a>>>,
}

#[derive(Deserialize)]
#[serde(expecting = "a PaymentOption message")]
pub(crate) struct PaymentOptionRecord<'a> {
    #[serde(borrow)]
    pub(crate) payment_option_id: Option<Text<'a>>,
    #[serde(borrow, default, deserialize_with = "unless_empty")]
    pub(crate) price: Option<PriceRecord<'a>>,
    pub(crate) tax_rate: Option<TaxRateRecord>,
    pub(crate) name: Option<Value>,
    pub(crate) description: Option<Value>,
    pub(crate) payment_option_type: Option<Value>,
    pub(crate) session_count: Option<Value>,
    pub(crate) purchase_interval: Option<Value>,
    pub(crate) valid_interval: Option<Value>,
    pub(crate) valid_duration_sec: Option<Value>,
    pub(crate) activation_type: Option<Value>,
    pub(crate) user_restriction: Option<Value>,
}
