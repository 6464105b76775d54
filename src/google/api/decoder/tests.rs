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
            "booking",
            "Invalid value at 'booking' (party_size), Starting an object on a scalar field".to_owned(),
        ),
        (
            r#"{"status":{"name":"CANCELED"}}"#,
            "booking",
            "Invalid value at 'booking' (status), Starting an object on a scalar field".to_owned(),
        ),
        (
            r#"{"paymentInformation":{"prepaymentStatus":{}}}"#,
            "booking.payment_information",
            "Invalid value at 'booking.payment_information' (prepayment_status), \
             Starting an object on a scalar field"
                .to_owned(),
        ),
        (
            r#"{"merchantId":7}"#,
            "booking.merchant_id",
            "Invalid value at 'booking.merchant_id' (TYPE_STRING), 7".to_owned(),
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
fn times_and_lengths_are_refused_for_the_first_thing_that_is_wrong_with_them() {
    let zone = "Illegal timestamp format; timestamps must end with 'Z' or have a valid timezone offset.";
    let time = "Invalid time format: Failed to parse input";
    let suffix = "Illegal duration format; duration must end with 's'";
    for (field, value, why) in [
        (
            "startTime",
            "1736120700",
            "Invalid data type for timestamp, value is 1736120700",
        ),
        ("startTime", r#""2026-11-30T18:00:00""#, zone),
        ("startTime", r#""2026-11-30""#, zone),
        ("startTime", r#""1736120700""#, zone),
        ("startTime", r#""""#, zone),
        ("startTime", r#""2026-11-31T18:00:00Z""#, time),
        ("startTime", r#""2026-11-30 18:00:00Z""#, time),
        ("startTime", r#""2026-11-30T18:00:00+99:00""#, time),
        ("duration", "900", "Invalid data type for duration, value is 900"),
        ("duration", r#""900""#, suffix),
        ("duration", r#""PT15M""#, suffix),
        (
            "duration",
            r#""abcs""#,
            "Invalid duration format, failed to parse seconds",
        ),
        (
            "duration",
            r#""1.xs""#,
            "Invalid duration format, failed to parse nano seconds",
        ),
        ("duration", r#""999999999999s""#, "Duration value exceeds limits"),
    ] {
        let violations = booking(&format!(r#"{{"{field}":{value}}}"#)).unwrap_err();
        let (path, kind) = match field {
            "duration" => ("booking.duration", "Duration"),
            _ => ("booking.start_time", "Timestamp"),
        };
        let said = format!(
            "Invalid value at '{path}' (type.googleapis.com/google.protobuf.{kind}), Field '{field}', {why}"
        );
        assert_eq!(violations[0].description, said, "{value}");
        assert_eq!(violations[0].field, path);
    }
}

#[test]
fn an_object_at_the_root_of_a_wrapped_request_is_refused_without_a_place() {
    let body = br#"{"serviceAvailability":{"startTimeRestrict":{"seconds":1}},"name":{}}"#;
    let violations = decode(v1alpha(), "ReplaceServiceAvailabilityRequest", "", body).unwrap_err();
    let said: Vec<_> = violations
        .iter()
        .map(|violation| violation.description.as_str())
        .collect();
    assert_eq!(
        said[0],
        "Invalid value at 'service_availability' (start_time_restrict), Starting an object on a scalar field"
    );
    let model = Model::from_json(
        r#"{"package":"p","enums":{},"messages":{"A":{"fields":[
        {"name":"ids","json_name":"ids","number":1,"type":"string","label":"repeated","oneof":null,"deprecated":false}]}}}"#,
    )
    .unwrap();
    let violations = decode(&model, "A", "", br#"{"ids":["a",{}]}"#).unwrap_err();
    assert_eq!(
        violations,
        [Violation {
            field: String::new(),
            description: "Invalid value (ids), Starting an object on a scalar field".to_owned()
        }]
    );
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

#[test]
fn merchants_and_services_are_read_as_strictly_as_bookings() {
    let read = |message, at, body: &str| decode(v1alpha(), message, at, body.as_bytes());
    for (message, at, body) in [
        (
            "Merchant",
            "merchant",
            r#"{"geo":{"latitude":48.1,"address":{"addressCountry":"DE"}},"terms":{"localizedText":{"value":"x"}},
                "serviceAttribute":[{"attributeId":"a","value":[{"valueId":"v"}]}],
                "actionLink":[{"url":"https://a.example","restrictedCountry":["US"]}]}"#,
        ),
        (
            "Merchant",
            "merchant",
            r#"{"paymentOption":[{"paymentOptionType":"PAYMENT_OPTION_MULTI_USE"},{"paymentOptionType":1}]}"#,
        ),
        (
            "Service",
            "service",
            r#"{"serviceAttributeValueId":[{"attributeId":"a","valueId":"v"}],"location":[{"placeId":"p"}],
                "waitlistRules":{"minPartySize":1,"aboveMaxPartySizeOptions":[{"callMerchant":{}}]},
                "ticketType":[{"ticketTypeId":"t","perTicketFee":{"taxes":{"priceMicros":"1"}}}]}"#,
        ),
    ] {
        assert_eq!(read(message, at, body).map(|_| ()), Ok(()), "{body}");
    }
    for (message, at, body, said) in [
        (
            "Merchant",
            "merchant",
            r#"{"geo":{"address":"Main Street 1"}}"#,
            format!("Invalid value at 'merchant.geo.address' ({PACKAGE}.PostalAddress), \"Main Street 1\""),
        ),
        (
            "Merchant",
            "merchant",
            r#"{"actionLink":[{"link":"x"}]}"#,
            "Invalid JSON payload received. Unknown name \"link\" at 'merchant.action_link[0]': Cannot find field."
                .to_owned(),
        ),
        (
            "Merchant",
            "merchant",
            r#"{"paymentOption":[{"paymentOptionType":"PACK"}]}"#,
            format!(
                "Invalid value at 'merchant.payment_option[0].payment_option_type' ({PACKAGE}.PaymentOptionType), \"PACK\""
            ),
        ),
        (
            "Service",
            "service",
            r#"{"waitlistRules":{"minPartySize":"two"}}"#,
            "Invalid value at 'service.waitlist_rules.min_party_size' (TYPE_INT32), \"two\"".to_owned(),
        ),
    ] {
        let violations = read(message, at, body).unwrap_err();
        assert_eq!(violations[0].description, said);
    }
}
