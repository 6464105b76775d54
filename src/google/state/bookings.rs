//! `notification.partners.bookings.patch`: the partner tells what became of a booking.

use crate::api::draft::Draft;
use crate::api::error::{ApiError, Stop};
use crate::api::lint::Lint;
use crate::api::mask::UpdateMask;
use crate::api::mask::{Mask, Masks};
use crate::state::booking::{BookingCopy, BookingStatus};
use crate::state::patch::{CopyChange, outside_mask};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, VecDeque};

/// A notification may overtake the answer that names its booking by this much.
const OVERTAKE: SignedDuration = SignedDuration::from_secs(1);

/// So many bookings that nobody registered are kept; the oldest one is forgotten for one more.
const ADOPTED: usize = 100_000;
/// So much memory all copies take at most, as long as there are such bookings to forget.
const COPIED_BYTES: usize = 64 * 1024 * 1024;

/// What becomes of notifications about bookings that Google does not know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum UnknownBookings {
    /// 404, as Google answers.
    #[default]
    NotFound,
    /// The first notification makes the booking known, so that a sender can be tried out before it is connected.
    Adopted,
}

/// Google's copies, and how many answers that may name new ones are outstanding.
#[derive(Debug, Clone, Default)]
pub(crate) struct Bookings {
    copies: BTreeMap<String, BookingCopy>,
    pub(crate) open_creates: usize,
    unknown: UnknownBookings,
    adopted: VecDeque<String>,
    /// Bytes of memory, about.
    weight: usize,
}

/// A patch as it arrived, after the credentials were checked.
pub(crate) struct Patch<'a> {
    pub(crate) partner: &'a str,
    pub(crate) booking_id: &'a str,
    pub(crate) masks: Masks,
    pub(crate) at: Timestamp,
    pub(crate) now: Timestamp,
}

impl Bookings {
    pub(crate) fn new(unknown: UnknownBookings) -> Self {
        Self {
            unknown,
            ..Self::default()
        }
    }

    pub(crate) fn get(&self, booking_id: &str) -> Option<&BookingCopy> {
        self.copies.get(booking_id)
    }

    pub(crate) fn insert(&mut self, copy: BookingCopy) {
        self.weight += measure(&copy);
        let before = self.copies.insert(copy.booking_id.clone(), copy);
        self.weight -= before.as_ref().map_or(0, measure);
    }

    /// Applies a patch to Google's copy and answers with the whole copy.
    pub(crate) fn update(
        &mut self,
        patch: &Patch<'_>,
        body: &Map<String, Value>,
        draft: &mut Draft,
    ) -> Result<Value, Stop> {
        let mask = read_mask(patch.masks, draft)?;
        let sent = CopyChange::of_body(body);
        let mut copy = self.find(patch, &sent, body)?;
        learn_slot(&mut copy, body);
        draft.lints.extend(mismatches(patch, body, &copy));
        draft.lints.extend(outside_mask(&sent, body, &mask, &copy));
        let change = sent.restrict_to(&mask)?;
        draft.lints.extend(change.check(&copy)?);
        change.apply(&mut copy);
        if draft.booking_failure.is_some() && copy.status != BookingStatus::Failed {
            draft.lints.push(Lint::FailureIgnored);
        }
        let answer = copy.to_message(patch.partner);
        self.store(copy);
        Ok(answer)
    }

    fn find(
        &self,
        patch: &Patch<'_>,
        sent: &CopyChange,
        body: &Map<String, Value>,
    ) -> Result<BookingCopy, Stop> {
        let until = patch.at + OVERTAKE;
        let may_come = self.open_creates > 0 && patch.now < until;
        match (self.copies.get(patch.booking_id), self.unknown) {
            (Some(copy), _) => Ok(copy.clone()),
            (None, _) if may_come => Err(Stop::Hold(until)),
            (None, UnknownBookings::Adopted) => Ok(sent.original(patch.booking_id, body)),
            (None, UnknownBookings::NotFound) => Err(ApiError::not_found().into()),
        }
    }

    fn store(&mut self, copy: BookingCopy) {
        if !self.copies.contains_key(&copy.booking_id) {
            self.adopted.push_back(copy.booking_id.clone());
        }
        self.insert(copy);
        while (self.adopted.len() > ADOPTED || self.weight > COPIED_BYTES)
            && let Some(oldest) = self.adopted.pop_front()
        {
            let forgotten = self.copies.remove(&oldest);
            self.weight -= forgotten.as_ref().map_or(0, measure);
        }
    }
}

fn measure(copy: &BookingCopy) -> usize {
    let texts = [&copy.booking_id, &copy.merchant_id, &copy.service_id].map(String::len);
    let transaction = copy.payment_transaction_id.as_ref().map_or(0, String::len);
    // The id is there twice.
    size_of::<BookingCopy>() + copy.booking_id.len() + texts.iter().sum::<usize>() + transaction
}

fn read_mask(masks: Masks, draft: &mut Draft) -> Result<Mask, ApiError> {
    let sent = draft.update_mask.as_ref().and_then(|mask| mask.sent.clone());
    let mut mask = Mask::read(sent.as_deref())?;
    masks.check(&mask.lints)?;
    draft.lints.append(&mut mask.lints);
    draft.update_mask = Some(UpdateMask {
        sent,
        paths: mask.paths.clone(),
    });
    Ok(mask)
}

/// Of a booking that was adopted it may be told only later where it is.
fn learn_slot(copy: &mut BookingCopy, body: &Map<String, Value>) {
    let ids = [
        ("merchantId", &mut copy.merchant_id),
        ("serviceId", &mut copy.service_id),
    ];
    for (name, known) in ids {
        if let Some(sent) = body.get(name).and_then(Value::as_str)
            && known.is_empty()
        {
            sent.clone_into(known);
        }
    }
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
