//! INV-01

use crate::inventory::is_told_nothing;
use crate::verdicts::Proof;
use crate::{Case, InventoryUpdate, Rule, Run, Scope, Verdicts};
use catalogue::RequirementId;
use domain::Capability;
use transcript::{Notification, NotificationRoute, Subject};

const SENT: RequirementId = RequirementId::declared("INV-01");

pub(crate) static RULE: Rule = Rule {
    name: "run/inventory-path",
    requirements: &[SENT],
    manual: "Inventory updates must go to one of the two methods that take them, for the whole partner or for one service of a \
             merchant, under the registered partner id. What is sent to a path of another form is answered 404 and reaches nobody, and \
             neither does an update without an entry; that no update came is not told as well.",
    scope: Scope::Run(judge),
};

const PATHS: &str = "/v1alpha/inventory/partners/{partner id}/availability:replace, or \
                     /v1alpha/inventory/partners/{partner id}/merchants/{merchant id}/services/{service id}/availability:replace";

fn judge(run: &Run<'_>, verdicts: &mut Verdicts) {
    if !run.cases.iter().any(|case| case.can(Capability::AvailabilityRtu)) {
        return;
    }
    let mut astray = run.orphans.iter().filter(|orphan| is_astray(orphan));
    let Some(first) = astray.next() else {
        return elsewhere(run, verdicts);
    };
    let path = first.target.split('?').next().unwrap_or_default();
    let message = match astray.count() {
        0 => format!(
            "an inventory update was sent to {} {path}, which the API does not have (answered 404)",
            first.verb
        ),
        more => format!(
            "inventory updates were sent to {} {path}, which the API does not have ({} calls, answered 404)",
            first.verb,
            more + 1
        ),
    };
    verdicts.fail(SENT, Proof::default().expected(PATHS).actual(path), message);
}

/// What went to the right method and reached nobody.
fn elsewhere(run: &Run<'_>, verdicts: &mut Verdicts) {
    let registered = run.cases.first().map(|case| case.partner_id).unwrap_or_default();
    let foreign = || {
        run.orphans
            .iter()
            .filter(|orphan| is_of_another_partner(orphan, registered))
    };
    let is_missed = |case: &Case<'_>| is_told_nothing(case) && !case.bookings().is_empty();
    if let Some(first) = foreign().next() {
        let partner = partner_of(first).unwrap_or_default();
        let message = format!(
            "inventory updates were sent under the partner id \"{partner}\" ({} calls, answered {}); the registered one is due",
            foreign().count(),
            first.status,
        );
        verdicts.fail(
            SENT,
            Proof::default().expected(registered).actual(partner),
            message,
        );
    } else if run.cases.iter().any(is_missed) {
        let empty = run.orphans.iter().filter(|orphan| is_empty(orphan)).count();
        let message = format!(
            "inventory updates came without any entry ({empty} calls), and none came for slots that were booked meanwhile"
        );
        verdicts.fail(
            SENT,
            Proof::default().expected("an entry for each service with changed slots"),
            message,
        );
    }
}

fn partner_of(notification: &Notification) -> Option<&str> {
    match &notification.subject {
        Subject::Availability { partner, .. } => Some(partner),
        Subject::Booking { .. } => None,
    }
}

/// True for an inventory update under the id of a partner that is not the registered one.
pub(crate) fn is_of_another_partner(notification: &Notification, registered: &str) -> bool {
    let is_update = *notification.route() != NotificationRoute::Other;
    is_update && partner_of(notification).is_some_and(|partner| partner != registered)
}

/// True for an inventory update that was taken and has no entry, or that has no body at all.
pub(crate) fn is_empty(notification: &Notification) -> bool {
    let is_update = matches!(
        notification.route(),
        NotificationRoute::BatchInventory | NotificationRoute::ServiceInventory { .. }
    );
    let update = InventoryUpdate::of_unclaimed(notification);
    is_update && update.is_none_or(|update| notification.is_stored() && update.entries().is_empty())
}

/// True for an inventory update that no method of the API takes.
pub(crate) fn is_astray(notification: &Notification) -> bool {
    let is_update = matches!(notification.subject, Subject::Availability { .. });
    is_update && notification.status == 404 && notification.target.contains("vailability")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{START, Story, booking, inventory_update};
    use serde_json::json;

    fn sent_to(target: &str, status: u16) -> Story {
        let mut update = inventory_update(START, json!({}));
        (update.target, update.status) = (target.to_owned(), status);
        Story::arrival().orphan(update)
    }

    #[test]
    fn updates_that_were_taken_and_other_methods_are_left_alone() {
        sent_to("/v1alpha/inventory/partners/1/availability:replace", 200)
            .judge(&RULE)
            .says_nothing();
        sent_to("/v1alpha/inventory/partners/1/merchants", 404)
            .judge(&RULE)
            .says_nothing();
    }

    #[test]
    fn updates_without_an_entry_tell_of_nothing() {
        for raw in ["", "{}", r#"{ "extendedServiceAvailability": [] }"#] {
            let empty = || {
                let mut update = inventory_update(START, json!({}));
                update.raw = raw.to_owned();
                update
            };
            let booked = Story::arrival().create(booking());
            booked.orphan(empty()).judge(&RULE).fails(SENT);
            let mut refused = empty();
            refused.status = 400;
            let refused = Story::arrival().create(booking()).orphan(refused).judge(&RULE);
            if raw.is_empty() {
                refused.fails(SENT);
            } else {
                refused.says_nothing();
            }
            Story::arrival().orphan(empty()).judge(&RULE).says_nothing();
            let told = Story::arrival()
                .create(booking())
                .notify(inventory_update(START, json!({})));
            told.orphan(empty()).judge(&RULE).says_nothing();
        }
    }

    #[test]
    fn a_path_that_the_api_does_not_have_is_named() {
        let path = "/v1alpha/inventory/partners/1/merchants/salon/availability:replace";
        let found = sent_to(path, 404).judge(&RULE).fails(SENT);
        assert_eq!(found.evidence.actual, path);
        let path = "/v1alpha/inventory/partners/7/availability:replace";
        let mut foreign = inventory_update(START, json!({}));
        foreign.target = path.to_owned();
        foreign.subject = Subject::Availability {
            partner: "7".into(),
            slots: Vec::new(),
        };
        let found = Story::arrival().orphan(foreign).judge(&RULE).fails(SENT);
        assert!(
            found
                .message
                .contains("under the partner id \"7\" (1 calls, answered 200)"),
            "{}",
            found.message
        );
        let path = "/v1alpha/inventory/partners/1/merchants/salon/availability:replace";
        let silent = sent_to(path, 404).without(Capability::AvailabilityRtu);
        silent.judge(&RULE).says_nothing();
    }
}
