//! The notifications for Google, and how they get there: written to the outbox in the transaction that makes
//! it true, sent by a worker until Google has taken it.

mod availability;
mod compose;
mod google;
mod line;
mod message;
mod notifier;
mod oauth;
mod quota;
mod retry_after;
mod worker;

pub use line::{GoogleLine, HttpLine, NoAnswer};
pub use message::{OutboxMessage, Outgoing, Subject};
pub use notifier::{DeliveryError, Notifier};

pub(crate) use compose::{Composer, Side, add_cause};
pub(crate) use google::GoogleNotifier;
pub(crate) use oauth::TokenSource;
pub(crate) use worker::{OutboxSignal, Worker};
