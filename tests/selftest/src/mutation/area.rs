//! The sorts of messages that a partner sends.

use protocol::Method;
use protocol::schema::Api;
use std::fmt;

/// One sort of message: the answers of a method with one status, or one sort of notification.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Area {
    /// Answers of the booking server.
    Answer(Method, u16),
    /// Notifications of changed bookings.
    Booking,
    /// Inventory updates.
    Inventory,
}

impl Area {
    /// The wire model that its messages follow.
    pub(crate) fn api(self) -> Api {
        match self {
            Self::Answer(..) => Api::V3,
            Self::Booking | Self::Inventory => Api::V1alpha,
        }
    }

    /// The message type of the body; a refusal's body is not described.
    pub(crate) fn message(self) -> Option<String> {
        match self {
            Self::Answer(method, _) if self.is_success() => method.response_message(),
            Self::Answer(..) => None,
            Self::Booking => Some("Booking".to_owned()),
            Self::Inventory => Some("BatchReplaceServiceAvailabilityRequest".to_owned()),
        }
    }

    /// True for what is not refused.
    pub(crate) fn is_success(self) -> bool {
        !matches!(self, Self::Answer(_, status) if !(200..300).contains(&status))
    }

    /// True for what the partner sends by itself.
    pub(crate) fn is_notification(self) -> bool {
        !matches!(self, Self::Answer(..))
    }

    /// True when both are answers of one method, or one sort of notification.
    pub(crate) fn is_beside(self, other: Self) -> bool {
        match (self, other) {
            (Self::Answer(method, _), Self::Answer(another, _)) => method == another,
            _ => self == other,
        }
    }

    /// True when the id of a requirement belongs to what is said of these messages.
    pub(crate) fn is_subject_of(self, requirement: &str) -> bool {
        let families: &[&str] = match self {
            Self::Answer(Method::HealthCheck, _) => &["BS-HEALTH-"],
            Self::Answer(Method::BatchAvailabilityLookup, _) => &["BS-BAL-"],
            Self::Answer(Method::CreateBooking, _) => &["BS-CREATE-", "BS-IDEM-", "TOK-", "3DS-", "FAIL-"],
            Self::Answer(Method::UpdateBooking, _) => &["BS-UPDATE-", "CXL-"],
            Self::Answer(Method::GetBookingStatus, _) => &["BS-STATUS-"],
            Self::Answer(Method::ListBookings, _) => &["BS-LIST-"],
            Self::Answer(
                Method::BatchGetWaitEstimates
                | Method::CreateWaitlistEntry
                | Method::GetWaitlistEntry
                | Method::DeleteWaitlistEntry,
                _,
            ) => &["BS-WAIT-", "BS-IDEM-"],
            Self::Answer(Method::CheckOrderFulfillability | Method::CreateOrder | Method::ListOrders, _) => {
                &["BS-ORDER-", "BS-IDEM-"]
            }
            Self::Answer(Method::SetMarketingPreference, _) => &["BS-MKT-"],
            Self::Booking => &["RTU-", "REQ-"],
            Self::Inventory => &["INV-"],
        };
        families.iter().any(|family| requirement.starts_with(family))
    }
}

impl fmt::Display for Area {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Answer(method, 200) => write!(formatter, "{method}"),
            Self::Answer(method, status) => write!(formatter, "{method}/{status}"),
            Self::Booking => formatter.write_str("BookingNotification"),
            Self::Inventory => formatter.write_str("InventoryUpdate"),
        }
    }
}
