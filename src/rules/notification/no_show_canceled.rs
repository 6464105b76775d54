//! RTU-NOSHOW-05

use super::Patch;
use crate::bench::Proof;
use crate::{Bench, Case, Note, Rule, Scope};
use catalogue::RequirementId;

const STANDING: RequirementId = RequirementId::declared("RTU-NOSHOW-05");

pub(crate) static RULE: Rule = Rule {
    name: "notification/no-show-canceled",
    requirements: &[STANDING],
    manual: "NO_SHOW may not be reported for a booking that is cancelled. NO_SHOW_PENALIZED may: it tells of a fee for a \
             late cancellation.",
    scope: Scope::Notification(judge),
};

fn judge(_: &Case<'_>, note: &Note<'_>, bench: &mut Bench) {
    let Some(patch) = Patch::of(note).filter(|patch| patch.status() == Some("NO_SHOW")) else {
        return;
    };
    let Some(before) = patch.was("/status") else {
        return;
    };
    bench.check(STANDING, before != "CANCELED", || {
        let proof = Proof::at(note.entry, "/status")
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

    fn told(before: &str, status: &str) -> Story {
        let body = changes(json!({ "status": status }));
        Story::no_show_fee().patch(Some("status"), body, copy(before, None), copy(status, None))
    }

    #[test]
    fn a_standing_booking_passes() {
        told("CONFIRMED", "NO_SHOW").judge(&RULE).passes(STANDING);
    }

    #[test]
    fn a_cancelled_booking_is_found_unless_it_is_penalised() {
        told("CANCELED", "NO_SHOW").judge(&RULE).fails(STANDING);
        told("CANCELED", "NO_SHOW_PENALIZED").judge(&RULE).says_nothing();
    }
}
