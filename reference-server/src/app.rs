//! What every handler works with.

use crate::booking::Booking;
use crate::clock::Clock;
use crate::error::ApiError;
use crate::gateway::Gateway;
use crate::inventory::{Inventory, Terms};
use crate::locks::NamedLocks;
use crate::notifications::{Composer, OutboxSignal, Outgoing, Side};
use crate::store::{Store, WaitlistStore};
use std::sync::Arc;

/// The parts of the running server, shared by all requests.
pub(crate) struct Parts {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) waitlists: WaitlistStore,
    pub(crate) gateway: Arc<dyn Gateway>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) inventory: Arc<Inventory>,
    /// Absent where nobody is to be notified.
    pub(crate) composer: Option<Composer>,
    pub(crate) outbox_signal: OutboxSignal,
    /// Requests with one idempotency token run one after the other.
    pub(crate) tokens: NamedLocks,
    /// Changes of one booking run one after the other.
    pub(crate) bookings: NamedLocks,
}

pub(crate) type App = Arc<Parts>;

impl Parts {
    pub(crate) fn now_sec(&self) -> i64 {
        self.clock.now_sec()
    }

    pub(crate) async fn booking(&self, id: &str) -> Result<Booking, ApiError> {
        self.store
            .booking(id)
            .await?
            .ok_or(ApiError::NotFound("unknown booking"))
    }

    pub(crate) fn terms_of(&self, booking: &Booking) -> Result<Terms, ApiError> {
        // Known when it was booked; a service that is gone since would be our own mistake.
        self.inventory
            .terms_of(&booking.place)
            .map_err(|_| ApiError::Internal)
    }

    /// The messages that a change makes necessary.
    ///
    /// Google is not notified of its own changes, except for online services: there its page asks for a
    /// notification whichever side made the change.
    pub(crate) fn messages(&self, before: &Booking, after: &Booking, side: Side) -> Vec<Outgoing> {
        let online = self.is_online(after);
        let compose =
            |composer: &Composer| composer.compose_change(before, after, side == Side::Partner || online);
        self.composer.as_ref().map(compose).unwrap_or_default()
    }

    /// The messages for a booking that is about to be made, wherever it will sit.
    pub(crate) fn messages_for_new(&self, booking: &Booking) -> Vec<Outgoing> {
        self.composer
            .iter()
            .map(|composer| composer.slot(&booking.place))
            .collect()
    }

    fn is_online(&self, booking: &Booking) -> bool {
        let service = self
            .inventory
            .service(&booking.place.merchant_id, &booking.place.service_id);
        service.is_ok_and(|(_, service)| service.online_terms().is_some())
    }
}

/// Runs work to its end even when the client hangs up: a charge must not be left without its booking.
pub(crate) async fn run_to_end<T, F>(work: F) -> Result<T, ApiError>
where
    T: Send + 'static,
    F: Future<Output = Result<T, ApiError>> + Send + 'static,
{
    tokio::spawn(work).await.map_err(|_| ApiError::Internal)?
}
