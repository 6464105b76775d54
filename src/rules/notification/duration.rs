//! RTU-RESCHED-04

use super::BookingUpdate;
use crate::verdicts::Proof;
use crate::{Case, Rule, Scope, Verdicts, reading};
use catalogue::RequirementId;
use protocol::time;

const LENGTH: RequirementId = RequirementId::declared("RTU-RESCHED-04");

pub(crate) static RULE: Rule = Rule {
    name: "notification/duration",
    requirements: &[LENGTH],
    manual: "`duration` must be seconds with the suffix `s`, such as `3600s`; bare numbers and other units are refused.",
    scope: Scope::BookingUpdate(judge),
};

fn judge(_: &Case<'_>, patch: &BookingUpdate<'_>, verdicts: &mut Verdicts) {
    let Some(value) = reading::set(patch.body, "/duration") else {
        return;
    };
    let right = value
        .as_str()
        .is_some_and(|text| time::parse_duration(text).is_ok());
    verdicts.check(LENGTH, right, || {
        let proof = Proof::at(patch.entry, "/duration")
            .expected("seconds with the suffix s")
            .actual(value.clone());
        (
            proof,
            "the duration is not written as seconds with the suffix s".to_owned(),
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
        let body = changes(json!({ "duration": value }));
        Story::arrival().patch(Some("duration"), body, before.clone(), before)
    }

    #[test]
    fn the_form_of_the_api_passes() {
        update(&json!("3600s")).judge(&RULE).passes(LENGTH);
        update(&json!(null)).judge(&RULE).says_nothing();
    }

    #[test]
    fn other_forms_are_found() {
        for value in [json!("3600"), json!(3600), json!("PT1H")] {
            update(&value).judge(&RULE).fails(LENGTH);
        }
    }
}
