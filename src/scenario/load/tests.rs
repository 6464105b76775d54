//! What loads, and where each mistake is shown.
#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]
use super::*;

const GOOD: &str = r"
title: A booking is cancelled
serves: [BS-LIST-04]
needs:
  slot: { payment: arrival, starts_in: { more_than: 2h } }
steps:
  - call: CreateBooking
    as: created
    expect: { requirement: PAY-COM-10, body: { booking: { status: CONFIRMED } } }
  - trigger: user_cancel_at_partner
    booking: created
  - await: booking
    booking: created
    requirement: RTU-NOSHOW-02
    until: { status: CANCELED }
";

fn source(id: &str, text: &str) -> Source {
    Source {
        id: id.into(),
        file: format!("scenarios/{id}.yaml"),
        text: text.into(),
    }
}

fn problems(text: &str) -> Vec<(String, String, String)> {
    let found = load(&[source("a/b", text)]).unwrap_err().0;
    found
        .into_iter()
        .map(|p| (p.place, p.message, p.help.unwrap_or_default()))
        .collect()
}

#[test]
fn a_good_file_becomes_a_scenario() {
    let scenarios = load(&[source("a/b", GOOD)]).unwrap();
    assert_eq!(scenarios[0].id, "a/b");
    assert_eq!(scenarios[0].steps.len(), 3);
    assert_eq!(scenarios[0].requirements().len(), 3);
}

#[test]
fn every_mistake_is_told_at_its_place() {
    let table = [
        (
            "status: CONFIRMED",
            "statu: CONFIRMED",
            "9:59",
            "no field `booking.statu`",
            "did you mean `status`?",
        ),
        (
            "PAY-COM-10",
            "PAY-CMO-10",
            "9:28",
            "no requirement has the id PAY-CMO-10; did you mean PAY-COM-10?",
            "",
        ),
        (
            "booking: created\n  - await",
            "booking: creatd\n  - await",
            "11:14",
            "no earlier CreateBooking is called `creatd`",
            "did you mean `created`?",
        ),
        (
            "trigger: user_cancel_at_partner",
            "trigger: user_cancel",
            "10:14",
            "unknown variant",
            "did you mean `user_cancel_at_partner`?",
        ),
        (
            "more_than: 2h",
            "more_than: soon",
            "5:53",
            "`soon` is not a length of time",
            "write it like `90s`, `15m` or `2h`",
        ),
        (
            "as: created",
            "as: created\n    until: { status: X }",
            "9:5",
            "`until` does not belong to a `call` step",
            "it belongs to: await",
        ),
        (
            "as: created",
            "as: created\n    without: [idempotency_token]",
            "9:15",
            "CreateBooking requires `idempotency_token`",
            "say why: `invalid: …`",
        ),
        (
            "as: created",
            "as: created\n    with: { slot: { start_sec: true } }",
            "9:32",
            "cannot have true at /slot/start_sec",
            "say why: `invalid: …`",
        ),
        (
            "  - await: booking",
            "  - ledger: {}\n    booking: created\n    requirement: PAY-DEP-06\n  - await: booking",
            "12:5",
            "says not what the books should say",
            "write it like",
        ),
        (
            "title:",
            "titel:",
            "2:1",
            "unknown field",
            "did you mean `title`?",
        ),
    ];
    for (good, bad, place, message, help) in table {
        let found = problems(&GOOD.replace(good, bad));
        let hit = found.iter().find(|(at, text, hint)| {
            at == &format!("scenarios/a/b.yaml:{place}") && text.contains(message) && hint.contains(help)
        });
        assert!(hit.is_some(), "{bad}: {found:#?}");
    }
}

#[test]
fn all_mistakes_of_all_files_come_at_once() {
    let bad = GOOD
        .replace("statu", "stato")
        .replace("more_than: 2h", "more_than: soon");
    let found = load(&[
        source("a/b", &bad),
        source("a/c", "title: x"),
        source("a/b", GOOD),
    ])
    .unwrap_err()
    .0;
    let files: Vec<_> = found.iter().map(|p| p.place.split(':').next().unwrap()).collect();
    assert!(found.len() >= 4, "{found:?}");
    assert!(files.contains(&"scenarios/a/c.yaml"));
    assert!(
        found
            .iter()
            .any(|p| p.message.contains("stands in scenarios/a/b.yaml already"))
    );
}

#[test]
fn breakage_that_is_declared_is_no_mistake() {
    let declared = "as: created\n    invalid: what happens without a token\n    without: [idempotency_token]";
    let scenarios = load(&[source("a/b", &GOOD.replace("as: created", declared))]).unwrap();
    assert!(scenarios[0].calls().next().unwrap().breaks_model);
}

