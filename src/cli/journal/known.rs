//! Journals of runs that are over, and of which nothing is left to be taken back: the partner may tell of their bookings a while longer.

use super::{Head, Place, is_head_of, made};
use std::io;
use std::path::{Path, PathBuf};
use transcript::MayStand;

/// How the files end.
const OVER: &str = "over";

/// Seconds for which such a journal is kept.
const KEPT: i64 = 3_600;

/// So many are kept at most, the youngest of them.
const MOST: usize = 20;

impl Place {
    /// What runs that are over made at this partner a short while ago. Older journals go.
    pub(in super::super) fn known(&self, now_sec: i64) -> Vec<MayStand> {
        let Ok(entries) = std::fs::read_dir(&self.folder) else {
            return Vec::new();
        };
        let mut paths: Vec<(i64, PathBuf)> = entries
            .filter_map(|entry| Some(entry.ok()?.path()))
            .filter(|path| path.extension().is_some_and(|end| end == OVER))
            .map(|path| (changed_sec(&path).unwrap_or(0), path))
            .collect();
        paths.sort();
        // A clock that was set back makes none of them young for ever.
        let is_young = |sec: i64| (sec - KEPT..=sec + KEPT).contains(&now_sec);
        let too_many = paths.len().saturating_sub(MOST);
        let mut all = Vec::new();
        for (number, (sec, path)) in paths.into_iter().enumerate() {
            if number < too_many || !is_young(sec) {
                // Whoever may not remove it reads it once more.
                let _ = super::remove(&path);
            } else {
                all.extend(self.read_over(&path).unwrap_or_default());
            }
        }
        all
    }

    fn read_over(&self, path: &Path) -> Option<Vec<MayStand>> {
        let text = std::fs::read_to_string(path).ok()?;
        let (line, rest) = text.split_once('\n')?;
        let head: Head = serde_json::from_str(line).ok()?;
        let entries = rest.lines().map_while(|line| serde_json::from_str(line).ok());
        is_head_of(&head, self).then(|| made(entries))
    }
}

/// When it was over, epoch seconds.
fn changed_sec(path: &Path) -> Option<i64> {
    let changed = std::fs::metadata(path).ok()?.modified().ok()?;
    Some(jiff::Timestamp::try_from(changed).ok()?.as_second())
}

/// Nothing of a run stands any more: its journal is kept a while for what the partner still tells of it.
pub(super) fn set_aside(path: &Path) -> io::Result<()> {
    let over = path.with_extension(OVER);
    if over.exists() {
        // What is there already says all that the run made.
        std::fs::remove_file(path)?;
    } else {
        std::fs::rename(path, &over)?;
    }
    // It was over now, and not when its last line was written.
    let file = std::fs::OpenOptions::new().append(true).open(&over)?;
    file.set_modified(std::time::SystemTime::now())
}

/// Some of a run stands: all that it made is kept beside what is tried again.
pub(super) fn keep_copy(path: &Path) -> io::Result<()> {
    let over = path.with_extension(OVER);
    if over.exists() {
        return Ok(());
    }
    std::fs::copy(path, over).map(|_| ())
}
