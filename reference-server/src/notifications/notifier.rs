//! The notifier, as a seam.

use super::message::OutboxMessage;
use async_trait::async_trait;
use std::time::Duration;

/// Carries one message to Google, once. Repeating is the worker's business.
#[async_trait]
pub trait Notifier: Send + Sync {
    /// Delivers one outbox message.
    async fn deliver(&self, message: &OutboxMessage) -> Result<(), DeliveryError>;
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
