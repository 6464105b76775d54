//! A call to Google's side as a fact that belongs to no scenario.

use super::other_calls::{OtherCall, other_call};
use super::received::notification;
use google::{BookingCopy, Call};
use transcript::Arrival;

/// The fact that a call is, which has been masked; none for one that has nothing to do with Google's APIs.
pub fn arrival(call: &Call) -> Option<Arrival> {
    if let Some(mut notification) = notification(call) {
        let message = |copy: &BookingCopy| copy.to_message(call.route.partner().unwrap_or_default());
        notification.set_copies(
            call.before.as_ref().map(message),
            call.booking.as_ref().map(message),
        );
        return Some(Arrival::Notification(notification));
    }
    Some(match other_call(call)? {
        OtherCall::Token(request) => Arrival::Token(request),
        OtherCall::Resource(call) => Arrival::Resource(call),
    })
}
