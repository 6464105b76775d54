//! FAIL-04

use super::{Told, owned};
use crate::verdicts::Proof;
use crate::{Case, Rule, Scope, Verdicts, reading};
use catalogue::RequirementId;
use protocol::Method;
use transcript::Exchange;

const NOT_VALID: RequirementId = RequirementId::declared("FAIL-04");

pub(crate) static RULE: Rule = Rule {
    name: "packs/used-up",
    requirements: &[NOT_VALID],
    manual: "A pack of which the last answer told that no visit is left cannot pay: a booking that is to be paid from it is \
             refused with PAYMENT_OPTION_NOT_VALID. A refusal for the slot's or the user's sake says nothing, and \
             neither does what follows a cancellation or an act of the partner's that told nothing of the pack. Whether an option has expired \
             cannot be shown by a run.",
    scope: Scope::Answer(judge),
};

const DUE: &str = "PAYMENT_OPTION_NOT_VALID";

/// Reasons that stand whatever pays.
const OTHERS: [&str; 4] = [
    "SLOT_UNAVAILABLE",
    "SLOT_ALREADY_BOOKED_BY_USER",
    "OVERLAPPING_RESERVATION",
    "USER_OVER_BOOKING_LIMIT",
];

fn judge(case: &Case<'_>, exchange: &Exchange<'_>, verdicts: &mut Verdicts) {
    if exchange.call.method != Method::CreateBooking || case.is_repeat(exchange) {
        return;
    }
    let Some(pack) = owned(exchange).filter(|pack| is_used_up(case, exchange, pack)) else {
        return;
    };
    // How a refusal is told has rules of its own.
    let Some(reply) = exchange.http().filter(|reply| reply.status == 200) else {
        return;
    };
    let reason = exchange.answer_text("/booking_failure/cause");
    if reason.is_some_and(|reason| OTHERS.contains(&reason)) {
        return;
    }
    let is_made = reading::created_booking(exchange).is_some();
    verdicts.check(NOT_VALID, reason == Some(DUE) && !is_made, || {
        let what = match (is_made, reason) {
            (true, _) => "paid for another booking".to_owned(),
            (false, Some(reason)) => format!("was refused with {reason}"),
            (false, None) => format!("was answered {} without a cause", reply.status),
        };
        let message =
            format!("the user's pack \"{pack}\" had no visit left, and to book with it once more {what}");
        let proof = Proof::at(exchange.entry, "/booking_failure/cause");
        (proof.expected(DUE).actual(reason), message)
    });
}

/// True when the last answer before a call that told of the pack said that nothing is left of it, and nothing can have changed that
/// since: a cancellation gives a visit back, whether or not its answer says so.
fn is_used_up(case: &Case<'_>, exchange: &Exchange<'_>, pack: &str) -> bool {
    let own = exchange.answer.call;
    let earlier = case.answers().filter(|one| one.entry < own);
    let told = earlier.filter_map(|one| Some((one.entry, Told::of(&one)?)));
    let Some((entry, told)) = told.filter(|(_, told)| told.id == pack).last() else {
        return false;
    };
    let mut updates = case.transcript.exchanges_of(Method::UpdateBooking);
    let is_changed = updates.any(|one| (entry + 1..own).contains(&one.entry))
        || case.triggers().any(|(place, ..)| (entry..own).contains(&place));
    told.visits_left() == Some(0) && !is_changed
}

#[cfg(test)]
mod tests {
    use super::super::testing::{buy, pack, refuse, spend, story};
    use super::*;
    use crate::testing::Story;
    use serde_json::json;

    fn used_up() -> Story {
        spend(buy(story(), pack("p-1", 1)), "bk-used", "p-1", pack("p-1", 0))
    }

    #[test]
    fn a_pack_without_a_visit_cannot_pay() {
        refuse(used_up(), "p-1", DUE).judge(&RULE).passes(NOT_VALID);
    }

    #[test]
    fn a_booking_and_another_cause_are_found() {
        let made = spend(used_up(), "bk-next", "p-1", pack("p-1", 0));
        made.judge(&RULE).fails(NOT_VALID);
        let found = refuse(used_up(), "p-1", "PAYMENT_ERROR")
            .judge(&RULE)
            .fails(NOT_VALID);
        assert!(
            found.message.ends_with("was refused with PAYMENT_ERROR"),
            "{}",
            found.message
        );
    }

    #[test]
    fn what_has_a_visit_left_or_another_reason_is_not_judged() {
        let left = buy(story(), pack("p-1", 1));
        refuse(left, "p-1", "PAYMENT_ERROR").judge(&RULE).says_nothing();
        refuse(used_up(), "p-1", "SLOT_UNAVAILABLE")
            .judge(&RULE)
            .says_nothing();
        refuse(used_up(), "p-2", "PAYMENT_ERROR")
            .judge(&RULE)
            .says_nothing();
        let silent = used_up().cancel(json!({ "booking": { "status": "CANCELED" } }));
        let next = spend(silent, "bk-next", "p-1", pack("p-1", 0));
        next.judge(&RULE).says_nothing();
    }
}
