//! REQ-02

use super::{BookingUpdate, mask_complete, mask_modifiable};
use crate::verdicts::Proof;
use crate::{Case, Rule, Scope, Verdicts, reading};
use catalogue::RequirementId;
use serde_json::Value;

const ESSENTIALS: RequirementId = RequirementId::declared("REQ-02");

pub(crate) static RULE: Rule = Rule {
    name: "notification/essentials",
    requirements: &[ESSENTIALS],
    manual: "The body of a booking notification must hold `name`, `merchantId` and `serviceId`, merchant and service must be \
             those of the booking, and every field that the mask names must be there. That `name` agrees with the path has \
             a rule of its own.",
    scope: Scope::BookingUpdate(judge),
};

fn judge(_: &Case<'_>, patch: &BookingUpdate<'_>, verdicts: &mut Verdicts) {
    if patch.body.is_null() {
        let proof = Proof::at(patch.entry, "").expected("a JSON object");
        return verdicts.fail(ESSENTIALS, proof, body_words(patch));
    }
    // A booking inside of something else is the finding of the rule about fields.
    if is_wrapped(patch.body) {
        return;
    }
    if let Some(name) = absent(patch) {
        let pointer = format!("/{}", name.replace('.', "/"));
        let proof = Proof::at(patch.entry, pointer).expected("present");
        return verdicts.fail(ESSENTIALS, proof, format!("the notification lacks `{name}`"));
    }
    let other = ["merchantId", "serviceId"].into_iter().find(|name| {
        let pointer = format!("/{name}");
        patch
            .text_before(&pointer)
            .is_some_and(|was| is_text(patch, &pointer) && patch.text(&pointer) != Some(was))
    });
    verdicts.check(ESSENTIALS, other.is_none(), || {
        let pointer = format!("/{}", other.unwrap_or_default());
        let proof = Proof::at(patch.entry, pointer.clone()).expected(patch.text_before(&pointer));
        let actual = patch.body.pointer(&pointer).cloned().unwrap_or_default();
        (
            proof.actual(actual),
            "the notification names another merchant or service than that of the booking".to_owned(),
        )
    });
}

/// What is no text has another type, and that is the finding of the rule about fields.
fn is_text(patch: &BookingUpdate<'_>, pointer: &str) -> bool {
    reading::set(patch.body, pointer).is_some_and(Value::is_string)
}

fn body_words(patch: &BookingUpdate<'_>) -> &'static str {
    if patch.call.notification.message().is_some_and(Value::is_array) {
        "the body of the notification is a list; one JSON object, the booking, is due"
    } else {
        "the notification has no JSON body"
    }
}

/// True for `{"booking": {...}}` in place of the booking itself.
pub(super) fn is_wrapped(body: &Value) -> bool {
    let inner = reading::set(body, "/booking").is_some_and(Value::is_object);
    inner
        && ["/name", "/merchantId", "/serviceId"]
            .iter()
            .all(|own| reading::set(body, own).is_none())
}

fn absent(patch: &BookingUpdate<'_>) -> Option<String> {
    let here = |name: &str| {
        let pointer = format!("/{}", name.replace('.', "/"));
        let around = pointer
            .rsplit_once('/')
            .and_then(|(around, _)| reading::set(patch.body, around));
        let is_elsewhere = around.is_some_and(|around| !around.is_object());
        is_elsewhere || reading::set(patch.body, &pointer).is_some_and(|value| value != "")
    };
    // A mask that names another field than the one that is changed is one mistake, and a rule of its own finds it.
    let is_mistaken = mask_complete::unnamed_change(patch).is_some();
    let named = patch
        .paths()
        .filter(|path| !is_mistaken && mask_modifiable::MODIFIABLE.contains(path));
    ["name", "merchantId", "serviceId"]
        .into_iter()
        .chain(named)
        .find(|name| !here(name))
        .map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Story, changes, copy};
    use serde_json::json;

    fn update(mask: &str, body: Value) -> Story {
        Story::arrival().patch(Some(mask), body, copy("CONFIRMED", None), copy("CANCELED", None))
    }

    #[test]
    fn the_ids_and_the_change_pass_in_either_spelling() {
        update("status", changes(json!({ "status": "CANCELED" })))
            .judge(&RULE)
            .passes(ESSENTIALS);
        let body = json!({ "name": "partners/20002002/bookings/bk-0001", "merchant_id": "salon", "service_id": "cut",
            "status": "CANCELED" });
        update("status", body).judge(&RULE).passes(ESSENTIALS);
    }

    #[test]
    fn a_missing_or_another_merchant_is_found() {
        for merchant in [json!(null), json!("bistro")] {
            let body = changes(json!({ "status": "CANCELED", "merchantId": merchant }));
            let found = update("status", body).judge(&RULE).fails(ESSENTIALS);
            assert_eq!(found.evidence.pointer.as_deref(), Some("/merchantId"));
        }
    }

    #[test]
    fn a_masked_field_that_is_not_there_is_found() {
        let found = update("status,startTime", changes(json!({ "status": "CANCELED" })))
            .judge(&RULE)
            .fails(ESSENTIALS);
        assert_eq!(found.evidence.pointer.as_deref(), Some("/startTime"));
    }

    #[test]
    fn a_mask_that_names_another_field_than_the_changed_one_is_one_finding() {
        let mistaken = update("startTime", changes(json!({ "status": "CANCELED" })));
        mistaken.judge(&RULE).passes(ESSENTIALS);
        mistaken.judge_all().fails(RequirementId::declared("REQ-04"));
    }

    #[test]
    fn no_body_is_found() {
        update("status", json!(null)).judge(&RULE).fails(ESSENTIALS);
        let found = update("status", json!([changes(json!({ "status": "CANCELED" }))]))
            .judge(&RULE)
            .fails(ESSENTIALS);
        assert!(found.message.contains("is a list"), "{}", found.message);
        let wrapped = json!({ "booking": changes(json!({ "status": "CANCELED" })) });
        update("status", wrapped).judge(&RULE).says_nothing();
    }
}
