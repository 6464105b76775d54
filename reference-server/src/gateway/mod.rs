//! The payment gateway, as a seam. A partner puts a client of the real one here.

mod seam;
mod stand_in;
mod token;

pub use seam::{CardOrder, Challenge, Gateway, GatewayError, LedgerEntry, Receipt, RefundOrder, StoredOrder};
pub use token::CardToken;

pub(crate) use stand_in::StandInGateway;
pub(crate) use token::PaymentToken;
