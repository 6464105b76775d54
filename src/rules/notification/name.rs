//! REQ-07

use super::BookingUpdate;
use crate::verdicts::Proof;
use crate::{Case, Rule, Scope, Verdicts};
use catalogue::RequirementId;
use percent_encoding::percent_decode_str;

const NAME: RequirementId = RequirementId::declared("REQ-07");

pub(crate) static RULE: Rule = Rule {
    name: "notification/name",
    requirements: &[NAME],
    manual: "`name` in the body must be the name in the path: `partners/{partner id}/bookings/{booking id}`. Percent-encoding \
             makes no difference; an absent name has a rule of its own.",
    scope: Scope::BookingUpdate(judge),
};

fn judge(_: &Case<'_>, patch: &BookingUpdate<'_>, verdicts: &mut Verdicts) {
    let Some(name) = patch.text("/name") else { return };
    let expected = format!("partners/{}/bookings/{}", patch.partner, patch.booking_id);
    let decoded = percent_decode_str(name).decode_utf8_lossy();
    verdicts.check(NAME, name == expected || decoded == expected, || {
        let proof = Proof::at(patch.entry, "/name")
            .expected(expected.clone())
            .actual(name);
        (
            proof,
            "the name in the body is not the one in the path".to_owned(),
        )
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Story, changes, copy};
    use serde_json::json;

    fn update(name: &str) -> Story {
        let body = changes(json!({ "status": "CANCELED", "name": name }));
        Story::arrival().patch(
            Some("status"),
            body,
            copy("CONFIRMED", None),
            copy("CANCELED", None),
        )
    }

    #[test]
    fn the_same_name_passes() {
        update("partners/20002002/bookings/bk-0001")
            .judge(&RULE)
            .passes(NAME);
        update("partners/20002002/bookings/bk%2D0001")
            .judge(&RULE)
            .passes(NAME);
        update("").judge(&RULE).says_nothing();
    }

    #[test]
    fn the_bare_id_is_found() {
        update("bk-0001").judge(&RULE).fails(NAME);
    }
}
