//! Reads one file of the availability feed. Shards are read at the same time, so that what they share has to be ready.

use super::against::Against;
use super::directory::{Directory, ListedService, Origin};
use super::limits;
use super::linked;
use super::listing::RecordTally;
use super::priced::{PricedTerms, terms_of};
use super::route::{BookingRoute, booking_route};
use super::sample::SampleLimit;
use super::slots::{self, SlotShape};
use super::twins::VariantRef;
use crate::code::ProblemCode;
use crate::earlier::slots::SlotMark;
use crate::error::{FeedError, Unread};
use crate::files::folder::FeedFile;
use crate::files::mend::Mended;
use crate::files::names::Message;
use crate::files::reference::AVAILABILITY;
use crate::files::walk::{Visit, walk};
use crate::kind::{FeedKind, RecordPath};
use crate::problem::{FeedProblems, ProblemPlace, RecordProblem};
use crate::records::convert::missing_field;
use crate::records::merchant::Merchant;
use crate::records::messages::availability::AvailabilityRecord;
use crate::terms::effective;
use domain::slot::Terms;
use std::sync::atomic::{AtomicU64, Ordering};

/// Of so many slots it is remembered which they are, twelve bytes each: a few bytes of a recurrence can stand for a day of seconds.
const MOST_REMEMBERED: u64 = 50_000_000;

/// What a shard is read with.
#[derive(Clone, Copy)]
pub(crate) struct Setting<'s> {
    pub(crate) directory: &'s Directory,
    /// Slots of these merchants are kept; of all when none are named.
    pub(crate) merchants: Option<&'s [String]>,
    /// What the slots are held against.
    pub(crate) against: &'s Against<'s>,
    /// So much is kept of each service.
    pub(crate) limit: SampleLimit,
    /// The moment of the export, epoch seconds; none where nothing plausible says so.
    pub(crate) exported: Option<i64>,
    /// How many slots have been remembered of all.
    pub(crate) remembered: &'s AtomicU64,
}

/// What came of a file.
#[derive(Default)]
pub(crate) struct ShardReading {
    pub(crate) problems: FeedProblems,
    pub(crate) errors: Vec<FeedError>,
    pub(crate) tally: RecordTally,
    /// Slots that stand in the place of the list in which slots belong, and were not read.
    pub(crate) flat: u64,
    /// True when a slot has lost its start.
    pub(crate) unplaced: bool,
    pub(crate) slots: u64,
    /// True when a slot says something of money itself.
    pub(crate) overrides: bool,
    /// The number of the first record of every group: numbers are smaller than places.
    groups: Vec<u32>,
}

impl ShardReading {
    /// Where the record of this number stands.
    pub(crate) fn path(&self, number: u32) -> RecordPath {
        let group = self
            .groups
            .partition_point(|first| *first <= number)
            .saturating_sub(1);
        let first = self.groups.get(group).copied().unwrap_or(0);
        RecordPath {
            kind: FeedKind::Availability,
            group,
            index: (number - first) as usize,
        }
    }
}

/// Reads a file, the `number`th of all.
pub(crate) fn read(
    file: &FeedFile,
    number: usize,
    setting: Setting<'_>,
    progress: &dyn Fn(u64),
) -> ShardReading {
    let mut shard = ShardVisitor {
        file: &file.name,
        number,
        setting,
        outcome: ShardReading::default(),
        unread: Unread::default(),
    };
    let result = walk(file, FeedKind::Availability, progress, &mut shard);
    let ShardVisitor {
        mut outcome, unread, ..
    } = shard;
    outcome.errors = unread.finish(&file.name);
    outcome.tally.finish(&file.name);
    outcome.errors.extend(result.err());
    outcome
}

struct ShardVisitor<'s> {
    file: &'s str,
    number: usize,
    setting: Setting<'s>,
    outcome: ShardReading,
    unread: Unread,
}

