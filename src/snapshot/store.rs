//! Where snapshots live: `<root>/<area>/<name>.snap` accepted, `.snap.new` waiting for somebody to look at it.

use super::form::{Document, FormError};
use super::info::{Info, Mark};
use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Snapshots that come with the binary: scenario id and the text of the file.
pub type Bundle = Vec<(&'static str, &'static str)>;

/// What stopped the store.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The id would not name a file below the folder.
    #[error("use `{id}` as the name of a snapshot: only letters, digits, `-`, `_` and `.` between slashes")]
    BadId {
        /// The id.
        id: String,
    },
    /// Nothing waits under that id.
    #[error("find a pending snapshot of `{id}`")]
    NotPending {
        /// The id.
        id: String,
    },
    /// A snapshot is there and cannot be read as one.
    #[error("read the snapshot {place}")]
    Form {
        /// Path of the file, or the id of a bundled one.
        place: String,
        /// What is wrong with it.
        source: FormError,
    },
    /// The file system refused.
    #[error("access {}", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// The system's own words.
        source: io::Error,
    },
}

/// A snapshot that somebody accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accepted {
    /// The normalised history.
    pub(crate) body: String,
    /// What the scenario was bound to.
    pub(crate) info: Info,
}

impl Accepted {
    /// The normalised history.
    pub fn into_body(self) -> String {
        self.body
    }
}

/// A snapshot that waits for a decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// The scenario's id.
    pub id: String,
    /// True when there is no accepted snapshot yet.
    pub is_new: bool,
    /// Set where its scenario fails.
    pub judged: Option<Mark>,
}

/// The texts of a scenario's files, to bring them back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Files {
    accepted: Option<String>,
    pending: Option<String>,
}

/// The snapshots of one target.
#[derive(Debug, Clone)]
pub struct Store {
    root: PathBuf,
    bundled: Option<Bundle>,
}

impl Store {
    /// The store in a folder (`snapshots/<target>/`, made when first written to), with bundled snapshots behind it.
    pub fn new(root: impl Into<PathBuf>, bundled: Option<Bundle>) -> Self {
        Self {
            root: root.into(),
            bundled,
        }
    }

    /// The accepted snapshot of a scenario: the folder's, else the bundled one.
    ///
    /// # Errors
    /// When the id is malformed or the snapshot is there and cannot be read.
    pub fn load(&self, id: &str) -> Result<Option<Accepted>, StoreError> {
        let path = self.path(id, "snap")?;
        let document = if path.is_file() {
            Some(read(&path)?)
        } else {
            self.load_bundled(id)?
        };
        Ok(document.map(|document| Accepted {
            body: document.body,
            info: document.info,
        }))
    }

    fn load_bundled(&self, id: &str) -> Result<Option<Document>, StoreError> {
        let text = self
            .bundled
            .as_ref()
            .and_then(|bundle| bundle.iter().find(|(known, _)| *known == id));
        text.map(|(id, text)| read_text(id, text)).transpose()
    }

    /// The snapshot of a scenario that waits for a decision.
    ///
    /// # Errors
    /// When there is none, or it cannot be read.
    pub(crate) fn load_pending(&self, id: &str) -> Result<Document, StoreError> {
        let path = self.path(id, "snap.new")?;
        if path.is_file() {
            read(&path)
        } else {
            Err(StoreError::NotPending { id: id.to_owned() })
        }
    }

    /// Ids of the scenarios whose snapshots wait for a decision, sorted.
    ///
    /// # Errors
    /// When the folder cannot be listed.
    pub fn pending(&self) -> Result<Vec<String>, StoreError> {
        self.ids(".snap.new")
    }

    /// What waits for a decision, sorted by id.
    ///
    /// # Errors
    /// When the folder cannot be listed, or a snapshot cannot be read.
    pub fn waiting(&self) -> Result<Vec<Waiting>, StoreError> {
        let waiting = |id: String| {
            Ok(Waiting {
                judged: self.load_pending(&id)?.info.judged,
                is_new: self.load(&id)?.is_none(),
                id,
            })
        };
        self.pending()?.into_iter().map(waiting).collect()
    }

