//! Reads one file of the availability feed. Shards are read at the same time, so that what they share has to be ready.

use super::directory::{Base, Directory, Offered, Origin};
use super::sample::Limit;
use super::slots::{self, Shape, Where};
use super::twins::Sort;
use crate::code::Code;
use crate::error::{FeedError, Unread};
use crate::files::folder::FeedFile;
use crate::files::walk::{Visit, walk};
use crate::kind::{Kind, RecordPath};
use crate::problem::{Fault, Place, Problems};
use crate::records::convert::{keep, missing};
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
    /// So much is kept of each service.
    pub(crate) limit: Limit,
    /// How many slots have been remembered of all.
    pub(crate) remembered: &'s AtomicU64,
}

/// What came of a file.
#[derive(Default)]
pub(crate) struct Outcome {
    pub(crate) problems: Problems,
    pub(crate) errors: Vec<FeedError>,
    pub(crate) records: u64,
    pub(crate) slots: u64,
    /// The number of the first record of every group: numbers are smaller than places.
    groups: Vec<u32>,
}

impl Outcome {
    /// Where the record of this number stands.
    pub(crate) fn path(&self, number: u32) -> RecordPath {
        let group = self
            .groups
            .partition_point(|first| *first <= number)
            .saturating_sub(1);
        let first = self.groups.get(group).copied().unwrap_or(0);
        RecordPath {
            kind: Kind::Availability,
            group,
            index: (number - first) as usize,
        }
    }
}

/// Reads a file, the `number`th of all.
pub(crate) fn read(file: &FeedFile, number: usize, setting: Setting<'_>, heard: &dyn Fn(u64)) -> Outcome {
    let mut shard = Shard {
        file: &file.name,
        number,
        setting,
        outcome: Outcome::default(),
        unread: Unread::default(),
    };
    let result = walk(file, Kind::Availability, heard, &mut shard);
    let Shard {
        mut outcome, unread, ..
    } = shard;
    outcome.errors = unread.finish(&file.name);
    outcome.errors.extend(result.err());
    outcome
}

struct Shard<'s> {
    file: &'s str,
    number: usize,
    setting: Setting<'s>,
    outcome: Outcome,
    unread: Unread,
}

impl Visit for Shard<'_> {
    type Record<'r> = AvailabilityRecord<'r>;

    fn record(&mut self, at: RecordPath, record: AvailabilityRecord<'_>, _text: &str) {
        self.enter(at.group);
        let mut faults = Vec::new();
        self.availability(record, at, &mut faults);
        for fault in faults {
            self.outcome.problems.add(self.file, Place::Record(at), fault);
        }
        self.outcome.records += 1;
    }

    fn unreadable(&mut self, at: RecordPath, error: FeedError) {
        self.enter(at.group);
        self.unread.add(error);
        self.outcome.records += 1;
    }

    fn restrict(&mut self, group: usize, field: &'static str) {
        let fault = Fault::new(Code::RestrictedFeed, field, "set in a complete feed: ignored");
        self.outcome.problems.add(self.file, Place::Group(group), fault);
    }
}

