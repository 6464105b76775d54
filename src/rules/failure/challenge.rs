//! 3DS-02, 3DS-03

use super::cause;
use crate::verdicts::Proof;
use crate::{Case, Rule, Scope, Verdicts, reading};
use catalogue::RequirementId;
use serde_json::Value;
use transcript::Exchange;

const PARAMETERS: RequirementId = RequirementId::declared("3DS-02");
const USABLE: RequirementId = RequirementId::declared("3DS-03");

pub(crate) static RULE: Rule = Rule {
    name: "failure/challenge",
    requirements: &[PARAMETERS, USABLE],
    manual: "A failure with the cause PAYMENT_REQUIRES_3DS1 must hold `payment_failure.threeds1_parameters`, else Google reads \
             it as PAYMENT_ERROR. In them `acs_url` must be an absolute web address, and `pa_req` and `transaction_id` must \
             not be empty; `md_merchant_data` may be.",
    scope: Scope::Answer(judge),
};

const PLACE: &str = "/booking_failure/payment_failure/threeds1_parameters";

fn judge(_: &Case<'_>, exchange: &Exchange<'_>, verdicts: &mut Verdicts) {
    if cause(exchange) != Some("PAYMENT_REQUIRES_3DS1") {
        return;
    }
    let Some(parameters) = exchange.answer_value(PLACE).filter(|value| value.is_object()) else {
        let proof = Proof::at(exchange.entry, PLACE).expected("present");
        let message = "a 3-D Secure challenge is asked for without `threeds1_parameters`, so Google reads it as PAYMENT_ERROR";
        return verdicts.fail(PARAMETERS, proof, message);
    };
    verdicts.pass(PARAMETERS);
    let odd = unusable(parameters);
    verdicts.check(USABLE, odd.is_none(), || {
        let (name, wanted) = odd.unwrap_or_default();
        let proof = Proof::at(exchange.entry, format!("{PLACE}/{name}")).expected(wanted);
        let actual = parameters.get(name).cloned().unwrap_or_default();
        (
            proof.actual(actual),
            format!("the 3-D Secure challenge cannot be shown to the user, for its `{name}` is not {wanted}"),
        )
    });
}

fn unusable(parameters: &Value) -> Option<(&'static str, &'static str)> {
    let text = |pointer| reading::text(parameters, pointer);
    match () {
        () if !text("/acs_url").is_some_and(is_address) => Some(("acs_url", "an absolute web address")),
        () if text("/pa_req").is_none() => Some(("pa_req", "a text")),
        () if text("/transaction_id").is_none() => Some(("transaction_id", "a text")),
        () => None,
    }
}

fn is_address(text: &str) -> bool {
    let rest = text
        .strip_prefix("https://")
        .or_else(|| text.strip_prefix("http://"));
    let host = rest.and_then(|rest| rest.split(['/', '?', '#']).next());
    host.is_some_and(|host| !host.is_empty() && !text.contains(char::is_whitespace))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Story;
    use serde_json::json;

    fn challenge(edit: impl FnOnce(&mut Value)) -> Story {
        let mut failure = json!({ "cause": "PAYMENT_REQUIRES_3DS1", "payment_failure": { "threeds1_parameters": {
            "acs_url": "https://acs.example/form?x=1", "pa_req": "eJx", "transaction_id": "acs-1" } } });
        edit(&mut failure);
        Story::prepayment().create(json!({ "booking_failure": failure }))
    }

    #[test]
    fn a_challenge_without_merchant_data_passes() {
        let verdict = challenge(|_| {}).judge(&RULE);
        verdict.passes(PARAMETERS);
        verdict.passes(USABLE);
    }

    #[test]
    fn no_parameters_are_found() {
        let story = challenge(|failure| failure["payment_failure"] = json!(null));
        story.judge(&RULE).fails(PARAMETERS);
    }

    #[test]
    fn parameters_that_cannot_be_used_are_found() {
        for (name, value) in [
            ("acs_url", json!("/challenge")),
            ("acs_url", json!("https:///x")),
            ("pa_req", json!("")),
            ("transaction_id", json!(null)),
        ] {
            let story = challenge(|failure| failure["payment_failure"]["threeds1_parameters"][name] = value);
            story.judge(&RULE).fails(USABLE);
        }
    }
}
