#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use crate::code::ProblemCode;
use crate::tests::example::{changed, codes};
use domain::PaidBy;
use domain::slot::Slot;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// The slots of the beard trim after `change` of its record, and what is said about them.
fn trims(change: impl FnOnce(&mut Value)) -> (Vec<Slot>, Vec<ProblemCode>) {
    let inventory = changed(|e| change(e.slot("trm-0101-1200")));
    let codes = codes(&inventory);
    (
        inventory
            .slots
            .into_iter()
            .filter(|slot| slot.service_id == "svc-trim")
            .collect(),
        codes,
    )
}

/// Asserts that the record gives no slot, for exactly this reason.
fn refused(code: ProblemCode, field: &str, value: impl Into<Value>) {
    let value = value.into();
    let (slots, codes) = trims(|slot| slot[field] = value.clone());
    assert_eq!((slots.len(), codes), (0, vec![code]), "{field} {value}");
}

#[test]
fn implausible_numbers_leave_the_slot_out() {
    refused(
        ProblemCode::TimeOutOfRange,
        "start_sec",
        json!(1_893_499_200_000_i64),
    );
    refused(ProblemCode::TimeOutOfRange, "start_sec", json!(i64::MIN));
    refused(ProblemCode::DurationOutOfRange, "duration_sec", json!(0));
    refused(ProblemCode::DurationOutOfRange, "duration_sec", json!(i64::MAX));
    refused(ProblemCode::InvalidSpots, "spots_open", json!(2));
    refused(ProblemCode::InvalidSpots, "spots_total", json!(0));
    refused(ProblemCode::TimeOutOfRange, "start_sec", json!(31_558_320));
    refused(
        ProblemCode::TimeOutOfRange,
        "start_sec",
        json!(18_934_992_000_i64),
    );
    refused(
        ProblemCode::InvalidPartySize,
        "resources",
        json!({ "party_size": -1 }),
    );
    refused(
        ProblemCode::InvalidPartySize,
        "resources",
        json!({ "party_size": 3_000_000_000_i64 }),
    );
    refused(ProblemCode::MissingField, "duration_sec", Value::Null);
}

#[test]
fn slots_without_a_free_spot_are_kept_and_not_offered() {
    let inventory = changed(|e| e.slot("trm-0101-1200")["spots_open"] = json!(null));
    let trim = inventory
        .slots
        .iter()
        .find(|slot| slot.service_id == "svc-trim")
        .unwrap();
    assert_eq!((trim.spots_total, trim.spots_open), (1, 0));
    assert!(inventory.bookable(0).all(|slot| slot != trim));
}

#[test]
fn the_bookable_window_is_in_order() {
    let start = 1_893_499_200_i64;
    for (first, last) in [(0, start), (start, 0), (start - 60, start - 60)] {
        let value = json!({ "first_bookable_sec": first, "last_bookable_sec": last });
        refused(
            ProblemCode::InvalidBookableWindow,
            "scheduling_rule_overrides",
            value,
        );
    }
    let (slots, _) = trims(|slot| {
        slot["scheduling_rule_overrides"] =
            json!({ "first_bookable_sec": start - 90, "last_bookable_sec": start - 60 });
    });
    let terms = &slots[0].terms;
    assert_eq!(
        (terms.bookable_from_sec, terms.bookable_until_sec),
        (Some(start - 90), start - 60)
    );
}

#[test]
fn what_is_booked_elsewhere_is_left_out() {
    let reason = json!("PAYMENT_REQUIRED");
    refused(ProblemCode::RedirectedSlot, "linkout_required_reason", reason);
    let (slots, mut codes) = trims(|slot| slot["ticket_type_id"] = json!(["adult"]));
    codes.sort();
    assert_eq!(
        (slots.len(), codes),
        (
            0,
            vec![ProblemCode::UndefinedTicketType, ProblemCode::TicketedSlot]
        )
    );
    let (slots, mut codes) = trims(|slot| slot["prepayment"] = json!({ "price_info": {} }));
    codes.sort();
    let unclear = vec![
        ProblemCode::NoRedirectTemplate,
        ProblemCode::NoRedirectPrice,
        ProblemCode::UnmarkedRedirect,
        ProblemCode::RedirectedSlot,
    ];
    assert_eq!((slots.len(), codes), (0, unclear));
    let (slots, codes) =
        trims(|slot| slot["linkout_required_reason"] = json!("LINKOUT_REQUIRED_UNSPECIFIED"));
    assert_eq!((slots.len(), codes), (1, vec![]));
}

