//! From a folder, and perhaps an earlier export, to all that can be said of it.

use super::against::{Against, Role};
use super::content::Inventory;
use super::directory::{Directory, Origin};
use super::reading::{Extent, Progress, Reader, Unjudged};
use crate::code::ProblemCode;
use crate::earlier::booked::{BookedSlot, BookedSlots, BookingTally};
use crate::earlier::export::{Compared, EarlierExport};
use crate::earlier::files::{self, Relation};
use crate::error::FeedError;
use crate::files::folder::{self, FeedFile};
use crate::files::generation::{self, ChosenFiles};
use crate::files::generic::{GenericFiles, OtherFeed};
use crate::files::header;
use crate::files::layout;
use crate::kind::FeedKind;
use crate::problem::{FeedProblems, ProblemPlace, RecordProblem};
use crate::records::merchant::Merchant;
use crate::records::service::Service;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// How feeds are read.
#[derive(Clone, Copy)]
pub struct ReadOptions<'o> {
    /// Slots of these merchants are kept for booking; of all when none are named, and no slot for an empty list.
    pub merchants: Option<&'o [String]>,
    /// Now, epoch seconds: an export cannot have been made later. Not looked at where it is not given.
    pub now_sec: Option<i64>,
    /// Hears how far reading has come.
    pub progress: &'o (dyn Fn(Progress) + Sync),
    /// The folder of an earlier export, against which the feeds are held.
    pub before: Option<&'o Path>,
    /// Bookings that stand, which the feeds have to show.
    pub booked: &'o [BookedSlot],
}

impl Default for ReadOptions<'_> {
    fn default() -> Self {
        Self {
            merchants: None,
            now_sec: None,
            progress: &|_| {},
            before: None,
            booked: &[],
        }
    }
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
    /// What could be held against the earlier export or the bookings.
    pub compared: BTreeSet<Compared>,
    /// What is shown of the bookings.
    pub bookings: BookingTally,
    /// What was looked at in no record, since each has lost a value.
    pub unjudged: Unjudged,
    /// Feeds of integrations without a booking server, which lie in the same folder or are all that is there.
    pub others: Vec<OtherFeed>,
    /// True when there is no availability feed, and every service has a waitlist.
    pub waitlists_only: bool,
}

/// Reads every `.json` and `.json.gz` file of `dir`: of each feed the latest generation of which all shards are there, else the
/// latest. An error keeps nothing else from being read; with an earlier export that cannot be read nothing is compared.
pub fn examine(dir: &Path, options: &ReadOptions<'_>) -> Reading {
    let Some(before) = options.before else {
        return read(dir, options, None);
    };
    match remember(before, options) {
        Ok(earlier) => read(dir, options, Some(&earlier)),
        Err(errors) => {
            let mut reading = read(dir, options, None);
            let of_earlier = |error| FeedError::Earlier {
                dir: before.to_owned(),
                error: Box::new(error),
            };
            reading.errors.extend(errors.into_iter().map(of_earlier));
            reading
        }
    }
}

/// Reads an earlier export, to hold a later one against it.
fn remember(dir: &Path, options: &ReadOptions<'_>) -> Result<EarlierExport, Vec<FeedError>> {
    let folder = folder::find(dir).map_err(|error| vec![error])?;
    let mut problems = FeedProblems::default();
    let Choice { chosen, errors, .. } = choose(dir, folder.files, None, &mut problems);
    let against = Against::new(Role::Earlier, BookedSlots::default(), 0);
    let mut reader = reader(options, &chosen, against);
    reader.errors = errors;
    reader.all(&chosen);
    reader.errors.append(&mut reader.values);
    if reader.errors.is_empty() {
        Ok(reader.into_earlier(chosen))
    } else {
        Err(reader.errors)
    }
}

