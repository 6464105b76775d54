//! Statements on bookings. Each function is called inside a transaction.

use super::orders::count_ordered;
use super::seam::{BookingChange, ChangeOutcome, CreateOutcome, NewBooking, Obstacle, Occupancy, StoreError};
use crate::booking::{Booking, Place};
use rusqlite::{Connection, OptionalExtension, Params, params};

/// The six columns of a place, then whatever follows.
macro_rules! place_params {
    ($place:expr, $($more:expr),*) => {
        params![
            $place.merchant_id, $place.service_id, $place.start_sec,
            $place.staff_id, $place.room_id, $place.party_size, $($more),*
        ]
    };
}

const AT_PLACE: &str = "merchant_id = ?1 AND service_id = ?2 AND start_sec = ?3 AND staff_id = ?4
    AND room_id = ?5 AND party_size = ?6 AND occupies = 1";

type Examined = Result<Result<Place, Obstacle>, StoreError>;

pub(super) fn by_id(connection: &Connection, id: &str) -> Result<Option<Booking>, StoreError> {
    one(connection, "SELECT document FROM bookings WHERE id = ?1", [id])
}

pub(super) fn find_by_token(connection: &Connection, token: &str) -> Result<Option<Booking>, StoreError> {
    let sql = "SELECT document FROM bookings JOIN idempotency_tokens ON booking_id = id WHERE token = ?1";
    one(connection, sql, [token])
}

pub(super) fn list_upcoming(
    connection: &Connection,
    user: &str,
    now_sec: i64,
) -> Result<Vec<Booking>, StoreError> {
    let sql = "SELECT document FROM bookings WHERE user_id = ?1 AND start_sec > ?2 AND occupies = 1
        ORDER BY start_sec, id";
    let mut statement = connection.prepare_cached(sql)?;
    let documents = statement.query_map(params![user, now_sec], |row| row.get::<_, String>(0))?;
    documents
        .map(|document| Ok(serde_json::from_str(&document?)?))
        .collect()
}

pub(super) fn occupancy(connection: &Connection, place: &Place) -> Result<Occupancy, StoreError> {
    Ok(Occupancy {
        taken: count_taken(connection, place, "")? + count_ordered(connection, place)?,
        closed: is_closed(connection, place)?,
    })
}

pub(super) fn examine(connection: &Connection, new: &NewBooking) -> Examined {
    for candidate in &new.candidates {
        if holds(connection, &candidate.place, &new.booking.user.user_id)? {
            return Ok(Err(Obstacle::HeldByUser));
        }
    }
    for candidate in &new.candidates {
        if occupancy(connection, &candidate.place)?.open(candidate.spots) > 0 {
            return Ok(Ok(candidate.place.clone()));
        }
    }
    Ok(Err(Obstacle::Taken))
}

pub(super) fn create(connection: &Connection, new: NewBooking) -> Result<CreateOutcome, StoreError> {
    if let Some(earlier) = find_by_token(connection, &new.token)? {
        return Ok(CreateOutcome::TokenUsed(earlier));
    }
    let place = match examine(connection, &new)? {
        Ok(place) => place,
        Err(obstacle) => return Ok(CreateOutcome::Refused(obstacle)),
    };
    if let Some(pack) = &new.pack
        && !super::packs::take_visit(connection, pack)?
    {
        return Ok(CreateOutcome::Refused(Obstacle::PackUsedUp));
    }
    let booking = Booking { place, ..new.booking };
    insert(connection, &booking)?;
    connection.execute(
        "INSERT INTO idempotency_tokens VALUES (?1, ?2)",
        params![new.token, booking.id],
    )?;
    super::outbox::add(connection, &new.outgoing)?;
    Ok(CreateOutcome::Created(booking))
}

pub(super) fn change(connection: &Connection, change: &BookingChange) -> Result<ChangeOutcome, StoreError> {
    if let Some(target) = &change.target {
        let others = count_taken(connection, &target.place, &change.booking.id)?;
        if is_closed(connection, &target.place)? || others >= target.spots {
            return Ok(ChangeOutcome::TargetTaken);
        }
    }
    give_visit_back(connection, &change.booking)?;
    update(connection, &change.booking)?;
    super::outbox::add(connection, &change.outgoing)?;
    Ok(ChangeOutcome::Changed)
}

/// Once, when the booking begins to say so.
fn give_visit_back(connection: &Connection, changed: &Booking) -> Result<(), StoreError> {
    let before = by_id(connection, &changed.id)?;
    let was_returned = before.is_none_or(|before| before.visit_returned);
    match &changed.pack {
        Some(pack) if changed.visit_returned && !was_returned => {
            super::packs::give_visit_back(connection, pack)
        }
        _ => Ok(()),
    }
}

fn one(connection: &Connection, sql: &str, params: impl Params) -> Result<Option<Booking>, StoreError> {
    let mut statement = connection.prepare_cached(sql)?;
    let document = statement
        .query_row(params, |row| row.get::<_, String>(0))
        .optional()?;
    Ok(document
        .map(|document| serde_json::from_str(&document))
        .transpose()?)
}

fn count_taken(connection: &Connection, place: &Place, but_not: &str) -> Result<i64, StoreError> {
    let sql = format!("SELECT count(*) FROM bookings WHERE {AT_PLACE} AND id <> ?7");
    let mut statement = connection.prepare_cached(&sql)?;
    Ok(statement.query_row(place_params!(place, but_not), |row| row.get(0))?)
}

fn holds(connection: &Connection, place: &Place, user_id: &str) -> Result<bool, StoreError> {
    let sql = format!("SELECT 1 FROM bookings WHERE {AT_PLACE} AND user_id = ?7");
    Ok(connection
        .prepare_cached(&sql)?
        .exists(place_params!(place, user_id))?)
}

fn is_closed(connection: &Connection, place: &Place) -> Result<bool, StoreError> {
    let sql = "SELECT 1 FROM closed_slots WHERE merchant_id = ?1 AND service_id = ?2 AND start_sec = ?3";
    let mut statement = connection.prepare_cached(sql)?;
    Ok(statement.exists(params![place.merchant_id, place.service_id, place.start_sec])?)
}

fn insert(connection: &Connection, booking: &Booking) -> Result<(), StoreError> {
    let sql = "INSERT INTO bookings VALUES (?9, ?7, ?1, ?2, ?3, ?4, ?5, ?6, ?8, ?10)";
    write(connection, sql, booking)
}

fn update(connection: &Connection, booking: &Booking) -> Result<(), StoreError> {
    let sql = "UPDATE bookings SET merchant_id = ?1, service_id = ?2, start_sec = ?3, staff_id = ?4,
        room_id = ?5, party_size = ?6, user_id = ?7, occupies = ?8, document = ?10 WHERE id = ?9";
    write(connection, sql, booking)
}

fn write(connection: &Connection, sql: &str, booking: &Booking) -> Result<(), StoreError> {
    let document = serde_json::to_string(booking)?;
    let mut statement = connection.prepare_cached(sql)?;
    statement.execute(place_params!(
        booking.place,
        booking.user.user_id,
        booking.occupies,
        booking.id,
        document
    ))?;
    Ok(())
}
