//! Business failures: HTTP 200, and the reason in the body.

use super::payment::CreditCardType;
use serde::Serialize;

/// Why a booking was not made or not changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct BookingFailure {
    pub(crate) cause: Cause,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) rejected_card_type: Option<CreditCardType>,
    /// With a challenge, what it needs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) payment_failure: Option<PaymentFailure>,
    /// For the people who debug; never shown to users, so it holds no personal data.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) description: Option<&'static str>,
}

impl BookingFailure {
    pub(crate) fn new(cause: Cause, description: &'static str) -> Self {
        Self {
            cause,
            rejected_card_type: None,
            payment_failure: None,
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

    pub(crate) fn challenge(threeds1_parameters: ThreeDs1Parameters) -> Self {
        Self {
            payment_failure: Some(PaymentFailure { threeds1_parameters }),
            ..Self::new(Cause::PaymentRequires3Ds1, "the bank wants to ask the user")
        }
    }
}

/// Details of a failed payment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct PaymentFailure {
    threeds1_parameters: ThreeDs1Parameters,
}

/// What Google needs to show the user the form of the bank.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct ThreeDs1Parameters {
    pub(crate) acs_url: String,
    pub(crate) pa_req: String,
    pub(crate) transaction_id: String,
    pub(crate) md_merchant_data: String,
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
    #[serde(rename = "PAYMENT_REQUIRES_3DS1")]
    PaymentRequires3Ds1,
    BookingAlreadyCancelled,
    BookingNotCancellable,
    OfferUnavailable,
}
