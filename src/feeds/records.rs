//! The records of the feed files as they stand there. Fields that the harness has no use for are not listed
//! and therefore skipped; `null` counts as absent.

mod message;

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Value;

pub(super) use self::message::Message;
use self::message::said;
use super::check::is_set;
use super::wire::{Int, Label, Named, Text, Words};
use domain::slot::{ConfirmationMode, PriceType};

impl Words for PriceType {
    const WORDS: &'static [(&'static str, Self)] = &[
        ("FIXED_RATE_DEFAULT", Self::FixedRateDefault),
        ("PER_PERSON", Self::PerPerson),
    ];
}

impl Words for ConfirmationMode {
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

impl Words for CardRequirement {
    const WORDS: &'static [(&'static str, Self)] = &[
        ("REQUIRE_CREDIT_CARD_UNSPECIFIED", Self::Unspecified),
        ("REQUIRE_CREDIT_CARD_CONDITIONAL", Self::Conditional),
        ("REQUIRE_CREDIT_CARD_ALWAYS", Self::Always),
    ];
}

/// Whether the price is paid when booking.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum PrepaymentType {
    /// Not paid when booking; also the meaning of an absent type.
    #[default]
    NotSupported,
    /// Paid when booking.
    Required,
    /// Left open; no flow is documented, so nothing is collected.
    Optional,
}

impl Words for PrepaymentType {
    const WORDS: &'static [(&'static str, Self)] = &[
        ("PREPAYMENT_TYPE_UNSPECIFIED", Self::NotSupported),
        ("REQUIRED", Self::Required),
        ("OPTIONAL", Self::Optional),
        ("NOT_SUPPORTED", Self::NotSupported),
    ];
}

#[derive(Default, Deserialize)]
#[serde(expecting = "the metadata of a feed")]
pub(super) struct MetadataRecord {
    pub(super) processing_instruction: Option<Label>,
    pub(super) shard_number: Option<Int>,
    pub(super) total_shards: Option<Int>,
    pub(super) nonce: Option<Label>,
    pub(super) generation_timestamp: Option<Int>,
    /// What the total is called by printers that do not keep to the names of the fields.
    #[serde(rename = "totalShards")]
    pub(super) in_camel_case: Option<IgnoredAny>,
    /// True when the file has none.
    #[serde(skip)]
    pub(super) is_assumed: bool,
}

impl MetadataRecord {
    /// True when something that feeds have is there.
    pub(super) fn says(&self) -> bool {
        self.processing_instruction.is_some()
            || self.shard_number.is_some()
            || self.total_shards.is_some()
            || self.nonce.is_some()
            || self.generation_timestamp.is_some()
            || self.in_camel_case.is_some()
    }

    /// That of a file without one: the only shard of its feed.
    pub(super) fn alone() -> Self {
        Self {
            is_assumed: true,
            ..Self::default()
        }
    }
}

#[derive(Deserialize)]
#[serde(expecting = "a Price message")]
pub(super) struct PriceRecord<'a> {
    pub(super) price_micros: Option<Int>,
    #[serde(borrow)]
    pub(super) currency_code: Option<Text<'a>>,
    /// Belongs beside the price; one of Google's samples has it here.
    pub(super) min_advance_cancellation_sec: Option<Int>,
}

impl PriceRecord<'_> {
    pub(super) fn names_currency(&self) -> bool {
        self.currency_code.as_deref().is_some_and(|code| !code.is_empty())
    }

    /// True for an amount of nothing in no currency, as printers of defaults write it.
    pub(super) fn is_default(&self) -> bool {
        self.price_micros.is_none_or(|micros| micros.0 == 0) && !self.names_currency()
    }
}

#[derive(Deserialize)]
#[serde(expecting = "a TaxRate message")]
pub(super) struct TaxRateRecord {
    pub(super) micro_percent: Option<Int>,
}

