#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use super::super::Database;
use super::*;
use crate::store::StoreError;
use std::fs;

async fn close_slot(database: &Database, service: &str) -> Result<(), StoreError> {
    let service = service.to_owned();
    database
        .run_job(move |connection| {
            connection.execute("INSERT INTO closed_slots VALUES ('m', ?1, 1)", [service])?;
            Ok(())
        })
        .await
}

async fn count(database: &Database) -> i64 {
    let count = |connection: &Connection| {
        Ok(connection.query_row("SELECT count(*) FROM closed_slots", [], |row| row.get(0))?)
    };
    database.run_job(count).await.unwrap()
}

fn opened(path: &Path) -> Result<Database, DatabaseError> {
    Database::open(path, None)
}

fn refusal(path: &Path) -> DatabaseError {
    match opened(path) {
        Ok(_) => panic!("{} is opened", path.display()),
        Err(error) => error,
    }
}

/// Ten commits, as a server leaves them that is killed.
async fn killed(folder: &Path) -> PathBuf {
    let path = folder.join("open.db");
    let database = opened(&path).unwrap();
    for number in 0..10 {
        close_slot(&database, &number.to_string()).await.unwrap();
    }
    let copy = folder.join("killed.db");
    fs::copy(&path, &copy).unwrap();
    fs::copy(beside(&path, "-wal"), beside(&copy, "-wal")).unwrap();
    copy
}

fn damage(path: &Path, at: usize) {
    let mut bytes = fs::read(path).unwrap();
    bytes[at] ^= 0x10;
    fs::write(path, bytes).unwrap();
}

fn frame(number: usize) -> usize {
    HEADER + number * (FRAME_HEADER + PAGE)
}

const HEADER: usize = 32;
const FRAME_HEADER: usize = 24;
const PAGE: usize = 4096;

#[tokio::test]
async fn what_was_answered_is_there_after_a_kill() {
    let folder = tempfile::tempdir().unwrap();
    let path = killed(folder.path()).await;
    assert_eq!(count(&opened(&path).unwrap()).await, 10);
}

#[tokio::test]
async fn a_last_write_that_was_cut_off_loses_itself_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = killed(folder.path()).await;
    let log = beside(&path, "-wal");
    let whole = fs::read(&log).unwrap();
    fs::write(&log, &whole[..whole.len() - 100]).unwrap();
    assert_eq!(count(&opened(&path).unwrap()).await, 9);
}

#[tokio::test]
async fn a_damaged_log_is_not_left_out_without_a_word() {
    for at in [4, frame(0) + 4, frame(2) + 9, frame(3) + FRAME_HEADER + 17] {
        let folder = tempfile::tempdir().unwrap();
        let path = killed(folder.path()).await;
        let log = beside(&path, "-wal");
        damage(&log, at);
        let before = (fs::read(&path).unwrap(), fs::read(&log).unwrap());
        let refusal = refusal(&path);
        assert!(
            matches!(&refusal, DatabaseError::DamagedLog { path } if *path == log),
            "byte {at}: {refusal}"
        );
        // Who restores needs what there is.
        assert!(before == (fs::read(&path).unwrap(), fs::read(&log).unwrap()));
    }
}

#[tokio::test]
async fn frames_of_an_earlier_log_are_no_damage() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("open.db");
    let database = opened(&path).unwrap();
    for number in 0..10 {
        close_slot(&database, &number.to_string()).await.unwrap();
    }
    let start_anew = |connection: &Connection| {
        // Outside of the job's transaction, as SQLite does it by itself after a thousand pages.
        connection.execute_batch("RELEASE job; COMMIT")?;
        connection.query_row("PRAGMA wal_checkpoint(RESTART)", [], |_| Ok(()))?;
        connection.execute_batch("BEGIN IMMEDIATE; SAVEPOINT job")?;
        Ok(())
    };
    database.run_job(start_anew).await.unwrap();
    close_slot(&database, "last").await.unwrap();
    let copy = folder.path().join("killed.db");
    fs::copy(&path, &copy).unwrap();
    fs::copy(beside(&path, "-wal"), beside(&copy, "-wal")).unwrap();
    assert!(fs::metadata(beside(&copy, "-wal")).unwrap().len() > frame(8) as u64);
    assert_eq!(count(&opened(&copy).unwrap()).await, 11);
}

