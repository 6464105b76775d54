//! A booking as this partner keeps it.

use crate::messages::{
    BookingMessage, BookingStatus, PaymentInformation, Price, Slot, UserInformation, VirtualSessionInfo,
};
use serde::{Deserialize, Serialize};

/// Everything known about one booking. Stored as one JSON document beside the columns that queries need.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Booking {
    /// Random, URL-safe, never reused.
    pub id: String,
    /// The slot as it was asked for; it is echoed in every answer.
    pub slot: Slot,
    /// The place that it takes. More exact than `slot` where the request left the resource open.
    pub place: Place,
    /// Whether the place is still taken by this booking.
    pub occupies: bool,
    /// The user, as Google described them for this booking.
    pub user: UserInformation,
    /// State.
    pub status: BookingStatus,
    /// The payment block of answers.
    pub payment: PaymentInformation,
    /// Money that moved or may still move.
    pub money: Money,
    /// The pack that the visit was taken from, bought with the booking or before.
    #[serde(default)]
    pub pack: Option<String>,
    /// The visit went back to the pack.
    #[serde(default)]
    pub visit_returned: bool,
    /// Access data of an online session.
    #[serde(default)]
    pub session: Option<VirtualSessionInfo>,
    /// Free text of the user for the merchant.
    #[serde(default)]
    pub additional_request: Option<String>,
    /// The user cancelled at the partner after online cancelling had closed: the fee may be charged.
    #[serde(default)]
    pub cancelled_late: bool,
}

/// What the gateway holds for a booking.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Money {
    /// What was charged at booking time.
    #[serde(default)]
    pub paid: Option<Price>,
    /// The gateway's id of the stored card.
    #[serde(default)]
    pub card: Option<String>,
}

/// One bookable place: two slots are the same exactly when all of this is the same.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Place {
    /// Merchant.
    pub merchant_id: String,
    /// Service.
    pub service_id: String,
    /// Start, epoch seconds.
    pub start_sec: i64,
    /// Staff, or empty.
    pub staff_id: String,
    /// Room, or empty.
    pub room_id: String,
    /// Party size, or zero.
    pub party_size: i32,
}

impl Booking {
    /// The booking as Google sees it.
    pub(crate) fn message(&self) -> BookingMessage {
        BookingMessage {
            booking_id: self.id.clone(),
            slot: self.slot.clone(),
            user_information: self.user.clone(),
            status: self.status,
            payment_information: self.payment.clone(),
            virtual_session_info: self.session.clone(),
        }
    }

    /// The party, where the booking names one.
    pub(crate) fn party_size(&self) -> Option<i32> {
        self.slot
            .resources
            .as_ref()
            .and_then(|resources| resources.party_size)
    }

    /// Ends the booking and frees its place.
    pub(crate) fn end(&mut self, status: BookingStatus) {
        self.status = status;
        self.occupies = false;
    }
}
