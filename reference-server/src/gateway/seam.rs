//! The gateway, as a seam, and what goes through it.

use super::token::CardToken;
use crate::messages::{Price, int64};
use async_trait::async_trait;
use serde::Serialize;

/// What this server asks of a gateway. Every order carries a reference: the same reference again is the
/// same order again, so a repeated request moves money once.
#[async_trait]
pub trait Gateway: Send + Sync {
    /// Charges the card behind a token, which is used up by it.
    async fn charge(&self, order: &CardOrder, amount: &Price) -> Result<Receipt, GatewayError>;

    /// Turns a token, which is used up by it, into a stored card. Nothing is charged.
    async fn store_card(&self, order: &CardOrder) -> Result<Receipt, GatewayError>;

    /// Charges a stored card.
    async fn charge_stored(&self, order: &StoredOrder, amount: &Price) -> Result<Receipt, GatewayError>;

    /// Gives back a charge or a part of it.
    async fn refund(&self, order: &RefundOrder) -> Result<Receipt, GatewayError>;

    /// Everything that happened for a booking, oldest first.
    async fn ledger(&self, booking_id: &str) -> Result<Vec<LedgerEntry>, GatewayError>;
}

/// An order on a card that is known by its token.
#[derive(Debug, Clone)]
pub struct CardOrder {
    /// The booking that it is for.
    pub booking_id: String,
    /// Names the order: the idempotency token of the request.
    pub reference: String,
    /// The token.
    pub token: CardToken,
    /// Whether the card is wanted again later.
    pub keep_card: bool,
    /// What the user's bank said to a 3-D Secure challenge, if there was one.
    pub challenge_response: Option<String>,
}

/// An order on a stored card.
#[derive(Debug, Clone)]
pub struct StoredOrder {
    /// The booking that it is for.
    pub booking_id: String,
    /// Names the order.
    pub reference: String,
    /// The gateway's id of the card.
    pub card: String,
}

/// An order to give money back.
#[derive(Debug, Clone)]
pub struct RefundOrder {
    /// The booking that it is for.
    pub booking_id: String,
    /// Names the order.
    pub reference: String,
    /// The charge.
    pub transaction_id: String,
    /// How much of it.
    pub amount: Price,
}

/// What the gateway did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// The gateway's id of the transaction.
    pub id: String,
    /// The gateway's id of the card, where it was kept.
    pub card: Option<String>,
}

/// One line of the ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LedgerEntry {
    /// `charge`, `store_card` or `refund`.
    pub kind: String,
    /// Amount; zero for a stored card.
    #[serde(with = "int64")]
    pub amount_micros: i64,
    /// ISO 4217; empty for a stored card.
    #[serde(rename = "currency_code")]
    pub currency: String,
    /// Epoch seconds.
    #[serde(with = "int64")]
    pub at_sec: i64,
    /// The gateway's id.
    #[serde(rename = "transaction_id")]
    pub id: String,
}

/// What the user's bank wants to ask the user, by 3-D Secure 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Challenge {
    /// Where the bank's form is loaded from.
    pub acs_url: String,
    /// The authentication request that is posted to it.
    pub pa_req: String,
    /// The bank's id of the challenge.
    pub transaction_id: String,
    /// Handed to the bank, and handed back by it.
    pub merchant_data: String,
}

/// Why the gateway did nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum GatewayError {
    /// The bank said no.
    #[error("the card was declined")]
    Declined,
    /// The bank wants to ask the user first. The token is not used up.
    #[error("the card needs authentication")]
    Challenged(Box<Challenge>),
    /// A token works once.
    #[error("the token was used before")]
    TokenUsed,
    /// The order makes no sense to the gateway.
    #[error("the gateway refused the order")]
    Refused,
    /// No answer; worth another try.
    #[error("the gateway is unavailable")]
    Unavailable,
}
