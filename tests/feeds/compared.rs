//! What two exports, or an export and bookings, say together.

use super::days::{Days, RIGHT};
use super::folder::{DAY, EXPORTED, File, Folder, HOUR, merchant, price, service, slot};
use super::said;
use feeds::ProblemCode;
use outcome::{FeedReport, Verdict};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// What a requirement came to.
fn verdict(report: &FeedReport, id: &str) -> Option<Verdict> {
    let requirements = report.requirements.iter();
    let mut of = requirements.filter(|requirement| requirement.id.as_str() == id);
    of.next().map(|requirement| requirement.verdict)
}

#[test]
fn two_days_that_are_right_have_no_finding_and_show_what_stays() {
    for (how, change) in RIGHT {
        let report = Days::right().changed(*change).judge();
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
    let far = |days: &mut Days| {
        days.apart = 10 * DAY;
        let without = |folder: &mut Folder| {
            for slot in folder.slots() {
                slot.as_object_mut().expect("an object").remove("resources");
            }
        };
        without(&mut days.yesterday);
    };
    let report = Days::right().changed(far).judge();
    for id in ["FEED-FILE-09", "INV-09", "FEED-AVL-13"] {
        assert_eq!(verdict(&report, id), Some(Verdict::NotTestable), "{id}");
    }
    assert_eq!((said(&report), report.exit_code), (Vec::new(), 0));
}

#[test]
fn what_may_change_is_a_note_with_its_count() {
    let changed = |days: &mut Days| {
        days.today.s("facial")["price"] = price(46);
        days.today.slot("trim")["availability_tag"] = json!("another");
        let mut gone = merchant("gone");
        gone["name"] = json!("Gone");
        let merchants = days.yesterday.merchants["merchant"].as_array_mut();
        merchants.expect("a list").push(gone);
        days.today.s("consult")["service_id"] = json!("consult-2");
        let slots = days.today.slots().iter_mut();
        slots
            .filter(|slot| slot["service_id"] == "consult")
            .for_each(|slot| slot["service_id"] = json!("consult-2"));
    };
    let report = Days::right().changed(changed).judge();
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
    let counts: Vec<_> = report.feeds.iter().filter_map(|feed| feed.change).collect();
    let numbers = |change: &feeds::Change| (change.new, change.kept, change.gone);
    assert_eq!(
        counts.iter().map(numbers).collect::<Vec<_>>(),
        [(0, 1, 1), (1, 6, 1), (2, 13, 2)]
    );
}

#[test]
fn a_booking_is_shown_by_a_spot_less_or_by_a_slot_that_is_left_out() {
    let spot_less = Days::right().booked("trim", (2, 2)).changed(|days| {
        days.today.slot("trim")["spots_open"] = json!(1);
    });
    let full = Days::right().booked("trim", (1, 1)).changed(|days| {
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
    let mut days = Days::right().booked("trim", (2, 2));
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
    let same = |days: &mut Days| {
        days.files = |now, before| {
            let copy = |file: &File| File {
                name: file.name.clone(),
                bytes: file.bytes.clone(),
            };
            *now = before.iter().map(copy).collect();
        };
    };
    let report = Days::right().changed(same).judge();
    assert_eq!(report.exit_code, 2);
    assert!(
        report.unreadable[0].message.ends_with("hold the same export"),
        "{:?}",
        report.unreadable
    );
}

#[test]
fn a_booking_of_a_recurrence_is_shown_by_an_exception() {
    let recurring = |days: &mut Days| {
        let only_trim = |record: &Value| record["service_id"] == "trim";
        let services = days.today.services["service"].as_array_mut();
        services.expect("a list").retain(only_trim);
        days.today.slots().retain(only_trim);
        for slot in days.today.slots() {
            let start = slot["start_sec"].as_i64().expect("a number");
            slot["recurrence"] = json!({ "repeat_every_sec": HOUR, "repeat_until_sec": start + 2 * HOUR });
            let fields = slot.as_object_mut().expect("an object");
            fields.remove("spots_total");
            fields.remove("spots_open");
        }
        days.apart = 0;
    };
    let mut days = Days::right().changed(recurring).booked("trim", (1, 1));
    let report = days.judge();
    assert_eq!(
        verdict(&report, "FEED-AVL-20"),
        Some(Verdict::Warn),
        "{:?}",
        said(&report)
    );
    let from = EXPORTED + DAY;
    days.today.slot("trim")["schedule_exception"] =
        json!([{ "time_range": { "begin_sec": from, "end_sec": from + HOUR } }]);
    let report = days.judge();
    assert_eq!(said(&report), Vec::<String>::new());
    assert_eq!(verdict(&report, "FEED-AVL-20"), Some(Verdict::Pass));
}

#[test]
fn of_merchants_at_one_desk_one_may_leave_and_another_one_come() {
    let desk = |folder: &mut Folder, id: &str| {
        let merchants = folder.merchants["merchant"].as_array_mut();
        merchants.expect("a list").push(merchant(id));
        let services = folder.services["service"].as_array_mut();
        services.expect("a list").push(service(id, "trim"));
        let mut at_desk = slot("trim", EXPORTED + 30 * DAY);
        at_desk["merchant_id"] = json!(id);
        folder.slots().push(at_desk);
    };
    let report = Days::right()
        .changed(|days| {
            desk(&mut days.yesterday, "m2");
            desk(&mut days.today, "m3");
        })
        .judge();
    assert_eq!(said(&report), Vec::<String>::new());
    let notes: Vec<_> = report.notes.iter().map(|note| note.code).collect();
    assert_eq!(notes, [ProblemCode::MerchantGone]);
}

#[test]
fn nothing_is_said_of_what_was_not_compared() {
    let report = Days::right().changed(|days| days.apart = -HOUR).judge();
    let requirements = report.requirements.iter();
    let reason = |id: &str| {
        let mut of = requirements.clone().filter(|one| one.id.as_str() == id);
        of.next().and_then(|one| one.reason)
    };
    let why = reason("FEED-AVL-13").expect("it is open");
    assert!(why.contains("was not compared"), "{why}");
    assert!(report.feeds.iter().all(|feed| feed.change.is_none()));
}
