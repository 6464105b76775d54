//! RTU-NOSHOW-05

use super::BookingUpdate;
use crate::verdicts::Proof;
use crate::{Case, Rule, Scope, Verdicts};
use catalogue::RequirementId;

const NOT_CANCELED: RequirementId = RequirementId::declared("RTU-NOSHOW-05");

pub(crate) static RULE: Rule = Rule {
    name: "notification/no-show-canceled",
    requirements: &[NOT_CANCELED],
    manual: "NO_SHOW may not be reported for a booking that is cancelled. NO_SHOW_PENALIZED may: it tells of a fee for a \
             late cancellation.",
    scope: Scope::BookingUpdate(judge),
};

fn judge(_: &Case<'_>, patch: &BookingUpdate<'_>, verdicts: &mut Verdicts) {
    if patch.status() != Some("NO_SHOW") {
        return;
    }
    let Some(before) = patch.text_before("/status") else {
        return;
    };
    verdicts.check(NOT_CANCELED, before != "CANCELED", || {
        let proof = Proof::at(patch.entry, "/status")
            .expected("CANCELED")
            .actual("NO_SHOW");
        (
            proof,
            "the user is reported as absent although the booking is cancelled".to_owned(),
        )
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Story, changes, copy};
    use serde_json::json;

    fn update(before: &str, status: &str) -> Story {
        let body = changes(json!({ "status": status }));
        Story::no_show_fee().patch(Some("status"), body, copy(before, None), copy(status, None))
    }

    #[test]
    fn a_standing_booking_passes() {
        update("CONFIRMED", "NO_SHOW").judge(&RULE).passes(NOT_CANCELED);
    }

    #[test]
    fn a_cancelled_booking_is_found_unless_it_is_penalised() {
        update("CANCELED", "NO_SHOW").judge(&RULE).fails(NOT_CANCELED);
        update("CANCELED", "NO_SHOW_PENALIZED")
            .judge(&RULE)
            .says_nothing();
    }
}
