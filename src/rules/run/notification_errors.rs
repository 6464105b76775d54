//! OPS-06, OPS-07

use super::rate::Rate;
use crate::thresholds::{BOOKING_NOTIFICATION, INVENTORY_UPDATE};
use crate::verdicts::Proof;
use crate::{PartnerCall, Rule, Run, Scope, Verdicts, reading};
use catalogue::RequirementId;
use domain::Capability;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use transcript::{Notification, Subject};

const BOOKINGS: RequirementId = RequirementId::declared("OPS-06");
const INVENTORY: RequirementId = RequirementId::declared("OPS-07");

const DAY_SEC: i64 = 86_400;

pub(crate) static RULE: Rule = Rule {
    name: "run/notification-errors",
    requirements: &[BOOKINGS, INVENTORY],
    manual: "Google tolerates errors in less than 10 % of the notifications of a day: of those about bookings for each state \
             (the status that is sent, else the one that Google knows) by itself, of inventory updates together. Counted are \
             answers 401, 409 and 429; a message or an address that is wrong has a finding of its own, and so has a partner \
             of whom nothing was ever accepted. Answers that a fault of ours brought about are left out. It fails with at least \
             20 notifications whose exact binomial bound (Clopper and Pearson, 95 %) is a higher rate. It is kept where less than \
             10 % were answered with any error.",
    scope: Scope::Run(judge),
};

/// What is counted together: the day, and a state for notifications about bookings.
type Group = (i64, String);

fn judge(run: &Run<'_>, verdicts: &mut Verdicts) {
    let sends_inventory = run.cases.iter().any(|case| case.can(Capability::AvailabilityRtu));
    let (bookings, inventory): (Vec<_>, Vec<_>) = answered(run)
        .into_iter()
        .partition(|(_, call)| call.booking_id().is_some());
    check(
        BOOKINGS,
        BOOKING_NOTIFICATION.errors,
        &by_state(bookings),
        verdicts,
    );
    if sends_inventory {
        check(INVENTORY, INVENTORY_UPDATE.errors, &by_day(inventory), verdicts);
    }
}

/// Every notification once, with its day: an inventory update stands in the history of each slot that it speaks of.
fn answered<'r>(run: &'r Run<'_>) -> Vec<(i64, &'r Notification)> {
    let mut seen = BTreeSet::new();
    let claimed = run.cases.iter().flat_map(|case| {
        let day = |call: &PartnerCall<'_>| case.epoch_sec(call.at_ms) / DAY_SEC;
        case.partner_calls().map(move |call| (day(&call), call))
    });
    let claimed: Vec<_> = claimed
        .filter(|(_, call)| {
            let is_inventory = matches!(call.notification.subject, Subject::Availability { .. });
            !is_inventory || seen.insert((call.at_ms, call.notification.raw.as_str()))
        })
        .map(|(day, call)| (day, call.notification))
        .collect();
    // When the others came is not recorded; a run seldom sees midnight.
    let day = claimed.first().map_or(0, |(day, _)| *day);
    let orphans = run.orphans.iter().map(|orphan| (day, orphan));
    let all = claimed.into_iter().chain(orphans);
    all.filter(|(_, call)| call.fault.is_none()).collect()
}

fn by_state(calls: Vec<(i64, &Notification)>) -> BTreeMap<Group, Vec<u16>> {
    group(calls, |call| {
        let sent = call.message().and_then(|body| reading::text(body, "/status"));
        let known = call
            .before
            .as_ref()
            .and_then(|copy| reading::text(copy, "/status"));
        sent.or(known).map_or_else(
            || "notifications without a status".to_owned(),
            |state| format!("notifications of {state}"),
        )
    })
}

fn by_day(calls: Vec<(i64, &Notification)>) -> BTreeMap<Group, Vec<u16>> {
    group(calls, |_| "inventory updates".to_owned())
}

fn group(
    calls: Vec<(i64, &Notification)>,
    name: impl Fn(&Notification) -> String,
) -> BTreeMap<Group, Vec<u16>> {
    let mut groups: BTreeMap<Group, Vec<u16>> = BTreeMap::new();
    for (day, call) in calls {
        groups.entry((day, name(call))).or_default().push(call.status);
    }
    groups
}

