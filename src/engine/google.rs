//! The link to Google's side of the wire: what the partner sends there becomes facts of the histories.

use super::board::{Board, Window};
use domain::slot::{Resources, Slot};
use domain::{Aim, Fault};
use google::server::{Handle, Running};
use google::{BookingCopy, BookingStatus, Call, PrepaymentStatus, Route, SlotReport};
use indexmap::IndexMap;
use percent_encoding::percent_decode_str;
use protocol::{int64, time};
use serde_json::Value;
use std::sync::Arc;
use tokio::task::JoinHandle;
use transcript::{Masker, Notification, SlotKey, Subject, TokenRequest};

/// Google's side, running.
pub struct GoogleSide {
    handle: Handle,
    partner_id: String,
    receiver: JoinHandle<()>,
}

impl GoogleSide {
    /// Starts to file what arrives.
    pub fn attach(running: &Running, partner_id: &str, board: &Arc<Board>, masker: &Masker) -> Self {
        let mut calls = running.subscribe();
        let (board, masker) = (Arc::clone(board), masker.clone());
        let receiver = tokio::spawn(async move {
            while let Some(call) = calls.recv().await {
                if call.route == Route::Token {
                    board.receive_token_request(token_request(&call));
                } else if let Some(notification) = notification(&call, &masker) {
                    board.receive(notification, &windows(&call));
                }
            }
        });
        Self {
            handle: running.google(),
            partner_id: partner_id.to_owned(),
            receiver,
        }
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
                claim(copy.to_message(&self.partner_id));
                google.register(copy);
            }
        });
    }

    /// Something goes wrong with the next calls about a booking or a slot.
    pub(super) fn arm(&self, aim: Aim, fault: Fault, times: u32) {
        self.handle.change(|google| google.arm(aim, fault, times));
    }

    /// Nothing goes wrong there any more.
    pub(super) fn disarm(&self, aim: &Aim) {
        self.handle.change(|google| google.disarm(aim));
    }

    /// What Google has been told of a slot; none while nothing was said of it.
    pub(super) fn told(&self, slot: &Slot) -> Option<Value> {
        let (merchant, service, start) = (&slot.merchant_id, &slot.service_id, slot.start_sec);
        let open =
            self.handle.inspect(
                |google| match google.availability().report(merchant, service, start) {
                    SlotReport::Never => None,
                    SlotReport::Absent => Some(0),
                    SlotReport::Slots(told) => {
                        let same = told
                            .iter()
                            .filter(|told| is_same(&told.resources, &slot.resources));
                        Some(same.map(|told| told.open_at(start)).sum::<i64>())
                    }
                },
            );
        open.map(|open| serde_json::json!({ "spotsOpen": open }))
    }

    /// Google's copy as its side holds it now, in the API's form.
    pub(super) fn stored(&self, booking_id: &str) -> Option<Value> {
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
fn is_same(told: &Resources, slot: &Resources) -> bool {
    let agree =
        |one: &Option<String>, other: &Option<String>| one.is_none() || other.is_none() || one == other;
    let party = told.party_size.zip(slot.party_size);
    agree(&told.staff_id, &slot.staff_id)
        && agree(&told.room_id, &slot.room_id)
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

/// The recorded form of a call; token requests and calls outside the API are not notifications.
fn notification(call: &Call, masker: &Masker) -> Option<Notification> {
    let subject = subject(call)?;
    let failure = flatten(&masked(call.booking_failure.as_ref(), masker));
    let raw = masker.mask(&String::from_utf8_lossy(&call.body));
    Some(Notification {
        subject,
        verb: call.method.clone(),
        target: masker.mask(&call.target),
        headers: call
            .headers
            .iter()
            .map(|(name, value)| (name.clone(), masker.mask(value)))
            .collect(),
        body: serde_json::from_str(&raw).ok(),
        raw,
        mask: mask(call).map(|mask| split(&mask)),
        booking_failure: failure,
        lints: call.lints.iter().map(ToString::to_string).collect(),
        fault: call.fault.clone(),
        status: call.answer.status,
        answer: masked(call.answer.body.as_ref(), masker),
        before: None,
        after: None,
    })
}

fn token_request(call: &Call) -> TokenRequest {
    let asked = |pointer: &str| call.json.as_ref()?.pointer(pointer).cloned();
    let answered = |name: &str| {
        call.answer
            .body
            .as_ref()?
            .get(name)?
            .as_str()
            .map(ToOwned::to_owned)
    };
    TokenRequest {
        at_ms: 0,
        algorithm: asked("/header/alg").and_then(|alg| alg.as_str().map(ToOwned::to_owned)),
        claims: asked("/claims").unwrap_or_default(),
        granted: answered("access_token").is_some(),
        error: answered("error_description"),
    }
}

/// The mask as it was sent, also where the verb was wrong and nobody looked at the query.
fn mask(call: &Call) -> Option<String> {
    let read = call.update_mask.as_ref().map(|mask| mask.sent.clone());
    read.unwrap_or_else(|| mask_in(&call.target))
}

fn mask_in(target: &str) -> Option<String> {
    let query = target.split_once('?')?.1;
    let mut pairs = form_urlencoded::parse(query.as_bytes());
    let sent = pairs.find(|(name, _)| name == "updateMask" || name == "update_mask");
    sent.map(|(_, mask)| mask.into_owned())
}

/// A JSON value with every secret in it hidden.
fn masked(value: Option<&Value>, masker: &Masker) -> Value {
    let text = value.unwrap_or(&Value::Null).to_string();
    serde_json::from_str(&masker.mask(&text)).unwrap_or(Value::Null)
}

fn split(mask: &str) -> Vec<String> {
    mask.split(',')
        .map(|path| path.trim().to_owned())
        .filter(|path| !path.is_empty())
        .collect()
}

fn subject(call: &Call) -> Option<Subject> {
    match &call.route {
        Route::Booking { partner, booking_id } => Some(Subject::Booking {
            partner: partner.clone(),
            booking_id: booking_id.clone(),
        }),
        Route::BatchAvailability { partner } => {
            let entries = call
                .decoded
                .as_ref()
                .and_then(|body| body["extendedServiceAvailability"].as_array());
            let slots = entries
                .into_iter()
                .flatten()
                .flat_map(|entry| slots(entry, &entry["merchantId"], &entry["serviceId"]));
            Some(Subject::Availability {
                partner: partner.clone(),
                slots: slots.collect(),
            })
        }
        Route::Availability {
            partner,
            merchant,
            service,
        } => {
            let (merchant, service) = (Value::from(merchant.as_str()), Value::from(service.as_str()));
            let entry = call.decoded.as_ref().map(|body| &body["serviceAvailability"]);
            let slots = entry
                .into_iter()
                .flat_map(|entry| slots(entry, &merchant, &service))
                .collect();
            Some(Subject::Availability {
                partner: partner.clone(),
                slots,
            })
        }
        Route::Resource { .. } | Route::Records { .. } | Route::Token | Route::Discovery => None,
        Route::Unknown => misrouted(&call.target),
    }
}

/// The windows that an inventory update replaces.
fn windows(call: &Call) -> Vec<Window> {
    let body = call.decoded.as_ref();
    let bound = |entry: &Value, name: &str| {
        entry[name]
            .as_str()
            .and_then(|time| time::timestamp_to_seconds(time).ok())
    };
    let window = |entry: &Value, merchant: &str, service: &str| Window {
        merchant_id: merchant.to_owned(),
        service_id: service.to_owned(),
        from_sec: bound(entry, "startTimeRestrict"),
        to_sec: bound(entry, "endTimeRestrict"),
    };
    match &call.route {
        Route::BatchAvailability { .. } => {
            let entries = body
                .and_then(|body| body["extendedServiceAvailability"].as_array())
                .into_iter()
                .flatten();
            let named = |entry: &Value| {
                Some(window(
                    entry,
                    entry["merchantId"].as_str()?,
                    entry["serviceId"].as_str()?,
                ))
            };
            entries.filter_map(named).collect()
        }
        Route::Availability {
            merchant, service, ..
        } => body
            .map(|body| window(&body["serviceAvailability"], merchant, service))
            .into_iter()
            .collect(),
        _ => Vec::new(),
    }
}

/// A call that was meant for the API but misses it (an invented verb, for example) is still the partner's notification.
fn misrouted(target: &str) -> Option<Subject> {
    let path = target.split('?').next()?;
    let rest = path.strip_prefix("/v1alpha/")?;
    let segments: Vec<_> = rest.split('/').collect();
    let after = |name: &str| {
        let place = segments.iter().position(|segment| *segment == name)?;
        let text = percent_decode_str(segments.get(place + 1)?).decode_utf8_lossy();
        Some(text.into_owned())
    };
    let partner = after("partners").unwrap_or_default();
    Some(match after("bookings") {
        Some(booking_id) => Subject::Booking { partner, booking_id },
        None => Subject::Availability {
            partner,
            slots: Vec::new(),
        },
    })
}

/// The slots of one entry: those it lists, and the start of its window when it clears it.
fn slots(entry: &Value, merchant: &Value, service: &Value) -> Vec<SlotKey> {
    let listed = entry["availability"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|slot| &slot["startTime"]);
    let window = std::iter::once(&entry["startTimeRestrict"]);
    let mut keys: Vec<_> = listed
        .chain(window)
        .filter_map(|start| {
            Some(SlotKey {
                merchant_id: merchant.as_str()?.to_owned(),
                service_id: service.as_str()?.to_owned(),
                start_sec: time::timestamp_to_seconds(start.as_str()?).ok()?,
            })
        })
        .collect();
    keys.sort();
    keys.dedup();
    keys
}

/// `bookingFailure` as dotted names.
fn flatten(failure: &Value) -> IndexMap<String, String> {
    fn walk(value: &Value, at: &str, leaves: &mut IndexMap<String, String>) {
        match value {
            Value::Object(fields) => fields
                .iter()
                .for_each(|(name, value)| walk(value, &format!("{at}.{name}"), leaves)),
            Value::String(text) => drop(leaves.insert(at.to_owned(), text.clone())),
            other => drop(leaves.insert(at.to_owned(), other.to_string())),
        }
    }
    let mut leaves = IndexMap::new();
    walk(failure, "bookingFailure", &mut leaves);
    leaves
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mask_of_a_call_with_the_wrong_verb_is_read_from_its_query() {
        let target = "/v1alpha/notification/partners/1/bookings/b?x=1&updateMask=status%2CstartTime";
        assert_eq!(mask_in(target).as_deref(), Some("status,startTime"));
        assert_eq!(mask_in("/v1alpha/notification/partners/1/bookings/b"), None);
    }
}
