//! `[capabilities]`: what a target declares that it can do.

use super::reader::Section;
use super::words::{suggest, words};
use std::collections::BTreeMap;

words! {
    /// Something that a booking server may or may not offer.
    Capability as "capability" {
        /// Takes a deposit.
        Deposit = "deposit",
        /// Charges the whole price when booking.
        Prepayment = "prepayment",
        /// Charges a fee for not coming.
        NoShowFee = "no_show_fee",
        /// Asks for a card without charging it.
        CreditCard = "credit_card",
        /// Sells packs and memberships.
        PaymentOptions = "payment_options",
        /// Asks for the first version of 3-D Secure.
        Threeds1 = "threeds1",
        /// Offers services that are attended online.
        Online = "online",
        /// Confirms bookings later.
        Asynchronous = "asynchronous",
        /// Answers `GetBookingStatus`.
        BookingStatus = "booking_status",
        /// Answers `ListBookings`.
        ListBookings = "list_bookings",
        /// Answers `CheckAvailability`.
        CheckAvailability = "check_availability",
        /// Sends availability updates in real time.
        AvailabilityRtu = "availability_rtu",
        /// Tells slots apart by party size.
        PartySize = "party_size",
        /// Asks for consent to marketing.
        MarketingPreference = "marketing_preference",
        /// Grants offers.
        Offers = "offers",
        /// Keeps a waiting list.
        Waitlist = "waitlist",
        /// Takes orders.
        Orders = "orders",
    }
}

/// What the config declares. What it leaves unset is read from the feeds.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Capabilities(BTreeMap<Capability, bool>);

impl Capabilities {
    /// What is declared about a capability, if anything is.
    pub fn declared(&self, capability: Capability) -> Option<bool> {
        self.0.get(&capability).copied()
    }

    /// Everything that is declared.
    pub fn iter(&self) -> impl Iterator<Item = (Capability, bool)> {
        self.0.iter().map(|(capability, has)| (*capability, *has))
    }

    pub(super) fn read(section: &Section<'_>) -> Self {
        let entries = section.entries().into_iter().filter_map(|(value, name, span)| {
            let capability = Capability::ALL.iter().find(|known| known.name() == name);
            if capability.is_none() {
                let known: Vec<_> = Capability::ALL.iter().map(|known| known.name()).collect();
                section.reader.problem(
                    span,
                    format!("no capability is called `{name}`"),
                    suggest(&known, name),
                );
                section.reader.hide(value.node);
            }
            Some((*capability?, value.boolean()?))
        });
        Self(entries.collect())
    }
}
