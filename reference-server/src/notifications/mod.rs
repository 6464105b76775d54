//! What Google has to be told, and how it gets there: written to the outbox in the transaction that makes
//! it true, sent by a worker until Google has taken it.

mod availability;
mod compose;
mod google;
mod oauth;
mod quota;
mod worker;

pub(crate) use compose::{Composer, Side, add_cause};
pub(crate) use google::{CALL_TIME, GoogleNotifier};
pub(crate) use oauth::TokenSource;
pub(crate) use worker::{Bell, Worker};

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::time::Duration;

/// Carries one message to Google, once. Repeating is the worker's business.
#[async_trait]
pub trait Notifier: Send + Sync {
    /// Delivers one outbox message.
    async fn deliver(&self, message: &OutboxMessage) -> Result<(), DeliveryError>;
}

/// A message in the outbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutboxMessage {
    /// Number in the outbox; grows.
    pub id: i64,
    /// The message.
    pub content: Outgoing,
}

/// One call to Google's API.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outgoing {
    /// What it is about.
    pub subject: Subject,
    /// `PATCH` or `POST`.
    pub method: String,
    /// Path from the root, percent-encoded.
    pub path: String,
    /// Query parameters, not encoded.
    #[serde(default)]
    pub query: Vec<(String, String)>,
    /// JSON body. For a slot it is filled in when the message is sent, so that it tells the newest state.
    #[serde(default)]
    pub body: Value,
}

/// What a message is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    /// A booking.
    Booking {
        /// Its id.
        booking_id: String,
    },
    /// All entries of a service at one start.
    Slot {
        /// Merchant.
        merchant_id: String,
        /// Service.
        service_id: String,
        /// Start, epoch seconds.
        start_sec: i64,
    },
}

impl Outgoing {
    /// Messages of one lane are sent in order, one after the other.
    pub fn lane(&self) -> String {
        match &self.subject {
            Subject::Booking { booking_id } => format!("booking/{booking_id}"),
            Subject::Slot {
                merchant_id,
                service_id,
                start_sec,
            } => {
                format!("slot/{merchant_id}/{service_id}/{start_sec}")
            }
        }
    }
}

/// Why a message did not arrive.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DeliveryError {
    /// Worth repeating, not before the given time.
    #[error("google did not take the message yet: {reason}")]
    Again {
        /// For the outbox; holds no secret.
        reason: String,
        /// What Retry-After asked for.
        after: Option<Duration>,
    },
    /// The message is wrong and would be wrong again.
    #[error("google refused the message: {reason}")]
    GiveUp {
        /// For the outbox; holds no secret.
        reason: String,
    },
}