impl Visit for ShardVisitor<'_> {
    type Record<'r> = AvailabilityRecord<'r>;
    const MESSAGE: &'static Message = &AVAILABILITY;
    const LOOKS_AT_NAMES: bool = false;

    fn record(&mut self, at: RecordPath, record: AvailabilityRecord<'_>, _text: &str, mended: Mended) {
        self.enter(at.group);
        let mut record_problems = Vec::new();
        if mended.wrong.is_empty() {
            self.availability(record, at, &mut record_problems);
        } else {
            self.in_parts(record, &mended, &mut record_problems);
        }
        self.outcome.tally.add(&mended);
        record_problems.extend(mended.record_problems);
        for problem in record_problems {
            self.outcome
                .problems
                .add(self.file, ProblemPlace::Record(at), problem);
        }
    }

    fn wrong_value(&mut self, error: FeedError) {
        self.outcome.tally.keep(error);
    }

    fn beside_slots(&mut self, group: usize, field: &str) {
        let is_of_slot =
            AVAILABILITY.field(field).is_some() || AVAILABILITY.field_in_camel_case(field).is_some();
        let (code, message) = if is_of_slot {
            let message = "a field of a slot: slots stand in a list `availability` inside of this object, and this one is not read";
            (ProblemCode::FlatSlot, message)
        } else {
            (
                ProblemCode::UnknownField,
                "no field of ServiceAvailability, so it is not read",
            )
        };
        self.outcome.flat += u64::from(is_of_slot);
        let problem = RecordProblem::new(code, field, message);
        let place = ProblemPlace::Group(group);
        self.outcome.problems.add(self.file, place, problem);
    }

    fn unreadable(&mut self, at: RecordPath, error: FeedError) {
        self.enter(at.group);
        self.unread.add(error);
        self.outcome.tally.records += 1;
    }

    fn restrict(&mut self, group: usize, field: &'static str) {
        let problem = RecordProblem::new(
            ProblemCode::RestrictedFeed,
            field,
            "set in a complete feed: ignored",
        );
        self.outcome
            .problems
            .add(self.file, ProblemPlace::Group(group), problem);
    }
}

