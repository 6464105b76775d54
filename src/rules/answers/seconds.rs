//! BS-GEN-11

use super::{faults, field};
use crate::verdicts::Proof;
use crate::{Case, Rule, Scope, Verdicts};
use catalogue::RequirementId;
use protocol::schema::Fault;
use serde_json::Value;
use transcript::Exchange;

const SECONDS: RequirementId = RequirementId::declared("BS-GEN-11");

pub(crate) static RULE: Rule = Rule {
    name: "answers/seconds",
    requirements: &[SECONDS],
    manual: "Every field of an answer whose name ends in `_sec` must hold whole seconds, as a number or as decimal text. \
             Dates, times of day and fractions are refused.",
    scope: Scope::Answer(judge),
};

fn judge(_: &Case<'_>, exchange: &Exchange<'_>, verdicts: &mut Verdicts) {
    let wrong = faults(exchange, Fault::Type)
        .into_iter()
        .find(|fault| fault.pointer.ends_with("_sec"));
    let Some(fault) = wrong else {
        if exchange.ok_json().is_some_and(holds_seconds) {
            verdicts.pass(SECONDS);
        }
        return;
    };
    let message = format!("`{}` is not given in whole seconds", field(&fault.pointer));
    let proof = Proof::at(exchange.entry, fault.pointer).expected("whole seconds");
    verdicts.fail(SECONDS, proof.actual(fault.actual), message);
}

fn holds_seconds(value: &Value) -> bool {
    match value {
        Value::Array(items) => items.iter().any(holds_seconds),
        Value::Object(fields) => fields
            .iter()
            .any(|(name, value)| name.ends_with("_sec") || holds_seconds(value)),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Story, booking};
    use serde_json::json;

    #[test]
    fn numbers_and_decimal_text_pass() {
        let mut answer = booking();
        answer["booking"]["slot"]["start_sec"] = json!(1_893_484_800);
        Story::arrival().create(answer).judge(&RULE).passes(SECONDS);
    }

    #[test]
    fn a_date_is_found() {
        let mut answer = booking();
        answer["booking"]["slot"]["start_sec"] = json!("2030-01-01T08:00:00Z");
        let found = Story::arrival().create(answer).judge(&RULE).fails(SECONDS);
        assert_eq!(found.evidence.pointer.as_deref(), Some("/booking/slot/start_sec"));
    }

    #[test]
    fn an_answer_without_times_says_nothing() {
        let answer = json!({ "booking_failure": { "cause": "SLOT_UNAVAILABLE" } });
        Story::arrival().create(answer).judge(&RULE).says_nothing();
    }
}
