//! What an order would cost now, and whether all of it can be had.

use crate::app::Parts;
use crate::error::ApiError;
use crate::inventory::{Merchant, Offer, Service, SlotQuery, Ticket};
use crate::messages::{
    Fees, ItemFulfillability, ItemResult, LineItem, OrderFulfillability, OrderResult, Price, TicketFee,
    UpdatedAvailability, ViolatedConstraint, WarningReason,
};
use crate::store::Candidate;

/// What becomes of a price that is not ours.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Prices {
    /// It is corrected, and Google shows the user the right one.
    Corrected,
    /// The user has agreed to it, so that another one cannot be charged.
    Agreed,
}

/// The answer to all items together.
pub(super) struct Quote<'p> {
    pub(super) merchant: &'p Merchant,
    pub(super) fulfillability: OrderFulfillability,
    /// Of all items, without fees.
    pub(super) price: Price,
    pub(super) fees: Price,
    /// One of the services is paid in advance.
    pub(super) prepaid: bool,
    /// What the order takes: so many spots of each place.
    pub(super) places: Vec<(Candidate, i64)>,
    ticket_fees: Vec<TicketFee>,
}

impl<'p> Quote<'p> {
    pub(super) async fn of(
        parts: &'p Parts,
        merchant_id: &str,
        items: &[LineItem],
        prices: Prices,
    ) -> Result<Self, ApiError> {
        let merchant = parts.inventory.merchant(merchant_id)?;
        if items.is_empty() {
            return Err(ApiError::Invalid("an order needs an item".to_owned()));
        }
        let nothing = Price::new(0, merchant.currency);
        let mut quote = Self {
            merchant,
            fulfillability: OrderFulfillability {
                result: OrderResult::CanFulfill,
                item_fulfillability: Vec::with_capacity(items.len()),
            },
            price: nothing.clone(),
            fees: nothing,
            prepaid: false,
            places: Vec::new(),
            ticket_fees: Vec::new(),
        };
        for item in items {
            quote.add(parts, item, prices).await?;
        }
        let all = &quote.fulfillability.item_fulfillability;
        if all.iter().any(|one| one.result != ItemResult::CanFulfill) {
            quote.fulfillability.result = OrderResult::UnfulfillableLineItem;
        }
        Ok(quote)
    }

    pub(super) fn can_be_fulfilled(&self) -> bool {
        self.fulfillability.result == OrderResult::CanFulfill
    }

    pub(super) fn total(&self) -> Price {
        self.price.plus(Some(&self.fees))
    }

    /// The fees as Google is told of them; absent where there are none.
    pub(super) fn stated_fees(&self) -> Option<Fees> {
        let per_ticket_fee = self.ticket_fees.clone();
        (!per_ticket_fee.is_empty()).then_some(Fees { per_ticket_fee })
    }

    async fn add(&mut self, parts: &Parts, asked: &LineItem, prices: Prices) -> Result<(), ApiError> {
        let (_, service) = parts.inventory.service(self.merchant.id, &asked.service_id)?;
        if service.tickets.is_empty() {
            return Err(ApiError::Invalid(
                "the service is not sold by the ticket".to_owned(),
            ));
        }
        let mut one = ItemFulfillability {
            item: asked.clone(),
            result: ItemResult::UnfulfillableTicketCombination,
            availability: None,
            violated_ticket_constraint: Vec::new(),
        };
        if let Some(tickets) = tickets(service, asked) {
            let open = self.open(parts, asked).await?;
            let count = tickets.iter().map(|(_, count)| count).sum();
            one.result = if tickets.iter().all(|(ticket, _)| ticket.needs_adult) {
                ItemResult::ChildTicketsWithoutAdult
            } else if count > service.most_tickets {
                let max_ticket_count = service.most_tickets;
                one.violated_ticket_constraint
                    .push(ViolatedConstraint { max_ticket_count });
                ItemResult::TicketConstraintViolated
            } else if let Some((candidate, spots_open)) = open {
                if spots_open < count {
                    one.availability = Some(UpdatedAvailability { spots_open });
                    ItemResult::SlotUnavailable
                } else {
                    self.take(candidate, count);
                    ItemResult::CanFulfill
                }
            } else {
                ItemResult::SlotUnavailable
            };
            self.sum_up(service, &tickets, &mut one, prices);
        }
        self.fulfillability.item_fulfillability.push(one);
        Ok(())
    }