#[tokio::test]
async fn a_damaged_file_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("closed.db");
    let database = opened(&path).unwrap();
    for number in 0..300 {
        close_slot(&database, &format!("{number:0200}")).await.unwrap();
    }
    let flush = |connection: &Connection| {
        connection.execute_batch("RELEASE job; COMMIT")?;
        connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
        connection.execute_batch("BEGIN IMMEDIATE; SAVEPOINT job")?;
        Ok(())
    };
    database.run_job(flush).await.unwrap();
    let whole = fs::read(&path).unwrap();
    let copy = folder.path().join("damaged.db");
    for number in 1..whole.len() / PAGE {
        let mut bytes = whole.clone();
        bytes[number * PAGE..number * PAGE + 64].fill(0xff);
        fs::write(&copy, bytes).unwrap();
        let refusal = refusal(&copy);
        assert!(
            matches!(&refusal, DatabaseError::Damaged { .. }),
            "page {number}: {refusal}"
        );
    }
    // The disk's end was lost.
    fs::write(&copy, &whole[..whole.len() / 2]).unwrap();
    assert!(matches!(refusal(&copy), DatabaseError::Damaged { .. }));
}

#[test]
fn what_is_not_ours_is_told_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("notes.txt");
    let text = "bookings\n".repeat(100);
    fs::write(&path, &text).unwrap();
    assert!(matches!(refusal(&path), DatabaseError::NoDatabase { .. }));
    assert_eq!(fs::read_to_string(&path).unwrap(), text);

    let make = |name: &str, sql: &str| {
        let path = folder.path().join(name);
        Connection::open(&path).unwrap().execute_batch(sql).unwrap();
        path
    };
    let path = make("shop.db", "CREATE TABLE customers (name TEXT)");
    let before = fs::read(&path).unwrap();
    assert!(matches!(refusal(&path), DatabaseError::Foreign { .. }));
    assert_eq!(fs::read(&path).unwrap(), before);

    let path = make("old.db", "CREATE TABLE bookings (id TEXT PRIMARY KEY, body TEXT)");
    let said = refusal(&path).to_string();
    assert!(
        said.contains("another version") && said.contains("`bookings`"),
        "{said}"
    );

    let newer = folder.path().join("newer.db");
    drop(opened(&newer).unwrap());
    Connection::open(&newer)
        .unwrap()
        .execute_batch("PRAGMA user_version = 2")
        .unwrap();
    let said = refusal(&newer).to_string();
    assert!(said.contains("form 2, this one writes 1"), "{said}");

    let nowhere = folder.path().join("missing/bookings.db");
    assert!(matches!(refusal(&nowhere), DatabaseError::Unusable { .. }));
}

#[test]
fn a_file_from_before_forms_were_counted_is_used_on() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bookings.db");
    let connection = Connection::open(&path).unwrap();
    connection.execute_batch(super::super::database::SCHEMA).unwrap();
    connection
        .execute_batch("DROP TABLE closed_slots; PRAGMA user_version = 0")
        .unwrap();
    drop(connection);
    assert!(opened(&path).is_ok());
}

#[cfg(unix)]
#[tokio::test]
async fn nobody_else_may_read_what_is_written() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bookings.db");
    let database = opened(&path).unwrap();
    close_slot(&database, "a").await.unwrap();
    for ending in ["", "-wal", "-shm"] {
        let file = beside(&path, ending);
        let mode = fs::metadata(&file).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, 0o600, "{}", file.display());
    }
}
