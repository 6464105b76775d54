//! Statements on orders. Each function is called inside a transaction.

use super::bookings::occupancy;
use super::seam::{NewOrder, OrderOutcome, OrdersOf, StoreError};
use crate::booking::Place;
use crate::messages::Order;
use rusqlite::{Connection, Params, params};

pub(super) fn list(connection: &Connection, of: &OrdersOf) -> Result<Vec<Order>, StoreError> {
    match of {
        OrdersOf::Token(token) => select(connection, "token = ?1", [token]),
        OrdersOf::User(user) => select(connection, "user_id = ?1", [user]),
        OrdersOf::Ids(ids) => {
            let mut orders = Vec::new();
            for id in ids {
                orders.extend(select(connection, "id = ?1", [id])?);
            }
            Ok(orders)
        }
    }
}

/// All of it or nothing: every place is looked at before the first is taken.
pub(super) fn create(connection: &Connection, new: NewOrder) -> Result<OrderOutcome, StoreError> {
    if let Some(earlier) = list(connection, &OrdersOf::Token(new.token.clone()))?.pop() {
        return Ok(OrderOutcome::TokenUsed(earlier));
    }
    for (candidate, tickets) in &new.places {
        if occupancy(connection, &candidate.place)?.open(candidate.spots) < *tickets {
            return Ok(OrderOutcome::Taken);
        }
    }
    let order = new.order;
    connection.execute(
        "INSERT INTO orders VALUES (?1, ?2, ?3, ?4)",
        params![
            order.order_id,
            new.token,
            order.user_information.user_id,
            serde_json::to_string(&order)?
        ],
    )?;
    for (candidate, tickets) in &new.places {
        let place = &candidate.place;
        connection.execute(
            "INSERT INTO order_places VALUES (?1, ?2, ?3, ?4, ?5)",
            params![
                order.order_id,
                place.merchant_id,
                place.service_id,
                place.start_sec,
                tickets
            ],
        )?;
    }
    super::outbox::add(connection, &new.outgoing)?;
    Ok(OrderOutcome::Created(order))
}

/// The spots of a place that orders hold.
pub(super) fn count_ordered(connection: &Connection, place: &Place) -> Result<i64, StoreError> {
    let sql = "SELECT coalesce(sum(tickets), 0) FROM order_places
        WHERE merchant_id = ?1 AND service_id = ?2 AND start_sec = ?3";
    let mut statement = connection.prepare_cached(sql)?;
    let slot = params![place.merchant_id, place.service_id, place.start_sec];
    Ok(statement.query_row(slot, |row| row.get(0))?)
}

fn select(connection: &Connection, which: &str, params: impl Params) -> Result<Vec<Order>, StoreError> {
    let sql = format!("SELECT document FROM orders WHERE {which} ORDER BY rowid");
    let mut statement = connection.prepare_cached(&sql)?;
    let documents = statement.query_map(params, |row| row.get::<_, String>(0))?;
    documents
        .map(|document| Ok(serde_json::from_str(&document?)?))
        .collect()
}
