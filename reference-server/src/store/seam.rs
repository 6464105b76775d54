//! The store, as a seam, and what goes through it.

use crate::booking::{Booking, Place};
use crate::messages::Order;
use crate::notifications::{OutboxMessage, Outgoing};
use crate::packs::{Pack, PackUse};
use async_trait::async_trait;

/// The store, as a seam. Each method is one transaction.
#[async_trait]
pub trait Store: Send + Sync {
    /// Fails when the database does not answer.
    async fn healthy(&self) -> Result<(), StoreError>;

    /// A booking by its id.
    async fn booking(&self, id: &str) -> Result<Option<Booking>, StoreError>;

    /// The booking that this idempotency token made, as it is now.
    async fn booking_of_token(&self, token: &str) -> Result<Option<Booking>, StoreError>;

    /// The user's bookings that are alive and start after `now_sec`, by start.
    async fn upcoming_bookings(&self, user_id: &str, now_sec: i64) -> Result<Vec<Booking>, StoreError>;

    /// How full each place is, in the order asked.
    async fn occupancy(&self, places: &[Place]) -> Result<Vec<Occupancy>, StoreError>;

    /// Whether `create` would work now: the place that it would take. Writes nothing.
    async fn examine(&self, new: &NewBooking) -> Result<Result<Place, Obstacle>, StoreError>;

    /// Token, booking, visit and messages, all or none. The booking takes the first free candidate.
    async fn create(&self, new: NewBooking) -> Result<CreateOutcome, StoreError>;

    /// Replaces a booking, gives back its visit where that has become due, and adds messages, all or none.
    async fn change(&self, change: BookingChange) -> Result<ChangeOutcome, StoreError>;

    /// Orders, oldest first.
    async fn orders(&self, of: OrdersOf) -> Result<Vec<Order>, StoreError>;

    /// Token, order and messages, all or none: an order takes all of its places.
    async fn create_order(&self, new: NewOrder) -> Result<OrderOutcome, StoreError>;

    /// A pack by its id.
    async fn pack(&self, id: &str) -> Result<Option<Pack>, StoreError>;

    /// Takes every place of a service at one start off the market.
    async fn close_slot(&self, closing: SlotClosing) -> Result<(), StoreError>;

    /// Whether the user wants mails, from now on.
    async fn set_marketing_preference(&self, user_id: &str, receives: bool) -> Result<(), StoreError>;

    /// Whether the user wants mails. Who never chose wants none.
    async fn receives_marketing(&self, user_id: &str) -> Result<bool, StoreError>;

    /// The oldest waiting message of every lane: what may be sent now.
    async fn outbox_heads(&self) -> Result<Vec<OutboxMessage>, StoreError>;

    /// Records that a message was delivered, or that it never will be, and why.
    async fn settle(&self, message_id: i64, outcome: Settlement) -> Result<(), StoreError>;

    /// Messages that Google refused, with the reasons.
    async fn undeliverable(&self) -> Result<Vec<(OutboxMessage, String)>, StoreError>;
}

/// The store could not do its work. Details stay inside: this becomes an HTTP answer.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Locked, full, closing: worth another try.
    #[error("the database is unavailable")]
    Unavailable,
    /// A statement failed.
    #[error("the database refused a statement")]
    Sql(#[from] rusqlite::Error),
    /// A stored document is not what was stored.
    #[error("a stored record cannot be read")]
    Document(#[from] serde_json::Error),
}

/// How full a place is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Occupancy {
    /// Spots that bookings hold.
    pub taken: i64,
    /// The merchant closed the slot.
    pub closed: bool,
}

impl Occupancy {
    /// Free spots of a place that has `spots`.
    pub fn open(self, spots: i64) -> i64 {
        if self.closed {
            0
        } else {
            (spots - self.taken).max(0)
        }
    }
}

/// A place that would do, with its spots.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// The place.
    pub place: Place,
    /// How many bookings it can hold.
    pub spots: i64,
}

/// A booking that is about to be made.
#[derive(Debug, Clone)]
pub struct NewBooking {
    /// The booking; its `place` is set by the store.
    pub booking: Booking,
    /// Google's idempotency token.
    pub token: String,
    /// Places to take, in order of preference.
    pub candidates: Vec<Candidate>,
    /// Where its visit comes from, where visits are counted.
    pub pack: Option<PackUse>,
    /// Messages that are sent once it is made.
    pub outgoing: Vec<Outgoing>,
}

/// What stands in the way of a new booking.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Obstacle {
    /// The same user already holds one of the places.
    HeldByUser,
    /// All of them are taken or closed.
    Taken,
    /// The pack that was to pay has no visit left.
    PackUsedUp,
}

/// What became of a new booking.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CreateOutcome {
    /// It was made; this is how it is stored.
    Created(Booking),
    /// The token had made this one before.
    TokenUsed(Booking),
    /// Something was in the way; nothing was written.
    Refused(Obstacle),
}

/// Which orders.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OrdersOf {
    /// The one that this idempotency token made.
    Token(String),
    /// Those of a user.
    User(String),
    /// Those with these ids.
    Ids(Vec<String>),
}

/// An order that is about to be made.
#[derive(Debug, Clone)]
pub struct NewOrder {
    /// The order.
    pub order: Order,
    /// Google's idempotency token.
    pub token: String,
    /// The places that it takes, each once, with the number of tickets.
    pub places: Vec<(Candidate, i64)>,
    /// Messages that are sent once it is made.
    pub outgoing: Vec<Outgoing>,
}

/// What became of a new order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OrderOutcome {
    /// It was made.
    Created(Order),
    /// The token had made this one before.
    TokenUsed(Order),
    /// One of the places has too few spots; nothing was written.
    Taken,
}

/// A changed booking.
#[derive(Debug, Clone)]
pub struct BookingChange {
    /// The booking as it is to be.
    pub booking: Booking,
    /// When it moves: where to. The place must have a spot, not counting this booking.
    pub target: Option<Candidate>,
    /// Messages that are sent once it is changed.
    pub outgoing: Vec<Outgoing>,
}

/// What became of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChangeOutcome {
    /// Stored.
    Changed,
    /// The target is taken; nothing was written.
    TargetTaken,
}

/// A slot that the merchant closes.
#[derive(Debug, Clone)]
pub struct SlotClosing {
    /// Merchant.
    pub merchant_id: String,
    /// Service.
    pub service_id: String,
    /// Start, epoch seconds.
    pub start_sec: i64,
    /// Messages that are sent once it is closed.
    pub outgoing: Vec<Outgoing>,
}

/// The end of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Settlement {
    /// Google took it.
    Sent,
    /// Google refused it for good; the reason.
    Undeliverable(String),
}
