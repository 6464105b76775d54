//! The booking as it goes over the wire.

use super::payment::PaymentInformation;
use super::slot::Slot;
use super::user::UserInformation;
use serde::{Deserialize, Serialize};

/// State of a booking.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum BookingStatus {
    /// The appointment stands.
    Confirmed,
    /// The merchant has not answered yet.
    PendingMerchantConfirmation,
    /// Cancelled, by whomever.
    Canceled,
    /// The user did not come.
    NoShow,
    /// The user did not come, or cancelled too late, and paid the fee.
    NoShowPenalized,
    /// The request could not be completed.
    Failed,
    /// The merchant refused the request.
    DeclinedByMerchant,
}

impl BookingStatus {
    /// The name on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Self::Confirmed => "CONFIRMED",
            Self::PendingMerchantConfirmation => "PENDING_MERCHANT_CONFIRMATION",
            Self::Canceled => "CANCELED",
            Self::NoShow => "NO_SHOW",
            Self::NoShowPenalized => "NO_SHOW_PENALIZED",
            Self::Failed => "FAILED",
            Self::DeclinedByMerchant => "DECLINED_BY_MERCHANT",
        }
    }

    /// Confirmed or still to be confirmed.
    pub fn is_alive(self) -> bool {
        matches!(self, Self::Confirmed | Self::PendingMerchantConfirmation)
    }
}

/// How to join an online session.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VirtualSessionInfo {
    /// Link to the meeting.
    pub session_url: String,
    /// Id of the meeting.
    pub meeting_id: String,
    /// Password of the meeting: a secret, never logged.
    pub password: String,
}

impl std::fmt::Debug for VirtualSessionInfo {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("VirtualSessionInfo([redacted])")
    }
}

/// A booking in an answer.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct BookingMessage {
    pub(crate) booking_id: String,
    pub(crate) slot: Slot,
    pub(crate) user_information: UserInformation,
    pub(crate) status: BookingStatus,
    pub(crate) payment_information: PaymentInformation,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) virtual_session_info: Option<VirtualSessionInfo>,
}
