//! What only all records together show.

use std::collections::HashMap;

use super::code::Code;
use super::directory::{Directory, Known, Offered, Origin};
use super::problem::{Fault, Place, Problems};
use super::service::Format;
use super::shard::Outcome;
use super::twins::Twin;

const DAY_SEC: i64 = 86_400;
/// So far ahead has availability to reach.
const HORIZON_SEC: i64 = 30 * DAY_SEC;

/// Everything that has been read.
pub(super) struct Closing<'c> {
    pub(super) directory: &'c Directory,
    /// Names by number.
    pub(super) files: &'c [String],
    /// What came of the availability files, by number of the file.
    pub(super) outcomes: &'c HashMap<usize, Outcome>,
    /// The moment from which the horizon counts, epoch seconds; none when availability was not read to its end.
    pub(super) from_sec: Option<i64>,
}

impl Closing<'_> {
    /// Looks at all services, and lets go of the marks of their slots.
    pub(super) fn look(&self, problems: &mut Problems) {
        let services = self.directory.services();
        self.twins(&services, problems);
        let mut untaxed: Option<Origin> = None;
        for (known, offered) in &services {
            self.service(known, offered, problems);
            if offered.shown().untaxed && untaxed != Some(known.origin) {
                untaxed = Some(known.origin);
                let message = "payments are taken, and no tax rate is stated: zero has to be said, too";
                self.note(
                    known.origin,
                    Fault::new(Code::NoTaxRate, "tax_rate", message),
                    problems,
                );
            }
        }
        self.styles(&services, problems);
        self.merchants(problems);
        self.horizon(&services, problems);
    }

    fn note(&self, origin: Origin, fault: Fault, problems: &mut Problems) {
        problems.add(&self.files[origin.file], Place::Record(origin.path), fault);
    }

    fn service(&self, known: &Known, offered: &Offered, problems: &mut Problems) {
        let (mixed, base_counts, prepaid) = {
            let shown = offered.shown();
            (shown.mixes_at(), shown.base_counts, shown.prepaid_elsewhere)
        };
        if let Some(origin) = mixed {
            let id = &offered.service.service_id;
            let message = format!("service {id:?} has slots with spots and with a recurrence");
            self.note(
                origin,
                Fault::new(Code::MixedFormats, "recurrence", message),
                problems,
            );
        }
        if base_counts {
            let base = offered.base(&known.merchant);
            // Options have been looked for when the service was read.
            let of_options = |fault: &&Fault| {
                !matches!(
                    fault.code,
                    Code::NoMerchantPaymentOption | Code::UndefinedPaymentOption
                )
            };
            let faults = base
                .faults
                .iter()
                .chain(base.terms.as_ref().err())
                .filter(of_options);
            faults.for_each(|fault| self.note(offered.origin, fault.clone(), problems));
        }
        if prepaid > 0 && !offered.service.has_redirect_template() {
            let message = "slots link out, and no template has the start and the party size";
            let fault = Fault::new(Code::NoRedirectTemplate, "uri_template", message);
            self.note(offered.origin, fault, problems);
        }
    }

    /// One style for the whole integration; a service that mixes both has been told already.
    fn styles(&self, services: &[(&Known, &Offered)], problems: &mut Problems) {
        let first = |format: Format| {
            let shown = services.iter().map(|(_, offered)| offered.shown());
            let unmixed = shown.filter(|shown| shown.mixes_at().is_none());
            unmixed.filter_map(|shown| shown.first_of(format)).min()
        };
        if let (Some(spots), Some(recurrence)) = (first(Format::Spots), first(Format::Recurrence)) {
            let message = "some services use spots, others recurrences";
            let fault = Fault::new(Code::MixedStyles, "recurrence", message);
            self.note(spots.max(recurrence), fault, problems);
        }
    }

    fn merchants(&self, problems: &mut Problems) {
        let mut known: Vec<&Known> = self.directory.merchants.values().collect();
        known.sort_by_key(|known| known.origin);
        for known in known {
            let (mut here, mut elsewhere) = (0, 0);
            for offered in known.services.values() {
                let shown = offered.shown();
                here += shown.booked_here;
                elsewhere += shown.prepaid_elsewhere;
            }
            if elsewhere > 0 && here == 0 && known.merchant.tokenization_config.is_some() {
                let message = "every slot is paid on the partner's own page, and tokens are still configured";
                let fault = Fault::new(Code::TokenizationWithRedirect, "tokenization_config", message);
                self.note(known.origin, fault, problems);
            }
        }
    }

    /// Availability reaches thirty days ahead, give or take the day on which it was exported.
    fn horizon(&self, services: &[(&Known, &Offered)], problems: &mut Problems) {
        let Some(from) = self.from_sec else { return };
        let until = |offered: &Offered| offered.shown().last_start_sec;
        let last = services.iter().filter_map(|(_, offered)| until(offered)).max();
        if last.is_none_or(|last| last < from.saturating_add(HORIZON_SEC - DAY_SEC)) {
            let message = match last {
                None => "no slot at all".to_owned(),
                Some(last) => format!(
                    "the last slot starts {} days after the export",
                    last.saturating_sub(from) / DAY_SEC
                ),
            };
            let file = self
                .outcomes
                .keys()
                .min()
                .map_or("", |file| self.files[*file].as_str());
            problems.add(file, Place::File, Fault::new(Code::ShortHorizon, "", message));
            return;
        }
        let to_come = |offered: &Offered| until(offered).is_some_and(|last| last >= from);
        let mut known: Vec<&Known> = self.directory.merchants.values().collect();
        known.sort_by_key(|known| known.origin);
        for known in known {
            if !known.services.values().any(to_come) {
                let message = format!("merchant {:?} has no slot to come", known.merchant.merchant_id);
                self.note(
                    known.origin,
                    Fault::new(Code::NoFutureSlot, "merchant_id", message),
                    problems,
                );
                continue;
            }
            let mut idle: Vec<_> = known
                .services
                .values()
                .filter(|offered| !to_come(offered))
                .collect();
            idle.sort_by_key(|offered| offered.origin);
            for offered in idle {
                let message = format!("service {:?} has no slot to come", offered.service.service_id);
                self.note(
                    offered.origin,
                    Fault::new(Code::NoFutureSlot, "service_id", message),
                    problems,
                );
            }
        }
    }

    /// Slots that are the same: looked for in the services on all cores, told in the order of the services.
    fn twins(&self, services: &[(&Known, &Offered)], problems: &mut Problems) {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let part = services.len().div_ceil(cores).max(1);
        let found: Vec<Problems> = std::thread::scope(|scope| {
            let parts = services
                .chunks(part)
                .map(|part| scope.spawn(|| self.twins_of(part)));
            let running: Vec<_> = parts.collect();
            let done = running.into_iter().map(std::thread::ScopedJoinHandle::join);
            done.map(|done| done.unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
                .collect()
        });
        for found in found {
            problems.extend(found);
        }
    }

    fn twins_of(&self, services: &[(&Known, &Offered)]) -> Problems {
        let mut problems = Problems::default();
        for (_, offered) in services {
            let twins = offered.shown().twins.take();
            for Twin {
                start_sec,
                first,
                again,
            } in twins
            {
                let path = |(file, record): (usize, u32)| Origin {
                    file,
                    path: self.outcomes[&file].path(record),
                };
                let (first, again) = (path(first), path(again));
                let elsewhere = Some(first.file).filter(|file| *file != again.file);
                let file = elsewhere
                    .map(|file| format!("{} ", self.files[file]))
                    .unwrap_or_default();
                let message = format!("the slot at {start_sec} stands at {file}{}, too", first.path);
                self.note(
                    again,
                    Fault::new(Code::IdenticalSlot, "start_sec", message),
                    &mut problems,
                );
            }
        }
        problems
    }
}
