//! Statements on what users chose about mails.

use super::seam::StoreError;
use rusqlite::{Connection, OptionalExtension, params};

pub(super) fn set(connection: &Connection, user_id: &str, receives: bool) -> Result<(), StoreError> {
    let sql = "INSERT INTO marketing_preferences VALUES (?1, ?2)
        ON CONFLICT (user_id) DO UPDATE SET receives = excluded.receives";
    connection
        .prepare_cached(sql)?
        .execute(params![user_id, receives])?;
    Ok(())
}

pub(super) fn receives(connection: &Connection, user_id: &str) -> Result<bool, StoreError> {
    let sql = "SELECT receives FROM marketing_preferences WHERE user_id = ?1";
    let mut statement = connection.prepare_cached(sql)?;
    let chosen = statement.query_row([user_id], |row| row.get(0)).optional()?;
    Ok(chosen.unwrap_or(false))
}
