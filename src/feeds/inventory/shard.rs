//! Reads one file of the availability feed. Shards are read at the same time, so that what they share has to be ready.

use super::against::Against;
use super::directory::{Base, Directory, ListedService, Origin};
use super::sample::SampleLimit;
use super::slots::{self, BookingRoute, SlotShape};
use super::twins::VariantRef;
use crate::code::ProblemCode;
use crate::earlier::slots::SlotMark;
use crate::error::{FeedError, Unread};
use crate::files::folder::FeedFile;
use crate::files::walk::{Visit, walk};
use crate::kind::{FeedKind, RecordPath};
use crate::problem::{FeedProblems, ProblemPlace, RecordProblem};
use crate::records::convert::{keep, missing_field};
use crate::records::merchant::Merchant;
use crate::records::messages::availability::AvailabilityRecord;
use crate::terms::effective::{self, Overrides, effective};
use domain::slot::{ConfirmationMode, PriceType, Terms};
use std::borrow::Cow;
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
    /// How many slots have been remembered of all.
    pub(crate) remembered: &'s AtomicU64,
}

/// What came of a file.
#[derive(Default)]
pub(crate) struct ShardReading {
    pub(crate) problems: FeedProblems,
    pub(crate) errors: Vec<FeedError>,
    pub(crate) records: u64,
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

    fn record(&mut self, at: RecordPath, record: AvailabilityRecord<'_>, _text: &str) {
        self.enter(at.group);
        let mut record_problems = Vec::new();
        self.availability(record, at, &mut record_problems);
        for problem in record_problems {
            self.outcome
                .problems
                .add(self.file, ProblemPlace::Record(at), problem);
        }
        self.outcome.records += 1;
    }

    fn unreadable(&mut self, at: RecordPath, error: FeedError) {
        self.enter(at.group);
        self.unread.add(error);
        self.outcome.records += 1;
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
            self.outcome.groups.push(self.outcome.records as u32);
        }
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
        let place = slots::booking_route(&record, &listed.service, record_problems);
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
        if let Some(shape) = shape {
            let terms = priced.as_ref().and_then(|priced| priced.terms.as_deref());
            let at = (self.number, path);
            let mark = self
                .setting
                .against
                .look(&shape, terms, listed, at, record_problems);
            self.keep(&shape, priced.as_ref(), mark, merchant, listed);
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
        let at = (self.number, self.outcome.records as u32);
        let mut summary = listed.summary();
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
        let (service, limit) = (&listed.service, self.setting.limit);
        let allowed = self.setting.merchants;
        if allowed.is_some_and(|ids| !ids.contains(&service.merchant_id)) {
            return summary.sample.leave_out();
        }
        for start in &shape.starts {
            if summary.sample.has_room_for(*start, limit) {
                summary.sample.add(shape.slot(*start, terms, service), at, limit);
            } else {
                summary.sample.leave_out();
            }
        }
    }
}

/// The terms of a slot that can be booked.
struct PricedTerms<'t> {
    /// None where something takes their meaning.
    terms: Option<Cow<'t, Terms>>,
    /// True when they are the service's, so that their problems are its problems.
    by_service: bool,
    /// True when the slot says something of money itself.
    overrides: bool,
}

fn terms_of<'o>(
    record: &AvailabilityRecord<'_>,
    shape: &SlotShape,
    merchant: &Merchant,
    listed: &'o ListedService,
    record_problems: &mut Vec<RecordProblem>,
) -> Option<PricedTerms<'o>> {
    let overrides = keep(slots::overrides(record, shape, record_problems), record_problems)?;
    record_problems.extend(overrides.as_ref().and_then(|own| own.needless(&listed.service)));
    let overrides_any = overrides.is_some();
    let base = listed.base(merchant);
    // The terms of the service are those of a slot that is confirmed at once, and names no party.
    let plain = shape.confirmation_mode == ConfirmationMode::Synchronous
        && (base.terms.is_ok() || shape.resources.party_size.is_none());
    let priced = if overrides.is_none() && plain {
        PricedTerms {
            terms: base.terms.as_ref().ok().map(Cow::Borrowed),
            by_service: true,
            overrides: false,
        }
    } else {
        let own = overrides.unwrap_or_else(|| slots::no_overrides(shape));
        PricedTerms {
            overrides: overrides_any,
            ..own_terms(own, base, merchant, listed, record_problems)
        }
    };
    record_problems.extend(
        priced
            .terms
            .as_ref()
            .and_then(|terms| party_unknown(terms, shape)),
    );
    Some(priced)
}

fn own_terms<'o>(
    own: Overrides,
    base: &Base,
    merchant: &Merchant,
    listed: &ListedService,
    record_problems: &mut Vec<RecordProblem>,
) -> PricedTerms<'o> {
    let mut found = Vec::new();
    let terms = effective(own, &listed.service, merchant, &mut found);
    let terms = keep(terms, &mut found);
    // What is wrong with the service is told there, once.
    let is_of_service = |problem: &RecordProblem| {
        let mut known = base.record_problems.iter().chain(base.terms.as_ref().err());
        known.any(|known| known.code == problem.code && known.field == problem.field)
    };
    let (old, new): (Vec<_>, Vec<_>) = found.into_iter().partition(is_of_service);
    record_problems.extend(new);
    PricedTerms {
        terms: terms.map(Cow::Owned),
        by_service: !old.is_empty(),
        overrides: false,
    }
}

/// An amount per person, and nobody knows how many.
fn party_unknown(terms: &Terms, shape: &SlotShape) -> Option<RecordProblem> {
    let fee = terms.no_show_fee.as_ref().map(|fee| fee.fee_type);
    let deposit = terms.deposit.as_ref().map(|deposit| deposit.deposit_type);
    let per_person = [fee, deposit].contains(&Some(PriceType::PerPerson));
    (per_person && shape.resources.party_size.is_none()).then(|| {
        let message = "absent, and an amount is per person: it counts once";
        RecordProblem::new(ProblemCode::PartyUnknown, "resources.party_size", message)
    })
}
