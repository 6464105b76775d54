//! REQ-01

use super::about_bookings;
use crate::notification::method::is_its_path;
use crate::notification::verb::is_patch;
use crate::verdicts::Proof;
use crate::{Rule, Run, Scope, Verdicts};
use catalogue::RequirementId;

const VERB: RequirementId = RequirementId::declared("REQ-01");

pub(crate) static RULE: Rule = Rule {
    name: "run/verb",
    requirements: &[VERB],
    manual: "Booking notifications that no scenario could claim are looked at as well: they must be sent as PATCH, or as POST \
             with the header `X-HTTP-Method-Override: PATCH`.",
    scope: Scope::Run(judge),
};

fn judge(run: &Run<'_>, verdicts: &mut Verdicts) {
    if let Some((_, other)) = about_bookings(run).find(|(_, orphan)| is_its_path(orphan) && !is_patch(orphan))
    {
        let proof = Proof::default().expected("PATCH").actual(other.verb.as_str());
        verdicts.fail(VERB, proof, "a booking notification was not sent as PATCH");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Story, changes, copy, patch};
    use serde_json::json;

    fn update(verb: &str) -> Story {
        let body = changes(json!({ "status": "CANCELED" }));
        let mut sent = patch(
            Some("status"),
            body,
            copy("CONFIRMED", None),
            copy("CONFIRMED", None),
        );
        sent.verb = verb.into();
        Story::arrival().orphan(sent)
    }

    #[test]
    fn patch_is_left_to_other_rules() {
        update("PATCH").judge(&RULE).says_nothing();
    }

    #[test]
    fn another_verb_is_found() {
        update("POST").judge(&RULE).fails(VERB);
    }
}
