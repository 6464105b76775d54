//! RTU-CANCEL-05

use super::{BookingUpdate, mask_complete::changes};
use crate::verdicts::Proof;
use crate::{Case, Rule, Scope, Verdicts, reading};
use catalogue::RequirementId;

const MINIMAL: RequirementId = RequirementId::declared("RTU-CANCEL-05");

pub(crate) static RULE: Rule = Rule {
    name: "notification/cancel-minimal",
    requirements: &[MINIMAL],
    manual: "The mask of a cancellation should be `status`, with the payment beside it where a refund is reported. Start, \
             duration and party size should not be named when they do not change; in the body they are tolerated.",
    scope: Scope::BookingUpdate(judge),
};

const FIELDS: [&str; 3] = ["startTime", "duration", "partySize"];

fn judge(_: &Case<'_>, patch: &BookingUpdate<'_>, verdicts: &mut Verdicts) {
    if patch.status() != Some("CANCELED") || !patch.has_mask() {
        return;
    }
    let Some(before) = patch.before else { return };
    let mask: Vec<_> = patch.paths().collect();
    let idle = FIELDS.into_iter().find(|field| {
        let here = reading::set(patch.body, &format!("/{field}")).is_some();
        mask.contains(field) && here && !changes(patch.body, before, field)
    });
    verdicts.check(MINIMAL, idle.is_none(), || {
        let proof = Proof {
            entry: Some(patch.entry),
            ..Proof::default()
        };
        (
            proof.expected("status").actual(mask.join(",")),
            format!(
                "the mask of a cancellation names `{}`, which does not change",
                idle.unwrap_or_default()
            ),
        )
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Story, changes, copy};
    use serde_json::json;

    fn update(mask: &str) -> Story {
        let body = changes(
            json!({ "status": "CANCELED", "startTime": "2030-01-01T08:00:00Z", "duration": "1800s" }),
        );
        Story::arrival().patch(Some(mask), body, copy("CONFIRMED", None), copy("CANCELED", None))
    }

    #[test]
    fn a_mask_of_the_status_passes_whatever_the_body_repeats() {
        update("status").judge(&RULE).passes(MINIMAL);
        update("status,paymentInformation").judge(&RULE).passes(MINIMAL);
    }

    #[test]
    fn a_mask_of_everything_warns() {
        update("status,startTime,duration").judge(&RULE).warns(MINIMAL);
    }
}
