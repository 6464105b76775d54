//! What merchants and services are made of. Amounts are micros of the merchant's currency.

use crate::messages::{ConfirmationMode, CreditCardType, PriceType};

pub(super) const HOUR: i64 = 3600;
pub(super) const DAY: i64 = 24 * HOUR;

/// How far ahead slots are published and accepted: a day more than the thirty that Google asks for.
pub(crate) const HORIZON_SEC: i64 = 31 * DAY;

pub(crate) struct Merchant {
    pub(crate) id: &'static str,
    pub(crate) name: &'static str,
    pub(crate) telephone: &'static str,
    pub(crate) category: &'static str,
    pub(crate) location: Location,
    pub(crate) currency: &'static str,
    /// Millionths of a percent; zero means that prices include tax or bear none.
    pub(crate) tax_micro_percent: i64,
    /// The gateway's Google Pay parameters, for merchants that take cards.
    pub(crate) tokenization: &'static [(&'static str, &'static str)],
    /// `None`: every network.
    pub(crate) networks: Option<&'static [CreditCardType]>,
    pub(crate) payment_options: &'static [PaymentOption],
    pub(crate) services: Vec<Service>,
}

pub(crate) struct Location {
    pub(crate) latitude: f64,
    pub(crate) longitude: f64,
    pub(crate) country: &'static str,
    pub(crate) locality: &'static str,
    pub(crate) region: Option<&'static str>,
    pub(crate) postal_code: &'static str,
    pub(crate) street_address: &'static str,
}

/// A price that single slots carry instead of the service's, for one visit or for a pack of several.
pub(crate) struct PaymentOption {
    pub(crate) id: &'static str,
    pub(crate) name: &'static str,
    pub(crate) price: i64,
    pub(crate) visits: i64,
}

pub(crate) struct Service {
    pub(crate) id: &'static str,
    pub(crate) name: &'static str,
    pub(crate) description: &'static str,
    pub(crate) kind: ServiceKind,
    pub(crate) price: i64,
    /// Empty unless it is sold by the ticket: then each sort has its price.
    pub(crate) tickets: &'static [Ticket],
    /// The most tickets that one order takes of a slot.
    pub(crate) most_tickets: i64,
    pub(crate) prepaid: bool,
    pub(crate) card: CardRule,
    pub(crate) no_show_fee: Option<FeeTerms>,
    pub(crate) deposit: Option<DepositTerms>,
    pub(crate) rules: Rules,
    pub(crate) confirmation: ConfirmationMode,
    pub(crate) timetable: Timetable,
    pub(crate) seats: Vec<Seat>,
    /// For parties that come without a booking.
    pub(crate) waitlist: Option<WaitlistRules>,
    /// Slots that differ from the rest of the service.
    pub(crate) variants: Vec<Variant>,
}

/// Which parties a waitlist takes.
#[derive(Clone, Copy)]
pub(crate) struct WaitlistRules {
    pub(crate) min_party_size: i32,
    pub(crate) max_party_size: i32,
}

/// One sort of ticket.
pub(crate) struct Ticket {
    pub(crate) id: &'static str,
    pub(crate) name: &'static str,
    pub(crate) price: i64,
    /// On top of the price, for each ticket.
    pub(crate) fee: i64,
    /// Nobody comes on such tickets alone.
    pub(crate) needs_adult: bool,
}

pub(crate) enum ServiceKind {
    Appointment,
    Dining,
    Online(OnlineTerms),
}

pub(crate) struct OnlineTerms {
    pub(crate) instructions: &'static str,
    pub(crate) requirements: &'static str,
    pub(crate) platform: &'static str,
    pub(crate) other_platform_name: Option<&'static str>,
    /// We create the meeting, so the booking's answer says how to join.
    pub(crate) creates_meeting: bool,
    /// Ways to pay the merchant directly, outside Google.
    pub(crate) direct_payment_methods: &'static [&'static str],
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum CardRule {
    /// A card is needed when something is to be paid or secured with it.
    Conditional,
    Always,
}

#[derive(Clone, Copy)]
pub(crate) struct FeeTerms {
    pub(crate) amount: i64,
    pub(crate) kind: PriceType,
}

#[derive(Clone, Copy)]
pub(crate) struct DepositTerms {
    pub(crate) amount: i64,
    pub(crate) kind: PriceType,
    pub(crate) min_advance_cancellation_sec: i64,
}

