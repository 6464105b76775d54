//! From files to an inventory: merchants and services first, then the shards of the availability at the same time.

use super::against::Against;
use super::closing::ClosingChecks;
use super::content::Inventory;
use super::directory::{Directory, ListedMerchant};
use super::listing::{DirectoryEntry, Listing};
use super::sample::SampleLimit;
use super::shard::{self, Setting, ShardReading};
use crate::earlier::export::Change;
use crate::error::FeedError;
use crate::files::folder::FeedFile;
use crate::files::generation::ChosenFiles;
use crate::files::moment;
use crate::kind::FeedKind;
use crate::problem::FeedProblems;
use serde::Serialize;
use std::collections::{BTreeMap, HashMap};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

/// So many slots are kept for booking, spread over the services.
const SAMPLE_SLOTS: usize = 50_000;
/// Of a service not fewer, however many services there are.
const SAMPLE_SLOTS_OF_A_SERVICE: usize = 8;

/// How far reading has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// So many more bytes of files are going to be read.
    Found(u64),
    /// So many more have been read.
    Read(u64),
}

/// How much one feed holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Extent {
    /// `merchants`, `services` or `availability`.
    pub feed: String,
    /// Files that were read.
    pub files: usize,
    /// Their names, by the number of the shard.
    pub names: Vec<String>,
    /// True when all of it was there and could be read.
    pub whole: bool,
    /// Their size on disk.
    pub bytes: u64,
    /// Records in them.
    pub records: u64,
    /// Slots: as many as records, but for recurrences. None in the other feeds.
    pub slots: Option<u64>,
    /// When the data was read, epoch seconds; none where nothing says so.
    pub generation_timestamp: Option<i64>,
    /// What is different from the earlier export; none where there is none to hold it against.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub change: Option<Change>,
}

/// What was looked at in no record, since each has lost a value; that nothing is found there says nothing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a part of the feeds by itself"
)]
pub struct Unjudged {
    /// The merchants.
    pub merchants: bool,
    /// The services.
    pub services: bool,
    /// The slots.
    pub slots: bool,
    /// What slots cost.
    pub money: bool,
}

/// Reads the files of a folder.
pub(crate) struct Reader<'o> {
    /// Slots of these merchants are kept for booking; of all when none are named.
    pub(crate) merchants: Option<&'o [String]>,
    pub(crate) now_sec: Option<i64>,
    pub(crate) progress: &'o (dyn Fn(Progress) + Sync),
    pub(crate) against: Against<'o>,
    pub(crate) problems: FeedProblems,
    pub(crate) errors: Vec<FeedError>,
    /// Values that were taken out of records and metadata.
    pub(crate) values: Vec<FeedError>,
    /// What was looked at in no record.
    pub(crate) unjudged: Unjudged,
    /// True when every service has a waitlist.
    pub(crate) waitlists_only: bool,
    /// Names of all files that were read, by number.
    pub(crate) files: Vec<String>,
    pub(crate) directory: Directory,
    pub(crate) extents: Vec<Extent>,
    /// True when a slot says something of money itself.
    pub(crate) overrides: bool,
}

