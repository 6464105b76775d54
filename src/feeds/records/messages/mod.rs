//! The records of the feed files as they stand there. Fields that the harness has no use for are not listed
//! and therefore skipped; `null` counts as absent.

pub(crate) mod availability;
pub(crate) mod empty;
pub(crate) mod merchant;
pub(crate) mod service;

use self::empty::Message;
use crate::files::wire::{EnumWords, Int, Named, Text};
use domain::slot::{ConfirmationMode, PriceType};
use serde::Deserialize;

impl EnumWords for PriceType {
    const WORDS: &'static [(&'static str, Self)] = &[
        ("FIXED_RATE_DEFAULT", Self::FixedRateDefault),
        ("PER_PERSON", Self::PerPerson),
    ];
}

impl EnumWords for ConfirmationMode {
    const WORDS: &'static [(&'static str, Self)] = &[
        ("CONFIRMATION_MODE_UNSPECIFIED", Self::Synchronous),
        ("CONFIRMATION_MODE_SYNCHRONOUS", Self::Synchronous),
        ("CONFIRMATION_MODE_ASYNCHRONOUS", Self::Asynchronous),
    ];
}

/// When a card is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum CardRequirement {
    /// Nothing said: a slot inherits from its service, a service asks where a fee calls for it.
    #[default]
    Unspecified,
    /// Only where a prepayment, a deposit or a no-show fee calls for it.
    Conditional,
    /// Always.
    Always,
}

impl EnumWords for CardRequirement {
    const WORDS: &'static [(&'static str, Self)] = &[
        ("REQUIRE_CREDIT_CARD_UNSPECIFIED", Self::Unspecified),
        ("REQUIRE_CREDIT_CARD_CONDITIONAL", Self::Conditional),
        ("REQUIRE_CREDIT_CARD_ALWAYS", Self::Always),
    ];
}

/// Whether the price is paid when booking.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
pub enum PrepaymentType {
    /// Not paid when booking; also the meaning of an absent type.
    #[default]
    NotSupported,
    /// Paid when booking.
    Required,
    /// Left open; no flow is documented, so nothing is collected.
    Optional,
}

impl EnumWords for PrepaymentType {
    const WORDS: &'static [(&'static str, Self)] = &[
        ("PREPAYMENT_TYPE_UNSPECIFIED", Self::NotSupported),
        ("REQUIRED", Self::Required),
        ("OPTIONAL", Self::Optional),
        ("NOT_SUPPORTED", Self::NotSupported),
    ];
}

#[derive(Deserialize)]
#[serde(expecting = "a Price message")]
pub(crate) struct PriceRecord<'a> {
    pub(crate) price_micros: Option<Int>,
    #[serde(borrow)]
    pub(crate) currency_code: Option<Text<'a>>,
    /// Belongs beside the price; one of Google's samples has it here.
    pub(crate) min_advance_cancellation_sec: Option<Int>,
}

impl Message for PriceRecord<'_> {
    fn has_content(&self) -> bool {
        self.price_micros.is_some() || self.has_currency() || self.min_advance_cancellation_sec.is_some()
    }
}

impl PriceRecord<'_> {
    pub(crate) fn has_currency(&self) -> bool {
        self.currency_code.as_deref().is_some_and(|code| !code.is_empty())
    }

    /// True for an amount of nothing in no currency, as printers of defaults write it.
    pub(crate) fn is_default(&self) -> bool {
        self.price_micros.is_none_or(|micros| micros.0 == 0) && !self.has_currency()
    }
}

#[derive(Deserialize)]
#[serde(expecting = "a TaxRate message")]
pub(crate) struct TaxRateRecord {
    pub(crate) micro_percent: Option<Int>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "a NoShowFee message")]
pub(crate) struct NoShowFeeRecord<'a> {
    #[serde(borrow)]
    pub(crate) fee: Option<PriceRecord<'a>>,
    pub(crate) fee_type: Option<Named<PriceType>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "a Deposit message")]
pub(crate) struct DepositRecord<'a> {
    #[serde(borrow)]
    pub(crate) deposit: Option<PriceRecord<'a>>,
    pub(crate) deposit_type: Option<Named<PriceType>>,
    pub(crate) min_advance_cancellation_sec: Option<Int>,
}
