//! RTU-GEN-06

use super::BookingUpdate;
use crate::verdicts::Proof;
use crate::{Case, Rule, Scope, Verdicts};
use catalogue::RequirementId;

const PARTNER: RequirementId = RequirementId::declared("RTU-GEN-06");

pub(crate) static RULE: Rule = Rule {
    name: "notification/partner",
    requirements: &[PARTNER],
    manual: "The path of a booking notification must name the partner id that is registered with Google, which is \
             `partner_id` in the configuration.",
    scope: Scope::BookingUpdate(judge),
};

fn judge(case: &Case<'_>, patch: &BookingUpdate<'_>, verdicts: &mut Verdicts) {
    verdicts.check(PARTNER, patch.partner == case.partner_id, || {
        let proof = Proof {
            entry: Some(patch.entry),
            ..Proof::default()
        };
        (
            proof.expected(case.partner_id).actual(patch.partner),
            "the notification is sent under another partner id than the registered one".to_owned(),
        )
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Story, changes, copy, patch};
    use serde_json::json;
    use transcript::Subject;

    #[test]
    fn the_registered_partner_passes() {
        let body = changes(json!({ "status": "CANCELED" }));
        let story = Story::arrival().patch(
            Some("status"),
            body,
            copy("CONFIRMED", None),
            copy("CANCELED", None),
        );
        story.judge(&RULE).passes(PARTNER);
    }

    #[test]
    fn another_partner_is_found() {
        let body = changes(json!({ "status": "CANCELED" }));
        let mut foreign = patch(
            Some("status"),
            body,
            copy("CONFIRMED", None),
            copy("CONFIRMED", None),
        );
        foreign.subject = Subject::Booking {
            partner: "1".into(),
            booking_id: "bk-0001".into(),
        };
        foreign.status = 403;
        Story::arrival().notify(foreign).judge(&RULE).fails(PARTNER);
    }
}
