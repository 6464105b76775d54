use super::*;
use catalogue::{Level, RequirementId};
use outcome::{Evidence, Finding, Verdict};
use serde_json::json;

const HOSTILE: &str = "</script><img src=x onerror=alert(1)>\u{202e}";

fn finding(pointer: Option<&str>) -> Finding {
    Finding {
        requirement: RequirementId::declared("RTU-CANCEL-04"),
        level: Level::Must,
        verdict: Verdict::Fail,
        message: "the status CANCELED is spelt with two L".to_owned(),
        evidence: Evidence {
            pointer: pointer.map(str::to_owned),
            ..Evidence::default()
        },
        answer: None,
        basic: false,
        repeated: None,
    }
}

fn rendered(body: &serde_json::Value, findings: &[Finding]) -> Piece {
    call(&WatchedCall {
        number: 7,
        time: "09:00:00".to_owned(),
        outcome: "wrong",
        method: "PATCH",
        subject: format!("booking {HOSTILE}"),
        words: HOSTILE.to_owned(),
        target: HOSTILE,
        headers: &[(HOSTILE.to_owned(), HOSTILE.to_owned())],
        body: Some(body),
        body_bytes: 9,
        findings,
        remarks: vec![HOSTILE.to_owned()],
        fault: Some(HOSTILE.to_owned()),
        status: 200,
        answer: Some(body),
        copies: Some((
            json!({ "status": "CONFIRMED", "name": "x" }),
            json!({ "status": HOSTILE, "name": "x" }),
        )),
        booking: Some(HOSTILE),
        curl: Some((HOSTILE.to_owned(), false)),
    })
}

#[test]
fn wrong_fields_are_marked_in_the_spelling_in_which_they_were_sent() {
    let found = [finding(Some("/paymentInformation/prepaymentStatus"))];
    for body in [
        json!({ "paymentInformation": { "prepaymentStatus": "GONE" } }),
        json!({ "payment_information": { "prepayment_status": "GONE" } }),
    ] {
        let piece = rendered(&body, &found);
        let marked = piece
            .split("<mark>")
            .nth(1)
            .and_then(|rest| rest.split("</mark>").next());
        assert!(marked.is_some_and(|text| text.contains("GONE")), "{piece}");
        assert_eq!(piece.matches("spelt with two L").count(), 2, "{piece}");
    }
    let piece = rendered(&json!({}), &[finding(None)]);
    assert!(
        !piece.contains("<mark>") && piece.contains("spelt with two L"),
        "{piece}"
    );
}

#[test]
fn nothing_that_comes_acts_in_the_page() {
    let piece = rendered(&json!({ HOSTILE: HOSTILE }), &[finding(None)]);
    let one = WatchedBooking {
        id: HOSTILE,
        of: HOSTILE.to_owned(),
        status: HOSTILE.to_owned(),
        start: HOSTILE.to_owned(),
        rest: HOSTILE.to_owned(),
        last_call: Some(7),
    };
    let armed = faults(&[WatchedFault {
        number: 3,
        words: HOSTILE.to_owned(),
    }]);
    let server = WatchedServer {
        url: HOSTILE.to_owned(),
        key_file: HOSTILE.to_owned(),
        ..WatchedServer::default()
    };
    let page = page(&server, &[piece], &[booking(&one)], &armed);
    assert!(!page.contains("<img") && !page.contains('\u{202e}'), "{page}");
    assert_eq!(page.matches("<script>").count(), 1);
    assert!(page.contains("&lt;U+202E&gt;") && page.contains("data-disarm=\"3\""));
}

#[test]
fn only_changes_of_the_copy_are_listed() {
    let piece = rendered(&json!({}), &[]);
    let table = piece.split("<tbody>").nth(1).unwrap_or_default();
    assert!(
        table.contains("<td>status</td>") && !table.contains("<td>name</td>"),
        "{table}"
    );
}

#[test]
fn the_policy_names_what_the_page_brings_along() {
    let page = page(&WatchedServer::default(), &[], &[], &faults(&[]));
    for text in [STYLE, OWN_STYLE, SCRIPT] {
        let digest = super::super::digest(text);
        assert!(page.contains(&digest) && header_policy().contains(&digest));
    }
    assert!(
        !page.contains(" style=")
            && !page.contains("onclick")
            && header_policy().contains("frame-ancestors 'none'")
    );
    assert!(page.contains("Nothing has arrived so far.") && page.contains("Nothing is armed."));
}
