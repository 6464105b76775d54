//! BS-CREATE-07, BS-CREATE-29

use crate::verdicts::Proof;
use crate::{Case, Rule, Scope, Verdicts, reading};
use catalogue::RequirementId;
use protocol::Method;
use protocol::model::v3;
use serde_json::Value;
use transcript::Exchange;

const SPECIFIC: RequirementId = RequirementId::declared("BS-CREATE-07");
const KNOWN: RequirementId = RequirementId::declared("BS-CREATE-29");

pub(crate) static RULE: Rule = Rule {
    name: "create/failure-cause",
    requirements: &[SPECIFIC, KNOWN],
    manual: "Every `booking_failure` of CreateBooking and UpdateBooking must name a cause, which is neither absent nor \
             CAUSE_UNSPECIFIED, and the name must be one of the enum. DEAL_UNAVAILABLE is outdated, and \
             UNSUPPORTED_NAME, UNSUPPORTED_PHONE_NUMBER and BANNED_USER are only reported to exist: these four warn.",
    scope: Scope::Answer(judge),
};

const POINTER: &str = "/booking_failure/cause";
const TOLERATED: [&str; 4] = [
    "UNSUPPORTED_NAME",
    "UNSUPPORTED_PHONE_NUMBER",
    "BANNED_USER",
    "DEAL_UNAVAILABLE",
];

fn judge(_: &Case<'_>, exchange: &Exchange<'_>, verdicts: &mut Verdicts) {
    if !exchange.call.method.mutates()
        || !exchange
            .answer_value("/booking_failure")
            .is_some_and(Value::is_object)
    {
        return;
    }
    // A failure beside a booking is already the finding of another rule.
    if exchange.call.method == Method::CreateBooking && exchange.answer_value("/booking").is_some() {
        return;
    }
    let cause = exchange.answer_value(POINTER);
    let proof = Proof::at(exchange.entry, POINTER).actual(cause.cloned().unwrap_or_default());
    let Some(cause) = cause.filter(|cause| !is_unspecified(cause)) else {
        return verdicts.fail(
            SPECIFIC,
            proof.expected("a specific cause"),
            "the failure names no cause",
        );
    };
    verdicts.pass(SPECIFIC);
    let proof = proof.expected("a cause of the enum");
    match cause.as_str() {
        Some(name) if TOLERATED.contains(&name) => {
            verdicts.warn(
                KNOWN,
                proof,
                "the cause of the failure is outdated or not confirmed to exist",
            );
        }
        Some(name) if reading::is_name_of("BookingFailure.Cause", name) => verdicts.pass(KNOWN),
        None if is_known_number(cause) => {}
        _ => verdicts.fail(
            KNOWN,
            proof,
            "the failure names a cause that the interface does not know",
        ),
    }
}

fn is_unspecified(cause: &Value) -> bool {
    cause == "CAUSE_UNSPECIFIED" || cause == "" || cause == 0
}

/// The right cause in another form, which the rule about enum names reports.
fn is_known_number(cause: &Value) -> bool {
    let causes = v3().enumeration("BookingFailure.Cause");
    let name = cause.as_i64().and_then(|number| causes?.by_number(number));
    name.is_some()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Story, booking};
    use serde_json::json;

    fn failure(cause: &Value) -> Story {
        Story::arrival().create(json!({ "booking_failure": { "cause": cause } }))
    }

    #[test]
    fn a_cause_of_the_enum_passes() {
        let verdict = failure(&json!("SLOT_UNAVAILABLE")).judge(&RULE);
        verdict.passes(SPECIFIC);
        verdict.passes(KNOWN);
        failure(&json!(1)).judge(&RULE).passes(SPECIFIC);
    }

    #[test]
    fn no_cause_is_found_in_both_methods() {
        for cause in [json!(null), json!("CAUSE_UNSPECIFIED"), json!("")] {
            failure(&cause).judge(&RULE).fails(SPECIFIC);
        }
        let story = Story::arrival().cancel(json!({ "booking_failure": {} }));
        story.judge(&RULE).fails(SPECIFIC);
    }

    #[test]
    fn an_invented_cause_is_found() {
        failure(&json!("SOLD_OUT")).judge(&RULE).fails(KNOWN);
        failure(&json!(99)).judge(&RULE).fails(KNOWN);
    }

    #[test]
    fn reported_and_outdated_causes_warn() {
        for cause in TOLERATED {
            failure(&json!(cause)).judge(&RULE).warns(KNOWN);
        }
    }

    #[test]
    fn a_failure_beside_a_booking_is_another_rules_finding() {
        let mut answer = booking();
        answer["booking_failure"] = json!({});
        Story::arrival().create(answer).judge(&RULE).says_nothing();
    }
}
