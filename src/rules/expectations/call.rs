//! What a step expects of the answer to its call.

use super::answer::{Comparison, compare_answer, differs_from_control};
use super::{Course, SPEAKING, is_disputed};
use crate::case::Case;
use crate::update::carried_out::unshown;
use crate::verdicts::Verdicts;
use crate::waitlist;
use domain::Capability;
use protocol::Method;
use scenario::{CallStep, Expectation};
use transcript::{Credentials, Exchange, Fact, HttpReply, Shortfall, StepPath, shortfall};

/// Causes by which a partner may refuse a user who has a booking already.
const LIMITS: [&str; 5] = [
    "SLOT_UNAVAILABLE",
    "SLOT_ALREADY_BOOKED_BY_USER",
    "OVERLAPPING_RESERVATION",
    "USER_OVER_BOOKING_LIMIT",
    "USER_CANNOT_BOOK_RESERVATION",
];

/// True when a step of the scenario booked or changed too late: its slot had started by the time of the answer.
pub fn came_too_late(case: &Case<'_>) -> bool {
    let mut steps = case.transcript.exchanges().filter(|one| one.call.step.is_some());
    steps.any(|exchange| is_too_late(case, &exchange))
}

/// Judges the step and says whether the scenario continues.
pub(super) fn judge(
    case: &Case<'_>,
    call: &CallStep,
    path: StepPath,
    so_far: Course,
    verdicts: &mut Verdicts,
) -> Course {
    if is_declared_absent(case, call.method) {
        for expectation in &call.expect {
            verdicts.not_applicable(expectation.requirement);
        }
        return Course::Continues;
    }
    if is_skipped(case, path) {
        for expectation in &call.expect {
            verdicts.not_testable(expectation.requirement);
        }
        return Course::Continues;
    }
    let exchange = case.transcript.exchanges_at(path).next();
    let Some(exchange) = exchange.filter(|exchange| !so_far.has_ended() && exchange.http().is_some()) else {
        call.expect
            .iter()
            .for_each(|expectation| verdicts.not_testable(expectation.requirement));
        return Course::Ended;
    };
    if is_too_late(case, &exchange) {
        for expectation in &call.expect {
            verdicts.not_testable(expectation.requirement);
        }
        return Course::Ended;
    }
    if is_not_offered(&exchange) {
        call.expect
            .iter()
            .for_each(|expectation| verdicts.not_applicable(expectation.requirement));
        return Course::Continues;
    }
    if is_told_by_a_rule(case, &exchange, verdicts) {
        for expectation in &call.expect {
            verdicts.not_testable(expectation.requirement);
        }
        return Course::Ended;
    }
    // The expectations on one answer build on each other: the first that fails is reported for all, or one cause would be
    // several findings. A rule that failed what was read back has reported it; a failed update ends the scenario.
    let spoken = verdicts.has_failure_at(exchange.entry);
    if spoken && is_read_method(call.method) {
        call.expect
            .iter()
            .for_each(|expectation| verdicts.not_testable(expectation.requirement));
        return Course::Continues;
    }
    let mut course = Course::end_if(spoken && call.method == Method::UpdateBooking);
    let has_one_spot = has_one_spot(case, call);
    for expectation in &call.expect {
        if expectation.one_spot && !has_one_spot {
            verdicts.not_applicable(expectation.requirement);
        } else if course.has_ended() || verdicts.has_violation_at(exchange.entry, &SPEAKING) {
            course = Course::Ended;
            verdicts.not_testable(expectation.requirement);
        } else {
            course = judge_one(case, expectation, &exchange, verdicts);
        }
    }
    course.and(Course::end_if(leaves_as_it_was(case, &exchange)))
}

/// An update that shows the booking as it was, and of which nothing says that it was made: what hangs on it proves nothing.
fn leaves_as_it_was(case: &Case<'_>, exchange: &Exchange<'_>) -> bool {
    let mut all = unshown(case).into_iter();
    exchange.call.method == Method::UpdateBooking
        && all.any(|one| one.entry == exchange.entry && one.carried_out != Some(true))
}

