//! From a folder to an inventory: merchants and services first, then the shards of the availability at the same time.

use super::closing::ClosingChecks;
use super::content::Inventory;
use super::directory::{Directory, ListedMerchant};
use super::listing::{DirectoryEntry, Listing};
use super::sample::SampleLimit;
use super::shard::{self, Setting, ShardReading};
use crate::code::ProblemCode;
use crate::error::FeedError;
use crate::files::folder::{self, FeedFile};
use crate::files::generation::{self, ChosenFiles};
use crate::files::header;
use crate::files::layout;
use crate::kind::FeedKind;
use crate::problem::{FeedProblems, ProblemPlace, RecordProblem};
use crate::records::merchant::Merchant;
use crate::records::service::Service;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

/// So many slots are kept for booking, spread over the services.
const SAMPLE_SLOTS: usize = 50_000;
/// Of a service not fewer, however many services there are.
const SAMPLE_SLOTS_OF_A_SERVICE: usize = 8;

/// How feeds are read.
#[derive(Clone, Copy)]
pub struct ReadOptions<'o> {
    /// Slots of these merchants are kept for booking; of all when none are named, and no slot for an empty list.
    pub merchants: Option<&'o [String]>,
    /// Now, epoch seconds: an export cannot have been made later. Not looked at where it is not given.
    pub now_sec: Option<i64>,
    /// Hears how far reading has come.
    pub progress: &'o (dyn Fn(Progress) + Sync),
}

impl Default for ReadOptions<'_> {
    fn default() -> Self {
        Self {
            merchants: None,
            now_sec: None,
            progress: &|_| {},
        }
    }
}

/// How far reading has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// So many bytes of files are going to be read.
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
}

/// Everything that came of reading a folder.
#[derive(Debug, Default)]
pub struct Reading {
    /// What could be read.
    pub inventory: Inventory,
    /// Why some of it could not.
    pub errors: Vec<FeedError>,
    /// How much it was.
    pub extents: Vec<Extent>,
}

/// Reads every `.json` and `.json.gz` file of `dir`: of each feed the latest generation of which all shards are there, else the
/// latest. An error keeps nothing else from being read.
pub fn examine(dir: &Path, options: &ReadOptions<'_>) -> Reading {
    let folder = match folder::find(dir) {
        Ok(folder) => folder,
        Err(error) => {
            return Reading {
                errors: vec![error],
                ..Reading::default()
            };
        }
    };
    let mut problems = FeedProblems::default();
    let (chosen, errors) = choose(dir, folder.files, options.now_sec, &mut problems);
    layout::check(&chosen, &folder.others, &mut problems);
    let all = chosen.values().flat_map(|chosen| &chosen.files);
    (options.progress)(Progress::Found(all.map(|file| file.bytes).sum()));
    let mut reader = Reader {
        options,
        problems,
        errors,
        files: Vec::new(),
        directory: Directory::default(),
        extents: Vec::new(),
    };
    reader.list::<Merchant>(&chosen);
    reader.list::<Service>(&chosen);
    reader.availability(&chosen);
    reader.finish()
}

/// The files to read, by their heads; and why some of them cannot be read.
fn choose(
    dir: &Path,
    files: Vec<FeedFile>,
    now_sec: Option<i64>,
    problems: &mut FeedProblems,
) -> (BTreeMap<FeedKind, ChosenFiles>, Vec<FeedError>) {
    let (mut shards, mut errors, mut strays) = (Vec::new(), Vec::new(), Vec::new());
    let mut broken = BTreeSet::new();
    for file in files {
        match (header::read(&file), FeedKind::of_name(&file.name)) {
            (Ok(header), _) => shards.extend(generation::place(file, header, now_sec, problems)),
            (Err(error), Some(kind)) => {
                broken.insert(kind);
                errors.push(error);
            }
            (Err(error), None) => strays.push((file.name, error)),
        }
    }
    let (mut chosen, gaps) = generation::choose(dir, shards, problems);
    // Whatever they are, nothing says that they are feeds, unless one is missing.
    for (name, error) in strays {
        if gaps.is_empty() {
            let problem = RecordProblem::new(ProblemCode::NotAFeed, "", format!("passed over: {error}"));
            problems.add(&name, ProblemPlace::File, problem);
        } else {
            errors.push(error);
        }
    }
    // A file whose head is broken leaves a gap, too, which would only tell the same twice.
    let is_known = |gap: &FeedError| gap.kind().is_some_and(|kind| broken.contains(&kind));
    errors.extend(gaps.into_iter().filter(|gap| !is_known(gap)));
    for (kind, chosen) in &mut chosen {
        chosen.complete &= !broken.contains(kind);
    }
    (chosen, errors)
}

