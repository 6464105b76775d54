//! What Google's side says of a call while it is by itself: the sentences of the rules of a run.

use super::google::{JSON, Server, call};
use serde_json::{Value, json};

const BOOKINGS: &str = "/v1alpha/notification/partners/20002002/bookings";

/// The status of the answer, the verdict of the log, and the requirements.
type Due = (u16, &'static str, &'static [&'static str]);

/// A call, what is due, and words of the line or of a finding.
struct Case {
    line: String,
    body: Value,
    due: Due,
    says: &'static [&'static str],
}

fn case(line: impl Into<String>, body: Value, due: Due, says: &'static [&'static str]) -> Case {
    Case {
        line: line.into(),
        body,
        due,
        says,
    }
}

/// A body with all that a notification must name.
fn told(id: &str, fields: &Value) -> Value {
    let mut body = json!({ "name": format!("partners/20002002/bookings/{id}"), "merchantId": "mer-1", "serviceId": "svc-1" });
    for (name, value) in fields.as_object().unwrap() {
        body[name] = value.clone();
    }
    body
}

/// Each call is answered and judged as it should be, in the form for programs.
fn hold(flags: &[&str], cases: &[Case]) {
    let folder = tempfile::tempdir().unwrap();
    let flags = [&["--format", "json", "--oauth", "off"], flags].concat();
    let server = Server::start(folder.path(), "127.0.0.1:0", &flags);
    let opened = server.json();
    let base_url = opened["base_url"].as_str().unwrap();
    for Case {
        line,
        body,
        due,
        says,
    } in cases
    {
        let (status, _) = call(base_url, line, &[JSON], &body.to_string());
        let log = server.json();
        let findings = log["findings"].as_array().unwrap();
        let ids: Vec<&str> = findings
            .iter()
            .map(|finding| finding["requirement"].as_str().unwrap())
            .collect();
        assert_eq!(
            (status, log["verdict"].as_str().unwrap(), ids.as_slice()),
            *due,
            "{line}\n{log:#}"
        );
        let text = log.to_string();
        for words in *says {
            assert!(text.contains(words), "{line}: {words}\n{log:#}");
        }
    }
    let (rest, _) = server.stop();
    assert_eq!(rest.len(), 1, "{rest:?}");
}

#[test]
fn calls_that_are_right_are_ok() {
    let slot = json!({ "startTime": "2030-01-01T08:00:00Z", "duration": "1800s", "spotsOpen": "1", "spotsTotal": "2" });
    let entry = json!({ "merchantId": "mer-1", "serviceId": "svc-1", "startTimeRestrict": "2030-01-01T08:00:00Z",
        "endTimeRestrict": "2030-01-01T08:30:00Z", "availability": [slot] });
    hold(
        &[],
        &[
            case(
                format!("PATCH {BOOKINGS}/b-1?updateMask=status"),
                told("b-1", &json!({ "status": "CANCELED" })),
                (200, "ok", &[]),
                &[],
            ),
            // What is beside the mask is new to a server that has never seen the booking, and so no change.
            case(
                format!("PATCH {BOOKINGS}/b-1?updateMask=status"),
                told("b-1", &json!({ "status": "NO_SHOW_PENALIZED", "partySize": "2" })),
                (200, "noted", &[]),
                &["outside_mask"],
            ),
            case(
                "POST /v1alpha/inventory/partners/20002002/availability:replace",
                json!({ "extendedServiceAvailability": [entry] }),
                (200, "ok", &[]),
                &[],
            ),
        ],
    );
}

#[test]
fn a_violation_is_the_finding_of_a_run() {
    hold(
        &[],
        &[
            case(
                format!("PATCH {BOOKINGS}/b-1?updateMask=status"),
                json!({ "name": "partners/20002002/bookings/b-1", "status": "CANCELED" }),
                (200, "wrong", &["REQ-02"]),
                &["the notification lacks `merchantId`"],
            ),
            case(
                format!("PATCH {BOOKINGS}/b-2?updateMask=status"),
                told("b-2", &json!({ "status": "CANCELLED" })),
                (400, "refused", &["RTU-CANCEL-04"]),
                &["the status CANCELED is spelt with two L"],
            ),
        ],
    );
}

/// Google's servers have one id for each partner and environment.
#[test]
fn another_partner_is_told_which_one_is_expected() {
    let foreign = || {
        case(
            "PATCH /v1alpha/notification/partners/20002201/bookings/b-1?updateMask=status",
            json!({ "name": "partners/20002201/bookings/b-1", "merchantId": "m", "serviceId": "s", "status": "CANCELED" }),
            (403, "refused", &["RTU-GEN-06"]),
            &["\"expected\":\"20002002\"", "\"actual\":\"20002201\""],
        )
    };
    hold(&[], &[foreign()]);
    let mut right = foreign();
    right.due = (200, "ok", &[]);
    right.says = &[];
    hold(&["--partner-id", "20002201"], &[right]);
}

