//! The merchants and services that slots refer to, and what is learnt of each service from its slots.

use super::accounts::Accounts;
use super::sample::Sample;
use super::twins::Twins;
use crate::code::ProblemCode;
use crate::earlier::names::ResourceNames;
use crate::earlier::slots::SlotMarks;
use crate::kind::RecordPath;
use crate::problem::RecordProblem;
use crate::records::merchant::{Merchant, PaymentOption};
use crate::records::service::{Format, Service};
use crate::terms::effective::{Overrides, effective};
use domain::slot::Terms;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

/// The record that something comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Origin {
    /// The number of the file.
    pub(crate) file: usize,
    pub(crate) path: RecordPath,
}

/// Every merchant and service of the feeds.
#[derive(Default)]
pub(crate) struct Directory {
    pub(crate) merchants: HashMap<String, ListedMerchant>,
    /// The first definition of each payment option.
    options: HashMap<String, PaymentOption>,
    /// Accounts that receive money.
    pub(crate) accounts: Accounts,
    /// Where the merchants or services could not be read to their end, a reference to one that is not there says nothing.
    pub(crate) in_parts: bool,
}

/// Where a merchant or a service comes from.
#[derive(Debug, Clone, Copy)]
pub(crate) struct EntrySource {
    pub(crate) origin: Origin,
    /// Tells whether two records are written alike.
    pub(crate) digest: u64,
    /// What it is known by beside its id, where that is asked for.
    pub(crate) identity: Option<u64>,
}

/// A merchant, and its services.
pub(crate) struct ListedMerchant {
    pub(crate) merchant: Merchant,
    pub(crate) origin: Origin,
    digest: u64,
    /// What it is known by beside its id.
    pub(crate) identity: Option<u64>,
    pub(crate) services: HashMap<String, ListedService>,
}

/// A service, and what its slots have shown.
pub(crate) struct ListedService {
    pub(crate) service: Service,
    pub(crate) origin: Origin,
    digest: u64,
    base: OnceLock<Base>,
    summary: Mutex<SlotSummary>,
}

/// The terms of a slot that says nothing about money itself.
pub(crate) struct Base {
    pub(crate) terms: Result<Terms, RecordProblem>,
    pub(crate) record_problems: Vec<RecordProblem>,
}

/// What the slots of a service have shown.
#[derive(Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is something that a slot may show"
)]
pub(crate) struct SlotSummary {
    /// The first record of either format.
    formats: [Option<Origin>; 2],
    pub(crate) last_start_sec: Option<i64>,
    /// The last moment at which any slot can be booked, epoch seconds.
    pub(crate) bookable_until_sec: Option<i64>,
    /// The shortest and the longest slot.
    pub(crate) lengths_sec: Option<(i64, i64)>,
    /// True when a slot has the terms of the service, so that what is wrong with these counts.
    pub(crate) base_counts: bool,
    /// True when a slot takes money, and no tax rate is stated at any level.
    pub(crate) untaxed: bool,
    /// That a slot needs a card, and the merchant has nothing to take it with.
    pub(crate) ungated: Option<RecordProblem>,
    /// That a slot takes money, and the service states no policy.
    pub(crate) unruled: Option<RecordProblem>,
    /// True when a slot costs nothing.
    pub(crate) free: bool,
    /// True when a slot names a party: a table needs no price.
    pub(crate) has_party: bool,
    /// Slots that are booked by CreateBooking, and those that are booked on the partner's own page.
    pub(crate) booked_here: u64,
    pub(crate) prepaid_elsewhere: u64,
    pub(crate) twins: Twins,
    /// Its slots and the staff and rooms in them, where exports are compared.
    pub(crate) marks: SlotMarks,
    pub(crate) names: ResourceNames,
    pub(crate) sample: Sample,
}

impl Directory {
    /// Adds a merchant; the first one of an id is kept.
    pub(crate) fn add_merchant(
        &mut self,
        merchant: Merchant,
        source: EntrySource,
        record_problems: &mut Vec<RecordProblem>,
    ) {
        for (id, option) in &merchant.payment_options {
            if self.options.entry(id.clone()).or_insert_with(|| option.clone()) != option {
                let message = format!("payment option {id:?} differs from that of an earlier merchant");
                record_problems.push(RecordProblem::new(
                    ProblemCode::PaymentOptionDiffers,
                    "payment_option",
                    message,
                ));
            }
        }
        let config = merchant.tokenization_config.as_ref();
        record_problems.extend(self.accounts.add(&merchant.merchant_id, config));
        match self.merchants.entry(merchant.merchant_id.clone()) {
            Entry::Vacant(entry) => {
                let services = HashMap::new();
                entry.insert(ListedMerchant {
                    merchant,
                    origin: source.origin,
                    digest: source.digest,
                    identity: source.identity,
                    services,
                });
            }
            Entry::Occupied(entry) => {
                let first = entry.get();
                let twice = (first.origin, first.digest, source.origin, source.digest);
                record_problems.push(repetition(
                    twice,
                    ProblemCode::DuplicateMerchant,
                    "merchant_id",
                    entry.key(),
                ));
            }
        }
    }

