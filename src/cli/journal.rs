//! The journal of a run: what it makes at the partner, in a file of its own that a killed run leaves behind.
//!
//! A line is brought to the disk before the request that it is about is sent. The file is locked while its run lives, so that
//! nobody takes back what another run has just made; it goes with the run, unless something is left standing.

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
        let is_ours = head.format == FORMAT && head.target == self.target && head.base_url == self.base_url;
        // The last line may be half a line; what it was about was not sent.
        let entries = rest.lines().map_while(|line| serde_json::from_str(line).ok());
        is_ours.then(|| Left {
            standing: standing(entries, is_past(&head.began)),
            began: head.began,
            head: line.to_owned(),
            path,
            file,
        })
    }
}

/// What a run that is over left behind; locked, so that nobody else takes it back meanwhile.
pub(super) struct Left {
    /// When the run began, RFC 3339.
    pub(super) began: String,
    /// What may stand.
    pub(super) standing: Vec<MayStand>,
    /// The first line.
    head: String,
    path: PathBuf,
    file: File,
}

impl Left {
    /// What may stand all the same stays in the journal; without any it goes.
    pub(super) fn close(self, standing: &[MayStand]) -> io::Result<()> {
        if standing.is_empty() {
            drop(self.file);
            return remove(&self.path);
        }
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
        let file = match &mut self.file {
            Some(file) => file,
            None => {
                let file = begin(&self.path, &self.head)?;
                self.file.insert(file)
            }
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
    options.append(true).create_new(true);
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
            let _ = remove(&open.path);
        }
        open.failure.take()
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail loudly")]
    use super::*;
    use transcript::StandingKind;

    fn booking(token: &str, scenario: &str, start_sec: i64) -> MayStand {
        MayStand {
            idempotency_token: token.to_owned(),
            merchant_id: "m".to_owned(),
            service_id: "s".to_owned(),
            start_sec,
            user_id: "u".to_owned(),
            booking_id: None,
            kind: StandingKind::Booking,
            scenario: scenario.to_owned(),
            why: "killed".to_owned(),
        }
    }

    fn making(number: u64, what: &MayStand) -> JournalEntry {
        JournalEntry::Making {
            number,
            what: what.clone(),
        }
    }

    fn made(number: u64) -> JournalEntry {
        JournalEntry::Made {
            number,
            id: format!("b{number}"),
        }
    }

    #[test]
    fn what_was_made_or_may_have_been_stands_until_its_scenario_is_over() {
        let (a, b, c) = (
            booking("a", "one", 9),
            booking("b", "one", 9),
            booking("c", "two", 9),
        );
        let over = |standing: Vec<MayStand>| JournalEntry::Over {
            scenario: "one".to_owned(),
            standing,
        };
        let left = |entries: Vec<JournalEntry>| {
            let left = standing(entries.into_iter(), |one| one.start_sec < 5);
            left.into_iter()
                .map(|one| (one.idempotency_token, one.booking_id))
                .collect::<Vec<_>>()
        };
        let known = |token: &str, id: Option<&str>| (token.to_owned(), id.map(ToOwned::to_owned));
        let begun = || vec![making(0, &a), made(0), making(1, &b), making(2, &c)];
        assert_eq!(
            left(begun()),
            [known("a", Some("b0")), known("b", None), known("c", None)]
        );
        let refused = [begun(), vec![JournalEntry::Nothing { number: 1 }]].concat();
        assert_eq!(left(refused), [known("a", Some("b0")), known("c", None)]);
        assert_eq!(
            left([begun(), vec![over(Vec::new())]].concat()),
            [known("c", None)]
        );
        let kept = [begun(), vec![over(vec![b.clone()])]].concat();
        assert_eq!(left(kept), [known("b", None), known("c", None)]);
        let past = booking("d", "two", 4);
        assert_eq!(left(vec![making(0, &past), made(0)]), []);
        assert_eq!(left(vec![making(0, &a), making(1, &a)]), [known("a", None)]);
    }

    fn place(folder: &Path, base_url: &str) -> Place {
        Place::new(Some(&folder.join("c.toml")), "staging", base_url)
    }

    #[tokio::test]
    async fn a_run_that_is_under_way_keeps_its_journal_to_itself() {
        let folder = tempfile::tempdir().unwrap();
        let place = place(folder.path(), "http://a");
        let (journal, never) = (place.journal(), place.journal());
        let far = jiff::Timestamp::now().as_second() + 9_999;
        journal.keep(making(0, &booking("a", "one", far))).await;
        assert_eq!(place.left(0).len(), 0, "its run is under way");
        drop(journal);
        never
            .keep(JournalEntry::Over {
                scenario: "x".into(),
                standing: Vec::new(),
            })
            .await;
        let left = place.left(0);
        assert_eq!(left.len(), 1, "a run that makes nothing leaves no file");
        assert_eq!(left[0].standing[0].idempotency_token, "a");
        let other = self::place(folder.path(), "http://other");
        assert_eq!(other.left(0).len(), 0, "another server has nothing of this");
    }

    #[tokio::test]
    async fn what_cannot_be_taken_back_stays_and_the_rest_goes() {
        let folder = tempfile::tempdir().unwrap();
        let place = place(folder.path(), "http://a");
        let journal = place.journal();
        let far = jiff::Timestamp::now().as_second() + 9_999;
        let (a, b) = (booking("a", "one", far), booking("b", "two", far));
        for (number, what) in (0..).zip([&a, &b]) {
            journal.keep(making(number, what)).await;
        }
        drop(journal);
        let left = place.left(0).remove(0);
        assert_eq!(left.standing.len(), 2);
        left.close(&[b.clone()]).unwrap();
        let left = place.left(0).remove(0);
        assert_eq!(left.standing, [b]);
        left.close(&[]).unwrap();
        assert!(!folder.path().join(".conformance").exists());
    }

    #[tokio::test]
    async fn half_a_line_at_the_end_costs_only_itself() {
        let folder = tempfile::tempdir().unwrap();
        let place = place(folder.path(), "http://a");
        let journal = place.journal();
        let far = jiff::Timestamp::now().as_second() + 9_999;
        journal.keep(making(0, &booking("a", "one", far))).await;
        let path = journal.0.lock().unwrap().path.clone();
        drop(journal);
        let mut text = std::fs::read_to_string(&path).unwrap();
        text.push_str("{\"making\":{\"number\":1,");
        std::fs::write(&path, text).unwrap();
        assert_eq!(place.left(0)[0].standing.len(), 1);
    }
}
