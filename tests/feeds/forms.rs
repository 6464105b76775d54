//! Values, names and files that are not of the form of the feed reference: each is told by itself, and the rest is judged.

use super::broken::{Broken, broken_rows, changed, without};
use super::folder::{DAY, EXPORTED, File, Folder, found, judge, metadata, service};
use super::{WARNS, said, told};
use outcome::{FeedReport, FeedVerdict};
use serde_json::{Value, json};

broken_rows! { FORMS:
    "FEED-FILE-14" "a category as a list" => |f| changed(f, |f| f.m()["category"] = json!(["thai", "restaurant"]));
    "FEED-FILE-14" "rules as a list" => |f| changed(f, |f| f.s("trim")["rules"] = json!([{ "min_advance_booking": 3_600 }]));
    "FEED-FILE-14" "a name that is one text" => |f| changed(f, |f| f.s("trim")["localized_service_name"] = json!("Trim"));
    "FEED-FILE-14" "a price that is one text" => |f| changed(f, |f| f.s("facial")["price"] = json!("45.00"));
    "FEED-FILE-14" "a telephone as a number" => |f| changed(f, |f| f.m()["telephone"] = json!(12_125_550_147_i64));
    "FEED-FILE-14" "a start as ISO 8601 has it" => |f| changed(f, |f| f.slot("trim")["start_sec"] = json!("2030-01-02T00:00:00Z"));
    "FEED-FILE-14" "a word that there is not" => |f| changed(f, |f| f.slot("trim")["confirmation_mode"] = json!("SYNC"));
    "FEED-FILE-14" "spots with a fraction" => |f| changed(f, |f| f.slot("trim")["spots_open"] = json!(1.5));
    "FEED-FILE-14" "resources as a list" => |f| changed(f, |f| f.slot("trim")["resources"] = json!([]));
    "FEED-FILE-14" "one option that is no list" => |f| changed(f, |f| f.slot("trim")["payment_option_id"] = json!("off-peak"));
    "FEED-FILE-14" "slots without their list" => |f| changed(f, |f| {
        let slots = f.slots().clone();
        f.availability["service_availability"].as_array_mut().expect("a list").extend(slots);
    });
    "FEED-META-06" "a timestamp as a message" => |f| changed(f, |f| f.services["metadata"]["generation_timestamp"] = json!({ "seconds": EXPORTED }));
    "FEED-META-03" "a total as a message" => |f| changed(f, |f| f.services["metadata"]["total_shards"] = json!([1]));
    "FEED-META-01" "an instruction as a list" => |f| changed(f, |f| f.services["metadata"]["processing_instruction"] = json!(["PROCESS_AS_COMPLETE"]));
    "FEED-META-05" "a nonce with letters" (WARNS) => |f| changed(f, |f| f.services["metadata"]["nonce"] = json!("services-7c1f"));
}

#[test]
fn a_wrong_value_hides_nothing_else() {
    let (mut findings, notes) = told(|f| {
        f.m()["category"] = json!(["spa"]);
        f.m()["geo"]["latitude"] = json!(407.0);
        f.s("trim")["rules"] = json!([]);
        f.s("trim")["localized_description"] = json!({ "value": "" });
        f.slot("trim")["start_sec"] = json!("noon");
        f.slot("trim")["spots_open"] = json!(7);
        f.slot("facial")["duration_sec"] = json!(8 * DAY);
    });
    findings.sort_unstable();
    assert_eq!(
        (findings, notes),
        (
            vec![
                "FEED-AVL-10",
                "FEED-AVL-21",
                "FEED-FILE-14",
                "FEED-MER-03",
                "FEED-SVC-18"
            ],
            vec![]
        )
    );
}

#[test]
fn where_every_record_has_lost_a_value_nothing_is_said_to_be_kept() {
    let mut folder = Folder::right();
    for slot in folder.slots() {
        slot["start_sec"] = json!("2030-01-02T00:00:00Z");
    }
    let report = folder.judge();
    assert_eq!(report.verdict, FeedVerdict::NotConformant);
    assert_eq!(
        found(&report),
        ["FEED-FILE-14"],
        "and nothing about a horizon that was not seen"
    );
    let open = |id: &str| {
        let mut all = report.requirements.iter();
        all.any(|one| one.id.as_str() == id && one.reason.is_some())
    };
    for id in ["FEED-AVL-05", "FEED-FILE-10", "AMT-12", "FEED-SVC-06"] {
        assert!(open(id), "{id}");
    }
    for id in ["FEED-META-01", "FEED-MER-03", "FEED-SVC-03"] {
        assert!(!open(id), "{id}");
    }
}

