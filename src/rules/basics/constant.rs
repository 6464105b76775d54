//! A method that answers all calls of a run alike: what that makes wrong has one cause.

use super::find_case;
use crate::{Case, reading};
use catalogue::{Level, RequirementId};
use outcome::{Finding, Judged, ScenarioReport, Verdict};
use protocol::Method;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use transcript::{Exchange, HttpReply, Phase};

/// So many calls at least were answered alike.
const MANY: usize = 10;
/// So many scenarios at least needed another answer.
const SEVERAL: usize = 3;

const OUTCOMES: [Outcome; 4] = [
    Outcome {
        method: Method::BatchAvailabilityLookup,
        seen: availability,
        hangs: |finding| {
            is_below(finding, "/slot_time_availability")
                && expects(finding, |text| text.contains("\"available\": "))
        },
        words: |count, said| {
            format!(
                "all {count} ordinary look-ups that were answered say `\"available\": {said}` of every slot, also where that is wrong, as if nothing were \
                 looked up"
            )
        },
        in_vain: &[
            RequirementId::declared("BS-BAL-17"),
            RequirementId::declared("BS-UPDATE-16"),
            RequirementId::declared("BS-UPDATE-18"),
        ],
    },
    Outcome {
        method: Method::CreateBooking,
        seen: booked,
        hangs: |finding| is_below(finding, "/booking_failure") || is_refusal_due(finding),
        words: |count, _| {
            format!(
                "all {count} ordinary CreateBooking requests of the run were answered with a booking, also those that have to be refused, as if \
                 nothing were checked"
            )
        },
        in_vain: &[],
    },
    Outcome {
        method: Method::GetBookingStatus,
        seen: status,
        hangs: |finding| is_below(finding, "/booking_status") || is_refusal_due(finding),
        words: |count, said| {
            format!(
                "all {count} answers of GetBookingStatus say `\"booking_status\": \"{said}\"`, also where that is wrong, as if it were a constant"
            )
        },
        in_vain: &[],
    },
    Outcome {
        method: Method::ListBookings,
        seen: listed,
        hangs: |finding| is_below(finding, "/bookings"),
        words: |count, _| {
            format!("all {count} answers of ListBookings are an empty list, also for users who have bookings")
        },
        in_vain: &[],
    },
];

