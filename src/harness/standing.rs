//! Bookings that may stand at the partner, for the report.

use engine::Cleaned;
use transcript::MayStand;

/// What may stand against our wish, then what the partner need not cancel, then what the user wanted to keep.
pub(super) fn may_stand(cleaned: &Cleaned) -> Vec<MayStand> {
    let against = cleaned.standing.iter().chain(&cleaned.refused);
    against.chain(&cleaned.kept).cloned().collect()
}

/// What could not be cancelled, a line for each.
pub(super) fn leftovers(cleaned: &Cleaned) -> Vec<String> {
    let all = cleaned.standing.iter().chain(&cleaned.refused);
    all.map(leftover).collect()
}

fn leftover(standing: &MayStand) -> String {
    let MayStand {
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
