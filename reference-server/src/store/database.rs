//! One SQLite connection. One to a file is on a thread of its own, where jobs that arrive together are committed together: a
//! commit to disk is what costs, not the statements. In memory nothing waits for a disk, so jobs are done where they come up.

use super::file::{self, DatabaseError};
use super::seam::StoreError;
use rusqlite::{Connection, ErrorCode};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::{mpsc, oneshot};

/// A full group waits for one commit; more would only delay the first of it.
const GROUP: usize = 256;
const QUEUE: usize = 1024;

pub(super) const SCHEMA: &str = include_str!("schema.sql");

/// Told that the database has stopped working, and that it works again.
pub type Trouble = Arc<dyn Fn(&str) + Send + Sync>;

/// A handle to the connection.
#[derive(Clone)]
pub(crate) enum Database {
    /// In memory.
    Here(Arc<Mutex<Connection>>),
    /// To a file.
    Thread(mpsc::Sender<Job>),
}

/// Runs inside the open transaction.
pub(crate) type Job = Box<dyn FnOnce(&Connection) -> Done + Send>;

/// A job whose transaction is not yet committed.
pub(crate) struct Done {
    /// Tells the caller the outcome, of the commit as well.
    tell: Box<dyn FnOnce(bool) + Send>,
    /// Why the machine, and not the statement, let the job fail.
    failure: Option<String>,
}

impl Database {
    pub(crate) fn in_memory() -> Result<Self, StoreError> {
        let connection = Connection::open_in_memory()?;
        prepare(&connection)?;
        Ok(Self::Here(Arc::new(Mutex::new(connection))))
    }

    pub(crate) fn open(path: &Path, trouble: Option<Trouble>) -> Result<Self, DatabaseError> {
        Ok(Self::run(file::open(path)?, trouble))
    }