    /// Adds a service of a merchant that is known; the first one of an id is kept.
    pub(crate) fn add_service(
        &mut self,
        service: Service,
        source: EntrySource,
        record_problems: &mut Vec<RecordProblem>,
    ) {
        let Some(known) = self.merchants.get_mut(&service.merchant_id) else {
            if !self.in_parts {
                record_problems.push(unknown_merchant(&service.merchant_id));
            }
            return;
        };
        record_problems.extend(service.undefined_options(&known.merchant));
        record_problems.extend(service.foreign_currencies(&known.merchant));
        match known.services.entry(service.service_id.clone()) {
            Entry::Vacant(entry) => {
                let summary = SlotSummary {
                    sample: Sample::of(&service.service_id),
                    ..SlotSummary::default()
                };
                entry.insert(ListedService {
                    service,
                    origin: source.origin,
                    digest: source.digest,
                    base: OnceLock::new(),
                    summary: Mutex::new(summary),
                });
            }
            Entry::Occupied(entry) => {
                let first = entry.get();
                let twice = (first.origin, first.digest, source.origin, source.digest);
                record_problems.push(repetition(
                    twice,
                    ProblemCode::DuplicateService,
                    "service_id",
                    entry.key(),
                ));
            }
        }
    }

    /// The merchant and the service of a slot; a problem when there is no such.
    pub(crate) fn find(
        &self,
        merchant_id: &str,
        service_id: &str,
    ) -> Result<(&Merchant, &ListedService), Option<RecordProblem>> {
        let unless_in_parts = |problem: RecordProblem| Some(problem).filter(|_| !self.in_parts);
        let Some(known) = self.merchants.get(merchant_id) else {
            return Err(unless_in_parts(unknown_merchant(merchant_id)));
        };
        match known.services.get(service_id) {
            Some(listed) => Ok((&known.merchant, listed)),
            None => Err(unless_in_parts(unknown_service(merchant_id, service_id))),
        }
    }

    /// Every service, by merchant and service id.
    pub(crate) fn services(&self) -> Vec<(&ListedMerchant, &ListedService)> {
        let known = self.merchants.values();
        let mut all: Vec<_> = known
            .flat_map(|known| known.services.values().map(move |listed| (known, listed)))
            .collect();
        let ids = |listed: &ListedService| {
            let service = &listed.service;
            (service.merchant_id.clone(), service.service_id.clone())
        };
        all.sort_by_cached_key(|(_, listed)| ids(listed));
        all
    }
}

impl ListedService {
    /// The terms of a slot that says nothing about money itself.
    pub(crate) fn base(&self, merchant: &Merchant) -> &Base {
        self.base.get_or_init(|| {
            let mut record_problems = Vec::new();
            let terms = effective(
                Overrides::default(),
                &self.service,
                merchant,
                &mut record_problems,
            );
            Base {
                terms,
                record_problems,
            }
        })
    }

    /// What its slots have shown so far.
    pub(crate) fn summary(&self) -> MutexGuard<'_, SlotSummary> {
        // Whoever panicked has left nothing half done that matters here: the panic itself is passed on.
        self.summary.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The same, when nobody looks at it any more.
    pub(crate) fn into_parts(self) -> (Service, SlotSummary) {
        let summary = self.summary.into_inner().unwrap_or_else(PoisonError::into_inner);
        (self.service, summary)
    }
}

impl SlotSummary {
    /// Takes out what is a matter of the merchant or of the service, whichever slot shows it: it is told there, once.
    pub(crate) fn take_shared(&mut self, record_problems: &mut Vec<RecordProblem>) {
        record_problems.retain(|problem| {
            let shared = match problem.code {
                ProblemCode::NoTokenization => &mut self.ungated,
                ProblemCode::NoCancellationPolicy => &mut self.unruled,
                // Both are told where the merchant is read.
                ProblemCode::BrokenOption | ProblemCode::NoGateway => return false,
                _ => return true,
            };
            shared.get_or_insert_with(|| problem.clone());
            false
        });
    }

    /// Notes until when a slot can be booked, and how long it is.
    pub(crate) fn note_times(&mut self, bookable_until: Option<i64>, duration: i64) {
        self.bookable_until_sec = self.bookable_until_sec.max(bookable_until);
        let (short, long) = self.lengths_sec.unwrap_or((duration, duration));
        self.lengths_sec = Some((short.min(duration), long.max(duration)));
    }

    /// Notes the format of a record. Which record is the first does not depend on the order of reading.
    pub(crate) fn note_format(&mut self, format: Format, origin: Origin) {
        let first = &mut self.formats[format as usize];
        if first.is_none_or(|known| origin < known) {
            *first = Some(origin);
        }
    }

    /// The first record of this format.
    pub(crate) fn first_of(&self, format: Format) -> Option<Origin> {
        self.formats[format as usize]
    }

    /// The record with which a second format begins.
    pub(crate) fn second_format(&self) -> Option<Origin> {
        let [one, other] = self.formats;
        Some(one?.max(other?))
    }

    /// The format of its first record.
    pub(crate) fn format(&self) -> Option<Format> {
        let first = |format| Some((self.first_of(format)?, format));
        let found = [first(Format::Spots), first(Format::Recurrence)];
        found
            .into_iter()
            .flatten()
            .min_by_key(|(origin, _)| *origin)
            .map(|(_, format)| format)
    }
}

/// A second record of one id: the other half of the first, or one too many.
fn repetition(twice: (Origin, u64, Origin, u64), code: ProblemCode, field: &str, id: &str) -> RecordProblem {
    let (first, first_digest, origin, digest) = twice;
    if first.file != origin.file && first_digest != digest {
        let message = format!("{id:?} stands in another shard with other content: the first one is kept");
        return RecordProblem::new(ProblemCode::SplitRecord, field, message);
    }
    let message = format!("{id:?} is there already: the first one is kept");
    RecordProblem::new(code, field, message)
}

fn unknown_merchant(id: &str) -> RecordProblem {
    let message = format!("{id:?} is not in the merchants feed");
    RecordProblem::new(ProblemCode::UnknownMerchant, "merchant_id", message)
}

fn unknown_service(merchant: &str, id: &str) -> RecordProblem {
    let message = format!("merchant {merchant:?} has no service {id:?} in the services feed");
    RecordProblem::new(ProblemCode::UnknownService, "service_id", message)
}
