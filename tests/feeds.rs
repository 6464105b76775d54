//! Feed files judged alone: for every requirement the smallest broken feed, and right feeds that look quite different.

#[path = "feeds/broken.rs"]
mod broken;
#[path = "feeds/compared.rs"]
mod compared;
#[path = "feeds/days.rs"]
mod days;
#[path = "feeds/folder.rs"]
mod folder;
#[path = "feeds/forms.rs"]
mod forms;
#[path = "feeds/limits.rs"]
mod limits;
#[path = "feeds/notes.rs"]
mod notes;
#[path = "selftest/src/illustrations/pruned.rs"]
mod pruned;
#[path = "feeds/right.rs"]
mod right;
#[path = "feeds/shown.rs"]
mod shown;
#[path = "selftest/src/illustrations/yaml.rs"]
mod yaml;

use broken::{BROKEN, Broken, WARNS};
use catalogue::RequirementId;
use folder::{DAY, EXPORTED, File, Folder, found, judge, metadata, shards, slot};
use outcome::{FeedReport, Verdict};
use rules::requirements_of_feeds;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Verdict, requirement and message of every finding.
fn said(report: &FeedReport) -> Vec<String> {
    let unread = report
        .unreadable
        .iter()
        .map(|unread| format!("unreadable {}", unread.message));
    let findings = report.findings.iter().map(|finding| {
        let place = &finding.places[0];
        format!(
            "{} {} x{}: {} ({} {} {}: {})",
            finding.verdict.word(),
            finding.requirement,
            finding.count,
            finding.message,
            place.file,
            place.record,
            place.field,
            place.message
        )
    });
    unread.chain(findings).collect()
}

