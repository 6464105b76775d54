//! What other guests may do to a slot with several places meanwhile.

use crate::wire::{Memory, layer, set, text};
use crate::{Amendments, Variant};
use protocol::Method;
use reference_server::Seams;
use serde_json::Value;

pub(super) static VARIANTS: &[Variant] = &[Variant {
    name: "a-guest-is-waiting",
    about: "The first place of a shared slot that is given back is taken at once by somebody who books on the partner's own site.",
    tolerated: &[],
    seams: guest_is_waiting,
    amendments: Amendments::NONE,
}];

fn guest_is_waiting() -> Seams {
    let (made, guests) = (Memory::<Value>::default(), Memory::<isize>::default());
    layer(move |call, server| {
        let (made, guests) = (made.clone(), guests.clone());
        async move {
            let reply = server.answer(call.clone()).await;
            let Some(id) = text(&reply.body, "/booking/booking_id") else {
                return reply;
            };
            match call.method {
                Some(Method::CreateBooking) => {
                    guests.add(call.body["slot"].to_string(), 1);
                    made.keep(id, call.body);
                }
                Some(Method::UpdateBooking) => {
                    let earlier = made.recall(&id).filter(|_| gives_back(&call.body));
                    let shared = |body: &Value| guests.recall(&body["slot"].to_string()) > Some(1);
                    if let Some(mut body) = earlier.filter(shared)
                        && guests.add(format!("waiting for {}", body["slot"]), 1) == 0
                    {
                        set(&mut body, "/idempotency_token", format!("own-{id}"));
                        set(&mut body, "/user_information/user_id", format!("own-{id}"));
                        server.answer(call.instead(Method::CreateBooking, body)).await;
                    }
                }
                _ => {}
            }
            reply
        }
    })
}

fn gives_back(request: &Value) -> bool {
    request.pointer("/booking/status").is_some() || request.pointer("/booking/slot/start_sec").is_some()
}