/// True when the slot that a call is about has one spot open: then a look-up shows whether it is taken.
fn has_one_spot(case: &Case<'_>, call: &CallStep) -> bool {
    let name = call.slot.as_ref().or_else(|| case.scenario.slots.keys().next());
    let slot = name.and_then(|name| case.transcript.slot(name));
    slot.is_some_and(|slot| slot.spots_open == 1)
}

/// A look that could not be taken, since its method is not there: the story goes on without it.
fn is_skipped(case: &Case<'_>, path: StepPath) -> bool {
    let mut entries = case.transcript.entries.iter();
    entries.any(|entry| matches!(&entry.fact, Fact::Skipped(skipped) if skipped.step.step == path.step))
}

/// A slot that had started when the answer came was refused rightly, and so was a change of its booking: the harness was late, not the
/// partner wrong.
pub(crate) fn is_too_late(case: &Case<'_>, exchange: &Exchange<'_>) -> bool {
    let answered_sec = case.epoch_sec(exchange.answered_ms);
    let is_done = exchange.answer_value("/booking").is_some();
    let slot = match exchange.call.method {
        Method::CreateBooking => case.slot_of(exchange),
        Method::UpdateBooking => {
            let id = exchange.request_value("/booking/booking_id");
            id.and_then(|id| case.slot_of_booking(id.as_str()?))
        }
        _ => None,
    };
    !is_done && slot.is_some_and(|slot| answered_sec >= slot.start_sec)
}

/// Nothing was sent, because the target declares that it does not have the method.
fn is_declared_absent(case: &Case<'_>, method: Method) -> bool {
    Capability::of_method(method).is_some_and(|needed| !case.can(needed))
}

/// The two read methods are a standard that newer integrations may lack: 501 is the documented answer for that.
fn is_not_offered(exchange: &Exchange<'_>) -> bool {
    is_read_method(exchange.call.method) && exchange.http().is_some_and(|reply| reply.status == 501)
}

fn is_read_method(method: Method) -> bool {
    matches!(method, Method::GetBookingStatus | Method::ListBookings)
}

/// The form of the answer that shows a basic is wrong, and a rule has found how.
fn is_told_by_a_rule(case: &Case<'_>, exchange: &Exchange<'_>, verdicts: &Verdicts) -> bool {
    let method = exchange.call.method;
    let shows = case.shows_a_basic_by(method);
    let is_form = matches!(
        shortfall(method, &exchange.answer.reply),
        Some(Shortfall::NotJson | Shortfall::NotAnObject | Shortfall::Field { .. })
    );
    shows && is_form && verdicts.has_failure_at(exchange.entry)
}

/// True when HealthCheck stands for all methods: what is not asked of its own answer, but of where and how it is found.
fn is_of_all_methods(expectation: &Expectation, exchange: &Exchange<'_>) -> bool {
    let differs = expectation.control.is_some() || !expectation.not_status.is_empty();
    let is_of_others = !expectation.requirement.as_str().starts_with("BS-HEALTH");
    exchange.call.method == Method::HealthCheck && differs && is_of_others
}

/// That a call as Google makes it was answered at all, or not in one wrong way, shows nothing where it was refused in another.
fn shows_nothing(case: &Case<'_>, expectation: &Expectation, exchange: &Exchange<'_>) -> bool {
    if expectation.body.is_some() {
        return false;
    }
    let is_plain = case.step_of(exchange).is_some_and(CallStep::is_plain);
    // A refusal in the words of the interface is an answer.
    let falls_short = shortfall(exchange.call.method, &exchange.answer.reply)
        .is_some_and(|short| !matches!(short, Shortfall::Refused(_)));
    // A status that is named is one that was asked for.
    let is_named = exchange
        .http()
        .is_some_and(|reply| expectation.status.contains(&reply.status));
    let is_let_in = exchange.call.credentials != Credentials::Valid
        && exchange.http().is_some_and(HttpReply::is_success)
        && expectation.status.is_empty();
    is_let_in || is_plain && falls_short && !is_named && expectation.accepts(200)
}

