//! Stores that make the partner tell Google more than it should.

use crate::selftest::notes::{Twist, is_patch, masked};
use crate::selftest::partner::PARTNER_ID;
use async_trait::async_trait;
use reference_server::{
    BookingChange, BookingStatus, ChangeOutcome, CreateOutcome, NewBooking, Outgoing, PrepaymentStatus,
    Store, StoreError, Subject,
};
use serde_json::json;

fn about(booking_id: &str, merchant_id: &str, service_id: &str, status: &str) -> Outgoing {
    let name = format!("partners/{PARTNER_ID}/bookings/{booking_id}");
    Outgoing {
        subject: Subject::Booking {
            booking_id: booking_id.to_owned(),
        },
        method: "PATCH".to_owned(),
        path: format!("/v1alpha/notification/{name}"),
        query: vec![("updateMask".to_owned(), "status".to_owned())],
        body: json!({ "name": name, "merchantId": merchant_id, "serviceId": service_id, "status": status }),
    }
}

/// Reports guests of slots that start in a moment as absent.
pub(super) struct Impatient;

#[async_trait]
impl Twist for Impatient {
    async fn create(&self, inner: &dyn Store, mut new: NewBooking) -> Result<CreateOutcome, StoreError> {
        let place = new.booking.place.clone();
        let soon = place.start_sec - jiff::Timestamp::now().as_second() < 120;
        if soon && new.booking.payment.no_show_fee.is_none() {
            let told = about(&new.booking.id, &place.merchant_id, &place.service_id, "NO_SHOW");
            new.outgoing.push(told);
        }
        inner.create(new).await
    }
}

/// Tells of every change, whoever made it.
pub(super) struct Echo;

#[async_trait]
impl Twist for Echo {
    async fn change(
        &self,
        inner: &dyn Store,
        mut change: BookingChange,
    ) -> Result<ChangeOutcome, StoreError> {
        let booking = &change.booking;
        if booking.status == BookingStatus::Canceled && !change.outgoing.iter().any(is_patch) {
            let place = &booking.place;
            let told = about(&booking.id, &place.merchant_id, &place.service_id, "CANCELED");
            change.outgoing.push(told);
        }
        inner.change(change).await
    }
}

/// Tells of a refund whenever a deposit is kept.
pub(super) struct Generous;

#[async_trait]
impl Twist for Generous {
    async fn change(
        &self,
        inner: &dyn Store,
        mut change: BookingChange,
    ) -> Result<ChangeOutcome, StoreError> {
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
            masked(message, |mask| {
                format!("{mask},paymentInformation.prepaymentStatus")
            });
        }
        inner.change(change).await
    }
}

/// Tells of a walk-in whenever somebody books through Google.
pub(super) struct Talkative;

#[async_trait]
impl Twist for Talkative {
    async fn create(&self, inner: &dyn Store, mut new: NewBooking) -> Result<CreateOutcome, StoreError> {
        let place = &new.booking.place;
        let walk_in = format!("walk-in-{}", new.booking.id);
        let told = about(&walk_in, &place.merchant_id, &place.service_id, "CANCELED");
        new.outgoing.push(told);
        inner.create(new).await
    }
}
