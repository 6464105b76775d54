//! FEED-AVL-13

use super::updates::{FeedSlots, ListedSlot, Update, in_run};
use crate::verdicts::Proof;
use crate::{Rule, Run, Scope, Verdicts, reading};
use catalogue::RequirementId;
use domain::slot::Slot;
use std::collections::{BTreeMap, BTreeSet};

const KEPT: RequirementId = RequirementId::declared("FEED-AVL-13");

/// Of one start somebody else may have taken over; of several, and nobody else named, the ids are others.
const SEVERAL: usize = 2;

pub(crate) static RULE: Rule = Rule {
    name: "inventory/resource-ids",
    requirements: &[KEPT],
    manual: "Inventory updates must name staff and rooms by the ids that the feed has. Found where every id that updates of a \
             service name is one that no slot of the service has in the feed, at two starts at least for which the feed has another one. \
             Judged for services of which every slot of the feeds is kept; who is new since the export may be named beside others.",
    scope: Scope::Run(judge),
};

/// The two sorts of resources with ids.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Sort {
    Staff,
    Room,
}

/// What updates of one service name.
#[derive(Default)]
struct Named<'r> {
    has_known: bool,
    /// By start: an id that the feed does not have, one that it has, and where it stands.
    unknown: BTreeMap<i64, (&'r str, &'r str, Proof)>,
}

fn judge(run: &Run<'_>, verdicts: &mut Verdicts) {
    let updates = in_run(run);
    let feed = FeedSlots::of(run, &updates);
    let mut all: BTreeMap<(&str, &str, Sort), Named<'_>> = BTreeMap::new();
    let known = known_ids(run, &updates);
    for update in &updates {
        let slots = update.slots().into_iter();
        for listed in slots.filter(|listed| {
            run.whole
                .contains(&(listed.merchant.to_owned(), listed.service.to_owned()))
        }) {
            for sort in [Sort::Staff, Sort::Room] {
                let Some((id, due)) = compared(&feed, &listed, sort) else {
                    continue;
                };
                let key = (listed.merchant, listed.service, sort);
                let named = all.entry(key).or_default();
                if known.contains(&(key, id)) {
                    named.has_known = true;
                } else {
                    let proof = update.proof(format!("{}/resources/{}", listed.pointer, sort.field()));
                    named.unknown.insert(listed.start_sec, (id, due, proof));
                }
            }
        }
    }
    for ((_, service, sort), named) in all {
        let mut others = named.unknown.into_values();
        if named.has_known {
            verdicts.pass(KEPT);
        } else if others.len() >= SEVERAL
            && let Some((id, due, proof)) = others.next()
        {
            let message = format!(
                "inventory updates of \"{service}\" name {} by ids that no slot of the feed has: \"{id}\" where the feed has \"{due}\"",
                sort.word()
            );
            verdicts.fail(KEPT, proof.expected(due).actual(id), message);
        }
    }
}

/// The id that a slot of an update has, and one that the feed has at its start.
fn compared<'r>(feed: &FeedSlots<'r>, listed: &ListedSlot<'r>, sort: Sort) -> Option<(&'r str, &'r str)> {
    let id = reading::text(listed.value, &format!("/resources/{}", sort.field()))?;
    let due = feed.beside(listed).iter().find_map(|slot| sort.id_of(slot))?;
    Some((id, due))
}

/// The ids of the services that updates speak of, where every slot of the feeds is known.
fn known_ids<'r>(run: &Run<'r>, updates: &[Update<'r>]) -> BTreeSet<((&'r str, &'r str, Sort), &'r str)> {
    let services: BTreeSet<_> = updates
        .iter()
        .flat_map(Update::slots)
        .map(|listed| (listed.merchant, listed.service))
        .collect();
    let its = run
        .slots
        .iter()
        .filter(|slot| services.contains(&(slot.merchant_id.as_str(), slot.service_id.as_str())));
    its.flat_map(|slot| {
        let both = [Sort::Staff, Sort::Room].into_iter();
        both.filter_map(move |sort| {
            Some((
                (slot.merchant_id.as_str(), slot.service_id.as_str(), sort),
                sort.id_of(slot)?,
            ))
        })
    })
    .collect()
}

impl Sort {
    fn field(self) -> &'static str {
        match self {
            Self::Staff => "staffId",
            Self::Room => "roomId",
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::Staff => "staff",
            Self::Room => "rooms",
        }
    }

    fn id_of(self, slot: &Slot) -> Option<&str> {
        match self {
            Self::Staff => slot.resources.staff_id.as_deref(),
            Self::Room => slot.resources.room_id.as_deref(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{START, Story, StoryVerdict, inventory_update, run_of};
    use protocol::time::seconds_to_timestamp;
    use serde_json::json;

    /// Updates of these starts, each with a member of staff; the feed has Ada at all of them.
    fn judged(named: &[(i64, &str)], is_whole: bool) -> StoryVerdict {
        let story = named.iter().fold(Story::arrival(), |story, (start, staff)| {
            let slot = json!({ "startTime": seconds_to_timestamp(*start).unwrap_or_default(), "duration": "1800s",
                "resources": { "staffId": staff, "staffName": "Ada" } });
            story.notify(inventory_update(*start, json!({ "availability": [slot] })))
        });
        let cases = [story.case()];
        let bound = cases[0].transcript.slot("slot").cloned();
        let slots: Vec<Slot> = [START, START + 3600]
            .into_iter()
            .filter_map(|start_sec| {
                let mut slot = Slot {
                    start_sec,
                    ..bound.clone()?
                };
                slot.resources.staff_id = Some("ada".to_owned());
                Some(slot)
            })
            .collect();
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

    #[test]
    fn the_ids_of_the_feed_pass() {
        judged(&[(START, "ada"), (START + 3600, "ada")], true).passes(KEPT);
        judged(&[(START, "ada"), (START, "new"), (START + 3600, "new")], true).passes(KEPT);
    }

    #[test]
    fn other_ids_alone_are_found() {
        let found = judged(&[(START, "17"), (START + 3600, "17")], true).fails(KEPT);
        assert!(
            found.message.contains("\"17\" where the feed has \"ada\""),
            "{}",
            found.message
        );
    }

    #[test]
    fn one_start_or_a_feed_in_parts_prove_nothing() {
        judged(&[(START, "17")], true).says_nothing();
        judged(&[(START, "17"), (START + 3600, "17")], false).says_nothing();
        // The feed has nothing at this time.
        judged(&[(START + 7200, "17"), (START + 10_800, "17")], true).says_nothing();
    }
}
