#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]
use super::super::need::is_open;
use super::*;
use domain::slot::{ConfirmationMode, Deposit, Money, PaymentMode, PriceType, RefundStep, Resources, Terms};
use outcome::Verdict;
use scenario::{Length, Relation, RelationKind};

pub(super) const NOW: i64 = 1_893_456_000;

/// A slot that starts so many seconds from now.
pub(super) fn slot(merchant: &str, start_in: i64, deposit_cutoff: Option<i64>) -> Slot {
    let usd = |micros| Money {
        price_micros: micros,
        currency_code: "USD".into(),
    };
    let deposit = deposit_cutoff.map(|cutoff| Deposit {
        deposit: usd(5),
        min_advance_cancellation_sec: Some(cutoff),
        deposit_type: PriceType::FixedRateDefault,
    });
    let start_sec = NOW + start_in;
    let terms = Terms {
        price: Some(usd(100)),
        card_required: deposit.is_some(),
        deposit,
        online_cancel_until_sec: start_sec - 3600,
        bookable_until_sec: start_sec,
        ..Terms::default()
    };
    Slot {
        merchant_id: merchant.into(),
        service_id: "s".into(),
        start_sec,
        duration_sec: 1800,
        availability_tag: None,
        resources: Resources::default(),
        confirmation_mode: ConfirmationMode::Synchronous,
        spots_total: 1,
        spots_open: 1,
        terms,
    }
}

/// A scenario of one slot, which does nothing.
pub(super) fn scenario(id: &str, need: SlotNeed) -> Scenario {
    scenario_of(id, IndexMap::from([("slot".into(), need)]))
}

/// A scenario that needs these slots, and does nothing.
pub(super) fn scenario_of(id: &str, slots: IndexMap<String, SlotNeed>) -> Scenario {
    Scenario {
        id: id.into(),
        source: String::new(),
        title: String::new(),
        serves: Vec::new(),
        basic: None,
        slots,
        waitlist: None,
        page: 0,
        steps: Vec::new(),
    }
}

fn arrival() -> SlotNeed {
    SlotNeed {
        payment: Some(PaymentMode::Arrival),
        cancellable: true,
        ..SlotNeed::default()
    }
}

#[test]
fn scenarios_of_one_merchant_do_not_overlap() {
    let slots = [
        slot("a", 7200, None),
        slot("a", 8000, None),
        slot("a", 9000, None),
    ];
    let index = SlotIndex::new(&slots);
    let mut binder = Binder::new(&index, NOW, 1);
    let first = binder
        .bind(0, &scenario("x/1", arrival()), &Preference::new())
        .unwrap();
    let second = binder
        .bind(1, &scenario("x/2", arrival()), &Preference::new())
        .unwrap();
    assert!(first.after.is_empty() && second.after.is_empty());
    assert!(!overlap(&first.slots["slot"][0], &second.slots["slot"][0]));
}

#[test]
fn with_too_few_slots_they_run_one_after_the_other() {
    let slots = [slot("a", 7200, None)];
    let index = SlotIndex::new(&slots);
    let mut binder = Binder::new(&index, NOW, 1);
    binder
        .bind(0, &scenario("x/1", arrival()), &Preference::new())
        .unwrap();
    let second = binder
        .bind(1, &scenario("x/2", arrival()), &Preference::new())
        .unwrap();
    assert_eq!(second.after, [0]);
}

#[test]
fn cutoffs_are_kept_a_minute_clear() {
    let before = SlotNeed {
        payment: Some(PaymentMode::Deposit),
        more_than: Some(Length::DepositCutoff),
        cancellable: true,
        ..SlotNeed::default()
    };
    assert!(!is_open(&slot("a", 7200 + 30, Some(7200)), &before, NOW));
    assert!(is_open(&slot("a", 7200 + 61, Some(7200)), &before, NOW));
    let after = SlotNeed {
        more_than: Some(Length::OnlineCutoff),
        less_than: Some(Length::DepositCutoff),
        ..before
    };
    assert!(is_open(&slot("a", 7200, Some(7200 + 61)), &after, NOW));
    assert!(!is_open(&slot("a", 7200, Some(7200 + 59)), &after, NOW));
    assert!(
        !is_open(&slot("a", 3600 + 59, Some(86_400)), &after, NOW),
        "online cancelling closes too soon"
    );
}

