//! BS-CREATE-03, BS-ASYNC-02

use crate::verdicts::Proof;
use crate::{Case, Rule, Scope, Verdicts, reading};
use catalogue::RequirementId;
use domain::slot::ConfirmationMode;
use serde_json::{Value, json};
use transcript::Exchange;

const STATUS: RequirementId = RequirementId::declared("BS-CREATE-03");
const FINAL: RequirementId = RequirementId::declared("BS-ASYNC-02");

pub(crate) static RULE: Rule = Rule {
    name: "create/status",
    requirements: &[STATUS, FINAL],
    manual: "A new booking of a slot that is confirmed at once must have the status CONFIRMED. A pending status there is \
             reported as a missing decision, any other as a wrong status. Only the first answer for a token is judged: \
             when the token is repeated the booking may show what became of it. Names that the interface does not know \
             have a rule of their own.",
    scope: Scope::Answer(judge),
};

fn judge(case: &Case<'_>, exchange: &Exchange<'_>, verdicts: &mut Verdicts) {
    let Some(booking) = reading::created_booking(exchange) else {
        return;
    };
    if !is_synchronous(case, exchange) || case.is_repeat(exchange) {
        return;
    }
    let status = reading::set(booking, "/status");
    let proof = || {
        let proof = Proof::at(exchange.entry, "/booking/status").expected("CONFIRMED");
        proof.actual(status.cloned().unwrap_or_default())
    };
    match status.map(Value::as_str) {
        None | Some(Some("BOOKING_STATUS_UNSPECIFIED")) => {
            verdicts.fail(STATUS, proof(), "the new booking has no status");
        }
        Some(Some("CONFIRMED")) => {
            verdicts.pass(STATUS);
            verdicts.pass(FINAL);
        }
        Some(Some("PENDING_MERCHANT_CONFIRMATION")) => {
            let message =
                "the booking waits for the merchant although its slot is one that is confirmed at once";
            verdicts.fail(FINAL, proof(), message);
        }
        Some(Some(name)) if reading::is_name_of("BookingStatus", name) => {
            verdicts.fail(STATUS, proof(), "the new booking is not confirmed");
        }
        Some(_) => {}
    }
}

fn is_synchronous(case: &Case<'_>, exchange: &Exchange<'_>) -> bool {
    let asked = exchange.request_value("/slot/confirmation_mode");
    let bound = case.slot_of(exchange).map(|slot| slot.confirmation_mode);
    asked != Some(&json!(ConfirmationMode::Asynchronous)) && bound != Some(ConfirmationMode::Asynchronous)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Story, booking};

    fn with_status(status: &Value) -> Value {
        let mut answer = booking();
        answer["booking"]["status"] = status.clone();
        answer
    }

    #[test]
    fn confirmed_passes() {
        let verdict = Story::arrival().create(booking()).judge(&RULE);
        verdict.passes(STATUS);
        verdict.passes(FINAL);
    }

    #[test]
    fn no_status_or_another_one_is_found() {
        for status in [
            json!(null),
            json!("BOOKING_STATUS_UNSPECIFIED"),
            json!("CANCELED"),
        ] {
            Story::arrival()
                .create(with_status(&status))
                .judge(&RULE)
                .fails(STATUS);
        }
    }

    #[test]
    fn pending_is_no_decision() {
        let answer = with_status(&json!("PENDING_MERCHANT_CONFIRMATION"));
        Story::arrival().create(answer.clone()).judge(&RULE).fails(FINAL);
        let later = Story::arrival().slot(|slot| slot.confirmation_mode = ConfirmationMode::Asynchronous);
        later.create(answer).judge(&RULE).says_nothing();
    }

    #[test]
    fn a_repeated_token_may_show_what_became_of_the_booking() {
        let story = Story::arrival()
            .create(booking())
            .create(with_status(&json!("CANCELED")));
        story.judge(&RULE).passes(STATUS);
    }

    #[test]
    fn unknown_names_are_another_rules_finding() {
        Story::arrival()
            .create(with_status(&json!("BOOKED")))
            .judge(&RULE)
            .says_nothing();
    }
}
