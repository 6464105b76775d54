//! The merchants of this partner, their services and slots.
//!
//! Slots are not stored. A service's timetable says which starts it has; feeds, lookups and bookings all ask
//! the timetable, so they cannot disagree. Only what was booked or closed is in the database.

mod abroad;
mod barber;
mod bath;
mod baths;
mod dining;
mod floating;
mod kind;
mod model;
mod queue;
mod salon;
mod studio;
mod terms;
mod walk_in;
mod walks;
mod workshop;

pub use kind::InventoryKind;
pub(crate) use model::{
    CardRule, HORIZON_SEC, Location, Merchant, OnlineTerms, Override, PaymentOption, Rules, Seat, Service,
    ServiceKind, Ticket, WaitlistRules,
};
pub(crate) use terms::Terms;

use crate::booking::Place;
use crate::messages::{PartialSlot, ResourceIds, Slot, SlotTime};

/// Google Pay parameters of the gateway that most merchants use.
const STRIPE: &[(&str, &str)] = &[
    ("gateway", "stripe"),
    ("stripe:version", "2018-10-31"),
    ("stripe:publishableKey", "pk_test_reference_0001"),
];

/// All merchants.
pub(crate) struct Inventory {
    merchants: Vec<Merchant>,
}

/// A slot that is asked about. What is `None` is left open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SlotQuery {
    pub(crate) merchant_id: String,
    pub(crate) service_id: String,
    pub(crate) start_sec: i64,
    pub(crate) duration_sec: Option<i64>,
    pub(crate) staff_id: Option<String>,
    pub(crate) room_id: Option<String>,
    pub(crate) party_size: Option<i32>,
}

/// One bookable entry that fits a query, with everything needed to book it.
#[derive(Clone, Copy)]
pub(crate) struct Offer<'a> {
    pub(crate) merchant: &'a Merchant,
    pub(crate) service: &'a Service,
    pub(crate) seat: &'a Seat,
    pub(crate) start_sec: i64,
}

/// Why a query fits nothing: not "taken", but never there.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NoSuchSlot {
    #[error("unknown merchant")]
    Merchant,
    #[error("unknown service")]
    Service,
    #[error("the service has no such slot")]
    Slot,
}

impl Inventory {
    /// Every merchant that there is.
    pub(crate) fn new() -> Self {
        let mut merchants = vec![salon::harbour_salon(), studio::north_studio()];
        merchants.extend(dining::merchants());
        merchants.extend(walk_in::merchants());
        merchants.extend(abroad::merchants());
        merchants.push(workshop::canal_cycles());
        merchants.push(barber::corner_barber());
        merchants.push(floating::tank_room());
        merchants.push(queue::noodle_bar());
        merchants.push(walks::old_town_walks());
        merchants.push(bath::thermal_bath());
        merchants.push(baths::river_baths());
        Self { merchants }
    }

    pub(crate) fn merchants(&self) -> &[Merchant] {
        &self.merchants
    }

    pub(crate) fn merchant(&self, id: &str) -> Result<&Merchant, NoSuchSlot> {
        self.merchants
            .iter()
            .find(|merchant| merchant.id == id)
            .ok_or(NoSuchSlot::Merchant)
    }

    pub(crate) fn service(&self, merchant_id: &str, id: &str) -> Result<(&Merchant, &Service), NoSuchSlot> {
        let merchant = self.merchant(merchant_id)?;
        let service = merchant.services.iter().find(|service| service.id == id);
        Ok((merchant, service.ok_or(NoSuchSlot::Service)?))
    }

    /// The entries that fit the query, at least one.
    pub(crate) fn find(&self, query: &SlotQuery, now_sec: i64) -> Result<Vec<Offer<'_>>, NoSuchSlot> {
        let (merchant, service) = self.service(&query.merchant_id, &query.service_id)?;
        if !query.fits_timetable(service, now_sec) {
            return Err(NoSuchSlot::Slot);
        }
        let fitting = service.seats.iter().filter(|seat| query.fits_seat(seat));
        let offers: Vec<_> = fitting
            .map(|seat| Offer {
                merchant,
                service,
                seat,
                start_sec: query.start_sec,
            })
            .collect();
        if offers.is_empty() {
            Err(NoSuchSlot::Slot)
        } else {
            Ok(offers)
        }
    }

    /// The terms of a place that was booked.
    pub(crate) fn terms_of(&self, place: &Place) -> Result<Terms, NoSuchSlot> {
        let (merchant, service) = self.service(&place.merchant_id, &place.service_id)?;
        Ok(Terms::of(merchant, service, place.start_sec))
    }
}

