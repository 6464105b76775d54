//! RTU-CANCEL-04, RTU-04

use super::{BookingUpdate, PREPAYMENT};
use crate::verdicts::Proof;
use crate::{Case, Rule, Scope, Verdicts};
use catalogue::RequirementId;
use protocol::model::{Enum, v1alpha};

const CANCELED: RequirementId = RequirementId::declared("RTU-CANCEL-04");
const KNOWN: RequirementId = RequirementId::declared("RTU-04");

pub(crate) static RULE: Rule = Rule {
    name: "notification/status-names",
    requirements: &[CANCELED, KNOWN],
    manual: "`status` and `paymentInformation.prepaymentStatus` must be names of the notification API. CANCELLED with two L \
             is told apart, since it is the usual slip.",
    scope: Scope::BookingUpdate(judge),
};

const PLACES: [(&str, &str); 2] = [("/status", "BookingStatus"), (PREPAYMENT, "PrepaymentStatus")];

fn judge(_: &Case<'_>, patch: &BookingUpdate<'_>, verdicts: &mut Verdicts) {
    for (pointer, enumeration) in PLACES {
        let Some(name) = patch.text(pointer) else { continue };
        let proof = Proof::at(patch.entry, pointer).actual(name);
        let known = v1alpha().enumeration(enumeration);
        if pointer == "/status" && name.eq_ignore_ascii_case("CANCELLED") {
            verdicts.fail(
                CANCELED,
                proof.expected("CANCELED"),
                "the status CANCELED is spelt with two L",
            );
        } else if known.is_some_and(|known| known.contains(name)) {
            verdicts.pass(KNOWN);
            if name == "CANCELED" {
                verdicts.pass(CANCELED);
            }
        } else {
            let names: Vec<_> = known.into_iter().flat_map(Enum::names).collect();
            let message = "the notification names a status that the API does not know";
            verdicts.fail(KNOWN, proof.expected(names), message);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Story, changes, copy, patch};
    use serde_json::{Value, json};

    fn refusal(body: Value) -> Story {
        let before = copy("CONFIRMED", None);
        let mut refused = patch(Some("status"), changes(body), before.clone(), before);
        refused.status = 400;
        Story::arrival().notify(refused)
    }

    #[test]
    fn names_of_the_api_pass() {
        let verdict = refusal(json!({ "status": "CANCELED" })).judge(&RULE);
        verdict.passes(CANCELED);
        verdict.passes(KNOWN);
    }

    #[test]
    fn two_l_are_found() {
        refusal(json!({ "status": "CANCELLED" }))
            .judge(&RULE)
            .fails(CANCELED);
    }

    #[test]
    fn other_unknown_names_are_found() {
        refusal(json!({ "status": "NOSHOW" })).judge(&RULE).fails(KNOWN);
        let body = json!({ "paymentInformation": { "prepaymentStatus": "REFUNDED" } });
        let found = refusal(body).judge(&RULE).fails(KNOWN);
        assert_eq!(found.evidence.pointer.as_deref(), Some(PREPAYMENT));
    }
}
