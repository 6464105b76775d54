//! INV-14

use super::updates::{FeedSlots, ListedSlot, in_run};
use crate::verdicts::Proof;
use crate::{Rule, Run, Scope, Verdicts, reading};
use catalogue::RequirementId;
use domain::slot::Slot;
use protocol::int64;
use std::collections::{BTreeMap, BTreeSet};

const WINDOW: RequirementId = RequirementId::declared("INV-14");

/// Of one start a table may have been put up and another one away.
const SEVERAL: usize = 2;

pub(crate) static RULE: Rule = Rule {
    name: "inventory/party-sizes",
    requirements: &[WINDOW],
    manual: "An inventory update is the complete list of its window. Found where updates of a service, at two starts at least, list a party \
             size that no slot of the service has in the feed and leave out one that the feed has then: Google deletes the slot for that party. \
             Judged for services of which every slot of the feeds is kept; a size that is new may be listed beside the others.",
    scope: Scope::Run(judge),
};

/// By start: a size that the feed does not have, one that it has, and where the first stands.
type OddStarts = BTreeMap<i64, (i64, i64, Proof)>;

fn judge(run: &Run<'_>, verdicts: &mut Verdicts) {
    let updates = in_run(run);
    let feed = FeedSlots::of(run, &updates);
    let sizes = sizes_of_services(run);
    let mut odd: BTreeMap<(&str, &str), OddStarts> = BTreeMap::new();
    for update in &updates {
        let listed = update.slots();
        for slot in listed.iter().filter(|slot| is_whole(run, slot)) {
            let service = (slot.merchant, slot.service);
            let size = size(slot);
            let is_known = |size| sizes.get(&service).is_some_and(|sizes| sizes.contains(&size));
            let lost = feed
                .beside(slot)
                .iter()
                .filter_map(|feed| party(feed))
                .find(|due| {
                    let mut beside = listed.iter().filter(|other| {
                        other.start_sec == slot.start_sec && (other.merchant, other.service) == service
                    });
                    !beside.any(|other| self::size(other) == Some(*due))
                });
            if let (Some(size), Some(lost)) = (size.filter(|size| !is_known(*size)), lost) {
                let proof = update.proof(format!("{}/resources/partySize", slot.pointer));
                odd.entry(service)
                    .or_default()
                    .insert(slot.start_sec, (size, lost, proof));
            }
        }
    }
    for ((_, service), starts) in odd.into_iter().filter(|(_, starts)| starts.len() >= SEVERAL) {
        let count = starts.len();
        let Some((_, (size, lost, proof))) = starts.into_iter().next() else {
            continue;
        };
        let message = format!(
            "inventory updates of \"{service}\" list a party of {size}, which no slot of the feed has, and leave out the party of {lost}, \
             which the feed has at that time ({count} starts)"
        );
        verdicts.fail(WINDOW, proof.expected(lost).actual(size), message);
    }
}

fn is_whole(run: &Run<'_>, slot: &ListedSlot<'_>) -> bool {
    run.whole
        .contains(&(slot.merchant.to_owned(), slot.service.to_owned()))
}

fn size(slot: &ListedSlot<'_>) -> Option<i64> {
    int64::read(reading::set(slot.value, "/resources/partySize")?).filter(|size| *size != 0)
}

fn party(slot: &Slot) -> Option<i64> {
    slot.resources.party_size.map(i64::from)
}

fn sizes_of_services<'r>(run: &Run<'r>) -> BTreeMap<(&'r str, &'r str), BTreeSet<i64>> {
    let mut all: BTreeMap<_, BTreeSet<i64>> = BTreeMap::new();
    for slot in run.slots {
        if let Some(size) = party(slot) {
            let service = (slot.merchant_id.as_str(), slot.service_id.as_str());
            all.entry(service).or_default().insert(size);
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{START, Story, StoryVerdict, inventory_update, run_of};
    use protocol::time::seconds_to_timestamp;
    use serde_json::json;

    /// Updates that list these parties at each of these starts, where the feed has tables for two and for four.
    fn judged(parties: &[i32], starts: &[i64], is_whole: bool) -> StoryVerdict {
        let story = starts.iter().fold(Story::arrival(), |story, start| {
            let time = seconds_to_timestamp(*start).unwrap_or_default();
            let slots: Vec<_> = parties
                .iter()
                .map(|size| json!({ "startTime": time, "duration": "1800s", "resources": { "partySize": size } }))
                .collect();
            story.notify(inventory_update(*start, json!({ "availability": slots })))
        });
        let cases = [story.case()];
        let Some(bound) = cases[0].transcript.slot("slot") else {
            panic!("no slot")
        };
        let mut slots = Vec::new();
        for start_sec in [START, START + 3600] {
            for size in [2, 4] {
                let mut slot = Slot {
                    start_sec,
                    ..bound.clone()
                };
                slot.resources.party_size = Some(size);
                slots.push(slot);
            }
        }
        let service = ("salon".to_owned(), "cut".to_owned());
        let run = Run {
            slots: &slots,
            whole: &is_whole.then_some(service).into_iter().collect(),
            ..run_of(&cases)
        };
        let mut verdicts = Verdicts::default();
        judge(&run, &mut verdicts);
        let (findings, judged) = verdicts.conclude();
        StoryVerdict(crate::Judgement { findings, judged })
    }

    const BOTH: [i64; 2] = [START, START + 3600];

    #[test]
    fn sizes_of_the_feed_and_a_new_one_beside_them_are_right() {
        judged(&[2, 4], &BOTH, true).says_nothing();
        judged(&[2, 4, 6], &BOTH, true).says_nothing();
        // The table for two is taken, and the partner leaves such slots out.
        judged(&[4], &BOTH, true).says_nothing();
    }

    #[test]
    fn another_size_in_the_place_of_one_is_found() {
        let found = judged(&[3, 5], &BOTH, true).warns(WINDOW);
        assert!(found.message.contains("list a party of"), "{}", found.message);
        judged(&[3, 5], &BOTH[..1], true).says_nothing();
        judged(&[3, 5], &BOTH, false).says_nothing();
    }
}
