//! Decorators of the reference partner's notifier and store: what goes wrong on the way to Google.

use super::wire;
use async_trait::async_trait;
use reference::PARTNER_ID;
use reference_server::{
    Booking, BookingChange, ChangeOutcome, CreateOutcome, DeliveryError, NewBooking, NewOrder, Notifier,
    Obstacle, Occupancy, Order, OrderOutcome, OrdersOf, OutboxMessage, Outgoing, Pack, Place, Seams,
    Settlement, SlotClosing, Store, StoreError, Subject,
};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

type Deliver = dyn Fn(OutboxMessage, Arc<dyn Notifier>) -> futures_util::future::BoxFuture<'static, Delivered>
    + Send
    + Sync;

/// What became of a message.
pub(super) type Delivered = Result<(), DeliveryError>;

struct Decorated {
    inner: Arc<dyn Notifier>,
    deliver: Arc<Deliver>,
}

#[async_trait]
impl Notifier for Decorated {
    async fn deliver(&self, message: &OutboxMessage) -> Delivered {
        (self.deliver)(message.clone(), Arc::clone(&self.inner)).await
    }
}

/// A reference partner whose messages are delivered in another way.
pub(super) fn notifier<F, A>(deliver: F) -> Seams
where
    F: Fn(OutboxMessage, Arc<dyn Notifier>) -> A + Send + Sync + 'static,
    A: Future<Output = Delivered> + Send + 'static,
{
    delivered(Arc::new(move |message, inner| Box::pin(deliver(message, inner))))
}

fn delivered(deliver: Arc<Deliver>) -> Seams {
    let decorate = move |inner: Arc<dyn Notifier>| {
        let deliver = Arc::clone(&deliver);
        Arc::new(Decorated { inner, deliver }) as Arc<dyn Notifier>
    };
    Seams {
        notifier: Some(Arc::new(decorate)),
        ..Seams::default()
    }
}

/// Changes messages about bookings.
pub(super) fn patches(edit: impl Fn(&mut Outgoing) + Send + Sync + 'static) -> Seams {
    edited(Arc::new(edit), is_patch)
}

/// Changes inventory updates.
pub(super) fn updates(edit: impl Fn(&mut Outgoing) + Send + Sync + 'static) -> Seams {
    edited(Arc::new(edit), |message| !is_patch(message))
}

fn edited(edit: Arc<dyn Fn(&mut Outgoing) + Send + Sync>, wanted: fn(&Outgoing) -> bool) -> Seams {
    notifier(move |mut message, inner| {
        if wanted(&message.content) {
            edit(&mut message.content);
        }
        async move { inner.deliver(&message).await }
    })
}

/// Loses messages.
pub(super) fn lose(which: impl Fn(&Outgoing) -> bool + Send + Sync + 'static) -> Seams {
    lose_messages(Arc::new(which))
}

fn lose_messages(which: Arc<dyn Fn(&Outgoing) -> bool + Send + Sync>) -> Seams {
    notifier(move |message, inner| {
        let lost = which(&message.content);
        async move {
            if lost {
                Ok(())
            } else {
                inner.deliver(&message).await
            }
        }
    })
}

/// Changes messages about bookings after somebody acted on the partner's side.
pub(super) fn patches_after(
    action: &'static str,
    edit: impl Fn(&mut Outgoing) + Send + Sync + 'static,
) -> Seams {
    let acts = Acts::default();
    Seams {
        http: Some(acts.watch()),
        ..patches(move |message| {
            if acts.was(action, message) {
                edit(message);
            }
        })
    }
}

/// Loses messages about bookings after somebody acted on the partner's side.
pub(super) fn lose_after(action: &'static str) -> Seams {
    let acts = Acts::default();
    Seams {
        http: Some(acts.watch()),
        ..lose(move |message| acts.was(action, message))
    }
}

/// What was last done to a booking on the partner's side.
#[derive(Clone, Default)]
pub(super) struct Acts(Arc<Mutex<HashMap<String, String>>>);

impl Acts {
    /// Listens at the console.
    pub(super) fn watch(&self) -> reference_server::HttpDecorator {
        let acts = self.clone();
        wire::watched(move |path| {
            let segments: Vec<_> = path.split('/').collect();
            if let ["", "console", "bookings", id, action] = segments.as_slice() {
                let mut acts = acts.0.lock().unwrap_or_else(PoisonError::into_inner);
                acts.insert((*id).to_owned(), (*action).to_owned());
            }
        })
    }

    /// True when this is what was done to the booking of a message.
    pub(super) fn was(&self, action: &str, message: &Outgoing) -> bool {
        let Subject::Booking { booking_id } = &message.subject else {
            return false;
        };
        let acts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        acts.get(booking_id).is_some_and(|done| done == action)
    }
}

/// True for messages about bookings.
pub(super) fn is_patch(message: &Outgoing) -> bool {
    matches!(message.subject, Subject::Booking { .. })
}

/// The status that a message tells.
pub(super) fn status(message: &Outgoing) -> Option<&str> {
    message.body.get("status").and_then(Value::as_str)
}

/// Takes a path out of the mask.
pub(super) fn unmask(message: &mut Outgoing, path: &str) {
    for (name, mask) in &mut message.query {
        if name == "updateMask" {
            let left: Vec<_> = mask.split(',').filter(|one| *one != path).collect();
            *mask = left.join(",");
        }
    }
}

