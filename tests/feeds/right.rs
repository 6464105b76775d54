//! Right feeds that look quite different: nothing is found in any of them.

use super::said;
use crate::folder::{DAY, EXPORTED, Folder, HOUR, judge, merchant, service, shards, slot};
use outcome::FeedVerdict;
use serde_json::json;

#[test]
fn a_right_feed_with_everything_in_it_has_no_finding() {
    let report = Folder::right().judge();
    assert_eq!(said(&report), Vec::<String>::new());
    assert_eq!((report.verdict, report.notes.len()), (FeedVerdict::Conformant, 0));
}

#[test]
fn the_smallest_feed_that_is_right_has_no_finding() {
    let mut m = merchant("only-one");
    for unused in ["tax_rate", "tokenization_config", "payment_option"] {
        m.as_object_mut().expect("an object").remove(unused);
    }
    let s = json!({ "merchant_id": "only-one", "service_id": "1", "price": { "currency_code": "EUR", "price_micros": "1" },
        "localized_service_name": { "value": "Haircut" } });
    let mut s = s;
    s["price"] = json!({ "currency_code": "USD", "price_micros": "30000000" });
    let slot = json!({ "merchant_id": "only-one", "service_id": "1", "start_sec": (EXPORTED + 30 * DAY).to_string(),
        "duration_sec": "1800", "spots_total": "1", "spots_open": "1" });
    let bare = json!({ "processing_instruction": "PROCESS_AS_COMPLETE", "total_shards": 1, "generation_timestamp": EXPORTED });
    let folder = Folder {
        merchants: json!({ "merchant": [m], "metadata": bare }),
        services: json!({ "service": [s], "metadata": bare }),
        availability: json!({ "service_availability": [{ "availability": [slot] }], "metadata": bare }),
        others: vec![("readme.md".into(), b"how we export".to_vec())],
        earlier: Vec::new(),
    };
    assert_eq!(said(&folder.judge()), Vec::<String>::new());
}

#[test]
fn a_right_feed_in_packed_shards_has_no_finding() {
    let folder = Folder::right();
    let mut files = shards("availability", &folder.availability, 3);
    files.extend(shards("services", &folder.services, 1));
    files.extend(shards("merchants", &folder.merchants, 1));
    assert_eq!(said(&judge(&files)), Vec::<String>::new());
}

#[test]
fn a_right_feed_of_recurrences_has_no_finding() {
    let mut folder = Folder::right();
    let nine = EXPORTED + 9 * HOUR;
    let recurring = |service: &str, day: i64| {
        let mut slot = slot(service, nine + day * DAY);
        slot["duration_sec"] = json!(1_200);
        slot["recurrence"] =
            json!({ "repeat_every_sec": 1_800, "repeat_until_sec": nine + day * DAY + 4 * HOUR });
        let range = |from: i64| json!({ "time_range": { "begin_sec": from, "end_sec": from + 1_200 } });
        slot["schedule_exception"] = json!([range(nine + day * DAY), range(nine + day * DAY + HOUR)]);
        let fields = slot.as_object_mut().expect("an object");
        fields.remove("spots_total");
        fields.remove("spots_open");
        slot
    };
    folder.services["service"] = json!([service("m", "trim"), service("m", "cut")]);
    *folder.slots() = (0..=30)
        .flat_map(|day| ["trim", "cut"].map(|service| recurring(service, day)))
        .collect();
    let report = folder.judge();
    assert_eq!(said(&report), Vec::<String>::new());
    let extent = &report.feeds[2];
    assert_eq!(
        (extent.records, extent.slots),
        (62, Some(62 * 7)),
        "nine half hours, two of them taken"
    );
}

#[test]
fn tables_need_no_price_and_are_told_apart_by_what_is_said_of_them() {
    let mut folder = Folder::right();
    folder
        .s("table")
        .as_object_mut()
        .expect("an object")
        .remove("type");
    let mut outdoor = folder.slot("table").clone();
    outdoor["resources"] = json!({ "party_size": 3, "room_description": "Outdoor" });
    let mut indoor = outdoor.clone();
    indoor["resources"]["room_description"] = json!("Indoor");
    let mut any = outdoor.clone();
    any["resources"] = json!({ "party_size": 2 });
    folder.slots().extend([outdoor, indoor, any]);
    assert_eq!(said(&folder.judge()), Vec::<String>::new());
}

#[test]
fn fields_at_their_default_say_nothing() {
    let mut folder = Folder::right();
    let group = &mut folder.availability["service_availability"][0];
    group["start_timestamp_restrict"] = json!("0");
    group["duration_restrict_sec"] = json!(0);
    group["merchant_id_restrict"] = json!("");
    group["resource_restrict"] = json!({});
    let more = json!({ "availability": null });
    folder.availability["service_availability"]
        .as_array_mut()
        .expect("a list")
        .push(more);
    let slot = folder.slot("trim");
    slot["prepayment"] = json!({});
    slot["recurrence"] = json!({});
    slot["linkout_required_reason"] = json!("LINKOUT_REQUIRED_REASON_UNSPECIFIED");
    assert_eq!(said(&folder.judge()), Vec::<String>::new());
}
