//! What sort of businesses the server keeps: all of them, or those of one sort, as most real partners have.

use super::model::{CardRule, Merchant, Override, Service};
use super::{Inventory, dining};
use crate::messages::ConfirmationMode;
use std::fmt;
use std::str::FromStr;

/// So many take part in a class where there are classes only.
const CLASS_SPOTS: i64 = 20;

/// Which merchants and services there are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum InventoryKind {
    /// Every way of booking and paying.
    #[default]
    Everything,
    /// What is paid on arrival, without any card.
    Arrival,
    /// What is paid in full when booking.
    Prepaid,
    /// Slots with a deposit, a fee for not coming, or both.
    Secured,
    /// Classes of twenty, paid on arrival.
    Classes,
    /// Everything but the counters whose slots start every two seconds, and what is sold by the ticket.
    Appointments,
    /// One restaurant with rooms and party sizes, several tables of each, paid there.
    Restaurant,
    /// A waitlist and nothing else.
    Waitlist,
}

impl InventoryKind {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Everything,
        Self::Arrival,
        Self::Prepaid,
        Self::Secured,
        Self::Classes,
        Self::Appointments,
        Self::Restaurant,
        Self::Waitlist,
    ];

    /// Its name, for a command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Everything => "everything",
            Self::Arrival => "arrival",
            Self::Prepaid => "prepaid",
            Self::Secured => "secured",
            Self::Classes => "classes",
            Self::Appointments => "appointments",
            Self::Restaurant => "restaurant",
            Self::Waitlist => "waitlist",
        }
    }

    fn has(self, service: &Service) -> bool {
        if service.waitlist.is_some() {
            return matches!(self, Self::Everything | Self::Waitlist);
        }
        let is_secured = service.no_show_fee.is_some() || service.deposit.is_some();
        match self {
            Self::Everything | Self::Restaurant => true,
            Self::Waitlist => false,
            _ if !service.tickets.is_empty() => false,
            Self::Arrival => is_paid_on_arrival(service),
            Self::Prepaid => service.prepaid,
            Self::Secured => is_secured && !service.prepaid,
            Self::Classes => is_paid_on_arrival(service) && is_class(service),
            Self::Appointments => service.timetable.grid_sec >= 60,
        }
    }
}

impl fmt::Display for InventoryKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

impl FromStr for InventoryKind {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        let mut kinds = Self::ALL.into_iter();
        kinds.find(|kind| kind.name() == name).ok_or_else(|| {
            let names = Self::ALL.map(Self::name).join(", ");
            format!("there is no inventory of this name; there are: {names}")
        })
    }
}

impl Inventory {
    /// The merchants of one sort.
    pub(crate) fn of(kind: InventoryKind) -> Self {
        if kind == InventoryKind::Restaurant {
            return Self {
                merchants: vec![dining::grand_hall()],
            };
        }
        let mut merchants = Self::new().merchants;
        for merchant in &mut merchants {
            merchant.services.retain(|service| kind.has(service));
            match kind {
                InventoryKind::Arrival => take_no_cards(merchant),
                InventoryKind::Classes => {
                    take_no_cards(merchant);
                    let seats = merchant
                        .services
                        .iter_mut()
                        .flat_map(|service| &mut service.seats);
                    seats.for_each(|seat| seat.spots = CLASS_SPOTS);
                }
                _ => {}
            }
        }
        let sells_packs =
            |merchant: &Merchant| merchant.payment_options.iter().any(|option| option.visits > 1);
        merchants.retain(|merchant| kind != InventoryKind::Prepaid || !sells_packs(merchant));
        merchants.retain(|merchant| !merchant.services.is_empty());
        Self { merchants }
    }
}

/// Neither before nor instead of the visit is anything paid, for any slot.
fn is_paid_on_arrival(service: &Service) -> bool {
    let changes_money = |change: &Override| {
        !matches!(
            change,
            Override::OnlineCancelling(_) | Override::LastBookable(_) | Override::Duration(_)
        )
    };
    !service.prepaid
        && service.no_show_fee.is_none()
        && service.deposit.is_none()
        && service.card == CardRule::Conditional
        && !service.is_paid_directly()
        && !service
            .variants
            .iter()
            .any(|variant| changes_money(&variant.change))
}

fn is_class(service: &Service) -> bool {
    let is_open = service.confirmation == ConfirmationMode::Synchronous;
    is_open && matches!(service.seats.as_slice(), [seat] if seat.spots > 2 && seat.party_size == 0)
}

fn take_no_cards(merchant: &mut Merchant) {
    merchant.tokenization = &[];
    merchant.networks = None;
    merchant.payment_options = &[];
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail loudly")]
    use super::*;

    #[test]
    fn every_kind_has_a_name_and_something_to_book() {
        for kind in InventoryKind::ALL {
            assert_eq!(kind.name().parse::<InventoryKind>().unwrap(), kind);
            assert!(!Inventory::of(kind).merchants.is_empty(), "{kind}");
        }
        assert!(
            "nothing"
                .parse::<InventoryKind>()
                .unwrap_err()
                .ends_with("waitlist")
        );
    }

    #[test]
    fn each_sort_is_paid_as_it_says() {
        let services = |kind| {
            let merchants = Inventory::of(kind).merchants;
            merchants
                .into_iter()
                .flat_map(|merchant| merchant.services)
                .collect::<Vec<_>>()
        };
        assert!(
            services(InventoryKind::Prepaid)
                .iter()
                .all(|service| service.prepaid)
        );
        let secured = services(InventoryKind::Secured);
        assert!(
            secured
                .iter()
                .all(|one| one.deposit.is_some() || one.no_show_fee.is_some())
        );
        let classes = services(InventoryKind::Classes);
        assert!(classes.iter().all(|one| one.seats[0].spots == CLASS_SPOTS));
        let arrival = services(InventoryKind::Arrival);
        assert!(arrival.len() > classes.len() && arrival.iter().all(|one| !one.prepaid));
    }
}