    /// Ids of the folder's accepted snapshots that belong to none of the known scenarios, sorted.
    ///
    /// # Errors
    /// When the folder cannot be listed.
    pub fn obsolete<'s>(&self, known: impl IntoIterator<Item = &'s str>) -> Result<Vec<String>, StoreError> {
        let known: BTreeSet<&str> = known.into_iter().collect();
        Ok(self
            .ids(".snap")?
            .into_iter()
            .filter(|id| !known.contains(id.as_str()))
            .collect())
    }

    /// Writes a snapshot that waits for a decision, in place of an earlier one. Never to be called in CI.
    ///
    /// # Errors
    /// When the id is malformed or the file system refuses; an earlier file is then left whole.
    pub fn write_pending(&self, id: &str, text: &str) -> Result<(), StoreError> {
        self.write(&self.path(id, "snap.new")?, text)
    }

    /// Makes the waiting snapshot the accepted one.
    ///
    /// # Errors
    /// When nothing waits under that id, or the file system refuses.
    pub fn accept(&self, id: &str) -> Result<(), StoreError> {
        let pending = self.path(id, "snap.new")?;
        fs::rename(&pending, self.path(id, "snap")?).map_err(|error| gone(id, &pending, error))
    }

    /// Throws the waiting snapshot away.
    ///
    /// # Errors
    /// When nothing waits under that id, or the file system refuses.
    pub fn reject(&self, id: &str) -> Result<(), StoreError> {
        let pending = self.path(id, "snap.new")?;
        fs::remove_file(&pending).map_err(|error| gone(id, &pending, error))
    }

    /// Deletes an accepted snapshot.
    ///
    /// # Errors
    /// When there is none, or the file system refuses.
    pub fn delete(&self, id: &str) -> Result<(), StoreError> {
        let accepted = self.path(id, "snap")?;
        fs::remove_file(&accepted).map_err(io_error(&accepted))
    }

    /// The files of a scenario as they are now.
    pub(crate) fn files(&self, id: &str) -> Result<Files, StoreError> {
        let text = |path: PathBuf| match fs::read_to_string(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            other => other.map(Some).map_err(io_error(&path)),
        };
        Ok(Files {
            accepted: text(self.path(id, "snap")?)?,
            pending: text(self.path(id, "snap.new")?)?,
        })
    }

    /// Makes the files of a scenario what they were.
    pub(crate) fn restore(&self, id: &str, files: &Files) -> Result<(), StoreError> {
        for (ending, text) in [("snap", &files.accepted), ("snap.new", &files.pending)] {
            let path = self.path(id, ending)?;
            match text {
                Some(text) => self.write(&path, text)?,
                None if path.exists() => fs::remove_file(&path).map_err(io_error(&path))?,
                None => {}
            }
        }
        Ok(())
    }

    fn write(&self, path: &Path, text: &str) -> Result<(), StoreError> {
        let folder = path.parent().unwrap_or(&self.root);
        fs::create_dir_all(folder).map_err(io_error(folder))?;
        replace(path, folder, text).map_err(io_error(path))
    }

    fn path(&self, id: &str, ending: &str) -> Result<PathBuf, StoreError> {
        if !is_id(id) {
            return Err(StoreError::BadId { id: id.to_owned() });
        }
        Ok(self.root.join(format!("{id}.{ending}")))
    }

    fn ids(&self, ending: &str) -> Result<Vec<String>, StoreError> {
        let mut ids = Vec::new();
        collect(&self.root, "", ending, &mut ids)?;
        ids.sort();
        Ok(ids)
    }
}

/// An id never leaves the folder, on any system: no empty or hidden part, no drive, no backslash.
pub(crate) fn is_id(id: &str) -> bool {
    let ordinary = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    id.split('/')
        .all(|part| !part.is_empty() && !part.starts_with('.') && part.chars().all(ordinary))
}

/// Folders are followed, links are not: a link could lead in a circle.
fn collect(folder: &Path, prefix: &str, ending: &str, ids: &mut Vec<String>) -> Result<(), StoreError> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        other => other.map_err(io_error(folder))?,
    };
    for entry in entries {
        let entry = entry.map_err(io_error(folder))?;
        let kind = entry.file_type().map_err(io_error(&entry.path()))?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if kind.is_dir() {
            collect(&entry.path(), &format!("{prefix}{name}/"), ending, ids)?;
        } else if let Some(stem) = name.strip_suffix(ending) {
            ids.extend(Some(format!("{prefix}{stem}")).filter(|id| is_id(id)));
        }
    }
    Ok(())
}

/// A reader never sees half a file: it is written beside its place and then moved there.
pub(crate) fn replace(path: &Path, folder: &Path, text: &str) -> io::Result<()> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".snap");
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let mut file = builder.tempfile_in(folder)?;
    file.write_all(text.as_bytes())?;
    file.persist(path)?;
    Ok(())
}

pub(crate) fn read(path: &Path) -> Result<Document, StoreError> {
    let form = |source| StoreError::Form {
        place: path.display().to_string(),
        source,
    };
    Document::read(path).map_err(form)
}

/// insta reads files only, so a bundled text becomes one for a moment: one reader for both.
fn read_text(id: &str, text: &str) -> Result<Document, StoreError> {
    let form = |source| StoreError::Form {
        place: format!("bundled for {id}"),
        source,
    };
    let mut file = tempfile::Builder::new()
        .suffix(".snap")
        .tempfile()
        .map_err(|error| form(FormError::Unreadable(error)))?;
    file.write_all(text.as_bytes())
        .map_err(|error| form(FormError::Unreadable(error)))?;
    Document::read(file.path()).map_err(form)
}

pub(crate) fn io_error(path: &Path) -> impl FnOnce(io::Error) -> StoreError + use<> {
    let path = path.to_owned();
    move |source| StoreError::Io { path, source }
}

fn gone(id: &str, path: &Path, error: io::Error) -> StoreError {
    match error.kind() {
        io::ErrorKind::NotFound => StoreError::NotPending { id: id.to_owned() },
        _ => io_error(path)(error),
    }
}

#[cfg(test)]
mod tests;
