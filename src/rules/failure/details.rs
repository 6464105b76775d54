//! BS-CREATE-30

use super::cause;
use crate::verdicts::Proof;
use crate::{Case, Rule, Scope, Verdicts, reading};
use catalogue::RequirementId;
use serde_json::{Value, json};
use transcript::Exchange;

const FITTING: RequirementId = RequirementId::declared("BS-CREATE-30");

pub(crate) static RULE: Rule = Rule {
    name: "failure/details",
    requirements: &[FITTING],
    manual: "A failure should hold `rejected_card_type` only with the cause PAYMENT_ERROR_CARD_TYPE_REJECTED, and \
             `payment_failure` only with PAYMENT_REQUIRES_3DS1. Empty and unspecified values are tolerated.",
    scope: Scope::Answer(judge),
};

const DETAILS: [(&str, &str); 2] = [
    ("rejected_card_type", "PAYMENT_ERROR_CARD_TYPE_REJECTED"),
    ("payment_failure", "PAYMENT_REQUIRES_3DS1"),
];

fn judge(_: &Case<'_>, exchange: &Exchange<'_>, verdicts: &mut Verdicts) {
    // An unknown cause is the finding of another rule.
    let Some(cause) = cause(exchange).filter(|name| reading::is_name_of("BookingFailure.Cause", name)) else {
        return;
    };
    let got = |name: &str| {
        exchange
            .answer_value(&format!("/booking_failure/{name}"))
            .filter(|value| says_something(value))
    };
    let odd = DETAILS.into_iter().find_map(|(name, owner)| {
        (owner != cause)
            .then(|| Some((name, owner, got(name)?)))
            .flatten()
    });
    verdicts.check(FITTING, odd.is_none(), || {
        let (name, owner, value) = odd.unwrap_or(("", "", &Value::Null));
        let proof = Proof::at(exchange.entry, format!("/booking_failure/{name}")).expected("absent");
        let message = format!("`{name}` belongs to the cause {owner} and stands beside {cause}");
        (proof.actual(value.clone()), message)
    });
}

fn says_something(value: &Value) -> bool {
    let nothing = [
        json!(""),
        json!(0),
        json!({}),
        json!("CREDIT_CARD_TYPE_UNSPECIFIED"),
    ];
    !nothing.contains(value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Story;

    fn failure(failure: &Value) -> Story {
        Story::prepayment().create(json!({ "booking_failure": failure }))
    }

    #[test]
    fn details_of_the_cause_pass() {
        let rejected = json!({ "cause": "PAYMENT_ERROR_CARD_TYPE_REJECTED", "rejected_card_type": "JCB" });
        failure(&rejected).judge(&RULE).passes(FITTING);
        let empty = json!({ "cause": "SLOT_UNAVAILABLE", "rejected_card_type": "CREDIT_CARD_TYPE_UNSPECIFIED",
            "payment_failure": {} });
        failure(&empty).judge(&RULE).passes(FITTING);
    }

    #[test]
    fn details_of_another_cause_warn() {
        let declined = json!({ "cause": "PAYMENT_ERROR_CARD_DECLINED", "rejected_card_type": "VISA" });
        let found = failure(&declined).judge(&RULE).warns(FITTING);
        assert_eq!(
            found.evidence.pointer.as_deref(),
            Some("/booking_failure/rejected_card_type")
        );
        let parameters = json!({ "threeds1_parameters": { "pa_req": "p" } });
        failure(&json!({ "cause": "PAYMENT_ERROR", "payment_failure": parameters }))
            .judge(&RULE)
            .warns(FITTING);
    }

    #[test]
    fn a_failure_without_a_known_cause_is_left_alone() {
        failure(&json!({ "rejected_card_type": "VISA" }))
            .judge(&RULE)
            .says_nothing();
    }
}
