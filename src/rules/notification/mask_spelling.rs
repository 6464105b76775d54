//! REQ-06

use super::BookingUpdate;
use crate::verdicts::Proof;
use crate::{Case, Rule, Scope, Verdicts};
use catalogue::RequirementId;
use protocol::spelling::to_json_path;

const SPELLING: RequirementId = RequirementId::declared("REQ-06");

pub(crate) static RULE: Rule = Rule {
    name: "notification/mask-spelling",
    requirements: &[SPELLING],
    manual: "Mask paths should be written in lowerCamelCase. Paths with underscores are understood by most parsers and warn.",
    scope: Scope::BookingUpdate(judge),
};

fn judge(_: &Case<'_>, patch: &BookingUpdate<'_>, verdicts: &mut Verdicts) {
    if !patch.has_mask() {
        return;
    }
    let odd = patch
        .call
        .notification
        .mask
        .iter()
        .flatten()
        .find(|path| path.contains('_'));
    verdicts.check(SPELLING, odd.is_none(), || {
        let proof = Proof {
            entry: Some(patch.entry),
            ..Proof::default()
        };
        let field = odd.cloned().unwrap_or_default();
        (
            proof.expected(to_json_path(&field)).actual(field),
            "a path of the updateMask is not written in lowerCamelCase".to_owned(),
        )
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Story, changes, copy};
    use serde_json::json;

    fn update(mask: &str) -> Story {
        let body = changes(json!({ "startTime": "2030-01-01T10:00:00Z" }));
        Story::arrival().patch(Some(mask), body, copy("CONFIRMED", None), copy("CONFIRMED", None))
    }

    #[test]
    fn camel_case_passes() {
        update("startTime,duration").judge(&RULE).passes(SPELLING);
    }

    #[test]
    fn an_underscore_warns() {
        let found = update("start_time").judge(&RULE).warns(SPELLING);
        assert_eq!(found.evidence.expected, json!("startTime"));
    }
}
