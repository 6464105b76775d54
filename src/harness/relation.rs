//! What the slots of one scenario are to each other: neighbours at one time, another service, another day.

use super::bind::{Candidate, fits};
use super::money;
use super::stock::{Kind, Stock};
use domain::slot::Slot;
use indexmap::IndexMap;
use scenario::{RelationKind, Scenario, SlotNeed};

const DAY_SEC: i64 = 86_400;

/// True when another slot of the service is at the same time.
pub(super) fn has_neighbours(stock: &Stock<'_>, slot: &Slot) -> bool {
    has_at_once(stock, slot, is_beside)
}

fn has_other_party(stock: &Stock<'_>, slot: &Slot) -> bool {
    has_at_once(stock, slot, is_for_another_party)
}

fn has_at_once(stock: &Stock<'_>, slot: &Slot, is: fn(&Slot, &Slot) -> bool) -> bool {
    let mut others = stock.of_service(slot).flat_map(|kind| at_once(kind, slot));
    others.any(|other| is(slot, other))
}

/// The slots of a kind that can be what a need asks for beside a slot.
pub(super) fn within_reach<'k, 's>(kind: &'k Kind<'s>, need: &SlotNeed, slot: &Slot) -> &'k [&'s Slot] {
    if need.has_relation(RelationKind::Beside) || need.has_relation(RelationKind::OtherPartyThan) {
        at_once(kind, slot)
    } else {
        &kind.slots
    }
}

/// The slots of a kind that start with another one.
fn at_once<'k, 's>(kind: &'k Kind<'s>, slot: &Slot) -> &'k [&'s Slot] {
    let first = kind
        .slots
        .partition_point(|other| other.start_sec < slot.start_sec);
    let end = kind
        .slots
        .partition_point(|other| other.start_sec <= slot.start_sec);
    &kind.slots[first..end]
}

/// True when the slot may stand at the time of the slot of that name, since the scenario asks for both at once.
pub(super) fn is_at_once_with(need: &SlotNeed, name: &str) -> bool {
    [
        need.related(RelationKind::Beside),
        need.related(RelationKind::OtherPartyThan),
    ]
    .into_iter()
    .any(|other| other == Some(name))
}

/// True when the slot is to those that are bound already what the need asks for.
pub(super) fn holds(need: &SlotNeed, bound: &IndexMap<&str, Candidate<'_>>, slot: &Slot) -> bool {
    let related = |other: Option<&str>, is: fn(&Slot, &Slot) -> bool| {
        let other = other.and_then(|other| bound.get(other));
        other.is_none_or(|(other, _)| is(other, slot))
    };
    related(need.related(RelationKind::Beside), is_beside)
        && related(need.related(RelationKind::OtherPartyThan), is_for_another_party)
        && related(need.related(RelationKind::OtherLengthThan), is_of_other_length)
        && related(need.related(RelationKind::OtherServiceThan), has_other_service)
        && related(need.related(RelationKind::OtherDayThan), is_on_another_day)
}

/// The needs that ask for something beside the slot of that name.
pub(super) fn following<'n>(
    scenario: &'n Scenario,
    name: &'n str,
) -> impl Iterator<Item = (&'n String, &'n SlotNeed)> {
    scenario.slots.iter().filter(move |(_, need)| {
        let others = [
            need.related(RelationKind::Beside),
            need.related(RelationKind::OtherPartyThan),
            need.related(RelationKind::OtherLengthThan),
            need.related(RelationKind::OtherServiceThan),
            need.related(RelationKind::OtherDayThan),
            need.related(RelationKind::SameServiceAs),
        ];
        others.into_iter().flatten().any(|other| other == name)
    })
}

/// True when `other` is to `slot` what the need asks for, whichever name it stands under.
pub(super) fn holds_between(need: &SlotNeed, slot: &Slot, other: &Slot) -> bool {
    (!need.has_relation(RelationKind::Beside) || is_beside(slot, other))
        && (!need.has_relation(RelationKind::OtherPartyThan) || is_for_another_party(slot, other))
        && (!need.has_relation(RelationKind::OtherLengthThan) || is_of_other_length(slot, other))
        && (!need.has_relation(RelationKind::OtherServiceThan) || has_other_service(slot, other))
        && (!need.has_relation(RelationKind::OtherDayThan) || is_on_another_day(slot, other))
        && (!need.has_relation(RelationKind::SameServiceAs) || slot.service_id == other.service_id)
}