/// What may be the same in every answer of a method.
struct Outcome {
    method: Method,
    seen: fn(&Exchange<'_>) -> Seen,
    /// True for a finding that such a constant explains.
    hangs: fn(&Finding) -> bool,
    words: fn(usize, &str) -> String,
    /// What such a constant keeps in vain.
    in_vain: &'static [RequirementId],
}

/// What an answer says of what may be constant.
enum Seen {
    /// These, or nothing.
    Says(BTreeSet<String>),
    /// Something else, so that there is no constant.
    Otherwise,
}

impl Seen {
    fn only(said: Option<&str>) -> Self {
        said.map_or(Self::Otherwise, |said| {
            Self::Says(BTreeSet::from([said.to_owned()]))
        })
    }
}

/// Findings that one constant explains become one, of the requirement of which it violates most.
pub(super) fn fold_constants(reports: &mut [ScenarioReport], cases: &[Case<'_>]) {
    for outcome in &OUTCOMES {
        let Some(message) = outcome.find_constant(cases) else {
            continue;
        };
        let Some(requirement) = outcome.main_requirement(reports, cases) else {
            continue;
        };
        let mut violated: BTreeSet<_> = outcome.in_vain.iter().copied().collect();
        for report in reports.iter_mut() {
            if let Some(case) = find_case(cases, report) {
                violated.extend(outcome.tell(report, case, requirement, &message));
            }
        }
        violated.remove(&requirement);
        for report in reports.iter_mut() {
            take_back_passes(report, &violated);
        }
    }
}

impl Outcome {
    fn find_constant(&self, cases: &[Case<'_>]) -> Option<String> {
        let (mut count, mut said) = (0, BTreeSet::new());
        for exchange in cases.iter().flat_map(|case| calls_of(case, self.method)) {
            let Seen::Says(seen) = (self.seen)(&exchange) else {
                return None;
            };
            count += usize::from(!seen.is_empty());
            said.extend(seen);
        }
        let only = said.first().filter(|_| said.len() == 1 && count >= MANY)?;
        Some((self.words)(count, only))
    }

    /// The MUST that most findings are about, where several scenarios have one.
    fn main_requirement(&self, reports: &[ScenarioReport], cases: &[Case<'_>]) -> Option<RequirementId> {
        let mut counts: BTreeMap<RequirementId, usize> = BTreeMap::new();
        let mut scenarios = 0;
        for report in reports {
            let Some(case) = find_case(cases, report) else {
                continue;
            };
            let own = report
                .findings
                .iter()
                .filter(|finding| self.explains(case, finding));
            let own: Vec<_> = own.collect();
            scenarios += usize::from(!own.is_empty());
            for finding in own.iter().filter(|finding| finding.level == Level::Must) {
                *counts.entry(finding.requirement).or_default() += 1;
            }
        }
        let most = counts.iter().rev().max_by_key(|(_, count)| **count);
        most.filter(|_| scenarios >= SEVERAL)
            .map(|(requirement, _)| *requirement)
    }

    fn explains(&self, case: &Case<'_>, finding: &Finding) -> bool {
        let exchange = finding
            .evidence
            .entry
            .and_then(|entry| case.transcript.exchange_at(entry));
        let is_its_own = exchange.is_some_and(|exchange| {
            exchange.call.method == self.method && exchange.http().is_some_and(HttpReply::is_success)
        });
        is_its_own && (self.hangs)(finding)
    }

    /// The first finding of a scenario tells the cause, the others are the same.
    fn tell(
        &self,
        report: &mut ScenarioReport,
        case: &Case<'_>,
        requirement: RequirementId,
        message: &str,
    ) -> BTreeSet<RequirementId> {
        let mut is_told = false;
        let mut others = BTreeSet::new();
        report.findings.retain_mut(|finding| {
            if !self.explains(case, finding) {
                return true;
            }
            others.insert(finding.requirement);
            if std::mem::replace(&mut is_told, true) {
                return false;
            }
            (finding.requirement, finding.level, finding.verdict) = (requirement, Level::Must, Verdict::Fail);
            message.clone_into(&mut finding.message);
            true
        });
        if is_told {
            report.verdict = Verdict::Fail;
            let replaced = |one: &Judged| others.contains(&one.requirement) || one.requirement == requirement;
            report.judged.retain(|one| !replaced(one));
            let open = others.iter().filter(|other| **other != requirement);
            report.judged.extend(open.map(|other| Judged {
                requirement: *other,
                verdict: Verdict::NotTestable,
            }));
            report.judged.push(Judged {
                requirement,
                verdict: Verdict::Fail,
            });
        }
        others
    }
}

/// What a constant makes wrong in one place is not kept in another.
fn take_back_passes(report: &mut ScenarioReport, violated: &BTreeSet<RequirementId>) {
    let passed = report
        .judged
        .iter_mut()
        .filter(|one| one.verdict == Verdict::Pass);
    for one in passed.filter(|one| violated.contains(&one.requirement)) {
        one.verdict = Verdict::Inconclusive;
    }
}

/// Calls with valid credentials in the steps of a scenario, that were answered at all.
fn calls_of<'c>(case: &'c Case<'_>, method: Method) -> impl Iterator<Item = Exchange<'c>> {
    let all = case.transcript.exchanges_of(method);
    all.filter(|exchange| {
        exchange.phase == Phase::Steps && case.is_everyday(exchange) && exchange.http().is_some()
    })
}

/// A refusal says nothing of a slot.
fn availability(exchange: &Exchange<'_>) -> Seen {
    let entries = exchange
        .answer_value("/slot_time_availability")
        .and_then(Value::as_array);
    let said = entries
        .into_iter()
        .flatten()
        .map(|entry| entry["available"].as_bool().unwrap_or(false));
    Seen::Says(said.map(|said| said.to_string()).collect())
}

fn booked(exchange: &Exchange<'_>) -> Seen {
    Seen::only(reading::created_booking(exchange).map(|_| "a booking"))
}

fn status(exchange: &Exchange<'_>) -> Seen {
    Seen::only(exchange.answer_text("/booking_status"))
}

fn listed(exchange: &Exchange<'_>) -> Seen {
    let list = exchange.http().filter(|reply| reply.is_success());
    let list = list
        .and_then(|reply| reply.message())
        .map(|message| &message["bookings"]);
    let is_empty = list.is_some_and(|list| list.as_array().is_none_or(Vec::is_empty));
    Seen::only(is_empty.then_some("nothing"))
}

fn is_below(finding: &Finding, pointer: &str) -> bool {
    let at = finding.evidence.pointer.as_deref();
    at.is_some_and(|at| at.starts_with(pointer))
}

/// What would have been right is an error, or no booking.
fn is_refusal_due(finding: &Finding) -> bool {
    let pointer = finding.evidence.pointer.as_deref();
    let is_of_booking = matches!(pointer, Some("/booking" | "/booking/booking_id"));
    is_of_booking && expects(finding, |text| text == "no value")
        || expects(finding, |text| text.starts_with("status 4"))
}

fn expects(finding: &Finding, is_meant: impl Fn(&str) -> bool) -> bool {
    finding.evidence.expected.as_str().is_some_and(is_meant)
}

#[cfg(test)]
mod tests {
    use super::super::tests::concluded;
    use crate::testing::{Story, booking};
    use serde_json::{Value, json};

    const TAKEN: &str = "title: a\nserves: [BS-CREATE-08]\nsteps:\n  - { call: CreateBooking, as: first }\n  - call: CreateBooking\n    user: other\n    expect: { requirement: BS-CREATE-08, body: { booking: { booking_id: { $absent: true } } }, otherwise: taken and booked }\n";
    const UNKNOWN: &str = "title: a\nserves: [BS-HTTP-03]\nsteps:\n  - { call: CreateBooking, as: first }\n  - call: CreateBooking\n    expect: { requirement: BS-HTTP-03, status: [400, 404], otherwise: a service that never was is booked }\n";

    fn answered(count: usize, last: &Value) -> Vec<Story> {
        let stories = (0..count).map(|number| {
            let text = if number % 3 == 0 { UNKNOWN } else { TAKEN };
            let last = if number + 1 == count {
                last.clone()
            } else {
                booking()
            };
            Story::arrival()
                .with_id(&format!("a/{number}"))
                .playing(text, &[(200, booking()), (200, last)])
        });
        stories.collect()
    }

    #[test]
    fn a_server_that_confirms_whatever_comes_has_one_fault() {
        let reports = concluded(&answered(6, &booking()));
        let found = reports.iter().flat_map(|report| &report.findings);
        let said: Vec<_> = found
            .map(|finding| (finding.requirement.as_str(), finding.message.as_str()))
            .collect();
        let words = "all 12 ordinary CreateBooking requests of the run were answered with a booking, also those that have to be refused, as \
                     if nothing were checked";
        assert_eq!(said, [("BS-CREATE-08", words); 6]);
    }

    #[test]
    fn one_refusal_shows_that_something_is_checked() {
        let refused = json!({ "booking_failure": { "cause": "SLOT_UNAVAILABLE" } });
        let reports = concluded(&answered(6, &refused));
        let found: Vec<_> = reports
            .iter()
            .flat_map(|report| &report.findings)
            .map(|one| one.requirement.as_str())
            .collect();
        assert_eq!(
            found.iter().filter(|id| **id == "BS-HTTP-03").count(),
            2,
            "{found:?}"
        );
    }

    #[test]
    fn a_wrong_field_of_bookings_that_were_rightly_made_is_told_as_that() {
        let text = "title: a\nserves: [PAY-COM-13]\nsteps:\n  - { call: CreateBooking, as: first }\n  - call: CreateBooking\n    user: other\n    expect: { requirement: PAY-COM-13, body: { booking: { payment_information: { deposit: { $absent: true } } } }, otherwise: a deposit from nowhere }\n";
        let mut answer = booking();
        answer["booking"]["payment_information"]["deposit"] = json!({ "deposit": { "price_micros": "1" } });
        let play = |number: usize| {
            let story = Story::arrival().with_id(&format!("a/{number}"));
            story.playing(text, &[(200, booking()), (200, answer.clone())])
        };
        let stories: Vec<_> = (0..6).map(play).collect();
        let reports = concluded(&stories);
        let found = reports.iter().flat_map(|report| &report.findings);
        let said: Vec<_> = found.filter(|one| one.message.contains("ordinary")).collect();
        assert!(said.is_empty(), "{said:?}");
        let own = reports.iter().flat_map(|report| &report.findings);
        assert_eq!(
            own.filter(|one| one.message == "a deposit from nowhere").count(),
            6
        );
    }
}
