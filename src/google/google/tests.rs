#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod token;
mod unknown_bookings;

use super::*;
use crate::BookingStatus;
use crate::api::lint::Lint;
use crate::testing::{
    copy, google, gzip, header, json_of, now, patch, request, respond, secured, with_header,
};
use crate::{Ending, check_own};
use jiff::SignedDuration;
use serde_json::json;

fn open() -> Google {
    let mut google = google(Oauth::Off);
    google.register(copy("b"));
    google
}

#[test]
fn a_patch_answers_with_the_whole_booking_pretty_printed() {
    let mut google = open();
    let response = respond(
        &mut google,
        &patch("b", "?updateMask=status", r#"{"status":"CANCELED"}"#),
    );
    assert_eq!(response.status, 200);
    assert_eq!(
        String::from_utf8_lossy(&response.body),
        "{\n  \"name\": \"partners/20/bookings/b\",\n  \"merchantId\": \"m1\",\n  \"serviceId\": \"s1\",\n  \
         \"startTime\": \"2025-01-05T23:45:00Z\",\n  \"duration\": \"900s\",\n  \"status\": \"CANCELED\",\n  \
         \"paymentInformation\": {\n    \"prepaymentStatus\": \"PREPAYMENT_PROVIDED\",\n    \
         \"paymentTransactionId\": \"t1\"\n  },\n  \"partySize\": \"2\"\n}\n"
    );
    for (name, value) in [
        ("Content-Type", "application/json; charset=UTF-8"),
        ("Vary", "Origin, X-Origin, Referer"),
        ("Cache-Control", "private"),
        ("X-XSS-Protection", "0"),
        ("X-Frame-Options", "SAMEORIGIN"),
        ("X-Content-Type-Options", "nosniff"),
        ("Server", "ESF"),
    ] {
        assert_eq!(header(&response, name), Some(value));
    }
}

#[test]
fn the_discovery_document_needs_no_credentials_and_knows_one_version() {
    let mut google = google(Oauth::Required);
    let described = respond(
        &mut google,
        &request("GET", "/$discovery/rest?version=v1alpha", ""),
    );
    assert_eq!(
        (described.status, json_of(&described)["rootUrl"].as_str()),
        (200, Some("https://google.test/"))
    );
    for query in ["", "?version=v1"] {
        let refused = respond(
            &mut google,
            &request("GET", &format!("/$discovery/rest{query}"), ""),
        );
        assert_eq!(refused.status, 404);
    }
}

#[test]
fn a_caller_sees_the_fields_that_it_wants() {
    let mut google = open();
    let body = r#"{"status":"CANCELED"}"#;
    let response = respond(
        &mut google,
        &patch("b", "?updateMask=status&$fields=status", body),
    );
    assert_eq!(json_of(&response), json!({ "status": "CANCELED" }));
    let request = with_header(
        patch("b", "?updateMask=status", body),
        "X-Goog-FieldMask",
        "name,nothing",
    );
    let refused = respond(&mut google, &request);
    assert_eq!(refused.status, 400);
}

#[test]
fn pretty_printing_can_be_switched_off() {
    let response = respond(
        &mut open(),
        &patch(
            "b",
            "?prettyPrint=false&updateMask=status",
            r#"{"status":"CANCELED"}"#,
        ),
    );
    assert!(
        response
            .body
            .starts_with(b"{\"name\":\"partners/20/bookings/b\",")
    );
}

#[test]
fn a_call_is_recorded_with_all_that_was_found_out() {
    let (mut google, bearer) = secured();
    google.register(BookingCopy {
        status: BookingStatus::PendingMerchantConfirmation,
        ..copy("b")
    });
    let query = "?updateMask=status&bookingFailure.cause=SLOT_UNAVAILABLE";
    let request = with_header(
        patch("b", query, r#"{"status":"FAILED"}"#),
        "authorization",
        &bearer,
    );
    respond(&mut google, &request);
    let calls = google.take_calls();
    let [call] = calls.as_slice() else {
        panic!("one call was made")
    };
    assert_eq!((call.number, call.method.as_str()), (2, "PATCH"));
    assert!(call.target.ends_with(query));
    assert_eq!(call.headers.last().unwrap().1, "Bearer [masked]");
    assert_eq!(call.body, r#"{"status":"FAILED"}"#);
    assert_eq!(
        call.route,
        Route::Booking {
            partner: "20".to_owned(),
            booking_id: "b".to_owned()
        }
    );
    assert_eq!(call.credential, Credential::AccessToken { number: 1 });
    assert_eq!(call.update_mask.as_ref().unwrap().paths, ["status"]);
    assert_eq!(call.booking_failure, Some(json!({ "cause": "SLOT_UNAVAILABLE" })));
    assert_eq!(call.lints, []);
    assert_eq!(
        (call.answer.status, call.answer.message.as_deref()),
        (200, Some("Booking"))
    );
    assert_eq!(check_own(call.answer.body.as_ref().unwrap(), "Booking"), Ok(()));
    assert_eq!(call.booking.as_ref().unwrap().status, BookingStatus::Failed);
}

#[test]
fn a_failure_beside_another_status_is_ignored_and_noted() {
    let mut google = open();
    let query = "?updateMask=status&bookingFailure.cause=SLOT_UNAVAILABLE";
    assert_eq!(
        respond(&mut google, &patch("b", query, r#"{"status":"CANCELED"}"#)).status,
        200
    );
    assert_eq!(google.take_calls()[0].lints, [Lint::FailureIgnored]);
}

#[test]
fn parse_errors_of_query_and_body_come_together() {
    let response = respond(&mut open(), &patch("b", "?foo=1", r#"{"bar":1}"#));
    let error = &json_of(&response)["error"];
    assert_eq!(
        (response.status, &error["status"]),
        (400, &json!("INVALID_ARGUMENT"))
    );
    let violations = error["details"][0]["fieldViolations"].as_array().unwrap();
    assert_eq!(violations.len(), 2);
    assert_eq!(violations[1]["field"], "booking");
    let texts: Vec<&str> = violations
        .iter()
        .map(|v| v["description"].as_str().unwrap())
        .collect();
    assert_eq!(error["message"].as_str().unwrap(), texts.join("\n"));
}

#[test]
fn paths_that_are_not_served_get_a_page() {
    let mut google = google(Oauth::Required);
    let response = respond(
        &mut google,
        &request("POST", "/v1alpha/notification/partners/20/bookings:notify", "{}"),
    );
    assert_eq!(response.status, 404);
    assert_eq!(
        header(&response, "Content-Type"),
        Some("text/html; charset=UTF-8")
    );
    assert!(String::from_utf8_lossy(&response.body).contains("<title>Error 404 (Not Found)!!1</title>"));
    respond(
        &mut google,
        &request("POST", "/oauth2/token", "grant_type=x&assertion=a.b.c"),
    );
    let calls = google.take_calls();
    assert_eq!(
        (&calls[0].route, &calls[0].json),
        (&Route::Unknown, &Some(json!({})))
    );
    assert_eq!(calls[1].body, "grant_type=%5Bmasked%5D&assertion=[masked]");
}

#[test]
fn an_overridden_method_and_a_compressed_body_are_understood() {
    let mut google = open();
    let mut request = with_header(
        patch("b", "?updateMask=partySize", ""),
        "X-HTTP-Method-Override",
        "PATCH",
    );
    request.method = "POST".to_owned();
    request.body = gzip(br#"{"partySize":"5"}"#).into();
    assert_eq!(
        respond(&mut google, &with_header(request, "Content-Encoding", "gzip")).status,
        200
    );
    assert_eq!(google.booking("b").unwrap().party_size, Some(5));
    assert_eq!(google.take_calls()[0].body, r#"{"partySize":"5"}"#);
}

#[test]
fn availability_is_stored_and_answered() {
    let mut google = google(Oauth::Off);
    let slot = r#"{"startTime":"1970-01-01T00:01:40Z","duration":"60s","spotsOpen":"1","spotsTotal":2}"#;
    let body = format!(
        r#"{{"extendedServiceAvailability":[{{"merchantId":"m","serviceId":"s","availability":[{slot}]}}]}}"#
    );
    let answer = respond(
        &mut google,
        &request(
            "POST",
            "/v1alpha/inventory/partners/20/availability:replace",
            &body,
        ),
    );
    assert_eq!(answer.status, 200);
    assert_eq!(
        json_of(&answer).pointer("/extendedServiceAvailability/0/availability/0/spotsTotal"),
        Some(&json!("2"))
    );
    let body = format!(r#"{{"service_availability":{{"availability":[{slot}]}}}}"#);
    let target = "/v1alpha/inventory/partners/20/merchants/m/services/t/availability:replace";
    assert_eq!(respond(&mut google, &request("POST", target, &body)).status, 200);
    for service in ["s", "t"] {
        assert!(matches!(
            google.availability().report("m", service, 100),
            crate::SlotReport::Slots(_)
        ));
    }
    for call in google.take_calls() {
        assert_eq!(
            check_own(&call.answer.body.unwrap(), &call.answer.message.unwrap()),
            Ok(())
        );
    }
    let wrong = respond(
        &mut google,
        &request("POST", &format!("{target}?updateMask=x"), "{}"),
    );
    assert_eq!(wrong.status, 400);
}

#[test]
fn merchants_names_and_content_types_that_do_not_fit_are_noted() {
    let mut google = open();
    let mut request = patch(
        "b",
        "?updateMask=status",
        r#"{"name":"partners/20/bookings/x","merchantId":"m2","serviceId":"s1","status":"CANCELED"}"#,
    );
    request.headers.clear();
    assert_eq!(respond(&mut google, &request).status, 200);
    assert_eq!(
        google.take_calls()[0].lints,
        [
            Lint::ContentType { sent: None },
            Lint::NameMismatch {
                sent: "partners/20/bookings/x".to_owned()
            },
            Lint::SlotMismatch {
                field: "merchantId".to_owned(),
                sent: "m2".to_owned()
            },
        ]
    );
}

#[test]
fn a_body_that_says_that_it_is_a_form_is_read_as_parameters() {
    let mut google = open();
    let json = r#"{"status":"CANCELED"}"#;
    let mut sent = patch("b", "?updateMask=status", json);
    sent.headers = vec![(
        "Content-Type".to_owned(),
        "application/x-www-form-urlencoded; charset=utf-8".to_owned(),
    )];
    let answer = respond(&mut google, &sent);
    let body: Value = serde_json::from_slice(&answer.body).unwrap();
    let name = json;
    let said = format!(
        "Invalid JSON payload received. Unknown name \"{name}\": Cannot bind query parameter. Field '{name}' could \
         not be found in request message."
    );
    assert_eq!(
        (answer.status, &body["error"]["message"]),
        (400, &Value::from(said))
    );
    assert_eq!(google.booking("b").unwrap().status, BookingStatus::Confirmed);
    let call = &google.take_calls()[0];
    assert!(matches!(call.lints[..], [Lint::ContentType { sent: Some(_) }]));
    // What was sent is still shown.
    assert_eq!(call.json.as_ref().unwrap()["status"], "CANCELED");
}

#[test]
fn the_description_of_another_version_is_missing_in_googles_words() {
    let mut google = open();
    let answer = respond(
        &mut google,
        &request("GET", "/$discovery/rest?version=v1&$.xgafv=1", ""),
    );
    let body: Value = serde_json::from_slice(&answer.body).unwrap();
    let said =
        "Discovery document not found for API service: mapsbooking.googleapis.com format: rest version: v1";
    assert_eq!(
        (answer.status, &body["error"]["message"]),
        (404, &Value::from(said))
    );
    assert_eq!(body["error"]["errors"][0]["reason"], "notFound");
}

#[test]
fn a_request_beyond_the_limits_is_recorded() {
    let mut google = open();
    assert_eq!(google.refuse(&patch("b", "", ""), 413, now()).status, 413);
    let calls = google.take_calls();
    assert_eq!((calls[0].answer.status, &calls[0].answer.body), (413, &None));
}

#[test]
fn a_fault_is_answered_and_recorded_and_changes_nothing() {
    let mut google = open();
    let aim = Aim::Booking {
        booking_id: "b".to_owned(),
    };
    let unavailable = Fault::Answer {
        status: 503,
        body: None,
        retry_after_sec: None,
    };
    google.arm(aim.clone(), unavailable.clone(), 1);
    google.arm(aim, Fault::Dropped, 1);
    let request = patch("b", "?updateMask=status", r#"{"status":"CANCELED"}"#);
    assert_eq!(respond(&mut google, &request).status, 503);
    assert_eq!(google.handle(&request, now()), Reply::Drop(Ending::Closed));
    assert_eq!(google.booking("b").unwrap().status, BookingStatus::Confirmed);
    assert_eq!(respond(&mut google, &request).status, 200);
    let calls = google.take_calls();
    let faults: Vec<_> = calls.iter().map(|call| call.fault.clone()).collect();
    assert_eq!(faults, [Some(unavailable), Some(Fault::Dropped), None]);
    assert_eq!(calls[0].json.as_ref().unwrap()["status"], "CANCELED");
}
