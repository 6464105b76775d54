//! REQ-08, RTU-REFUND-06

use super::BookingUpdate;
use super::essentials::is_wrapped;
use crate::verdicts::Proof;
use crate::{Case, Rule, Scope, Verdicts, reading};
use catalogue::RequirementId;
use protocol::schema::{Api, Fault, Violation, validate};
use serde_json::Value;

const FIELDS: RequirementId = RequirementId::declared("REQ-08");
const PAYMENT: RequirementId = RequirementId::declared("RTU-REFUND-06");

pub(crate) static RULE: Rule = Rule {
    name: "notification/fields",
    requirements: &[FIELDS, PAYMENT],
    manual: "The body of a booking notification may hold only the nine fields of the API's booking and what belongs into \
             them; the booking server's own message has other names. Of a payment only its status and its transaction id can \
             be told. snake_case spellings of known names are read. A value of another type is found where the API refused the \
             notification. A failure in the body has a rule of its own, and so have times and lengths.",
    scope: Scope::BookingUpdate(judge),
};

fn judge(_: &Case<'_>, patch: &BookingUpdate<'_>, verdicts: &mut Verdicts) {
    if patch.body.is_null() {
        return;
    }
    if is_wrapped(patch.body) {
        let proof = Proof::at(patch.entry, "/booking").expected("the fields of the booking at the top");
        let message =
            "the body of the notification holds the booking below `booking`; the booking itself is due";
        return verdicts.fail(FIELDS, proof, message);
    }
    let violations = validate(Api::V1alpha, "Booking", patch.body);
    if let Some(wrong) = violations
        .iter()
        .find(|violation| is_refused_type(patch, violation))
    {
        return verdicts.fail(FIELDS, type_proof(patch, wrong), type_words(patch, wrong));
    }
    let unknown = violations
        .into_iter()
        .filter(|violation| violation.fault == Fault::Unknown && !is_failure(&violation.pointer));
    let (of_payment, others): (Vec<_>, Vec<_>) =
        unknown.partition(|violation| violation.pointer.starts_with("/paymentInformation/"));
    let [other, of_payment] = [others, of_payment].map(|found| found.into_iter().next());
    verdicts.check(FIELDS, other.is_none(), || stray(patch, other));
    if reading::set(patch.body, "/paymentInformation").is_some() {
        verdicts.check(PAYMENT, of_payment.is_none(), || stray(patch, of_payment));
    }
}

fn is_failure(pointer: &str) -> bool {
    ["/bookingFailure", "/booking_failure"].contains(&pointer)
}

/// True for a value of a type that the API does not read at this place. Names of states, times and lengths have rules of
/// their own.
fn is_refused_type(patch: &BookingUpdate<'_>, violation: &Violation) -> bool {
    let is_type = match violation.fault {
        Fault::Type => !["/startTime", "/duration"].contains(&violation.pointer.as_str()),
        Fault::Enum => !violation.actual.is_string(),
        _ => false,
    };
    is_type && patch.call.notification.status == 400
}

fn type_proof(patch: &BookingUpdate<'_>, wrong: &Violation) -> Proof {
    let due = match wrong.fault {
        Fault::Enum => "one of the API's names as a text".into(),
        _ => wrong.expected.clone(),
    };
    Proof::at(patch.entry, wrong.pointer.clone())
        .expected(due)
        .actual(wrong.actual.clone())
}

/// In the words of the API, which name the message around the field, too.
fn type_words(patch: &BookingUpdate<'_>, wrong: &Violation) -> String {
    let name = wrong
        .pointer
        .rsplit('/')
        .find(|name| name.parse::<usize>().is_err());
    let refusal = patch.call.notification.answer.pointer("/error/message");
    let words = refusal.and_then(Value::as_str).unwrap_or("no reason");
    format!(
        "`{}` of the notification has another type than in the API, which answered 400: {words}",
        name.unwrap_or_default()
    )
}

fn stray(patch: &BookingUpdate<'_>, unknown: Option<Violation>) -> (Proof, String) {
    let (pointer, actual) = unknown
        .map(|found| (found.pointer, found.actual))
        .unwrap_or_default();
    let message = format!(
        "the notification API has no field `{}` at this place",
        pointer.rsplit('/').next().unwrap_or_default()
    );
    (Proof::at(patch.entry, pointer).actual(actual), message)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::patch;
    use crate::testing::{Story, changes, copy};
    use serde_json::json;

    fn update(body: Value) -> Story {
        let before = copy("CONFIRMED", None);
        Story::arrival().patch(Some("status"), changes(body), before.clone(), before)
    }

    #[test]
    fn known_fields_pass_in_either_spelling() {
        let payment = json!({ "prepayment_status": "PREPAYMENT_REFUNDED", "paymentTransactionId": "1" });
        let body = json!({ "status": "CANCELED", "start_time": "2030-01-01T08:00:00Z", "payment_information": payment });
        update(body).judge(&RULE).passes(FIELDS);
    }

    fn answered(status: u16, body: Value) -> Story {
        let before = copy("CONFIRMED", None);
        let mut sent = patch(Some("status"), changes(body), before.clone(), before);
        sent.status = status;
        sent.answer = json!({ "error": { "message": "Invalid value at 'booking' (name)" } });
        Story::arrival().notify(sent)
    }

    #[test]
    fn a_value_of_another_type_is_found_where_it_was_refused() {
        for body in [
            json!({ "name": { "name": "a" } }),
            json!({ "status": ["CANCELED"] }),
        ] {
            let found = answered(400, body).judge(&RULE).fails(FIELDS);
            assert!(
                found.message.ends_with("Invalid value at 'booking' (name)"),
                "{}",
                found.message
            );
        }
        let spelling = json!({ "status": "CANCELLED" });
        answered(400, spelling).judge(&RULE).passes(FIELDS);
        answered(200, json!({ "partySize": 2 }))
            .judge(&RULE)
            .passes(FIELDS);
    }

    #[test]
    fn fields_of_the_booking_server_are_found() {
        let found = update(json!({ "bookingId": "bk-0001" }))
            .judge(&RULE)
            .fails(FIELDS);
        assert_eq!(found.evidence.pointer.as_deref(), Some("/bookingId"));
    }

    #[test]
    fn a_booking_inside_of_another_object_is_found_as_that() {
        let before = copy("CONFIRMED", None);
        let body = json!({ "booking": changes(json!({ "status": "CANCELED" })) });
        let story = Story::arrival().patch(Some("status"), body, before.clone(), before);
        let found = story.judge(&RULE).fails(FIELDS);
        assert!(found.message.contains("below `booking`"), "{}", found.message);
    }

    #[test]
    fn amounts_of_a_payment_are_found() {
        let found = update(json!({ "paymentInformation": { "price": {} } }))
            .judge(&RULE)
            .fails(PAYMENT);
        assert_eq!(
            found.evidence.pointer.as_deref(),
            Some("/paymentInformation/price")
        );
    }

    #[test]
    fn a_failure_in_the_body_is_another_finding() {
        update(json!({ "bookingFailure": {} }))
            .judge(&RULE)
            .passes(FIELDS);
    }
}
