//! RTU-PARTY-02

use super::BookingUpdate;
use crate::verdicts::Proof;
use crate::{Case, Rule, Scope, Verdicts, reading};
use catalogue::RequirementId;

const TEXT: RequirementId = RequirementId::declared("RTU-PARTY-02");

pub(crate) static RULE: Rule = Rule {
    name: "notification/party-size",
    requirements: &[TEXT],
    manual: "`partySize` should be a string of digits, as the API writes 64-bit numbers. A number is understood and warns.",
    scope: Scope::BookingUpdate(judge),
};

fn judge(_: &Case<'_>, patch: &BookingUpdate<'_>, verdicts: &mut Verdicts) {
    // What is neither has another type, and that is the finding of the rule about fields.
    let sizes = reading::set(patch.body, "/partySize");
    let Some(size) = sizes.filter(|size| size.is_string() || size.is_number()) else {
        return;
    };
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    verdicts.check(TEXT, size.as_str().is_some_and(digits), || {
        let proof = Proof::at(patch.entry, "/partySize").expected("a string of digits");
        (
            proof.actual(size.clone()),
            "the party size is not sent as a string".to_owned(),
        )
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Story, changes, copy};
    use serde_json::{Value, json};

    fn update(size: &Value) -> Story {
        let body = changes(json!({ "partySize": size }));
        Story::arrival().patch(
            Some("partySize"),
            body,
            copy("CONFIRMED", None),
            copy("CONFIRMED", None),
        )
    }

    #[test]
    fn a_string_of_digits_passes() {
        update(&json!("4")).judge(&RULE).passes(TEXT);
    }

    #[test]
    fn a_number_warns() {
        update(&json!(4)).judge(&RULE).warns(TEXT);
        update(&json!(["4"])).judge(&RULE).says_nothing();
    }
}
