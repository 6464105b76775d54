//! The store on SQLite.

use super::database::Database;
use super::seam::{
    BookingChange, ChangeOutcome, CreateOutcome, NewBooking, NewOrder, Obstacle, Occupancy, OrderOutcome,
    OrdersOf, Settlement, SlotClosing, Store, StoreError,
};
use super::{bookings, marketing, orders, outbox, packs};
use crate::booking::{Booking, Place};
use crate::messages::Order;
use crate::notifications::OutboxMessage;
use crate::packs::Pack;
use async_trait::async_trait;
use rusqlite::params;

pub(crate) struct SqliteStore {
    database: Database,
}

impl SqliteStore {
    pub(crate) fn new(database: Database) -> Self {
        Self { database }
    }
}

#[async_trait]
impl Store for SqliteStore {
    async fn healthy(&self) -> Result<(), StoreError> {
        let count = |connection: &rusqlite::Connection| {
            Ok(connection.query_row("SELECT count(*) FROM closed_slots", [], |_| Ok(()))?)
        };
        self.database.run_job(count).await
    }

    async fn booking(&self, id: &str) -> Result<Option<Booking>, StoreError> {
        let id = id.to_owned();
        self.database
            .run_job(move |connection| bookings::by_id(connection, &id))
            .await
    }

    async fn booking_of_token(&self, token: &str) -> Result<Option<Booking>, StoreError> {
        let token = token.to_owned();
        self.database
            .run_job(move |connection| bookings::find_by_token(connection, &token))
            .await
    }

    async fn upcoming_bookings(&self, user_id: &str, now_sec: i64) -> Result<Vec<Booking>, StoreError> {
        let user_id = user_id.to_owned();
        self.database
            .run_job(move |connection| bookings::list_upcoming(connection, &user_id, now_sec))
            .await
    }

    async fn occupancy(&self, places: &[Place]) -> Result<Vec<Occupancy>, StoreError> {
        let places = places.to_vec();
        self.database
            .run_job(move |connection| {
                places
                    .iter()
                    .map(|place| bookings::occupancy(connection, place))
                    .collect()
            })
            .await
    }

    async fn examine(&self, new: &NewBooking) -> Result<Result<Place, Obstacle>, StoreError> {
        let new = new.clone();
        self.database
            .run_job(move |connection| bookings::examine(connection, &new))
            .await
    }

    async fn create(&self, new: NewBooking) -> Result<CreateOutcome, StoreError> {
        self.database
            .run_job(move |connection| bookings::create(connection, new))
            .await
    }

    async fn change(&self, change: BookingChange) -> Result<ChangeOutcome, StoreError> {
        self.database
            .run_job(move |connection| bookings::change(connection, &change))
            .await
    }

    async fn orders(&self, of: OrdersOf) -> Result<Vec<Order>, StoreError> {
        self.database
            .run_job(move |connection| orders::list(connection, &of))
            .await
    }

    async fn create_order(&self, new: NewOrder) -> Result<OrderOutcome, StoreError> {
        self.database
            .run_job(move |connection| orders::create(connection, new))
            .await
    }

    async fn pack(&self, id: &str) -> Result<Option<Pack>, StoreError> {
        let id = id.to_owned();
        self.database
            .run_job(move |connection| packs::by_id(connection, &id))
            .await
    }

    async fn close_slot(&self, closing: SlotClosing) -> Result<(), StoreError> {
        let job = move |connection: &rusqlite::Connection| {
            let sql = "INSERT OR IGNORE INTO closed_slots VALUES (?1, ?2, ?3)";
            let slot = params![closing.merchant_id, closing.service_id, closing.start_sec];
            connection.execute(sql, slot)?;
            outbox::add(connection, &closing.outgoing)
        };
        self.database.run_job(job).await
    }

    async fn set_marketing_preference(&self, user_id: &str, receives: bool) -> Result<(), StoreError> {
        let user_id = user_id.to_owned();
        self.database
            .run_job(move |connection| marketing::set(connection, &user_id, receives))
            .await
    }

    async fn receives_marketing(&self, user_id: &str) -> Result<bool, StoreError> {
        let user_id = user_id.to_owned();
        self.database
            .run_job(move |connection| marketing::receives(connection, &user_id))
            .await
    }

    async fn outbox_heads(&self) -> Result<Vec<OutboxMessage>, StoreError> {
        self.database.run_job(outbox::list_heads).await
    }

    async fn settle(&self, message_id: i64, outcome: Settlement) -> Result<(), StoreError> {
        self.database
            .run_job(move |connection| outbox::settle(connection, message_id, &outcome))
            .await
    }

    async fn undeliverable(&self) -> Result<Vec<(OutboxMessage, String)>, StoreError> {
        self.database.run_job(outbox::undeliverable).await
    }
}
