//! REQ-12

use super::BookingUpdate;
use crate::verdicts::Proof;
use crate::{Case, Rule, Scope, Verdicts};
use catalogue::RequirementId;

const PERSONAL: RequirementId = RequirementId::declared("REQ-12");

pub(crate) static RULE: Rule = Rule {
    name: "notification/client-data",
    requirements: &[PERSONAL],
    manual: "A notification should not hold `clientInformation`: Google knows the user, and no change needs it.",
    scope: Scope::BookingUpdate(judge),
};

fn judge(_: &Case<'_>, patch: &BookingUpdate<'_>, verdicts: &mut Verdicts) {
    if patch.body.is_null() {
        return;
    }
    let client = patch
        .body
        .get("clientInformation")
        .and_then(|client| client.as_object());
    let sent = client.is_some_and(|client| !client.is_empty());
    verdicts.check(PERSONAL, !sent, || {
        let proof = Proof::at(patch.entry, "/clientInformation").expected("absent");
        (
            proof,
            "the notification holds personal data that the change does not need".to_owned(),
        )
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Story, changes, copy};
    use serde_json::{Value, json};

    fn update(client: &Value) -> Story {
        let body = changes(json!({ "status": "CANCELED", "clientInformation": client }));
        Story::arrival().patch(
            Some("status"),
            body,
            copy("CONFIRMED", None),
            copy("CANCELED", None),
        )
    }

    #[test]
    fn a_notification_without_the_user_passes() {
        update(&json!(null)).judge(&RULE).passes(PERSONAL);
        update(&json!({})).judge(&RULE).passes(PERSONAL);
    }

    #[test]
    fn the_users_data_warns() {
        update(&json!({ "email": "ada.novak@example.org" }))
            .judge(&RULE)
            .warns(PERSONAL);
    }
}
