//! INV-01

use crate::verdicts::Proof;
use crate::{Case, InventoryUpdate, PartnerCall, Rule, Run, Scope, Verdicts, reading};
use catalogue::RequirementId;
use domain::Capability;
use protocol::{int64, time};
use serde_json::Value;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use transcript::{Fact, Notification};

const SENT: RequirementId = RequirementId::declared("INV-01");
/// So many booked times at least have to lie as far from what is named.
const SEVERAL: usize = 3;
/// No two time zones are farther apart.
const FARTHEST_SEC: i64 = 26 * 3600;

pub(crate) static RULE: Rule = Rule {
    name: "run/shifted",
    requirements: &[SENT],
    manual: "Inventory updates must name the slots that were booked. Where they say of times that no feed has that places are taken, all of \
             them as far from a booked time, and name no booked time for itself, no slot of Google's is told to be taken. Judged for services of \
             which every slot of the feeds is kept, and for three times at least; a slot that is new since the export may be named.",
    scope: Scope::Run(judge),
};

/// Merchant and service.
type Service<'r> = (&'r str, &'r str);

/// The start of a slot in an update of which somebody has taken a place.
struct Named<'r> {
    service: Service<'r>,
    start_sec: i64,
    /// As it was written.
    text: &'r str,
}

/// What one distance explains.
#[derive(Default)]
struct Distance<'r> {
    booked: BTreeSet<i64>,
    example: Option<(i64, &'r str)>,
}

fn judge(run: &Run<'_>, verdicts: &mut Verdicts) {
    if !run.cases.iter().any(|case| case.can(Capability::AvailabilityRtu)) {
        return;
    }
    let booked = booked(run);
    let named: Vec<Named<'_>> = accepted(run).flat_map(|update| taken(&update)).collect();
    let mut distances: BTreeMap<i64, Distance<'_>> = BTreeMap::new();
    for one in named.iter().filter(|one| is_unknown(run, one)) {
        for (_, start_sec) in booked.iter().filter(|(service, _)| *service == one.service) {
            let distance = distances.entry(one.start_sec - start_sec).or_default();
            distance.booked.insert(*start_sec);
            distance.example.get_or_insert((*start_sec, one.text));
        }
    }
    let bound = bound(run);
    // A booked slot that is named, while nothing was done to the one so far from it, is named for itself.
    let explains = |apart: i64| {
        let mut booked_ones = named
            .iter()
            .filter(|one| booked.contains(&(one.service, one.start_sec)));
        booked_ones.all(|one| bound.contains(&(one.service, one.start_sec - apart)))
    };
    let most = distances
        .iter()
        .filter(|(apart, _)| (1..=FARTHEST_SEC).contains(&apart.abs()))
        .filter(|(apart, distance)| distance.booked.len() >= SEVERAL && explains(**apart))
        .max_by_key(|(apart, distance)| (distance.booked.len(), Reverse(apart.abs())));
    if let Some((apart, distance)) = most
        && let Some((start_sec, text)) = distance.example
    {
        tell(*apart, start_sec, (text, distance.booked.len()), verdicts);
    }
}

fn tell(apart: i64, start_sec: i64, (text, times): (&str, usize), verdicts: &mut Verdicts) {
    let side = if apart > 0 { "after" } else { "before" };
    let guess = if apart % 900 == 0 {
        "; perhaps they are written in another time zone"
    } else {
        ""
    };
    let due = time::seconds_to_timestamp(start_sec).unwrap_or_default();
    let length = match apart.abs() {
        sec if sec % 60 == 0 => format!("{} minutes", sec / 60),
        1 => "1 second".to_owned(),
        sec => format!("{sec} seconds"),
    };
    let message = format!(
        "of a booking at {due} an inventory update says that a place at {text} is taken, a time that no feed has; {times} such times lie \
         {length} {side} booked ones{guess}"
    );
    verdicts.fail(SENT, Proof::default().expected(due).actual(text), message);
}

/// The inventory updates that Google's API stored.
fn accepted<'r>(run: &Run<'r>) -> impl Iterator<Item = InventoryUpdate<'r>> {
    let claimed = run.cases.iter().flat_map(Case::partner_calls);
    let claimed = claimed
        .filter(PartnerCall::is_accepted)
        .map(|call| call.notification);
    let others = run
        .orphans
        .iter()
        .filter(|orphan| Notification::is_stored(orphan));
    claimed.chain(others).filter_map(InventoryUpdate::of_unclaimed)
}

/// The slots that bookings of ours took, of services that are judged.
fn booked<'r>(run: &Run<'r>) -> BTreeSet<(Service<'r>, i64)> {
    let made = run.cases.iter().flat_map(|case| {
        let all = case.bookings().into_iter();
        all.filter_map(|(_, made)| case.slot_of(&made))
            .collect::<Vec<_>>()
    });
    made.filter(|slot| is_whole(run, &slot.merchant_id, &slot.service_id))
        .map(|slot| {
            (
                (slot.merchant_id.as_str(), slot.service_id.as_str()),
                slot.start_sec,
            )
        })
        .collect()
}

/// Every slot that scenarios may have booked, moved a booking to or had closed.
fn bound<'r>(run: &Run<'r>) -> BTreeSet<(Service<'r>, i64)> {
    let entries = run.cases.iter().flat_map(|case| &case.transcript.entries);
    let slots = entries.flat_map(|entry| match &entry.fact {
        Fact::Bound(bound) => bound.slots.values().collect(),
        Fact::Rebound(replaced) => vec![&replaced.slot],
        _ => Vec::new(),
    });
    slots
        .map(|slot| {
            (
                (slot.merchant_id.as_str(), slot.service_id.as_str()),
                slot.start_sec,
            )
        })
        .collect()
}

