//! Google's side of the wire: the booking and availability notifications that a partner sends, and the token
//! endpoint that it gets its credentials from.
//!
//! [`Google`] is a state machine: a request and the time go in, an answer comes out, and a [`Call`] is recorded. It does
//! no I/O, reads no clock and knows no scenario. [`server`] puts it on a socket; `respond` (feature `wiremock`) puts it
//! into a partner's own tests.
//!
//! Inside, imports point down: `server`, `google` (the state machine), `faults`, `state`, `auth`, `api`.

mod api;
mod auth;
mod call;
mod faults;
mod google;
#[cfg(any(test, feature = "wiremock"))]
pub mod respond;
pub mod server;
mod state;

#[cfg(test)]
mod testing;

pub use api::canonical::{OwnMessageError, check_own};
pub use api::credential::Credential;
pub use api::lint::Lint;
pub use api::mask::{Masks, UpdateMask};
pub use api::meant::{booking_named_in, meant, odd_form, without_verb};
pub use api::methods::{ResourceKind, StatusKind};
pub use api::routing::{Act, Route};
pub use api::wire::{Ending, Header, Pace, Reply, Request, Response};
pub use auth::keys::{KeyError, KeyFile, ServiceAccount};
pub use call::{Answer, Call};
pub use faults::ArmedFault;
pub use google::{Google, GoogleConfig, Oauth};
pub use server::Watch;
pub use state::availability::{Availability, AvailabilityEntry, SlotReport};
pub use state::booking::{BookingCopy, BookingStatus, PrepaymentStatus};
pub use state::bookings::UnknownBookings;
pub use state::quota::GOOGLES_QUOTA;
pub use state::seed;
