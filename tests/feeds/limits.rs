//! Feeds that are right in form, and beyond what Google takes; and right ones that come close.

use super::broken::{Broken, broken_rows, changed, only_recurring};
use super::folder::{DAY, EXPORTED, Folder, HOUR, merchant, slot};
use super::{WARNS, said, told};
use outcome::{FeedReport, FeedVerdict};
use serde_json::{Value, json};

broken_rows! { LIMITS:
    "FEED-AVL-21" "a slot of eight days" => |f| changed(f, |f| f.slot("trim")["duration_sec"] = json!(8 * DAY));
    "FEED-AVL-21" "a slot of 168 hours" => |f| changed(f, |f| f.slot("trim")["duration_sec"] = json!(168 * HOUR));
    "FEED-AVL-21" "a slot of no length" => |f| changed(f, |f| f.slot("trim")["duration_sec"] = json!(0));
    "FEED-AVL-22" "a slot of last month" (WARNS) => |f| changed(f, |f| f.slots().push(slot("trim", EXPORTED - 40 * DAY)));
    "FEED-AVL-01" "a slot in 24 years" => |f| changed(f, |f| f.slots().push(slot("trim", EXPORTED + 9_000 * DAY)));
    "FEED-AVL-23" "two options of a slot" => |f| changed(f, |f| f.slot("trim")["payment_option_id"] = json!(["off-peak", "pack"]));
    "FEED-AVL-24" "a table for twenty-five" => |f| changed(f, |f| f.slot("table")["resources"]["party_size"] = json!(25));
    "FEED-AVL-09" "an exception that says nothing" => |f| changed(f, |f| {
        only_recurring(f);
        f.slot("trim")["schedule_exception"] = json!([{}]);
    });
    "FEED-AVL-04" "a recurrence of four spots" => |f| changed(f, |f| {
        only_recurring(f);
        f.slot("trim")["spots_total"] = json!(4);
        f.slot("trim")["spots_open"] = json!(4);
    });
    "FEED-SVC-19" "a restaurant with two services" => |f| changed(f, |f| {
        let mut terrace = f.s("table").clone();
        terrace["service_id"] = json!("terrace");
        terrace["localized_service_name"] = json!({ "value": "Terrace" });
        f.services["service"].as_array_mut().expect("a list").push(terrace);
        f.slots().push(at_a_table("terrace"));
    });
    "FEED-SVC-20" "one service under two ids" (WARNS) => |f| changed(f, |f| {
        let mut again = f.s("trim").clone();
        again["service_id"] = json!("trim-2");
        f.services["service"].as_array_mut().expect("a list").push(again);
        f.slots().push(slot("trim-2", EXPORTED + 30 * DAY));
    });
    "FEED-SVC-21" "a description that is the name" (WARNS) => |f| changed(f, |f| {
        f.s("trim")["localized_description"] = json!({ "value": "<p>TRIM.</p>" });
    });
    "FEED-SVC-22" "a notice of a year" => |f| changed(f, |f| f.s("trim")["rules"]["min_advance_booking"] = json!(365 * DAY));
    "FEED-FILE-10" "a merchant without services" (WARNS) => |f| changed(f, |f| {
        f.merchants["merchant"].as_array_mut().expect("a list").push(merchant("other"));
        f.merchants["merchant"].as_array_mut().expect("a list").swap(0, 1);
    });
    "FEED-MER-03" "an address of empty texts" => |f| changed(f, |f| {
        f.m()["geo"]["address"] = json!({ "country": "", "locality": "", "street_address": "", "postal_code": "" });
    });
    "FEED-MER-03" "a street that is empty" (WARNS) => |f| changed(f, |f| f.m()["geo"]["address"]["street_address"] = json!(""));
    "FEED-MER-04" "a web site on this machine" (WARNS) => |f| changed(f, |f| f.m()["url"] = json!("http://localhost:3000/r/lane"));
    "FEED-META-06" "an export of tomorrow" => |f| changed(f, |f| f.merchants["metadata"]["generation_timestamp"] = json!(EXPORTED + 20 * HOUR));
}

fn at_a_table(service: &str) -> Value {
    let mut slot = slot(service, EXPORTED + 30 * DAY);
    slot["resources"] = json!({ "party_size": 2 });
    slot
}

/// What makes a right feed look different.
type Change = fn(&mut Folder);

#[test]
fn what_comes_close_to_a_limit_is_right() {
    let right: [(&str, Change); 9] = [
        ("a slot of nearly a week", |f| {
            f.slot("trim")["duration_sec"] = json!(168 * HOUR - 1);
        }),
        ("a slot of this morning", |f| {
            f.slots().push(slot("trim", EXPORTED - 3 * HOUR));
        }),
        ("a slot in two years", |f| {
            f.slots().push(slot("trim", EXPORTED + 730 * DAY));
        }),
        ("a table for twenty", |f| {
            f.slot("table")["resources"]["party_size"] = json!(20);
        }),
        ("a notice that leaves a day", |f| {
            f.s("trim")["rules"]["min_advance_booking"] = json!(29 * DAY);
        }),
        ("a slot that sets its own notice", |f| {
            f.s("trim")["rules"]["min_advance_booking"] = json!(365 * DAY);
            f.slot("trim")["scheduling_rule_overrides"] = json!({ "last_bookable_sec": EXPORTED + DAY - 60 });
        }),
        (
            "a second restaurant service without slots yet is a matter of its horizon alone",
            |f| {
                f.slot("table")["resources"]["party_size"] = json!(2);
            },
        ),
        ("one name, two lengths", |f| {
            let mut again = f.s("trim").clone();
            again["service_id"] = json!("trim-2");
            f.services["service"].as_array_mut().expect("a list").push(again);
            let mut long = slot("trim-2", EXPORTED + 30 * DAY);
            long["duration_sec"] = json!(2 * HOUR);
            f.slots().push(long);
        }),
        ("clocks that differ", |f| {
            f.merchants["metadata"]["generation_timestamp"] = json!(EXPORTED + HOUR + 600);
        }),
    ];
    for (how, change) in right {
        assert_eq!(told(change), (vec![], vec![]), "{how}");
    }
}

#[test]
fn an_address_without_its_scheme_is_a_note() {
    let found = told(|f| f.m()["url"] = json!("www.harbourlane.example.com"));
    assert_eq!(found, (vec![], vec!["no_scheme"]));
}

#[test]
fn feeds_without_a_record_are_not_said_to_be_right() {
    let mut folder = Folder::right();
    folder.merchants["merchant"] = json!([]);
    folder.services["service"] = json!([]);
    folder.availability["service_availability"] = json!([]);
    let report = folder.judge();
    assert_eq!(
        (report.verdict, report.exit_code),
        (FeedVerdict::NothingJudged, 3)
    );
    assert_eq!(said(&report), Vec::<String>::new());
    let reasons: Vec<_> = report.requirements.iter().filter_map(|one| one.reason).collect();
    assert_eq!(reasons.len(), report.requirements.len());
}

#[test]
fn what_google_has_a_name_for_carries_it() {
    let mut folder = Folder::right();
    folder.slot("trim")["duration_sec"] = json!(8 * DAY);
    let report: FeedReport = folder.judge();
    assert_eq!(report.findings[0].google_code, Some("DURATION_OUT_OF_RANGE"));
    let text = report::feeds::render(&report, report::terminal::TerminalOptions::default());
    assert!(text.contains("DURATION_OUT_OF_RANGE"), "{text}");
    let json = serde_json::to_value(&report).expect("a report");
    assert_eq!(json["findings"][0]["google_code"], "DURATION_OUT_OF_RANGE");
}
