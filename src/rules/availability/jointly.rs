//! BS-BAL-07, BS-BAL-08, BS-BAL-09

use super::{entry_of, is_available, pairs};
use crate::verdicts::Proof;
use crate::{Case, Rule, Scope, Verdicts};
use catalogue::RequirementId;
use protocol::int64;
use scenario::matcher;
use serde_json::Value;
use transcript::Exchange;

const DAYS: RequirementId = RequirementId::declared("BS-BAL-07");
const SERVICES: RequirementId = RequirementId::declared("BS-BAL-08");
const NEIGHBOURS: RequirementId = RequirementId::declared("BS-BAL-09");

pub(crate) static RULE: Rule = Rule {
    name: "availability/jointly",
    requirements: &[DAYS, SERVICES, NEIGHBOURS],
    manual: "A slot that was looked up alone, and again together with others while nothing happened in between, must be \
             answered alike. Where it is not, the slot's company says what went wrong: one at the same time with other \
             staff, room or party size, one of another service, or only ones at other times. Nothing is claimed where the same \
             slots were answered together as alone just before: then the slot has changed, and not its company.",
    scope: Scope::Scenario(judge),
};

fn judge(case: &Case<'_>, verdicts: &mut Verdicts) {
    let all: Vec<Exchange<'_>> = case.transcript.exchanges().collect();
    for joint in case.answers() {
        let Some((asked, entries)) = pairs(&joint).filter(|(asked, _)| asked.len() > 1) else {
            continue;
        };
        for slot in asked {
            let alone = all
                .iter()
                .filter_map(|other| availability_alone(case, &joint, other, slot))
                .next_back();
            let (Some(alone), Some((place, entry))) = (alone, entry_of(slot, entries)) else {
                continue;
            };
            let Some(requirement) = company(slot, asked) else {
                continue;
            };
            if is_available(entry) == alone {
                verdicts.pass(requirement);
                continue;
            }
            let before = all.iter().take_while(|other| other.entry < joint.entry);
            let before = before.filter(|other| case.is_undisturbed(other, &joint));
            if before
                .filter_map(|other| answer_to_same(&joint, other, slot))
                .any(|said| said == alone)
            {
                continue;
            }
            let pointer = format!("/slot_time_availability/{place}/available");
            let proof = Proof::at(joint.entry, pointer).expected(alone).actual(!alone);
            verdicts.fail(requirement, proof, words(requirement));
        }
    }
}

/// What a look-up of this slot alone said before, if nothing happened since.
fn availability_alone(
    case: &Case<'_>,
    joint: &Exchange<'_>,
    other: &Exchange<'_>,
    slot: &Value,
) -> Option<bool> {
    // What costs least is asked first: a page of hundreds of slots is compared with every look-up of its scenario.
    let (_, entries) = pairs(other).filter(|(asked, _)| matches!(asked, [only] if only == slot))?;
    let same_merchant = other.request_value("/merchant_id") == joint.request_value("/merchant_id");
    (same_merchant && case.is_undisturbed(other, joint)).then(|| is_available(&entries[0]))
}

/// What a look-up of the very same slots said of this one.
fn answer_to_same(joint: &Exchange<'_>, other: &Exchange<'_>, slot: &Value) -> Option<bool> {
    let same = |place| other.request_value(place) == joint.request_value(place);
    let (_, entries) = pairs(other).filter(|_| same("/merchant_id") && same("/slot_time"))?;
    entry_of(slot, entries).map(|(_, entry)| is_available(entry))
}

/// The requirement that applies to a slot beside the others of its look-up.
fn company(slot: &Value, asked: &[Value]) -> Option<RequirementId> {
    let at = |one: &Value| one.get("start_sec").and_then(int64::read);
    let same = |one: &Value, name: &str| matcher::equal(&slot[name], one.get(name));
    let others = || asked.iter().filter(|one| *one != slot);
    match () {
        () if others().any(|one| at(one) == at(slot) && same(one, "service_id")) => Some(NEIGHBOURS),
        () if others().any(|one| !same(one, "service_id")) => Some(SERVICES),
        () if others().next().is_some() => Some(DAYS),
        () => None,
    }
}

fn words(requirement: RequirementId) -> &'static str {
    match requirement {
        NEIGHBOURS => {
            "beside another slot at the same time a slot is answered otherwise than alone: their `resource_ids` are not \
             told apart"
        }
        SERVICES => "beside slots of another service a slot is answered otherwise than alone",
        _ => "beside slots at other times or on other days a slot is answered otherwise than alone",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Story, StoryVerdict, booking};
    use protocol::Method;
    use serde_json::json;

    fn slot(service: &str, start: i64, staff: &str) -> Value {
        json!({ "service_id": service, "start_sec": start.to_string(), "resource_ids": { "staff_id": staff } })
    }

    fn look(story: Story, slots: &[(&Value, bool)]) -> Story {
        let asked: Vec<_> = slots.iter().map(|(slot, _)| *slot).collect();
        let entry = |(slot, available): &(&Value, bool)| json!({ "slot_time": slot, "available": available });
        let entries: Vec<Value> = slots.iter().map(entry).collect();
        let request = json!({ "merchant_id": "salon", "slot_time": asked });
        let answer = json!({ "slot_time_availability": entries });
        story.call(Method::BatchAvailabilityLookup, request, 200, answer)
    }

    fn beside(other: &Value, available: bool) -> StoryVerdict {
        let mine = slot("cut", 100, "ada");
        let story = look(Story::arrival(), &[(&mine, true)]);
        look(story, &[(&mine, available), (other, false)]).judge(&RULE)
    }

    #[test]
    fn the_same_answer_alone_and_together_passes() {
        beside(&slot("cut", 100, "bo"), true).passes(NEIGHBOURS);
        beside(&slot("color", 100, "ada"), true).passes(SERVICES);
        beside(&slot("cut", 90_000, "ada"), true).passes(DAYS);
    }

    #[test]
    fn another_answer_is_found_as_what_its_company_makes_it() {
        beside(&slot("cut", 100, "bo"), false).fails(NEIGHBOURS);
        beside(&slot("color", 100, "ada"), false).fails(SERVICES);
        beside(&slot("cut", 90_000, "ada"), false).fails(DAYS);
    }

    /// Somebody else may have booked it, or each look holds a place: its company is not the cause.
    #[test]
    fn what_was_answered_alike_before_has_changed_since() {
        let (mine, other) = (slot("cut", 100, "ada"), slot("cut", 100, "bo"));
        let story = look(Story::arrival(), &[(&mine, true)]);
        let story = look(story, &[(&mine, true), (&other, true)]);
        look(story, &[(&mine, false), (&other, true)])
            .judge(&RULE)
            .passes(NEIGHBOURS);
    }

    #[test]
    fn a_booking_in_between_may_change_everything() {
        let (mine, other) = (slot("cut", 100, "ada"), slot("cut", 100, "bo"));
        let story = look(Story::arrival(), &[(&mine, true)]).create(booking());
        look(story, &[(&mine, false), (&other, true)])
            .judge(&RULE)
            .says_nothing();
    }
}