impl SlotQuery {
    pub(crate) fn of_slot(slot: &Slot) -> Self {
        let mut query = Self::bare(&slot.merchant_id, &slot.service_id, slot.start_sec);
        query.duration_sec = Some(slot.duration_sec);
        query.with_resources(slot.resources.as_ref())
    }

    pub(crate) fn of_slot_time(merchant_id: &str, slot: &SlotTime) -> Self {
        let mut query = Self::bare(merchant_id, &slot.service_id, slot.start_sec);
        query.duration_sec = slot.duration_sec;
        query.with_resources(slot.resource_ids.as_ref())
    }

    /// Every entry of a service at one start.
    pub(crate) fn bare(merchant_id: &str, service_id: &str, start_sec: i64) -> Self {
        Self {
            merchant_id: merchant_id.to_owned(),
            service_id: service_id.to_owned(),
            start_sec,
            duration_sec: None,
            staff_id: None,
            room_id: None,
            party_size: None,
        }
    }

    /// An empty id or a zero party size says as little as an absent one.
    fn with_resources(mut self, resources: Option<&ResourceIds>) -> Self {
        let named = |id: &Option<String>| id.clone().filter(|id| !id.is_empty());
        if let Some(resources) = resources {
            self.staff_id = named(&resources.staff_id);
            self.room_id = named(&resources.room_id);
            self.party_size = resources.party_size.filter(|size| *size != 0);
        }
        self
    }

    fn fits_timetable(&self, service: &Service, now_sec: i64) -> bool {
        let timetable = &service.timetable;
        self.duration_sec
            .is_none_or(|duration| duration == service.duration_sec(self.start_sec))
            && self.start_sec > 0
            && self.start_sec % timetable.grid_sec == 0
            && self.start_sec <= now_sec + HORIZON_SEC
    }

    fn fits_seat(&self, seat: &Seat) -> bool {
        let is = |wanted: &Option<String>, have: Option<(&str, &str)>| {
            wanted
                .as_deref()
                .is_none_or(|id| have.is_some_and(|(known, _)| known == id))
        };
        is(&self.staff_id, seat.staff)
            && is(&self.room_id, seat.room)
            && self.party_size.is_none_or(|size| size == seat.party_size)
    }
}

impl PartialSlot {
    /// The slot that results when this is laid over `slot`.
    pub(crate) fn apply_to(&self, slot: &Slot) -> Slot {
        let mut merged = slot.clone();
        merged.start_sec = self.start_sec.unwrap_or(slot.start_sec);
        merged.duration_sec = self.duration_sec.unwrap_or(slot.duration_sec);
        if let Some(change) = &self.resources {
            let resources = merged.resources.get_or_insert_default();
            resources.party_size = change.party_size.or(resources.party_size);
            resources.staff_id = change.staff_id.clone().or(resources.staff_id.take());
            resources.room_id = change.room_id.clone().or(resources.room_id.take());
        }
        merged
    }
}

impl Offer<'_> {
    pub(crate) fn place(&self) -> Place {
        let id = |named: Option<(&str, &str)>| named.map_or(String::new(), |(id, _)| id.to_owned());
        Place {
            merchant_id: self.merchant.id.to_owned(),
            service_id: self.service.id.to_owned(),
            start_sec: self.start_sec,
            staff_id: id(self.seat.staff),
            room_id: id(self.seat.room),
            party_size: self.seat.party_size,
        }
    }

    pub(crate) fn terms(&self) -> Terms {
        Terms::of(self.merchant, self.service, self.start_sec)
    }

    /// The opaque tag of the slot in feeds: unique, and the same in every feed.
    pub(crate) fn tag(&self) -> String {
        let place = self.place();
        let mut tag = format!("{}.{}.{}", place.merchant_id, place.service_id, place.start_sec);
        for part in [place.staff_id, place.room_id] {
            if !part.is_empty() {
                tag = format!("{tag}.{part}");
            }
        }
        if place.party_size > 0 {
            format!("{tag}.{}", place.party_size)
        } else {
            tag
        }
    }
}

impl Service {
    /// The starts that a feed made now lists, in order.
    pub(crate) fn published_starts(&self, now_sec: i64) -> Vec<i64> {
        let mut starts: Vec<i64> = self
            .timetable
            .published
            .iter()
            .flat_map(|published| published.starts(now_sec))
            .collect();
        starts.sort_unstable();
        starts.dedup();
        starts
    }
}
