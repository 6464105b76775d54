//! One SQLite connection. One to a file is on a thread of its own, where jobs that arrive together are committed together: a
//! commit to disk is what costs, not the statements. In memory nothing waits for a disk, so jobs are done where they come up.

use super::seam::StoreError;
use rusqlite::Connection;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::{mpsc, oneshot};

/// A full group waits for one commit; more would only delay the first of it.
const GROUP: usize = 256;
const QUEUE: usize = 1024;

/// A handle to the connection.
#[derive(Clone)]
pub(crate) enum Database {
    /// In memory.
    Here(Arc<Mutex<Connection>>),
    /// To a file.
    Thread(mpsc::Sender<Job>),
}

/// Runs inside the open transaction, and leaves behind how to tell the outcome of the commit.
pub(crate) type Job = Box<dyn FnOnce(&Connection) -> Reply + Send>;
pub(crate) type Reply = Box<dyn FnOnce(bool) + Send>;

impl Database {
    pub(crate) fn in_memory() -> Result<Self, StoreError> {
        let connection = prepare(Connection::open_in_memory()?)?;
        Ok(Self::Here(Arc::new(Mutex::new(connection))))
    }

    pub(crate) fn open(path: &Path) -> Result<Self, StoreError> {
        Ok(Self::run(prepare(Connection::open(path)?)?))
    }

    fn run(connection: Connection) -> Self {
        let (jobs, queue) = mpsc::channel(QUEUE);
        std::thread::spawn(move || serve(&connection, queue));
        Self::Thread(jobs)
    }

    /// Runs `job` in a transaction and answers once that is committed. An `Err` undoes this job alone.
    pub(crate) async fn run_job<T, F>(&self, job: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    {
        let (sender, receiver) = oneshot::channel();
        let job: Job = Box::new(move |connection| {
            let result = in_savepoint(connection, job);
            Box::new(move |committed| {
                let result = if committed {
                    result
                } else {
                    Err(StoreError::Unavailable)
                };
                // The caller may have gone away; the work is done all the same.
                let _ = sender.send(result);
            })
        });
        match self {
            Self::Here(connection) => {
                let connection = connection.lock().unwrap_or_else(PoisonError::into_inner);
                commit(&connection, vec![job]);
            }
            Self::Thread(jobs) => jobs.send(job).await.map_err(|_| StoreError::Unavailable)?,
        }
        receiver.await.map_err(|_| StoreError::Unavailable)?
    }
}

fn prepare(connection: Connection) -> Result<Connection, StoreError> {
    // FULL: an answered booking survives a power cut. With grouped commits it costs next to nothing.
    connection.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;
         PRAGMA busy_timeout = 5000;",
    )?;
    connection.execute_batch(include_str!("schema.sql"))?;
    connection.set_prepared_statement_cache_capacity(64);
    Ok(connection)
}

/// Ends when the last handle is gone.
fn serve(connection: &Connection, mut queue: mpsc::Receiver<Job>) {
    while let Some(first) = queue.blocking_recv() {
        let mut group = vec![first];
        while group.len() < GROUP
            && let Ok(job) = queue.try_recv()
        {
            group.push(job);
        }
        commit(connection, group);
    }
}

fn commit(connection: &Connection, group: Vec<Job>) {
    let begun = run(connection, "BEGIN IMMEDIATE").is_ok();
    let replies: Vec<Reply> = group.into_iter().map(|job| job(connection)).collect();
    let committed = begun && run(connection, "COMMIT").is_ok();
    if begun && !committed {
        // Nothing to do if this fails too: the next BEGIN will, and every caller hears of it.
        let _ = connection.execute_batch("ROLLBACK");
    }
    for reply in replies {
        reply(committed);
    }
}

fn in_savepoint<T, F>(connection: &Connection, job: F) -> Result<T, StoreError>
where
    F: FnOnce(&Connection) -> Result<T, StoreError>,
{
    run(connection, "SAVEPOINT job")?;
    let result = job(connection);
    if result.is_err() {
        run(connection, "ROLLBACK TO job")?;
    }
    run(connection, "RELEASE job")?;
    result
}

fn run(connection: &Connection, statement: &str) -> Result<(), StoreError> {
    connection.prepare_cached(statement)?.execute([])?;
    Ok(())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

    use super::*;

    /// One where jobs come up, and one on its thread.
    fn both() -> [Database; 2] {
        let connection = prepare(Connection::open_in_memory().unwrap()).unwrap();
        [Database::in_memory().unwrap(), Database::run(connection)]
    }

    async fn count(database: &Database) -> i64 {
        let count = |connection: &Connection| {
            Ok(connection.query_row("SELECT count(*) FROM closed_slots", [], |row| row.get(0))?)
        };
        database.run_job(count).await.unwrap()
    }

    fn insert(connection: &Connection, service: &str) -> Result<(), StoreError> {
        connection.execute("INSERT INTO closed_slots VALUES ('m', ?1, 1)", [service])?;
        Ok(())
    }

    #[tokio::test]
    async fn a_failed_job_is_undone_alone() {
        for database in both() {
            let good = database.run_job(|connection| insert(connection, "a"));
            let bad = database.run_job(|connection| {
                insert(connection, "b")?;
                Err::<(), _>(StoreError::Unavailable)
            });
            let (good, bad) = tokio::join!(good, bad);
            assert!(good.is_ok());
            assert!(bad.is_err());
            assert_eq!(count(&database).await, 1);
        }
    }

    #[tokio::test]
    async fn many_jobs_are_all_committed() {
        for database in both() {
            let mut jobs = tokio::task::JoinSet::new();
            for number in 0..300 {
                let database = database.clone();
                jobs.spawn(async move { database.run_job(move |c| insert(c, &number.to_string())).await });
            }
            assert!(jobs.join_all().await.into_iter().all(|result| result.is_ok()));
            assert_eq!(count(&database).await, 300);
        }
    }
}
