//! CreateBooking: checked, settled, stored, answered. In that order, so that a failure leaves nothing.

use crate::app::{App, Parts, run_to_end};
use crate::booking::{Booking, Money};
use crate::error::{ApiError, Stop};
use crate::http::Message;
use crate::ids::random_id;
use crate::inventory::{Offer, SlotQuery};
use crate::messages::{
    BookingAnswer, BookingStatus, Cause, ConfirmationMode, CreateBookingRequest, PaymentInformation,
    VirtualSessionInfo,
};
use crate::packs::{self, PackUse};
use crate::payments::{self, Means};
use crate::store::{Candidate, CreateOutcome, NewBooking, Obstacle};
use axum::Json;
use axum::extract::State;

pub(super) async fn create_booking(
    State(app): State<App>,
    Message(request): Message<CreateBookingRequest>,
) -> Result<Json<BookingAnswer>, ApiError> {
    validate(&request)?;
    let parts = app.clone();
    let answer = run_to_end(async move {
        // A twin of this request waits here, and then finds the booking.
        let _lock = parts.tokens.lock(&request.idempotency_token).await;
        match book(&parts, &request).await {
            Ok(booking) => {
                let pack = packs::told(&parts, &booking).await?;
                Ok(BookingAnswer::made(booking.message(), pack))
            }
            Err(stop) => stop.into_answer(),
        }
    });
    let answer = Json(answer.await?);
    app.outbox_signal.notify();
    Ok(answer)
}

/// What no answer can be given to, wherever the slot is.
fn validate(request: &CreateBookingRequest) -> Result<(), ApiError> {
    let required = [
        (&request.idempotency_token, "idempotency_token"),
        (&request.user_information.user_id, "user_information.user_id"),
        (&request.slot.merchant_id, "slot.merchant_id"),
        (&request.slot.service_id, "slot.service_id"),
    ];
    match required.iter().find(|(value, _)| value.is_empty()) {
        Some((_, name)) => Err(ApiError::Invalid(format!("{name} is empty"))),
        None => Ok(()),
    }
}

async fn book(parts: &Parts, request: &CreateBookingRequest) -> Result<Booking, Stop> {
    if let Some(earlier) = parts.store.booking_of_token(&request.idempotency_token).await? {
        return Ok(earlier);
    }
    let offers = parts
        .inventory
        .find(&SlotQuery::of_slot(&request.slot), parts.now_sec())?;
    if !offers[0].service.tickets.is_empty() {
        let why = "the service is sold by the ticket: it is ordered, not booked";
        return Err(ApiError::Invalid(why.to_owned()).into());
    }
    let mut new = draft(parts, request, &offers);
    check(parts, request, &offers, &new).await?;
    pay(parts, request, &offers[0], &mut new).await?;
    store(parts, new).await
}

/// A pack that the user has pays, or a card.
async fn pay(
    parts: &Parts,
    request: &CreateBookingRequest,
    offer: &Offer<'_>,
    new: &mut NewBooking,
) -> Result<(), Stop> {
    let (stated, terms) = (&request.payment_information, offer.terms());
    new.pack = packs::choose(parts, stated, &request.user_information.user_id, &terms).await?;
    new.booking.pack = new.pack.as_ref().map(|pack| pack.pack().id.clone());
    if let Some(PackUse::Owned(pack)) = &new.pack {
        new.booking.payment = packs::payment_block(&terms, pack);
        return Ok(());
    }
    let means = Means {
        stated,
        unparsed_token: request
            .payment_processing_parameters
            .unparsed_payment_method_token
            .as_deref(),
        reference: &request.idempotency_token,
    };
    payments::settle(parts, &mut new.booking, offer.merchant, &terms, &means).await
}

/// Everything that can be refused before money moves.
async fn check(
    parts: &Parts,
    request: &CreateBookingRequest,
    offers: &[Offer<'_>],
    new: &NewBooking,
) -> Result<(), Stop> {
    if !offers[0].terms().is_bookable(parts.now_sec()) {
        return Err(Stop::because(
            Cause::SlotUnavailable,
            "the slot can no longer be booked",
        ));
    }
    parts.store.examine(new).await?.map_err(refusal)?;
    if request.offer_id.is_some() {
        return Err(Stop::because(Cause::OfferUnavailable, "no offers are made here"));
    }
    Ok(())
}

fn refusal(obstacle: Obstacle) -> Stop {
    match obstacle {
        Obstacle::HeldByUser => {
            Stop::because(Cause::SlotAlreadyBookedByUser, "the user already holds this slot")
        }
        Obstacle::Taken => Stop::because(Cause::SlotUnavailable, "the slot is taken"),
        Obstacle::PackUsedUp => packs::used_up(),
    }
}

/// The last spot can go to somebody else while we charge: then the charge is given back.
async fn store(parts: &Parts, new: NewBooking) -> Result<Booking, Stop> {
    let settled = new.booking.clone();
    let stop = match parts.store.create(new).await {
        // A token that was used meanwhile named the same order at the gateway: there is one charge.
        Ok(CreateOutcome::Created(booking) | CreateOutcome::TokenUsed(booking)) => return Ok(booking),
        Ok(CreateOutcome::Refused(obstacle)) => refusal(obstacle),
        Err(error) => error.into(),
    };
    payments::undo(parts, &settled).await?;
    Err(stop)
}

fn draft(parts: &Parts, request: &CreateBookingRequest, offers: &[Offer<'_>]) -> NewBooking {
    let booking = Booking {
        id: random_id(),
        slot: request.slot.clone(),
        place: offers[0].place(),
        occupies: true,
        user: request.user_information.clone(),
        status: first_status(&offers[0]),
        payment: PaymentInformation::on_arrival(),
        money: Money::default(),
        pack: None,
        visit_returned: false,
        session: session(&offers[0]),
        additional_request: request.additional_request.clone(),
        cancelled_late: false,
    };
    NewBooking {
        outgoing: parts.messages_for_new(&booking),
        booking,
        token: request.idempotency_token.clone(),
        pack: None,
        candidates: offers.iter().map(candidate).collect(),
    }
}

fn candidate(offer: &Offer<'_>) -> Candidate {
    Candidate {
        place: offer.place(),
        spots: offer.seat.spots,
    }
}

fn first_status(offer: &Offer<'_>) -> BookingStatus {
    match offer.service.confirmation {
        ConfirmationMode::Asynchronous => BookingStatus::PendingMerchantConfirmation,
        ConfirmationMode::Synchronous | ConfirmationMode::Unspecified => BookingStatus::Confirmed,
    }
}

fn session(offer: &Offer<'_>) -> Option<VirtualSessionInfo> {
    let creates = offer
        .service
        .online_terms()
        .is_some_and(|online| online.creates_meeting);
    creates.then(|| {
        let meeting_id = random_id();
        VirtualSessionInfo {
            session_url: format!("https://rooms.{}.example/{meeting_id}", offer.merchant.id),
            meeting_id,
            password: random_id(),
        }
    })
}