    fn run(connection: Connection, trouble: Option<Trouble>) -> Self {
        let (jobs, queue) = mpsc::channel(QUEUE);
        std::thread::spawn(move || serve(&connection, queue, trouble));
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
            let failure = result.as_ref().err().and_then(failure_of_machine);
            let tell = Box::new(move |committed| {
                let result = if committed {
                    result
                } else {
                    Err(StoreError::Unavailable)
                };
                // The caller may have gone away; the work is done all the same.
                let _ = sender.send(result);
            });
            Done { tell, failure }
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

pub(super) fn prepare(connection: &Connection) -> rusqlite::Result<()> {
    // FULL: an answered booking survives a power cut. With grouped commits it costs next to nothing.
    connection.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;
         PRAGMA busy_timeout = 5000;",
    )?;
    connection.execute_batch(SCHEMA)?;
    connection.set_prepared_statement_cache_capacity(64);
    Ok(())
}

/// Ends when the last handle is gone.
fn serve(connection: &Connection, mut queue: mpsc::Receiver<Job>, trouble: Option<Trouble>) {
    let mut health = Health {
        is_failing: false,
        trouble,
    };
    while let Some(first) = queue.blocking_recv() {
        let mut group = vec![first];
        while group.len() < GROUP
            && let Ok(job) = queue.try_recv()
        {
            group.push(job);
        }
        let before = connection.total_changes();
        let failure = commit(connection, group);
        health.note(failure, connection.total_changes() > before);
    }
}

/// Whether the disk takes what is written.
struct Health {
    is_failing: bool,
    trouble: Option<Trouble>,
}

impl Health {
    /// Says once that writing fails, and once that it works again.
    fn note(&mut self, failure: Option<String>, has_written: bool) {
        let said = match failure {
            Some(why) if !self.is_failing => format!(
                "the database cannot be written: {why}. What was answered is kept; what needs writing is answered 503 until the disk \
                 has room again or is mended"
            ),
            // On a full disk reading goes on: only a write shows that there is room again.
            None if self.is_failing && has_written => "the database can be written again".to_owned(),
            _ => return,
        };
        self.is_failing = !self.is_failing;
        if let Some(say) = &self.trouble {
            say(&said);
        }
    }
}

/// Says why the machine did not let it be done.
fn commit(connection: &Connection, group: Vec<Job>) -> Option<String> {
    let begun = run(connection, "BEGIN IMMEDIATE");
    let done: Vec<Done> = group.into_iter().map(|job| job(connection)).collect();
    let committed = begun.and_then(|()| run(connection, "COMMIT"));
    if committed.is_err() && !connection.is_autocommit() {
        // Nothing to do if this fails too: the next BEGIN will, and every caller hears of it.
        let _ = connection.execute_batch("ROLLBACK");
    }
    let of_job = done.iter().find_map(|done| done.failure.clone());
    let failure = of_job.or_else(|| committed.as_ref().err().and_then(failure_of_machine));
    for done in done {
        (done.tell)(committed.is_ok());
    }
    failure
}

/// A full or broken disk, as opposed to a statement that is refused.
fn failure_of_machine(error: &StoreError) -> Option<String> {
    let StoreError::Sql(error) = error else {
        return None;
    };
    let of_machine = matches!(
        error.sqlite_error_code()?,
        ErrorCode::DiskFull
            | ErrorCode::SystemIoFailure
            | ErrorCode::ReadOnly
            | ErrorCode::CannotOpen
            | ErrorCode::DatabaseCorrupt
            | ErrorCode::NotADatabase
    );
    of_machine.then(|| error.to_string())
}

fn in_savepoint<T, F>(connection: &Connection, job: F) -> Result<T, StoreError>
where
    F: FnOnce(&Connection) -> Result<T, StoreError>,
{
    // Where SQLite has undone the whole transaction, a savepoint would begin another one, and commit it.
    if connection.is_autocommit() {
        return Err(StoreError::Unavailable);
    }
    run(connection, "SAVEPOINT job")?;
    let result = job(connection);
    if result.is_err() {
        // A full disk may undo the whole transaction, and with it the savepoint.
        if connection.is_autocommit() {
            return result;
        }
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
        let connection = Connection::open_in_memory().unwrap();
        prepare(&connection).unwrap();
        [Database::in_memory().unwrap(), Database::run(connection, None)]
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

    /// So many pages and no more, as on a full disk.
    async fn hold_to(database: &Database, pages: i64) {
        let hold = move |connection: &Connection| {
            Ok(connection.query_row(&format!("PRAGMA max_page_count = {pages}"), [], |_| Ok(()))?)
        };
        database.run_job(hold).await.unwrap();
    }

    #[tokio::test]
    async fn nothing_is_acknowledged_on_a_full_disk_and_it_goes_on_with_room() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("bookings.db");
        let said = Arc::new(Mutex::new(Vec::new()));
        let heard = Arc::clone(&said);
        let trouble: Trouble = Arc::new(move |text: &str| heard.lock().unwrap().push(text.to_owned()));
        let database = Database::open(&path, Some(trouble)).unwrap();
        let insert_wide = |number: i64| {
            let database = database.clone();
            async move {
                let name = format!("{number:02000}");
                database
                    .run_job(move |connection| insert(connection, &name))
                    .await
            }
        };
        // As little as there is.
        hold_to(&database, 1).await;
        let mut kept = 0;
        let mut refused = 0;
        for number in 0..20 {
            match insert_wide(number).await {
                Ok(()) => kept += 1,
                Err(_) => refused += 1,
            }
        }
        // Many at once share a transaction: one that fails takes no other with it, and none is answered that is not kept.
        let many: Vec<_> = (20..60).map(|number| tokio::spawn(insert_wide(number))).collect();
        for one in many {
            match one.await.unwrap() {
                Ok(()) => kept += 1,
                Err(_) => refused += 1,
            }
        }
        assert!(refused > 0, "the disk was never full");
        assert_eq!(count(&database).await, kept);
        assert_eq!(said.lock().unwrap().len(), 1, "{said:?}");
        assert!(said.lock().unwrap()[0].contains("full"), "{said:?}");

        hold_to(&database, 100_000).await;
        insert_wide(100).await.unwrap();
        assert_eq!(count(&database).await, kept + 1);
        assert_eq!(said.lock().unwrap().len(), 2, "{said:?}");

        let again = Database::open(&path, None).unwrap();
        assert_eq!(count(&again).await, kept + 1);
    }
}
