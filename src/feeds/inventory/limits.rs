//! What Google refuses of slots that are right in form: moments, parties and options beyond its limits, and services that nobody
//! can book.

use super::directory::{ListedMerchant, ListedService, SlotSummary};
use super::slots::SlotShape;
use crate::code::ProblemCode;
use crate::problem::RecordProblem;
use crate::records::messages::availability::AvailabilityRecord;
use crate::records::service::Service;
use std::collections::BTreeMap;

const DAY_SEC: i64 = 86_400;
/// Nobody takes bookings for so far ahead; an hour in milliseconds is.
const FAR_SEC: i64 = 5 * 366 * DAY_SEC;
/// The largest party that Google can be set to offer.
const MOST_PEOPLE: i32 = 20;

/// Looks at a slot of this service; `exported` is the moment of the export, epoch seconds.
pub(super) fn check_slot(
    shape: &SlotShape,
    record: &AvailabilityRecord<'_>,
    service: &Service,
    exported: Option<i64>,
    record_problems: &mut Vec<RecordProblem>,
) {
    record_problems.extend(exported.and_then(|exported| moment(shape, exported)));
    let options = record.payment_option_id.as_ref().map_or(0, Vec::len);
    if options > 1 {
        let message = format!("{options} options of one slot, of which Google takes one");
        record_problems.push(RecordProblem::new(
            ProblemCode::SeveralPaymentOptions,
            "payment_option_id",
            message,
        ));
    }
    let is_large = |size: &i32| *size > MOST_PEOPLE && (service.is_dining() || service.is_untyped());
    record_problems.extend(shape.resources.party_size.filter(is_large).map(|size| {
        let message = format!("a party of {size}, and the largest one is {MOST_PEOPLE}");
        RecordProblem::new(ProblemCode::LargeParty, "resources.party_size", message)
    }));
}

/// A slot of the past, or of a far future. One that ended on the day of the export may have been open when that day began.
fn moment(shape: &SlotShape, exported: i64) -> Option<RecordProblem> {
    let (first, last) = (*shape.starts.first()?, *shape.starts.last()?);
    let problem = |code, message: String| Some(RecordProblem::new(code, "start_sec", message));
    if last + shape.duration_sec + DAY_SEC <= exported {
        let days = (exported - last) / DAY_SEC;
        return problem(
            ProblemCode::PastSlot,
            format!("{last} is {days} days before the export ({exported})"),
        );
    }
    if first - exported > FAR_SEC {
        let years = (first - exported) / (365 * DAY_SEC);
        return problem(
            ProblemCode::FarSlot,
            format!("{first} is {years} years after the export ({exported})"),
        );
    }
    None
}

/// That a service has slots to come, and every one of them is closed before the export.
pub(super) fn never_bookable(
    service: &Service,
    summary: &SlotSummary,
    exported: i64,
) -> Option<RecordProblem> {
    let (last, until) = (summary.last_start_sec?, summary.bookable_until_sec?);
    let rules = &service.rules;
    let field = if rules.time_flexible && rules.min_booking_buffer_before_end_time.is_some() {
        "rules.min_booking_buffer_before_end_time"
    } else {
        "rules.min_advance_booking"
    };
    (last >= exported && until < exported).then(|| {
        let message = format!(
            "the last slot starts at {last} and can be booked until {until}, which is before the export: no slot is ever on offer"
        );
        RecordProblem::new(ProblemCode::NeverBookable, field, message)
    })
}

/// The services of a restaurant beside its first one, as far as they have slots.
pub(super) fn second_dining_services(known: &ListedMerchant) -> Vec<(&ListedService, RecordProblem)> {
    let has_slots = |listed: &&ListedService| listed.summary().last_start_sec.is_some();
    let offered = || known.services.values().filter(has_slots);
    // Where no type is stated, only a merchant who sells nothing but tables is a restaurant.
    let is_plain_table = |listed: &ListedService| listed.service.is_untyped() && listed.summary().has_party;
    let is_restaurant = offered().all(is_plain_table);
    let is_table = |listed: &&ListedService| is_restaurant || listed.service.is_dining();
    let mut tables: Vec<_> = offered().filter(is_table).collect();
    tables.sort_by_key(|listed| listed.origin);
    let Some((first, others)) = tables.split_first() else {
        return Vec::new();
    };
    let message = format!(
        "beside service {:?} of the same restaurant; rooms and sizes of tables are told apart in the slots",
        first.service.service_id
    );
    let problem = RecordProblem::new(ProblemCode::SecondDiningService, "service_id", message);
    others.iter().map(|listed| (*listed, problem.clone())).collect()
}

/// Services that users cannot tell from an earlier one of the merchant: by their names, and by how long they last.
pub(super) fn repeated_services(known: &ListedMerchant) -> Vec<(&ListedService, RecordProblem)> {
    let mut listed: Vec<&ListedService> = known.services.values().collect();
    listed.sort_by_key(|listed| listed.origin);
    let (mut first, mut repeated) = (BTreeMap::new(), Vec::new());
    for listed in listed {
        let name = listed.service.name.trim().to_lowercase();
        let Some(lengths) = listed.summary().lengths_sec.filter(|_| !name.is_empty()) else {
            continue;
        };
        let Some(earlier) = first.insert((name, lengths), &listed.service.service_id) else {
            continue;
        };
        let message = format!(
            "{:?} with slots as long as those of service {earlier:?}",
            listed.service.name
        );
        let problem = RecordProblem::new(ProblemCode::SameServiceTwice, "localized_service_name", message);
        repeated.push((listed, problem));
    }
    repeated
}

/// That nothing of a merchant is in the services feed.
pub(super) fn no_services(known: &ListedMerchant) -> Option<RecordProblem> {
    known.services.is_empty().then(|| {
        let message = format!(
            "merchant {:?} has no service, so nothing of it can be booked",
            known.merchant.merchant_id
        );
        RecordProblem::new(ProblemCode::NoServices, "merchant_id", message)
    })
}
