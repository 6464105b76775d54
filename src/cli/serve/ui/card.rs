//! A call of the log as a piece of the page.

use super::super::line::{CallOutcome, Shown, describe, refusal, remarks, subject};
use crate::output::counted;
use domain::{Aim, CallKind, Fault};
use google::{ArmedFault, BookingCopy, Call, Credential, Route};
use outcome::shell::quote;
use outcome::text::one_line;
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use report::watch::{self, Piece, WatchedBooking, WatchedCall};
use serde_json::Value;

/// What stands where something is not shown.
const MASKED: &str = "[masked";

/// What may not stand in an address as it is; a masked call has its path decoded.
const UNSAFE: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'<')
    .add(b'>')
    .add(b'[')
    .add(b'\\')
    .add(b']')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// A call, and the row of its booking.
pub(super) struct Card {
    pub(super) piece: Piece,
    pub(super) booking: Option<(String, Piece)>,
}

/// What the page shows of a call.
pub(super) fn of(shown: &Shown<'_>, base_url: &str) -> Card {
    let call = shown.shown.call();
    let outcome = CallOutcome::of(shown);
    let partner = call.route.partner().unwrap_or_default();
    let message = |copy: &BookingCopy| copy.to_message(partner);
    let before = call.before.as_ref().map_or(Value::Null, message);
    let piece = watch::call(&WatchedCall {
        number: call.number,
        time: call.at.strftime("%H:%M:%S").to_string(),
        outcome: outcome.word(),
        method: &call.method,
        subject: subject(call),
        words: match outcome {
            CallOutcome::Refused => refusal(shown),
            CallOutcome::Taken | CallOutcome::Noted | CallOutcome::Wrong => describe(call),
        },
        target: &call.target,
        headers: &call.headers,
        body: call.json.as_ref(),
        body_bytes: call.body_len,
        findings: shown.shown.findings(),
        remarks: remarks(shown).map(ToString::to_string).collect(),
        fault: call.fault.as_ref().map(ToString::to_string),
        status: call.answer.status,
        answer: call.answer.body.as_ref(),
        copies: call.booking.as_ref().map(|copy| (before, message(copy))),
        booking: booking_id(call),
        curl: curl(call, base_url),
    });
    let copy = call
        .booking
        .as_ref()
        .filter(|copy| !copy.booking_id.contains(MASKED));
    Card {
        piece,
        booking: copy.map(|copy| (copy.booking_id.clone(), booking(copy, Some(call.number)))),
    }
}

/// The id at which a fault can be aimed.
fn booking_id(call: &Call) -> Option<&str> {
    match &call.route {
        Route::Booking { booking_id, .. } => Some(booking_id.as_str()).filter(|id| !id.contains(MASKED)),
        _ => None,
    }
}

/// A row of the table of bookings.
pub(super) fn booking(copy: &BookingCopy, last_call: Option<u64>) -> Piece {
    let message = copy.to_message("");
    let text = |name: &str| message.get(name).and_then(Value::as_str).map(str::to_owned);
    let payment = message
        .pointer("/paymentInformation/prepaymentStatus")
        .and_then(Value::as_str);
    let party = copy.party_size.map(|size| format!("party of {size}"));
    let length = (copy.duration_sec > 0).then(|| format!("{} min", copy.duration_sec / 60));
    let rest = [length, party, payment.map(str::to_owned)];
    watch::booking(&WatchedBooking {
        id: &copy.booking_id,
        of: format!("{}/{}", copy.merchant_id, copy.service_id),
        status: text("status").unwrap_or_else(|| "not said".to_owned()),
        start: text("startTime").unwrap_or_else(|| "not said".to_owned()),
        rest: rest.into_iter().flatten().collect::<Vec<_>>().join(", "),
        last_call,
    })
}

/// A fault that is armed, in words.
pub(super) fn fault(armed: &ArmedFault) -> String {
    let strikes = match &armed.aim {
        Aim::Any => "any call".to_owned(),
        Aim::Kind(CallKind::Bookings) => "notifications about bookings".to_owned(),
        Aim::Kind(CallKind::Availability) => "inventory updates".to_owned(),
        Aim::Kind(CallKind::Token) => "token requests".to_owned(),
        Aim::Booking { booking_id } => format!("notifications about booking {}", one_line(booking_id)),
        Aim::Slot {
            merchant_id,
            service_id,
            start_sec,
        } => {
            let start = jiff::Timestamp::from_second(*start_sec).unwrap_or_default();
            let (merchant, service) = (one_line(merchant_id), one_line(service_id));
            format!("inventory updates about {merchant}/{service} at {start}")
        }
    };
    let often = match armed.fault {
        Fault::Revoked => "as long as that token is shown".to_owned(),
        _ => counted(usize::try_from(armed.left).unwrap_or(usize::MAX), "time"),
    };
    format!("{strikes}: {}, {often}", armed.fault)
}

/// The command that sends a call again, and whether it is all that was sent; none for a body that is no JSON.
fn curl(call: &Call, base_url: &str) -> Option<(String, bool)> {
    if call.json.is_none() && call.body_len > 0 || matches!(call.route, Route::Token | Route::Batch) {
        return None;
    }
    let body = call.json.as_ref().map(ToString::to_string);
    let is_whole = ![Some(&call.target), body.as_ref()]
        .into_iter()
        .flatten()
        .any(|text| text.contains(MASKED));
    let target = utf8_percent_encode(&call.target, UNSAFE).to_string();
    let mut words = vec![
        "curl -sS -i -X".to_owned(),
        quote(&call.method),
        quote(&format!("{base_url}{target}")),
    ];
    let content_type = call
        .headers
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case("content-type"));
    if let Some((_, value)) = content_type {
        words.push(format!("-H {}", quote(&format!("content-type: {value}"))));
    }
    if call.credential != Credential::None {
        words.push("-H \"authorization: Bearer $ACCESS_TOKEN\"".to_owned());
    }
    words.extend(body.map(|body| format!("--data-raw {}", quote(&body))));
    Some((words.join(" "), is_whole))
}
