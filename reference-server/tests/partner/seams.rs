//! Parts can be wrapped from outside, and a broken part leaves no damage behind.

use crate::partner::{Partner, at, paid_request, request};
use async_trait::async_trait;
use reference_server::{
    Booking, BookingChange, ChangeOutcome, CreateOutcome, Gateway, NewBooking, NewOrder, Obstacle, Occupancy,
    Order, OrderOutcome, OrdersOf, OutboxMessage, Pack, Place, Settlement, SlotClosing, Store, StoreError,
};
use serde_json::json;
use std::sync::{Arc, Mutex};

/// A store that loses every new booking at the last moment.
struct Forgetful {
    inner: Arc<dyn Store>,
    lost: Arc<Mutex<Vec<String>>>,
}

#[async_trait]
impl Store for Forgetful {
    async fn healthy(&self) -> Result<(), StoreError> {
        Err(StoreError::Unavailable)
    }
    async fn booking(&self, id: &str) -> Result<Option<Booking>, StoreError> {
        self.inner.booking(id).await
    }
    async fn booking_of_token(&self, token: &str) -> Result<Option<Booking>, StoreError> {
        self.inner.booking_of_token(token).await
    }
    async fn upcoming_bookings(&self, user_id: &str, now_sec: i64) -> Result<Vec<Booking>, StoreError> {
        self.inner.upcoming_bookings(user_id, now_sec).await
    }
    async fn occupancy(&self, places: &[Place]) -> Result<Vec<Occupancy>, StoreError> {
        self.inner.occupancy(places).await
    }
    async fn examine(&self, new: &NewBooking) -> Result<Result<Place, Obstacle>, StoreError> {
        self.inner.examine(new).await
    }
    async fn create(&self, new: NewBooking) -> Result<CreateOutcome, StoreError> {
        self.lost.lock().unwrap().push(new.booking.id);
        Err(StoreError::Unavailable)
    }
    async fn change(&self, change: BookingChange) -> Result<ChangeOutcome, StoreError> {
        self.inner.change(change).await
    }
    async fn orders(&self, of: OrdersOf) -> Result<Vec<Order>, StoreError> {
        self.inner.orders(of).await
    }
    async fn create_order(&self, new: NewOrder) -> Result<OrderOutcome, StoreError> {
        self.inner.create_order(new).await
    }
    async fn pack(&self, id: &str) -> Result<Option<Pack>, StoreError> {
        self.inner.pack(id).await
    }
    async fn close_slot(&self, closing: SlotClosing) -> Result<(), StoreError> {
        self.inner.close_slot(closing).await
    }
    async fn set_marketing_preference(&self, user_id: &str, receives: bool) -> Result<(), StoreError> {
        self.inner.set_marketing_preference(user_id, receives).await
    }
    async fn receives_marketing(&self, user_id: &str) -> Result<bool, StoreError> {
        self.inner.receives_marketing(user_id).await
    }
    async fn outbox_heads(&self) -> Result<Vec<OutboxMessage>, StoreError> {
        self.inner.outbox_heads().await
    }
    async fn settle(&self, message_id: i64, outcome: Settlement) -> Result<(), StoreError> {
        self.inner.settle(message_id, outcome).await
    }
    async fn undeliverable(&self) -> Result<Vec<(OutboxMessage, String)>, StoreError> {
        self.inner.undeliverable().await
    }
}

#[tokio::test]
async fn a_charge_without_a_booking_is_given_back() {
    let lost = Arc::new(Mutex::new(Vec::new()));
    let gateway: Arc<Mutex<Option<Arc<dyn Gateway>>>> = Arc::default();
    let (ids, seen) = (lost.clone(), gateway.clone());
    let partner = Partner::with(move |config| {
        config.seams.store = Some(Arc::new(move |inner| {
            Arc::new(Forgetful {
                inner,
                lost: ids.clone(),
            })
        }));
        config.seams.gateway = Some(Arc::new(move |inner| {
            *seen.lock().unwrap() = Some(inner.clone());
            inner
        }));
    })
    .await;
    let wanted = paid_request("harbour-salon/color", at(48), "u");
    assert_eq!(partner.post("/v3/CreateBooking", &wanted).await.0, 503);
    let id = lost.lock().unwrap()[0].clone();
    let gateway = gateway.lock().unwrap().clone().unwrap();
    let kinds: Vec<_> = gateway
        .ledger(&id)
        .await
        .unwrap()
        .into_iter()
        .map(|entry| entry.kind)
        .collect();
    assert_eq!(kinds, ["charge", "refund"]);
}

#[tokio::test]
async fn health_is_the_databases_health() {
    let partner = Partner::with(|config| {
        config.seams.store = Some(Arc::new(|inner| {
            Arc::new(Forgetful {
                inner,
                lost: Arc::default(),
            })
        }));
    })
    .await;
    let url = format!("{}/v3/HealthCheck", partner.server.base_url());
    let answer = partner
        .http
        .get(url)
        .basic_auth("google", Some("s3:cret"))
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status().as_u16(), 503);
}

#[tokio::test]
async fn the_http_side_can_be_wrapped() {
    let partner = Partner::with(|config| {
        config.seams.http = Some(Arc::new(|router: axum::Router| {
            router.layer(axum::middleware::map_response(
                async |_: axum::response::Response| axum::Json(json!({ "replaced": true })),
            ))
        }));
    })
    .await;
    let (_, body) = partner
        .post("/v3/CreateBooking", &request("harbour-salon/cut", at(20), "u"))
        .await;
    assert_eq!(body, json!({ "replaced": true }));
}
