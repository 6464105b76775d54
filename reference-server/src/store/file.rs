//! The database file before it is used: who may read it, whether it is ours, and whether it is whole.

use super::wal;
use rusqlite::{Connection, ErrorCode};
use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

/// Counts up with every schema that an older server cannot work with.
const VERSION: i64 = 1;

/// Why a database file cannot be used. Each says what to do next.
#[derive(Debug, thiserror::Error)]
pub enum DatabaseError {
    /// Not there, not readable or not writable.
    #[error("{} cannot be opened ({cause}): check its folder and who may write there", path.display())]
    Unusable {
        /// The file.
        path: PathBuf,
        /// What the system or SQLite said.
        cause: String,
    },
    /// Something else than a SQLite database, or a damaged first page.
    #[error("{} is no SQLite database: name another file, or restore this one from a backup", path.display())]
    NoDatabase {
        /// The file.
        path: PathBuf,
    },
    /// A SQLite database with other tables than this server's.
    #[error("{} is a database of another program: name another file", path.display())]
    Foreign {
        /// The file.
        path: PathBuf,
    },
    /// Tables of this server, in another form.
    #[error("{} was written by another version of this server ({detail}): start that version, or name another file", path.display())]
    OtherVersion {
        /// The file.
        path: PathBuf,
        /// What is different.
        detail: String,
    },
    /// Pages of the file contradict each other.
    #[error(
        "{} is damaged ({detail}): restore it from a backup; `sqlite3 FILE .recover` shows what can still be read", path.display()
    )]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What SQLite found.
        detail: String,
    },
    /// Bookings that were answered cannot be read any more. SQLite would leave them out without a word.
    #[error(
        "{} is damaged: bookings that were answered are lost with it. Copy it and the database, then restore both from a backup, or \
         move this file away to go on without them", path.display()
    )]
    DamagedLog {
        /// The write-ahead log.
        path: PathBuf,
    },
    /// No room for the tables.
    #[error("the disk of {} is full: make room, then start again", path.display())]
    Full {
        /// The file.
        path: PathBuf,
    },
}

/// Opens a file and makes sure that it can be worked with; it is created when missing.
pub(super) fn open(path: &Path) -> Result<Connection, DatabaseError> {
    let unusable = |cause: io::Error| DatabaseError::Unusable {
        path: path.to_owned(),
        cause: cause.to_string(),
    };
    create_private(path).map_err(unusable)?;
    let log = beside(path, "-wal");
    if wal::has_lost_commits(&log).map_err(unusable)? {
        return Err(DatabaseError::DamagedLog { path: log });
    }
    let failed = |error: rusqlite::Error| explain(path, &error);
    let connection = Connection::open(path).map_err(failed)?;
    connection
        .execute_batch("PRAGMA busy_timeout = 5000")
        .map_err(failed)?;
    check_tables(path, &connection)?;
    check_pages(path, &connection)?;
    super::database::prepare(&connection).map_err(failed)?;
    connection
        .pragma_update(None, "user_version", VERSION)
        .map_err(failed)?;
    Ok(connection)
}

/// Readable by its owner only, from its first byte on: names, telephones and mails stand in it. SQLite gives its other files (`-wal`,
/// `-shm`) the rights of this one. A file that is there keeps the rights that somebody gave it.
fn create_private(path: &Path) -> io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(drop)
}

fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

fn check_tables(path: &Path, connection: &Connection) -> Result<(), DatabaseError> {
    let failed = |error: rusqlite::Error| explain(path, &error);
    let other = |detail| DatabaseError::OtherVersion {
        path: path.to_owned(),
        detail,
    };
    let kept = tables(connection).map_err(failed)?;
    let ours = Connection::open_in_memory()
        .and_then(|memory| {
            memory.execute_batch(super::database::SCHEMA)?;
            tables(&memory)
        })
        .map_err(failed)?;
    if !kept.is_empty() && !ours.keys().any(|name| kept.contains_key(name)) {
        return Err(DatabaseError::Foreign {
            path: path.to_owned(),
        });
    }
    let version = connection.pragma_query_value(None, "user_version", |row| row.get::<_, i64>(0));
    let version = version.map_err(failed)?;
    if version > VERSION {
        return Err(other(format!("form {version}, this one writes {VERSION}")));
    }
    let differs =
        |(name, columns): &(&String, &Vec<String>)| ours.get(*name).is_some_and(|own| own != *columns);
    match kept.iter().find(differs) {
        Some((name, _)) => Err(other(format!("the table `{name}` has other columns"))),
        None => Ok(()),
    }
}

/// Each table with its columns.
fn tables(connection: &Connection) -> rusqlite::Result<BTreeMap<String, Vec<String>>> {
    let sql = "SELECT t.name, c.name || ' ' || c.type || ' ' || c.\"notnull\" || ' ' || c.pk
        FROM sqlite_master t JOIN pragma_table_info(t.name) c
        WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%' ORDER BY t.name, c.cid";
    let mut statement = connection.prepare(sql)?;
    let mut rows = statement.query([])?;
    let mut tables = BTreeMap::<String, Vec<String>>::new();
    while let Some(row) = rows.next()? {
        tables.entry(row.get(0)?).or_default().push(row.get(1)?);
    }
    Ok(tables)
}

fn check_pages(path: &Path, connection: &Connection) -> Result<(), DatabaseError> {
    let found = connection.query_row("PRAGMA quick_check(1)", [], |row| row.get::<_, String>(0));
    match found.map_err(|error| explain(path, &error))? {
        whole if whole == "ok" => Ok(()),
        detail => Err(DatabaseError::Damaged {
            path: path.to_owned(),
            // SQLite says where, over several lines.
            detail: detail.split_whitespace().collect::<Vec<_>>().join(" "),
        }),
    }
}

fn explain(path: &Path, error: &rusqlite::Error) -> DatabaseError {
    let path = path.to_owned();
    match error.sqlite_error_code() {
        Some(ErrorCode::NotADatabase) => DatabaseError::NoDatabase { path },
        Some(ErrorCode::DatabaseCorrupt) => DatabaseError::Damaged {
            path,
            detail: error.to_string(),
        },
        Some(ErrorCode::DiskFull) => DatabaseError::Full { path },
        _ => DatabaseError::Unusable {
            path,
            cause: error.to_string(),
        },
    }
}

#[cfg(test)]
mod tests;
