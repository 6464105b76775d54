//! Business failures: HTTP 200, and the reason in the body.

use super::payment::CreditCardType;
use serde::Serialize;

/// Why a booking was not made or not changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct BookingFailure {
    pub(crate) cause: Cause,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) rejected_card_type: Option<CreditCardType>,
    /// For the people who debug; never shown to users, so it holds no personal data.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) description: Option<&'static str>,
}

impl BookingFailure {
    pub(crate) fn new(cause: Cause, description: &'static str) -> Self {
        Self {
            cause,
            rejected_card_type: None,
            description: Some(description),
        }
    }

    pub(crate) fn card_type(rejected: CreditCardType) -> Self {
        Self {
            rejected_card_type: Some(rejected),
            ..Self::new(
                Cause::PaymentErrorCardTypeRejected,
                "the merchant does not take this card",
            )
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum Cause {
    SlotUnavailable,
    SlotAlreadyBookedByUser,
    OutsideCancellationWindow,
    PaymentErrorCardTypeRejected,
    PaymentErrorCardDeclined,
    PaymentOptionNotValid,
    PaymentError,
    BookingAlreadyCancelled,
    BookingNotCancellable,
    OfferUnavailable,
}
