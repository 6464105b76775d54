//! The journal of a run: what it makes at the partner, in a file of its own that a killed run leaves behind.
//!
//! A line is brought to the disk before the request that it is about is sent. The file is locked while its run lives, so that
//! nobody takes back what another run has just made. When nothing is left standing it is set aside for an hour (`known`): the partner may
//! still tell of what was made.

mod known;
#[cfg(test)]
mod tests;

use event::{Journal, JournalEntry};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use transcript::MayStand;

/// How the files end.
const EXTENSION: &str = "journal";

/// The form of the files.
const FORMAT: u32 = 1;

/// Seconds.
const DAY: i64 = 86_400;

/// The first line: whose bookings these are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Head {
    format: u32,
    target: String,
    base_url: String,
    /// RFC 3339.
    began: String,
}

/// Where the journals of a target lie, and which partner they are of.
#[derive(Debug, Clone)]
pub(super) struct Place {
    folder: PathBuf,
    target: String,
    base_url: String,
}

impl Place {
    /// Beside the config, so that the next run finds them whatever its reports are called.
    pub(super) fn new(config: Option<&Path>, target: &str, base_url: &str) -> Self {
        let beside = config.and_then(Path::parent).unwrap_or(Path::new(""));
        Self {
            folder: beside.join(".conformance"),
            target: target.to_owned(),
            base_url: base_url.to_owned(),
        }
    }

    /// The journal of a run that begins now; its file is made with the first line.
    pub(super) fn journal(&self) -> FileJournal {
        let began = jiff::Timestamp::now();
        let name = format!(
            "{}-{}-{}.{EXTENSION}",
            self.target,
            began.as_millisecond(),
            std::process::id()
        );
        let head = Head {
            format: FORMAT,
            target: self.target.clone(),
            base_url: self.base_url.clone(),
            began: began.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
        };
        FileJournal(Arc::new(Mutex::new(Open {
            path: self.folder.join(name),
            head,
            file: None,
            failure: None,
        })))
    }

    /// What runs that are over left standing at this partner. What a run that is still under way makes is its own.
    pub(super) fn left(&self, now_sec: i64) -> Vec<Left> {
        let Ok(entries) = std::fs::read_dir(&self.folder) else {
            return Vec::new();
        };
        let mut paths: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
        paths.retain(|path| path.extension().is_some_and(|end| end == EXTENSION));
        paths.sort();
        paths
            .into_iter()
            .filter_map(|path| self.read(path, now_sec))
            .collect()
    }

    fn read(&self, path: PathBuf, now_sec: i64) -> Option<Left> {
        // What has begun blocks nothing any more, and the waitlist of another day is empty.
        let is_past = |began: &str| {
            let began = began
                .parse::<jiff::Timestamp>()
                .map_or(0, jiff::Timestamp::as_second);
            move |one: &MayStand| match one.start_sec {
                0 => began + DAY < now_sec,
                start => start < now_sec,
            }
        };
        let file = OpenOptions::new().read(true).write(true).open(&path).ok()?;
        if matches!(file.try_lock(), Err(TryLockError::WouldBlock)) {
            return None;
        }
        let text = io::read_to_string(&file).ok()?;
        let (line, rest) = text.split_once('\n')?;
        let head: Head = serde_json::from_str(line).ok()?;
        // The last line may be half a line; what it was about was not sent.
        let entries = || rest.lines().map_while(|line| serde_json::from_str(line).ok());
        is_head_of(&head, self).then(|| Left {
            made: made(entries()),
            standing: standing(entries(), is_past(&head.began)),
            began: head.began,
            head: line.to_owned(),
            path,
            file,
        })
    }
}

/// True where a journal with this first line is of this partner.
fn is_head_of(head: &Head, place: &Place) -> bool {
    head.format == FORMAT && head.target == place.target && head.base_url == place.base_url
}

/// What a run that is over left behind; locked, so that nobody else takes it back meanwhile.
pub(super) struct Left {
    /// When the run began, RFC 3339.
    pub(super) began: String,
    /// All that was asked for and not refused.
    pub(super) made: Vec<MayStand>,
    /// What of it may stand.
    pub(super) standing: Vec<MayStand>,
    /// The first line.
    head: String,
    path: PathBuf,
    file: File,
}

