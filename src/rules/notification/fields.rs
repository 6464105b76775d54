//! REQ-08

use super::Patch;
use crate::catalogue::RequirementId;
use crate::protocol::schema::{Api, Fault, validate};
use crate::rules::bench::Proof;
use crate::rules::{Bench, Case, Note, Rule, Scope};

const FIELDS: RequirementId = RequirementId::declared("REQ-08");

pub(in crate::rules) static RULE: Rule = Rule {
    name: "notification/fields",
    requirements: &[FIELDS],
    manual: "The body of a booking notification may hold only the nine fields of the API's booking and what belongs into \
             them; the booking server's own message has other names. snake_case spellings of known names are read.",
    scope: Scope::Notification(judge),
};

fn judge(_: &Case<'_>, note: &Note<'_>, bench: &mut Bench) {
    let Some(patch) = Patch::of(note).filter(|patch| !patch.body.is_null()) else {
        return;
    };
    let unknown = validate(Api::V1alpha, "Booking", &patch.body)
        .into_iter()
        .find(|violation| violation.fault == Fault::Unknown);
    bench.check(FIELDS, unknown.is_none(), || {
        let (pointer, actual) = unknown
            .map(|found| (found.pointer, found.actual))
            .unwrap_or_default();
        let message = format!(
            "the notification API has no field `{}` at this place",
            pointer.rsplit('/').next().unwrap_or_default()
        );
        (Proof::at(note.entry, pointer).actual(actual), message)
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{Story, changes, copy};
    use serde_json::{Value, json};

    fn sent(body: Value) -> Story {
        let before = copy("CONFIRMED", None);
        Story::arrival().patch(Some("status"), changes(body), before.clone(), before)
    }

    #[test]
    fn known_fields_pass_in_either_spelling() {
        let payment = json!({ "prepayment_status": "PREPAYMENT_REFUNDED", "paymentTransactionId": "1" });
        let body = json!({ "status": "CANCELED", "start_time": "2030-01-01T08:00:00Z", "payment_information": payment });
        sent(body).judge(&RULE).passes(FIELDS);
    }

    #[test]
    fn fields_of_the_booking_server_are_found() {
        for (body, pointer) in [
            (json!({ "bookingId": "bk-0001" }), "/bookingId"),
            (
                json!({ "paymentInformation": { "price": {} } }),
                "/paymentInformation/price",
            ),
        ] {
            let found = sent(body).judge(&RULE).fails(FIELDS);
            assert_eq!(found.evidence.pointer.as_deref(), Some(pointer));
        }
    }
}