#[test]
fn a_slot_may_close_for_cancelling_earlier_or_later_than_its_service() {
    let between = |more_than, less_than| SlotNeed {
        more_than: Some(more_than),
        less_than: Some(less_than),
        ..SlotNeed::default()
    };
    let later = between(Length::OnlineCutoff, Length::ServiceOnlineCutoff);
    let earlier = between(Length::ServiceOnlineCutoff, Length::OnlineCutoff);
    // Its own cutoff is an hour before the start.
    let of_service = |lead| {
        let mut slot = slot("a", 7200, None);
        slot.terms.service_cancel_lead_sec = lead;
        slot
    };
    assert!(is_open(&of_service(Some(7200 + 61)), &later, NOW));
    assert!(!is_open(&of_service(Some(7200 + 59)), &later, NOW));
    let mut closed = slot("a", 3500, None);
    closed.terms.service_cancel_lead_sec = Some(1800);
    assert!(is_open(&closed, &earlier, NOW) && !is_open(&closed, &later, NOW));
    for need in [later, earlier] {
        assert!(!is_open(&of_service(None), &need, NOW), "it says nothing itself");
    }
}

#[test]
fn an_unmet_need_says_what_the_feed_would_have_to_hold() {
    let slots = [slot("a", 7200, None)];
    let need = SlotNeed {
        payment: Some(PaymentMode::Prepayment),
        tax: Some(true),
        ..SlotNeed::default()
    };
    let index = SlotIndex::new(&slots);
    let unmet = Binder::new(&index, NOW, 1)
        .bind(0, &scenario("x/1", need), &Preference::new())
        .unwrap_err();
    assert_eq!(unmet.words, "the feeds have no slot with payment prepayment");
}

#[test]
fn an_accepted_snapshots_service_comes_first() {
    let slots = [
        slot("a", 7200, None),
        slot("b", 7200, None),
        slot("c", 7200, None),
    ];
    let index = SlotIndex::new(&slots);
    for wanted in ["a", "b", "c"] {
        let preference = Preference::from([("slot".to_owned(), (wanted.to_owned(), "s".to_owned()))]);
        let bound = Binder::new(&index, NOW, 1)
            .bind(0, &scenario("x/1", arrival()), &preference)
            .unwrap();
        assert_eq!(bound.slots["slot"][0].merchant_id, wanted);
    }
}

/// What a cancellation gives back must not depend on the hour of the run, and costs nobody anything where it can be so.
#[test]
fn a_prepaid_slot_that_gives_everything_back_comes_first() {
    let prepaid = |start_in| {
        let mut slot = slot("a", start_in, None);
        slot.terms.prepayment = true;
        slot.terms.refund_steps = vec![RefundStep {
            min_duration_before_start_time_sec: 86_400,
            refund_percent: 100,
        }];
        slot
    };
    let slots = [7200, 86_430, 90_000, 95_000].map(prepaid);
    let index = SlotIndex::new(&slots);
    let mut binder = Binder::new(&index, NOW, 1);
    let mut need = |number, name: &str| {
        let need = SlotNeed {
            payment: Some(PaymentMode::Prepayment),
            ..SlotNeed::default()
        };
        let bound = binder.bind(number, &scenario(name, need), &Preference::new());
        bound.unwrap().slots["slot"][0].start_sec - NOW
    };
    assert_eq!(
        [need(0, "x/1"), need(1, "x/2"), need(2, "x/3")],
        [90_000, 95_000, 7200]
    );
    let slots = [slot("a", 7200, Some(7300)), slot("a", 9000, Some(7300))];
    let index = SlotIndex::new(&slots);
    let need = SlotNeed {
        payment: Some(PaymentMode::Deposit),
        ..SlotNeed::default()
    };
    let bound = Binder::new(&index, NOW, 1).bind(0, &scenario("x/1", need), &Preference::new());
    assert_eq!(bound.unwrap().slots["slot"][0].start_sec - NOW, 9000);
}

fn of_staff(mut slot: Slot, staff: &str) -> Slot {
    slot.resources = Resources {
        staff_id: Some(staff.into()),
        ..Resources::default()
    };
    slot
}

/// What a slot is to the one called `slot`.
fn to_slot(kind: RelationKind) -> Vec<Relation> {
    vec![Relation {
        kind,
        slot: "slot".into(),
    }]
}

/// A scenario of two slots, the second of which is something to the first.
fn pair(first: SlotNeed, second: SlotNeed) -> Scenario {
    let mut both = scenario("x/1", first);
    both.slots.insert("second".into(), second);
    both
}

