//! Orders: several items, each of them tickets of one slot.

use super::booking::BookingStatus;
use super::failure::BookingFailure;
use super::int64;
use super::payment::{PaymentInformation, PaymentProcessingParameters, Price};
use super::user::UserInformation;
use serde::{Deserialize, Serialize};

/// Tickets of one slot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineItem {
    /// Service as in the feed.
    pub service_id: String,
    /// Start, epoch seconds.
    #[serde(with = "int64")]
    pub start_sec: i64,
    /// Length in seconds.
    #[serde(with = "int64")]
    pub duration_sec: i64,
    /// How many of which sort.
    #[serde(default)]
    pub tickets: Vec<OrderedTickets>,
    /// All tickets of the item, without fees.
    pub price: Price,
    /// Set in orders that were made; requests have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<BookingStatus>,
    /// In which direction we corrected the price.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub warning_reason: Option<WarningReason>,
}

/// So many tickets of one sort.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderedTickets {
    /// The sort, as in the feed.
    pub ticket_id: String,
    /// How many.
    #[serde(default)]
    pub count: i32,
}

/// The direction in which a price moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum WarningReason {
    /// It costs more than Google believed.
    PriceIncrease,
    /// It costs less.
    PriceDecrease,
}

/// An order as it is kept and answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    /// Random, never reused.
    pub order_id: String,
    /// The user, as Google described them for this order.
    pub user_information: UserInformation,
    /// What was paid.
    pub payment_information: PaymentInformation,
    /// Merchant of all items.
    pub merchant_id: String,
    /// The items.
    pub item: Vec<LineItem>,
}

#[derive(Deserialize)]
pub(crate) struct CheckOrderFulfillabilityRequest {
    pub(crate) merchant_id: String,
    #[serde(default)]
    pub(crate) item: Vec<LineItem>,
}

#[derive(Serialize)]
pub(crate) struct CheckOrderFulfillabilityResponse {
    pub(crate) fulfillability: OrderFulfillability,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) fees: Option<Fees>,
}

#[derive(Debug, Clone, Serialize)]
pub(crate) struct Fees {
    pub(crate) per_ticket_fee: Vec<TicketFee>,
}

/// What each ticket of one sort costs on top of its price.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct TicketFee {
    pub(crate) service_id: String,
    pub(crate) ticket_id: String,
    pub(crate) fee_name: &'static str,
    pub(crate) fee_amount: Price,
}

#[derive(Debug, Clone, Serialize)]
pub(crate) struct OrderFulfillability {
    pub(crate) result: OrderResult,
    pub(crate) item_fulfillability: Vec<ItemFulfillability>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum OrderResult {
    CanFulfill,
    UnfulfillableLineItem,
}

#[derive(Debug, Clone, Serialize)]
pub(crate) struct ItemFulfillability {
    pub(crate) item: LineItem,
    pub(crate) result: ItemResult,
    /// What is left, where too much was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) availability: Option<UpdatedAvailability>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) violated_ticket_constraint: Vec<ViolatedConstraint>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum ItemResult {
    CanFulfill,
    SlotUnavailable,
    UnfulfillableTicketCombination,
    IncorrectPrice,
    ChildTicketsWithoutAdult,
    TicketConstraintViolated,
}

#[derive(Debug, Clone, Serialize)]
pub(crate) struct UpdatedAvailability {
    pub(crate) spots_open: i64,
}

#[derive(Debug, Clone, Serialize)]
pub(crate) struct ViolatedConstraint {
    pub(crate) max_ticket_count: i64,
}

#[derive(Deserialize)]
pub(crate) struct CreateOrderRequest {
    pub(crate) order: WantedOrder,
    #[serde(default)]
    pub(crate) payment_processing_parameters: PaymentProcessingParameters,
    pub(crate) idempotency_token: String,
}

#[derive(Deserialize)]
pub(crate) struct WantedOrder {
    pub(crate) merchant_id: String,
    pub(crate) user_information: UserInformation,
    #[serde(default)]
    pub(crate) item: Vec<LineItem>,
    #[serde(default)]
    pub(crate) payment_information: StatedSums,
}

/// What Google believes that an order costs.
#[derive(Default, Deserialize)]
pub(crate) struct StatedSums {
    #[serde(default)]
    pub(crate) price: Option<Price>,
    #[serde(default)]
    pub(crate) fees_and_taxes: Option<Price>,
    #[serde(default)]
    pub(crate) pa_response: Option<String>,
}

/// The answer to CreateOrder: an order or a failure, never both, never neither.
#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
#[expect(clippy::large_enum_variant, reason = "one per request, on its way out")]
pub(crate) enum OrderAnswer {
    Order(Order),
    OrderFailure(OrderFailure),
}

/// Why an order was not made: nothing of it was.
#[derive(Serialize)]
#[serde(untagged)]
pub(crate) enum OrderFailure {
    Order {
        cause: OrderCause,
        #[serde(skip_serializing_if = "Option::is_none")]
        fulfillability: Option<OrderFulfillability>,
    },
    /// A payment fails for an order as for a booking, in the same words.
    Payment(BookingFailure),
}

#[derive(Debug, Clone, Copy, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum OrderCause {
    OrderUnfulfillable,
    IncorrectFeeTotal,
}

/// By user or by ids.
#[derive(Deserialize)]
pub(crate) struct ListOrdersRequest {
    #[serde(default)]
    pub(crate) user_id: Option<String>,
    #[serde(default)]
    pub(crate) order_ids: Option<OrderIds>,
}

#[derive(Deserialize)]
pub(crate) struct OrderIds {
    #[serde(default)]
    pub(crate) order_id: Vec<String>,
}

#[derive(Serialize)]
pub(crate) struct ListOrdersResponse {
    pub(crate) order: Vec<Order>,
}
