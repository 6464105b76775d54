//! Which kind of slot is bound where a scenario leaves it open, and why none is.
#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use super::super::unmet::Want;
use super::tests::{NOW, scenario, slot};
use super::*;
use domain::slot::PaymentMode;
use outcome::Verdict;
use scenario::Length;

fn prepaid(mut slot: Slot) -> Slot {
    slot.terms.prepayment = true;
    slot.terms.card_required = true;
    slot
}

fn bound_merchant(slots: &[Slot], need: &SlotNeed, preference: &Preference) -> String {
    let index = SlotIndex::new(slots);
    let mut binder = Binder::new(&index, NOW, 1);
    let bound = binder.bind(0, &scenario("x/1", need.clone()), preference);
    bound.unwrap().slots["slot"][0].merchant_id.clone()
}

#[test]
fn the_plainest_slot_is_taken_where_a_scenario_leaves_its_kind_open() {
    let mut class = slot("class", 7200, None);
    (class.spots_total, class.spots_open) = (9, 9);
    let paid = prepaid(slot("paid", 7200, None));
    let open = SlotNeed::default();
    let none = Preference::new();
    let plainest = [paid.clone(), class.clone(), slot("plain", 7200, None)];
    assert_eq!(bound_merchant(&plainest, &open, &none), "plain");
    assert_eq!(bound_merchant(&plainest[..2], &open, &none), "class");
    assert_eq!(bound_merchant(&plainest[..1], &open, &none), "paid");
    let several = SlotNeed {
        spots_preferably: Some(2),
        ..SlotNeed::default()
    };
    assert_eq!(bound_merchant(&plainest, &several, &none), "class");
    assert_eq!(bound_merchant(&plainest[..1], &several, &none), "paid");
    // What was booked when the snapshot was accepted is booked again.
    let before = Preference::from([("slot".to_owned(), ("paid".to_owned(), "s".to_owned()))]);
    assert_eq!(bound_merchant(&plainest, &open, &before), "paid");
}

#[test]
fn what_only_the_hour_forbids_is_told_from_what_never_is() {
    let why = |slots: &[Slot], need: SlotNeed| {
        let index = SlotIndex::new(slots);
        let bound = Binder::new(&index, NOW, 1).bind(0, &scenario("x/1", need), &Preference::new());
        bound.err().map(|unmet| (unmet.why, unmet.words))
    };
    let soon = || SlotNeed {
        less_than: Some(Length::Fixed(std::time::Duration::from_secs(120))),
        ..SlotNeed::default()
    };
    let hourly = [slot("a", 7200, None)];
    let words = "no slot can be booked now with a start in less than 120 s".to_owned();
    assert_eq!(why(&hourly, soon()), Some((Want::NotNow, words)));
    let mut ahead = slot("a", 7200, None);
    ahead.terms.bookable_until_sec = ahead.start_sec - 1800;
    let words = "the feeds have no slot with a start in less than 120 s".to_owned();
    assert_eq!(why(&[ahead], soon()), Some((Want::Never, words)));
    let between = SlotNeed {
        payment: Some(PaymentMode::Deposit),
        more_than: Some(Length::OnlineCutoff),
        less_than: Some(Length::DepositCutoff),
        cancellable: true,
        ..SlotNeed::default()
    };
    let late = why(&[slot("a", 90_000, Some(7200))], between.clone());
    assert_eq!(late.unwrap().0, Want::NotNow);
    let never = why(&[slot("a", 90_000, Some(3600))], between);
    assert_eq!(never.unwrap().0, Want::Never);
    let single = SlotNeed {
        payment: Some(PaymentMode::Arrival),
        spots_exactly: Some(2),
        ..SlotNeed::default()
    };
    let words = "the feeds have no slot with exactly 2 spots".to_owned();
    assert_eq!(why(&hourly, single), Some((Want::Never, words)));
}

#[test]
fn what_the_config_promises_and_no_feed_has_is_to_be_settled() {
    let slots = [slot("a", 7200, None)];
    let need = SlotNeed {
        payment: Some(PaymentMode::Prepayment),
        ..SlotNeed::default()
    };
    let index = SlotIndex::new(&slots);
    let promises = std::collections::BTreeSet::from([domain::Capability::Prepayment]);
    let mut binder = Binder::new(&index, NOW, 1).promising(promises);
    let unmet = binder
        .bind(0, &scenario("x/1", need), &Preference::new())
        .unwrap_err();
    assert_eq!(
        (unmet.why, unmet.verdict()),
        (Want::Promised, Verdict::NotTestable)
    );
    assert!(
        unmet
            .words
            .ends_with(": add such slots, or `prepayment = false` under [capabilities]")
    );
}