#[test]
fn a_neighbour_is_at_the_same_time_with_other_staff() {
    let slots = [
        slot("a", 7200, None),
        of_staff(slot("b", 7200, None), "ada"),
        of_staff(slot("b", 7200, None), "bo"),
    ];
    let beside = SlotNeed {
        relations: to_slot(RelationKind::Beside),
        ..arrival()
    };
    let index = SlotIndex::new(&slots);
    let bound = Binder::new(&index, NOW, 1)
        .bind(0, &pair(arrival(), beside), &Preference::new())
        .unwrap();
    let (first, second) = (&bound.slots["slot"][0], &bound.slots["second"][0]);
    assert_eq!(
        (first.merchant_id.as_str(), first.start_sec),
        ("b", second.start_sec)
    );
    assert_ne!(first.resources, second.resources);
    assert!(bound.after.is_empty());
}

#[test]
fn what_no_feed_offers_is_not_applicable() {
    let slots = [slot("a", 7200, None), slot("a", 90_000, None)];
    let verdict = |need: SlotNeed| {
        let index = SlotIndex::new(&slots);
        let bound = Binder::new(&index, NOW, 1).bind(0, &pair(arrival(), need), &Preference::new());
        bound.err().map(|unmet| unmet.verdict())
    };
    let beside = SlotNeed {
        relations: to_slot(RelationKind::Beside),
        ..arrival()
    };
    let service = SlotNeed {
        relations: to_slot(RelationKind::OtherServiceThan),
        ..arrival()
    };
    let day = SlotNeed {
        relations: to_slot(RelationKind::OtherDayThan),
        ..arrival()
    };
    let paid = SlotNeed {
        payment: Some(PaymentMode::Prepayment),
        ..arrival()
    };
    assert_eq!(verdict(beside), Some(Verdict::NotApplicable));
    assert_eq!(verdict(service), Some(Verdict::NotApplicable));
    assert_eq!(verdict(paid), Some(Verdict::NotApplicable));
    assert_eq!(verdict(day), None);
}

#[test]
fn a_slot_without_neighbours_comes_first() {
    let slots = [
        of_staff(slot("a", 7200, None), "ada"),
        of_staff(slot("a", 7200, None), "bo"),
        slot("b", 7200, None),
    ];
    let index = SlotIndex::new(&slots);
    let wanted = Preference::from([("slot".to_owned(), ("a".to_owned(), "s".to_owned()))]);
    let bound = Binder::new(&index, NOW, 1)
        .bind(0, &scenario("x/1", arrival()), &wanted)
        .unwrap();
    assert_eq!(bound.slots["slot"][0].merchant_id, "b");
}

/// Two slots of one name each, the second related to the first.
fn related(id: &str, second: SlotNeed) -> Scenario {
    let mut scenario = scenario(id, arrival());
    scenario.slots.insert("second".into(), second);
    scenario
}

#[test]
fn another_merchant_is_taken_where_there_is_one() {
    let elsewhere = SlotNeed {
        relations: to_slot(RelationKind::ElsewhereThan),
        ..arrival()
    };
    let merchants = |slots: &[Slot]| {
        let index = SlotIndex::new(slots);
        let scenario = related("x/1", elsewhere.clone());
        let bound = Binder::new(&index, NOW, 1)
            .bind(0, &scenario, &Preference::new())
            .unwrap();
        ["slot", "second"].map(|name| bound.slots[name][0].merchant_id.clone())
    };
    let [here, there] = merchants(&[
        slot("a", 7200, None),
        slot("a", 9000, None),
        slot("b", 7200, None),
    ]);
    assert_ne!(here, there);
    let [here, there] = merchants(&[slot("a", 7200, None), slot("a", 9000, None)]);
    assert_eq!(here, there);
}

#[test]
fn a_table_for_another_party_is_at_the_same_time() {
    let table = |start_in, party_size| {
        let mut table = slot("a", start_in, None);
        table.resources.party_size = Some(party_size);
        table
    };
    let slots = [
        slot("b", 7200, None),
        table(7200, 2),
        table(9000, 2),
        table(9000, 4),
    ];
    let other = SlotNeed {
        relations: to_slot(RelationKind::OtherPartyThan),
        ..arrival()
    };
    let index = SlotIndex::new(&slots);
    let scenario = related("x/1", other);
    let mut binder = Binder::new(&index, NOW, 1);
    let mut bound = binder.bind(0, &scenario, &Preference::new()).unwrap();
    binder.add_spares(0, &scenario, &mut bound);
    let [first, second] = ["slot", "second"].map(|name| &bound.slots[name]);
    assert_eq!((first.len(), second.len()), (1, 1));
    assert_eq!(first[0].start_sec, second[0].start_sec);
    assert_ne!(first[0].resources.party_size, second[0].resources.party_size);
}
