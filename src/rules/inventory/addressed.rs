//! INV-15

use super::updates::listed;
use crate::verdicts::Proof;
use crate::{Case, InventoryUpdate, Rule, Run, Scope, Verdicts, reading};
use catalogue::RequirementId;
use domain::Capability;
use domain::slot::Slot;
use protocol::time;
use serde_json::Value;
use transcript::Notification;

const IDS: RequirementId = RequirementId::declared("INV-15");

pub(crate) static RULE: Rule = Rule {
    name: "inventory/addressed",
    requirements: &[IDS],
    manual: "Every entry of an inventory update must name the merchant and the service that its slots belong to. An update of a \
             service that no feed has, for a slot whose start and merchant, or start and service, are those of a slot that was booked or changed in \
             the run, was meant for that one; so was an update that states its tag. That no update of the slot came is not told as well. \
             Slots of a merchant or service that is new since the export may be named.",
    scope: Scope::Run(judge),
};

/// An update of another service that was meant for a slot of a scenario.
pub(crate) struct Elsewhere<'c> {
    notification: &'c Notification,
    pointer: String,
    seen: (&'c str, &'c str),
    due: &'c Slot,
}

fn judge(run: &Run<'_>, verdicts: &mut Verdicts) {
    if !run.cases.iter().any(|case| case.can(Capability::AvailabilityRtu)) {
        return;
    }
    let all = run.cases.iter().filter_map(elsewhere);
    for found in all {
        let (merchant, service) = found.seen;
        let start = time::seconds_to_timestamp(found.due.start_sec).unwrap_or_default();
        let due = [found.due.merchant_id.as_str(), found.due.service_id.as_str()].join("/");
        let message = format!(
            "an inventory update of a slot at {start} came for \"{merchant}/{service}\"; it is due for \"{due}\""
        );
        let proof = Proof {
            pointer: Some(found.pointer),
            ..Proof::default()
        };
        let actual = found.notification.target.as_str();
        verdicts.fail(IDS, proof.expected(due).actual(actual), message);
    }
}

/// The first update that nobody claims and that was meant for a slot of the scenario.
pub(crate) fn elsewhere<'c>(case: &'c Case<'_>) -> Option<Elsewhere<'c>> {
    let slots = || {
        let bound = case.transcript.binding().into_iter();
        bound.flat_map(|bound| bound.slots.values())
    };
    let is_known = |pair: &(&str, &str)| {
        let key = (pair.0.to_owned(), pair.1.to_owned());
        case.offer.services.contains_key(&key)
    };
    let has_feeds = !case.offer.services.is_empty();
    case.orphans
        .iter()
        .filter(|orphan| has_feeds && orphan.is_stored())
        .find_map(|orphan| {
            let update = InventoryUpdate::of_unclaimed(orphan)?;
            update.entries().into_iter().find_map(|(pointer, entry)| {
                let seen = update.merchant_of(entry).zip(update.service_of(entry))?;
                let due = slots().find(|slot| is_meant(entry, seen, slot, is_known(&seen)))?;
                Some(Elsewhere {
                    notification: orphan,
                    pointer: format!("{pointer}/merchantId"),
                    seen,
                    due,
                })
            })
        })
}

fn is_meant(entry: &Value, (merchant, service): (&str, &str), slot: &Slot, is_known: bool) -> bool {
    let is_half = (merchant == slot.merchant_id) != (service == slot.service_id);
    let start = |slot: &Value| time::timestamp_to_seconds(reading::text(slot, "/startTime")?).ok();
    let mut there = listed(entry)
        .iter()
        .filter(|listed| start(listed) == Some(slot.start_sec));
    let tag = slot.availability_tag.as_deref();
    is_half
        && there.any(|listed| !is_known || tag.is_some() && reading::text(listed, "/availabilityTag") == tag)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{START, Story, booking, inventory_update};
    use crate::{Offer, ServiceTerms};
    use serde_json::json;

    fn told(merchant: &str, service: &str, tag: &str) -> Story {
        let key = |service: &str| ("salon".to_owned(), service.to_owned());
        let services = ["cut", "color"].map(|service| (key(service), ServiceTerms::default()));
        let offer = Offer {
            services: services.into(),
            ..Offer::default()
        };
        let slot =
            json!({ "startTime": "2030-01-01T08:00:00Z", "duration": "1800s", "availabilityTag": tag });
        let entry = json!({ "merchantId": merchant, "serviceId": service, "availability": [slot] });
        Story::arrival()
            .offering(offer)
            .create(booking())
            .after(30)
            .quiet()
            .orphan(inventory_update(START, entry))
    }

    #[test]
    fn another_merchant_or_service_is_told_with_the_right_one() {
        let found = told("bistro", "cut", "tag-1").judge(&RULE).fails(IDS);
        assert_eq!(
            found.message,
            "an inventory update of a slot at 2030-01-01T08:00:00Z came for \"bistro/cut\"; it is due for \"salon/cut\""
        );
        told("salon", "cux", "").judge(&RULE).fails(IDS);
        told("salon", "color", "tag-1").judge(&RULE).fails(IDS);
        // It is not missing as well.
        told("bistro", "cut", "tag-1")
            .judge(&super::super::taken::RULE)
            .says_nothing();
    }

    #[test]
    fn slots_of_others_at_the_same_time_are_left_alone() {
        told("salon", "color", "tag-2").judge(&RULE).says_nothing();
        told("bistro", "lunch", "tag-1").judge(&RULE).says_nothing();
    }
}