#[test]
fn what_is_booked_elsewhere_is_remembered_as_it_is_paid() {
    let linked = |change: fn(&mut Value)| changed(|e| change(e.slot("trm-0101-1200"))).linked;
    assert!(linked(|_| {}).is_empty());
    let all = linked(|slot| {
        slot["linkout_required_reason"] = json!("PAYMENT_REQUIRED");
        slot["prepayment"] = json!({ "price_info": { "price": {} } });
    });
    let slots: Vec<_> = all.into_values().flatten().collect();
    assert_eq!(slots.len(), 1);
    assert_eq!(slots[0].start_sec, 1_893_499_200);
    assert_eq!(slots[0].paid_by, BTreeSet::from([PaidBy::Prepayment]));
    let unmarked = linked(|slot| slot["prepayment"] = json!({ "price_info": { "price": {} } }));
    assert!(unmarked.is_empty(), "it does not say that it links out");
}

#[test]
fn a_slot_that_closes_itself_says_when_its_service_would() {
    let moment = 1_893_499_200 - 7200;
    let (slots, _) = trims(|slot| {
        slot["scheduling_rule_overrides"] = json!({ "last_online_cancellable_sec": moment });
    });
    assert_eq!(slots[0].terms.online_cancel_until_sec, moment);
    assert!(slots[0].terms.service_cancel_lead_sec.is_some());
    assert_eq!(trims(|_| {}).0[0].terms.service_cancel_lead_sec, None);
}

#[test]
fn references_to_nothing_leave_the_slot_out() {
    refused(ProblemCode::UnknownMerchant, "merchant_id", json!("mrc-none"));
    refused(ProblemCode::UnknownService, "service_id", json!("svc-none"));
    refused(ProblemCode::MissingField, "service_id", Value::Null);
}

#[test]
fn an_identical_slot_and_a_second_format_are_noted() {
    let inventory = changed(|e| {
        let mut again = e.slot("trm-0101-1200").clone();
        again["availability_tag"] = json!("again");
        let mut recurs = e.slot("trm-0101-1200").clone();
        recurs["start_sec"] = json!(1_893_488_400);
        recurs["recurrence"] = json!({ "repeat_every_sec": 3_600, "repeat_until_sec": 1_893_488_400 });
        let slots = e.availability["service_availability"][0]["availability"]
            .as_array_mut()
            .unwrap();
        slots.extend([again, recurs]);
    });
    assert_eq!(
        codes(&inventory),
        [ProblemCode::MixedFormats, ProblemCode::IdenticalSlot]
    );
    let mut problems = inventory.problems.iter().flat_map(|tally| &tally.first);
    let twin = problems
        .find(|problem| problem.code == ProblemCode::IdenticalSlot)
        .unwrap();
    assert_eq!(twin.record, "service_availability[0].availability[7]");
    let first = "the slot at 1893499200 stands at service_availability[0].availability[0], too";
    assert_eq!(twin.message, first);
    let tags: Vec<_> = inventory
        .slots
        .iter()
        .map(|slot| slot.availability_tag.as_deref())
        .collect();
    assert!(!tags.contains(&Some("again")));
}

#[test]
fn what_is_sold_by_the_ticket_is_ordered() {
    let price = |units: i64| json!({ "price_micros": units * 1_000_000, "currency_code": "USD" });
    let sold = |own: Value| {
        changed(|e| {
            e.service("svc-trim")["ticket_type"] = json!([
                { "ticket_type_id": "adult", "price": price(30), "per_ticket_fee": { "service_charge": price(2), "taxes": price(1) } },
                { "ticket_type_id": "child", "price": price(12) },
                { "ticket_type_id": "unpriced" },
            ]);
            e.slot("trm-0101-1200")["ticket_type_id"] = own;
        })
    };
    let tickets = |own: Value| {
        let inventory = sold(own);
        assert_eq!(codes(&inventory), [ProblemCode::TicketedSlot]);
        let slot = inventory
            .slots
            .into_iter()
            .find(|slot| slot.service_id == "svc-trim");
        let terms = slot.unwrap().terms;
        let of = |ticket: &domain::slot::Ticket| {
            let fee = ticket.fee.as_ref().map(|fee| fee.price_micros);
            (ticket.id.clone(), ticket.price.price_micros, fee)
        };
        terms.tickets.iter().map(of).collect::<Vec<_>>()
    };
    let adult = ("adult".to_owned(), 30_000_000, Some(3_000_000));
    let child = ("child".to_owned(), 12_000_000, None);
    assert_eq!(tickets(Value::Null), [adult.clone(), child.clone()]);
    assert_eq!(tickets(json!([])), [adult, child.clone()]);
    assert_eq!(tickets(json!(["child"])), [child]);
}
