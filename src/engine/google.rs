//! The link to Google's side of the wire: what the partner sends there becomes facts of the histories.

use super::board::Board;
use super::masked::masked;
use super::other_calls::other_call;
use super::received::{notification, windows};
use domain::slot::{Resources, Slot};
use domain::{Aim, Fault};
use google::server::{Handle, Running};
use google::{BookingCopy, BookingStatus, PrepaymentStatus, SlotReport};
use protocol::int64;
use serde_json::Value;
use std::sync::Arc;
use tokio::task::JoinHandle;
use transcript::Masker;

/// Google's side, running.
pub struct GoogleSide {
    handle: Handle,
    partner_id: String,
    masker: Masker,
    receiver: JoinHandle<()>,
}

impl GoogleSide {
    /// Starts to file what arrives.
    pub fn attach(running: &Running, partner_id: &str, board: &Arc<Board>, masker: &Masker) -> Self {
        let mut calls = running.subscribe();
        let (board, hides) = (Arc::clone(board), masker.clone());
        let receiver = tokio::spawn(async move {
            while let Some(call) = calls.recv().await {
                let call = masked(&call, &hides);
                if let Some(notification) = notification(&call) {
                    board.receive(notification, &windows(&call));
                } else if let Some(other) = other_call(&call) {
                    board.receive_other(other);
                }
            }
        });
        Self {
            handle: running.google(),
            partner_id: partner_id.to_owned(),
            masker: masker.clone(),
            receiver,
        }
    }

    /// What its server had no more of, in the system's words.
    pub(super) fn exhaustion(&self) -> Option<String> {
        self.handle.exhaustion()
    }

    /// A CreateBooking is about to be sent: notifications about unknown bookings are held.
    pub(super) fn open_create(&self) {
        self.handle.change(google::Google::open_create);
    }

    /// Its answer has been read.
    pub(super) fn close_create(&self) {
        self.handle.change(google::Google::close_create);
    }

    /// Google stores what the partner confirmed, made from what Google held before. `claim` gets the copy in the API's
    /// form before any notification that was held for it goes on, so that the notification finds its owner.
    pub(super) fn store(
        &self,
        booking_id: &str,
        make: impl FnOnce(Option<BookingCopy>) -> Option<BookingCopy>,
        claim: impl FnOnce(Value),
    ) {
        self.handle.change(|google| {
            if let Some(copy) = make(google.booking(booking_id).cloned()) {
                claim(self.masker.mask_json(&copy.to_message(&self.partner_id)));
                google.register(copy);
            }
        });
    }

    /// Something goes wrong with the next calls about a booking or a slot.
    pub(super) fn arm(&self, aim: Aim, fault: Fault, times: u32) {
        self.handle.change(|google| google.arm(aim, fault, times));
    }

    /// Disarms the faults of a booking or a slot.
    pub(super) fn disarm(&self, aim: &Aim) {
        self.handle.change(|google| google.disarm(aim));
    }

    /// Google's copy of a slot; none before the first inventory update of it.
    pub(super) fn slot_copy(&self, slot: &Slot) -> Option<Value> {
        let (merchant, service, start) = (&slot.merchant_id, &slot.service_id, slot.start_sec);
        let open =
            self.handle.inspect(
                |google| match google.availability().report(merchant, service, start) {
                    SlotReport::Never => None,
                    SlotReport::Absent => Some(0),
                    SlotReport::Slots(listed) => {
                        // Without an entry of the very slot those count that may mean it.
                        let is_exact = listed.iter().any(|one| one.resources == slot.resources);
                        let same = listed.iter().filter(|one| {
                            one.resources == slot.resources
                                || !is_exact && is_same(&one.resources, &slot.resources)
                        });
                        Some(same.map(|listed| listed.open_at(start)).sum::<i64>())
                    }
                },
            );
        open.map(|open| serde_json::json!({ "spotsOpen": open }))
    }

    /// Google's copy as its side holds it now, in the API's form.
    pub(super) fn booking_copy(&self, booking_id: &str) -> Option<Value> {
        self.handle.inspect(|google| {
            google
                .booking(booking_id)
                .map(|copy| copy.to_message(&self.partner_id))
        })
    }
}

impl Drop for GoogleSide {
    fn drop(&mut self) {
        self.receiver.abort();
    }
}

/// True unless both name staff, room or party size and mean others.
fn is_same(listed: &Resources, slot: &Resources) -> bool {
    let agree =
        |one: &Option<String>, other: &Option<String>| one.is_none() || other.is_none() || one == other;
    let party = listed.party_size.zip(slot.party_size);
    agree(&listed.staff_id, &slot.staff_id)
        && agree(&listed.room_id, &slot.room_id)
        && party.is_none_or(|(one, other)| one == other)
}

/// The longest duration of the API, and later than any slot starts, seconds.
const LONGEST_SEC: i64 = 315_576_000_000;

/// Google's copy of a booking after a `Booking` message of the booking server, over what Google held before.
pub(super) fn copy_of(
    booking: &Value,
    before: Option<BookingCopy>,
    slot: Option<&Value>,
) -> Option<BookingCopy> {
    let text = |pointer: &str| booking.pointer(pointer).and_then(Value::as_str);
    let booking_id = text("/booking_id").filter(|id| !id.is_empty())?.to_owned();
    let asked = |name: &str| {
        booking
            .pointer(&format!("/slot/{name}"))
            .or_else(|| slot?.get(name))
    };
    // What the API could not write is no time or length: Google keeps what it asked for.
    let number = |name: &str| {
        asked(name)
            .and_then(int64::read)
            .filter(|number| (0..=LONGEST_SEC).contains(number))
    };
    let mut copy = before.unwrap_or(BookingCopy {
        booking_id,
        merchant_id: String::new(),
        service_id: String::new(),
        start_sec: 0,
        duration_sec: 0,
        status: BookingStatus::Confirmed,
        prepayment_status: PrepaymentStatus::Unspecified,
        payment_transaction_id: None,
        party_size: None,
    });
    if let Some(merchant) = asked("merchant_id").and_then(Value::as_str) {
        merchant.clone_into(&mut copy.merchant_id);
    }
    if let Some(service) = asked("service_id").and_then(Value::as_str) {
        service.clone_into(&mut copy.service_id);
    }
    copy.start_sec = number("start_sec").unwrap_or(copy.start_sec);
    copy.duration_sec = number("duration_sec").unwrap_or(copy.duration_sec);
    if let Some(status) = text("/status").and_then(BookingStatus::from_name) {
        copy.status = status;
    }
    if let Some(status) = text("/payment_information/prepayment_status").and_then(PrepaymentStatus::from_name)
    {
        copy.prepayment_status = status;
    }
    if let Some(id) = text("/payment_information/payment_transaction_id").filter(|id| !id.is_empty()) {
        copy.payment_transaction_id = Some(id.to_owned());
    }
    let party = asked("resources")
        .and_then(|resources| resources.get("party_size"))
        .and_then(Value::as_i64);
    copy.party_size = party.or(copy.party_size);
    Some(copy)
}
