//! Rules about money that moved, as the partner's ledger shows it. Without a ledger probe they claim nothing.

pub(super) mod amount;
pub(super) mod configured;
pub(super) mod converted;
pub(super) mod fee_amount;
pub(super) mod fee_cause;
pub(super) mod processor_id;
pub(super) mod refunded_once;

use super::{Case, Verdicts, packs};
use catalogue::RequirementId;
use domain::ledger::Balance;
use domain::slot::{PaymentMode, Slot};
use transcript::{Exchange, Ledger};

/// A booking of a bound slot, and every reading of its ledger.
struct BookingLedger<'c> {
    id: &'c str,
    made: Exchange<'c>,
    slot: &'c Slot,
    readings: Vec<LedgerReading<'c>>,
}

/// The ledger of a booking at one moment.
#[derive(Clone, Copy)]
struct LedgerReading<'c> {
    entry: usize,
    at_ms: u64,
    ledger: &'c Ledger,
    sums: Balance,
}

/// The bookings of slots with such terms whose ledger could be read; where the target has no probe, the requirement does
/// not apply to them.
fn booking_ledgers<'c>(
    case: &'c Case<'_>,
    requirement: RequirementId,
    wanted: impl Fn(&Slot) -> bool,
    verdicts: &mut Verdicts,
) -> Vec<BookingLedger<'c>> {
    let made = case.bookings().into_iter().filter(|(id, _)| !case.is_moved(id));
    let mut booking_ledgers: Vec<_> = made
        .filter_map(|(id, made)| {
            let slot = case
                .slot_of(&made)
                .filter(|slot| wanted(slot) && packs::owned(&made).is_none())?;
            Some(BookingLedger {
                id,
                made,
                slot,
                readings: readings(case, id),
            })
        })
        .collect();
    if !case.has_ledger() {
        for _ in &booking_ledgers {
            verdicts.not_applicable(requirement);
        }
    }
    booking_ledgers.retain(|booking| !booking.readings.is_empty());
    booking_ledgers
}

fn readings<'c>(case: &'c Case<'_>, id: &str) -> Vec<LedgerReading<'c>> {
    let readable = case
        .transcript
        .ledgers()
        .filter(|(_, _, ledger)| ledger.booking_id == id && ledger.failure.is_none());
    readable
        .map(|(entry, at_ms, ledger)| LedgerReading {
            entry,
            at_ms,
            ledger,
            sums: Balance::of(&ledger.lines),
        })
        .collect()
}

/// True when the slot asks for money in exactly these ways.
fn is(slot: &Slot, modes: &[PaymentMode]) -> bool {
    slot.terms.modes() == modes
}

/// True when an amount is a right one that was taken more than once: that is another rule's finding.
fn is_multiple(actual: i64, right: i64) -> bool {
    right > 0 && actual > right && actual % right == 0
}

/// When somebody first cancelled the booking or asked for its fee, milliseconds since the run began.
fn first_act(case: &Case<'_>, id: &str) -> Option<u64> {
    const ACTS: [&str; 5] = [
        "user_cancel_at_partner",
        "merchant_cancel",
        "no_show",
        "charge_no_show_fee",
        "unpaid",
    ];
    let at_partner = case
        .triggers()
        .filter(|(_, _, trigger)| trigger.booking_id == id && ACTS.contains(&trigger.name.as_str()))
        .map(|(_, at_ms, _)| at_ms);
    at_partner.chain(google_cancel_ms(case, id)).min()
}

/// When Google asked for the cancellation of the booking.
fn google_cancel_ms(case: &Case<'_>, id: &str) -> Option<u64> {
    let sent = |exchange: &Exchange<'_>, pointer| {
        exchange
            .request_value(pointer)
            .and_then(|value| value.as_str().map(ToOwned::to_owned))
    };
    case.answers()
        .find(|exchange| {
            sent(exchange, "/booking/booking_id").as_deref() == Some(id)
                && sent(exchange, "/booking/status").as_deref() == Some("CANCELED")
        })
        .map(|exchange| exchange.sent_ms)
}

impl BookingLedger<'_> {
    /// What was taken and not given back since the last look before a moment; none without a look before it and after it.
    fn balance_since(&self, at_ms: u64) -> Option<(LedgerReading<'_>, i64)> {
        let net = |reading: &LedgerReading<'_>| reading.sums.taken - reading.sums.refunded;
        let before = self.readings.iter().rfind(|reading| reading.at_ms <= at_ms)?;
        let after = self
            .readings
            .last()
            // Two readings may share a millisecond: then their entries decide which is the later one.
            .filter(|reading| reading.at_ms > at_ms || reading.entry > before.entry)?;
        Some((*after, net(after) - net(before)))
    }
}
