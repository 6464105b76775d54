//! Where the slot of a record is booked.

use crate::code::ProblemCode;
use crate::files::wire::NameOrNumber;
use crate::problem::RecordProblem;
use crate::records::messages::availability::AvailabilityRecord;
use crate::records::service::Service;

/// Where a slot is booked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BookingRoute {
    /// By CreateBooking.
    Here,
    /// By an order of tickets.
    Order,
    /// On the partner's own page; `prepaid` when it is paid there.
    Elsewhere { prepaid: bool },
}

/// True for a record with a reason to link out.
pub(crate) fn links_out(record: &AvailabilityRecord<'_>) -> bool {
    let is_reason =
        |label: &NameOrNumber| !(label.0.is_empty() || label.0 == "0" || label.0.ends_with("UNSPECIFIED"));
    record.linkout_required_reason.as_ref().is_some_and(is_reason)
}

/// Where the slot of a record is booked, and what is wrong with how it says so.
pub(crate) fn booking_route(
    record: &AvailabilityRecord<'_>,
    service: &Service,
    problems: &mut Vec<RecordProblem>,
) -> BookingRoute {
    let tickets = record.ticket_type_id.as_deref().unwrap_or_default();
    for (index, id) in tickets.iter().enumerate() {
        if !service.ticket_types.iter().any(|known| *known.id == **id) {
            let message = format!(
                "service {:?} defines no ticket type {:?}",
                service.service_id, &**id
            );
            let field = format!("ticket_type_id[{index}]");
            problems.push(RecordProblem::new(
                ProblemCode::UndefinedTicketType,
                field,
                message,
            ));
        }
    }
    let linked = links_out(record);
    let prepayment = record
        .prepayment
        .as_ref()
        .filter(|prepayment| prepayment.price_info.is_some());
    if let Some(prepayment) = prepayment {
        let priced = prepayment.price_info.as_ref();
        if !priced.is_some_and(|info| info.price.is_some() || info.price_range.is_some()) {
            let message = "neither a price nor a range of prices";
            problems.push(RecordProblem::new(
                ProblemCode::NoRedirectPrice,
                "prepayment.price_info",
                message,
            ));
        }
        if !linked {
            let message = "a prepayment of the slot's own, and no reason to link out";
            problems.push(RecordProblem::new(
                ProblemCode::UnmarkedRedirect,
                "linkout_required_reason",
                message,
            ));
        }
    }
    if linked || prepayment.is_some() {
        let message = "booked on the partner's own page: left out";
        problems.push(RecordProblem::new(
            ProblemCode::RedirectedSlot,
            "linkout_required_reason",
            message,
        ));
        let prepaid = prepayment.is_some();
        return BookingRoute::Elsewhere { prepaid };
    }
    if service.ticketed || !tickets.is_empty() {
        let message = "sold by the ticket: it is ordered, not booked";
        problems.push(RecordProblem::new(
            ProblemCode::TicketedSlot,
            "ticket_type_id",
            message,
        ));
        return BookingRoute::Order;
    }
    BookingRoute::Here
}
