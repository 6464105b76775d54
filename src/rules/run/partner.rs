//! RTU-GEN-06

use super::about_bookings;
use crate::verdicts::Proof;
use crate::{Rule, Run, Scope, Verdicts};
use catalogue::RequirementId;

const PARTNER: RequirementId = RequirementId::declared("RTU-GEN-06");

pub(crate) static RULE: Rule = Rule {
    name: "run/partner",
    requirements: &[PARTNER],
    manual: "Booking notifications that no scenario could claim are looked at as well: their path must name the registered \
             partner id.",
    scope: Scope::Run(judge),
};

fn judge(run: &Run<'_>, verdicts: &mut Verdicts) {
    let Some(registered) = run.cases.first().map(|case| case.partner_id) else {
        return;
    };
    let foreign = about_bookings(run).find(|(partner, _)| *partner != registered);
    if let Some((partner, _)) = foreign {
        let proof = Proof::default().expected(registered).actual(partner);
        let message = "a notification is sent under another partner id than the registered one";
        verdicts.fail(PARTNER, proof, message);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Story, changes, copy, patch};
    use serde_json::json;
    use transcript::Subject;

    fn update(partner: &str) -> Story {
        let body = changes(json!({ "status": "CANCELED" }));
        let mut sent = patch(
            Some("status"),
            body,
            copy("CONFIRMED", None),
            copy("CONFIRMED", None),
        );
        sent.subject = Subject::Booking {
            partner: partner.into(),
            booking_id: "bk-0001".into(),
        };
        Story::arrival().orphan(sent)
    }

    #[test]
    fn the_registered_partner_is_left_to_other_rules() {
        update("20002002").judge(&RULE).says_nothing();
    }

    #[test]
    fn another_partner_is_found() {
        update("1").judge(&RULE).fails(PARTNER);
    }
}
