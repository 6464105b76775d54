//! Idempotency tokens.

use crate::notifications::{Twist, store};
use crate::users::by_own_name;
use crate::wire::{Memory, Reply, layer, set, text};
use crate::{Amendments, Defect, id};
use async_trait::async_trait;
use protocol::Method;
use reference_server::{Booking, Seams, Store, StoreError};
use serde_json::json;
use std::time::Duration;

/// Longer than a request takes to arrive, shorter than anybody waits.
const MOMENT: Duration = Duration::from_millis(150);

pub(super) static DEFECTS: &[Defect] = &[
    Defect {
        name: "token-forgotten",
        about: "A token is known for a second.",
        scenario: "idempotency/same-token-later",
        violates: &[id("BS-IDEM-01")],
        amendments: Amendments::NONE,
        seams: || store(Forgetful::default()),
    },
    Defect {
        name: "repeats-are-conflicts",
        about: "A repeated request is answered 409.",
        scenario: "idempotency/same-token-at-once",
        violates: &[id("BS-IDEM-01")],
        amendments: Amendments::NONE,
        seams: || repeated(|_| Reply::new(409, json!({ "error": "duplicate request" }))),
    },
    Defect {
        name: "another-booking-for-a-repeat",
        about: "A repeated request gets another booking id.",
        scenario: "idempotency/same-token-at-once",
        violates: &[id("BS-IDEM-02")],
        amendments: Amendments::NONE,
        seams: || {
            repeated(|mut reply| {
                let made = text(&reply.body, "/booking/booking_id").unwrap_or_default();
                set(&mut reply.body, "/booking/booking_id", format!("{made}-again"));
                reply
            })
        },
    },
    Defect {
        name: "token-not-atomic",
        about: "Whether a token is known is looked up before it is stored, and two requests get between the two.",
        scenario: "idempotency/same-token-at-the-same-moment",
        violates: &[id("BS-IDEM-07")],
        amendments: Amendments::NONE,
        seams: not_atomic,
    },
    Defect {
        name: "tokens-are-not-looked-at",
        about: "Every request makes a booking, whether or not its token has made one.",
        scenario: "idempotency/same-token-at-once",
        violates: &[id("BS-IDEM-02")],
        amendments: Amendments::NONE,
        seams: no_tokens,
    },
    Defect {
        name: "idempotent-by-user",
        about: "A user's second booking of a service gets the id of the first.",
        scenario: "idempotency/new-token-new-booking",
        violates: &[id("BS-IDEM-05")],
        amendments: Amendments::NONE,
        seams: by_user,
    },
];

#[derive(Default)]
struct Forgetful(Memory<Duration>);

#[async_trait]
impl Twist for Forgetful {
    async fn of_token(&self, inner: &dyn Store, token: &str) -> Result<Option<Booking>, StoreError> {
        let known = inner.booking_of_token(token).await?;
        let since = self.0.first(token, crate::time::elapsed());
        Ok(known.filter(|_| crate::time::elapsed().saturating_sub(since) < Duration::from_secs(1)))
    }
}

/// Answers the second of two equal requests in another way, if the first had been answered with a booking before.
fn repeated(edit: fn(Reply) -> Reply) -> Seams {
    let done: Memory<()> = Memory::default();
    layer(move |call, server| {
        let done = done.clone();
        async move {
            let request = call.body.to_string();
            let again = call.method == Some(Method::CreateBooking) && done.recall(&request).is_some();
            let reply = server.answer(call).await;
            if again {
                return edit(reply);
            }
            // Whoever comes at the same moment has come by then.
            crate::time::sleep(MOMENT).await;
            if reply.body.get("booking").is_some() {
                done.keep(request, ());
            }
            reply
        }
    })
}

/// Two requests with one token under way at a time: the second one is taken for another user's.
fn not_atomic() -> Seams {
    let under_way: Memory<bool> = Memory::default();
    layer(move |mut call, server| {
        let under_way = under_way.clone();
        async move {
            let token = call.text("/idempotency_token").unwrap_or_default();
            if call.method != Some(Method::CreateBooking) {
                let mut reply = server.answer(call).await;
                by_own_name(&mut reply);
                return reply;
            }
            if under_way.keep(token.clone(), true) != Some(true) {
                crate::time::sleep(MOMENT).await;
                let reply = server.answer(call).await;
                under_way.keep(token, false);
                return reply;
            }
            let user = call.text("/user_information/user_id").unwrap_or_default();
            set(&mut call.body, "/idempotency_token", format!("{token}-2"));
            set(&mut call.body, "/user_information/user_id", format!("{user}-2"));
            let mut reply = server.answer(call).await;
            set(&mut reply.body, "/booking/user_information/user_id", user);
            reply
        }
    })
}

/// A request that comes again is another user's for the calendar.
fn no_tokens() -> Seams {
    let made: Memory<isize> = Memory::default();
    layer(move |mut call, server| {
        let made = made.clone();
        async move {
            let token = call.text("/idempotency_token").unwrap_or_default();
            let user = call.text("/user_information/user_id").unwrap_or_default();
            if call.method != Some(Method::CreateBooking) || token.is_empty() {
                let mut reply = server.answer(call).await;
                by_own_name(&mut reply);
                return reply;
            }
            let number = made.add(token.clone(), 1);
            if number > 0 {
                set(&mut call.body, "/idempotency_token", format!("{token}-{number}"));
                set(
                    &mut call.body,
                    "/user_information/user_id",
                    format!("{user}-{number}"),
                );
            }
            let mut reply = server.answer(call).await;
            if reply.body.pointer("/booking/user_information/user_id").is_some() {
                set(&mut reply.body, "/booking/user_information/user_id", user);
            }
            if reply.body.get("booking").is_none() && number == 0 {
                made.add(token, -1);
            }
            reply
        }
    })
}

fn by_user() -> Seams {
    let first: Memory<String> = Memory::default();
    layer(move |call, server| {
        let first = first.clone();
        async move {
            let mut reply = server.answer(call.clone()).await;
            let made = text(&reply.body, "/booking/booking_id");
            let [user, merchant, service] = [
                "/user_information/user_id",
                "/slot/merchant_id",
                "/slot/service_id",
            ]
            .map(|place| call.text(place).unwrap_or_default());
            let user = (!user.is_empty()).then(|| format!("{user} at {merchant} for {service}"));
            if let (Some(Method::CreateBooking), Some(made), Some(user)) = (call.method, made, user) {
                set(&mut reply.body, "/booking/booking_id", first.first(user, made));
            }
            reply
        }
    })
}
