//! The messages of an order: what a user asks for who sees the feeds, for the slots that are sold by the ticket.
//!
//! Source: reservations/e2e/reference/booking-server-api-rest/e2e-definitions/proto-interface.

use super::payload::{self, money};
use domain::slot::{Money, Slot};
use protocol::{Method, int64};
use scenario::OrderTwist;
use serde_json::{Value, json};
use transcript::{Exchange, Phase, Transcript, User};

/// A unit of a currency, in micros.
const UNIT: i64 = 1_000_000;
/// What a user orders who does not come alone.
const COMPANY: i64 = 2;

/// A cart: what is asked for in a CheckOrderFulfillability, and ordered by a CreateOrder with the same id.
pub(super) struct Cart<'c> {
    /// The slots, an item for each.
    pub(super) slots: &'c [&'c Slot],
    /// How it differs from the usual.
    pub(super) twist: OrderTwist,
    /// Its id.
    pub(super) id: &'c str,
}

impl Cart<'_> {
    fn merchant_id(&self) -> &str {
        self.slots.first().map_or("", |slot| &slot.merchant_id)
    }

    fn is_last(&self, place: usize) -> bool {
        place + 1 == self.slots.len()
    }

    fn tickets(&self, place: usize, slot: &Slot) -> i64 {
        match self.twist.beyond_spots {
            Some(more) if self.is_last(place) => slot.spots_total.saturating_add(i64::from(more)),
            _ => COMPANY.min(slot.spots_open.max(1)),
        }
    }

    /// The price of an item; none for a slot that is not sold by the ticket.
    fn price(&self, place: usize, slot: &Slot) -> Option<Money> {
        let one = &slot.terms.dearest_ticket()?.price;
        let all = one.price_micros.saturating_mul(self.tickets(place, slot));
        let price_micros = match self.twist.price_percent {
            Some(percent) if self.is_last(place) => all.saturating_mul(i64::from(percent)) / 100,
            _ => all,
        };
        Some(Money {
            price_micros,
            currency_code: one.currency_code.clone(),
        })
    }

    fn items(&self) -> Vec<Value> {
        let numbered = self.slots.iter().enumerate();
        let item = |(place, slot): (usize, &&Slot)| {
            let ticket = slot.terms.dearest_ticket()?;
            Some(json!({
                "service_id": slot.service_id,
                "start_sec": int64::write(slot.start_sec),
                "duration_sec": int64::write(slot.duration_sec),
                "tickets": [{ "ticket_id": ticket.id, "count": self.tickets(place, slot) }],
                "price": money(&self.price(place, slot)?),
            }))
        };
        numbered.filter_map(item).collect()
    }

    /// `CheckOrderFulfillabilityRequest`.
    pub(super) fn check(&self) -> Value {
        let mut message = json!({ "merchant_id": self.merchant_id(), "item": self.items() });
        if !self.id.is_empty() {
            message["cart_id"] = json!(self.id);
        }
        message
    }

    /// `CreateOrderRequest`. Fees are those that the partner stated when it was asked.
    pub(super) fn create(&self, user: &User, fees: Option<Money>, payment_token: &str) -> Value {
        let mut order = json!({
            "merchant_id": self.merchant_id(),
            "user_information": user,
            "item": self.items(),
        });
        let prices = self.slots.iter().enumerate();
        let prices: Vec<Money> = prices
            .filter_map(|(place, slot)| self.price(place, slot))
            .collect();
        let paid = self.slots.iter().find(|slot| slot.terms.card_required);
        if let Some(first) = prices.first().filter(|_| paid.is_some() || fees.is_some()) {
            let total = prices
                .iter()
                .fold(0_i64, |sum, one| sum.saturating_add(one.price_micros));
            let of = |price_micros| Money {
                price_micros,
                currency_code: first.currency_code.clone(),
            };
            order["payment_information"] = json!({
                "prepayment_status": "PREPAYMENT_NOT_PROVIDED",
                "payment_processed_by": "PROCESSED_BY_PARTNER",
                "price": money(&of(total)),
            });
            let stated = fees.map_or(0, |fees| fees.price_micros);
            let fees = stated + if self.twist.wrong_fees { UNIT } else { 0 };
            if fees > 0 {
                order["payment_information"]["fees_and_taxes"] = money(&of(fees));
            }
        }
        let mut message = json!({ "order": order });
        if let Some(slot) = paid {
            message["payment_processing_parameters"] = payload::processing_parameters(slot, payment_token);
        }
        message["idempotency_token"] = json!(self.id);
        message
    }
}

/// The last cart that was checked and not ordered yet.
pub(super) fn open_cart(so_far: &Transcript) -> Option<Exchange<'_>> {
    let last = so_far
        .exchanges_of(Method::CheckOrderFulfillability)
        .filter(|exchange| exchange.phase == Phase::Steps)
        .last()?;
    let id = cart_id(&last)?;
    let mut orders = so_far.exchanges_of(Method::CreateOrder);
    let is_ordered = orders.any(|order| {
        let token = order.request_value("/idempotency_token");
        token.and_then(Value::as_str) == Some(id)
    });
    (!is_ordered).then_some(last)
}

