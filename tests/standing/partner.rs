//! A small partner whose books can be read, and who answers in odd ways.

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse as _, Response};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// What becomes of the answer to a CreateBooking that was carried out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Trouble {
    Error,
    Silence,
    Cut,
}

/// The form of every answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    Right,
    NumberId,
    Wrapped,
    ByteOrderMark,
    Warning,
    Quoted,
}

/// How a cancellation is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cancelling {
    Works,
    /// 404, and nothing is cancelled.
    Unknown,
    /// 500, and nothing is cancelled.
    Fails,
    /// Cancelled, and answered `{}`.
    Mute,
    /// Answered with the booking as it is.
    Ignored,
    /// Refused, as it is too late.
    Late,
    /// Refused, as the booking has been over since before.
    Over,
    /// Refused in the same words, and the booking stands.
    Stays,
}

/// The habits of a partner.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Habits {
    pub(crate) trouble: Option<Trouble>,
    /// The trouble comes only with the first request of a token.
    pub(crate) once: bool,
    pub(crate) idempotent: bool,
    pub(crate) form: Form,
    pub(crate) cancelling: Cancelling,
    /// Methods that are not there.
    pub(crate) absent: &'static [&'static str],
}

impl Default for Habits {
    fn default() -> Self {
        Self {
            trouble: None,
            once: false,
            idempotent: true,
            form: Form::Right,
            cancelling: Cancelling::Works,
            absent: &[],
        }
    }
}

/// A booking in the books.
#[derive(Debug, Clone)]
struct Booking {
    id: usize,
    token: String,
    request: Value,
    canceled: bool,
}

#[derive(Debug, Default)]
struct Books(Vec<Booking>);

/// The partner, running.
#[derive(Clone)]
pub(crate) struct Partner {
    habits: Habits,
    books: Arc<Mutex<Books>>,
}