#[derive(Deserialize)]
#[serde(expecting = "a NoShowFee message")]
pub(super) struct NoShowFeeRecord<'a> {
    #[serde(borrow)]
    pub(super) fee: Option<PriceRecord<'a>>,
    pub(super) fee_type: Option<Named<PriceType>>,
}

#[derive(Deserialize)]
#[serde(expecting = "a Deposit message")]
pub(super) struct DepositRecord<'a> {
    #[serde(borrow)]
    pub(super) deposit: Option<PriceRecord<'a>>,
    pub(super) deposit_type: Option<Named<PriceType>>,
    pub(super) min_advance_cancellation_sec: Option<Int>,
}

#[derive(Deserialize)]
#[serde(expecting = "a Merchant message")]
pub(super) struct MerchantRecord<'a> {
    #[serde(borrow)]
    pub(super) merchant_id: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) name: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) telephone: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) url: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) category: Option<Text<'a>>,
    pub(super) geo: Option<Value>,
    pub(super) num_bookings_30d: Option<Value>,
    pub(super) payment_processor_config: Option<Value>,
    pub(super) tax_rate: Option<TaxRateRecord>,
    pub(super) tax_rate_basis_points: Option<Int>,
    #[serde(borrow)]
    pub(super) payment_restrictions: Option<RestrictionsRecord<'a>>,
    #[serde(borrow)]
    pub(super) payment_option: Option<Vec<PaymentOptionRecord<'a>>>,
    pub(super) tokenization_config: Option<Value>,
}

#[derive(Deserialize)]
#[serde(expecting = "a PaymentRestrictions message")]
pub(super) struct RestrictionsRecord<'a> {
    #[serde(borrow)]
    pub(super) credit_card_restrictions: Option<CardRestrictionsRecord<'a>>,
}

#[derive(Deserialize)]
#[serde(expecting = "a CreditCardRestrictions message")]
pub(super) struct CardRestrictionsRecord<'a> {
    #[serde(borrow)]
    pub(super) credit_card_type: Option<Vec<Text<'a>>>,
}

#[derive(Deserialize)]
#[serde(expecting = "a PaymentOption message")]
pub(super) struct PaymentOptionRecord<'a> {
    #[serde(borrow)]
    pub(super) payment_option_id: Option<Text<'a>>,
    #[serde(borrow, default, deserialize_with = "said")]
    pub(super) price: Option<PriceRecord<'a>>,
    pub(super) tax_rate: Option<TaxRateRecord>,
    pub(super) name: Option<Value>,
    pub(super) description: Option<Value>,
    pub(super) payment_option_type: Option<Value>,
    pub(super) session_count: Option<Value>,
    pub(super) purchase_interval: Option<Value>,
    pub(super) valid_interval: Option<Value>,
    pub(super) valid_duration_sec: Option<Value>,
    pub(super) activation_type: Option<Value>,
    pub(super) user_restriction: Option<Value>,
}

#[derive(Deserialize)]
#[serde(expecting = "a Service message")]
pub(super) struct ServiceRecord<'a> {
    #[serde(borrow)]
    pub(super) merchant_id: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) service_id: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) name: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) localized_service_name: Option<ServiceNameRecord<'a>>,
    #[serde(borrow)]
    pub(super) description: Option<Text<'a>>,
    pub(super) localized_description: Option<Value>,
    #[serde(rename = "type")]
    pub(super) kind: Option<Label>,
    #[serde(borrow, default, deserialize_with = "said")]
    pub(super) price: Option<PriceRecord<'a>>,
    pub(super) price_interpretation: Option<Value>,
    pub(super) tax_rate: Option<TaxRateRecord>,
    pub(super) rules: Option<RulesRecord>,
    pub(super) scheduling_rules: Option<RulesRecord>,
    pub(super) prepayment_type: Option<Named<PrepaymentType>>,
    pub(super) prepayment_terms: Option<PrepaymentTermsRecord>,
    #[serde(borrow)]
    pub(super) payment_option_id: Option<Vec<Text<'a>>>,
    #[serde(borrow)]
    pub(super) deposit: Option<DepositRecord<'a>>,
    #[serde(borrow)]
    pub(super) no_show_fee: Option<NoShowFeeRecord<'a>>,
    pub(super) require_credit_card: Option<Named<CardRequirement>>,
    pub(super) ticket_type: Option<Vec<Value>>,
    pub(super) per_order_fee: Option<Value>,
    pub(super) virtual_session: Option<VirtualSessionRecord>,
    #[serde(default, deserialize_with = "said")]
    pub(super) direct_merchant_payment: Option<Value>,
    pub(super) uri_template: Option<Value>,
}

