//! RTU-RESCHED-03

use super::BookingUpdate;
use crate::verdicts::Proof;
use crate::{Case, Rule, Scope, Verdicts, reading};
use catalogue::RequirementId;
use protocol::time;

const TIME: RequirementId = RequirementId::declared("RTU-RESCHED-03");

pub(crate) static RULE: Rule = Rule {
    name: "notification/start-time",
    requirements: &[TIME],
    manual: "`startTime` must be an RFC 3339 time such as `2030-01-01T08:00:00Z`, with `Z` or an offset; seconds \
             since the epoch and local times are refused.",
    scope: Scope::BookingUpdate(judge),
};

fn judge(_: &Case<'_>, patch: &BookingUpdate<'_>, verdicts: &mut Verdicts) {
    let Some(value) = reading::set(patch.body, "/startTime") else {
        return;
    };
    let right = value
        .as_str()
        .is_some_and(|text| time::parse_timestamp(text).is_ok());
    verdicts.check(TIME, right, || {
        let proof = Proof::at(patch.entry, "/startTime")
            .expected("an RFC 3339 time")
            .actual(value.clone());
        (
            proof,
            "the new start is not written as an RFC 3339 time".to_owned(),
        )
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Story, changes, copy};
    use serde_json::{Value, json};

    fn update(value: &Value) -> Story {
        let before = copy("CONFIRMED", None);
        let body = changes(json!({ "startTime": value }));
        Story::arrival().patch(Some("startTime"), body, before.clone(), before)
    }

    #[test]
    fn the_form_of_the_api_passes() {
        update(&json!("2030-01-01T09:00:00+01:00"))
            .judge(&RULE)
            .passes(TIME);
        update(&json!(null)).judge(&RULE).says_nothing();
    }

    #[test]
    fn other_forms_are_found() {
        for value in [
            json!("1893488400"),
            json!(1_893_488_400),
            json!("2030-01-01T09:00:00"),
        ] {
            update(&value).judge(&RULE).fails(TIME);
        }
    }
}