#[test]
fn near_misses_are_led_to_the_method_that_is_meant() {
    const PATCH: &str =
        "\"meant\":\"PATCH /v1alpha/notification/partners/20002002/bookings/b-1?updateMask=status\"";
    const INVENTED: Due = (404, "refused", &["RTU-GEN-02"]);
    let status = || json!({ "status": "CANCELED" });
    hold(
        &[],
        &[
            case(
                "PATCH /v1/notification/partners/20002002/bookings/b-1?updateMask=status",
                status(),
                INVENTED,
                &[PATCH],
            ),
            case(
                format!("POST {BOOKINGS}:notify"),
                json!({ "booking": { "booking_id": "b-1", "status": "CANCELED" } }),
                INVENTED,
                &[PATCH],
            ),
            case(
                format!("POST {BOOKINGS}/b-1:updateStatus"),
                status(),
                INVENTED,
                &[PATCH],
            ),
            case(
                "POST /v1alpha/inventory/partners/20002002/merchants/mer-1/availability:replace",
                json!({}),
                (404, "refused", &["INV-01"]),
                &[
                    "POST /v1alpha/inventory/partners/20002002/availability:replace or POST",
                    "merchants/mer-1/services/{service id}/availability:replace",
                ],
            ),
            case(
                "POST /v1alpha/inventory:batchPush",
                json!({ "records": [] }),
                (404, "refused", &[]),
                &["/feeds/{feed id}/record:batchPush"],
            ),
            case(
                format!("PATCH /{BOOKINGS}/b-1?updateMask=status"),
                status(),
                INVENTED,
                &[PATCH],
            ),
        ],
    );
}

fn in_days(days: i64) -> String {
    let then = jiff::Timestamp::now() + jiff::SignedDuration::from_hours(24 * days);
    then.strftime("%Y-%m-%dT18:00:00Z").to_string()
}

#[test]
fn a_guest_is_not_absent_before_the_start() {
    let start = json!({ "startTime": in_days(5), "duration": "3600s" });
    let absent = |due: Due, says: &'static [&'static str]| {
        case(
            format!("PATCH {BOOKINGS}/b-1?updateMask=status"),
            told("b-1", &json!({ "status": "NO_SHOW" })),
            due,
            says,
        )
    };
    let moved = |start: Value| {
        case(
            format!("PATCH {BOOKINGS}/b-1?updateMask=startTime,duration"),
            told("b-1", &start),
            (200, "ok", &[]),
            &[],
        )
    };
    hold(
        &[],
        &[
            moved(start),
            absent(
                (200, "wrong", &["RTU-NOSHOW-03"]),
                &["before the slot has started"],
            ),
        ],
    );
    let past = json!({ "startTime": "2025-01-01T18:00:00Z", "duration": "3600s" });
    hold(&[], &[moved(past), absent((200, "ok", &[]), &[])]);
}

#[test]
fn an_inventory_update_is_judged_by_itself() {
    let entry = |start: &str, open: &str| {
        let slot = json!({ "startTime": start, "duration": "1800s", "spotsOpen": open, "spotsTotal": "2" });
        let entry = json!({ "merchantId": "mer-1", "serviceId": "svc-1", "startTimeRestrict": "2030-01-01T08:00:00Z",
            "endTimeRestrict": "2030-01-01T09:00:00Z", "availability": [slot] });
        json!({ "extendedServiceAvailability": [entry] })
    };
    let line = "POST /v1alpha/inventory/partners/20002002/availability:replace";
    hold(
        &[],
        &[
            case(
                line,
                entry("2030-01-01T08:00:00Z", "3"),
                (200, "wrong", &["FEED-AVL-10"]),
                &["the open spots are between none and all"],
            ),
            case(
                line,
                entry("2030-01-01T10:00:00Z", "1"),
                (200, "noted", &["INV-14"]),
                &[],
            ),
        ],
    );
}

#[test]
fn people_read_the_sentence_below_the_call_and_what_was_violated_at_the_end() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path(), "127.0.0.1:0", &["--oauth", "off"]);
    let opened: Vec<String> = (0..6).map(|_| server.line()).collect();
    let base_url = opened[0].rsplit(' ').next().unwrap();
    let bare = json!({ "name": "partners/20002002/bookings/b-1", "status": "CANCELED" }).to_string();
    for line in [
        format!("PATCH {BOOKINGS}/b-1?updateMask=status"),
        "PATCH /v1alpha/notification/partners/7/bookings/b-1?updateMask=status".to_owned(),
        format!("POST {BOOKINGS}/b-1:cancel"),
    ] {
        call(base_url, &line, &[JSON], &bare);
    }
    let (log, _) = server.stop();
    let text = log.join("\n");
    for words in [
        "wrong    PATCH  booking b-1  status=CANCELED\n                   REQ-02 fail  the notification lacks `merchantId`",
        "403 the path has partner 7; this side is set up for 20002002 (--partner-id)",
        "did you mean PATCH /v1alpha/notification/partners/20002002/bookings/b-1?updateMask=status ?",
        "violated: REQ-02 in 2 calls, ",
        "conformance explain REQ-02 says more",
    ] {
        assert!(text.contains(words), "{words}\n{text}");
    }
}

#[test]
fn it_says_what_may_be_the_reason_when_nothing_arrives() {
    let folder = tempfile::tempdir().unwrap();
    let flags = [
        "--format",
        "json",
        "--remind-after",
        "10ms",
        "--proxy",
        "127.0.0.1:0",
    ];
    let server = Server::start(folder.path(), "127.0.0.1:0", &flags);
    let opened = server.json();
    let told = server.json();
    assert_eq!(
        (&told["event"], &told["silence"]["connections"]),
        (&json!("silent"), &json!(0))
    );
    let text = told["reasons"].to_string();
    let proxy = format!("HTTPS_PROXY={}", opened["proxy_url"].as_str().unwrap());
    for words in [
        &proxy,
        "GOOGLE_APPLICATION_CREDENTIALS=/",
        "NODE_USE_ENV_PROXY=1",
        "hosts file",
    ] {
        assert!(text.contains(words), "{words}\n{text}");
    }
    let (rest, _) = server.stop();
    assert_eq!(rest.len(), 1, "it is told once: {rest:?}");
}
