//! INV-18

use crate::{Case, InventoryUpdate, Rule, Scope, Verdicts};
use catalogue::RequirementId;
use protocol::schema::{Api, Fault, Violation, validate};
use serde_json::Value;

const NAMES: RequirementId = RequirementId::declared("INV-18");

pub(crate) static RULE: Rule = Rule {
    name: "inventory/field-names",
    requirements: &[NAMES],
    manual: "Inventory updates have `startTime` and `duration` where the feeds have `start_sec` and `duration_sec`, and other \
             names for their restricts. Names that only the feeds have are refused; snake_case spellings of the API's own \
             names are read. Of an update that the API answered 400, the first field that it does not know or whose value has \
             another type is found.",
    scope: Scope::InventoryUpdate(judge),
};

/// Names that the feeds have at places where the API has others.
const OF_THE_FEEDS: [&str; 13] = [
    "start_sec",
    "duration_sec",
    "merchant_id",
    "service_id",
    "start_timestamp_restrict",
    "end_timestamp_restrict",
    "merchant_id_restrict",
    "service_id_restrict",
    "duration_restrict_sec",
    "resource_restrict",
    "repeat_until_sec",
    "repeat_every_sec",
    "begin_sec",
];

fn judge(_: &Case<'_>, update: &InventoryUpdate<'_>, verdicts: &mut Verdicts) {
    let odd = odd_name(update);
    verdicts.check(NAMES, odd.is_none(), || {
        let OddName { pointer, message } = odd.unwrap_or_default();
        let actual = update.body.pointer(&pointer).cloned().unwrap_or_default();
        (
            update
                .proof(pointer)
                .expected("a field of the API, in its type")
                .actual(actual),
            message,
        )
    });
}

/// A field that the API does not know, and what is said about it.
#[derive(Default)]
pub(crate) struct OddName {
    pub(crate) pointer: String,
    pub(crate) message: String,
}

/// The list in which the entries of an update for the whole partner stand.
const LIST: &str = "extendedServiceAvailability";

/// What an entry holds, and the update around it does not.
const OF_AN_ENTRY: [&str; 4] = ["merchantId", "serviceId", "startTimeRestrict", "availability"];

/// The list around the entries that is missing, or else the first field that has a name of the feeds.
pub(crate) fn odd_name(update: &InventoryUpdate<'_>) -> Option<OddName> {
    let bare = OF_AN_ENTRY
        .into_iter()
        .find(|name| update.body.get(name).is_some());
    if let Some(name) = bare.filter(|_| update.is_batch() && update.body.get(LIST).is_none()) {
        let message = format!(
            "the inventory update has \"{name}\" at its top; the list \"{LIST}\" around the entry is missing"
        );
        return Some(OddName {
            pointer: format!("/{name}"),
            message,
        });
    }
    let message = update.notification.route().message()?;
    let violations = validate(Api::V1alpha, message, update.body);
    let mut unknown = violations
        .iter()
        .filter(|violation| violation.fault == Fault::Unknown)
        .map(|violation| violation.pointer.clone());
    if let Some(pointer) = unknown.find(|pointer| is_of_the_feeds(name_at(pointer))) {
        let message = format!(
            "the inventory update has \"{}\", a field name of the feeds, which the API does not know",
            name_at(&pointer)
        );
        return Some(OddName { pointer, message });
    }
    violations
        .iter()
        .find(|violation| is_refused(violation) && update.notification.status == 400)
        .map(|violation| refused_field(update, violation))
}

/// True for what makes the API answer 400. It takes an enum by its number.
fn is_refused(violation: &Violation) -> bool {
    matches!(violation.fault, Fault::Unknown | Fault::Type | Fault::Enum)
}

/// In the words of the API, which name the message around the field, too.
fn refused_field(update: &InventoryUpdate<'_>, violation: &Violation) -> OddName {
    let pointer = violation.pointer.clone();
    let name = pointer
        .rsplit('/')
        .find(|name| name.parse::<usize>().is_err())
        .unwrap_or_default();
    let what = if violation.fault == Fault::Unknown {
        "is a field that the API does not have"
    } else {
        "has a value of another type than in the API"
    };
    let refusal = update.notification.answer.pointer("/error/message");
    let words = refusal.and_then(Value::as_str).unwrap_or("no reason");
    let message = format!("\"{name}\" of the inventory update {what}, which answered 400: {words}");
    OddName { pointer, message }
}

fn name_at(pointer: &str) -> &str {
    pointer.rsplit('/').next().unwrap_or_default()
}

fn is_of_the_feeds(name: &str) -> bool {
    let plain = |text: &str| text.replace('_', "").to_ascii_lowercase();
    OF_THE_FEEDS.iter().any(|known| plain(known) == plain(name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{START, Story, inventory_update};
    use serde_json::json;

    fn update(availability: &serde_json::Value) -> Story {
        Story::arrival().notify(inventory_update(START, json!({ "availability": [availability] })))
    }

    #[test]
    fn the_names_of_the_api_pass_in_either_spelling() {
        let entry = json!({ "start_time": "2030-01-01T08:00:00Z", "duration": "1800s", "spotsOpen": "0" });
        update(&entry).judge(&RULE).passes(NAMES);
    }

    #[test]
    fn an_entry_without_the_list_around_it_is_named_as_that() {
        let entry = json!({ "merchantId": "salon", "serviceId": "cut", "availability": [] });
        let mut sent = inventory_update(START, json!({}));
        sent.raw = entry.to_string();
        let found = Story::arrival().notify(sent).judge(&RULE).fails(NAMES);
        assert!(
            found.message.contains("\"extendedServiceAvailability\" around"),
            "{}",
            found.message
        );
        assert_eq!(found.evidence.actual, "salon");
    }

    #[test]
    fn what_made_the_api_refuse_an_update_is_named() {
        let update = |status: u16, entry: serde_json::Value| {
            let mut sent = inventory_update(START, json!({ "availability": [entry] }));
            sent.status = status;
            sent.answer = json!({ "error": { "message": "Invalid value at 'x'" } });
            Story::arrival().notify(sent).judge(&RULE)
        };
        for entry in [
            json!({ "spotsOpen": true }),
            json!({ "resources": { "colour": 1 } }),
        ] {
            let found = update(400, entry.clone()).fails(NAMES);
            assert!(
                found.message.ends_with("400: Invalid value at 'x'"),
                "{}",
                found.message
            );
            update(200, entry).passes(NAMES);
        }
        update(400, json!({ "spotsOpen": "1" })).passes(NAMES);
    }

    #[test]
    fn names_of_the_feeds_are_found() {
        for name in ["start_sec", "startSec", "duration_sec"] {
            let found = update(&json!({ name: 1 })).judge(&RULE).fails(NAMES);
            let place = format!("/extendedServiceAvailability/0/availability/0/{name}");
            assert_eq!(found.evidence.pointer, Some(place));
        }
    }
}
