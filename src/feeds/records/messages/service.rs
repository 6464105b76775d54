//! A record of the services feed.

use super::empty::{Message, unless_empty};
use super::{CardRequirement, DepositRecord, NoShowFeeRecord, PrepaymentType, PriceRecord, TaxRateRecord};
use crate::files::wire::{Int, NameOrNumber, Named, Text, is_set};
use serde::Deserialize;
use serde_json::Value;

#[derive(Deserialize)]
#[serde(expecting = "a Service message")]
pub(crate) struct ServiceRecord<'a> {
    #[serde(borrow)]
    pub(crate) merchant_id: Option<Text<'a>>,
    #[serde(borrow)]
    pub(crate) service_id: Option<Text<'a>>,
    #[serde(borrow)]
    pub(crate) name: Option<Text<'a>>,
    #[serde(borrow)]
    pub(crate) localized_service_name: Option<ServiceNameRecord<'a>>,
    #[serde(borrow)]
    pub(crate) description: Option<Text<'a>>,
    pub(crate) localized_description: Option<Value>,
    #[serde(rename = "type")]
    pub(crate) kind: Option<NameOrNumber>,
    #[serde(borrow, default, deserialize_with = "unless_empty")]
    pub(crate) price: Option<PriceRecord<'a>>,
    pub(crate) price_interpretation: Option<Value>,
    pub(crate) tax_rate: Option<TaxRateRecord>,
    pub(crate) rules: Option<RulesRecord>,
    pub(crate) scheduling_rules: Option<RulesRecord>,
    pub(crate) prepayment_type: Option<Named<PrepaymentType>>,
    pub(crate) prepayment_terms: Option<PrepaymentTermsRecord>,
    #[serde(borrow)]
    pub(crate) payment_option_id: Option<Vec<Text<'a>>>,
    #[serde(borrow)]
    pub(crate) deposit: Option<DepositRecord<'a>>,
    #[serde(borrow)]
    pub(crate) no_show_fee: Option<NoShowFeeRecord<'a>>,
    pub(crate) require_credit_card: Option<Named<CardRequirement>>,
    pub(crate) ticket_type: Option<Vec<Value>>,
    pub(crate) per_order_fee: Option<Value>,
    pub(crate) virtual_session: Option<VirtualSessionRecord>,
    #[serde(default, deserialize_with = "unless_empty")]
    pub(crate) direct_merchant_payment: Option<Value>,
    pub(crate) uri_template: Option<Value>,
    #[serde(default, deserialize_with = "unless_empty")]
    pub(crate) waitlist_rules: Option<WaitlistRulesRecord>,
}

#[derive(Deserialize)]
#[serde(expecting = "a Text message")]
pub(crate) struct ServiceNameRecord<'a> {
    #[serde(borrow)]
    pub(crate) value: Option<Text<'a>>,
    #[serde(borrow)]
    pub(crate) localized_value: Option<Vec<LocalizedRecord<'a>>>,
}

#[derive(Deserialize)]
#[serde(expecting = "a LocalizedString message")]
pub(crate) struct LocalizedRecord<'a> {
    #[serde(borrow)]
    pub(crate) value: Option<Text<'a>>,
}

/// Its texts are Text messages, or the bare strings that Google's own sample prints in their place.
#[derive(Deserialize)]
#[serde(expecting = "a VirtualSession message")]
pub(crate) struct VirtualSessionRecord {
    pub(crate) session_instructions: Option<Value>,
    pub(crate) session_requirements: Option<Value>,
    pub(crate) virtual_platform_info: Option<Value>,
    pub(crate) is_session_prerecorded: Option<Value>,
}

impl ServiceRecord<'_> {
    /// True for one of the type of online services.
    pub(crate) fn is_typed_online(&self) -> bool {
        let kind = self.kind.as_ref().map(|kind| kind.0.as_str());
        matches!(kind, Some("SERVICE_TYPE_ONLINE_APPOINTMENT" | "8"))
    }

    /// True for an online service. Google's sample of one has no `type`, so that a session in which anything is
    /// set makes it one, too.
    pub(crate) fn is_online(&self) -> bool {
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
    pub(crate) fn is_prepaid(&self) -> bool {
        self.prepayment_type
            .is_some_and(|named| named.0 == PrepaymentType::Required)
    }
}

/// Google's own sample prints the sizes as text.
#[derive(Deserialize)]
#[serde(expecting = "a WaitlistRules message")]
pub(crate) struct WaitlistRulesRecord {
    pub(crate) min_party_size: Option<Int>,
    pub(crate) max_party_size: Option<Int>,
}

impl Message for WaitlistRulesRecord {
    fn has_content(&self) -> bool {
        self.min_party_size.is_some() || self.max_party_size.is_some()
    }
}

#[derive(Deserialize)]
#[serde(expecting = "a PrepaymentTerms message")]
pub(crate) struct PrepaymentTermsRecord {
    pub(crate) charge_timing: Option<NameOrNumber>,
    pub(crate) charge_time_before_start_time_sec: Option<Value>,
}

impl PrepaymentTermsRecord {
    pub(crate) fn is_charged_later(&self) -> bool {
        self.charge_timing
            .as_ref()
            .is_some_and(|timing| timing.0 == "CHARGE_LATER")
    }
}

#[derive(Deserialize)]
#[serde(expecting = "a SchedulingRules message")]
pub(crate) struct RulesRecord {
    pub(crate) min_advance_booking: Option<Int>,
    pub(crate) min_booking_buffer_before_end_time: Option<Int>,
    pub(crate) min_advance_online_canceling: Option<Int>,
    pub(crate) admission_policy: Option<NameOrNumber>,
    pub(crate) cancellation_policy: Option<PolicyRecord>,
    pub(crate) late_cancellation_fee: Option<Value>,
    pub(crate) noshow_fee: Option<Value>,
}

impl Message for RulesRecord {
    fn has_content(&self) -> bool {
        let leads = [
            self.min_advance_booking,
            self.min_booking_buffer_before_end_time,
            self.min_advance_online_canceling,
        ];
        leads.iter().any(Option::is_some)
            || self.admission_policy.is_some()
            || self.cancellation_policy.is_some()
            || self.late_cancellation_fee.is_some()
            || self.noshow_fee.is_some()
    }
}

#[derive(Deserialize)]
#[serde(expecting = "a CancellationPolicy message")]
pub(crate) struct PolicyRecord {
    pub(crate) refund_condition: Option<Vec<RefundRecord>>,
}

#[derive(Deserialize)]
#[serde(expecting = "a RefundCondition message")]
pub(crate) struct RefundRecord {
    pub(crate) min_duration_before_start_time_sec: Option<Int>,
    pub(crate) refund_percent: Option<Int>,
}
