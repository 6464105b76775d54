//! What the slots of one scenario are to each other: neighbours at one time, another service, another day.

use super::index::SlotIndex;
use super::need;
use domain::slot::Slot;
use scenario::{RelationKind, Scenario, SlotNeed};

const DAY_SEC: i64 = 86_400;

/// True when two slots of one merchant are this to each other.
fn is_between(kind: RelationKind, one: &Slot, other: &Slot) -> bool {
    match kind {
        RelationKind::SameServiceAs => one.service_id == other.service_id,
        RelationKind::Beside => is_beside(one, other),
        RelationKind::OtherPartyThan => is_for_another_party(one, other),
        RelationKind::OtherLengthThan => is_of_other_length(one, other),
        RelationKind::OtherServiceThan => has_other_service(one, other),
        RelationKind::OtherDayThan => is_on_another_day(one, other),
        RelationKind::ElsewhereThan => true,
    }
}

/// The relations that a need asks for, each with the name of the other slot. To be elsewhere is a preference, and left out.
pub(super) fn relations(need: &SlotNeed) -> impl Iterator<Item = (RelationKind, &str)> {
    let asked = need.relations.iter();
    let binding = asked.filter(|relation| relation.kind != RelationKind::ElsewhereThan);
    binding.map(|relation| (relation.kind, relation.slot.as_str()))
}

/// The need with its relations, but for the names of the other slots: what slots meet it does not depend on them.
pub(super) fn without_names(need: &SlotNeed) -> SlotNeed {
    let mut need = need.clone();
    for relation in &mut need.relations {
        relation.slot.clear();
    }
    need
}

/// True when another slot of the service is at the same time.
pub(super) fn has_neighbours(index: &SlotIndex<'_>, position: usize) -> bool {
    has_at_once(index, position, RelationKind::Beside)
}

fn has_at_once(index: &SlotIndex<'_>, position: usize, relation: RelationKind) -> bool {
    let slot = index.slot(position);
    let mut others = index.at_once(position).iter();
    others.any(|other| is_between(relation, slot, index.slot(*other)))
}

/// True when the slot may stand at the time of the slot of that name, since the scenario asks for both at once.
pub(super) fn is_at_once_with(need: &SlotNeed, name: &str) -> bool {
    relations(need).any(|(relation, other)| relation.is_at_once() && other == name)
}

/// The needs that ask for something beside the slot of that name.
pub(super) fn following<'n>(scenario: &'n Scenario, name: &'n str) -> impl Iterator<Item = &'n SlotNeed> {
    let needs = scenario.slots.values();
    needs.filter(move |need| relations(need).any(|(_, other)| other == name))
}

/// True when `other` is to `slot` what the need asks for, whichever name it stands under.
pub(super) fn holds_between(need: &SlotNeed, slot: &Slot, other: &Slot) -> bool {
    slot.merchant_id == other.merchant_id
        && relations(need).all(|(relation, _)| is_between(relation, slot, other))
}

/// True when the slot is to another one, which the need names, what the need asks for. That both are of one kind is seen to
/// where kinds are chosen.
pub(super) fn holds_with(need: &SlotNeed, name: &str, other: &Slot, slot: &Slot) -> bool {
    let mut named = relations(need)
        .filter(|(relation, other)| *other == name && *relation != RelationKind::SameServiceAs);
    named.all(|(relation, _)| is_between(relation, other, slot))
}

/// True when the place of a slot follows from the place of another one.
pub(super) fn is_bound_by_place(scenario: &Scenario, name: &str) -> bool {
    let by_place = |need: &SlotNeed| relations(need).any(|(relation, _)| relation.binds_place());
    scenario.slots.get(name).is_some_and(by_place) || following(scenario, name).any(by_place)
}

/// True when the target has slots for this need at some time or other.
pub(super) fn is_offered(need: &SlotNeed, index: &SlotIndex<'_>) -> bool {
    let has_terms = |group: &usize| need::has_terms(index.sample(*group), need);
    let mut fitting = index
        .profiles()
        .filter(|(_, groups)| groups.first().is_some_and(has_terms))
        .flat_map(|(_, groups)| groups.iter().copied());
    fitting.any(|group| {
        need::is_ever_open(index.sample(group), need)
            && relations(need).all(|(relation, _)| occurs(relation, group, index))
    })
}

/// What of a need the feeds never have: the one thing that is missing, or all where only their combination is.
pub(super) fn never_offered(need: &SlotNeed, index: &SlotIndex<'_>) -> Option<SlotNeed> {
    if is_offered(need, index) {
        return None;
    }
    let mut parts = need::parts(need).into_iter();
    let missing = parts.find(|part| !is_offered(part, index));
    Some(missing.unwrap_or_else(|| need.clone()))
}

/// True when a slot of the group has another one that is this to it, at some time or other.
fn occurs(relation: RelationKind, group: usize, index: &SlotIndex<'_>) -> bool {
    let slot = index.sample(group);
    match relation {
        RelationKind::SameServiceAs | RelationKind::OtherDayThan | RelationKind::ElsewhereThan => true,
        RelationKind::Beside | RelationKind::OtherPartyThan => {
            let mut positions = index.groups[group].positions.clone();
            positions.any(|at| has_at_once(index, at, relation))
        }
        RelationKind::OtherLengthThan => {
            let mut groups = index.service(group).groups.iter();
            groups.any(|other| is_of_other_length(slot, index.sample(*other)))
        }
        RelationKind::OtherServiceThan => index.has_several_services(group),
    }
}

/// What the feed would have to hold.
pub(super) fn words(need: &SlotNeed) -> Vec<String> {
    let mut words = Vec::new();
    words.extend(need.untouched.then(|| "all its spots open".to_owned()));
    words.extend(need.resources.map(|named| {
        let which = if named { "" } else { "no " };
        format!("{which}staff, room or party size")
    }));
    words.extend(relations(need).filter_map(|(kind, _)| Some(phrase(kind)?.to_owned())));
    words
}

fn phrase(kind: RelationKind) -> Option<&'static str> {
    match kind {
        RelationKind::Beside => Some("another one at the same time, with other staff, room or party size"),
        RelationKind::OtherPartyThan => Some("another one that differs in its party size alone"),
        RelationKind::OtherLengthThan => Some("a longer or shorter one of the same service"),
        RelationKind::OtherServiceThan => Some("one of another service of the same merchant"),
        RelationKind::OtherDayThan => Some("one of the same service on another day"),
        RelationKind::SameServiceAs | RelationKind::ElsewhereThan => None,
    }
}

fn is_beside(one: &Slot, other: &Slot) -> bool {
    one.merchant_id == other.merchant_id
        && one.service_id == other.service_id
        && one.start_sec == other.start_sec
        && one.duration_sec == other.duration_sec
        && one.resources != other.resources
        && named_resources(one) == named_resources(other)
}

fn is_for_another_party(one: &Slot, other: &Slot) -> bool {
    let (mine, theirs) = (&one.resources, &other.resources);
    is_beside(one, other)
        && mine.party_size != theirs.party_size
        && mine.staff_id == theirs.staff_id
        && mine.room_id == theirs.room_id
}

/// Which of staff, room and party size the feed names.
fn named_resources(slot: &Slot) -> [bool; 3] {
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
    one.merchant_id == other.merchant_id && day(one) != day(other)
}

/// The number of the day on which a slot starts.
fn day(slot: &Slot) -> i64 {
    slot.start_sec.div_euclid(DAY_SEC)
}
