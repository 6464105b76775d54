//! Google's side of the wire: the booking and availability notifications that a partner sends, and the token
//! endpoint that it gets its credentials from.
//!
//! [`Google`] is a state machine: a request and the time go in, an answer comes out, and a [`Call`] is recorded. It does
//! no I/O, reads no clock and knows no scenario. [`server`] puts it on a socket; `respond` (feature `wiremock`) puts it
//! into a partner's own tests.

mod audience;
mod authority;
mod availability;
mod bearer;
mod booking;
mod call;
mod canonical;
mod credentials;
mod decoder;
mod discovery;
mod encoding;
mod error;
mod faults;
mod frames;
mod google;
mod hosts;
mod incoming;
mod jwt;
pub mod keys;
mod lint;
mod mask;
mod methods;
mod notification;
mod partial;
mod patch;
mod query;
mod quota;
mod records;
mod replace;
mod resources;
#[cfg(any(test, feature = "wiremock"))]
pub mod respond;
mod routing;
pub mod seed;
pub mod server;
mod syntax;
mod token;
mod wire;

#[cfg(test)]
mod testing;

pub use audience::Watch;
pub use availability::{Availability, Restrict, Slot, Told};
pub use booking::{BookingCopy, BookingStatus, PrepaymentStatus};
pub use call::{Answer, Call, Credential, UpdateMask};
pub use canonical::{OwnMessageError, check_own};
pub use decoder::{Decoded, Violation, decode};
pub use google::{Google, GoogleConfig, Oauth};
pub use lint::Lint;
pub use mask::Masks;
pub use notification::UnknownBookings;
pub use quota::GOOGLES_QUOTA;
pub use routing::{Act, Kind, Route};
pub use wire::{Ending, Header, Pace, Reply, Request, Response};