/// Puts another mask in the place of the one that is sent.
pub(super) fn map_mask(message: &mut Outgoing, to: impl Fn(&str) -> String) {
    let masks = message.query.iter_mut().filter(|(name, _)| name == "updateMask");
    masks.for_each(|(_, mask)| *mask = to(mask));
}

/// What a faulty store does differently; everything else stays.
#[async_trait]
pub(super) trait Twist: Send + Sync + 'static {
    /// Finds the booking of an idempotency token.
    async fn of_token(&self, inner: &dyn Store, token: &str) -> Result<Option<Booking>, StoreError> {
        inner.booking_of_token(token).await
    }

    /// Lists a user's bookings.
    async fn upcoming(&self, inner: &dyn Store, user: &str, now: i64) -> Result<Vec<Booking>, StoreError> {
        inner.upcoming_bookings(user, now).await
    }

    /// Tells how full places are.
    async fn occupancy(&self, inner: &dyn Store, places: &[Place]) -> Result<Vec<Occupancy>, StoreError> {
        inner.occupancy(places).await
    }

    /// Stores a new booking.
    async fn create(&self, inner: &dyn Store, new: NewBooking) -> Result<CreateOutcome, StoreError> {
        inner.create(new).await
    }

    /// Stores a change.
    async fn change(&self, inner: &dyn Store, change: BookingChange) -> Result<ChangeOutcome, StoreError> {
        inner.change(change).await
    }

    /// Closes a slot.
    async fn close(&self, inner: &dyn Store, closing: SlotClosing) -> Result<(), StoreError> {
        inner.close_slot(closing).await
    }
}

struct Twisted<T> {
    inner: Arc<dyn Store>,
    twist: Arc<T>,
}

/// A reference partner with a faulty store.
pub(super) fn store(twist: impl Twist) -> Seams {
    let twist = Arc::new(twist);
    let decorate = move |inner: Arc<dyn Store>| {
        let twist = Arc::clone(&twist);
        Arc::new(Twisted { inner, twist }) as Arc<dyn Store>
    };
    Seams {
        store: Some(Arc::new(decorate)),
        ..Seams::default()
    }
}

struct OnChange<F>(F);

#[async_trait]
impl<F: Fn(&mut BookingChange) + Send + Sync + 'static> Twist for OnChange<F> {
    async fn change(
        &self,
        inner: &dyn Store,
        mut change: BookingChange,
    ) -> Result<ChangeOutcome, StoreError> {
        (self.0)(&mut change);
        inner.change(change).await
    }
}

/// A reference partner that stores and tells other changes of bookings than it should.
pub(super) fn on_change(edit: impl Fn(&mut BookingChange) + Send + Sync + 'static) -> Seams {
    store(OnChange(edit))
}

struct OnCreate<F>(F);

#[async_trait]
impl<F: Fn(&mut NewBooking) + Send + Sync + 'static> Twist for OnCreate<F> {
    async fn create(&self, inner: &dyn Store, mut new: NewBooking) -> Result<CreateOutcome, StoreError> {
        (self.0)(&mut new);
        inner.create(new).await
    }
}

/// A reference partner that stores and tells other new bookings than it should.
pub(super) fn on_create(edit: impl Fn(&mut NewBooking) + Send + Sync + 'static) -> Seams {
    store(OnCreate(edit))
}

/// A notification about a booking that changes these fields, which the mask names.
pub(super) fn notice(id: &str, place: &Place, mask: &str, fields: Value) -> Outgoing {
    let name = format!("partners/{PARTNER_ID}/bookings/{id}");
    let mut body = json!({ "name": name, "merchantId": place.merchant_id, "serviceId": place.service_id });
    if let (Value::Object(body), Value::Object(fields)) = (&mut body, fields) {
        body.extend(fields);
    }
    Outgoing {
        subject: Subject::Booking {
            booking_id: id.to_owned(),
        },
        method: "PATCH".to_owned(),
        path: format!("/v1alpha/notification/{name}"),
        query: vec![("updateMask".to_owned(), mask.to_owned())],
        body,
    }
}

#[async_trait]
impl<T: Twist> Store for Twisted<T> {
    async fn healthy(&self) -> Result<(), StoreError> {
        self.inner.healthy().await
    }
    async fn booking(&self, id: &str) -> Result<Option<Booking>, StoreError> {
        self.inner.booking(id).await
    }
    async fn booking_of_token(&self, token: &str) -> Result<Option<Booking>, StoreError> {
        self.twist.of_token(&*self.inner, token).await
    }
    async fn upcoming_bookings(&self, user_id: &str, now_sec: i64) -> Result<Vec<Booking>, StoreError> {
        self.twist.upcoming(&*self.inner, user_id, now_sec).await
    }
    async fn occupancy(&self, places: &[Place]) -> Result<Vec<Occupancy>, StoreError> {
        self.twist.occupancy(&*self.inner, places).await
    }
    async fn examine(&self, new: &NewBooking) -> Result<Result<Place, Obstacle>, StoreError> {
        self.inner.examine(new).await
    }
    async fn create(&self, new: NewBooking) -> Result<CreateOutcome, StoreError> {
        self.twist.create(&*self.inner, new).await
    }
    async fn change(&self, change: BookingChange) -> Result<ChangeOutcome, StoreError> {
        self.twist.change(&*self.inner, change).await
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
        self.twist.close(&*self.inner, closing).await
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
