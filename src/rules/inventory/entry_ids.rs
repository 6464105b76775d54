//! INV-15

use super::{Update, is_offered};
use crate::bench::Proof;
use crate::{Bench, Case, Note, Rule, Scope, reading};
use catalogue::RequirementId;
use transcript::Notification;

const IDS: RequirementId = RequirementId::declared("INV-15");

pub(crate) static RULE: Rule = Rule {
    name: "inventory/entry-ids",
    requirements: &[IDS],
    manual: "Every entry of a batch inventory update must hold `merchantId` and `serviceId`. The form for a single service \
             names them in its path.",
    scope: Scope::Notification(judge),
};

fn judge(case: &Case<'_>, note: &Note<'_>, bench: &mut Bench) {
    if !is_offered(case) || !Update::of(note.notification).is_some_and(|update| update.batch) {
        return;
    }
    let missing = missing_id(note.notification);
    bench.check(IDS, missing.is_none(), || {
        let proof = Proof::at(note.entry, missing.unwrap_or_default()).expected("present");
        (proof, MESSAGE.to_owned())
    });
}

/// What is said about an entry without ids.
pub(crate) const MESSAGE: &str = "an entry of the inventory update does not name its merchant or its service";

/// The pointer of the first id that a batch update lacks.
pub(crate) fn missing_id(notification: &Notification) -> Option<String> {
    let update = Update::of(notification).filter(|update| update.batch)?;
    update.entries().into_iter().find_map(|(pointer, entry)| {
        let name = ["merchantId", "serviceId"]
            .into_iter()
            .find(|name| reading::text(entry, &format!("/{name}")).is_none())?;
        Some(format!("{pointer}/{name}"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{START, Story, replaced};
    use serde_json::json;

    #[test]
    fn both_ids_pass() {
        Story::arrival()
            .notify(replaced(START, json!({})))
            .judge(&RULE)
            .passes(IDS);
    }

    #[test]
    fn a_missing_service_is_found() {
        let story = Story::arrival().notify(replaced(START, json!({ "serviceId": null })));
        let found = story.judge(&RULE).fails(IDS);
        let place = "/extendedServiceAvailability/0/serviceId";
        assert_eq!(found.evidence.pointer.as_deref(), Some(place));
    }
}