fn is_whole(run: &Run<'_>, merchant: &str, service: &str) -> bool {
    run.whole.contains(&(merchant.to_owned(), service.to_owned()))
}

fn is_unknown(run: &Run<'_>, named: &Named<'_>) -> bool {
    let (merchant, service) = named.service;
    let is_it = |slot: &&domain::slot::Slot| slot.merchant_id == merchant && slot.service_id == service;
    let mut its = run.slots.iter().filter(is_it);
    is_whole(run, merchant, service) && its.all(|slot| slot.start_sec != named.start_sec)
}

/// Every slot that an update lists, with its service.
fn slots<'r>(update: &InventoryUpdate<'r>) -> Vec<(Service<'r>, &'r Value)> {
    let of_entry = |(_, entry): (String, &'r Value)| {
        let service = update.merchant_of(entry).zip(update.service_of(entry));
        let list = entry.get("availability").and_then(Value::as_array);
        let slots = list.into_iter().flatten();
        slots
            .filter_map(move |slot| Some((service?, slot)))
            .collect::<Vec<_>>()
    };
    update.entries().into_iter().flat_map(of_entry).collect()
}

fn start(slot: &Value) -> Option<i64> {
    time::timestamp_to_seconds(reading::text(slot, "/startTime")?).ok()
}

/// Those of which not every place is open.
fn taken<'r>(update: &InventoryUpdate<'r>) -> Vec<Named<'r>> {
    let number = |slot: &Value, pointer: &str| int64::read(reading::set(slot, pointer)?);
    let read = |(service, slot): (Service<'r>, &'r Value)| {
        let open = number(slot, "/spotsOpen").unwrap_or(0);
        let is_taken = number(slot, "/spotsTotal").is_some_and(|total| open < total);
        let named = Named {
            service,
            start_sec: start(slot)?,
            text: reading::text(slot, "/startTime")?,
        };
        is_taken.then_some(named)
    };
    slots(update).into_iter().filter_map(read).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{START, Story, StoryVerdict, booking, inventory_update, run_of};
    use serde_json::json;

    const HOUR: i64 = 3600;

    /// Bookings at these times, each followed by an update of a slot so much later.
    fn story(number: i64, apart: i64, open: &str) -> Story {
        let story = Story::arrival().with_id(&format!("a/{number}"));
        let start = START + number * 24 * HOUR;
        let named = time::seconds_to_timestamp(start + apart).unwrap_or_default();
        let slot = json!({ "startTime": named, "duration": "1800s", "spotsTotal": "4", "spotsOpen": open });
        let story = story.slot(|slot| (slot.start_sec, slot.spots_total, slot.spots_open) = (start, 4, 4));
        let update = inventory_update(start + apart, json!({ "availability": [slot] }));
        story.create(booking()).orphan(update)
    }

    fn judged(stories: &[Story], whole: bool, also: &[i64]) -> StoryVerdict {
        let cases: Vec<_> = stories.iter().map(Story::case).collect();
        let orphans: Vec<Notification> = cases.iter().flat_map(|case| case.orphans.to_vec()).collect();
        let mut slots: Vec<_> = cases
            .iter()
            .filter_map(|case| case.transcript.slot("slot").cloned())
            .collect();
        let more: Vec<_> = also
            .iter()
            .map(|start_sec| domain::slot::Slot {
                start_sec: *start_sec,
                ..slots[0].clone()
            })
            .collect();
        slots.extend(more);
        let service = ("salon".to_owned(), "cut".to_owned());
        let run = Run {
            orphans: &orphans,
            slots: &slots,
            whole: &whole.then_some(service).into_iter().collect(),
            ..run_of(&cases)
        };
        let mut verdicts = Verdicts::default();
        judge(&run, &mut verdicts);
        let (findings, judged) = verdicts.conclude();
        StoryVerdict(crate::Judgement { findings, judged })
    }

    fn all(apart: i64, open: &str) -> Vec<Story> {
        (1..=3).map(|number| story(number, apart, open)).collect()
    }

    #[test]
    fn times_of_another_zone_are_found() {
        let found = judged(&all(2 * HOUR, "3"), true, &[]).fails(SENT);
        let words = "3 such times lie 120 minutes after booked ones";
        assert!(found.message.contains(words), "{}", found.message);
    }

    #[test]
    fn the_shortest_distance_that_explains_all_is_told() {
        let found = judged(&all(1, "3"), true, &[]).fails(SENT);
        let words = "3 such times lie 1 second after booked ones";
        assert!(found.message.ends_with(words), "{}", found.message);
    }

    #[test]
    fn the_slots_that_were_booked_are_right() {
        judged(&all(0, "3"), true, &[]).says_nothing();
        let mut stories = all(2 * HOUR, "3");
        stories.push(story(4, 0, "3"));
        judged(&stories, true, &[]).says_nothing();
    }

    #[test]
    fn slots_that_are_new_or_known_are_left_alone() {
        judged(&all(2 * HOUR, "4"), true, &[]).says_nothing();
        let known: Vec<i64> = (1..=3).map(|number| START + (number * 24 + 2) * HOUR).collect();
        judged(&all(2 * HOUR, "3"), true, &known).says_nothing();
        judged(&all(2 * HOUR, "3")[..2], true, &[]).says_nothing();
    }

    #[test]
    fn of_a_feed_that_is_kept_in_part_nothing_is_said() {
        judged(&all(2 * HOUR, "3"), false, &[]).says_nothing();
    }
}