fn check(
    requirement: RequirementId,
    allowed: f64,
    groups: &BTreeMap<Group, Vec<u16>>,
    verdicts: &mut Verdicts,
) {
    for ((_, name), statuses) in groups {
        let rate = Rate {
            samples: statuses.len(),
            hits: statuses.iter().filter(|status| is_counted(**status)).count(),
            allowed,
        };
        let errors = statuses.iter().filter(|status| **status >= 400).count();
        // That nothing at all gets through has another cause, which has its own finding.
        if rate.is_exceeded() && errors < statuses.len() {
            let message = format!(
                "{} of {} {name} were answered with an error; {}",
                rate.hits,
                rate.samples,
                rate.verdict()
            );
            let proof = Proof::default()
                .expected(json!({ "share_of_errors_below": allowed }))
                .actual(json!({ "notifications": rate.samples, "errors": rate.hits }));
            verdicts.fail(requirement, proof, message);
        } else if (errors as f64) < allowed * statuses.len() as f64 {
            verdicts.pass(requirement);
        }
    }
}

/// Errors that are not about what a notification says or where it is sent.
fn is_counted(status: u16) -> bool {
    matches!(status, 401 | 409 | 429)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{START, Story, changes, copy, inventory_update, patch};
    use outcome::Verdict;
    use transcript::{Fault, ReceivedCall};

    fn of_state(state: &str, status: u16) -> ReceivedCall {
        let body = changes(json!({ "status": state }));
        let sent = patch(Some("status"), body, copy("CONFIRMED", None), copy(state, None));
        ReceivedCall { status, ..sent }
    }

    /// So many notifications of a state, the first ones answered with an error.
    fn story(story: Story, state: &str, errors: usize, samples: usize, status: u16) -> Story {
        (0..samples).fold(story, |story, number| {
            let status = if number < errors { status } else { 200 };
            story.notify(of_state(state, status))
        })
    }

    fn canceled(errors: usize, samples: usize, status: u16) -> Story {
        story(Story::arrival(), "CANCELED", errors, samples, status)
    }

    #[test]
    fn less_than_a_tenth_is_kept() {
        canceled(0, 1, 401).judge(&RULE).passes(BOOKINGS);
        canceled(1, 11, 401).judge(&RULE).passes(BOOKINGS);
        canceled(1, 11, 404).judge(&RULE).passes(BOOKINGS);
        Story::arrival().judge(&RULE).says_nothing();
    }

    #[test]
    fn a_rate_that_is_proven_fails() {
        let verdict = canceled(5, 20, 401).judge(&RULE);
        let found = verdict.fails(BOOKINGS);
        assert_eq!(found.verdict, Verdict::Fail);
        assert_eq!(
            found.message,
            "5 of 20 notifications of CANCELED were answered with an error; in this run that is more than 10.4 % with 95 % \
             confidence; Google tolerates less than 10 %"
        );
    }

    #[test]
    fn what_proves_nothing_is_left_open() {
        canceled(4, 20, 401).judge(&RULE).says_nothing();
        canceled(19, 19, 401).judge(&RULE).says_nothing();
        canceled(1, 10, 401).judge(&RULE).says_nothing();
    }

    /// Each of these has a rule or a finding of its own.
    #[test]
    fn wrong_messages_and_partners_without_access_are_found_elsewhere() {
        canceled(20, 40, 400).judge(&RULE).says_nothing();
        canceled(40, 40, 401).judge(&RULE).says_nothing();
    }

    #[test]
    fn each_state_is_counted_by_itself() {
        let apart = story(canceled(3, 12, 401), "NO_SHOW", 3, 12, 401);
        apart.judge(&RULE).says_nothing();
        canceled(6, 24, 401).judge(&RULE).fails(BOOKINGS);
    }

    #[test]
    fn each_day_is_counted_by_itself() {
        let apart = story(canceled(3, 12, 401).after(86_400), "CANCELED", 3, 12, 401);
        apart.judge(&RULE).says_nothing();
    }

    #[test]
    fn faults_of_ours_are_not_counted() {
        let struck = || ReceivedCall {
            fault: Some(Fault::Revoked),
            ..of_state("CANCELED", 401)
        };
        let story = (0..20).fold(canceled(0, 20, 401), |story, _| story.notify(struck()));
        story.judge(&RULE).passes(BOOKINGS);
    }

    #[test]
    fn inventory_updates_are_counted_once_each() {
        let update = |status| ReceivedCall {
            status,
            ..inventory_update(START, json!({}))
        };
        let of = |errors: usize| {
            (0..20).fold(Story::arrival(), |story, number| {
                story.notify(update(if number < errors { 429 } else { 200 }))
            })
        };
        of(1).judge(&RULE).passes(INVENTORY);
        let verdict = of(5).judge(&RULE);
        assert!(
            verdict
                .warns(INVENTORY)
                .message
                .starts_with("5 of 20 inventory updates were answered with an error")
        );
        of(5)
            .without(Capability::AvailabilityRtu)
            .judge(&RULE)
            .says_nothing();
    }
}