/// A user who has a booking may be refused another one, by a limit that the partner sets.
fn is_refused_lawfully(case: &Case<'_>, exchange: &Exchange<'_>) -> bool {
    let named = exchange.answer_text("/booking_failure/cause");
    let creates = exchange.call.method == Method::CreateBooking;
    creates
        && !case.is_repeat(exchange)
        && named.is_some_and(|cause| LIMITS.contains(&cause))
        && case.has_user_booked_before(exchange)
}

fn judge_one(
    case: &Case<'_>,
    expectation: &Expectation,
    exchange: &Exchange<'_>,
    verdicts: &mut Verdicts,
) -> Course {
    let requirement = expectation.requirement;
    let difference = match compare_answer(case, expectation, exchange) {
        // Any page answers HealthCheck, so only what is wrong with it says something about the other methods.
        Comparison::Yes if is_of_all_methods(expectation, exchange) => return Course::Continues,
        Comparison::Yes if shows_nothing(case, expectation, exchange) => {
            verdicts.not_testable(requirement);
            return Course::Continues;
        }
        Comparison::Yes => {
            verdicts.pass(requirement);
            return Course::Continues;
        }
        Comparison::Unknown => {
            verdicts.not_testable(requirement);
            return Course::after_failure_of(requirement);
        }
        Comparison::No(difference) => difference,
    };
    if !differs_from_control(case, expectation, exchange) {
        verdicts.not_testable(requirement);
        return Course::Continues;
    }
    let joins = waitlist::is_entry_wanted(expectation) && waitlist::is_refused_by_name(case, exchange);
    if joins || is_refused_lawfully(case, exchange) || is_disputed(case, requirement) {
        verdicts.not_testable(requirement);
        return Course::Ended;
    }
    // A rule has found what is wrong at this place.
    if verdicts.has_finding_around(&difference.place()) {
        verdicts.not_testable(requirement);
        return Course::after_failure_of(requirement);
    }
    let message = difference.sentence(expectation);
    verdicts.fail(requirement, difference.proof, message);
    Course::after_failure_of(requirement)
}

#[cfg(test)]
mod tests {
    use crate::testing::Story;
    use catalogue::RequirementId;
    use outcome::Verdict;
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
                .all(|exchange| super::is_not_offered(&exchange))
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
                .all(|exchange| super::is_too_late(&case, &exchange))
        };
        assert!(late(&Story::no_show_fee().after(86_400).create(refused.clone())));
        let came = |story: &Story| super::came_too_late(&story.case());
        assert!(came(&Story::no_show_fee().after(86_400).create(refused.clone())));
        assert!(!came(&Story::no_show_fee().after(86_390).create(refused.clone())));
        assert!(!late(&Story::no_show_fee().after(86_390).create(refused)));
        assert!(!late(
            &Story::no_show_fee()
                .after(86_400)
                .create(crate::testing::booking())
        ));
    }

    #[test]
    fn of_a_class_a_look_up_does_not_show_who_took_a_spot() {
        let id = RequirementId::declared("BS-UPDATE-16");
        let file = "title: a\nneeds: { slot: {} }\nsteps:\n  - call: ListBookings\n    expect: { requirement: BS-UPDATE-16, one_spot: true, body: { bookings: { $lacks: {} } } }\n";
        let judged = |spots, answer| {
            let story = Story::arrival().slot(|slot| (slot.spots_total, slot.spots_open) = (spots, spots));
            let story = story.playing(file, &[(200, answer)]);
            let judged = crate::judge_scenario(&story.case()).judged;
            judged
                .iter()
                .find(|one| one.requirement == id)
                .map(|one| one.verdict)
        };
        let slot = json!({ "merchant_id": "m", "service_id": "s", "start_sec": "1", "duration_sec": "60" });
        let listed = json!({ "bookings": [{ "booking_id": "b", "slot": slot }] });
        assert_eq!(judged(1, json!({ "bookings": [] })), Some(Verdict::Pass));
        assert_eq!(judged(1, listed.clone()), Some(Verdict::Fail));
        assert_eq!(judged(5, listed.clone()), Some(Verdict::NotApplicable));
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
