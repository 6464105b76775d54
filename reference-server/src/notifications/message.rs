//! The messages of the outbox.

use serde::{Deserialize, Serialize};
use serde_json::Value;

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
    /// JSON body. For a slot it is filled in when the message is sent, so that it carries the newest state.
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
