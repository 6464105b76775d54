//! From a record of the availability feed to the slots that it offers.

use super::window::{FIRST_SEC, LAST_SEC, SlotWindow};
use crate::code::ProblemCode;
use crate::files::wire::{NameOrNumber, Text};
use crate::problem::RecordProblem;
use crate::records::convert::{deposit, keep, missing_field, no_show_fee};
use crate::records::messages::CardRequirement;
use crate::records::messages::availability::{AvailabilityRecord, ResourcesRecord};
use crate::records::service::{Format, Service};
use crate::terms::effective::Overrides;
use crate::terms::recurrence;
use domain::slot::{ConfirmationMode, Resources, Slot, Terms};
use std::hash::{DefaultHasher, Hash, Hasher};

/// A slot is shorter than 168 hours; half an hour in milliseconds is three weeks of seconds.
const TOO_LONG_SEC: i64 = 168 * 3_600;
/// No slot is longer than a year.
const MAX_DURATION_SEC: i64 = 366 * 86_400;

/// The format in which the record speaks.
pub(crate) fn format(record: &AvailabilityRecord<'_>) -> Format {
    if record.recurrence.is_some() {
        Format::Recurrence
    } else {
        Format::Spots
    }
}

/// What a record offers, apart from its price.
pub(crate) struct SlotShape {
    /// Where it recurs, every start.
    pub(crate) starts: Vec<i64>,
    pub(crate) duration_sec: i64,
    /// In total, and open.
    pub(crate) spots: (i64, i64),
    window: SlotWindow,
    pub(crate) resources: Resources,
    /// Tells resources apart that have no ids of their own.
    pub(crate) description_digest: u64,
    pub(crate) confirmation_mode: ConfirmationMode,
    pub(crate) tag: Option<String>,
}

/// Reads what a record offers; `None` when a problem takes its meaning.
pub(crate) fn shape(
    record: &mut AvailabilityRecord<'_>,
    problems: &mut Vec<RecordProblem>,
) -> Option<SlotShape> {
    record.recurrence.take_if(|recurrence| recurrence.is_empty());
    let times = times(record, problems);
    let spots = keep(spots(record, problems), problems);
    let description_digest = record.resources.as_ref().map_or(0, description_digest);
    let resources = keep(resources(record.resources.take(), problems), problems);
    let (start, duration) = times?;
    let exceptions = record.schedule_exception.as_deref();
    let starts = recurrence::starts(start, duration, record.recurrence.as_ref(), exceptions);
    let starts = keep(starts, problems);
    problems.extend(exceptions.and_then(recurrence::touching_exceptions));
    problems.extend(exceptions.and_then(|exceptions| recurrence::empty_exception(exceptions, LAST_SEC)));
    let window = keep(
        SlotWindow::read(record.scheduling_rule_overrides.as_ref(), start),
        problems,
    );
    Some(SlotShape {
        starts: starts?,
        duration_sec: duration,
        spots: spots?,
        window: window?,
        resources: resources?,
        description_digest,
        confirmation_mode: record.confirmation_mode.map(|named| named.0).unwrap_or_default(),
        tag: record.availability_tag.take().and_then(non_empty),
    })
}

impl SlotShape {
    /// The last moment at which any of its slots can be booked.
    pub(crate) fn bookable_until(&self, service: &Service) -> Option<i64> {
        let last = *self.starts.last()?;
        Some(
            self.window
                .bookable_until(last, self.duration_sec, &service.rules),
        )
    }

    /// The slot at this start.
    pub(crate) fn slot(&self, start_sec: i64, terms: &Terms, service: &Service) -> Slot {
        let slot = Slot {
            merchant_id: service.merchant_id.clone(),
            service_id: service.service_id.clone(),
            start_sec,
            duration_sec: self.duration_sec,
            availability_tag: self.tag.clone(),
            resources: self.resources.clone(),
            confirmation_mode: self.confirmation_mode,
            spots_total: self.spots.0,
            spots_open: self.spots.1,
            terms: terms.clone(),
        };
        self.window.place(slot, service)
    }
}

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