fn read(dir: &Path, options: &ReadOptions<'_>, earlier: Option<&EarlierExport>) -> Reading {
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
    let Choice {
        chosen,
        mut errors,
        others,
    } = choose(dir, folder.files, options.now_sec, &mut problems);
    layout::check(&chosen, &folder.others, &mut problems);
    let relations = earlier.map(|earlier| files::relate(&earlier.feeds, &chosen, &mut problems));
    let relations = relations.unwrap_or_default();
    let mut compared: BTreeSet<Compared> = files::cadence(&relations).into_iter().collect();
    files::check_ages(&chosen, &relations, &mut problems);
    if let Some(earlier) = earlier {
        compared.extend(files::check_names(
            &earlier.feeds,
            &chosen,
            &relations,
            &mut problems,
        ));
    }
    let is_any = |relation| relations.values().any(|one| *one == relation);
    let is_same = !relations.is_empty() && relations.values().all(|one| *one == Relation::Same);
    errors.extend(
        options
            .before
            .filter(|_| is_same)
            .map(|before| FeedError::SameExport {
                dir: dir.to_owned(),
                before: before.to_owned(),
            }),
    );
    // Of two exports in the wrong order, what one has and the other has not means the contrary.
    let earlier = earlier.filter(|_| errors.is_empty() && !is_any(Relation::Back));
    let export_sec = chosen
        .get(&FeedKind::Availability)
        .map_or(0, |feed| feed.timestamp);
    let role = earlier.map_or(Role::Alone, Role::Later);
    let against = Against::new(role, BookedSlots::new(options.booked), export_sec);
    let mut reader = reader(options, &chosen, against);
    (reader.problems, reader.errors) = (problems, errors);
    reader.all(&chosen);
    if reader.errors.is_empty() {
        compared.extend(reader.compare());
    }
    let bookings = reader.conclude_bookings();
    let seen = [
        (bookings.shown > 0, Compared::Bookings),
        (reader.directory.accounts.shared, Compared::Accounts),
        (reader.overrides, Compared::Overrides),
    ];
    compared.extend(
        seen.into_iter()
            .filter_map(|(is_seen, compared)| is_seen.then_some(compared)),
    );
    let (mut errors, extents) = (
        std::mem::take(&mut reader.errors),
        std::mem::take(&mut reader.extents),
    );
    errors.append(&mut reader.values);
    let unjudged = reader.unjudged;
    // A partner of waitlists alone has no slots, and needs no feed of them.
    let is_without_slots = |error: &FeedError| {
        matches!(
            error,
            FeedError::Missing {
                kind: FeedKind::Availability,
                ..
            }
        )
    };
    let waitlists_only = reader.waitlists_only && errors.iter().any(is_without_slots);
    errors.retain(|error| !(waitlists_only && is_without_slots(error)));
    Reading {
        inventory: reader.into_inventory(),
        errors,
        extents,
        compared,
        bookings,
        unjudged,
        others,
        waitlists_only,
    }
}

/// Nothing read yet of these files.
fn reader<'o>(
    options: &ReadOptions<'o>,
    chosen: &BTreeMap<FeedKind, ChosenFiles>,
    against: Against<'o>,
) -> Reader<'o> {
    let all = chosen.values().flat_map(|chosen| &chosen.files);
    (options.progress)(Progress::Found(all.map(|file| file.bytes).sum()));
    Reader {
        merchants: options.merchants,
        now_sec: options.now_sec,
        progress: options.progress,
        against,
        problems: FeedProblems::default(),
        errors: Vec::new(),
        values: Vec::new(),
        unjudged: Unjudged::default(),
        waitlists_only: false,
        files: Vec::new(),
        directory: Directory::default(),
        extents: Vec::new(),
        overrides: false,
    }
}

impl Reader<'_> {
    fn all(&mut self, chosen: &BTreeMap<FeedKind, ChosenFiles>) {
        self.list::<Merchant>(chosen);
        self.list::<Service>(chosen);
        self.availability(chosen);
    }

    /// Looks for bookings in what has been read, unless some of it could not be.
    fn conclude_bookings(&mut self) -> BookingTally {
        let (export_sec, booked) = (self.against.from_sec, std::mem::take(&mut self.against.booked));
        if !self.errors.is_empty() || !self.values.is_empty() || booked.is_empty() {
            return BookingTally::default();
        }
        let (files, problems) = (&self.files, &mut self.problems);
        booked.conclude(export_sec, |at, problem| {
            let (file, place) = match at.map(|(file, path)| Origin { file, path }) {
                Some(origin) => (&files[origin.file], ProblemPlace::Record(origin.path)),
                None => (&files[files.len() - 1], ProblemPlace::File),
            };
            problems.add(file, place, problem);
        })
    }
}

/// What a folder holds.
struct Choice {
    chosen: BTreeMap<FeedKind, ChosenFiles>,
    errors: Vec<FeedError>,
    /// Feeds of integrations without a booking server.
    others: Vec<OtherFeed>,
}

/// The files to read, by their heads; and why some of them cannot be read.
fn choose(dir: &Path, files: Vec<FeedFile>, now_sec: Option<i64>, problems: &mut FeedProblems) -> Choice {
    let (mut shards, mut errors, mut strays) = (Vec::new(), Vec::new(), Vec::new());
    let (mut values, mut generic) = (Vec::new(), GenericFiles::default());
    let mut broken = BTreeSet::new();
    for file in files {
        match (header::read(&file), FeedKind::of_name(&file.name)) {
            (Ok(header), _) => {
                let Some(file) = generic.take_unless_feed(file, &header) else {
                    continue;
                };
                values.extend(header.values(&file));
                shards.extend(generation::place(file, header, now_sec, problems));
            }
            (Err(error), Some(kind)) => {
                broken.insert(kind);
                errors.push(error);
            }
            (Err(error), None) => strays.push((file.name, error)),
        }
    }
    for name in generic.strangers() {
        let message = "a list data at the root, and no descriptor of a set of files in the folder: no feed";
        let problem = RecordProblem::new(ProblemCode::NotAFeed, "", message);
        problems.add(&name, ProblemPlace::File, problem);
    }
    let is_generic = shards.is_empty() && !generic.is_empty();
    let (mut chosen, mut gaps) = generation::choose(dir, shards, problems);
    // Who links to a page of their own has none of the three feeds.
    if is_generic && broken.is_empty() {
        gaps.clear();
    }
    errors.extend(values);
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
    let (others, unread) = generic.read(problems);
    errors.extend(unread);
    Choice {
        chosen,
        errors,
        others,
    }
}
