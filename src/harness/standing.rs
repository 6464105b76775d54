//! Bookings that may stand at the partner, for the report.

use engine::{Cleaned, Standing};
use outcome::MayStand;

/// What may stand against our wish, then what the partner need not cancel, then what the user wanted to keep.
pub(super) fn may_stand(cleaned: &Cleaned) -> Vec<MayStand> {
    let against = cleaned.standing.iter().chain(&cleaned.refused);
    against.chain(&cleaned.kept).cloned().map(reported).collect()
}

/// What could not be cancelled, a line for each.
pub(super) fn leftovers(cleaned: &Cleaned) -> Vec<String> {
    let all = cleaned.standing.iter().chain(&cleaned.refused);
    all.map(leftover).collect()
}

fn leftover(standing: &Standing) -> String {
    let Standing {
        booking_id,
        idempotency_token,
        why,
        ..
    } = standing;
    match booking_id {
        Some(id) => format!("{id}: {why}"),
        None => format!("unknown id, idempotency token {idempotency_token}: {why}"),
    }
}

fn reported(standing: Standing) -> MayStand {
    MayStand {
        idempotency_token: standing.idempotency_token,
        merchant_id: standing.merchant_id,
        service_id: standing.service_id,
        start_sec: standing.start_sec,
        user_id: standing.user_id,
        booking_id: standing.booking_id,
        scenario: standing.scenario,
        why: standing.why,
    }
}