impl Left {
    /// What may stand all the same stays in the journal; without any it is set aside.
    pub(super) fn close(self, standing: &[MayStand]) -> io::Result<()> {
        if standing.is_empty() {
            drop(self.file);
            return known::set_aside(&self.path);
        }
        known::keep_copy(&self.path)?;
        let mut lines = vec![self.head];
        for (number, what) in (0..).zip(standing) {
            let what = what.clone();
            lines.push(serde_json::to_string(&JournalEntry::Making { number, what })?);
        }
        let folder = self.path.parent().unwrap_or(Path::new("."));
        let mut file = tempfile::NamedTempFile::new_in(folder)?;
        writeln!(file, "{}", lines.join("\n"))?;
        file.as_file().sync_all()?;
        file.persist(&self.path)?;
        Ok(())
    }
}

/// The folder is there as long as a journal is.
fn remove(path: &Path) -> io::Result<()> {
    std::fs::remove_file(path)?;
    if let Some(folder) = path.parent() {
        // It stays where another journal is in it.
        let _ = std::fs::remove_dir(folder);
    }
    Ok(())
}

/// All that was made, or may have been, whatever became of it.
fn made(entries: impl Iterator<Item = JournalEntry>) -> Vec<MayStand> {
    let still = entries.filter(|entry| !matches!(entry, JournalEntry::Over { .. }));
    standing(still, |_| false)
}

/// What may stand of all that these entries tell.
fn standing(
    entries: impl Iterator<Item = JournalEntry>,
    is_over: impl Fn(&MayStand) -> bool,
) -> Vec<MayStand> {
    let mut open: BTreeMap<u64, MayStand> = BTreeMap::new();
    let mut left = Vec::new();
    for entry in entries {
        match entry {
            JournalEntry::Making { number, what } => {
                open.insert(number, what);
            }
            JournalEntry::Made { number, id } => {
                if let Some(what) = open.get_mut(&number) {
                    what.booking_id = Some(id);
                }
            }
            JournalEntry::Nothing { number } => {
                open.remove(&number);
            }
            JournalEntry::Over { scenario, standing } => {
                open.retain(|_, what| what.scenario != scenario);
                left.extend(standing);
            }
        }
    }
    left.extend(open.into_values());
    // A request that was sent again with its token made one thing at most.
    let mut known = BTreeSet::new();
    left.retain(|one| {
        !is_over(one)
            && known.insert((
                one.idempotency_token.clone(),
                one.booking_id.clone(),
                one.user_id.clone(),
                one.start_sec,
            ))
    });
    left
}

/// The journal of a run that is under way.
#[derive(Clone)]
pub(super) struct FileJournal(Arc<Mutex<Open>>);

struct Open {
    path: PathBuf,
    head: Head,
    file: Option<File>,
    /// Why a line could not be kept.
    failure: Option<String>,
}

impl Open {
    fn write(&mut self, entry: &JournalEntry) -> io::Result<()> {
        let line = serde_json::to_string(entry)?;
        let file = if let Some(file) = &mut self.file {
            file
        } else {
            let file = begin(&self.path, &self.head)?;
            self.file.insert(file)
        };
        writeln!(file, "{line}")?;
        file.sync_data()
    }
}

/// A locked file that only its owner can read, with its first line in it.
fn begin(path: &Path, head: &Head) -> io::Result<File> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let mut options = OpenOptions::new();
    // Windows refuses to lock a file that is open for appending alone.
    options.read(true).append(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.lock()?;
    writeln!(file, "{}", serde_json::to_string(head)?)?;
    Ok(file)
}

#[async_trait::async_trait]
impl Journal for FileJournal {
    async fn keep(&self, entry: JournalEntry) {
        let open = Arc::clone(&self.0);
        let kept = tokio::task::spawn_blocking(move || {
            let mut open = open.lock().unwrap_or_else(PoisonError::into_inner);
            // A scenario that made nothing needs no line.
            let is_news = open.file.is_some() || !matches!(entry, JournalEntry::Over { .. });
            if let Some(error) = is_news.then(|| open.write(&entry)).and_then(Result::err) {
                let why = format!("{}: {error}", open.path.display());
                open.failure.get_or_insert(why);
            }
        });
        // The task has no way to break off, and a runtime that ends has nothing more to send.
        let _ = kept.await;
    }
}

impl FileJournal {
    /// The run is over: what was taken back needs no journal. Why it could not be kept, if it could not.
    pub(super) fn finish(&self, is_anything_left: bool) -> Option<String> {
        let mut open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if open.file.take().is_some() && !is_anything_left {
            // A journal that stays says the truth, too: all that it lists is over.
            let _ = known::set_aside(&open.path);
        }
        open.failure.take()
    }
}
