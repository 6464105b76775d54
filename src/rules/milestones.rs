//! What the run predicts of Google's onboarding milestones.
//!
//! Google counts ordinary traffic, so of the run's calls only the ordinary ones count: not those that were broken on
//! purpose, are there to see what a server makes of the unusual, or provoke a refusal. "Success" is not defined by Google;
//! here it is an answer in the right form that does what was asked for. A refusal that nobody provoked is none.

mod traffic;

use crate::Case;
use crate::access;
use crate::thresholds::{BOOKINGS, LOOK_UPS, NOTIFICATIONS, Quota};
use catalogue::RequirementId;
use outcome::Milestone;
use traffic::{Traffic, is_clean, is_done};
use transcript::{Notification, NotificationRoute};

const PAGE_LOAD: RequirementId = RequirementId::declared("BS-OPS-02");
const SLOT_CLICK: RequirementId = RequirementId::declared("BS-OPS-03");
const CREATE: RequirementId = RequirementId::declared("BS-OPS-04");
const UPDATE: RequirementId = RequirementId::declared("BS-OPS-05");
const RTU_READY: RequirementId = RequirementId::declared("OPS-01");

/// Every milestone, in the order of Google's pages.
pub fn milestones(cases: &[Case<'_>]) -> Vec<Milestone> {
    let traffic: Vec<_> = cases.iter().map(Traffic::of).collect();
    let count = |of: fn(&Traffic<'_>) -> Count| traffic.iter().map(of).fold(Count::default(), Count::plus);
    vec![
        predict(
            PAGE_LOAD,
            "page-load look-ups",
            count(|one| Count::of(one.pages(), is_clean)),
            LOOK_UPS,
        ),
        predict(
            SLOT_CLICK,
            "slot-click look-ups",
            count(|one| Count::of(one.clicks(), |click| one.is_true(click))),
            LOOK_UPS,
        ),
        predict(
            CREATE,
            "bookings made",
            count(|one| Count::of(one.bookings(), is_done)),
            BOOKINGS,
        ),
        predict(
            UPDATE,
            "changes made",
            count(|one| Count::of(one.changes(), is_done)),
            BOOKINGS,
        ),
        predict(
            RTU_READY,
            "booking notifications",
            Count::of(&booking_notifications(cases), |call| call.status < 400),
            NOTIFICATIONS,
        ),
    ]
}

fn predict(requirement: RequirementId, name: &str, count: Count, quota: Quota) -> Milestone {
    let counted = (count.good, count.samples);
    Milestone::new(requirement, name, counted, (quota.sandbox, quota.share)).in_production(quota.production)
}

/// How many of how many.
#[derive(Default, Clone, Copy)]
struct Count {
    good: usize,
    samples: usize,
}

impl Count {
    fn of<T>(all: &[T], is_good: impl Fn(&T) -> bool) -> Self {
        Self {
            good: all.iter().filter(|one| is_good(one)).count(),
            samples: all.len(),
        }
    }

    fn plus(self, other: Self) -> Self {
        Self {
            good: self.good + other.good,
            samples: self.samples + other.samples,
        }
    }
}

/// Those of the whole run, whether a scenario claims them or not. What a fault of ours has struck is not the partner's error.
fn booking_notifications<'c>(cases: &'c [Case<'_>]) -> Vec<&'c Notification> {
    let of_bookings = |call: &&Notification| {
        matches!(call.route(), NotificationRoute::Booking { .. }) && call.fault.is_none()
    };
    access::calls_of(cases).filter(of_bookings).collect()
}

#[cfg(test)]
mod tests;