/// True when the place of a slot follows from the place of another one.
pub(super) fn is_bound_by_place(scenario: &Scenario, name: &str) -> bool {
    let by_place = |need: &SlotNeed| {
        [
            need.related(RelationKind::Beside),
            need.related(RelationKind::OtherPartyThan),
            need.related(RelationKind::OtherDayThan),
        ]
        .iter()
        .any(Option::is_some)
    };
    scenario.slots.get(name).is_some_and(by_place)
        || following(scenario, name).any(|(_, need)| by_place(need))
}

/// True when the target has slots of this kind at some time or other.
pub(super) fn is_offered(scenario: &Scenario, stock: &Stock<'_>) -> bool {
    scenario.slots.values().all(|need| {
        stock.kinds.iter().any(|kind| {
            let slot = kind.slots[0];
            let mut kinds = stock.of_merchant(&slot.merchant_id);
            may_fit(stock, slot, need)
                && spots(need).is_none_or(|least| slot.spots_total >= least)
                && need.spots_at_most.is_none_or(|most| slot.spots_total <= most)
                && (!need.has_relation(RelationKind::Beside)
                    || kind.slots.iter().any(|slot| has_neighbours(stock, slot)))
                && (!need.has_relation(RelationKind::OtherPartyThan)
                    || kind.slots.iter().any(|slot| has_other_party(stock, slot)))
                && (!need.has_relation(RelationKind::OtherLengthThan)
                    || stock
                        .of_merchant(&slot.merchant_id)
                        .any(|other| is_of_other_length(slot, other.slots[0])))
                && (!need.has_relation(RelationKind::OtherServiceThan)
                    || kinds.any(|other| has_other_service(slot, other.slots[0])))
        })
    })
}

/// A way of paying that no slot has is declared and not offered: that is no reason to leave it out.
fn may_fit(stock: &Stock<'_>, slot: &Slot, need: &SlotNeed) -> bool {
    let resources = |named| named != slot.resources.is_empty();
    if stock.kinds.iter().any(|kind| money::pays(kind.slots[0], need)) {
        fits(slot, need)
    } else {
        need.resources.is_none_or(resources)
    }
}

fn spots(need: &SlotNeed) -> Option<i64> {
    need.spots_exactly.max(need.spots_at_least)
}

/// What the feed would have to hold.
pub(super) fn words(need: &SlotNeed) -> Vec<String> {
    let mut words = Vec::new();
    words.extend(need.untouched.then(|| "all its spots open".to_owned()));
    words.extend(need.resources.map(|named| {
        let which = if named { "with" } else { "without" };
        format!("{which} staff, room or party size")
    }));
    let relations = [
        (
            need.related(RelationKind::Beside),
            "at the same time as",
            ", with other staff, room or party size",
        ),
        (
            need.related(RelationKind::OtherPartyThan),
            "like",
            ", but for the party size",
        ),
        (
            need.related(RelationKind::OtherLengthThan),
            "of the service of",
            ", but for its length",
        ),
        (
            need.related(RelationKind::OtherServiceThan),
            "of another service than",
            "",
        ),
        (
            need.related(RelationKind::OtherDayThan),
            "on another day than",
            "",
        ),
    ];
    let related = relations
        .into_iter()
        .filter_map(|(other, before, after)| Some(format!("{before} `{}`{after}", other?)));
    words.extend(related);
    words
}

fn is_beside(one: &Slot, other: &Slot) -> bool {
    one.merchant_id == other.merchant_id
        && one.service_id == other.service_id
        && one.start_sec == other.start_sec
        && one.duration_sec == other.duration_sec
        && one.resources != other.resources
        && named(one) == named(other)
}

fn is_for_another_party(one: &Slot, other: &Slot) -> bool {
    let (mine, theirs) = (&one.resources, &other.resources);
    is_beside(one, other)
        && mine.party_size != theirs.party_size
        && mine.staff_id == theirs.staff_id
        && mine.room_id == theirs.room_id
}

/// Which of staff, room and party size the feed names.
fn named(slot: &Slot) -> [bool; 3] {
    let resources = &slot.resources;
    [
        resources.staff_id.is_some(),
        resources.room_id.is_some(),
        resources.party_size.is_some(),
    ]
}

fn is_of_other_length(one: &Slot, other: &Slot) -> bool {
    one.merchant_id == other.merchant_id
        && one.service_id == other.service_id
        && one.duration_sec != other.duration_sec
}

fn has_other_service(one: &Slot, other: &Slot) -> bool {
    one.merchant_id == other.merchant_id && one.service_id != other.service_id
}

fn is_on_another_day(one: &Slot, other: &Slot) -> bool {
    one.merchant_id == other.merchant_id
        && one.start_sec.div_euclid(DAY_SEC) != other.start_sec.div_euclid(DAY_SEC)
}