#[derive(Deserialize)]
#[serde(expecting = "a Text message")]
pub(super) struct ServiceNameRecord<'a> {
    #[serde(borrow)]
    pub(super) value: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) localized_value: Option<Vec<LocalizedRecord<'a>>>,
}

#[derive(Deserialize)]
#[serde(expecting = "a LocalizedString message")]
pub(super) struct LocalizedRecord<'a> {
    #[serde(borrow)]
    pub(super) value: Option<Text<'a>>,
}

/// Its texts are Text messages, or the bare strings that Google's own sample prints in their place.
#[derive(Deserialize)]
#[serde(expecting = "a VirtualSession message")]
pub(super) struct VirtualSessionRecord {
    pub(super) session_instructions: Option<Value>,
    pub(super) session_requirements: Option<Value>,
    pub(super) virtual_platform_info: Option<Value>,
    pub(super) is_session_prerecorded: Option<Value>,
}

impl ServiceRecord<'_> {
    /// True for one of the type of online services.
    pub(super) fn is_typed_online(&self) -> bool {
        let kind = self.kind.as_ref().map(|kind| kind.0.as_str());
        matches!(kind, Some("SERVICE_TYPE_ONLINE_APPOINTMENT" | "8"))
    }

    /// True for an online service. Google's sample of one has no `type`, so that a session in which anything is
    /// set makes it one, too.
    pub(super) fn is_online(&self) -> bool {
        let session = self.virtual_session.as_ref();
        let fields = session.map(|session| {
            [
                &session.session_instructions,
                &session.session_requirements,
                &session.virtual_platform_info,
                &session.is_session_prerecorded,
            ]
        });
        self.is_typed_online() || fields.into_iter().flatten().flatten().any(is_set)
    }

    /// True where the price is paid when booking.
    pub(super) fn is_prepaid(&self) -> bool {
        self.prepayment_type
            .is_some_and(|named| named.0 == PrepaymentType::Required)
    }
}

#[derive(Deserialize)]
#[serde(expecting = "a PrepaymentTerms message")]
pub(super) struct PrepaymentTermsRecord {
    pub(super) charge_timing: Option<Label>,
    pub(super) charge_time_before_start_time_sec: Option<Value>,
}

impl PrepaymentTermsRecord {
    pub(super) fn charges_later(&self) -> bool {
        self.charge_timing
            .as_ref()
            .is_some_and(|timing| timing.0 == "CHARGE_LATER")
    }
}

#[derive(Deserialize)]
#[serde(expecting = "a SchedulingRules message")]
pub(super) struct RulesRecord {
    pub(super) min_advance_booking: Option<Int>,
    pub(super) min_booking_buffer_before_end_time: Option<Int>,
    pub(super) min_advance_online_canceling: Option<Int>,
    pub(super) admission_policy: Option<Label>,
    pub(super) cancellation_policy: Option<PolicyRecord>,
    pub(super) late_cancellation_fee: Option<Value>,
    pub(super) noshow_fee: Option<Value>,
}

#[derive(Deserialize)]
#[serde(expecting = "a CancellationPolicy message")]
pub(super) struct PolicyRecord {
    pub(super) refund_condition: Option<Vec<RefundRecord>>,
}