#[test]
fn an_unquoted_template_is_explained() {
    let found = problems(&GOOD.replace(
        "booking: created\n  - await",
        "booking: {{ created.booking_id }}\n  - await",
    ));
    assert!(
        found
            .iter()
            .any(|(_, _, help)| help.contains("quote the template")),
        "{found:?}"
    );
}

const CROWD: &str = r"
title: A class fills up
needs:
  slots: { first: { spots: { at_most: 4, all_open: true } }, second: { relations: [{ beside: first }] } }
steps:
  - call: BatchAvailabilityLookup
    slots: [first, second]
  - call: CreateBooking
    people: { beyond_spots: 1 }
    together: { requirement: BS-CREATE-15, bookings: spots }
";

#[test]
fn several_people_and_several_slots_are_read() {
    use crate::{Bookings, Lookup, People, Step, Wanted};
    let scenario = load(&[source("a/b", CROWD)]).unwrap().remove(0);
    let Step::Crowd(crowd) = &scenario.steps[1] else {
        panic!("{:?}", scenario.steps[1]);
    };
    assert_eq!((crowd.people, crowd.people.count(3)), (People::BeyondSpots(1), 4));
    assert!(!crowd.at_once);
    let wanted = crowd.together.as_ref().map(|set| &set.wanted);
    assert_eq!(wanted, Some(&Wanted::Bookings(Bookings::Spots)));
    let asked = scenario.calls().next().map(|call| call.lookup.clone());
    assert_eq!(asked, Some(Lookup::Slots(vec!["first".into(), "second".into()])));
    assert!(scenario.slots["first"].untouched);
}

#[test]
fn what_several_people_do_is_said_in_one_way() {
    let wrong = |from: &str, to: &str| problems(&CROWD.replace(from, to)).remove(0).1;
    let both = wrong("bookings: spots", "bookings: spots, same: /booking");
    assert_eq!(both, "`together` needs one thing to compare");
    let people = wrong("{ beyond_spots: 1 }", "{ at_once: true }");
    assert_eq!(people, "`people` needs one number");
    let alone = wrong("    people: { beyond_spots: 1 }\n", "");
    assert_eq!(alone, "`together` needs more than one answer");
    assert_eq!(
        wrong("beside: first", "beside: frist"),
        "no slot is called `frist`"
    );
}

/// Place, message and next step of the one mistake in a file.
fn only(text: &str) -> (String, String, String) {
    let mut found = problems(text);
    assert_eq!(found.len(), 1, "{found:#?}");
    let (place, message, help) = found.remove(0);
    (place.replace("scenarios/a/b.yaml:", ""), message, help)
}

fn mistake(place: &str, message: &str, help: &str) -> (String, String, String) {
    (place.to_owned(), message.to_owned(), help.to_owned())
}

#[test]
fn a_key_that_does_not_belong_to_a_verb_is_refused_there() {
    let with = |line: &str| only(&GOOD.replace("    as: created", &format!("    as: created\n    {line}")));
    assert_eq!(
        with("until: { status: X }"),
        mistake(
            "9:5",
            "`until` does not belong to a `call` step",
            "it belongs to: await"
        )
    );
    assert_eq!(
        with("wihtout: [slot]"),
        mistake(
            "9:5",
            "`wihtout` does not belong to a `call` step",
            "did you mean `without`?"
        )
    );
    let lone = only(&GOOD.replace("    until: { status: CANCELED }\n", ""));
    assert_eq!(
        lone,
        mistake("12:5", "an `await` step needs `until`", "add `until: …`")
    );
    let twice = only(&GOOD.replace("  - await: booking", "  - await: booking\n    quiet: {}"));
    assert_eq!(
        (twice.0.as_str(), twice.1.as_str()),
        ("12:5", "the step says await and quiet at once")
    );
    let none = only(&GOOD.replace("  - trigger: user_cancel_at_partner\n    booking", "  - booking"));
    assert_eq!(
        (none.0.as_str(), none.1.as_str()),
        ("10:5", "the step says nothing to do")
    );
}

#[test]
fn one_bad_step_does_not_hide_the_next() {
    let bad = GOOD
        .replace("title:", "serve: []\ntitle:")
        .replace(
            "    as: created",
            "    as: created\n    prob: true\n    form: latin",
        )
        .replace("user_cancel_at_partner", "user_cancel")
        .replace("status: CANCELED", "statu: CANCELED");
    let found: Vec<_> = problems(&bad)
        .into_iter()
        .map(|(place, message, _)| format!("{} {message}", place.replace("scenarios/a/b.yaml:", "")))
        .collect();
    assert_eq!(
        found,
        [
            "2:1 unknown field `serve`",
            "10:5 `prob` does not belong to a `call` step",
            "11:11 unknown variant `latin`",
            "13:14 unknown variant `user_cancel`",
            // What the step before is called stands in the file, although it could not be read.
            "18:14 Booking has no field `statu`",
        ]
    );
}