impl Partner {
    pub(crate) async fn start(habits: Habits) -> (Self, String) {
        let partner = Self {
            habits,
            books: Arc::default(),
        };
        let router = Router::new().fallback(answer).with_state(partner.clone());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move { axum::serve(listener, router).await });
        (partner, format!("http://{address}"))
    }

    /// How many bookings were ever made.
    pub(crate) fn made(&self) -> usize {
        self.books.lock().unwrap().0.len()
    }

    /// The tokens of the bookings that stand and are not over.
    pub(crate) fn standing(&self) -> BTreeSet<String> {
        let books = self.books.lock().unwrap();
        let now = jiff::Timestamp::now().as_second();
        let is_over = |booking: &Booking| {
            let start = booking.request.pointer("/slot/start_sec").and_then(Value::as_str);
            start
                .and_then(|start| start.parse().ok())
                .is_some_and(|start: i64| start < now)
        };
        let standing = books
            .0
            .iter()
            .filter(|booking| !booking.canceled && !is_over(booking));
        standing.map(|booking| booking.token.clone()).collect()
    }

    /// The requests that made the bookings of these tokens.
    pub(crate) fn bookings<'t>(&self, tokens: impl Iterator<Item = &'t String>) -> Vec<Value> {
        let tokens: Vec<_> = tokens.collect();
        let books = self.books.lock().unwrap();
        let of_tokens = books.0.iter().filter(|booking| tokens.contains(&&booking.token));
        of_tokens.map(|booking| booking.request.clone()).collect()
    }

    fn message(&self, booking: &Booking) -> Value {
        let id = match self.habits.form {
            Form::NumberId => json!(booking.id),
            _ => json!(booking.id.to_string()),
        };
        json!({
            "booking_id": id,
            "slot": booking.request["slot"],
            "user_information": booking.request["user_information"],
            "payment_information": { "prepayment_status": "PREPAYMENT_NOT_PROVIDED" },
            "status": if booking.canceled { "CANCELED" } else { "CONFIRMED" },
        })
    }

    fn reply(&self, message: &Value) -> Response {
        let text = message.to_string();
        let body = match self.habits.form {
            Form::Right | Form::NumberId => text,
            Form::Wrapped => json!({ "success": true, "data": message }).to_string(),
            Form::ByteOrderMark => format!("\u{feff}{text}"),
            Form::Warning => {
                format!("<br />\n<b>Warning</b>: Undefined array key [0] in <b>b.php</b>\n{text}")
            }
            Form::Quoted => json!(text).to_string(),
        };
        ([("content-type", "application/json")], body).into_response()
    }

    async fn create(&self, request: Value) -> Response {
        let text = |pointer: &str| Some(request.pointer(pointer)?.as_str()?.to_owned());
        let (Some(token), Some("m"), Some(_)) = (
            text("/idempotency_token"),
            text("/slot/merchant_id").as_deref(),
            text("/user_information/user_id"),
        ) else {
            return StatusCode::BAD_REQUEST.into_response();
        };
        let (booking, is_first) = self.book(token, request);
        let trouble = self.habits.trouble.filter(|_| is_first || !self.habits.once);
        match trouble {
            None => self.reply(&json!({ "booking": self.message(&booking) })),
            Some(Trouble::Error) => (StatusCode::INTERNAL_SERVER_ERROR, "mail server away").into_response(),
            Some(Trouble::Silence) => {
                tokio::time::sleep(Duration::from_secs(20)).await;
                StatusCode::OK.into_response()
            }
            Some(Trouble::Cut) => {
                let pieces = [
                    Ok(Bytes::from_static(b"{\"boo")),
                    Err(std::io::Error::other("cut")),
                ];
                Body::from_stream(futures_util::stream::iter(pieces)).into_response()
            }
        }
    }

    /// The booking of the token, and whether it is the first request with it.
    fn book(&self, token: String, request: Value) -> (Booking, bool) {
        let mut books = self.books.lock().unwrap();
        let known = books.0.iter().find(|booking| booking.token == token).cloned();
        if let (Some(booking), true) = (&known, self.habits.idempotent) {
            return (booking.clone(), false);
        }
        let booking = Booking {
            id: 1000 + books.0.len(),
            token,
            request,
            canceled: false,
        };
        books.0.push(booking.clone());
        (booking, known.is_none())
    }

    fn update(&self, request: &Value) -> Response {
        let mut books = self.books.lock().unwrap();
        let id = request.pointer("/booking/booking_id").and_then(Value::as_str);
        let known = books
            .0
            .iter_mut()
            .find(|booking| Some(booking.id.to_string().as_str()) == id);
        let Some(booking) = known else {
            return StatusCode::NOT_FOUND.into_response();
        };
        if let Some(start) = request.pointer("/booking/slot/start_sec") {
            booking.request["slot"]["start_sec"] = start.clone();
        }
        if request.pointer("/booking/status") == Some(&json!("CANCELED")) {
            match self.habits.cancelling {
                Cancelling::Works => booking.canceled = true,
                Cancelling::Unknown => return StatusCode::NOT_FOUND.into_response(),
                Cancelling::Fails => return StatusCode::BAD_GATEWAY.into_response(),
                Cancelling::Mute => {
                    booking.canceled = true;
                    return self.reply(&json!({}));
                }
                Cancelling::Ignored => {}
                Cancelling::Late => return self.refuse("OUTSIDE_CANCELLATION_WINDOW"),
                Cancelling::Over => {
                    booking.canceled = true;
                    return self.refuse("BOOKING_NOT_CANCELLABLE");
                }
                Cancelling::Stays => return self.refuse("BOOKING_NOT_CANCELLABLE"),
            }
        }
        self.reply(&json!({ "booking": self.message(booking) }))
    }

    fn refuse(&self, cause: &str) -> Response {
        self.reply(&json!({ "booking_failure": { "cause": cause } }))
    }

    fn status(&self, request: &Value) -> Response {
        let books = self.books.lock().unwrap();
        let id = request["booking_id"].as_str();
        let known = books
            .0
            .iter()
            .find(|booking| Some(booking.id.to_string().as_str()) == id);
        match known.map(|booking| self.message(booking)) {
            Some(message) => self.reply(&json!({
                "booking_id": message["booking_id"],
                "booking_status": message["status"],
                "prepayment_status": "PREPAYMENT_NOT_PROVIDED",
            })),
            None => StatusCode::NOT_FOUND.into_response(),
        }
    }

    fn list(&self, request: &Value) -> Response {
        let books = self.books.lock().unwrap();
        let of_user = books.0.iter().filter(|booking| {
            booking.request["user_information"]["user_id"] == request["user_id"] && !booking.canceled
        });
        let messages: Vec<_> = of_user.map(|booking| self.message(booking)).collect();
        self.reply(&json!({ "bookings": messages }))
    }

    fn look_up(&self, request: &Value) -> Response {
        let asked = request["slot_time"].as_array().cloned().unwrap_or_default();
        let free = asked
            .iter()
            .map(|slot| json!({ "slot_time": slot, "available": true }));
        self.reply(&json!({ "slot_time_availability": free.collect::<Vec<_>>() }))
    }
}

async fn answer(State(partner): State<Partner>, uri: Uri, body: Bytes) -> Response {
    let request: Value = serde_json::from_slice(&body).unwrap_or_default();
    match uri.path().trim_start_matches("/v3/") {
        absent if partner.habits.absent.contains(&absent) => StatusCode::NOT_FOUND.into_response(),
        "HealthCheck" => StatusCode::OK.into_response(),
        "BatchAvailabilityLookup" => partner.look_up(&request),
        "CreateBooking" => partner.create(request).await,
        "UpdateBooking" => partner.update(&request),
        "GetBookingStatus" => partner.status(&request),
        "ListBookings" => partner.list(&request),
        _ => StatusCode::NOT_FOUND.into_response(),
    }
}
