//! INV-01

use crate::verdicts::Proof;
use crate::{Rule, Run, Scope, Verdicts};
use catalogue::RequirementId;
use domain::Capability;
use transcript::{Notification, Subject};

const SENT: RequirementId = RequirementId::declared("INV-01");

pub(crate) static RULE: Rule = Rule {
    name: "run/inventory-path",
    requirements: &[SENT],
    manual: "Inventory updates must go to one of the two methods that take them, for the whole partner or for one service of a \
             merchant. What is sent to a path of another form is answered 404 and reaches nobody.",
    scope: Scope::Run(judge),
};

const PATHS: &str = "/v1alpha/inventory/partners/{partner id}/availability:replace, or \
                     /v1alpha/inventory/partners/{partner id}/merchants/{merchant id}/services/{service id}/availability:replace";

fn judge(run: &Run<'_>, verdicts: &mut Verdicts) {
    if !run.cases.iter().any(|case| case.can(Capability::AvailabilityRtu)) {
        return;
    }
    let mut astray = run.orphans.iter().filter(|orphan| is_astray(orphan));
    let Some(first) = astray.next() else { return };
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

/// True for an inventory update that no method of the API takes.
pub(crate) fn is_astray(notification: &Notification) -> bool {
    let is_update = matches!(notification.subject, Subject::Availability { .. });
    is_update && notification.status == 404 && notification.target.contains("vailability")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{START, Story, inventory_update};
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
    fn a_path_that_the_api_does_not_have_is_named() {
        let path = "/v1alpha/inventory/partners/1/merchants/salon/availability:replace";
        let found = sent_to(path, 404).judge(&RULE).fails(SENT);
        assert_eq!(found.evidence.actual, path);
        let silent = sent_to(path, 404).without(Capability::AvailabilityRtu);
        silent.judge(&RULE).says_nothing();
    }
}
