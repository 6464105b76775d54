//! Feed files judged alone: for every requirement the smallest broken feed, and right feeds that look quite different.

#[path = "feeds/broken.rs"]
mod broken;
#[path = "feeds/days.rs"]
mod days;
#[path = "feeds/folder.rs"]
mod folder;
#[path = "feeds/right.rs"]
mod right;

use broken::{BROKEN, Broken};
use catalogue::RequirementId;
use feeds::ProblemCode;
use folder::{DAY, EXPORTED, File, Folder, judge, metadata, shards, slot};
use outcome::{FeedReport, Verdict};
use rules::{RULES, Row, Scope, requirements_of_feeds};
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
    } in BROKEN.iter().chain(days::BROKEN)
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

/// What a requirement came to.
fn verdict(report: &FeedReport, id: &str) -> Option<Verdict> {
    let requirements = report.requirements.iter();
    let mut of = requirements.filter(|requirement| requirement.id.as_str() == id);
    of.next().map(|requirement| requirement.verdict)
}

#[test]
fn two_days_that_are_right_have_no_finding_and_show_what_stays() {
    for (how, change) in days::RIGHT {
        let report = days::Days::right().changed(*change).judge();
        assert_eq!(said(&report), Vec::<String>::new(), "{how}");
        assert_eq!((&report.notes[..], report.exit_code), (&[][..], 0), "{how}");
        for id in [
            "FEED-FILE-05",
            "FEED-FILE-09",
            "INV-09",
            "FEED-AVL-13",
            "FEED-MER-01",
        ] {
            assert_eq!(verdict(&report, id), Some(Verdict::Pass), "{how}: {id}");
        }
        assert_eq!(verdict(&report, "FEED-AVL-20"), None, "{how}");
    }
}

#[test]
fn what_only_a_comparison_shows_is_not_kept_without_one() {
    let report = Folder::right().judge();
    for id in [
        "FEED-FILE-05",
        "FEED-FILE-09",
        "INV-09",
        "FEED-AVL-13",
        "FEED-AVL-20",
    ] {
        assert_eq!(verdict(&report, id), None, "{id}");
    }
    let far = |days: &mut days::Days| {
        days.apart = 10 * DAY;
        let without = |folder: &mut Folder| {
            for slot in folder.slots() {
                slot.as_object_mut().expect("an object").remove("resources");
            }
        };
        without(&mut days.yesterday);
    };
    let report = days::Days::right().changed(far).judge();
    for id in ["FEED-FILE-09", "INV-09", "FEED-AVL-13"] {
        assert_eq!(verdict(&report, id), Some(Verdict::NotTestable), "{id}");
    }
    assert_eq!((said(&report), report.exit_code), (Vec::new(), 0));
}

#[test]
fn what_may_change_is_a_note_with_its_count() {
    let changed = |days: &mut days::Days| {
        days.today.s("facial")["price"] = folder::price(46);
        days.today.slot("trim")["availability_tag"] = json!("another");
        let mut gone = folder::merchant("gone");
        gone["name"] = json!("Gone");
        let merchants = days.yesterday.merchants["merchant"].as_array_mut();
        merchants.expect("a list").push(gone);
        days.today.s("consult")["service_id"] = json!("consult-2");
        let slots = days.today.slots().iter_mut();
        slots
            .filter(|slot| slot["service_id"] == "consult")
            .for_each(|slot| slot["service_id"] = json!("consult-2"));
    };
    let report = days::Days::right().changed(changed).judge();
    let notes: Vec<_> = report.notes.iter().map(|note| (note.code, note.count)).collect();
    let expected = [
        (ProblemCode::MerchantGone, 1),
        (ProblemCode::ServiceIdChanged, 1),
        (ProblemCode::TagChanged, 1),
        (ProblemCode::PriceChanged, 2),
    ];
    assert_eq!(
        notes.iter().collect::<BTreeSet<_>>(),
        expected.iter().collect(),
        "{:#?}",
        report.notes
    );
    assert_eq!((said(&report), report.exit_code), (Vec::new(), 0));
    let changes: Vec<_> = report.feeds.iter().filter_map(|feed| feed.change).collect();
    let numbers = |change: &feeds::Change| (change.new, change.kept, change.gone);
    assert_eq!(
        changes.iter().map(numbers).collect::<Vec<_>>(),
        [(0, 1, 1), (1, 6, 1), (2, 13, 2)]
    );
}

#[test]
fn a_booking_is_shown_by_a_spot_less_or_by_a_slot_that_is_left_out() {
    let spot_less = days::Days::right().booked("trim", (2, 2)).changed(|days| {
        days.today.slot("trim")["spots_open"] = json!(1);
    });
    let full = days::Days::right().booked("trim", (1, 1)).changed(|days| {
        let booked = |slot: &Value| slot["service_id"] == "trim" && slot["start_sec"] == EXPORTED + DAY;
        days.today.slots().retain(|slot| !booked(slot));
    });
    for days in [spot_less, full] {
        let report = days.judge();
        assert_eq!((said(&report), report.exit_code), (Vec::new(), 0));
        assert_eq!(verdict(&report, "FEED-AVL-20"), Some(Verdict::Pass));
        let bookings = report.bookings.expect("bookings were looked for");
        assert_eq!((bookings.slots, bookings.looked_for, bookings.shown), (1, 1, 1));
    }
}

