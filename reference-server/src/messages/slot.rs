//! Slots as Google names them.

use super::int64;
use serde::{Deserialize, Serialize};

/// A slot in CreateBooking and in every booking. Times are UTC epoch seconds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Slot {
    /// Merchant as in the feed.
    pub merchant_id: String,
    /// Service as in the feed.
    pub service_id: String,
    /// Start, epoch seconds.
    #[serde(with = "int64")]
    pub start_sec: i64,
    /// Length in seconds.
    #[serde(with = "int64")]
    pub duration_sec: i64,
    /// The feed's opaque tag, returned as it came.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub availability_tag: Option<String>,
    /// Staff, room, party size.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resources: Option<ResourceIds>,
    /// The mode that Google expected; absent means synchronous.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confirmation_mode: Option<ConfirmationMode>,
}

/// What tells apart slots that start together.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResourceIds {
    /// Member of staff.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub staff_id: Option<String>,
    /// Room or seating section.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub room_id: Option<String>,
    /// Number of seats (dining).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub party_size: Option<i32>,
}

/// Whether the merchant confirms at once or later.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ConfirmationMode {
    /// Read as synchronous.
    #[serde(rename = "CONFIRMATION_MODE_UNSPECIFIED")]
    Unspecified,
    /// Confirmed or refused at once.
    #[serde(rename = "CONFIRMATION_MODE_SYNCHRONOUS")]
    Synchronous,
    /// The merchant decides later.
    #[serde(rename = "CONFIRMATION_MODE_ASYNCHRONOUS")]
    Asynchronous,
}

/// A slot in BatchAvailabilityLookup: no merchant, and `resource_ids` where bookings say `resources`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct SlotTime {
    #[serde(with = "int64")]
    pub(crate) start_sec: i64,
    #[serde(default, with = "int64::option", skip_serializing_if = "Option::is_none")]
    pub(crate) duration_sec: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) availability_tag: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) resource_ids: Option<ResourceIds>,
    pub(crate) service_id: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) confirmation_mode: Option<ConfirmationMode>,
}

/// The slot of an UpdateBooking: only what changes is there.
#[derive(Debug, Clone, Default, Deserialize)]
pub(crate) struct PartialSlot {
    #[serde(default, with = "int64::option")]
    pub(crate) start_sec: Option<i64>,
    #[serde(default, with = "int64::option")]
    pub(crate) duration_sec: Option<i64>,
    #[serde(default)]
    pub(crate) resources: Option<ResourceIds>,
}
