//! The booking server of an imaginary partner of Google's Actions Center, to read, to run and to copy from.
//!
//! It offers a salon, a studio, restaurants and some more, keeps bookings in SQLite, takes payments through a
//! stand-in of a gateway, publishes feeds, and tells Google what happens on its own side.
//!
//! From the bottom up: [`Clock`] and money; the messages of the wire; the inventory, which is code; the
//! [`Store`], the [`Gateway`] and the [`Notifier`], which are traits; the methods that Google calls, and the
//! console that merchants use; and [`start`], which puts it all together.

mod app;
mod booking;
mod booking_server;
mod clock;
mod config;
mod connections;
mod console;
mod error;
mod feeds;
mod gateway;
mod http;
mod ids;
mod inventory;
mod limits;
mod locks;
mod messages;
mod money;
mod notifications;
mod packs;
mod payments;
mod relocation;
mod serve;
mod server;
mod store;
mod waitlist;

pub use booking::{Booking, Money, Place};
pub use clock::{Clock, SystemClock};
pub use config::{
    Config, Credentials, Database, Decorator, GatewayDecorator, HttpDecorator, NotifierDecorator,
    NotifyConfig, Seams, StoreDecorator,
};
pub use gateway::{
    CardOrder, CardToken, Challenge, Gateway, GatewayError, LedgerEntry, Receipt, RefundOrder, StoredOrder,
};
pub use ids::follow_seed;
pub use inventory::InventoryKind;
pub use limits::Limits;
pub use messages::{
    BookingStatus, ConfirmationMode, Deposit, LineItem, NoShowFee, Order, OrderedTickets, PaymentInformation,
    PaymentProcessedBy, PostalAddress, PrepaymentStatus, Price, PriceType, ResourceIds, Slot,
    UserInformation, VirtualSessionInfo, WarningReason,
};
pub use notifications::{
    DeliveryError, GoogleLine, HttpLine, NoAnswer, Notifier, OutboxMessage, Outgoing, Subject,
};
pub use packs::{Pack, PackUse};
pub use server::{Assembly, Server, StartError, assemble, start};
pub use store::{
    BookingChange, Candidate, ChangeOutcome, CreateOutcome, DatabaseError, NewBooking, NewOrder, Obstacle,
    Occupancy, OrderOutcome, OrdersOf, Settlement, SlotClosing, Store, StoreError, Trouble,
};