#[test]
fn bookings_of_which_an_export_can_say_nothing_are_wrong_input() {
    let mut days = days::Days::right().booked("trim", (2, 2));
    days.booked.as_mut().expect("a booking")[0].booked_sec = EXPORTED;
    let report = days.judge();
    assert_eq!(report.exit_code, 2);
    assert!(
        report.unreadable[0]
            .message
            .contains("none of the 1 booked slots")
    );
    assert_eq!(verdict(&report, "FEED-AVL-20"), Some(Verdict::NotTestable));
}

#[test]
fn the_same_export_twice_is_wrong_input() {
    let same = |days: &mut days::Days| {
        days.files = |now, before| {
            let copy = |file: &File| File {
                name: file.name.clone(),
                bytes: file.bytes.clone(),
            };
            *now = before.iter().map(copy).collect();
        };
    };
    let report = days::Days::right().changed(same).judge();
    assert_eq!(report.exit_code, 2);
    assert!(
        report.unreadable[0].message.ends_with("hold the same export"),
        "{:?}",
        report.unreadable
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
    let found: Vec<_> = report
        .findings
        .iter()
        .map(|finding| finding.requirement.as_str())
        .collect();
    assert_eq!(
        found,
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

/// Codes that violate no requirement of their own, and why.
const NOTES: &[(ProblemCode, &str)] = &[
    (ProblemCode::NotAFeed, "files of others may lie beside feeds"),
    (
        ProblemCode::StaleExport,
        "feeds of another day may be looked at, too",
    ),
    (ProblemCode::ByteOrderMark, "no page says what becomes of it"),
    (ProblemCode::TooManySlots, "a limit of this tool"),
    (ProblemCode::RulesAlias, "pages of Google print both names"),
    (ProblemCode::RulesConflict, "no page says which of the two counts"),
    (
        ProblemCode::NestedDepositCutoff,
        "a sample of Google has it there",
    ),
    (ProblemCode::ZeroFee, "it can be booked, and nothing is charged"),
    (ProblemCode::DepositExceedsPrice, "no page forbids it"),
    (
        ProblemCode::PrepayOfZero,
        "it can be booked, and nothing is charged",
    ),
    (
        ProblemCode::ChargeLater,
        "a right value; this tool charges at once",
    ),
    (ProblemCode::PrepaymentWithDeposit, "no page forbids it"),
    (ProblemCode::TicketedSlot, "right, and only left out here"),
    (ProblemCode::RedirectedSlot, "right, and only left out here"),
    (ProblemCode::BrokenOption, "what is wrong is told at the merchant"),
    (ProblemCode::NoGateway, "what is wrong is told at the merchant"),
    (ProblemCode::MerchantGone, "merchants leave"),
    (
        ProblemCode::ServiceIdChanged,
        "no page wants ids of services to stay",
    ),
    (ProblemCode::TooManyResources, "no page forbids it"),
    (ProblemCode::TagChanged, "no page wants a tag to stay"),
    (ProblemCode::PriceChanged, "a price may change"),
    (
        ProblemCode::BookedSlotGone,
        "others may have booked the rest, or the slot was taken back",
    ),
    (
        ProblemCode::NoCardAccepted,
        "a merchant may take no cards for a while",
    ),
];

#[test]
fn every_code_violates_a_requirement_or_is_a_note_for_a_reason() {
    let rows = RULES.iter().flat_map(|rule| match rule.scope {
        Scope::Feed(rows) => rows,
        _ => &[],
    });
    let judged: BTreeSet<ProblemCode> = rows.map(Row::code).collect();
    let noted: BTreeSet<ProblemCode> = NOTES.iter().map(|(code, _)| *code).collect();
    let forgotten: Vec<_> = ProblemCode::ALL
        .iter()
        .filter(|code| !judged.contains(code) && !noted.contains(code))
        .collect();
    assert_eq!(
        forgotten,
        Vec::<&ProblemCode>::new(),
        "neither a row nor a reason"
    );
    let both: Vec<_> = judged.intersection(&noted).collect();
    assert_eq!(both, Vec::<&ProblemCode>::new(), "a row, and yet a note");
    assert!(NOTES.iter().all(|(_, why)| !why.is_empty()));
}

#[test]
fn a_wrong_type_is_told_in_words_of_the_feed() {
    let mut folder = Folder::right();
    folder.s("trim")["localized_service_name"] = json!("Trim");
    folder.s("facial")["price"] = json!("45.00");
    let report = folder.judge();
    let messages: Vec<_> = report
        .unreadable
        .iter()
        .map(|unread| unread.message.as_str())
        .collect();
    assert_eq!(messages.len(), 2);
    assert!(messages[0].contains("expected a Text message"), "{messages:?}");
    assert!(messages[1].contains("expected a Price message"), "{messages:?}");
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
