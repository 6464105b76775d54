//! One token, one booking.

use crate::partner::{Partner, at, id, paid_request, request};
use serde_json::json;
use std::collections::HashSet;

#[tokio::test]
async fn the_same_token_gives_the_same_booking_as_it_is_now() {
    let partner = Partner::start().await;
    let wanted = request("harbour-salon/cut", at(20), "u");
    let first = partner.book(wanted.clone()).await;
    assert_eq!(partner.book(wanted.clone()).await, first);
    partner.cancel(&id(&first)).await;
    let after = partner.book(wanted).await;
    assert_eq!((id(&after), &after["status"]), (id(&first), &json!("CANCELED")));
}

#[tokio::test]
async fn another_body_under_a_known_token_gives_the_tokens_booking() {
    let partner = Partner::start().await;
    let first = partner.book(request("harbour-salon/cut", at(20), "u")).await;
    let mut other = request("harbour-salon/cut", at(22), "u");
    other["idempotency_token"] = json!(format!("cut {} u", at(20)));
    assert_eq!(partner.book(other).await, first);
    assert!(
        partner
            .is_open("harbour-salon/cut", at(22), json!({ "staff_id": "st-1" }))
            .await
    );
}

#[tokio::test]
async fn another_token_gives_another_booking() {
    let partner = Partner::start().await;
    let one = partner
        .book(request("north-studio/spin-class", at(20), "a"))
        .await;
    let other = partner
        .book(request("north-studio/spin-class", at(20), "b"))
        .await;
    assert_ne!(id(&one), id(&other));
}

#[tokio::test]
async fn a_failed_attempt_is_tried_again() {
    let partner = Partner::start().await;
    let holder = partner
        .book(paid_request("harbour-salon/color", at(48), "first"))
        .await;
    let wanted = paid_request("harbour-salon/color", at(48), "second");
    assert_eq!(partner.refused(wanted.clone()).await, "SLOT_UNAVAILABLE");
    partner.cancel(&id(&holder)).await;
    assert_ne!(id(&partner.book(wanted).await), id(&holder));
}

#[tokio::test]
async fn twins_at_the_same_moment_make_one_booking_and_one_charge() {
    let partner = Partner::start().await;
    let wanted = paid_request("harbour-salon/retreat", at(72), "u");
    let calls = (0..20).map(|_| partner.book(wanted.clone()));
    let bookings = join_all(calls.collect()).await;
    let ids: HashSet<_> = bookings.iter().map(id).collect();
    assert_eq!(ids.len(), 1);
    assert_eq!(partner.ledger(&id(&bookings[0])).await, ["charge 60000000"]);
}

/// All at once, on this task: the requests are in flight together.
pub(crate) async fn join_all<F: Future>(calls: Vec<F>) -> Vec<F::Output> {
    let mut calls: Vec<_> = calls.into_iter().map(Box::pin).map(Some).collect();
    let mut results: Vec<Option<F::Output>> = calls.iter().map(|_| None).collect();
    std::future::poll_fn(|context| {
        for (call, result) in calls.iter_mut().zip(&mut results) {
            if let Some(future) = call
                && let std::task::Poll::Ready(output) = future.as_mut().poll(context)
            {
                *result = Some(output);
                *call = None;
            }
        }
        if calls.iter().all(Option::is_none) {
            std::task::Poll::Ready(())
        } else {
            std::task::Poll::Pending
        }
    })
    .await;
    results.into_iter().flatten().collect()
}
