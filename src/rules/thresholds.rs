//! Every number that Google publishes about rates and times of calls, in one place.
//!
//! The limits are those of the page "launch and monitor". It no longer lists a CreateBooking with payments, whose 15 s and
//! 5 % the older pages give; SetMarketingPreference stands on these alone, too. The milestones are those of "booking server
//! ready" and "real-time updates ready".

use protocol::Method;

/// What Google tolerates once an integration is live.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Limit {
    /// The share of errors.
    pub(super) errors: f64,
    /// The time until an answer, or until a notification arrives, milliseconds.
    pub(super) within_ms: u64,
}

/// A BookingNotification, each day and each state by itself; the time runs from the act to the arrival.
pub(super) const BOOKING_NOTIFICATION: Limit = Limit {
    errors: 0.10,
    within_ms: 300_000,
};

/// An availability update, each day by itself; the time runs from the act to the arrival.
pub(super) const INVENTORY_UPDATE: Limit = Limit {
    errors: 0.10,
    within_ms: 300_000,
};

/// The partner's calls to Google's APIs in any minute.
pub(super) const QUOTA_PER_MINUTE: usize = 1_500;

/// The limit of a method of the booking server; none where Google publishes none.
pub(super) fn limit(method: Method, pays: bool) -> Option<Limit> {
    let of = |errors, within_ms| Some(Limit { errors, within_ms });
    match method {
        Method::BatchAvailabilityLookup => of(0.03, 1_500),
        Method::CreateBooking if pays => of(0.05, 15_000),
        Method::CreateBooking | Method::UpdateBooking => of(0.05, 4_000),
        Method::SetMarketingPreference => of(0.05, 5_000),
        // Only the older page of the launch gives these.
        Method::BatchGetWaitEstimates => of(0.03, 1_000),
        Method::CreateWaitlistEntry | Method::GetWaitlistEntry | Method::DeleteWaitlistEntry => {
            of(0.05, 4_000)
        }
        Method::GetBookingStatus
        | Method::ListBookings
        | Method::HealthCheck
        | Method::CheckOrderFulfillability
        | Method::CreateOrder
        | Method::ListOrders => None,
    }
}

/// The time within which Google wants an answer, milliseconds: of a method whose limit depends on the payment, the stricter one.
pub fn answer_limit_ms(method: Method) -> Option<u64> {
    limit(method, false).map(|limit| limit.within_ms)
}

/// What Google counts before an integration goes live.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Quota {
    /// Requests in the sandbox.
    pub(super) sandbox: usize,
    /// Requests in production; none where the pages name none.
    pub(super) production: Option<usize>,
    /// The share of good ones.
    pub(super) share: f64,
}

/// Look-ups, those of a page and those of a clicked slot alike.
pub(super) const LOOK_UPS: Quota = Quota {
    sandbox: 20,
    production: Some(20),
    share: 0.9,
};

/// CreateBooking, and UpdateBooking.
pub(super) const BOOKINGS: Quota = Quota {
    sandbox: 10,
    production: Some(3),
    share: 0.9,
};

/// "RTU Ready": the last twenty BookingNotifications without an error.
pub(super) const NOTIFICATIONS: Quota = Quota {
    sandbox: 20,
    production: None,
    share: 1.0,
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_limits_are_the_published_ones() {
        let of = |method, pays| limit(method, pays).map(|limit| (limit.errors, limit.within_ms));
        assert_eq!(of(Method::BatchAvailabilityLookup, false), Some((0.03, 1_500)));
        assert_eq!(of(Method::CreateBooking, false), Some((0.05, 4_000)));
        assert_eq!(of(Method::CreateBooking, true), Some((0.05, 15_000)));
        assert_eq!(of(Method::UpdateBooking, true), Some((0.05, 4_000)));
        assert_eq!(of(Method::SetMarketingPreference, false), Some((0.05, 5_000)));
        assert_eq!(of(Method::HealthCheck, false), None);
        assert_eq!(of(Method::BatchGetWaitEstimates, false), Some((0.03, 1_000)));
        assert_eq!(of(Method::DeleteWaitlistEntry, false), Some((0.05, 4_000)));
        assert_eq!(QUOTA_PER_MINUTE, 1_500);
        assert_eq!(BOOKING_NOTIFICATION, INVENTORY_UPDATE);
        assert_eq!(BOOKING_NOTIFICATION.within_ms, 5 * 60 * 1_000);
    }
}
