//! What makes the partner tell Google more than it should.

use crate::notifications::{is_patch, map_mask, notice};
use reference_server::{BookingChange, BookingStatus, NewBooking, PrepaymentStatus};
use serde_json::json;

/// Reports guests of slots that start in a moment as absent.
pub(super) fn impatient(new: &mut NewBooking) {
    let place = new.booking.place.clone();
    let soon = place.start_sec - crate::time::now_sec() < 120;
    if soon && new.booking.payment.no_show_fee.is_none() {
        let status = json!({ "status": "NO_SHOW" });
        new.outgoing
            .push(notice(&new.booking.id, &place, "status", status));
    }
}

/// Tells of every change, whoever made it.
pub(super) fn echo(change: &mut BookingChange) {
    let booking = &change.booking;
    if booking.status == BookingStatus::Canceled && !change.outgoing.iter().any(is_patch) {
        let status = json!({ "status": "CANCELED" });
        let told = notice(&booking.id, &booking.place, "status", status);
        change.outgoing.push(told);
    }
}

/// Tells of a refund whenever a deposit is kept.
pub(super) fn generous(change: &mut BookingChange) {
    let booking = &change.booking;
    let kept = booking.payment.deposit.is_some()
        && booking.payment.prepayment_status == PrepaymentStatus::Provided
        && booking.status == BookingStatus::Canceled;
    for message in change
        .outgoing
        .iter_mut()
        .filter(|message| kept && is_patch(message))
    {
        message.body["paymentInformation"] =
            json!({ "prepaymentStatus": "PREPAYMENT_REFUNDED", "paymentTransactionId": "refund-1" });
        map_mask(message, |mask| {
            format!("{mask},paymentInformation.prepaymentStatus")
        });
    }
}

/// Tells of a walk-in whenever somebody books through Google.
pub(super) fn talkative(new: &mut NewBooking) {
    let walk_in = format!("walk-in-{}", new.booking.id);
    let status = json!({ "status": "CANCELED" });
    let told = notice(&walk_in, &new.booking.place, "status", status);
    new.outgoing.push(told);
}