    /// The place of an item with the spots that are open beside what this order takes; none where no such slot can be had.
    async fn open(&self, parts: &Parts, asked: &LineItem) -> Result<Option<(Candidate, i64)>, ApiError> {
        let Some(candidate) = candidate(parts, self.merchant.id, asked) else {
            return Ok(None);
        };
        let mine = self.places.iter().find(|(known, _)| *known == candidate);
        let mine = mine.map_or(0, |(_, taken)| *taken);
        let places = std::slice::from_ref(&candidate.place);
        let occupancy = parts.store.occupancy(places).await?;
        let open = occupancy.first().map_or(0, |state| state.open(candidate.spots));
        Ok(Some((candidate, (open - mine).max(0))))
    }

    fn take(&mut self, candidate: Candidate, count: i64) {
        match self.places.iter_mut().find(|(known, _)| *known == candidate) {
            Some((_, taken)) => *taken += count,
            None => self.places.push((candidate, count)),
        }
    }

    /// Adds what the item costs, and corrects what Google believes.
    fn sum_up(
        &mut self,
        service: &Service,
        tickets: &[(&Ticket, i64)],
        one: &mut ItemFulfillability,
        prices: Prices,
    ) {
        let currency = self.merchant.currency;
        let price = Price::new(
            tickets.iter().map(|(ticket, count)| ticket.price * count).sum(),
            currency,
        );
        if one.item.price != price {
            if prices == Prices::Agreed && one.result == ItemResult::CanFulfill {
                one.result = ItemResult::IncorrectPrice;
            }
            let rises = price.price_micros > one.item.price.price_micros;
            one.item.warning_reason = Some(if rises {
                WarningReason::PriceIncrease
            } else {
                WarningReason::PriceDecrease
            });
            one.item.price = price.clone();
        }
        self.price = self.price.plus(Some(&price));
        self.prepaid |= service.prepaid;
        for (ticket, count) in tickets.iter().filter(|(ticket, _)| ticket.fee > 0) {
            let fee = Price::new(ticket.fee, currency);
            self.fees.price_micros += ticket.fee * count;
            let stated = TicketFee {
                service_id: service.id.to_owned(),
                ticket_id: ticket.id.to_owned(),
                fee_name: "Booking fee",
                fee_amount: fee,
            };
            if !self.ticket_fees.contains(&stated) {
                self.ticket_fees.push(stated);
            }
        }
    }
}

/// The tickets that are asked for; none where one of them is unknown, or there are none.
fn tickets<'s>(service: &'s Service, asked: &LineItem) -> Option<Vec<(&'s Ticket, i64)>> {
    let known = asked.tickets.iter().map(|ordered| {
        let ticket = service
            .tickets
            .iter()
            .find(|ticket| ticket.id == ordered.ticket_id)?;
        (ordered.count > 0).then_some((ticket, i64::from(ordered.count)))
    });
    let known: Option<Vec<_>> = known.collect();
    known.filter(|tickets| !tickets.is_empty())
}

/// The place that an item takes; none where no such slot can be had any more.
fn candidate(parts: &Parts, merchant_id: &str, asked: &LineItem) -> Option<Candidate> {
    let mut query = SlotQuery::bare(merchant_id, &asked.service_id, asked.start_sec);
    query.duration_sec = Some(asked.duration_sec);
    let now = parts.now_sec();
    let offers: Vec<Offer<'_>> = parts.inventory.find(&query, now).ok()?;
    let offer = offers.first().filter(|offer| offer.terms().is_bookable(now))?;
    Some(Candidate {
        place: offer.place(),
        spots: offer.seat.spots,
    })
}
