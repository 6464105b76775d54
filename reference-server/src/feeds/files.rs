//! Writing the files. Names are never used twice, a file appears only when it is complete, and the files of
//! the last writing stay for one more round, for a reader that has just listed the folder.

use super::{availability, merchants, services};
use crate::clock::Clock;
use crate::ids::draw;
use crate::inventory::Inventory;
use crate::store::{Store, StoreError};
use rand::Rng;
use serde_json::{Value, json};
use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

const ROUND: Duration = Duration::from_secs(20);
const FEEDS: [&str; 3] = ["merchants", "services", "availability"];

/// Why the feeds could not be written.
#[derive(Debug, thiserror::Error)]
pub(crate) enum FeedError {
    #[error("the feeds folder cannot be written")]
    File(#[from] std::io::Error),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("a record cannot be written as JSON")]
    Json(#[from] serde_json::Error),
}

pub(crate) struct Publisher {
    folder: PathBuf,
    inventory: Arc<Inventory>,
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    last_stamp: i64,
    last_files: HashSet<PathBuf>,
}

impl Publisher {
    pub(crate) fn new(
        folder: PathBuf,
        inventory: Arc<Inventory>,
        store: Arc<dyn Store>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self {
            folder,
            inventory,
            store,
            clock,
            last_stamp: 0,
            last_files: HashSet::new(),
        }
    }

    /// Writes again every round, until it is dropped.
    pub(crate) async fn run(mut self) {
        loop {
            self.clock.sleep(ROUND).await;
            // A full disk now may have room next time; Google goes on with the last complete feed.
            let _ = self.publish().await;
        }
    }

    /// Writes all three feeds.
    pub(crate) async fn publish(&mut self) -> Result<(), FeedError> {
        std::fs::create_dir_all(&self.folder)?;
        let old = feed_files(&self.folder)?;
        let stamp = self.next_stamp(&old);
        let merchants_known = self.inventory.merchants();
        let slots = availability::records(&self.inventory, self.store.as_ref(), self.clock.now_sec()).await?;
        let feeds = [
            ("merchant", merchants::records(merchants_known)),
            ("service", services::records(merchants_known)),
            (
                "service_availability",
                vec![object([("availability", Value::Array(slots))])],
            ),
        ];
        let mut written = HashSet::new();
        for (name, (root, records)) in FEEDS.iter().zip(feeds) {
            let feed = object([("metadata", metadata(stamp)), (root, Value::Array(records))]);
            written.insert(write(&self.folder, name, stamp, &feed)?);
        }
        remove(old.difference(&self.last_files.union(&written).cloned().collect()))?;
        self.last_files = written;
        Ok(())
    }

    /// Grows from feed to feed, also when two are written within one second or the server was restarted.
    fn next_stamp(&mut self, files: &HashSet<PathBuf>) -> i64 {
        let newest = files.iter().filter_map(|path| stamp_of(path)).max().unwrap_or(0);
        self.last_stamp = self.clock.now_sec().max(self.last_stamp + 1).max(newest + 1);
        self.last_stamp
    }
}

/// Takes its members as they are; `json!` would copy thousands of slots.
fn object<const N: usize>(members: [(&str, Value); N]) -> Value {
    members
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
}

fn metadata(stamp: i64) -> Value {
    let nonce = draw(|random| random.random_range(1..=i64::MAX as u64));
    json!({
        "processing_instruction": "PROCESS_AS_COMPLETE",
        "shard_number": 0,
        "total_shards": 1,
        "nonce": nonce.to_string(),
        "generation_timestamp": stamp,
    })
}

fn write(folder: &Path, name: &str, stamp: i64, feed: &Value) -> Result<PathBuf, FeedError> {
    let path = folder.join(format!("{name}_feed_{stamp}_001_of_001.json"));
    let unfinished = path.with_extension("tmp");
    let text = serde_json::to_vec(feed)?;
    let written = std::fs::write(&unfinished, text).and_then(|()| std::fs::rename(&unfinished, &path));
    if written.is_err() {
        // On a full disk the halves of every round would take what room there is.
        let _ = std::fs::remove_file(&unfinished);
    }
    written?;
    Ok(path)
}

fn remove<'a>(mut paths: impl Iterator<Item = &'a PathBuf>) -> Result<(), FeedError> {
    Ok(paths.try_for_each(std::fs::remove_file)?)
}

/// Our own files, by their names; what else lies in the folder is left alone.
fn feed_files(folder: &Path) -> Result<HashSet<PathBuf>, FeedError> {
    let entries: Result<Vec<_>, _> = std::fs::read_dir(folder)?.collect();
    Ok(entries?
        .into_iter()
        .map(|entry| entry.path())
        .filter(|path| stamp_of(path).is_some())
        .collect())
}

fn stamp_of(path: &Path) -> Option<i64> {
    let name = path.file_name()?.to_str()?.strip_suffix("_001_of_001.json")?;
    let (feed, stamp) = name.split_once("_feed_")?;
    stamp.parse().ok().filter(|_| FEEDS.contains(&feed))
}
