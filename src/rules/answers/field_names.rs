//! BS-JSON-06

use super::{faults, field};
use crate::availability::flag;
use crate::verdicts::Proof;
use crate::{Case, Rule, Scope, Verdicts, reading};
use catalogue::RequirementId;
use protocol::availability::is_other_word;
use protocol::model::v3;
use protocol::schema::Fault;
use transcript::Exchange;

const NAMES: RequirementId = RequirementId::declared("BS-JSON-06");

pub(crate) static RULE: Rule = Rule {
    name: "answers/field-names",
    requirements: &[NAMES],
    manual: "Every field of a 200 answer should have a name of the interface, in snake_case. Names in camelCase are read \
             all the same and warn, as do fields that the interface does not have. The names inside \
             `virtual_session_info` have a rule of their own, and an answer that knows no field at all is judged by the \
             rule about what the answer must hold.",
    scope: Scope::Answer(judge),
};

fn judge(case: &Case<'_>, exchange: &Exchange<'_>, verdicts: &mut Verdicts) {
    if is_another_dialect(exchange) {
        return;
    }
    if let Some(pointer) = exchange.http().and_then(|reply| reply.renamed_pointers().first()) {
        let message = format!("`{}` is not written in snake_case", field(pointer));
        return verdicts.fail(NAMES, Proof::at(exchange.entry, pointer.as_str()), message);
    }
    let unknown = faults(exchange, Fault::Unknown)
        .into_iter()
        .filter(|fault| !fault.pointer.contains("/virtual_session_info/"))
        // What stands in the place of `available` is another rule's finding.
        .find(|fault| !is_other_word(field(&fault.pointer)) || !flag::has_dialect(case));
    verdicts.check(NAMES, unknown.is_none(), || {
        let (pointer, actual) = unknown
            .map(|fault| (fault.pointer, fault.actual))
            .unwrap_or_default();
        let message = format!("the interface has no field `{}` at this place", field(&pointer));
        (Proof::at(exchange.entry, pointer).actual(actual), message)
    });
}

/// No object, or none of its names belongs to the message: what is missing then is found by the rule that misses it.
fn is_another_dialect(exchange: &Exchange<'_>) -> bool {
    let message = exchange.call.method.response_message();
    let message = message.and_then(|name| v3().message(&name));
    let (Some(message), Some(body)) = (message, reading::body(exchange)) else {
        return true;
    };
    !body.is_empty() && body.keys().all(|name| message.field(name).is_none())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Story, booking};
    use protocol::Method;
    use serde_json::json;

    #[test]
    fn the_names_of_the_interface_pass() {
        Story::arrival().create(booking()).judge(&RULE).passes(NAMES);
    }

    #[test]
    fn camel_case_warns_at_its_place() {
        let answer = json!({ "booking": { "bookingId": "bk-0001" } });
        let found = Story::arrival().create(answer).judge(&RULE).warns(NAMES);
        assert_eq!(found.evidence.pointer.as_deref(), Some("/booking/booking_id"));
        assert!(found.message.contains("snake_case"));
    }

    #[test]
    fn a_field_at_the_wrong_place_warns() {
        let mut answer = booking();
        answer["booking"]["payment_information"]["deposit"] =
            json!({ "deposit": { "currency_code": "USD", "min_advance_cancellation_sec": "5" } });
        let found = Story::arrival().create(answer).judge(&RULE).warns(NAMES);
        assert!(found.message.contains("min_advance_cancellation_sec"));
    }

    #[test]
    fn session_names_and_other_dialects_are_left_to_their_rules() {
        let mut answer = booking();
        answer["booking"]["virtual_session_info"] = json!({ "link": "https://meet.example.org/1" });
        Story::online(None).create(answer).judge(&RULE).passes(NAMES);
        let slots = json!({ "slots": [] });
        let story = Story::arrival().call(Method::BatchAvailabilityLookup, json!({}), 200, slots);
        story.judge(&RULE).says_nothing();
    }
}
