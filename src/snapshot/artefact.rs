//! Pending snapshots in a folder of their own: what a run in CI leaves behind, for somebody to accept elsewhere.
//!
//! The manifest is written last and holds a digest of each file and of itself, so that what is incomplete, was changed
//! later, or comes from somewhere else is refused.

mod recording;

use super::info::Mark;
use super::store::{Store, StoreError, io_error, is_id, read, replace};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use transcript::Transcript;

/// The file that lists the others.
pub const MANIFEST: &str = "snapshots.json";

/// The form of the manifest.
const FORMAT: u32 = 1;

/// What is refused, and why.
#[derive(Debug, thiserror::Error)]
pub enum ArtefactError {
    /// No manifest.
    #[error("{} holds no {MANIFEST}: `run --report snapshots=DIR` did not write it, or not to its end", .0.display())]
    NoManifest(PathBuf),
    /// Not our JSON.
    #[error("{} is not the manifest of an artefact: {cause}", path.display())]
    Manifest {
        /// The manifest.
        path: PathBuf,
        /// What is wrong with it.
        cause: String,
    },
    /// Something was changed, is lacking, or does not belong.
    #[error("the artefact is not what the run wrote: {0}")]
    Altered(String),
    /// Its changes are changes of another snapshot than the accepted one.
    #[error("the accepted snapshot of {} is not the one that the run compared with", .0.join(", "))]
    Outdated(Vec<String>),
    /// A folder with other snapshots in it is not written to.
    #[error("{} holds snapshots that no {MANIFEST} of an earlier run lists; name another folder", .0.display())]
    Occupied(PathBuf),
    /// A file or a snapshot.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The run that an artefact is of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// The version of the program.
    pub version: String,
    /// The target's name in the config.
    pub target: String,
    /// Where it was reached.
    pub base_url: String,
    /// When the run began, RFC 3339.
    pub started_at: String,
    /// Its seed.
    pub seed: u64,
}

/// A snapshot that is not as accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// The scenario's id.
    pub id: String,
    /// The text of the file.
    pub text: String,
    /// The accepted history that it was compared with; none for a new one.
    pub accepted: Option<String>,
}

/// The manifest, with the digest of its own text in which the digest is empty.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Manifest {
    format: u32,
    run: Origin,
    snapshots: Vec<Entry>,
    digest: String,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Entry {
    id: String,
    /// Digest of the accepted history.
    accepted: Option<String>,
    /// Digest of the file.
    digest: String,
}

/// An artefact that is as it was written.
#[derive(Debug, Clone)]
pub struct Artefact {
    origin: Origin,
    snapshots: Vec<Offered>,
}

#[derive(Debug, Clone)]
struct Offered {
    id: String,
    accepted: Option<String>,
    text: String,
    body: String,
    judged: Option<Mark>,
    /// Of a recording: what is compared here, since nothing says what the run compared with.
    history: Option<Transcript>,
}

/// What became of an offered snapshot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    /// It is the accepted one now.
    Accepted,
    /// It was accepted before.
    Already,
}

/// Writes what waits into a folder, in place of what an earlier run left there.
///
/// # Errors
/// When the folder holds something else, or the file system refuses.
pub fn write_artefact(folder: &Path, run: Origin, drafts: &[Draft]) -> Result<(), ArtefactError> {
    clear(folder)?;
    fs::create_dir_all(folder).map_err(io_error(folder))?;
    let files = Store::new(folder, None);
    for draft in drafts {
        files.write_pending(&draft.id, &draft.text)?;
    }
    let snapshots = drafts.iter().map(|draft| Entry {
        id: draft.id.clone(),
        accepted: draft.accepted.as_deref().map(digest),
        digest: digest(&draft.text),
    });
    let mut manifest = Manifest {
        format: FORMAT,
        run,
        snapshots: snapshots.collect(),
        digest: String::new(),
    };
    manifest.digest = digest(&manifest.text());
    let path = folder.join(MANIFEST);
    replace(&path, folder, &manifest.text()).map_err(io_error(&path))?;
    Ok(())
}

/// Takes the artefact of an earlier run away, so that nobody accepts it for one of a run that came to no end.
///
/// # Errors
/// When the folder holds something else, or the file system refuses.
pub fn withdraw_artefact(folder: &Path) -> Result<(), ArtefactError> {
    if folder.is_dir() { clear(folder) } else { Ok(()) }
}

/// Removes the artefact of an earlier run, and nothing that is not one.
fn clear(folder: &Path) -> Result<(), ArtefactError> {
    let (manifest, files) = (folder.join(MANIFEST), Store::new(folder, None));
    if manifest.is_file() {
        for id in files.pending()? {
            files.reject(&id)?;
        }
        return Ok(fs::remove_file(&manifest).map_err(io_error(&manifest))?);
    }
    if !(files.pending()?.is_empty() && files.obsolete([])?.is_empty()) {
        return Err(ArtefactError::Occupied(folder.to_owned()));
    }
    Ok(())
}

fn digest(text: &str) -> String {
    let mut shown = String::new();
    for byte in Sha256::digest(text.as_bytes()) {
        let _ = write!(shown, "{byte:02x}");
    }
    shown
}