#[test]
fn names_that_there_are_not_are_noted_field_by_field() {
    let mut folder = Folder::right();
    folder.m()["matching_hints"] = json!({ "google_place_id": "x" });
    folder.m()["adress"] = json!({});
    folder.s("trim")["duration_sec"] = json!(3_600);
    for slot in folder.slots() {
        slot["ConfirmationMode"] = json!("CONFIRMATION_MODE_ASYNCHRONOUS");
        slot.as_object_mut()
            .expect("an object")
            .remove("confirmation_mode");
    }
    let count = folder.slots().len() as u64;
    let report = folder.judge();
    assert_eq!(said(&report), Vec::<String>::new());
    let note = &report.notes[0];
    assert_eq!((note.code.name(), note.count), ("unknown_field", 3 + count));
    let words = |field: &str| {
        let place = note.places.iter().find(|place| place.field == field);
        place.map(|place| place.message.as_str()).unwrap_or_default()
    };
    assert!(words("ConfirmationMode").contains("did you mean `confirmation_mode`?"));
    assert!(words("duration_sec").contains("one of Availability"));
    assert!(words("matching_hints.google_place_id").contains("no field of MerchantMatchingHints"));
    let text = report::feeds::render(&report, report::terminal::TerminalOptions::default());
    for field in [
        "ConfirmationMode",
        "duration_sec",
        "matching_hints.google_place_id",
        "adress",
    ] {
        assert!(text.contains(field), "{field}: {text}");
    }
}

/// Every name as printers of JSON write it.
fn in_camel_case(value: &Value) -> Value {
    let camel = |key: &String| {
        let mut parts = key.split('_');
        let first = parts.next().unwrap_or_default().to_owned();
        parts.fold(first, |name, part| {
            let mut letters = part.chars();
            let head = letters.next().map(|c| c.to_ascii_uppercase());
            name.chars().chain(head).chain(letters).collect()
        })
    };
    match value {
        Value::Object(members) => members
            .iter()
            .map(|(key, value)| (camel(key), in_camel_case(value)))
            .collect(),
        Value::Array(items) => items.iter().map(in_camel_case).collect(),
        other => other.clone(),
    }
}

#[test]
fn camel_case_is_read_and_judged() {
    let mut folder = Folder::right();
    folder.slot("trim")["duration_sec"] = json!(8 * DAY);
    // Ids of ticket types, and what is read as it stands, keep their names.
    folder.services["service"]
        .as_array_mut()
        .expect("a list")
        .retain(|s| s["service_id"] == "trim");
    folder.slots().retain(|slot| slot["service_id"] == "trim");
    let m = folder.m().as_object_mut().expect("an object");
    m.remove("tokenization_config");
    m.remove("payment_option");
    let plain = Folder {
        merchants: in_camel_case(&folder.merchants),
        services: in_camel_case(&folder.services),
        availability: in_camel_case(&folder.availability),
        ..folder
    };
    let report = plain.judge();
    let found: Vec<_> = report
        .findings
        .iter()
        .map(|finding| finding.requirement.as_str())
        .collect();
    assert_eq!(found, ["FEED-AVL-21"], "{:?}", said(&report));
    let notes: Vec<_> = report.notes.iter().map(|note| note.code.name()).collect();
    assert_eq!(notes, ["camel_case"]);
    assert_eq!(report.feeds[2].slots, Some(2));
}

/// What is said of a merchants feed that is no JSON.
fn broken_json(from: &str, to: &str) -> (String, String) {
    let mut files = Folder::right().files();
    let text = String::from_utf8(files[0].bytes.clone()).expect("text");
    assert!(text.contains(from), "{text}");
    files[0].bytes = text.replacen(from, to, 1).into_bytes();
    let report = judge(&files);
    assert_eq!(report.exit_code, 2);
    let unread = &report.unreadable[0];
    (unread.message.clone(), unread.help.clone().unwrap_or_default())
}

#[test]
fn broken_json_is_told_with_its_usual_cause() {
    let name = "\"name\":\"Harbour Lane Wellness\"";
    let (message, help) = broken_json(name, &format!("{name},}}"));
    assert!(
        message.contains("trailing comma") && help.contains("take it out"),
        "{message} {help}"
    );
    for (value, cause) in [
        ("NaN", "NaN and infinity"),
        ("None", "null"),
        ("True", "small letters"),
        ("'Lane'", "double quotes"),
        ("// later", "no comments"),
    ] {
        let (message, _) = broken_json(name, &format!("\"name\":{value}"));
        assert!(message.contains(cause), "{value}: {message}");
    }
}

fn json_file(name: &str, value: &Value) -> File {
    File {
        name: name.to_owned(),
        bytes: value.to_string().into_bytes(),
    }
}