/// All in seconds before the start.
#[derive(Clone, Copy, Default)]
pub(crate) struct Rules {
    pub(crate) min_advance_booking: i64,
    pub(crate) min_advance_online_canceling: Option<i64>,
    /// (seconds before start, percent refunded), longest lead first.
    pub(crate) refund_steps: &'static [(i64, i64)],
}

/// Slots start at multiples of `grid_sec` since the epoch, so that they are the same slots in every feed.
pub(crate) struct Timetable {
    pub(crate) grid_sec: i64,
    pub(crate) duration_sec: i64,
    pub(crate) published: &'static [Published],
}

/// The feed lists the starts at multiples of `every_sec` that lie at most `within_sec` ahead.
pub(crate) struct Published {
    pub(crate) every_sec: i64,
    pub(crate) within_sec: i64,
}

/// What can be booked at one start: a member of staff, a table, a whole class.
pub(crate) struct Seat {
    /// (id, name)
    pub(crate) staff: Option<(&'static str, &'static str)>,
    /// (id, name)
    pub(crate) room: Option<(&'static str, &'static str)>,
    /// Zero where party sizes mean nothing.
    pub(crate) party_size: i32,
    pub(crate) spots: i64,
}

/// One seat with `spots` places and nothing to choose.
pub(crate) fn open_seat(spots: i64) -> Seat {
    Seat {
        staff: None,
        room: None,
        party_size: 0,
        spots,
    }
}

/// An in-person service that is paid on arrival: what other services are described against.
pub(crate) fn appointment(id: &'static str, name: &'static str, description: &'static str) -> Service {
    Service {
        id,
        name,
        description,
        kind: ServiceKind::Appointment,
        price: 0,
        tickets: &[],
        most_tickets: 0,
        prepaid: false,
        card: CardRule::Conditional,
        no_show_fee: None,
        deposit: None,
        rules: Rules::default(),
        confirmation: ConfirmationMode::Synchronous,
        timetable: hourly(),
        seats: vec![open_seat(1)],
        waitlist: None,
        variants: vec![],
    }
}

/// An hour at every full hour; the feed thins out after two days.
pub(crate) fn hourly() -> Timetable {
    Timetable {
        grid_sec: 3600,
        duration_sec: 3600,
        published: &[
            Published {
                every_sec: 3600,
                within_sec: 2 * 86_400,
            },
            Published {
                every_sec: 3 * 3600,
                within_sec: HORIZON_SEC,
            },
        ],
    }
}

/// Overrides for the slots whose number on the grid leaves `remainder` when divided by `every`.
pub(crate) struct Variant {
    pub(crate) every: i64,
    pub(crate) remainder: i64,
    pub(crate) change: Override,
}

/// What a slot can override. A message replaces the service's message whole.
pub(crate) enum Override {
    PaymentOption(&'static str),
    NoShowFee(FeeTerms),
    Deposit(DepositTerms),
    Card(CardRule),
    /// Last moment of online cancelling, seconds before the start.
    OnlineCancelling(i64),
    /// Last moment of booking, seconds before the start.
    LastBookable(i64),
    /// It is longer or shorter than the others, seconds.
    Duration(i64),
}

impl Service {
    /// The overrides of the slot that starts then.
    pub(crate) fn overrides(&self, start_sec: i64) -> impl Iterator<Item = &Override> {
        let number = start_sec / self.timetable.grid_sec;
        self.variants
            .iter()
            .filter(move |variant| number.rem_euclid(variant.every) == variant.remainder)
            .map(|variant| &variant.change)
    }

    /// How long the slot is that starts then.
    pub(crate) fn duration_sec(&self, start_sec: i64) -> i64 {
        let own = self.overrides(start_sec).find_map(|change| match change {
            Override::Duration(seconds) => Some(*seconds),
            _ => None,
        });
        own.unwrap_or(self.timetable.duration_sec)
    }

    pub(crate) fn online_terms(&self) -> Option<&OnlineTerms> {
        match &self.kind {
            ServiceKind::Online(terms) => Some(terms),
            ServiceKind::Appointment | ServiceKind::Dining => None,
        }
    }

    pub(crate) fn is_paid_directly(&self) -> bool {
        self.online_terms()
            .is_some_and(|terms| !terms.direct_payment_methods.is_empty())
    }
}

impl Published {
    pub(crate) fn starts(&self, now_sec: i64) -> impl Iterator<Item = i64> {
        let first = (now_sec / self.every_sec + 1) * self.every_sec;
        let last = now_sec + self.within_sec;
        (0..)
            .map(move |number| first + number * self.every_sec)
            .take_while(move |start| *start <= last)
    }
}