impl Manifest {
    fn text(&self) -> String {
        serde_json::to_string_pretty(self).unwrap_or_default() + "\n"
    }

    fn read(folder: &Path) -> Result<Self, ArtefactError> {
        let path = folder.join(MANIFEST);
        let text = match fs::read_to_string(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Err(ArtefactError::NoManifest(folder.to_owned()));
            }
            other => other.map_err(io_error(&path))?,
        };
        let manifest: Self = serde_json::from_str(&text).map_err(|error| ArtefactError::Manifest {
            path: path.clone(),
            cause: error.to_string(),
        })?;
        if manifest.format != FORMAT {
            let cause = format!(
                "it has format {}, and this program reads {FORMAT}",
                manifest.format
            );
            return Err(ArtefactError::Manifest { path, cause });
        }
        let unsigned = Self {
            digest: String::new(),
            ..manifest.clone()
        };
        if digest(&unsigned.text()) != manifest.digest {
            return Err(altered(format!("{MANIFEST} was changed")));
        }
        Ok(manifest)
    }
}

fn is_folder_name(target: &str) -> bool {
    is_id(target) && !target.contains('/')
}

fn altered(what: impl Into<String>) -> ArtefactError {
    ArtefactError::Altered(what.into())
}

impl Artefact {
    /// Reads a folder that [`write_artefact`] wrote.
    ///
    /// # Errors
    /// When it is none, or a file is lacking, was changed, or is not in its list.
    pub fn read(folder: &Path) -> Result<Self, ArtefactError> {
        let manifest = Manifest::read(folder)?;
        if !is_folder_name(&manifest.run.target) {
            return Err(altered("its target's name cannot name a folder"));
        }
        let listed: BTreeSet<_> = manifest.snapshots.iter().map(|entry| &entry.id).collect();
        let there = Store::new(folder, None).pending()?;
        if let Some(id) = there.iter().find(|id| !listed.contains(id)) {
            return Err(altered(format!("{id}.snap.new is not in {MANIFEST}")));
        }
        let entries = manifest.snapshots.into_iter();
        Ok(Self {
            origin: manifest.run,
            snapshots: entries
                .map(|entry| offered(folder, entry))
                .collect::<Result<_, _>>()?,
        })
    }

    /// The run that it is of.
    pub fn origin(&self) -> &Origin {
        &self.origin
    }

    /// The id of each snapshot that is not as accepted, with the mark of one whose scenario fails.
    ///
    /// # Errors
    /// When an accepted snapshot cannot be read.
    pub fn offers(&self, store: &Store) -> Result<Vec<(&str, Option<&Mark>)>, StoreError> {
        let mut offers = Vec::new();
        for offered in &self.snapshots {
            let history = offered.history.as_ref();
            if history.map_or(Ok(true), |history| recording::is_news(store, history))? {
                offers.push((offered.id.as_str(), offered.judged.as_ref()));
            }
        }
        Ok(offers)
    }

    /// Accepts the snapshots of these ids, all of them or none.
    ///
    /// # Errors
    /// When one is a change of another snapshot than the accepted one, or the file system refuses.
    pub fn accept_into<'i>(
        &self,
        store: &Store,
        ids: &[&'i str],
    ) -> Result<Vec<(&'i str, Taken)>, ArtefactError> {
        let mut outdated = Vec::new();
        let mut taken = Vec::new();
        for id in ids {
            let Some(offered) = self.snapshots.iter().find(|offered| offered.id == *id) else {
                return Err(altered(format!("{id} is not in {MANIFEST}")));
            };
            let accepted = store.load(id)?.map(|accepted| accepted.body);
            if accepted.as_ref() == Some(&offered.body) {
                taken.push((*id, None));
            } else if offered.history.is_some() || accepted.as_deref().map(digest) == offered.accepted {
                taken.push((*id, Some(&offered.text)));
            } else {
                outdated.push((*id).to_owned());
            }
        }
        if !outdated.is_empty() {
            return Err(ArtefactError::Outdated(outdated));
        }
        let accept = |(id, text): (&'i str, Option<&String>)| match text {
            None => Ok((id, Taken::Already)),
            Some(text) => {
                store.write_pending(id, text)?;
                store.accept(id)?;
                Ok((id, Taken::Accepted))
            }
        };
        taken.into_iter().map(accept).collect()
    }
}

fn offered(folder: &Path, entry: Entry) -> Result<Offered, ArtefactError> {
    let Entry {
        id,
        accepted,
        digest: due,
    } = entry;
    if !is_id(&id) {
        return Err(StoreError::BadId { id }.into());
    }
    let path = folder.join(format!("{id}.snap.new"));
    let text = match fs::read_to_string(&path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Err(altered(format!("{id}.snap.new is missing")));
        }
        other => other.map_err(io_error(&path))?,
    };
    if digest(&text) != due {
        return Err(altered(format!("{id}.snap.new was changed")));
    }
    let document = read(&path)?;
    Ok(Offered {
        id,
        accepted,
        text,
        body: document.body,
        judged: document.info.judged,
        history: None,
    })
}

#[cfg(test)]
mod tests;
