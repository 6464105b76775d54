//! Orders of tickets: what can be fulfilled is asked, ordered and listed. An order is made as a whole or not at all.

use super::quote::{Prices, Quote};
use crate::app::{App, Parts, run_to_end};
use crate::error::{ApiError, Stop};
use crate::gateway::{CardOrder, RefundOrder};
use crate::http::Message;
use crate::ids::random_id;
use crate::messages::{
    BookingStatus, CheckOrderFulfillabilityRequest, CheckOrderFulfillabilityResponse, CreateOrderRequest,
    ListOrdersRequest, ListOrdersResponse, Order, OrderAnswer, OrderCause, OrderFailure, PaymentInformation,
    PaymentProcessedBy, PrepaymentStatus, StatedPayment,
};
use crate::payments::{self, Means};
use crate::store::{NewOrder, OrderOutcome, OrdersOf};
use axum::Json;
use axum::extract::State;

pub(super) async fn check_order_fulfillability(
    State(app): State<App>,
    Message(request): Message<CheckOrderFulfillabilityRequest>,
) -> Result<Json<CheckOrderFulfillabilityResponse>, ApiError> {
    let quote = Quote::of(&app, &request.merchant_id, &request.item, Prices::Corrected).await?;
    Ok(Json(CheckOrderFulfillabilityResponse {
        fees: quote.stated_fees(),
        fulfillability: quote.fulfillability,
    }))
}

pub(super) async fn list_orders(
    State(app): State<App>,
    Message(request): Message<ListOrdersRequest>,
) -> Result<Json<ListOrdersResponse>, ApiError> {
    let of = match (request.user_id, request.order_ids) {
        (Some(user_id), None) => OrdersOf::User(user_id),
        (None, Some(ids)) => OrdersOf::Ids(ids.order_id),
        _ => {
            return Err(ApiError::Invalid(
                "either user_id or order_ids is needed".to_owned(),
            ));
        }
    };
    let order = app.store.orders(of).await?;
    Ok(Json(ListOrdersResponse { order }))
}

pub(super) async fn create_order(
    State(app): State<App>,
    Message(request): Message<CreateOrderRequest>,
) -> Result<Json<OrderAnswer>, ApiError> {
    let wanted = &request.order;
    if request.idempotency_token.is_empty() || wanted.user_information.user_id.is_empty() {
        return Err(ApiError::Invalid(
            "idempotency_token and user_id are needed".to_owned(),
        ));
    }
    let parts = app.clone();
    let answer = run_to_end(async move {
        // A twin of this request waits here, and then finds the order.
        let _lock = parts.tokens.lock(&request.idempotency_token).await;
        match order(&parts, &request).await {
            Ok(answer) => Ok(answer),
            Err(Stop::Business(failure)) => Ok(OrderAnswer::OrderFailure(OrderFailure::Payment(failure))),
            Err(Stop::Error(error)) => Err(error),
        }
    });
    let answer = Json(answer.await?);
    app.outbox_signal.notify();
    Ok(answer)
}

async fn order(parts: &Parts, request: &CreateOrderRequest) -> Result<OrderAnswer, Stop> {
    let earlier = OrdersOf::Token(request.idempotency_token.clone());
    if let Some(earlier) = parts.store.orders(earlier).await?.pop() {
        return Ok(OrderAnswer::Order(earlier));
    }
    let wanted = &request.order;
    let quote = Quote::of(parts, &wanted.merchant_id, &wanted.item, Prices::Agreed).await?;
    if !quote.can_be_fulfilled() {
        return Ok(unfulfillable(quote));
    }
    if !agrees(&quote, request) {
        let cause = OrderCause::IncorrectFeeTotal;
        return Ok(refused(cause, None));
    }
    let mut new = draft(parts, request, &quote);
    pay(parts, request, &quote, &mut new.order).await?;
    let made = new.order.clone();
    match parts.store.create_order(new).await {
        // A token that was used meanwhile named the same order at the gateway: there is one charge.
        Ok(OrderOutcome::Created(order) | OrderOutcome::TokenUsed(order)) => Ok(OrderAnswer::Order(order)),
        Ok(OrderOutcome::Taken) => {
            give_back(parts, &quote, &made).await?;
            let now = Quote::of(parts, &wanted.merchant_id, &wanted.item, Prices::Agreed).await?;
            Ok(unfulfillable(now))
        }
        Err(error) => {
            give_back(parts, &quote, &made).await?;
            Err(error.into())
        }
    }
}

