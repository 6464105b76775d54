//! What the steps of a scenario need follows from the steps.

use super::model::{CallStep, Scenario, Step};
use domain::Basic;
use protocol::Method;
use std::collections::BTreeSet;

impl Scenario {
    /// Everything that its steps need, and what has to be looked up before them.
    pub fn needs(&self) -> BTreeSet<Basic> {
        let steps = 0..self.steps.len();
        let mut needs: BTreeSet<Basic> = steps.flat_map(|number| self.needs_of_step(number)).collect();
        let looked_up = Basic::Method(Method::BatchAvailabilityLookup);
        let is_booked = self.slots.values().any(|need| !need.tickets);
        if is_booked && self.basic != Some(looked_up) {
            needs.insert(looked_up);
        }
        needs
    }

    /// What a step needs: the methods that it calls, ids that differ where it names a booking, and for an act of the partner's that
    /// Google is to be notified of, that notifications get through. What the scenario itself is there to show or to
    /// explain is not among it.
    pub fn needs_of_step(&self, number: usize) -> BTreeSet<Basic> {
        let Some(step) = self.steps.get(number) else {
            return BTreeSet::new();
        };
        let kinds = step.calls().iter().map(CallStep::basic);
        let mut needs: BTreeSet<Basic> = kinds.filter(|kind| !self.diagnoses(*kind)).collect();
        // A move is a change, too.
        let moves = needs.contains(&Basic::Move);
        needs.extend(moves.then_some(Basic::Method(Method::UpdateBooking)));
        let looks_back = self.steps[..number].iter().any(books) && looks(step);
        needs.extend((names_booking(step) || looks_back).then_some(Basic::DistinctIds));
        let acts = matches!(step, Step::Trigger(_)) && self.steps[number..].iter().any(awaits_notification);
        needs.extend((acts || awaits_notification(step)).then_some(Basic::Notification));
        needs.extend(self.repeats_booking(step).then_some(Basic::KnownToken));
        if let Some(own) = self.basic {
            needs.remove(&own);
        }
        needs
    }

    /// True when a step sends the token of a booking again, by the same request or with another one.
    fn repeats_booking(&self, step: &Step) -> bool {
        let books = |label: &str| {
            let mut made = self.calls().filter(|call| call.method == Method::CreateBooking);
            made.any(|call| call.label.as_deref() == Some(label) && call.may_book())
        };
        let is_again = |call: &CallStep| {
            let token = call.with.as_ref().and_then(|with| with.get("idempotency_token"));
            let is_sent = token.is_some_and(|token| token.to_string().contains(".sent.idempotency_token"));
            call.repeat.as_deref().is_some_and(books) || is_sent
        };
        let mut calls = step.calls().iter();
        calls.any(|call| call.method == Method::CreateBooking && call.is_plain_way() && is_again(call))
    }
}

fn books(step: &Step) -> bool {
    let mut calls = step.calls().iter();
    calls.any(|call| call.method == Method::CreateBooking)
}

/// True for a look that may show what has been booked: with one id for all bookings, somebody else's cancellation has ended it.
fn looks(step: &Step) -> bool {
    let mut calls = step.calls().iter();
    calls.any(|call| call.method == Method::BatchAvailabilityLookup)
}

fn names_booking(step: &Step) -> bool {
    let names = |call: &CallStep| {
        call.booking.is_some() || call.method == Method::ListBookings || compares_bookings(call)
    };
    match step {
        Step::Trigger(trigger) => !trigger.booking.is_empty() && !trigger.name.is_about_entry(),
        // Several bookings at one moment are told apart by their ids.
        Step::Await(_) | Step::AwaitSlot(_) | Step::Crowd(_) | Step::Parallel(_, Some(_)) => true,
        _ => step.calls().iter().any(names),
    }
}

/// True when what is expected of the answer names the booking of another one.
fn compares_bookings(call: &CallStep) -> bool {
    let bodies = call.expect.iter().filter_map(|one| one.body.as_ref());
    bodies
        .map(ToString::to_string)
        .any(|body| body.contains(".booking_id"))
}

fn awaits_notification(step: &Step) -> bool {
    matches!(step, Step::Await(_))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail loudly")]
    use crate::{Source, load};

    fn needs(text: &str) -> Vec<String> {
        let source = Source {
            id: "a/b".into(),
            file: "a".into(),
            text: format!("title: a\n{text}"),
        };
        let scenario = load(&[source]).unwrap().remove(0);
        scenario.needs().iter().map(ToString::to_string).collect()
    }

    #[test]
    fn what_is_called_is_needed() {
        let text = "needs: { slot: {} }\nsteps:\n  - { call: CreateBooking, as: made }\n  - { call: GetBookingStatus, booking: made }\n";
        let all = [
            "BatchAvailabilityLookup",
            "CreateBooking",
            "GetBookingStatus",
            "booking ids that differ",
        ];
        assert_eq!(needs(text), all);
        assert_eq!(needs("steps:\n  - call: HealthCheck\n"), ["HealthCheck"]);
    }

    #[test]
    fn an_act_of_which_nobody_is_notified_needs_no_notification() {
        let act = "needs: { slot: {} }\nsteps:\n  - { call: CreateBooking, as: made }\n  - { trigger: merchant_cancel, booking: made }\n";
        let notified = "a notification that gets through".to_owned();
        assert!(!needs(act).contains(&notified));
        let awaited = "  - { await: booking, booking: made, requirement: RTU-CANCEL-01, until: { status: CANCELED } }\n";
        assert!(needs(&format!("{act}{awaited}")).contains(&notified));
    }

    #[test]
    fn a_token_is_needed_where_it_comes_again_after_a_booking() {
        let known = "a token that is known again".to_owned();
        let first = "needs: { slot: {} }\nsteps:\n  - { call: CreateBooking, as: made }\n";
        let again = "  - { call: CreateBooking, repeat: made, expect: [] }\n";
        assert!(needs(&format!("{first}{again}")).contains(&known));
        let parallel = "needs: { slot: {} }\nsteps:\n  - parallel:\n      - { call: CreateBooking, as: made }\n      - { call: CreateBooking, repeat: made }\n    together: { requirement: BS-IDEM-07, same: /booking/booking_id }\n";
        assert!(needs(parallel).contains(&known));
        let refused = "needs: { slot: {} }\nsteps:\n  - { call: CreateBooking, as: made, expect: { requirement: BS-CREATE-08, body: { booking: { $absent: true } } } }\n";
        assert!(!needs(&format!("{refused}{again}")).contains(&known));
    }

    #[test]
    fn what_a_scenario_shows_or_explains_it_does_not_need() {
        let shows =
            "basic: CreateBooking\nneeds: { slot: {} }\nsteps:\n  - { call: CreateBooking, as: made }\n";
        assert_eq!(needs(shows), ["BatchAvailabilityLookup"]);
        let explains = "needs: { slot: {} }\nsteps:\n  - call: CreateBooking\n    expect: { requirement: BS-JSON-02, control: other }\n  - { call: CreateBooking, as: other, form: numbers, probe: true }\n";
        assert_eq!(needs(explains), ["BatchAvailabilityLookup"]);
    }
}
