//! Moving a booking to another slot of its service, or to another party size. Both sides do it alike.

use crate::app::Parts;
use crate::booking::Booking;
use crate::error::Stop;
use crate::inventory::{Offer, SlotQuery};
use crate::messages::{Cause, Slot};
use crate::notifications::Side;
use crate::store::{BookingChange, Candidate, ChangeOutcome};

/// Moves the booking to `wanted`. A failure leaves it where it was; what was agreed and paid stays.
pub(crate) async fn relocate(
    parts: &Parts,
    booking: Booking,
    wanted: Slot,
    side: Side,
) -> Result<Booking, Stop> {
    if wanted == booking.slot {
        return Ok(booking);
    }
    let offers = parts.inventory.find(&query(&booking, &wanted), parts.now_sec())?;
    for offer in &offers {
        if let Some(moved) = try_offer(parts, &booking, &wanted, offer, side).await? {
            return Ok(moved);
        }
    }
    Err(Stop::because(Cause::SlotUnavailable, "the new slot is taken"))
}

/// A resource that the user left open stays the one that they were given.
fn query(booking: &Booking, wanted: &Slot) -> SlotQuery {
    let mut query = SlotQuery::of_slot(wanted);
    let given = |id: &String| Some(id.clone()).filter(|id| !id.is_empty());
    query.staff_id = query.staff_id.or_else(|| given(&booking.place.staff_id));
    query.room_id = query.room_id.or_else(|| given(&booking.place.room_id));
    query.party_size = query.party_size.or(Some(booking.place.party_size));
    query
}

async fn try_offer(
    parts: &Parts,
    booking: &Booking,
    wanted: &Slot,
    offer: &Offer<'_>,
    side: Side,
) -> Result<Option<Booking>, Stop> {
    if !offer.terms().is_bookable(parts.now_sec()) {
        return Ok(None);
    }
    let target = Candidate {
        place: offer.place(),
        spots: offer.seat.spots,
    };
    let moved = Booking {
        slot: wanted.clone(),
        place: target.place.clone(),
        ..booking.clone()
    };
    let outgoing = parts.messages(booking, &moved, side);
    let change = BookingChange {
        booking: moved.clone(),
        target: Some(target),
        outgoing,
    };
    let outcome = parts.store.change(change).await?;
    Ok((outcome == ChangeOutcome::Changed).then_some(moved))
}