fn unfulfillable(quote: Quote<'_>) -> OrderAnswer {
    refused(OrderCause::OrderUnfulfillable, Some(quote.fulfillability))
}

fn refused(cause: OrderCause, fulfillability: Option<crate::messages::OrderFulfillability>) -> OrderAnswer {
    OrderAnswer::OrderFailure(OrderFailure::Order {
        cause,
        fulfillability,
    })
}

/// What the user saw must be what is charged. A price may be left out; fees that are left out are none.
fn agrees(quote: &Quote<'_>, request: &CreateOrderRequest) -> bool {
    let stated = &request.order.payment_information;
    let fees = stated.fees_and_taxes.as_ref();
    stated.price.as_ref().is_none_or(|price| *price == quote.price)
        && fees.map_or(0, |fees| fees.price_micros) == quote.fees.price_micros
        && fees.is_none_or(|fees| fees.currency_code == quote.fees.currency_code)
}

fn draft(parts: &Parts, request: &CreateOrderRequest, quote: &Quote<'_>) -> NewOrder {
    let wanted = &request.order;
    let mut item = wanted.item.clone();
    for item in &mut item {
        item.status = Some(BookingStatus::Confirmed);
    }
    let composer = parts.composer.as_ref();
    let outgoing = composer.map(|composer| quote.places.iter().map(|(place, _)| composer.slot(&place.place)));
    NewOrder {
        order: Order {
            order_id: random_id(),
            user_information: wanted.user_information.clone(),
            payment_information: PaymentInformation::on_arrival(),
            merchant_id: wanted.merchant_id.clone(),
            item,
        },
        token: request.idempotency_token.clone(),
        outgoing: outgoing.into_iter().flatten().collect(),
        places: quote.places.clone(),
    }
}

/// Charges prices and fees of all items at once, where they are paid in advance.
async fn pay(
    parts: &Parts,
    request: &CreateOrderRequest,
    quote: &Quote<'_>,
    order: &mut Order,
) -> Result<(), Stop> {
    if !quote.prepaid {
        return Ok(());
    }
    let means = Means {
        stated: &StatedPayment::default(),
        unparsed_token: request
            .payment_processing_parameters
            .unparsed_payment_method_token
            .as_deref(),
        reference: &request.idempotency_token,
    };
    let charge = CardOrder {
        booking_id: order.order_id.clone(),
        reference: request.idempotency_token.clone(),
        token: payments::require_token(quote.merchant, &means)?.card,
        keep_card: false,
        challenge_response: request.order.payment_information.pa_response.clone(),
    };
    let receipt = parts.gateway.charge(&charge, &quote.total()).await?;
    order.payment_information = PaymentInformation {
        prepayment_status: PrepaymentStatus::Provided,
        payment_transaction_id: Some(receipt.id),
        price: Some(quote.price.clone()),
        fees_and_taxes: Some(quote.fees.clone()).filter(|fees| fees.price_micros > 0),
        payment_processed_by: Some(PaymentProcessedBy::Partner),
        ..PaymentInformation::on_arrival()
    };
    Ok(())
}

/// Gives back a charge whose order was not made.
async fn give_back(parts: &Parts, quote: &Quote<'_>, order: &Order) -> Result<(), Stop> {
    let Some(charge) = &order.payment_information.payment_transaction_id else {
        return Ok(());
    };
    let refund = RefundOrder {
        booking_id: order.order_id.clone(),
        reference: format!("undo:{charge}"),
        transaction_id: charge.clone(),
        amount: quote.total(),
    };
    parts.gateway.refund(&refund).await?;
    Ok(())
}
