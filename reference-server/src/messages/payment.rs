//! Prices, fees and the payment block of a booking.

use super::int64;
use serde::{Deserialize, Serialize};

/// An amount: millionths of the currency's major unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Price {
    /// 1 000 000 is one dollar, one yen, one dinar.
    #[serde(with = "int64")]
    pub price_micros: i64,
    /// ISO 4217.
    pub currency_code: String,
}

/// How an amount counts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum PriceType {
    /// Once per booking.
    #[default]
    #[serde(rename = "FIXED_RATE_DEFAULT")]
    FixedRate,
    /// Times the party size.
    #[serde(rename = "PER_PERSON")]
    PerPerson,
}

/// A fee for not coming, or for cancelling too late.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoShowFee {
    /// The amount, never multiplied out.
    pub fee: Price,
    /// Fixed or per person.
    #[serde(default)]
    pub fee_type: PriceType,
}

/// A deposit that is taken with the booking.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deposit {
    /// The amount, never multiplied out.
    pub deposit: Price,
    /// It is refunded to whoever cancels at least this long before the start.
    #[serde(default, with = "int64")]
    pub min_advance_cancellation_sec: i64,
    /// Fixed or per person.
    #[serde(default)]
    pub deposit_type: PriceType,
}

/// State of the prepayment; the only way on is from provided to refunded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum PrepaymentStatus {
    /// Money was taken in advance.
    #[serde(rename = "PREPAYMENT_PROVIDED")]
    Provided,
    /// Nothing was taken in advance.
    #[serde(rename = "PREPAYMENT_NOT_PROVIDED")]
    NotProvided,
    /// It was taken, and given back.
    #[serde(rename = "PREPAYMENT_REFUNDED")]
    Refunded,
    /// It was taken, and the user has a visit for it.
    #[serde(rename = "PREPAYMENT_CREDITED")]
    Credited,
}

impl PrepaymentStatus {
    /// The name on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Self::Provided => "PREPAYMENT_PROVIDED",
            Self::NotProvided => "PREPAYMENT_NOT_PROVIDED",
            Self::Refunded => "PREPAYMENT_REFUNDED",
            Self::Credited => "PREPAYMENT_CREDITED",
        }
    }
}

/// Who runs the charge: always us, Google only hands over the token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum PaymentProcessedBy {
    /// The partner.
    #[serde(rename = "PROCESSED_BY_PARTNER")]
    Partner,
}

/// The payment block of a booking in an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaymentInformation {
    /// Whether money was taken in advance.
    pub prepayment_status: PrepaymentStatus,
    /// The gateway's own id of the charge, or of the stored card.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payment_transaction_id: Option<String>,
    /// The price without tax.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price: Option<Price>,
    /// The tax on it, when the rate is not zero.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tax_amount: Option<Price>,
    /// Set wherever a card was needed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payment_processed_by: Option<PaymentProcessedBy>,
    /// Fees and taxes of an order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fees_and_taxes: Option<Price>,
    /// The payment option that gave the price, when Google named it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payment_option_id: Option<String>,
    /// The pack of the user that pays.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_payment_option_id: Option<String>,
    /// The agreed deposit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deposit: Option<Deposit>,
    /// The agreed no-show fee.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub no_show_fee: Option<NoShowFee>,
}

impl PaymentInformation {
    /// Payment on arrival: nothing was taken and no card is known.
    pub fn on_arrival() -> Self {
        Self {
            prepayment_status: PrepaymentStatus::NotProvided,
            payment_transaction_id: None,
            price: None,
            tax_amount: None,
            fees_and_taxes: None,
            payment_processed_by: None,
            payment_option_id: None,
            user_payment_option_id: None,
            deposit: None,
            no_show_fee: None,
        }
    }
}

/// A pack of a user in an answer.
#[expect(clippy::struct_field_names, reason = "these are the names of the wire")]
#[derive(Debug, Clone, Serialize)]
pub(crate) struct UserPaymentOption {
    pub(crate) user_payment_option_id: String,
    #[serde(rename = "type")]
    pub(crate) kind: &'static str,
    pub(crate) original_count: i64,
    pub(crate) current_count: i64,
    pub(crate) payment_option_id: String,
}

/// What a request says about payment; Google sends as little as a status.
#[derive(Debug, Clone, Default, Deserialize)]
pub(crate) struct StatedPayment {
    #[serde(default)]
    pub(crate) price: Option<Price>,
    #[serde(default)]
    pub(crate) tax_amount: Option<Price>,
    #[serde(default)]
    pub(crate) no_show_fee: Option<NoShowFee>,
    #[serde(default)]
    pub(crate) deposit: Option<Deposit>,
    #[serde(default)]
    pub(crate) payment_option_id: Option<String>,
    #[serde(default)]
    pub(crate) user_payment_option_id: Option<String>,
    #[serde(default)]
    pub(crate) pa_response: Option<String>,
}

/// Where the card token travels. The message's other fields are deprecated and not read.
#[derive(Clone, Default, Deserialize)]
pub(crate) struct PaymentProcessingParameters {
    #[serde(default)]
    pub(crate) unparsed_payment_method_token: Option<String>,
}

/// Card networks by Google's names in feeds and failures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub(crate) enum CreditCardType {
    #[serde(rename = "CREDIT_CARD_TYPE_UNSPECIFIED")]
    Unspecified,
    #[serde(rename = "VISA")]
    Visa,
    #[serde(rename = "MASTERCARD")]
    Mastercard,
    #[serde(rename = "AMERICAN_EXPRESS")]
    AmericanExpress,
    #[serde(rename = "DISCOVER")]
    Discover,
    #[serde(rename = "JCB")]
    Jcb,
}