#[test]
fn carets_stand_where_the_mistake_is() {
    let message = "Booking has no field `paymentInformation.prepaid`";
    let until = "{ status: CANCELED, paymentInformation: { prepaid: true } }";
    let (place, said, _) = only(&GOOD.replace("{ status: CANCELED }", until));
    assert_eq!((place.as_str(), said.as_str()), ("15:54", message));
    let body = "{ booking: { status: \"{{ creatd.status }}\" } }";
    let (place, said, _) = only(&GOOD.replace("{ booking: { status: CONFIRMED } }", body));
    assert_eq!(place, "9:67");
    assert!(said.starts_with("`creatd.status` has no value"), "{said}");
    let with = "as: created\n    with:\n      slot:\n        duration: 5";
    let (place, said, _) = only(&GOOD.replace("as: created", with));
    assert_eq!(place, "11:9");
    assert_eq!(said, "CreateBookingRequest has no field `slot.duration`");
    let faulty = "fault: { answer: 200 }\n    booking: created\n  - trigger: user_cancel_at_partner";
    let (place, said, _) = only(&GOOD.replace("trigger: user_cancel_at_partner", faulty));
    assert_eq!(
        (place.as_str(), said.as_str()),
        ("10:12", "a fault is answered with a status from 400 to 599")
    );
    let shared = "fault: { withhold: true }\n    booking: created\n  - trigger: user_cancel_at_partner";
    let (_, said, _) = only(&GOOD.replace("trigger: user_cancel_at_partner", shared));
    assert_eq!(said, "`withhold` strikes token requests");
}

#[test]
fn a_booking_is_named_after_the_call_that_makes_it() {
    let scenario = load(&[source("a/b", GOOD)]).unwrap().remove(0);
    let crate::Step::Trigger(trigger) = &scenario.steps[1] else {
        panic!("{:?}", scenario.steps[1]);
    };
    assert_eq!(trigger.booking, "{{ created.booking_id }}");
    let computed = GOOD.replace(
        "booking: created\n  - await",
        "booking: \"{{ run.unknown_booking_id }}\"\n  - await",
    );
    assert!(load(&[source("a/b", &computed)]).is_ok());
    let listed = "  - call: ListBookings\n    as: listed\n  - trigger:";
    let not_made = GOOD
        .replace("  - trigger:", listed)
        .replace("booking: created\n  - await", "booking: listed\n  - await");
    let (place, said, _) = only(&not_made);
    assert_eq!(place, "13:14");
    assert_eq!(
        said,
        "`listed` makes no booking: only the name of a CreateBooking stands for one"
    );
    let (_, said, help) = only(
        &GOOD
            .replace("as: created", "as: the-first")
            .replace(": created", ": \"{{ run.unknown_booking_id }}\""),
    );
    assert_eq!(
        said,
        "`the-first` cannot name an answer, since templates could not name it"
    );
    assert_eq!(help, "use letters, digits and `_`");
}

#[test]
fn a_named_booking_is_expected_to_be_made() {
    let expected = |step: &str| {
        let text = format!(
            "title: A booking\nneeds: {{ slot: {{}} }}\nsteps:\n  - {{ call: CreateBooking, {step} }}\n"
        );
        let scenario = load(&[source("a/b", &text)]).unwrap().remove(0);
        let call = scenario.calls().next().unwrap().clone();
        call.expect
            .into_iter()
            .map(|one| (one.requirement.as_str(), one.body))
            .collect::<Vec<_>>()
    };
    let made = serde_json::json!({ "booking": { "booking_id": { "$present": true } } });
    assert_eq!(expected("as: created"), [("BS-CREATE-01", Some(made))]);
    assert_eq!(
        expected("as: created, expect: { requirement: TOK-06 }"),
        [("TOK-06", None)]
    );
    for nothing in [
        "as: created, expect: []",
        "as: created, probe: true",
        "independent: true",
    ] {
        assert_eq!(expected(nothing), [], "{nothing}");
    }
}

#[test]
fn a_slot_is_related_to_another_one() {
    let scenario = load(&[source("a/b", CROWD)]).unwrap().remove(0);
    let second = &scenario.slots["second"];
    assert_eq!(second.related(crate::RelationKind::Beside), Some("first"));
    assert!(!second.is_lone() && scenario.slots["first"].is_lone());
    let wrong = |relations: &str| only(&CROWD.replace("{ beside: first }", relations));
    assert_eq!(
        wrong("{ besides: first }"),
        mistake("4:86", "unknown variant `besides`", "did you mean `beside`?")
    );
    let (_, said, _) = wrong("{ beside: first }, { beside: second }");
    assert_eq!(said, "a slot can be this to one other slot only");
}
