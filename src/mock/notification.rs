//! `notification.partners.bookings.patch`: the partner tells what became of a booking.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value};

use super::booking::{BookingCopy, BookingStatus};
use super::call::{Draft, UpdateMask};
use super::decoder::{Decoded, decode};
use super::error::{ApiError, Stop};
use super::lint::Lint;
use super::mask::Mask;
use super::patch::{Change, outside_mask};
use super::query;
use crate::protocol::model::v1alpha;

/// A notification may overtake the answer that names its booking by this much.
const OVERTAKE: SignedDuration = SignedDuration::from_secs(1);

/// Google's copies, and how many answers that may name new ones are outstanding.
#[derive(Debug, Clone, Default)]
pub(super) struct Bookings {
    pub(super) copies: BTreeMap<String, BookingCopy>,
    pub(super) open_creates: usize,
}

/// A patch as it arrived, after the credentials were checked.
pub(super) struct Patch<'a> {
    pub(super) partner: &'a str,
    pub(super) booking_id: &'a str,
    pub(super) at: Timestamp,
    pub(super) now: Timestamp,
}

/// Reads body and query; both are looked at before either is refused.
pub(super) fn read(body: &[u8], draft: &mut Draft) -> Result<Map<String, Value>, Stop> {
    let bound = query::bind(
        v1alpha(),
        "UpdateBookingRequest",
        &["booking"],
        &draft.query.fields,
    );
    let decoded = decode(v1alpha(), "Booking", "booking", body);
    if let Ok(bound) = &bound {
        note_query(bound, draft);
    }
    match (bound, decoded) {
        (Ok(bound), Ok(decoded)) => {
            draft.lints.extend(bound.lints.into_iter().chain(decoded.lints));
            Ok(decoded.value)
        }
        (bound, decoded) => {
            let violations = bound
                .err()
                .into_iter()
                .chain(decoded.err())
                .flatten()
                .collect::<Vec<_>>();
            Err(violations.into())
        }
    }
}

fn note_query(bound: &Decoded, draft: &mut Draft) {
    let sent = bound
        .value
        .get("updateMask")
        .and_then(Value::as_str)
        .map(str::to_owned);
    draft.update_mask = Some(UpdateMask {
        sent,
        paths: Vec::new(),
    });
    draft.booking_failure = bound.value.get("bookingFailure").cloned();
}

impl Bookings {
    /// Applies a patch to Google's copy and answers with the whole copy.
    pub(super) fn update(
        &mut self,
        patch: &Patch<'_>,
        body: &Map<String, Value>,
        draft: &mut Draft,
    ) -> Result<Value, Stop> {
        let mask = read_mask(draft)?;
        let copy = self.find(patch)?;
        let sent = Change::populated(body);
        draft.lints.extend(mismatches(patch, body, copy));
        draft.lints.extend(outside_mask(&sent, body, &mask, copy));
        let change = sent.masked(&mask)?;
        draft.lints.extend(change.check(copy)?);
        change.apply(copy);
        if draft.booking_failure.is_some() && copy.status != BookingStatus::Failed {
            draft.lints.push(Lint::FailureIgnored);
        }
        Ok(copy.to_message(patch.partner))
    }

    fn find(&mut self, patch: &Patch<'_>) -> Result<&mut BookingCopy, Stop> {
        let until = patch.at + OVERTAKE;
        let may_come = self.open_creates > 0 && patch.now < until;
        match self.copies.get_mut(patch.booking_id) {
            Some(copy) => Ok(copy),
            None if may_come => Err(Stop::Hold(until)),
            None => Err(ApiError::not_found().into()),
        }
    }
}

fn read_mask(draft: &mut Draft) -> Result<Mask, ApiError> {
    let sent = draft.update_mask.as_ref().and_then(|mask| mask.sent.clone());
    let mut mask = Mask::read(sent.as_deref())?;
    draft.lints.append(&mut mask.lints);
    draft.update_mask = Some(UpdateMask {
        sent,
        paths: mask.paths.clone(),
    });
    Ok(mask)
}

fn mismatches(patch: &Patch<'_>, body: &Map<String, Value>, copy: &BookingCopy) -> Vec<Lint> {
    let text = |name: &str| {
        body.get(name)
            .and_then(Value::as_str)
            .filter(|text| !text.is_empty())
    };
    let mut lints = Vec::new();
    let name = format!("partners/{}/bookings/{}", patch.partner, patch.booking_id);
    if let Some(sent) = text("name").filter(|sent| *sent != name) {
        lints.push(Lint::NameMismatch {
            sent: sent.to_owned(),
        });
    }
    for (field, stored) in [("merchantId", &copy.merchant_id), ("serviceId", &copy.service_id)] {
        if let Some(sent) = text(field).filter(|sent| sent != stored) {
            lints.push(Lint::SlotMismatch {
                field: field.to_owned(),
                sent: sent.to_owned(),
            });
        }
    }
    lints
}
