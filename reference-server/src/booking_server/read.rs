//! The methods that only read.

use crate::app::App;
use crate::booking::Booking;
use crate::error::ApiError;
use crate::http::Message;
use crate::messages::{
    GetBookingStatusRequest, GetBookingStatusResponse, ListBookingsRequest, ListBookingsResponse,
};
use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};

/// Healthy means that a booking could be stored, not merely that somebody answers.
pub(super) async fn health_check(State(app): State<App>) -> Result<Json<Value>, ApiError> {
    app.store.healthy().await?;
    Ok(Json(json!({ "status": "SERVING" })))
}

pub(super) async fn get_booking_status(
    State(app): State<App>,
    Message(request): Message<GetBookingStatusRequest>,
) -> Result<Json<GetBookingStatusResponse>, ApiError> {
    let booking = app.booking(&request.booking_id).await?;
    Ok(Json(GetBookingStatusResponse {
        booking_id: booking.id,
        booking_status: booking.status,
        prepayment_status: booking.payment.prepayment_status,
    }))
}

pub(super) async fn list_bookings(
    State(app): State<App>,
    Message(request): Message<ListBookingsRequest>,
) -> Result<Json<ListBookingsResponse>, ApiError> {
    let bookings = app
        .store
        .upcoming_bookings(&request.user_id, app.now_sec())
        .await?;
    Ok(Json(ListBookingsResponse {
        bookings: bookings.iter().map(Booking::message).collect(),
    }))
}
