//! Orders: what is ordered must be sold by the ticket.

use super::Checker;
use crate::file::CallFile;
use crate::reading::Span;
use protocol::Method;

/// True for the calls that say what is ordered.
fn is_order(method: Method) -> bool {
    matches!(method, Method::CheckOrderFulfillability | Method::CreateOrder)
}

/// True for the calls that are about booked slots.
fn is_booking(method: Method) -> bool {
    matches!(method, Method::BatchAvailabilityLookup | Method::CreateBooking)
}

impl Checker<'_> {
    /// A call must be about slots of its kind.
    pub(super) fn kind_of_slots(&mut self, file: &CallFile, span: Span) {
        let method = *file.call.get();
        if file.order.is_some() && !is_order(method) {
            let help = "leave `order` to CheckOrderFulfillability and CreateOrder";
            self.problem(span, format!("{method} orders nothing"), help);
        }
        if file.repeat.is_some() || file.raw.is_some() {
            return;
        }
        let places = file.slot.iter().chain(&file.slots).map(|name| name.get().clone());
        let mut names: Vec<String> = places.collect();
        if names.is_empty() {
            names.extend(self.slots.first().cloned());
        }
        names.retain(|name| self.slots.contains(name));
        for name in names {
            let is_ordered = self.ordered.contains(&name);
            if is_order(method) && !is_ordered {
                let message = format!("{method} is about slots that are sold by the ticket");
                self.problem(span, message, format!("add `tickets: true` to the slot `{name}`"));
            } else if is_booking(method) && is_ordered {
                let message = format!("the slot `{name}` is sold by the ticket: it is ordered, not booked");
                self.problem(span, message, "call CheckOrderFulfillability or CreateOrder");
            }
        }
    }
}
