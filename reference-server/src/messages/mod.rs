//! The messages of booking server API v3, as this partner reads and writes them: snake_case names, 64-bit
//! integers as strings, enums by name, absent instead of null.

mod booking;
mod decode;
mod failure;
pub(crate) mod int64;
mod order;
mod payment;
mod requests;
mod slot;
mod user;
mod waitlist;

pub use booking::{BookingStatus, VirtualSessionInfo};
pub use order::{LineItem, Order, OrderedTickets, WarningReason};
pub use payment::{
    Deposit, NoShowFee, PaymentInformation, PaymentProcessedBy, PrepaymentStatus, Price, PriceType,
};
pub use slot::{ConfirmationMode, ResourceIds, Slot};
pub use user::{PostalAddress, UserInformation};

pub(crate) use booking::BookingMessage;
pub(crate) use decode::decode;
pub(crate) use failure::{BookingFailure, Cause, ThreeDs1Parameters};
pub(crate) use order::{
    CheckOrderFulfillabilityRequest, CheckOrderFulfillabilityResponse, CreateOrderRequest, Fees,
    ItemFulfillability, ItemResult, ListOrdersRequest, ListOrdersResponse, OrderAnswer, OrderCause,
    OrderFailure, OrderFulfillability, OrderResult, TicketFee, UpdatedAvailability, ViolatedConstraint,
};
pub(crate) use payment::{CreditCardType, StatedPayment, UserPaymentOption};
pub(crate) use requests::*;
pub(crate) use slot::{PartialSlot, SlotTime};
pub(crate) use waitlist::*;
