//! A booking server of your own, run against in `cargo test`: an axum router on a free port, in the same process.
//!
//! The server here has one mistake: it writes the status of a cancelled booking as `CANCELLED`.

#![expect(clippy::print_stdout, reason = "an example shows what it finds")]

use axum::extract::{Json, Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use axum::{Router, serve};
use conformance::harness::{Finished, Harness};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::error::Error;
use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};
use tokio::net::TcpListener;

/// `google:correct-horse` as HTTP Basic has it.
const BASIC: &str = "Basic Z29vZ2xlOmNvcnJlY3QtaG9yc2U=";

/// What this server writes in place of `CANCELED`.
const CANCELED: &str = "CANCELLED";

/// Bookings by id.
type Bookings = Arc<Mutex<BTreeMap<String, Value>>>;

/// The server under test; here yours would stand.
fn router() -> Router {
    Router::new()
        .route("/v3/HealthCheck", get(async || StatusCode::OK))
        .route("/v3/BatchAvailabilityLookup", post(look_up))
        .route("/v3/CreateBooking", post(create))
        .route("/v3/UpdateBooking", post(update))
        .route("/v3/GetBookingStatus", post(status))
        .route("/v3/ListBookings", post(list))
        .layer(middleware::from_fn(only_google))
        .with_state(Bookings::default())
}

async fn only_google(request: Request, next: Next) -> Response {
    match request.headers().get(header::AUTHORIZATION) {
        Some(value) if value == BASIC => next.run(request).await,
        _ => StatusCode::UNAUTHORIZED.into_response(),
    }
}

async fn look_up(Json(request): Json<Value>) -> Json<Value> {
    let times = request["slot_time"].as_array().cloned().unwrap_or_default();
    let answers = times
        .into_iter()
        .map(|time| json!({ "slot_time": time, "available": true }));
    Json(json!({ "slot_time_availability": answers.collect::<Vec<_>>() }))
}

fn locked(bookings: &Bookings) -> MutexGuard<'_, BTreeMap<String, Value>> {
    bookings.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn create(State(bookings): State<Bookings>, Json(request): Json<Value>) -> Json<Value> {
    let mut bookings = locked(&bookings);
    let id = format!("b-{}", bookings.len() + 1);
    let booking = json!({
        "booking_id": id,
        "slot": request["slot"],
        "user_information": request["user_information"],
        "status": "CONFIRMED",
    });
    bookings.insert(id, booking.clone());
    Json(json!({ "booking": booking }))
}

async fn update(State(bookings): State<Bookings>, Json(request): Json<Value>) -> Response {
    let mut bookings = locked(&bookings);
    let id = request["booking"]["booking_id"].as_str().unwrap_or_default();
    let Some(booking) = bookings.get_mut(id) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    if request["booking"]["status"] == "CANCELED" {
        booking["status"] = CANCELED.into();
    }
    Json(json!({ "booking": booking })).into_response()
}

async fn status(State(bookings): State<Bookings>, Json(request): Json<Value>) -> Response {
    let bookings = locked(&bookings);
    let id = request["booking_id"].as_str().unwrap_or_default();
    match bookings.get(id) {
        Some(booking) => Json(json!({
            "booking_id": id,
            "booking_status": booking["status"],
            "prepayment_status": "PREPAYMENT_NOT_PROVIDED",
        }))
        .into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

async fn list(State(bookings): State<Bookings>, Json(request): Json<Value>) -> Json<Value> {
    let bookings = locked(&bookings);
    let of_user = |booking: &&Value| booking["user_information"]["user_id"] == request["user_id"];
    Json(json!({ "bookings": bookings.values().filter(of_user).collect::<Vec<_>>() }))
}

/// A slot so many hours from now.
fn slot(hours: u64) -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    format!("merchant-1/service-1/{}/30m", now.as_secs() + hours * 3600)
}

/// What stands in your test; there you would end with
/// `assert_eq!(finished.violations().count(), 0, "{}", finished.text())`.
pub(crate) async fn judged() -> Result<Finished, Box<dyn Error>> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    let base_url = format!("http://{}", listener.local_addr()?);
    let server = tokio::spawn(async move { serve(listener, router()).await });
    let finished = Harness::against(base_url)
        .credentials("google", "correct-horse")
        .slot(slot(24))
        .slot(slot(25))
        .only("lifecycle/cancel-by-google")
        .run()
        .await?;
    server.abort();
    Ok(finished)
}

#[tokio::main]
pub(crate) async fn main() -> Result<(), Box<dyn Error>> {
    let finished = judged().await?;
    for violation in finished.violations() {
        println!("{}: {}", violation.requirement, violation.message);
    }
    println!("{}", finished.text());
    Ok(())
}
