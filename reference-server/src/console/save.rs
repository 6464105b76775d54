//! Storing what an action has changed.

use crate::app::Parts;
use crate::booking::Booking;
use crate::error::ApiError;
use crate::notifications::Side;
use crate::store::BookingChange;

/// Stores the changed booking together with the notifications for Google.
pub(super) async fn save(parts: &Parts, before: &Booking, after: Booking) -> Result<(), ApiError> {
    let outgoing = parts.messages(before, &after, Side::Partner);
    parts
        .store
        .change(BookingChange {
            booking: after,
            target: None,
            outgoing,
        })
        .await?;
    Ok(())
}
