//! Waitlists on SQLite.

use super::database::Database;
use super::seam::StoreError;
use crate::waitlist::Entry;
use rusqlite::{Connection, OptionalExtension, Params, params};

/// Who waits, and which lists are closed. Each method is one transaction.
pub(crate) struct WaitlistStore {
    database: Database,
}

/// What became of a party that wants to join.
pub(crate) enum Joined {
    /// It is on the list under this id; a token that is known names the entry that it made.
    As(String),
    /// The user waits already, here or elsewhere.
    WaitsAlready,
    /// The list is closed.
    Closed,
}

impl WaitlistStore {
    pub(crate) fn new(database: Database) -> Self {
        Self { database }
    }

    /// Puts a party on the list.
    pub(crate) async fn join(&self, entry: Entry, token: String) -> Result<Joined, StoreError> {
        self.database
            .run_job(move |connection| join(connection, &entry, &token))
            .await
    }

    /// An entry, and how many parties are ahead of it.
    pub(crate) async fn entry(&self, id: &str) -> Result<Option<(Entry, i32)>, StoreError> {
        let id = id.to_owned();
        self.database
            .run_job(move |connection| {
                let Some((seq, entry)) = by_id(connection, &id)? else {
                    return Ok(None);
                };
                let ahead = if entry.waits() {
                    count_waiting(connection, &entry.merchant_id, &entry.service_id, seq)?
                } else {
                    0
                };
                Ok(Some((entry, ahead)))
            })
            .await
    }

    /// Changes an entry if there is one and `change` says that it changes; whether there is one comes back, and whether it changed.
    pub(crate) async fn change(
        &self,
        id: &str,
        change: impl FnOnce(&mut Entry) -> bool + Send + 'static,
    ) -> Result<Option<bool>, StoreError> {
        let id = id.to_owned();
        self.database
            .run_job(move |connection| {
                let Some((_, mut entry)) = by_id(connection, &id)? else {
                    return Ok(None);
                };
                let changed = change(&mut entry);
                if changed {
                    let sql = "UPDATE waitlist_entries SET waits = ?2, document = ?3 WHERE id = ?1";
                    connection.execute(sql, params![id, entry.waits(), serde_json::to_string(&entry)?])?;
                }
                Ok(Some(changed))
            })
            .await
    }

    /// How many parties wait for a service; none when its list is closed.
    pub(crate) async fn waiting(
        &self,
        merchant_id: &str,
        service_id: &str,
    ) -> Result<Option<i32>, StoreError> {
        let (merchant, service) = (merchant_id.to_owned(), service_id.to_owned());
        self.database
            .run_job(move |connection| {
                if is_closed(connection, &merchant, &service)? {
                    return Ok(None);
                }
                count_waiting(connection, &merchant, &service, i64::MAX).map(Some)
            })
            .await
    }

    /// Closes a list, or opens it again. Who waits goes on waiting.
    pub(crate) async fn set_open(
        &self,
        merchant_id: &str,
        service_id: &str,
        open: bool,
    ) -> Result<(), StoreError> {
        let sql = if open {
            "DELETE FROM closed_waitlists WHERE merchant_id = ?1 AND service_id = ?2"
        } else {
            "INSERT OR IGNORE INTO closed_waitlists VALUES (?1, ?2)"
        };
        let (merchant, service) = (merchant_id.to_owned(), service_id.to_owned());
        self.database
            .run_job(move |connection| {
                connection.execute(sql, params![merchant, service])?;
                Ok(())
            })
            .await
    }
}

fn join(connection: &Connection, entry: &Entry, token: &str) -> Result<Joined, StoreError> {
    let sql = "SELECT id FROM waitlist_entries WHERE token = ?1";
    let mut statement = connection.prepare_cached(sql)?;
    if let Some(id) = statement.query_row([token], |row| row.get(0)).optional()? {
        return Ok(Joined::As(id));
    }
    let waits = "SELECT 1 FROM waitlist_entries WHERE user_id = ?1 AND waits = 1";
    if connection.prepare_cached(waits)?.exists([&entry.user.user_id])? {
        return Ok(Joined::WaitsAlready);
    }
    if is_closed(connection, &entry.merchant_id, &entry.service_id)? {
        return Ok(Joined::Closed);
    }
    let sql = "INSERT INTO waitlist_entries (id, token, user_id, merchant_id, service_id, waits, document)
        VALUES (?1, ?2, ?3, ?4, ?5, 1, ?6)";
    let document = serde_json::to_string(entry)?;
    let user = &entry.user.user_id;
    connection.prepare_cached(sql)?.execute(params![
        entry.id,
        token,
        user,
        entry.merchant_id,
        entry.service_id,
        document
    ])?;
    Ok(Joined::As(entry.id.clone()))
}

fn by_id(connection: &Connection, id: &str) -> Result<Option<(i64, Entry)>, StoreError> {
    let sql = "SELECT seq, document FROM waitlist_entries WHERE id = ?1";
    let found = one(connection, sql, [id])?;
    Ok(found
        .map(|(seq, document)| serde_json::from_str(&document).map(|entry| (seq, entry)))
        .transpose()?)
}

fn one(connection: &Connection, sql: &str, params: impl Params) -> Result<Option<(i64, String)>, StoreError> {
    let mut statement = connection.prepare_cached(sql)?;
    Ok(statement
        .query_row(params, |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?)
}

/// The parties that wait and came before `seq`.
fn count_waiting(
    connection: &Connection,
    merchant: &str,
    service: &str,
    seq: i64,
) -> Result<i32, StoreError> {
    let sql = "SELECT count(*) FROM waitlist_entries WHERE merchant_id = ?1 AND service_id = ?2 AND waits = 1 AND seq < ?3";
    let mut statement = connection.prepare_cached(sql)?;
    Ok(statement.query_row(params![merchant, service, seq], |row| row.get(0))?)
}

fn is_closed(connection: &Connection, merchant: &str, service: &str) -> Result<bool, StoreError> {
    let sql = "SELECT 1 FROM closed_waitlists WHERE merchant_id = ?1 AND service_id = ?2";
    Ok(connection
        .prepare_cached(sql)?
        .exists(params![merchant, service])?)
}
