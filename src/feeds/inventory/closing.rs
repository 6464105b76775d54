//! What only all records together show.

use super::directory::{Directory, Known, Offered, Origin};
use super::shard::Outcome;
use super::twins::Twin;
use crate::code::Code;
use crate::problem::{Fault, Place, Problems};
use crate::records::service::Format;
use crate::terms::effective;
use std::collections::HashMap;

const DAY_SEC: i64 = 86_400;
/// So far ahead has availability to reach.
const HORIZON_SEC: i64 = 30 * DAY_SEC;

/// Everything that has been read.
pub(crate) struct Closing<'c> {
    pub(crate) directory: &'c Directory,
    /// Names by number.
    pub(crate) files: &'c [String],
    /// What came of the availability files, by number of the file.
    pub(crate) outcomes: &'c HashMap<usize, Outcome>,
    /// The moment from which the horizon counts, epoch seconds; none when availability was not read to its end.
    pub(crate) from_sec: Option<i64>,
}

impl Closing<'_> {
    /// Looks at all services, and lets go of the marks of their slots.
    pub(crate) fn look(&self, problems: &mut Problems) {
        let services = self.directory.services();
        self.twins(&services, problems);
        for (known, offered) in &services {
            self.service(known, offered, problems);
        }
        self.styles(&services, problems);
        self.merchants(problems);
        self.horizon(problems);
    }

    fn note(&self, origin: Origin, fault: Fault, problems: &mut Problems) {
        problems.add(&self.files[origin.file], Place::Record(origin.path), fault);
    }

    fn service(&self, known: &Known, offered: &Offered, problems: &mut Problems) {
        let service = &offered.service;
        let mut faults: Vec<Fault> = Vec::new();
        let mut shown = offered.shown();
        if shown.base_counts {
            let base = offered.base(&known.merchant);
            // Options have been looked for when the service was read.
            let of_options = [Code::NoMerchantPaymentOption, Code::UndefinedPaymentOption];
            let of_base = base.faults.iter().chain(base.terms.as_ref().err());
            faults.extend(of_base.filter(|fault| !of_options.contains(&fault.code)).cloned());
        }
        if shown.has_party {
            faults.retain(|fault| fault.code != Code::MissingPrice);
        }
        shown.has_told(&mut faults);
        faults.extend(shown.unruled.take());
        if shown.prepaid_elsewhere > 0 && !service.has_redirect_template() {
            let message = "slots are paid on another page, and no template has the start and the party size";
            faults.push(Fault::new(Code::NoRedirectTemplate, "uri_template", message));
        }
        if shown.free && !shown.has_party {
            faults.push(effective::free_fault(service));
        }
        let mixed = shown.mixes_at();
        drop(shown);
        for fault in faults {
            self.note(offered.origin, fault, problems);
        }
        if let Some(origin) = mixed {
            let message = format!(
                "service {:?} has slots with spots and with a recurrence",
                service.service_id
            );
            self.note(
                origin,
                Fault::new(Code::MixedFormats, "recurrence", message),
                problems,
            );
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
            let (mut here, mut elsewhere, mut ungated, mut untaxed) = (0, 0, None, false);
            for offered in known.services.values() {
                let mut shown = offered.shown();
                here += shown.booked_here;
                elsewhere += shown.prepaid_elsewhere;
                ungated = ungated.or(shown.ungated.take());
                untaxed |= shown.untaxed;
            }
            if let Some(fault) = ungated {
                self.note(known.origin, fault, problems);
            }
            let merchant = &known.merchant;
            let mut note = |code, field: &str, message: String| {
                self.note(known.origin, Fault::new(code, field, message), problems);
            };
            if untaxed {
                let message = "payments are taken, and no tax rate is stated: zero has to be said, too";
                note(Code::NoTaxRate, "tax_rate", message.to_owned());
            }
            if elsewhere > 0 && here == 0 && merchant.tokenization_config.is_some() {
                let message = "every slot is paid on the partner's own page, and tokens are still configured";
                note(
                    Code::TokenizationWithRedirect,
                    "tokenization_config",
                    message.to_owned(),
                );
            }
        }
    }

    /// Availability reaches thirty days ahead, give or take the day on which it was exported. Where that of most merchants does not,
    /// it is a matter of the feed; a merchant or two may have their reasons.
    fn horizon(&self, problems: &mut Problems) {
        let Some(from) = self.from_sec else { return };
        let until = |offered: &Offered| offered.shown().last_start_sec.filter(|last| *last >= from);
        let far = from.saturating_add(HORIZON_SEC - DAY_SEC);
        let mut known: Vec<&Known> = self.directory.merchants.values().collect();
        known.sort_by_key(|known| known.origin);
        known.retain(|known| !known.services.is_empty());
        let last_of = |known: &Known| known.services.values().filter_map(until).max();
        let lasts: Vec<(&Known, Option<i64>)> =
            known.into_iter().map(|known| (known, last_of(known))).collect();
        let short = lasts
            .iter()
            .filter(|(_, last)| last.is_none_or(|last| last < far))
            .count();
        if 2 * short > lasts.len() {
            let days = lasts.iter().filter_map(|(_, last)| *last).max();
            let file = self
                .outcomes
                .keys()
                .min()
                .map_or("", |file| self.files[*file].as_str());
            let message = match days {
                None => "no slot to come at all".to_owned(),
                Some(_) => format!(
                    "of {} merchants {short} have no slot after the 29th day",
                    lasts.len()
                ),
            };
            problems.add(file, Place::File, Fault::new(Code::ShortHorizon, "", message));
            return;
        }
        for (known, last) in lasts {
            let merchant_id = &known.merchant.merchant_id;
            match last {
                None => {
                    let message = format!("merchant {merchant_id:?} has no slot to come");
                    self.note(
                        known.origin,
                        Fault::new(Code::NoFutureSlot, "merchant_id", message),
                        problems,
                    );
                    continue;
                }
                Some(last) if last < far => {
                    let days = (last - from) / DAY_SEC;
                    let message = format!("the last slot of merchant {merchant_id:?} is {days} days ahead");
                    self.note(
                        known.origin,
                        Fault::new(Code::MerchantHorizon, "merchant_id", message),
                        problems,
                    );
                }
                Some(_) => {}
            }
            let mut idle: Vec<_> = known
                .services
                .values()
                .filter(|offered| until(offered).is_none())
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