#[test]
fn every_broken_feed_violates_exactly_what_it_breaks() {
    let mut wrong = Vec::new();
    for Broken {
        requirement,
        how,
        warns,
        breaks,
    } in BROKEN
        .iter()
        .chain(days::BROKEN)
        .chain(limits::LIMITS)
        .chain(forms::FORMS)
    {
        let report = breaks(Folder::right());
        let found: BTreeSet<_> = report
            .findings
            .iter()
            .map(|finding| finding.requirement.as_str())
            .collect();
        let verdict = if *warns { Verdict::Warn } else { Verdict::Fail };
        let weighed = report.findings.iter().all(|finding| finding.verdict == verdict);
        if found != BTreeSet::from([*requirement]) || !weighed || !report.unreadable.is_empty() {
            wrong.push(format!("{requirement} {how}: {:#?}", said(&report)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_requirement_that_is_judged_in_feeds_has_a_broken_feed() {
    let broken: BTreeSet<_> = BROKEN
        .iter()
        .chain(days::BROKEN)
        .chain(limits::LIMITS)
        .chain(forms::FORMS)
        .map(|broken| broken.requirement)
        .collect();
    let judged: BTreeSet<_> = requirements_of_feeds()
        .into_iter()
        .map(RequirementId::as_str)
        .collect();
    assert_eq!(
        judged.difference(&broken).collect::<Vec<_>>(),
        Vec::<&&str>::new()
    );
}

#[test]
fn what_was_read_before_a_file_broke_is_judged() {
    let mut folder = Folder::right();
    folder.slot("trim")["spots_open"] = json!(7);
    let mut files = folder.files();
    let File { bytes, .. } = &mut files[2];
    bytes.truncate(bytes.len() - 40);
    let report = judge(&files);
    assert_eq!(report.exit_code, 2);
    let unread = &report.unreadable[0];
    assert_eq!(
        (unread.line, unread.byte),
        (Some(1), Some(files[2].bytes.len() as u64))
    );
    assert_eq!(
        unread.record.as_deref(),
        Some("service_availability[0].availability[13]")
    );
    assert_eq!(
        found(&report),
        ["FEED-AVL-10"],
        "and nothing about a horizon that was not seen"
    );
}

#[test]
fn what_refers_to_a_feed_that_broke_is_not_held_against_anybody() {
    let mut files = Folder::right().files();
    files[0].bytes = b"{\"metadata\": {".to_vec();
    let report = judge(&files);
    assert_eq!(report.exit_code, 2);
    assert_eq!(report.findings, []);
}

#[test]
fn a_million_equal_faults_are_one_finding() {
    let mut folder = Folder::right();
    let start = EXPORTED + 40 * DAY;
    let odd = |k: i64| {
        let mut slot = slot("trim", start + k);
        slot["resources"] = json!({ "staff_id": "st-1" });
        slot
    };
    folder.slots().extend((0..5_000).map(odd));
    let report = folder.judge();
    assert_eq!(report.findings.len(), 1);
    assert_eq!(
        (report.findings[0].count, report.findings[0].places.len()),
        (5_000, 20)
    );
}

#[test]
fn yesterdays_files_may_lie_beside_todays() {
    let mut folder = Folder::right();
    let mut yesterday = folder.services.clone();
    yesterday["metadata"] = metadata("1002");
    yesterday["metadata"]["generation_timestamp"] = json!(EXPORTED - DAY);
    yesterday["service"] = Value::Array(Vec::new());
    folder.earlier.push((
        format!("services_feed_{}_001_of_001.json", EXPORTED - DAY),
        yesterday,
    ));
    assert_eq!(said(&folder.judge()), Vec::<String>::new());
}

#[test]
fn what_lies_beside_feeds_is_no_matter() {
    let mut folder = Folder::right();
    for (name, content) in [
        (
            "google-service-account.json",
            r#"{"type":"service_account","private_key":"x"}"#,
        ),
        ("package.json", "[]"),
        ("notes.json", "no JSON"),
        ("._merchants_feed_1.json", "no JSON"),
        (".DS_Store", "x"),
        ("config.json", r#"{"service":{"name":"x"}}"#),
        ("feeds_old.tar.gz", "x"),
        ("customer-service-logs.zip", "x"),
        ("services_report.csv", "x"),
    ] {
        folder.others.push((name.into(), content.as_bytes().to_vec()));
    }
    let report = folder.judge();
    assert_eq!(said(&report), Vec::<String>::new());
    let notes: Vec<_> = report
        .notes
        .iter()
        .map(|note| (note.code.name(), note.count))
        .collect();
    assert_eq!(notes, [("not_a_feed", 4)]);
}

#[test]
fn what_is_left_of_earlier_exports_is_no_matter() {
    let mut folder = Folder::right();
    let mut torso = folder.services.clone();
    torso["metadata"] = json!({ "processing_instruction": "PROCESS_AS_INCREMENTAL", "shard_number": 1, "total_shards": 2,
        "nonce": "77", "generation_timestamp": EXPORTED - DAY });
    folder
        .earlier
        .push((format!("services_feed_{}_002_of_002.json", EXPORTED - DAY), torso));
    assert_eq!(said(&folder.judge()), Vec::<String>::new());
}

#[test]
fn a_byte_order_mark_is_passed_over_and_noted() {
    let mut files = Folder::right().files();
    files[1].bytes.splice(0..0, *b"\xef\xbb\xbf");
    let report = judge(&files);
    assert_eq!(said(&report), Vec::<String>::new());
    assert_eq!(report.notes[0].code.name(), "byte_order_mark");
}

#[test]
fn an_export_of_last_month_is_judged_as_of_now() {
    let mut folder = Folder::right();
    for feed in [
        &mut folder.merchants,
        &mut folder.services,
        &mut folder.availability,
    ] {
        feed["metadata"]["generation_timestamp"] = json!(EXPORTED - 30 * DAY);
    }
    folder.slots().retain(|slot| slot["start_sec"] == EXPORTED + DAY);
    let report = folder.judge();
    let found: Vec<_> = report
        .findings
        .iter()
        .map(|finding| finding.requirement.as_str())
        .collect();
    assert_eq!(found, ["FEED-FILE-10"]);
    assert_eq!(report.notes[0].code.name(), "stale_export");
}

#[test]
fn what_could_not_be_read_is_not_said_to_be_kept() {
    let mut files = Folder::right().files();
    files[2].bytes = b"\xff\xfe{".to_vec();
    let report = judge(&files);
    assert_eq!(report.exit_code, 2);
    assert!(
        report.unreadable[0].message.contains("UTF-16"),
        "{:?}",
        report.unreadable
    );
    assert!(
        report
            .requirements
            .iter()
            .all(|one| one.verdict == Verdict::NotTestable)
    );
}

/// Everything that is told of a folder after a change: requirements and codes of notes.
fn told(change: impl FnOnce(&mut Folder)) -> (Vec<&'static str>, Vec<&'static str>) {
    let mut folder = Folder::right();
    change(&mut folder);
    let report = folder.judge();
    assert!(report.unreadable.is_empty(), "{:?}", said(&report));
    let findings = report.findings.iter().map(|finding| finding.requirement.as_str());
    let notes = report.notes.iter().map(|note| note.code.name());
    (findings.collect(), notes.collect())
}

#[test]
fn a_negative_notice_hides_nothing_else_of_the_service() {
    let (mut findings, notes) = told(|f| {
        f.s("retreat")["rules"] = json!({ "min_advance_booking": -1 });
    });
    findings.sort_unstable();
    assert_eq!((findings, notes), (vec!["FEED-AVL-15", "FEED-SVC-07"], vec![]));
}

#[test]
fn messages_in_which_nothing_is_set_say_nothing() {
    let (findings, notes) = told(|f| {
        f.s("table")["price"] = json!({ "price_micros": "0", "currency_code": "" });
        f.s("trim")["scheduling_rules"] = json!({});
        f.s("trim")["direct_merchant_payment"] = json!({});
    });
    assert_eq!((findings, notes), (vec![], vec![]));
}

#[test]
fn nothing_that_is_wrong_with_payments_hides_something_else() {
    let (mut findings, _) = told(|f| {
        f.m()
            .as_object_mut()
            .expect("an object")
            .remove("tokenization_config");
        f.s("retreat")["rules"]
            .as_object_mut()
            .expect("an object")
            .remove("cancellation_policy");
        f.slot("retreat")["confirmation_mode"] = json!("CONFIRMATION_MODE_ASYNCHRONOUS");
    });
    findings.sort_unstable();
    assert_eq!(findings, ["FEED-SVC-07", "PAY-COM-01", "PAY-COM-02"]);
}

#[test]
fn what_slots_sell_under_a_priced_option_is_not_free() {
    let priced = told(|f| {
        f.s("trim")["price"]["price_micros"] = json!(0);
        f.slots()
            .iter_mut()
            .filter(|slot| slot["service_id"] == "trim")
            .for_each(|slot| slot["payment_option_id"] = json!(["off-peak"]));
    });
    assert_eq!(priced, (vec![], vec![]));
    let free = told(|f| f.s("trim")["price"] = json!({ "price_micros": 0 }));
    assert_eq!(free, (vec!["FEED-SVC-14"], vec![]));
}

#[test]
fn what_hangs_on_a_shard_that_is_missing_is_not_said_to_be_kept() {
    let folder = Folder::right();
    let mut files = shards("availability", &folder.availability, 3);
    files.remove(1);
    files.extend(folder.files().into_iter().take(2));
    let report = judge(&files);
    assert_eq!((report.exit_code, report.findings.len()), (1, 1));
    let of = |id: &str| {
        report
            .requirements
            .iter()
            .find(|one| one.id.as_str() == id)
            .map(|one| one.verdict)
    };
    assert_eq!(of("FEED-META-03"), Some(Verdict::Fail));
    assert_eq!(
        of("FEED-FILE-10"),
        Some(Verdict::NotTestable),
        "nobody has seen how far it reaches"
    );
}
