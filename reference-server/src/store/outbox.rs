//! Statements on the outbox. Messages of one lane keep their order; lanes do not wait for each other.

use super::seam::{Settlement, StoreError};
use crate::notifications::{OutboxMessage, Outgoing};
use rusqlite::{Connection, Row, params};

pub(super) fn add(connection: &Connection, messages: &[Outgoing]) -> Result<(), StoreError> {
    let mut statement = connection.prepare_cached("INSERT INTO outbox (lane, document) VALUES (?1, ?2)")?;
    for message in messages {
        statement.execute(params![message.lane(), serde_json::to_string(message)?])?;
    }
    Ok(())
}

pub(super) fn list_heads(connection: &Connection) -> Result<Vec<OutboxMessage>, StoreError> {
    // SQLite takes the bare column from the row that has the minimum.
    let sql = "SELECT min(id), document FROM outbox WHERE state = 'pending' GROUP BY lane ORDER BY 1";
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map([], parts)?;
    rows.map(|row| message(row?)).collect()
}

pub(super) fn settle(connection: &Connection, id: i64, outcome: &Settlement) -> Result<(), StoreError> {
    let (state, reason) = match outcome {
        Settlement::Sent => ("sent", None),
        Settlement::Undeliverable(reason) => ("undeliverable", Some(reason)),
    };
    let sql = "UPDATE outbox SET state = ?2, reason = ?3 WHERE id = ?1";
    connection
        .prepare_cached(sql)?
        .execute(params![id, state, reason])?;
    Ok(())
}

pub(super) fn undeliverable(connection: &Connection) -> Result<Vec<(OutboxMessage, String)>, StoreError> {
    let sql = "SELECT id, document, reason FROM outbox WHERE state = 'undeliverable' ORDER BY id";
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map([], |row| Ok((parts(row)?, row.get(2)?)))?;
    rows.map(|row| {
        row.map_err(StoreError::from)
            .and_then(|(parts, reason)| Ok((message(parts)?, reason)))
    })
    .collect()
}

fn parts(row: &Row<'_>) -> rusqlite::Result<(i64, String)> {
    Ok((row.get(0)?, row.get(1)?))
}

fn message((id, document): (i64, String)) -> Result<OutboxMessage, StoreError> {
    Ok(OutboxMessage {
        id,
        content: serde_json::from_str(&document)?,
    })
}