/// Where the slot of a record is booked, and what is wrong with how it says so.
pub(crate) fn booking_route(
    record: &AvailabilityRecord<'_>,
    service: &Service,
    problems: &mut Vec<RecordProblem>,
) -> BookingRoute {
    let tickets = record.ticket_type_id.as_deref().unwrap_or_default();
    for (index, id) in tickets.iter().enumerate() {
        if !service.ticket_types.iter().any(|known| **known == **id) {
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
    let reason =
        |label: &NameOrNumber| !(label.0.is_empty() || label.0 == "0" || label.0.ends_with("UNSPECIFIED"));
    let linked = record.linkout_required_reason.as_ref().is_some_and(reason);
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
        let message = "sold by the ticket, which is an order and no booking: left out";
        problems.push(RecordProblem::new(
            ProblemCode::TicketedSlot,
            "ticket_type_id",
            message,
        ));
        return BookingRoute::Order;
    }
    BookingRoute::Here
}

/// Start and length of the slot of a record; everything that is wrong with either is told.
fn times(record: &AvailabilityRecord<'_>, problems: &mut Vec<RecordProblem>) -> Option<(i64, i64)> {
    let start = keep(start(record), problems);
    let duration = keep(duration(record), problems);
    if let Some(odd) = duration.filter(|duration| *duration >= TOO_LONG_SEC) {
        let hours = odd / 3_600;
        let message = format!("{odd} s are {hours} hours, and 168 are too many: are these seconds?");
        problems.push(RecordProblem::new(
            ProblemCode::OddDuration,
            "duration_sec",
            message,
        ));
    }
    Some((start?, duration?))
}

/// The start of the slot of a record, or of its first slot.
pub(crate) fn start(record: &AvailabilityRecord<'_>) -> Result<i64, RecordProblem> {
    let start = record.start_sec.ok_or_else(|| missing_field("start_sec"))?.0;
    if (FIRST_SEC..=LAST_SEC).contains(&start) {
        return Ok(start);
    }
    let is_thousandfold = (FIRST_SEC..=LAST_SEC).contains(&(start / 1_000));
    let cause = if is_thousandfold {
        ": are these milliseconds?"
    } else {
        ""
    };
    let message = format!("{start} is no plausible time in seconds since 1970{cause}");
    Err(RecordProblem::new(
        ProblemCode::TimeOutOfRange,
        "start_sec",
        message,
    ))
}

fn duration(record: &AvailabilityRecord<'_>) -> Result<i64, RecordProblem> {
    let duration = record
        .duration_sec
        .ok_or_else(|| missing_field("duration_sec"))?
        .0;
    if (1..=MAX_DURATION_SEC).contains(&duration) {
        return Ok(duration);
    }
    let message = format!("{duration} s is no plausible length");
    Err(RecordProblem::new(
        ProblemCode::DurationOutOfRange,
        "duration_sec",
        message,
    ))
}

fn spots(
    record: &AvailabilityRecord<'_>,
    problems: &mut Vec<RecordProblem>,
) -> Result<(i64, i64), RecordProblem> {
    let open = record.spots_open.map_or(0, |int| int.0);
    if record.recurrence.is_some() {
        let total = record.spots_total.map_or(1, |int| int.0);
        if record.spots_open.is_some_and(|_| open < total) {
            let message = format!("{open} of {total} spots of a recurrence: a booking is an exception");
            problems.push(RecordProblem::new(
                ProblemCode::BookedRecurrence,
                "spots_open",
                message,
            ));
        } else if total > 1 {
            let message = format!("{total} spots, and a recurrence stands for one spot at each start");
            problems.push(RecordProblem::new(
                ProblemCode::SpotsOfRecurrence,
                "spots_total",
                message,
            ));
        }
        return Ok((1, 1));
    }
    // Protobuf's own JSON printers leave out a zero.
    let total = record.spots_total.map_or(0, |int| int.0);
    if (total, open) == (0, 0) {
        let message = "a slot that nobody can book: neither spots nor a recurrence";
        return Err(RecordProblem::new(ProblemCode::NoSpots, "spots_total", message));
    }
    if total < 1 || !(0..=total).contains(&open) {
        let message = format!("{open} of {total} spots open");
        return Err(RecordProblem::new(
            ProblemCode::InvalidSpots,
            "spots_open",
            message,
        ));
    }
    Ok((total, open))
}

fn resources(
    record: Option<ResourcesRecord<'_>>,
    problems: &mut Vec<RecordProblem>,
) -> Result<Resources, RecordProblem> {
    let Some(record) = record else {
        return Ok(Resources::default());
    };
    let pairs = [
        ("staff_id", &record.staff_id, "staff_name", &record.staff_name),
        ("room_id", &record.room_id, "room_name", &record.room_name),
    ];
    for (id, one, name, other) in pairs {
        let is_set = |text: &Option<Text<'_>>| text.as_ref().is_some_and(|text| !text.is_empty());
        if is_set(one) != is_set(other) {
            let (there, absent) = if is_set(one) { (id, name) } else { (name, id) };
            let field = format!("resources.{absent}");
            problems.push(RecordProblem::new(
                ProblemCode::HalfNamedResource,
                field,
                format!("absent beside {there}"),
            ));
        }
    }
    let party = record.party_size.map(|int| int.0).filter(|size| *size != 0);
    let party_size = match party.map(i32::try_from).transpose() {
        Ok(size) if size.is_none_or(|size| size > 0) => size,
        _ => {
            let message = format!("a party of {}", party.unwrap_or_default());
            return Err(RecordProblem::new(
                ProblemCode::InvalidPartySize,
                "resources.party_size",
                message,
            ));
        }
    };
    Ok(Resources {
        staff_id: record.staff_id.and_then(non_empty),
        room_id: record.room_id.and_then(non_empty),
        party_size,
    })
}

/// A number for what is said of resources beside their ids.
fn description_digest(record: &ResourcesRecord<'_>) -> u64 {
    let unless = |id: &Option<Text<'_>>, name: &Option<Text<'_>>| match id {
        Some(id) if !id.is_empty() => None,
        _ => name.as_ref().map(ToString::to_string),
    };
    let staff = unless(&record.staff_id, &record.staff_name);
    let room = unless(&record.room_id, &record.room_name);
    let description = record.room_description.as_ref().map(ToString::to_string);
    if (&staff, &room, &description) == (&None, &None, &None) {
        return 0;
    }
    let mut hasher = DefaultHasher::new();
    (staff, room, description).hash(&mut hasher);
    hasher.finish()
}

fn non_empty(text: Text<'_>) -> Option<String> {
    (!text.is_empty()).then(|| text.into_string())
}

/// What the record says of money itself; `None` when that is nothing.
pub(crate) fn overrides(
    record: &AvailabilityRecord<'_>,
    shape: &SlotShape,
    problems: &mut Vec<RecordProblem>,
) -> Result<Option<Overrides>, RecordProblem> {
    let ids = record.payment_option_id.as_deref().unwrap_or_default();
    let card_requirement = record
        .require_credit_card
        .map(|named| named.0)
        .unwrap_or_default();
    let nothing = ids.is_empty()
        && record.no_show_fee.is_none()
        && record.deposit.is_none()
        && card_requirement == CardRequirement::Unspecified;
    if nothing {
        return Ok(None);
    }
    Ok(Some(Overrides {
        payment_option_ids: ids.iter().map(ToString::to_string).collect(),
        no_show_fee: record
            .no_show_fee
            .as_ref()
            .map(|record| no_show_fee(record, problems))
            .transpose()?,
        deposit: record
            .deposit
            .as_ref()
            .map(|record| deposit(record, problems))
            .transpose()?,
        card_requirement,
        confirmation_mode: shape.confirmation_mode,
        party_size: shape.resources.party_size,
    }))
}

/// Those of a slot that says nothing of money itself, and is not booked like others.
pub(crate) fn no_overrides(shape: &SlotShape) -> Overrides {
    Overrides {
        confirmation_mode: shape.confirmation_mode,
        party_size: shape.resources.party_size,
        ..Overrides::default()
    }
}

#[cfg(test)]
mod tests;
