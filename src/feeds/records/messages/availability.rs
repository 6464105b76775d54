//! A record of the availability feed. A field that there is not is an error here, so that it costs nothing to look for one: what
//! is read of such a record, and what is said of it, is up to the slower reader of `files/mend`.

use super::{CardRequirement, DepositRecord, NoShowFeeRecord};
use crate::files::wire::{Int, NameOrNumber, Named, Text};
use domain::slot::ConfirmationMode;
use serde::Deserialize;
use serde::de::IgnoredAny;

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "an Availability message")]
pub(crate) struct AvailabilityRecord<'a> {
    #[serde(borrow)]
    pub(crate) merchant_id: Option<Text<'a>>,
    #[serde(borrow)]
    pub(crate) service_id: Option<Text<'a>>,
    pub(crate) start_sec: Option<Int>,
    pub(crate) duration_sec: Option<Int>,
    pub(crate) spots_total: Option<Int>,
    pub(crate) spots_open: Option<Int>,
    #[serde(borrow)]
    pub(crate) availability_tag: Option<Text<'a>>,
    #[serde(borrow)]
    pub(crate) resources: Option<ResourcesRecord<'a>>,
    #[serde(borrow)]
    pub(crate) payment_option_id: Option<Vec<Text<'a>>>,
    pub(crate) recurrence: Option<RecurrenceRecord>,
    pub(crate) schedule_exception: Option<Vec<ExceptionRecord>>,
    #[serde(borrow)]
    pub(crate) deposit: Option<DepositRecord<'a>>,
    #[serde(borrow)]
    pub(crate) no_show_fee: Option<NoShowFeeRecord<'a>>,
    pub(crate) require_credit_card: Option<Named<CardRequirement>>,
    #[serde(borrow)]
    pub(crate) ticket_type_id: Option<Vec<Text<'a>>>,
    #[serde(rename = "duration_requirement")]
    _duration_requirement: Option<IgnoredAny>,
    pub(crate) scheduling_rule_overrides: Option<OverridesRecord>,
    pub(crate) confirmation_mode: Option<Named<ConfirmationMode>>,
    pub(crate) linkout_required_reason: Option<NameOrNumber>,
    pub(crate) prepayment: Option<PrepaymentRecord>,
}

/// What is paid on the partner's own page.
#[derive(Deserialize)]
#[serde(expecting = "a Prepayment message")]
pub(crate) struct PrepaymentRecord {
    pub(crate) price_info: Option<PriceInfoRecord>,
}

#[derive(Deserialize)]
#[serde(expecting = "a PriceInfo message")]
pub(crate) struct PriceInfoRecord {
    pub(crate) price: Option<IgnoredAny>,
    pub(crate) price_range: Option<IgnoredAny>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "a Resources message")]
pub(crate) struct ResourcesRecord<'a> {
    #[serde(borrow)]
    pub(crate) staff_id: Option<Text<'a>>,
    #[serde(borrow)]
    pub(crate) staff_name: Option<Text<'a>>,
    #[serde(borrow)]
    pub(crate) room_id: Option<Text<'a>>,
    #[serde(borrow)]
    pub(crate) room_name: Option<Text<'a>>,
    #[serde(borrow)]
    pub(crate) room_description: Option<Text<'a>>,
    pub(crate) party_size: Option<Int>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "a Recurrence message")]
pub(crate) struct RecurrenceRecord {
    pub(crate) repeat_until_sec: Option<Int>,
    pub(crate) repeat_every_sec: Option<Int>,
}

impl RecurrenceRecord {
    /// True when it says nothing.
    pub(crate) fn is_empty(&self) -> bool {
        self.repeat_until_sec.is_none() && self.repeat_every_sec.is_none()
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "a ScheduleException message")]
pub(crate) struct ExceptionRecord {
    pub(crate) time_range: Option<TimeRangeRecord>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "a TimeRange message")]
pub(crate) struct TimeRangeRecord {
    pub(crate) begin_sec: Option<Int>,
    pub(crate) end_sec: Option<Int>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "a SchedulingRuleOverrides message")]
#[expect(clippy::struct_field_names, reason = "the names are those of the feed")]
pub(crate) struct OverridesRecord {
    pub(crate) last_bookable_sec: Option<Int>,
    pub(crate) first_bookable_sec: Option<Int>,
    pub(crate) last_online_cancellable_sec: Option<Int>,
}
