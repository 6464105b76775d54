//! What a slot allows at a moment, by its terms.

use domain::slot::Slot;

/// True when Google still offers cancelling at `at_sec`.
pub(crate) fn online_cancel_allowed(slot: &Slot, at_sec: i64) -> bool {
    at_sec <= slot.terms.online_cancel_until_sec
}

/// True when the slot has a deposit that a cancellation at `at_sec` gives back. The online cutoff plays no part.
pub(crate) fn deposit_refundable(slot: &Slot, at_sec: i64) -> bool {
    slot.terms
        .deposit_refundable_until_sec(slot.start_sec)
        .is_some_and(|until| at_sec <= until)
}

/// True when the slot has a no-show fee that may be charged for a cancellation at `at_sec`.
pub(crate) fn late_fee_allowed(slot: &Slot, at_sec: i64) -> bool {
    slot.terms.no_show_fee.is_some() && at_sec > slot.terms.online_cancel_until_sec
}
