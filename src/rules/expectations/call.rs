//! What a step expects of the answer to its call.

use super::SPEAKING;
use super::answer::{Met, is_told_apart, meets};
use crate::bench::{Bench, is_must};
use crate::case::Case;
use domain::Capability;
use protocol::Method;
use scenario::{CallStep, Expectation};
use transcript::{Exchange, StepPath};

/// True when the step failed, so that later steps prove nothing.
pub(super) fn judge(
    case: &Case<'_>,
    call: &CallStep,
    path: StepPath,
    broken: bool,
    bench: &mut Bench,
) -> bool {
    if declared_absent(case, call.method) {
        for expectation in &call.expect {
            bench.not_applicable(expectation.requirement);
        }
        return false;
    }
    let exchange = case.transcript.exchanges_at(path).next();
    let Some(exchange) = exchange.filter(|exchange| !broken && exchange.http().is_some()) else {
        call.expect
            .iter()
            .for_each(|expectation| bench.not_testable(expectation.requirement));
        return true;
    };
    if too_late(case, &exchange) {
        for expectation in &call.expect {
            bench.not_testable(expectation.requirement);
        }
        return true;
    }
    if not_offered(&exchange) {
        call.expect
            .iter()
            .for_each(|expectation| bench.not_applicable(expectation.requirement));
        return false;
    }
    // The expectations on one answer build on each other: the first that fails speaks for all, or one cause would be
    // several findings. A rule that failed what was read back has spoken for them; a failed update ends the story.
    let spoken = bench.failed_at(exchange.entry);
    if spoken && reads_back(call.method) {
        call.expect
            .iter()
            .for_each(|expectation| bench.not_testable(expectation.requirement));
        return false;
    }
    let mut failed = spoken && call.method == Method::UpdateBooking;
    for expectation in &call.expect {
        if failed || bench.violated_at(exchange.entry, &SPEAKING) {
            failed = true;
            bench.not_testable(expectation.requirement);
        } else {
            failed = judge_one(case, expectation, &exchange, bench) && is_must(expectation.requirement);
        }
    }
    failed
}

/// A slot that had started when the answer came was refused rightly: the harness was late, not the partner wrong.
fn too_late(case: &Case<'_>, exchange: &Exchange<'_>) -> bool {
    let booked = exchange.got("/booking").is_some();
    let slot = case
        .slot_of(exchange)
        .filter(|_| exchange.call.method == Method::CreateBooking && !booked);
    slot.is_some_and(|slot| case.epoch_sec(exchange.answered_ms) >= slot.start_sec)
}

/// Nothing was sent, because the target declares that it does not have the method.
fn declared_absent(case: &Case<'_>, method: Method) -> bool {
    match method {
        Method::GetBookingStatus => !case.can(Capability::BookingStatus),
        Method::ListBookings => !case.can(Capability::ListBookings),
        _ => false,
    }
}

/// The two read methods are a standard that newer integrations may lack: 501 says so in the API's own words.
fn not_offered(exchange: &Exchange<'_>) -> bool {
    reads_back(exchange.call.method) && exchange.http().is_some_and(|reply| reply.status == 501)
}

fn reads_back(method: Method) -> bool {
    matches!(method, Method::GetBookingStatus | Method::ListBookings)
}

fn judge_one(case: &Case<'_>, expectation: &Expectation, exchange: &Exchange<'_>, bench: &mut Bench) -> bool {
    let requirement = expectation.requirement;
    let (proof, fallback) = match meets(case, expectation, exchange) {
        Met::Yes => {
            bench.pass(requirement);
            return false;
        }
        Met::Unknown => {
            bench.not_testable(requirement);
            return true;
        }
        Met::No(proof, fallback) => (proof, fallback),
    };
    let told_apart = is_told_apart(case, expectation);
    if told_apart {
        let message = expectation.otherwise.clone().unwrap_or(fallback);
        bench.fail(requirement, *proof, message);
    } else {
        bench.not_testable(requirement);
    }
    told_apart
}

#[cfg(test)]
mod tests {
    use crate::testing::Story;
    use catalogue::RequirementId;
    use protocol::Method;
    use serde_json::json;

    #[test]
    fn a_read_method_that_is_answered_501_is_not_offered() {
        let offered = |method, status| {
            let story = Story::arrival().call(method, json!({}), status, json!({}));
            let case = story.case();
            !case
                .transcript
                .exchanges()
                .all(|exchange| super::not_offered(&exchange))
        };
        assert!(!offered(Method::GetBookingStatus, 501) && !offered(Method::ListBookings, 501));
        assert!(offered(Method::GetBookingStatus, 404) && offered(Method::UpdateBooking, 501));
    }

    #[test]
    fn a_slot_that_had_started_proves_nothing() {
        let refused = json!({ "booking_failure": { "cause": "SLOT_UNAVAILABLE" } });
        let late = |story: &Story| {
            let case = story.case();
            case.transcript
                .exchanges()
                .all(|exchange| super::too_late(&case, &exchange))
        };
        assert!(late(&Story::no_show_fee().after(86_400).create(refused.clone())));
        assert!(!late(&Story::no_show_fee().after(86_390).create(refused)));
        assert!(!late(
            &Story::no_show_fee()
                .after(86_400)
                .create(crate::testing::booking())
        ));
    }

    #[test]
    fn the_first_expectation_that_fails_speaks_for_the_step() {
        let [first, second] = ["BS-HTTP-01", "BS-CREATE-08"].map(RequirementId::declared);
        let taken = json!({ "booking_failure": { "cause": "SLOT_UNAVAILABLE" } });
        let expecting =
            |status, answer| Story::arrival().create_expecting(&[first, second], &taken, status, answer);
        expecting(409, json!({})).judge_all().fails(first);
        expecting(200, json!({ "booking_failure": { "cause": "PAYMENT_ERROR" } }))
            .judge_all()
            .fails(second);
    }
}
