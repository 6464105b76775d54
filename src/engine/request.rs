//! From a step to the request that will be sent: what Google would send, and what the author changes in it.

use super::job::Job;
use super::order::{Cart, cart_id, open_cart, stated_fees};
use super::test_cards::TestCards;
use super::transport::Outgoing;
use super::{form, payload, waitlist};
use domain::digits::idempotency_token;
use domain::slot::Slot;
use protocol::Method;
use scenario::template::{self, TemplateError};
use scenario::{CallStep, GoogleChange, Lookup};
use serde_json::{Value, json};
use transcript::Transcript;

/// A request and the message in it.
#[derive(Debug, Clone)]
pub(super) struct BuiltRequest {
    /// The request.
    pub(super) outgoing: Outgoing,
    /// The message as JSON, if it is one.
    pub(super) message: Option<Value>,
    /// The slot that it is about.
    pub(super) slot: Option<Slot>,
}

impl BuiltRequest {
    /// The same request for a step that repeats it, at another path if the step names one.
    pub(super) fn repeat(&self, step: &CallStep) -> Self {
        let mut again = self.clone();
        if let Some(path) = &step.path {
            again.outgoing.path.clone_from(path);
        }
        again
    }
}

/// Builds the request of a step; `serial` numbers the requests of one scenario.
pub(super) fn build(
    job: &Job,
    step: &CallStep,
    so_far: &Transcript,
    cards: &TestCards,
    serial: usize,
) -> Result<BuiltRequest, TemplateError> {
    let slot = slot(job, step, so_far);
    let mut message = message(
        job,
        step,
        so_far,
        slot.as_ref(),
        &|slot| cards.token(&step.card, slot, &fresh(job, serial)),
        serial,
    )?;
    message = message.map(|message| payload::plain(step.method, message));
    if let (Some(message), Some(with)) = (&mut message, &step.with) {
        payload::merge(message, &template::render_all(with, &so_far.context())?);
    }
    if let Some(message) = &mut message {
        step.without
            .iter()
            .for_each(|path| payload::remove(message, path));
    }
    if let (Some(written), Some(form)) = (&mut message, step.form) {
        form::rewrite(written, step.method, form);
    }
    let body = step
        .raw
        .clone()
        .or_else(|| message.as_ref().map(|message| form::text(message, step.form)));
    let verb = step.verb.as_deref().unwrap_or(step.method.verb());
    let outgoing = Outgoing {
        method: step.method,
        verb: verb.to_owned(),
        path: step.path.clone().unwrap_or_else(|| step.method.path()),
        headers: step
            .headers
            .iter()
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect(),
        credentials: step.credentials,
        body,
    };
    let message = if step.raw.is_some() { None } else { message };
    Ok(BuiltRequest {
        outgoing,
        message,
        slot,
    })
}

/// What makes the tokens of one request unlike those of any other.
fn fresh(job: &Job, serial: usize) -> String {
    let serial = u64::try_from(serial).unwrap_or_default();
    idempotency_token(job.first_token.wrapping_add(serial))
}

pub(super) fn slot(job: &Job, step: &CallStep, so_far: &Transcript) -> Option<Slot> {
    let name = step
        .slot
        .as_deref()
        .or_else(|| job.scenario.slots.keys().next().map(String::as_str))?;
    so_far.slot(name).cloned()
}

