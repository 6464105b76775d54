//! BS-ASYNC-07

use super::{LookupEntry, PENDING, entries, mode};
use crate::verdicts::Proof;
use crate::{Case, Rule, Scope, Verdicts, reading};
use catalogue::RequirementId;
use domain::slot::ConfirmationMode;
use scenario::matcher;

const MODE: RequirementId = RequirementId::declared("BS-ASYNC-07");

pub(crate) static RULE: Rule = Rule {
    name: "asynchronous/mode-echo",
    requirements: &[MODE],
    manual: "A look-up names the confirmation mode that Google expects of each slot, and the answer should name the same one; \
             an absent mode means that the slot is confirmed at once. Another mode by name is right where the slot has changed; \
             it is found only where a booking of the slot is answered as the old mode asks.",
    scope: Scope::Scenario(judge),
};

fn judge(case: &Case<'_>, verdicts: &mut Verdicts) {
    for entry in entries(case) {
        let (Some(asked), Some(returned)) = (mode(entry.asked), mode(entry.returned)) else {
            continue;
        };
        if asked != returned && may_have_changed(case, &entry, asked) {
            continue;
        }
        verdicts.check(MODE, asked == returned, || {
            let name = |slot: &serde_json::Value| slot["confirmation_mode"].clone();
            let proof = Proof::at(entry.exchange.entry, entry.pointer.clone());
            (
                proof.expected(name(entry.asked)).actual(name(entry.returned)),
                "the look-up does not give back the slot's confirmation mode".to_owned(),
            )
        });
    }
}

/// True when the entry names another mode, and no booking of the slot was answered as its old mode asks.
fn may_have_changed(case: &Case<'_>, entry: &LookupEntry<'_>, asked: ConfirmationMode) -> bool {
    let name = reading::text(entry.returned, "/confirmation_mode");
    let named = name.is_some_and(|name| name != "CONFIRMATION_MODE_UNSPECIFIED");
    named && !is_booked_like(case, entry, asked)
}

fn is_booked_like(case: &Case<'_>, entry: &LookupEntry<'_>, mode: ConfirmationMode) -> bool {
    let status = match mode {
        ConfirmationMode::Synchronous => "CONFIRMED",
        ConfirmationMode::Asynchronous => PENDING,
    };
    case.answers().any(|exchange| {
        let same = |name: &str| {
            let sent = exchange.request_value(&format!("/slot/{name}"));
            matcher::equal(&entry.asked[name], sent)
        };
        let answered =
            reading::created_booking(&exchange).and_then(|booking| reading::text(booking, "/status"));
        answered == Some(status) && same("service_id") && same("start_sec")
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Story, booking};
    use protocol::Method;
    use serde_json::{Value, json};

    const LATER: &str = "CONFIRMATION_MODE_ASYNCHRONOUS";

    fn look_up(asked: &str, returned: Value) -> Story {
        let slot = |mode: Value| json!({ "service_id": "cut", "start_sec": "1893484800", "confirmation_mode": mode });
        let request = json!({ "merchant_id": "salon", "slot_time": [slot(json!(asked))] });
        let answer =
            json!({ "slot_time_availability": [{ "slot_time": slot(returned), "available": true }] });
        Story::arrival().call(Method::BatchAvailabilityLookup, request, 200, answer)
    }

    #[test]
    fn the_same_mode_passes_and_an_absent_one_means_at_once() {
        look_up(LATER, json!(LATER)).judge(&RULE).passes(MODE);
        look_up("CONFIRMATION_MODE_SYNCHRONOUS", json!(null))
            .judge(&RULE)
            .passes(MODE);
    }

    #[test]
    fn a_mode_that_is_lost_warns() {
        look_up(LATER, json!(null)).judge(&RULE).warns(MODE);
    }

    #[test]
    fn a_slot_that_has_changed_is_booked_in_its_new_mode() {
        look_up(LATER, json!("CONFIRMATION_MODE_SYNCHRONOUS"))
            .create(booking())
            .judge(&RULE)
            .says_nothing();
        look_up(LATER, json!("CONFIRMATION_MODE_SYNCHRONOUS"))
            .judge(&RULE)
            .says_nothing();
    }

    #[test]
    fn another_mode_than_the_one_it_is_booked_in_warns() {
        let mut pending = booking();
        pending["booking"]["status"] = json!("PENDING_MERCHANT_CONFIRMATION");
        look_up(LATER, json!("CONFIRMATION_MODE_SYNCHRONOUS"))
            .create(pending)
            .judge(&RULE)
            .warns(MODE);
    }
}
