//! BS-CREATE-04

use crate::verdicts::Proof;
use crate::{Case, Rule, Scope, Verdicts, reading};
use catalogue::RequirementId;
use protocol::int64;
use scenario::matcher;
use transcript::Exchange;

const ECHO: RequirementId = RequirementId::declared("BS-CREATE-04");

pub(crate) static RULE: Rule = Rule {
    name: "create/slot-echo",
    requirements: &[ECHO],
    manual: "The slot in the booking is compared with the slot that was asked for: merchant, service, start and \
             duration must be there and equal; tag, resources and confirmation mode may be left out but must not differ. \
             Numbers and decimal strings are the same. Values of another type have rules of their own. Only the first \
             booking for a token is judged: it may have been moved when the token is repeated.",
    scope: Scope::Answer(judge),
};

const REQUIRED: [&str; 4] = ["merchant_id", "service_id", "start_sec", "duration_sec"];
const OPTIONAL: [&str; 5] = [
    "availability_tag",
    "confirmation_mode",
    "resources/staff_id",
    "resources/room_id",
    "resources/party_size",
];

fn judge(case: &Case<'_>, exchange: &Exchange<'_>, verdicts: &mut Verdicts) {
    let Some(made) = reading::created_booking(exchange).filter(|_| !case.is_repeat(exchange)) else {
        return;
    };
    if reading::set(made, "/slot").is_some_and(|slot| !slot.is_object()) {
        return;
    }
    let wrong = REQUIRED.iter().chain(&OPTIONAL).find_map(|name| {
        let sent = exchange.request_value(&format!("/slot/{name}"))?;
        let pointer = format!("/booking/slot/{name}");
        let got = exchange.answer_value(&pointer);
        let unreadable = name.ends_with("_sec") && got.is_some_and(|value| int64::read(value).is_none());
        let tolerated = unreadable || (got.is_none() && OPTIONAL.contains(name));
        (!tolerated && !matcher::equal(sent, got)).then(|| (pointer, sent.clone(), got.cloned()))
    });
    verdicts.check(ECHO, wrong.is_none(), || {
        let (pointer, expected, actual) = wrong.unwrap_or_default();
        let name = pointer.trim_start_matches("/booking/slot/").to_owned();
        let proof = Proof::at(exchange.entry, pointer)
            .expected(expected)
            .actual(actual.unwrap_or_default());
        (
            proof,
            format!("the booking is for another slot than the one that was asked for: {name} differs"),
        )
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Story, booking};
    use serde_json::json;

    #[test]
    fn an_equal_slot_passes_in_either_number_form() {
        let mut answer = booking();
        answer["booking"]["slot"]["start_sec"] = json!(1_893_484_800);
        answer["booking"]["slot"]
            .as_object_mut()
            .map(|slot| slot.remove("availability_tag"));
        Story::arrival().create(answer).judge(&RULE).passes(ECHO);
    }

    #[test]
    fn what_cannot_be_read_is_another_rules_finding() {
        let mut answer = booking();
        answer["booking"]["slot"]["start_sec"] = json!("2030-01-01T08:00:00Z");
        Story::arrival().create(answer).judge(&RULE).passes(ECHO);
    }

    #[test]
    fn another_start_is_found() {
        let mut answer = booking();
        answer["booking"]["slot"]["start_sec"] = json!("1893488400");
        let found = Story::arrival().create(answer).judge(&RULE).fails(ECHO);
        assert_eq!(found.evidence.pointer.as_deref(), Some("/booking/slot/start_sec"));
        assert_eq!(found.evidence.expected, json!("1893484800"));
    }
}