fn message(
    job: &Job,
    step: &CallStep,
    so_far: &Transcript,
    slot: Option<&Slot>,
    payment_token: &dyn Fn(&Slot) -> String,
    serial: usize,
) -> Result<Option<Value>, TemplateError> {
    let user = job.user_of(step.person);
    Ok(match step.method {
        Method::HealthCheck => None,
        Method::BatchAvailabilityLookup => {
            // What has taken the place of a stale slot may stand in the page, too.
            let others = job.page.iter().filter(|other| Some(*other) != slot);
            let page = slot.into_iter().chain(others);
            let asked: Vec<&Slot> = match &step.lookup {
                Lookup::Slot => slot.into_iter().collect(),
                Lookup::Page(most) => page.take(most.unwrap_or(usize::MAX)).collect(),
                Lookup::Slots(names) => names.iter().filter_map(|name| so_far.slot(name)).collect(),
            };
            Some(payload::lookup(&asked))
        }
        Method::CreateBooking => {
            slot.map(|slot| payload::create(slot, user, &fresh(job, serial), &payment_token(slot)))
        }
        Method::UpdateBooking => Some(update(step, so_far)?),
        Method::GetBookingStatus => Some(json!({ "booking_id": booking_id(step, so_far)? })),
        Method::BatchGetWaitEstimates => job.waitlist.as_ref().map(waitlist::estimates),
        Method::CreateWaitlistEntry => {
            let token = fresh(job, serial);
            job.waitlist
                .as_ref()
                .map(|list| waitlist::join(list, user, &token))
        }
        Method::GetWaitlistEntry | Method::DeleteWaitlistEntry => {
            Some(waitlist::entry(&rendered(step.entry.as_ref(), so_far)?))
        }
        Method::ListBookings | Method::ListOrders => Some(json!({ "user_id": user.user_id })),
        Method::CheckOrderFulfillability => {
            let cart = Cart {
                slots: &named(step, so_far, slot),
                twist: step.order,
                id: &fresh(job, serial),
            };
            Some(cart.check())
        }
        Method::CreateOrder => Some(order(job, step, so_far, slot, payment_token, serial)),
        Method::SetMarketingPreference => Some(payload::marketing_preference(user)),
    })
}

/// What was checked is ordered under the id of its cart, with the fees that were stated.
fn order(
    job: &Job,
    step: &CallStep,
    so_far: &Transcript,
    slot: Option<&Slot>,
    payment_token: &dyn Fn(&Slot) -> String,
    serial: usize,
) -> Value {
    let slots = named(step, so_far, slot);
    let checked = open_cart(so_far);
    let id = checked.as_ref().and_then(cart_id);
    let id = id.map_or_else(|| fresh(job, serial), ToOwned::to_owned);
    let cart = Cart {
        slots: &slots,
        twist: step.order,
        id: &id,
    };
    let fees = checked.as_ref().and_then(stated_fees);
    let token = slots.first().map(|slot| payment_token(slot));
    cart.create(job.user_of(step.person), fees, &token.unwrap_or_default())
}

/// The slots that a step names, or its one slot.
fn named<'t>(step: &CallStep, so_far: &'t Transcript, slot: Option<&'t Slot>) -> Vec<&'t Slot> {
    match &step.lookup {
        Lookup::Slots(names) => names.iter().filter_map(|name| so_far.slot(name)).collect(),
        Lookup::Slot | Lookup::Page(_) => slot.into_iter().collect(),
    }
}

fn update(step: &CallStep, so_far: &Transcript) -> Result<Value, TemplateError> {
    let mut booking = json!({ "booking_id": booking_id(step, so_far)? });
    match &step.change {
        Some(GoogleChange::Cancel) => booking["status"] = json!("CANCELED"),
        Some(GoogleChange::MoveTo(name)) => {
            let slot = slot_by_name(so_far, name)?;
            booking["slot"] = json!({
                "start_sec": slot.start_sec.to_string(),
                "duration_sec": slot.duration_sec.to_string(),
            });
        }
        Some(GoogleChange::PartySize(size)) => {
            booking["slot"] = json!({ "resources": { "party_size": size } });
        }
        Some(GoogleChange::PartyOf(name)) => {
            let size = slot_by_name(so_far, name)?.resources.party_size;
            booking["slot"] = json!({ "resources": { "party_size": size } });
        }
        None => {}
    }
    Ok(json!({ "booking": booking }))
}

fn slot_by_name<'t>(so_far: &'t Transcript, name: &str) -> Result<&'t Slot, TemplateError> {
    let slot = so_far.slot(name);
    slot.ok_or_else(|| TemplateError::Undefined(format!("slots.{name}")))
}

fn booking_id(step: &CallStep, so_far: &Transcript) -> Result<Value, TemplateError> {
    rendered(step.booking.as_ref(), so_far)
}

/// The value of a template; null where there is none.
fn rendered(text: Option<&String>, so_far: &Transcript) -> Result<Value, TemplateError> {
    match text {
        Some(text) => template::render(text, &so_far.context()),
        None => Ok(Value::Null),
    }
}
