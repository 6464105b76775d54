//! RTU-ASYNC-10

use super::{BookingUpdate, mask_complete::changes};
use crate::verdicts::Proof;
use crate::{Case, Rule, Scope, Verdicts};
use catalogue::RequirementId;
use domain::slot::ConfirmationMode;

const UNCHANGED: RequirementId = RequirementId::declared("RTU-ASYNC-10");

pub(crate) static RULE: Rule = Rule {
    name: "notification/request-unchanged",
    requirements: &[UNCHANGED],
    manual: "A notification about a booking that waits for the merchant may decide it, but not change its start, its duration or \
             its party size: the merchant accepts or declines what was asked for. Changes after the decision are left open.",
    scope: Scope::BookingUpdate(judge),
};

const FIELDS: [&str; 3] = ["startTime", "duration", "partySize"];

fn judge(case: &Case<'_>, patch: &BookingUpdate<'_>, verdicts: &mut Verdicts) {
    // A pending booking of a slot that is confirmed at once is a finding of its own; to change it is right.
    if is_confirmed_at_once(case, patch) {
        return;
    }
    let Some(before) = patch.before.filter(|_| {
        patch
            .text_before("/status")
            .is_some_and(|was| was.starts_with("PENDING"))
    }) else {
        return;
    };
    let meant = |field: &&str| !patch.has_mask() || patch.names(field);
    let changed = FIELDS
        .into_iter()
        .filter(meant)
        .find(|field| changes(patch.body, before, field));
    verdicts.check(UNCHANGED, changed.is_none(), || {
        let field = changed.unwrap_or_default();
        let proof = Proof::at(patch.entry, format!("/{field}")).expected(before[field].clone());
        let message =
            format!("the request is decided with another `{field}` than the one that was asked for");
        (proof.actual(patch.body[field].clone()), message)
    });
}

fn is_confirmed_at_once(case: &Case<'_>, patch: &BookingUpdate<'_>) -> bool {
    let slot = case.slot_of_booking(patch.booking_id);
    slot.is_some_and(|slot| slot.confirmation_mode == ConfirmationMode::Synchronous)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Story, changes, copy};
    use serde_json::{Value, json};

    fn update(from: &str, mask: &str, body: Value) -> Story {
        Story::arrival().patch(
            Some(mask),
            changes(body),
            copy(from, None),
            copy("CONFIRMED", None),
        )
    }

    #[test]
    fn a_bare_decision_passes_and_later_changes_are_left_open() {
        let same = json!({ "status": "CONFIRMED", "startTime": "2030-01-01T09:00:00+01:00" });
        update("PENDING_MERCHANT_CONFIRMATION", "status,startTime", same)
            .judge(&RULE)
            .passes(UNCHANGED);
        let moved = json!({ "startTime": "2030-01-01T09:00:00Z" });
        update("CONFIRMED", "startTime", moved)
            .judge(&RULE)
            .says_nothing();
    }

    #[test]
    fn a_counter_proposal_is_found() {
        let other = json!({ "status": "CONFIRMED", "startTime": "2030-01-01T09:00:00Z" });
        let found = update("PENDING_MERCHANT_CONFIRMATION", "status,startTime", other)
            .judge(&RULE)
            .fails(UNCHANGED);
        assert_eq!(found.evidence.pointer.as_deref(), Some("/startTime"));
    }
}