/// The id of a cart.
pub(super) fn cart_id<'t>(check: &Exchange<'t>) -> Option<&'t str> {
    check.request_value("/cart_id")?.as_str()
}

/// What the partner says that fees and taxes come to for the cart: in one sum, or by ticket and order.
pub(super) fn stated_fees(check: &Exchange<'_>) -> Option<Money> {
    let amount = |price: &Value| {
        let micros = price.get("price_micros").and_then(int64::read)?;
        Some((micros, price.get("currency_code")?.as_str()?.to_owned()))
    };
    let sum = check.answer_value("/fees_and_taxes").and_then(amount);
    let list = |pointer: &str| {
        let list = check.answer_value(pointer).and_then(Value::as_array);
        list.into_iter().flatten()
    };
    let by_ticket = list("/fees/per_ticket_fee").filter_map(|fee| {
        let (micros, currency) = amount(fee.get("fee_amount")?)?;
        Some((micros.saturating_mul(ordered(check, fee)), currency))
    });
    let by_order = list("/fees/per_order_fee").filter_map(|fee| amount(fee.get("fee_amount")?));
    let all: Vec<(i64, String)> = match sum {
        Some(sum) => vec![sum],
        None => by_ticket.chain(by_order).collect(),
    };
    let price_micros = all
        .iter()
        .fold(0_i64, |sum, (micros, _)| sum.saturating_add(*micros));
    let (_, currency_code) = all.into_iter().next()?;
    (price_micros > 0).then_some(Money {
        price_micros,
        currency_code,
    })
}

/// How many tickets were asked for to which a fee applies.
fn ordered(check: &Exchange<'_>, fee: &Value) -> i64 {
    let items = check.request_value("/item").and_then(Value::as_array);
    let items = items.into_iter().flatten();
    let of_service = items.filter(|item| {
        let named = fee.get("service_id").filter(|id| !id.is_null());
        named.is_none_or(|id| item.get("service_id") == Some(id))
    });
    let tickets = of_service.filter_map(|item| item["tickets"].as_array()).flatten();
    tickets
        .filter(|ticket| ticket.get("ticket_id") == fee.get("ticket_id"))
        .filter_map(|ticket| ticket["count"].as_i64())
        .fold(0, i64::saturating_add)
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::slot::{Resources, Terms, Ticket};
    use protocol::schema::{Api, validate};

    fn euro(price_micros: i64) -> Money {
        Money {
            price_micros,
            currency_code: "EUR".into(),
        }
    }

    fn slot(spots_open: i64) -> Slot {
        let ticket = |id: &str, price| Ticket {
            id: id.into(),
            price: euro(price),
            fee: None,
        };
        Slot {
            merchant_id: "tour".into(),
            service_id: "walk".into(),
            start_sec: 1_893_520_800,
            duration_sec: 7_200,
            availability_tag: None,
            resources: Resources::default(),
            confirmation_mode: domain::slot::ConfirmationMode::Synchronous,
            spots_total: 12,
            spots_open,
            terms: Terms {
                tickets: vec![ticket("child", 9_000_000), ticket("adult", 30_000_000)],
                ..Terms::default()
            },
        }
    }

    fn user() -> User {
        User {
            user_id: "72".into(),
            given_name: "Ada".into(),
            family_name: "Novak".into(),
            telephone: "+44 20 7946 0018".into(),
            email: "ada.novak@example.org".into(),
        }
    }

    #[test]
    fn a_check_is_what_google_sends() {
        let slot = slot(5);
        let cart = Cart {
            slots: &[&slot],
            twist: OrderTwist::default(),
            id: "55",
        };
        let price = json!({ "price_micros": "60000000", "currency_code": "EUR" });
        let item = json!({ "service_id": "walk", "start_sec": "1893520800", "duration_sec": "7200",
            "tickets": [{ "ticket_id": "adult", "count": 2 }], "price": price });
        assert_eq!(
            cart.check(),
            json!({ "merchant_id": "tour", "cart_id": "55", "item": [item] })
        );
        let order = cart.create(&user(), None, "");
        assert_eq!(order["order"]["item"], json!([item]));
        assert_eq!(order["idempotency_token"], "55");
        assert_eq!(order["order"].get("payment_information"), None);
        assert_eq!(validate(Api::V3, "CreateOrderRequest", &order), []);
    }

    #[test]
    fn what_differs_is_the_last_item() {
        let (one, other) = (slot(1), slot(5));
        let cart = Cart {
            slots: &[&one, &other],
            twist: OrderTwist {
                beyond_spots: Some(1),
                price_percent: Some(50),
                wrong_fees: true,
            },
            id: "55",
        };
        let order = cart.create(&user(), Some(euro(4_000_000)), "");
        let (items, paid) = (&order["order"]["item"], &order["order"]["payment_information"]);
        assert_eq!(items[0]["tickets"][0]["count"], 1);
        assert_eq!(items[0]["price"]["price_micros"], "30000000");
        assert_eq!(items[1]["tickets"][0]["count"], 13);
        assert_eq!(items[1]["price"]["price_micros"], "195000000");
        assert_eq!(paid["price"]["price_micros"], "225000000");
        assert_eq!(paid["fees_and_taxes"]["price_micros"], "5000000");
    }
}