impl Shard<'_> {
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
        faults: &mut Vec<Fault>,
    ) {
        let shape = slots::shape(&mut record, faults);
        let ids = (record.merchant_id.as_deref(), record.service_id.as_deref());
        let (Some(merchant_id), Some(service_id)) = ids else {
            faults.extend(ids.0.is_none().then(|| missing("merchant_id")));
            faults.extend(ids.1.is_none().then(|| missing("service_id")));
            return;
        };
        let (merchant, offered) = match self.setting.directory.find(merchant_id, service_id) {
            Ok(found) => found,
            Err(fault) => return faults.extend(fault),
        };
        let origin = Origin {
            file: self.number,
            path,
        };
        let place = slots::booked(&record, &offered.service, faults);
        let priced = match &shape {
            // The record of the merchant or service has told what is wrong with it.
            Some(shape) if place == Where::Here && merchant.usable && offered.service.usable => {
                terms_of(&record, shape, merchant, offered, faults)
            }
            _ => None,
        };
        {
            let mut shown = offered.shown();
            shown.has_format(slots::format(&record), origin);
            // Whatever else is wrong with it, it is a slot of that day.
            shown.last_start_sec = shown.last_start_sec.max(slots::start(&record).ok());
            shown.has_party |= shape
                .as_ref()
                .is_some_and(|shape| shape.resources.party_size.is_some());
            shown.has_told(faults);
            match place {
                Where::Here => shown.booked_here += 1,
                Where::Elsewhere { prepaid: true } => shown.prepaid_elsewhere += 1,
                _ => {}
            }
        }
        if let Some(shape) = shape {
            self.keep(&shape, priced.as_ref(), merchant, offered);
        }
    }

    /// Remembers the slots of a record, and keeps those that may be booked.
    fn keep(&mut self, shape: &Shape, priced: Option<&Priced<'_>>, merchant: &Merchant, offered: &Offered) {
        let at = (self.number, self.outcome.records as u32);
        let mut shown = offered.shown();
        let number = shape.starts.len() as u64;
        if self.setting.remembered.fetch_add(number, Ordering::Relaxed) < MOST_REMEMBERED {
            let sort = Sort {
                duration_sec: shape.duration_sec,
                resources: &shape.resources,
                described: shape.described,
            };
            shown.twins.add(&shape.starts, sort, at);
        } else {
            let message = format!("more than {MOST_REMEMBERED} slots: of these no twins are looked for");
            let fault = Fault::new(Code::TooManySlots, "", message);
            self.outcome.problems.add(self.file, Place::File, fault);
        }
        shown.last_start_sec = shown.last_start_sec.max(shape.starts.last().copied());
        self.outcome.slots += shape.starts.len() as u64;
        let Some(priced) = priced else { return };
        shown.base_counts |= priced.by_service;
        let Some(terms) = &priced.terms else { return };
        shown.untaxed |= effective::is_untaxed(terms, &offered.service, merchant);
        shown.free |= effective::is_free_in_person(terms, &offered.service);
        let (service, limit) = (&offered.service, self.setting.limit);
        let allowed = self.setting.merchants;
        if allowed.is_some_and(|ids| !ids.contains(&service.merchant_id)) {
            return;
        }
        for start in &shape.starts {
            if shown.sample.wants(*start, limit) {
                shown.sample.add(shape.slot(*start, terms, service), at, limit);
            }
        }
    }
}

/// The terms of a slot that can be booked.
struct Priced<'t> {
    /// None where something takes their meaning.
    terms: Option<Cow<'t, Terms>>,
    /// True when they are the service's, so that their faults are its faults.
    by_service: bool,
}

fn terms_of<'o>(
    record: &AvailabilityRecord<'_>,
    shape: &Shape,
    merchant: &Merchant,
    offered: &'o Offered,
    faults: &mut Vec<Fault>,
) -> Option<Priced<'o>> {
    let overrides = keep(slots::overrides(record, shape, faults), faults)?;
    let base = offered.base(merchant);
    // The terms of the service are those of a slot that is confirmed at once, and names no party.
    let plain = shape.confirmation_mode == ConfirmationMode::Synchronous
        && (base.terms.is_ok() || shape.resources.party_size.is_none());
    let priced = if overrides.is_none() && plain {
        Priced {
            terms: base.terms.as_ref().ok().map(Cow::Borrowed),
            by_service: true,
        }
    } else {
        let own = overrides.unwrap_or_else(|| slots::no_overrides(shape));
        own_terms(own, base, merchant, offered, faults)
    };
    faults.extend(
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
    offered: &Offered,
    faults: &mut Vec<Fault>,
) -> Priced<'o> {
    let mut found = Vec::new();
    let terms = effective(own, &offered.service, merchant, &mut found);
    let terms = keep(terms, &mut found);
    // What is wrong with the service is told there, once.
    let is_of_service = |fault: &Fault| {
        let mut known = base.faults.iter().chain(base.terms.as_ref().err());
        known.any(|known| known.code == fault.code && known.field == fault.field)
    };
    let (old, new): (Vec<_>, Vec<_>) = found.into_iter().partition(is_of_service);
    faults.extend(new);
    Priced {
        terms: terms.map(Cow::Owned),
        by_service: !old.is_empty(),
    }
}

/// An amount per person, and nobody knows how many.
fn party_unknown(terms: &Terms, shape: &Shape) -> Option<Fault> {
    let fee = terms.no_show_fee.as_ref().map(|fee| fee.fee_type);
    let deposit = terms.deposit.as_ref().map(|deposit| deposit.deposit_type);
    let per_person = [fee, deposit].contains(&Some(PriceType::PerPerson));
    (per_person && shape.resources.party_size.is_none()).then(|| {
        let message = "absent, and an amount is per person: it counts once";
        Fault::new(Code::PartyUnknown, "resources.party_size", message)
    })
}
