#![expect(clippy::unwrap_used, reason = "a test may panic")]

use super::*;
use protocol::model::v1alpha;
use serde_json::{Value, json};

fn booking(body: &str) -> Result<Value, Vec<Violation>> {
    decode(v1alpha(), "Booking", "booking", body.as_bytes()).map(|decoded| Value::Object(decoded.value))
}

const PACKAGE: &str = "type.googleapis.com/google.maps.booking.v1alpha";

#[test]
fn either_spelling_and_either_number_form_is_read_into_one() {
    let camel = booking(r#"{"merchantId":"m","partySize":"4","startTime":"2025-01-05T23:45:00Z"}"#);
    let snake = booking(r#"{"merchant_id":"m","party_size":4.0,"start_time":"2025-01-06T00:45:00+01:00"}"#);
    assert_eq!(camel, snake);
    assert_eq!(
        camel.unwrap(),
        json!({"merchantId":"m","partySize":"4","startTime":"2025-01-05T23:45:00Z"})
    );
}

#[test]
fn every_refusal_has_its_frame() {
    let invalid = "Invalid JSON payload received.";
    let table = [
        (
            r#"{"foo":1}"#,
            "booking",
            format!("{invalid} Unknown name \"foo\" at 'booking': Cannot find field."),
        ),
        (
            r#"{"paymentInformation":{"price":1}}"#,
            "booking.payment_information",
            format!("{invalid} Unknown name \"price\" at 'booking.payment_information': Cannot find field."),
        ),
        (
            r#"{"status":"CANCELLED"}"#,
            "booking.status",
            format!("Invalid value at 'booking.status' ({PACKAGE}.BookingStatus), \"CANCELLED\""),
        ),
        (
            r#"{"status":99}"#,
            "booking.status",
            format!("Invalid value at 'booking.status' ({PACKAGE}.BookingStatus), 99"),
        ),
        (
            r#"{"partySize":"abc"}"#,
            "booking.party_size",
            "Invalid value at 'booking.party_size' (TYPE_INT64), \"abc\"".to_owned(),
        ),
        (
            r#"{"partySize":2.5}"#,
            "booking.party_size",
            "Invalid value at 'booking.party_size' (TYPE_INT64), 2.5".to_owned(),
        ),
        (
            r#"{"partySize":{}}"#,
            "booking.party_size",
            "Invalid value at 'booking.party_size' (TYPE_INT64), Starting an object on a scalar field"
                .to_owned(),
        ),
        (
            r#"{"merchantId":7}"#,
            "booking.merchant_id",
            "Invalid value at 'booking.merchant_id' (TYPE_STRING), 7".to_owned(),
        ),
        (
            r#"{"startTime":1736120700}"#,
            "booking.start_time",
            "Invalid value at 'booking.start_time' (type.googleapis.com/google.protobuf.Timestamp), \
             Field 'startTime', Invalid time format: Failed to parse input"
                .to_owned(),
        ),
        (
            r#"{"duration":"900"}"#,
            "booking.duration",
            "Invalid value at 'booking.duration' (type.googleapis.com/google.protobuf.Duration), \
             Field 'duration', Illegal duration format; duration must end with 's'"
                .to_owned(),
        ),
        (
            r#"{"status":["CANCELED"]}"#,
            "booking",
            format!(
                "{invalid} Unknown name \"status\" at 'booking': Proto field is not repeating, cannot start list."
            ),
        ),
        (
            r#"{"paymentInformation":"x"}"#,
            "booking.payment_information",
            format!("Invalid value at 'booking.payment_information' ({PACKAGE}.PaymentInformation), \"x\""),
        ),
        (
            "[]",
            "",
            format!("{invalid} Unknown name \"\": Root element must be a message."),
        ),
        (
            "null",
            "",
            format!("{invalid} Unknown name \"\": Root element must be a message."),
        ),
        ("{", "", format!("{invalid} Unexpected end of string.\n{{\n ^")),
    ];
    for (body, field, description) in table {
        let violations = booking(body).unwrap_err();
        assert_eq!(
            violations,
            [Violation {
                field: field.to_owned(),
                description
            }],
            "{body}"
        );
    }
}

#[test]
fn at_the_root_of_a_wrapped_request_the_place_is_left_out() {
    let violations = decode(
        v1alpha(),
        "ReplaceServiceAvailabilityRequest",
        "",
        br#"{"name":"x"}"#,
    )
    .unwrap_err();
    assert_eq!(violations[0].field, "");
    assert_eq!(
        violations[0].description,
        "Invalid JSON payload received. Unknown name \"name\": Cannot find field."
    );
}

#[test]
fn list_entries_are_numbered() {
    let body = br#"{"extendedServiceAvailability":[{},{"availability":[{"startSec":"1"}]}]}"#;
    let violations = decode(v1alpha(), "BatchReplaceServiceAvailabilityRequest", "", body).unwrap_err();
    assert_eq!(
        violations[0].field,
        "extended_service_availability[1].availability[0]"
    );
}

#[test]
fn bad_base64_has_its_frame() {
    let model = Model::from_json(
        r#"{"package":"p","enums":{},"messages":{"A":{"fields":[
        {"name":"raw","json_name":"raw","number":1,"type":"bytes","label":"optional","oneof":null,"deprecated":false}]}}}"#,
    )
    .unwrap();
    let violations = decode(&model, "A", "", br#"{"raw":"%%"}"#).unwrap_err();
    assert_eq!(
        violations[0].description,
        "Invalid value at 'raw' (TYPE_BYTES), Base64 decoding failed for \"%%\""
    );
    assert_eq!(
        decode(&model, "A", "", br#"{"raw":"_-8"}"#).unwrap().value["raw"],
        "/+8="
    );
}

#[test]
fn several_faults_are_listed_up_to_a_limit() {
    assert_eq!(booking(r#"{"a":1,"status":"X","b":2}"#).unwrap_err().len(), 3);
    let many: Map<String, Value> = (0..1000).map(|n| (format!("x{n}"), Value::Null)).collect();
    assert_eq!(booking(&Value::Object(many).to_string()).unwrap_err().len(), 64);
}

#[test]
fn null_means_absent() {
    assert_eq!(booking(r#"{"status":null,"partySize":null}"#).unwrap(), json!({}));
}

#[test]
fn both_spellings_of_one_field_and_two_members_of_a_oneof_are_refused() {
    let twice = booking(r#"{"merchantId":"a","merchant_id":"b"}"#).unwrap_err();
    assert_eq!(twice[0].field, "booking");
    let both = decode(v1alpha(), "PriceInfo", "p", br#"{"price":{},"priceRange":{}}"#).unwrap_err();
    assert_eq!(
        both[0].description,
        "Invalid value at 'p' (oneof), oneof field 'amount' is already set. Cannot set 'priceRange'"
    );
}

#[test]
fn what_is_let_pass_is_noted() {
    let decoded = decode(v1alpha(), "Booking", "booking", br#"{"status":4}"#).unwrap();
    assert_eq!(decoded.value["status"], "CANCELED");
    assert_eq!(
        decoded.lints,
        [Lint::EnumNumber {
            field: "booking.status".to_owned()
        }]
    );
    let decoded = decode(v1alpha(), "Availability", "", br#"{"paymentOptionId":"p"}"#).unwrap();
    assert_eq!(decoded.value["paymentOptionId"], json!(["p"]));
    assert_eq!(
        decoded.lints,
        [Lint::SingleForList {
            field: "payment_option_id".to_owned()
        }]
    );
}

#[test]
fn maps_hold_texts_only() {
    let body = br#"{"tokenizationParameter":{"gateway":"stripe"}}"#;
    assert_eq!(
        decode(v1alpha(), "TokenizationConfig", "", body).unwrap().value["tokenizationParameter"]["gateway"],
        "stripe"
    );
    assert!(
        decode(
            v1alpha(),
            "TokenizationConfig",
            "",
            br#"{"tokenizationParameter":{"a":1}}"#
        )
        .is_err()
    );
}