/// The feeds of a partner who links to their own page.
fn redirect() -> Vec<(String, Value)> {
    let descriptor = |feed: &str| json!({ "generation_timestamp": EXPORTED, "name": feed, "data_file": [] });
    let mut all = Vec::new();
    let address = json!({ "country": "US", "locality": "Seattle", "region": "WA", "postal_code": "98101", "street_address": "4 Lantern Way" });
    let data = [
        (
            "entity",
            "reservewithgoogle.entity",
            json!({ "entity_id": "e-1", "name": "Lantern Yard", "location": { "address": address } }),
        ),
        (
            "action",
            "reservewithgoogle.action.v2",
            json!({ "entity_id": "e-1", "link_id": "l-1", "url": "https://lantern.example/book",
            "actions": [{ "dining_info": { "dining_type": "TABLE_RESERVATION" } }] }),
        ),
        (
            "service",
            "glam.service.v0",
            json!({ "merchant_id": "e-1", "service_id": "s-1", "localized_service_name": { "value": "Massage" },
            "localized_service_category": { "value": "Spa" },
            "service_price": { "price_interpretation": "INTERPRETATION_EXACT", "min_price": { "price_micros": 60_000_000, "currency_code": "EUR" } },
            "service_duration": { "duration_interpretation": "INTERPRETATION_EXACT", "min_duration_sec": 3_600 } }),
        ),
    ];
    for (feed, name, record) in data {
        let file = format!("{feed}_{EXPORTED}_001.json");
        let mut descriptor = descriptor(name);
        descriptor["data_file"] = json!([file]);
        all.push((format!("{feed}_{EXPORTED}.filesetdesc.json"), descriptor));
        all.push((file, json!({ "data": [record] })));
    }
    all
}

fn judge_redirect(change: impl FnOnce(&mut Vec<(String, Value)>)) -> FeedReport {
    let mut files = redirect();
    change(&mut files);
    let files: Vec<_> = files.iter().map(|(name, value)| json_file(name, value)).collect();
    judge(&files)
}

#[test]
fn feeds_without_a_booking_server_are_recognised() {
    let report = judge_redirect(|_| {});
    assert_eq!(
        (report.verdict, report.exit_code),
        (FeedVerdict::NothingJudged, 3)
    );
    assert_eq!(said(&report), Vec::<String>::new());
    assert_eq!(
        report.notes,
        [],
        "and no feed is asked for that such a partner does not have"
    );
    let feeds: Vec<_> = report
        .other_feeds
        .iter()
        .map(|other| (other.feed, other.files, other.records))
        .collect();
    assert_eq!(feeds, [("action", 1, 1), ("entity", 1, 1), ("service", 1, 1)]);
    let text = report::feeds::render(&report, report::terminal::TerminalOptions::default());
    assert!(
        text.contains("redirect or business link") && text.contains("entity feed"),
        "{text}"
    );
}

/// What takes something from the files of a redirect integration.
type Change = fn(&mut Vec<(String, Value)>);

#[test]
fn what_is_known_of_their_form_is_looked_at() {
    let noted = |change: Change| {
        let report = judge_redirect(change);
        let notes = report
            .notes
            .iter()
            .flat_map(|note| note.places.iter().map(|place| place.field.clone()));
        notes.collect::<Vec<_>>()
    };
    let right: [(&str, Change); 6] = [
        ("entity_id", |files| {
            files[3].1["data"][0]["entity_id"] = json!("gone");
        }),
        ("name", |files| without(&mut files[1].1["data"][0], "name")),
        ("link_id", |files| without(&mut files[3].1["data"][0], "link_id")),
        ("service_price.min_price", |files| {
            without(&mut files[5].1["data"][0]["service_price"], "min_price");
        }),
        ("data_file", |files| {
            files[0].1["data_file"]
                .as_array_mut()
                .expect("a list")
                .push(json!("gone.json"));
        }),
        ("generation_timestamp", |files| {
            files[0].1["generation_timestamp"] = json!("today");
        }),
    ];
    for (field, change) in right {
        assert_eq!(noted(change), [field]);
    }
}

#[test]
fn waitlists_alone_need_no_availability() {
    let mut folder = Folder::right();
    let mut table = service("m", "table");
    table["type"] = json!("SERVICE_TYPE_DINING_RESERVATION");
    table["waitlist_rules"] = json!({ "min_party_size": 1, "max_party_size": 8 });
    folder.services = json!({ "metadata": metadata("2"), "service": [table] });
    let mut files = folder.files();
    files.truncate(2);
    let report = judge(&files);
    assert_eq!(
        (report.verdict, said(&report)),
        (FeedVerdict::Conformant, Vec::<String>::new())
    );
    assert!(
        report
            .integration
            .is_some_and(|words| words.contains("waitlists alone"))
    );
    let of = |id: &str| {
        report
            .requirements
            .iter()
            .find(|one| one.id.as_str() == id)
            .and_then(|one| one.reason)
    };
    assert!(of("FEED-AVL-05").is_some() && of("FEED-FILE-10").is_some());
    assert_eq!(of("FEED-SVC-03"), None);

    without(&mut folder.services["service"][0], "waitlist_rules");
    let mut files = folder.files();
    files.truncate(2);
    assert_eq!(judge(&files).exit_code, 2, "who has none needs slots");
}