#[derive(Deserialize)]
#[serde(expecting = "a RefundCondition message")]
pub(super) struct RefundRecord {
    pub(super) min_duration_before_start_time_sec: Option<Int>,
    pub(super) refund_percent: Option<Int>,
}

#[derive(Deserialize)]
#[serde(expecting = "an Availability message")]
pub(super) struct AvailabilityRecord<'a> {
    #[serde(borrow)]
    pub(super) merchant_id: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) service_id: Option<Text<'a>>,
    pub(super) start_sec: Option<Int>,
    pub(super) duration_sec: Option<Int>,
    pub(super) spots_total: Option<Int>,
    pub(super) spots_open: Option<Int>,
    #[serde(borrow)]
    pub(super) availability_tag: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) resources: Option<ResourcesRecord<'a>>,
    #[serde(borrow)]
    pub(super) payment_option_id: Option<Vec<Text<'a>>>,
    pub(super) recurrence: Option<RecurrenceRecord>,
    pub(super) schedule_exception: Option<Vec<ExceptionRecord>>,
    #[serde(borrow)]
    pub(super) deposit: Option<DepositRecord<'a>>,
    #[serde(borrow)]
    pub(super) no_show_fee: Option<NoShowFeeRecord<'a>>,
    pub(super) require_credit_card: Option<Named<CardRequirement>>,
    #[serde(borrow)]
    pub(super) ticket_type_id: Option<Vec<Text<'a>>>,
    pub(super) scheduling_rule_overrides: Option<OverridesRecord>,
    pub(super) confirmation_mode: Option<Named<ConfirmationMode>>,
    pub(super) linkout_required_reason: Option<Label>,
    pub(super) prepayment: Option<PrepaymentRecord>,
}

/// What is paid on the partner's own page.
#[derive(Deserialize)]
#[serde(expecting = "a Prepayment message")]
pub(super) struct PrepaymentRecord {
    pub(super) price_info: Option<PriceInfoRecord>,
}

#[derive(Deserialize)]
#[serde(expecting = "a PriceInfo message")]
pub(super) struct PriceInfoRecord {
    pub(super) price: Option<IgnoredAny>,
    pub(super) price_range: Option<IgnoredAny>,
}

#[derive(Deserialize)]
#[serde(expecting = "a Resources message")]
pub(super) struct ResourcesRecord<'a> {
    #[serde(borrow)]
    pub(super) staff_id: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) staff_name: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) room_id: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) room_name: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) room_description: Option<Text<'a>>,
    pub(super) party_size: Option<Int>,
}

#[derive(Deserialize)]
#[serde(expecting = "a Recurrence message")]
pub(super) struct RecurrenceRecord {
    pub(super) repeat_until_sec: Option<Int>,
    pub(super) repeat_every_sec: Option<Int>,
}

impl RecurrenceRecord {
    /// True when it says nothing.
    pub(super) fn is_empty(&self) -> bool {
        self.repeat_until_sec.is_none() && self.repeat_every_sec.is_none()
    }
}

#[derive(Deserialize)]
#[serde(expecting = "a ScheduleException message")]
pub(super) struct ExceptionRecord {
    pub(super) time_range: Option<TimeRangeRecord>,
}

#[derive(Deserialize)]
#[serde(expecting = "a TimeRange message")]
pub(super) struct TimeRangeRecord {
    pub(super) begin_sec: Option<Int>,
    pub(super) end_sec: Option<Int>,
}

#[derive(Deserialize)]
#[serde(expecting = "a SchedulingRuleOverrides message")]
#[expect(clippy::struct_field_names, reason = "the names are those of the feed")]
pub(super) struct OverridesRecord {
    pub(super) last_bookable_sec: Option<Int>,
    pub(super) first_bookable_sec: Option<Int>,
    pub(super) last_online_cancellable_sec: Option<Int>,
}