impl Reader<'_> {
    /// Reads merchants or services.
    pub(crate) fn list<E: DirectoryEntry>(&mut self, chosen: &BTreeMap<FeedKind, ChosenFiles>) {
        let chosen = chosen.get(&E::KIND);
        self.directory.in_parts |= chosen.is_none_or(|chosen| !chosen.complete);
        let Some(chosen) = chosen else { return };
        let progress = |bytes| (self.progress)(Progress::Read(bytes));
        let had = self.errors.len();
        let (mut records, mut in_parts, mut meaningless, mut waitlists) = (0, 0, 0, 0);
        for file in &chosen.files {
            let listing = Listing {
                file,
                number: self.files.len(),
                identifies: self.against.compares(),
                directory: &mut self.directory,
                problems: &mut self.problems,
            };
            self.files.push(file.name.clone());
            let (tally, errors) = listing.read::<E>(&progress);
            records += tally.records;
            in_parts += tally.in_parts;
            meaningless += tally.meaningless;
            waitlists += tally.waitlists;
            self.directory.in_parts |= tally.lost_ids;
            self.values.extend(tally.values);
            self.errors.extend(errors);
        }
        let all = |some: u64| records > 0 && records == some;
        let unjudged = &mut self.unjudged;
        match E::KIND {
            FeedKind::Merchants => unjudged.merchants |= all(in_parts),
            _ => unjudged.services |= all(in_parts),
        }
        unjudged.money |= all(meaningless);
        self.waitlists_only |= all(waitlists);
        self.directory.in_parts |= self.errors.len() > had;
        let whole = chosen.complete && self.errors.len() == had;
        self.extents.push(extent(E::KIND, chosen, whole, (records, None)));
    }

    /// Reads the availability, as many shards at a time as there are cores.
    pub(crate) fn availability(&mut self, chosen: &BTreeMap<FeedKind, ChosenFiles>) {
        let first = self.files.len();
        let chosen = chosen.get(&FeedKind::Availability);
        let files = chosen.map_or(&[][..], |chosen| &chosen.files);
        self.files.extend(files.iter().map(|file| file.name.clone()));
        let remembered = AtomicU64::new(0);
        let setting = Setting {
            remembered: &remembered,
            directory: &self.directory,
            merchants: self.merchants,
            against: &self.against,
            exported: chosen
                .map(|chosen| chosen.timestamp)
                .filter(|timestamp| moment::is_plausible(*timestamp)),
            limit: SampleLimit {
                most: self.most_of_a_service(),
                from_sec: chosen.map_or(0, |chosen| chosen.timestamp),
            },
        };
        let outcomes = read_all(files, first, setting, self.progress);
        let failed = outcomes.values().any(|outcome| !outcome.errors.is_empty());
        // Nobody knows how far slots reach that have lost their start, or stand where none are read.
        let unplaced = outcomes
            .values()
            .any(|outcome| outcome.unplaced || outcome.flat > 0);
        let whole = !failed && !self.directory.in_parts && chosen.is_some_and(|chosen| chosen.complete);
        let export_sec = chosen.and_then(|chosen| export_moment(chosen.timestamp, self.now_sec));
        let closing = ClosingChecks {
            directory: &self.directory,
            files: &self.files,
            outcomes: &outcomes,
            from_sec: export_sec.or(self.now_sec).filter(|_| whole && !unplaced),
        };
        let mut closed = FeedProblems::default();
        closing.check(&mut closed);
        let (mut records, mut slots, mut in_parts) = (0, 0, 0);
        let whole = chosen.is_some_and(|chosen| chosen.complete) && !failed;
        let mut outcomes: Vec<(usize, ShardReading)> = outcomes.into_iter().collect();
        outcomes.sort_by_key(|(number, _)| *number);
        for (_, outcome) in outcomes {
            self.problems.extend(outcome.problems);
            self.errors.extend(outcome.errors);
            self.values.extend(outcome.tally.values);
            records += outcome.tally.records;
            in_parts += outcome.tally.in_parts + outcome.flat;
            slots += outcome.slots;
            self.overrides |= outcome.overrides;
        }
        let no_slot = in_parts > 0 && records <= in_parts;
        self.unjudged.slots |= no_slot;
        self.unjudged.money |= no_slot;
        self.problems.extend(closed);
        self.extents.extend(
            chosen.map(|chosen| extent(FeedKind::Availability, chosen, whole, (records, Some(slots)))),
        );
    }

    /// How many slots of each service are kept.
    fn most_of_a_service(&self) -> usize {
        let allowed = |known: &&ListedMerchant| {
            let ids = self.merchants;
            ids.is_none_or(|ids| ids.contains(&known.merchant.merchant_id))
        };
        let known = self.directory.merchants.values().filter(allowed);
        let services: usize = known.map(|known| known.services.len()).sum();
        (SAMPLE_SLOTS / services.max(1)).max(SAMPLE_SLOTS_OF_A_SERVICE)
    }

    /// What was read, and what is wrong with it.
    pub(crate) fn into_inventory(self) -> Inventory {
        let mut inventory = Inventory {
            problems: self.problems.into_tallies(),
            ..Inventory::default()
        };
        let is_read = self.errors.is_empty()
            && self.values.is_empty()
            && self.extents.iter().all(|extent| extent.whole);
        for (merchant_id, known) in self.directory.merchants {
            let mut services = BTreeMap::new();
            for (id, listed) in known.services {
                let (mut service, summary) = listed.into_parts();
                service.format = summary.format();
                let linked = summary.linked.into_slots();
                if !linked.is_empty() {
                    let key = (service.merchant_id.clone(), service.service_id.clone());
                    inventory.linked.insert(key, linked);
                }
                if is_read && summary.sample.is_whole() {
                    inventory.whole.insert((merchant_id.clone(), id.clone()));
                }
                inventory.slots.extend(summary.sample.into_slots());
                services.insert(id, service);
            }
            if !services.is_empty() {
                inventory.services.insert(merchant_id.clone(), services);
            }
            inventory.merchants.insert(merchant_id, known.merchant);
        }
        inventory.sort_slots();
        inventory
    }
}

/// The export, unless it is of the past, or of no time at all: then availability is looked at as of now.
fn export_moment(timestamp: i64, now_sec: Option<i64>) -> Option<i64> {
    let plausible = |now: i64| moment::is_fresh(timestamp, now);
    (timestamp > 0 && now_sec.is_none_or(plausible)).then_some(timestamp)
}

/// What came of each file, by its number; the first file has the number `first`.
fn read_all(
    files: &[FeedFile],
    first: usize,
    setting: Setting<'_>,
    progress: &(dyn Fn(Progress) + Sync),
) -> HashMap<usize, ShardReading> {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let (next, outcomes) = (AtomicUsize::new(0), Mutex::new(HashMap::new()));
    std::thread::scope(|scope| {
        for _ in 0..cores.min(files.len()) {
            scope.spawn(|| {
                let progress_of = |bytes| progress(Progress::Read(bytes));
                while let Some((index, file)) = {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    files.get(index).map(|file| (index, file))
                } {
                    let outcome = shard::read(file, first + index, setting, &progress_of);
                    if let Ok(mut outcomes) = outcomes.lock() {
                        outcomes.insert(first + index, outcome);
                    }
                }
            });
        }
    });
    outcomes.into_inner().unwrap_or_default()
}

fn extent(kind: FeedKind, chosen: &ChosenFiles, whole: bool, (records, slots): (u64, Option<u64>)) -> Extent {
    Extent {
        feed: kind.to_string(),
        files: chosen.files.len(),
        names: chosen.files.iter().map(|file| file.name.clone()).collect(),
        whole,
        bytes: chosen.files.iter().map(|file| file.bytes).sum(),
        records,
        slots,
        generation_timestamp: Some(chosen.timestamp).filter(|moment| *moment > 0),
        change: None,
    }
}