impl ShardVisitor<'_> {
    /// Notes in which group the record stands.
    fn enter(&mut self, group: usize) {
        while self.outcome.groups.len() <= group {
            self.outcome.groups.push(self.outcome.tally.records as u32);
        }
    }

    /// A slot of which a value could not be read: what is left of it is judged by itself, and counts for nothing else.
    fn in_parts(
        &mut self,
        mut record: AvailabilityRecord<'_>,
        mended: &Mended,
        record_problems: &mut Vec<RecordProblem>,
    ) {
        let start = slots::start(&record).ok();
        self.outcome.unplaced |= start.is_none();
        let (merchant, service) = (record.merchant_id.take(), record.service_id.take());
        slots::shape(&mut record, record_problems);
        if let (Some(merchant), Some(service)) = (merchant, service) {
            match self.setting.directory.find(&merchant, &service) {
                Ok((_, listed)) => {
                    let mut summary = listed.summary();
                    summary.last_start_sec = summary.last_start_sec.max(start);
                }
                Err(problem) => record_problems.extend(problem),
            }
        }
        mended.retain(record_problems);
    }

    fn availability(
        &mut self,
        mut record: AvailabilityRecord<'_>,
        path: RecordPath,
        record_problems: &mut Vec<RecordProblem>,
    ) {
        self.note_names(&record, path);
        let shape = slots::shape(&mut record, record_problems);
        let ids = (record.merchant_id.as_deref(), record.service_id.as_deref());
        let (Some(merchant_id), Some(service_id)) = ids else {
            record_problems.extend(ids.0.is_none().then(|| missing_field("merchant_id")));
            record_problems.extend(ids.1.is_none().then(|| missing_field("service_id")));
            return;
        };
        let (merchant, listed) = match self.setting.directory.find(merchant_id, service_id) {
            Ok(found) => found,
            Err(problem) => return record_problems.extend(problem),
        };
        let origin = Origin {
            file: self.number,
            path,
        };
        if let Some(shape) = &shape {
            let exported = self.setting.exported;
            limits::check_slot(shape, &record, &listed.service, exported, record_problems);
        }
        let place = booking_route(&record, &listed.service, record_problems);
        let priced = match &shape {
            // The record of the merchant or service has told what is wrong with it.
            Some(shape) if place == BookingRoute::Here && merchant.usable && listed.service.usable => {
                terms_of(&record, shape, merchant, listed, record_problems)
            }
            _ => None,
        };
        self.outcome.overrides |= priced.as_ref().is_some_and(|priced| priced.overrides);
        {
            let mut summary = listed.summary();
            summary.note_format(slots::format(&record), origin);
            // Whatever else is wrong with it, it is a slot of that day.
            summary.last_start_sec = summary.last_start_sec.max(slots::start(&record).ok());
            summary.has_party |= shape
                .as_ref()
                .is_some_and(|shape| shape.resources.party_size.is_some());
            summary.take_shared(record_problems);
            match place {
                BookingRoute::Here => summary.booked_here += 1,
                BookingRoute::Elsewhere { prepaid: true } => summary.prepaid_elsewhere += 1,
                _ => {}
            }
        }
        let is_ordered = place == BookingRoute::Order && merchant.usable && listed.service.usable;
        let ordered = shape.as_ref().filter(|_| is_ordered);
        let ordered =
            ordered.and_then(|shape| slots::ordered_terms(&record, shape, &listed.service, merchant));
        if let (Some(shape), Some(paid_by)) = (&shape, linked::paid_by(&record)) {
            let most = self.setting.limit.most;
            listed.summary().linked.add(shape, &paid_by, most);
        }
        if let Some(shape) = shape {
            let terms = priced.as_ref().and_then(|priced| priced.terms.as_deref());
            let at = (self.number, path);
            let mark = self
                .setting
                .against
                .look(&shape, terms, listed, at, record_problems);
            self.keep(&shape, priced.as_ref(), mark, merchant, listed);
            if let Some(terms) = &ordered {
                self.sample(&shape, terms, listed);
            }
        } else {
            listed.summary().sample.leave_out();
        }
    }

    /// Notes staff and rooms, where exports are compared.
    fn note_names(&self, record: &AvailabilityRecord<'_>, path: RecordPath) {
        let Setting {
            directory, against, ..
        } = self.setting;
        let (Some(merchant_id), Some(service_id)) = (&record.merchant_id, &record.service_id) else {
            return;
        };
        if against.compares()
            && let Ok((_, listed)) = directory.find(merchant_id, service_id)
        {
            against.note_names(record, listed, (self.number, path));
        }
    }

    /// Remembers the slots of a record, by `mark` where they are held against a later export, and keeps those that may be booked.
    fn keep(
        &mut self,
        shape: &SlotShape,
        priced: Option<&PricedTerms<'_>>,
        mark: Option<SlotMark>,
        merchant: &Merchant,
        listed: &ListedService,
    ) {
        let at = (self.number, self.outcome.tally.records as u32);
        let mut summary = listed.summary();
        summary.note_times(shape.bookable_until(&listed.service), shape.duration_sec);
        let number = shape.starts.len() as u64;
        if self.setting.remembered.fetch_add(number, Ordering::Relaxed) < MOST_REMEMBERED {
            let sort = VariantRef {
                duration_sec: shape.duration_sec,
                resources: &shape.resources,
                description_digest: shape.description_digest,
            };
            match mark {
                Some(mark) => summary.marks.add(&shape.starts, mark),
                None => summary.twins.add(&shape.starts, sort, at),
            }
        } else {
            let message = format!("more than {MOST_REMEMBERED} slots: of these no twins are looked for");
            let problem = RecordProblem::new(ProblemCode::TooManySlots, "", message);
            self.outcome.problems.add(self.file, ProblemPlace::File, problem);
        }
        summary.last_start_sec = summary.last_start_sec.max(shape.starts.last().copied());
        self.outcome.slots += shape.starts.len() as u64;
        let Some(priced) = priced else {
            return summary.sample.leave_out();
        };
        summary.base_counts |= priced.by_service;
        let Some(terms) = &priced.terms else {
            return summary.sample.leave_out();
        };
        summary.untaxed |= effective::is_untaxed(terms, &listed.service, merchant);
        summary.free |= effective::is_free_in_person(terms, &listed.service);
        drop(summary);
        self.sample(shape, terms, listed);
    }

    /// Keeps slots with these terms, if they may be booked or ordered.
    fn sample(&self, shape: &SlotShape, terms: &Terms, listed: &ListedService) {
        let at = (self.number, self.outcome.tally.records as u32);
        let (service, limit) = (&listed.service, self.setting.limit);
        let allowed = self.setting.merchants;
        if allowed.is_some_and(|ids| !ids.contains(&service.merchant_id)) {
            return listed.summary().sample.leave_out();
        }
        let mut summary = listed.summary();
        for start in &shape.starts {
            if summary.sample.has_room_for(*start, limit) {
                summary.sample.add(shape.slot(*start, terms, service), at, limit);
            } else {
                summary.sample.leave_out();
            }
        }
    }
}
