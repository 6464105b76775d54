//! What only all records together show.

use super::directory::{Directory, ListedMerchant, ListedService, Origin};
use super::limits;
use super::shard::ShardReading;
use super::twins::Twin;
use crate::code::ProblemCode;
use crate::problem::{FeedProblems, ProblemPlace, RecordProblem};
use crate::records::service::Format;
use crate::terms::effective;
use std::collections::HashMap;

const DAY_SEC: i64 = 86_400;
/// So far ahead has availability to reach.
const HORIZON_SEC: i64 = 30 * DAY_SEC;

/// Everything that has been read.
pub(crate) struct ClosingChecks<'c> {
    pub(crate) directory: &'c Directory,
    /// Names by number.
    pub(crate) files: &'c [String],
    /// What came of the availability files, by number of the file.
    pub(crate) outcomes: &'c HashMap<usize, ShardReading>,
    /// The moment from which the horizon counts, epoch seconds; none when availability was not read to its end.
    pub(crate) from_sec: Option<i64>,
}

impl ClosingChecks<'_> {
    /// Looks at all services, and lets go of the marks of their slots.
    pub(crate) fn check(&self, problems: &mut FeedProblems) {
        let services = self.directory.services();
        self.note_twins(&services, problems);
        for (known, listed) in &services {
            self.check_service(known, listed, problems);
        }
        self.check_styles(&services, problems);
        self.check_merchants(problems);
        self.check_limits(problems);
        self.check_horizon(problems);
    }

    fn note(&self, origin: Origin, problem: RecordProblem, problems: &mut FeedProblems) {
        problems.add(
            &self.files[origin.file],
            ProblemPlace::Record(origin.path),
            problem,
        );
    }

    fn check_service(&self, known: &ListedMerchant, listed: &ListedService, problems: &mut FeedProblems) {
        let service = &listed.service;
        let mut record_problems: Vec<RecordProblem> = Vec::new();
        let mut summary = listed.summary();
        if summary.base_counts {
            let base = listed.base(&known.merchant);
            // Options have been looked for when the service was read.
            let of_options = [
                ProblemCode::NoMerchantPaymentOption,
                ProblemCode::UndefinedPaymentOption,
            ];
            let of_base = base.record_problems.iter().chain(base.terms.as_ref().err());
            record_problems.extend(
                of_base
                    .filter(|problem| !of_options.contains(&problem.code))
                    .cloned(),
            );
        }
        if summary.has_party {
            record_problems.retain(|problem| problem.code != ProblemCode::MissingPrice);
        }
        summary.take_shared(&mut record_problems);
        record_problems.extend(summary.unruled.take());
        if summary.prepaid_elsewhere > 0 && !service.has_redirect_template() {
            let message = "slots are paid on another page, and no template has the start and the party size";
            record_problems.push(RecordProblem::new(
                ProblemCode::NoRedirectTemplate,
                "uri_template",
                message,
            ));
        }
        if summary.free && !summary.has_party {
            record_problems.push(effective::free_problem(service));
        }
        let mixed = summary.second_format();
        drop(summary);
        for problem in record_problems {
            self.note(listed.origin, problem, problems);
        }
        if let Some(origin) = mixed {
            let message = format!(
                "service {:?} has slots with spots and with a recurrence",
                service.service_id
            );
            self.note(
                origin,
                RecordProblem::new(ProblemCode::MixedFormats, "recurrence", message),
                problems,
            );
        }
    }

    /// One style for the whole integration; a service that mixes both has been told already.
    fn check_styles(&self, services: &[(&ListedMerchant, &ListedService)], problems: &mut FeedProblems) {
        let first = |format: Format| {
            let summary = services.iter().map(|(_, listed)| listed.summary());
            let unmixed = summary.filter(|summary| summary.second_format().is_none());
            unmixed.filter_map(|summary| summary.first_of(format)).min()
        };
        if let (Some(spots), Some(recurrence)) = (first(Format::Spots), first(Format::Recurrence)) {
            let message = "some services use spots, others recurrences";
            let problem = RecordProblem::new(ProblemCode::MixedStyles, "recurrence", message);
            self.note(spots.max(recurrence), problem, problems);
        }
    }

    fn check_merchants(&self, problems: &mut FeedProblems) {
        let mut known: Vec<&ListedMerchant> = self.directory.merchants.values().collect();
        known.sort_by_key(|known| known.origin);
        for known in known {
            let (mut here, mut elsewhere, mut ungated, mut untaxed) = (0, 0, None, false);
            for listed in known.services.values() {
                let mut summary = listed.summary();
                here += summary.booked_here;
                elsewhere += summary.prepaid_elsewhere;
                ungated = ungated.or(summary.ungated.take());
                untaxed |= summary.untaxed;
            }
            if let Some(problem) = ungated {
                self.note(known.origin, problem, problems);
            }
            let merchant = &known.merchant;
            let mut note = |code, field: &str, message: String| {
                self.note(known.origin, RecordProblem::new(code, field, message), problems);
            };
            if untaxed {
                let message = "payments are taken, and no tax rate is stated: zero has to be said, too";
                note(ProblemCode::NoTaxRate, "tax_rate", message.to_owned());
            }
            if elsewhere > 0 && here == 0 && merchant.tokenization_config.is_some() {
                let message = "every slot is paid on the partner's own page, and tokens are still configured";
                note(
                    ProblemCode::TokenizationWithRedirect,
                    "tokenization_config",
                    message.to_owned(),
                );
            }
        }
    }

    /// What Google refuses of services and merchants as a whole.
    fn check_limits(&self, problems: &mut FeedProblems) {
        let mut known: Vec<&ListedMerchant> = self.directory.merchants.values().collect();
        known.sort_by_key(|known| known.origin);
        for known in known {
            let unserved = limits::no_services(known).filter(|_| !self.directory.in_parts);
            if let Some(problem) = unserved {
                self.note(known.origin, problem, problems);
            }
            let mut found = limits::second_dining_services(known);
            found.extend(limits::repeated_services(known));
            for (listed, problem) in found {
                self.note(listed.origin, problem, problems);
            }
        }
        let Some(from) = self.from_sec else { return };
        for (_, listed) in self.directory.services() {
            let summary = listed.summary();
            let closed =
                limits::never_bookable(&listed.service, &summary, from).filter(|_| listed.service.usable);
            drop(summary);
            if let Some(problem) = closed {
                self.note(listed.origin, problem, problems);
            }
        }
    }

    /// Availability reaches thirty days ahead, give or take the day on which it was exported. Where that of most merchants does not,
    /// it is a matter of the feed; a merchant or two may have their reasons.
    fn check_horizon(&self, problems: &mut FeedProblems) {
        let Some(from) = self.from_sec else { return };
        let until = |listed: &ListedService| listed.summary().last_start_sec.filter(|last| *last >= from);
        let far = from.saturating_add(HORIZON_SEC - DAY_SEC);
        let mut known: Vec<&ListedMerchant> = self.directory.merchants.values().collect();
        known.sort_by_key(|known| known.origin);
        known.retain(|known| !known.services.is_empty());
        let last_of = |known: &ListedMerchant| known.services.values().filter_map(until).max();
        let lasts: Vec<(&ListedMerchant, Option<i64>)> =
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
            problems.add(
                file,
                ProblemPlace::File,
                RecordProblem::new(ProblemCode::ShortHorizon, "", message),
            );
            return;
        }
        for (known, last) in lasts {
            let merchant_id = &known.merchant.merchant_id;
            match last {
                None => {
                    let message = format!("merchant {merchant_id:?} has no slot to come");
                    self.note(
                        known.origin,
                        RecordProblem::new(ProblemCode::NoFutureSlot, "merchant_id", message),
                        problems,
                    );
                    continue;
                }
                Some(last) if last < far => {
                    let days = (last - from) / DAY_SEC;
                    let message = format!("the last slot of merchant {merchant_id:?} is {days} days ahead");
                    self.note(
                        known.origin,
                        RecordProblem::new(ProblemCode::MerchantHorizon, "merchant_id", message),
                        problems,
                    );
                }
                Some(_) => {}
            }
            let mut idle: Vec<_> = known
                .services
                .values()
                .filter(|listed| until(listed).is_none())
                .collect();
            idle.sort_by_key(|listed| listed.origin);
            for listed in idle {
                let message = format!("service {:?} has no slot to come", listed.service.service_id);
                self.note(
                    listed.origin,
                    RecordProblem::new(ProblemCode::NoFutureSlot, "service_id", message),
                    problems,
                );
            }
        }
    }

    /// Slots that are the same: looked for in the services on all cores, told in the order of the services.
    fn note_twins(&self, services: &[(&ListedMerchant, &ListedService)], problems: &mut FeedProblems) {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let part = services.len().div_ceil(cores).max(1);
        let found: Vec<FeedProblems> = std::thread::scope(|scope| {
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

    fn twins_of(&self, services: &[(&ListedMerchant, &ListedService)]) -> FeedProblems {
        let mut problems = FeedProblems::default();
        for (_, listed) in services {
            let twins = listed.summary().twins.take();
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
                    RecordProblem::new(ProblemCode::IdenticalSlot, "start_sec", message),
                    &mut problems,
                );
            }
        }
        problems
    }
}
