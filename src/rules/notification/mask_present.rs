//! REQ-03

use super::BookingUpdate;
use crate::verdicts::Proof;
use crate::{Case, Rule, Scope, Verdicts};
use catalogue::RequirementId;

const MASK: RequirementId = RequirementId::declared("REQ-03");

pub(crate) static RULE: Rule = Rule {
    name: "notification/mask-present",
    requirements: &[MASK],
    manual: "Every booking notification should have the query parameter `updateMask` with at least one path. Without one \
             every field of the body is taken over.",
    scope: Scope::BookingUpdate(judge),
};

fn judge(_: &Case<'_>, patch: &BookingUpdate<'_>, verdicts: &mut Verdicts) {
    verdicts.check(MASK, patch.has_mask(), || {
        let proof = Proof {
            entry: Some(patch.entry),
            ..Proof::default()
        };
        (
            proof.expected("updateMask with the changed fields"),
            "the notification has no updateMask".to_owned(),
        )
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Story, changes, copy};
    use serde_json::json;

    fn update(mask: Option<&str>) -> Story {
        let body = changes(json!({ "status": "CANCELED" }));
        Story::arrival().patch(mask, body, copy("CONFIRMED", None), copy("CANCELED", None))
    }

    #[test]
    fn a_mask_passes() {
        update(Some("status")).judge(&RULE).passes(MASK);
    }

    #[test]
    fn none_or_an_empty_one_warns() {
        update(None).judge(&RULE).warns(MASK);
        update(Some("")).judge(&RULE).warns(MASK);
    }
}
