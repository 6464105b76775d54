//! Rules about what only all scenarios together show.

pub(super) mod add_on_fields;
pub(super) mod booking_ids;
pub(super) mod both_returned;
pub(super) mod inventory_form;
pub(super) mod inventory_path;
pub(super) mod latency;
pub(super) mod lookup_errors;
pub(super) mod merchant_terms;
pub(super) mod method;
pub(super) mod needed;
pub(super) mod notification_errors;
pub(super) mod of_another;
pub(super) mod online_fields;
pub(super) mod orphans;
pub(super) mod own_ids;
pub(super) mod partner;
mod rate;
pub(super) mod records;
pub(super) mod resource_form;
pub(super) mod resource_ids;
mod resource_update;
pub(super) mod service_terms;
pub(super) mod shifted;
pub(super) mod spots_total;
pub(super) mod transaction_ids;
pub(super) mod unshown;
pub(super) mod verb;

use super::{Run, payment, reading};
use serde_json::Value;
use transcript::Notification;
use transcript::{Exchange, Subject};

/// A booking that some scenario made.
struct ReportedBooking<'r> {
    scenario: &'r str,
    /// Index of the entry that holds the answer.
    entry: usize,
    /// When the request was sent, milliseconds since the run began.
    sent_ms: u64,
    /// The booking in the answer.
    booking: &'r Value,
    /// True when the scenario has an expectation about repeated ids.
    watched: bool,
    id: &'r str,
    token: &'r str,
    merchant: &'r str,
    user: &'r str,
    slot: &'r Value,
    /// That of a booking which involves money: without any there is nothing that the id would be of.
    transaction: Option<&'r str>,
}

/// Every booking that an answer reports, repeated answers included.
fn reported_bookings<'r>(run: &'r Run<'_>) -> Vec<ReportedBooking<'r>> {
    let each = run.cases.iter().flat_map(|case| {
        let steps = &case.scenario.steps;
        let watched = steps.iter().any(|step| {
            booking_ids::WATCHING
                .iter()
                .any(|id| step.requirements().contains(id))
        });
        let scenario = case.scenario.id.as_str();
        case.answers().filter_map(move |exchange| {
            let paid = case.slot_of(&exchange).is_some_and(payment::involves_money);
            let mut booking = read(&exchange, scenario, watched)?;
            booking.transaction = booking.transaction.filter(|_| paid);
            Some(booking)
        })
    });
    each.collect()
}

fn read<'r>(exchange: &Exchange<'r>, scenario: &'r str, watched: bool) -> Option<ReportedBooking<'r>> {
    let booking = reading::created_booking(exchange)?;
    let sent = |pointer| exchange.request_value(pointer).and_then(Value::as_str);
    Some(ReportedBooking {
        scenario,
        entry: exchange.entry,
        sent_ms: exchange.sent_ms,
        booking,
        watched,
        id: reading::id(booking)?,
        token: sent("/idempotency_token")?,
        merchant: sent("/slot/merchant_id")?,
        user: sent("/user_information/user_id").unwrap_or_default(),
        slot: exchange.request_value("/slot")?,
        // What a pack pays for moves no money.
        transaction: reading::text(booking, "/payment_information/payment_transaction_id")
            .filter(|_| sent("/payment_information/user_payment_option_id").is_none()),
    })
}

/// Calls about bookings that no scenario claims.
fn about_bookings<'r>(run: &'r Run<'_>) -> impl Iterator<Item = (&'r str, &'r Notification)> {
    run.orphans.iter().filter_map(|orphan| match &orphan.subject {
        Subject::Booking { partner, .. } => Some((partner.as_str(), orphan)),
        Subject::Availability { .. } => None,
    })
}
