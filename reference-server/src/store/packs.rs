//! Statements on packs. Each function is called inside the transaction of the booking that it is about.

use super::seam::StoreError;
use crate::packs::{Pack, PackUse};
use rusqlite::{Connection, OptionalExtension, params};

pub(super) fn by_id(connection: &Connection, id: &str) -> Result<Option<Pack>, StoreError> {
    let sql = "SELECT user_id, payment_option_id, original_count, current_count FROM packs WHERE id = ?1";
    let read = |row: &rusqlite::Row<'_>| {
        Ok(Pack {
            id: id.to_owned(),
            user_id: row.get(0)?,
            payment_option_id: row.get(1)?,
            original_count: row.get(2)?,
            current_count: row.get(3)?,
        })
    };
    Ok(connection.prepare_cached(sql)?.query_row([id], read).optional()?)
}

/// Takes one visit; false when none is left, and then nothing was written.
pub(super) fn take_visit(connection: &Connection, how: &PackUse) -> Result<bool, StoreError> {
    if let PackUse::Bought(pack) = how {
        let sql = "INSERT INTO packs VALUES (?1, ?2, ?3, ?4, ?4)";
        let row = params![pack.id, pack.user_id, pack.payment_option_id, pack.original_count];
        connection.prepare_cached(sql)?.execute(row)?;
    }
    let sql = "UPDATE packs SET current_count = current_count - 1 WHERE id = ?1 AND current_count > 0";
    Ok(connection.prepare_cached(sql)?.execute([&how.pack().id])? == 1)
}

pub(super) fn give_visit_back(connection: &Connection, id: &str) -> Result<(), StoreError> {
    let sql = "UPDATE packs SET current_count = current_count + 1 WHERE id = ?1";
    connection.prepare_cached(sql)?.execute([id])?;
    Ok(())
}
