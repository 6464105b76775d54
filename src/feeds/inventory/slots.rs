//! From a record of the availability feed to the slots that it offers.

use super::window::{FIRST_SEC, LAST_SEC, SlotWindow};
use crate::code::ProblemCode;
use crate::files::wire::Text;
use crate::problem::RecordProblem;
use crate::records::convert::{deposit, keep, missing_field, no_show_fee};
use crate::records::merchant::Merchant;
use crate::records::messages::CardRequirement;
use crate::records::messages::availability::{AvailabilityRecord, ResourcesRecord};
use crate::records::service::{Format, Service};
use crate::records::tickets::TicketType;
use crate::terms::effective::{Overrides, effective};
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

/// The terms of a slot that is ordered by the ticket; none where an order could not name it, or its price is not known. What is
/// wrong with it is no matter of bookings.
pub(crate) fn ordered_terms(
    record: &AvailabilityRecord<'_>,
    shape: &SlotShape,
    service: &Service,
    merchant: &Merchant,
) -> Option<Terms> {
    // An order names no staff, room or party.
    if !shape.resources.is_empty() {
        return None;
    }
    let own = record.ticket_type_id.as_deref().unwrap_or_default();
    let is_sold = |one: &&TicketType| own.is_empty() || own.iter().any(|id| **id == *one.id);
    let types = service.ticket_types.iter().filter(is_sold);
    let tickets: Vec<_> = types.filter_map(TicketType::ticket).collect();
    let dearest = tickets.iter().max_by_key(|ticket| ticket.price.price_micros)?;
    let priced = Service {
        price: Some(dearest.price.clone()),
        payment_option_ids: Vec::new(),
        ..service.clone()
    };
    let mut unheard = Vec::new();
    let overrides = overrides(record, shape, &mut unheard).ok()?;
    let overrides = overrides.unwrap_or_else(|| no_overrides(shape));
    let terms = effective(overrides, &priced, merchant, &mut unheard).ok()?;
    Some(Terms { tickets, ..terms })
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