struct Reader<'o> {
    options: &'o ReadOptions<'o>,
    problems: FeedProblems,
    errors: Vec<FeedError>,
    /// Names of all files that were read, by number.
    files: Vec<String>,
    directory: Directory,
    extents: Vec<Extent>,
}

impl Reader<'_> {
    /// Reads merchants or services.
    fn list<E: DirectoryEntry>(&mut self, chosen: &BTreeMap<FeedKind, ChosenFiles>) {
        let chosen = chosen.get(&E::KIND);
        self.directory.in_parts |= chosen.is_none_or(|chosen| !chosen.complete);
        let Some(chosen) = chosen else { return };
        let progress = |bytes| (self.options.progress)(Progress::Read(bytes));
        let had = self.errors.len();
        let mut records = 0;
        for file in &chosen.files {
            let listing = Listing {
                file,
                number: self.files.len(),
                directory: &mut self.directory,
                problems: &mut self.problems,
            };
            self.files.push(file.name.clone());
            let (more, errors) = listing.read::<E>(&progress);
            records += more;
            self.errors.extend(errors);
        }
        self.directory.in_parts |= self.errors.len() > had;
        let whole = chosen.complete && self.errors.len() == had;
        self.extents.push(extent(E::KIND, chosen, whole, (records, None)));
    }

    /// Reads the availability, as many shards at a time as there are cores.
    fn availability(&mut self, chosen: &BTreeMap<FeedKind, ChosenFiles>) {
        let first = self.files.len();
        let chosen = chosen.get(&FeedKind::Availability);
        let files = chosen.map_or(&[][..], |chosen| &chosen.files);
        self.files.extend(files.iter().map(|file| file.name.clone()));
        let remembered = AtomicU64::new(0);
        let setting = Setting {
            remembered: &remembered,
            directory: &self.directory,
            merchants: self.options.merchants,
            limit: SampleLimit {
                most: self.most_of_a_service(),
                from_sec: chosen.map_or(0, |chosen| chosen.timestamp),
            },
        };
        let outcomes = read_all(files, first, setting, self.options.progress);
        let failed = outcomes.values().any(|outcome| !outcome.errors.is_empty());
        let whole = !failed && !self.directory.in_parts && chosen.is_some_and(|chosen| chosen.complete);
        let export_sec = chosen.and_then(|chosen| export_moment(chosen.timestamp, self.options.now_sec));
        let closing = ClosingChecks {
            directory: &self.directory,
            files: &self.files,
            outcomes: &outcomes,
            from_sec: export_sec.or(self.options.now_sec).filter(|_| whole),
        };
        let mut closed = FeedProblems::default();
        closing.check(&mut closed);
        let (mut records, mut slots) = (0, 0);
        let mut outcomes: Vec<(usize, ShardReading)> = outcomes.into_iter().collect();
        outcomes.sort_by_key(|(number, _)| *number);
        for (_, outcome) in outcomes {
            self.problems.extend(outcome.problems);
            self.errors.extend(outcome.errors);
            records += outcome.records;
            slots += outcome.slots;
        }
        self.problems.extend(closed);
        self.extents.extend(chosen.map(|chosen| {
            let whole = chosen.complete && !failed;
            extent(FeedKind::Availability, chosen, whole, (records, Some(slots)))
        }));
    }

    /// How many slots of each service are kept.
    fn most_of_a_service(&self) -> usize {
        let allowed = |known: &&ListedMerchant| {
            let ids = self.options.merchants;
            ids.is_none_or(|ids| ids.contains(&known.merchant.merchant_id))
        };
        let known = self.directory.merchants.values().filter(allowed);
        let services: usize = known.map(|known| known.services.len()).sum();
        (SAMPLE_SLOTS / services.max(1)).max(SAMPLE_SLOTS_OF_A_SERVICE)
    }

    fn finish(self) -> Reading {
        let mut inventory = Inventory {
            problems: self.problems.into_tallies(),
            ..Inventory::default()
        };
        for (id, known) in self.directory.merchants {
            let mut services = BTreeMap::new();
            for (id, listed) in known.services {
                let (mut service, summary) = listed.into_parts();
                service.format = summary.format();
                inventory.slots.extend(summary.sample.into_slots());
                services.insert(id, service);
            }
            if !services.is_empty() {
                inventory.services.insert(id.clone(), services);
            }
            inventory.merchants.insert(id, known.merchant);
        }
        inventory.sort_slots();
        Reading {
            inventory,
            errors: self.errors,
            extents: self.extents,
        }
    }
}

/// The export, unless it is of the past, or of no time at all: then availability is looked at as of now.
fn export_moment(timestamp: i64, now_sec: Option<i64>) -> Option<i64> {
    let plausible = |now: i64| generation::is_fresh(timestamp, now);
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
    }
}
