//! Requests and answers of the methods.

use super::booking::{BookingMessage, BookingStatus};
use super::failure::BookingFailure;
use super::payment::{PaymentProcessingParameters, PrepaymentStatus, StatedPayment, UserPaymentOption};
use super::slot::{PartialSlot, Slot, SlotTime};
use super::user::UserInformation;
use serde::{Deserialize, Serialize};

#[derive(Deserialize)]
pub(crate) struct BatchAvailabilityLookupRequest {
    pub(crate) merchant_id: String,
    #[serde(default)]
    pub(crate) slot_time: Vec<SlotTime>,
}

#[derive(Serialize)]
pub(crate) struct BatchAvailabilityLookupResponse {
    pub(crate) slot_time_availability: Vec<SlotTimeAvailability>,
}

#[derive(Serialize)]
pub(crate) struct SlotTimeAvailability {
    pub(crate) slot_time: SlotTime,
    pub(crate) available: bool,
}

#[derive(Deserialize)]
pub(crate) struct CreateBookingRequest {
    pub(crate) slot: Slot,
    pub(crate) user_information: UserInformation,
    pub(crate) idempotency_token: String,
    #[serde(default)]
    pub(crate) payment_information: StatedPayment,
    #[serde(default)]
    pub(crate) payment_processing_parameters: PaymentProcessingParameters,
    #[serde(default)]
    pub(crate) additional_request: Option<String>,
    #[serde(default)]
    pub(crate) offer_id: Option<String>,
}

/// The answer to CreateBooking and to UpdateBooking: a booking or a failure, never both, never neither.
#[derive(Serialize)]
pub(crate) struct BookingAnswer {
    #[serde(skip_serializing_if = "Option::is_none")]
    booking: Option<BookingMessage>,
    #[serde(skip_serializing_if = "Option::is_none")]
    user_payment_option: Option<UserPaymentOption>,
    #[serde(skip_serializing_if = "Option::is_none")]
    booking_failure: Option<BookingFailure>,
}

impl BookingAnswer {
    /// A booking, with the pack that it bought, used or gave a visit back to.
    pub(crate) fn made(booking: BookingMessage, pack: Option<UserPaymentOption>) -> Self {
        Self {
            booking: Some(booking),
            user_payment_option: pack,
            booking_failure: None,
        }
    }

    pub(crate) fn failed(failure: BookingFailure) -> Self {
        Self {
            booking: None,
            user_payment_option: None,
            booking_failure: Some(failure),
        }
    }
}

#[derive(Deserialize)]
pub(crate) struct UpdateBookingRequest {
    pub(crate) booking: BookingUpdate,
}

/// There is no field mask: what is absent stays as it is.
#[derive(Deserialize)]
pub(crate) struct BookingUpdate {
    pub(crate) booking_id: String,
    #[serde(default)]
    pub(crate) status: RequestedStatus,
    #[serde(default)]
    pub(crate) slot: Option<PartialSlot>,
}

/// What Google may set a status to, and what it may repeat.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum RequestedStatus {
    #[default]
    BookingStatusUnspecified,
    Confirmed,
    Canceled,
    #[serde(other)]
    Other,
}

#[derive(Deserialize)]
pub(crate) struct GetBookingStatusRequest {
    pub(crate) booking_id: String,
}

#[derive(Serialize)]
pub(crate) struct GetBookingStatusResponse {
    pub(crate) booking_id: String,
    pub(crate) booking_status: BookingStatus,
    pub(crate) prepayment_status: PrepaymentStatus,
}

#[derive(Deserialize)]
pub(crate) struct ListBookingsRequest {
    pub(crate) user_id: String,
}

#[derive(Serialize)]
pub(crate) struct ListBookingsResponse {
    pub(crate) bookings: Vec<BookingMessage>,
}

/// Both ways: the answer repeats the request. The two forms of no, `false` and nothing at all, are one.
#[derive(Deserialize, Serialize)]
pub(crate) struct MarketingPreference {
    pub(crate) user_information: UserInformation,
    #[serde(default)]
    pub(crate) user_to_receive_marketing: bool,
}
