//! BS-JSON-05

use super::{faults, field};
use crate::verdicts::Proof;
use crate::{Case, Rule, Scope, Verdicts, reading};
use catalogue::RequirementId;
use protocol::Method;
use protocol::schema::Fault;
use transcript::Exchange;

const NAMES: RequirementId = RequirementId::declared("BS-JSON-05");

pub(crate) static RULE: Rule = Rule {
    name: "answers/enum-names",
    requirements: &[NAMES],
    manual: "Every enum value in a 200 answer must be one of the names of the interface. A value given by its number is \
             read by most parsers and warns. Causes of failures have a rule of their own.",
    scope: Scope::Answer(judge),
};

fn judge(_: &Case<'_>, exchange: &Exchange<'_>, verdicts: &mut Verdicts) {
    // Nobody reads what HealthCheck says.
    if reading::body(exchange).is_none() || exchange.call.method == Method::HealthCheck {
        return;
    }
    let unknown = faults(exchange, Fault::Enum)
        .into_iter()
        .find(|fault| fault.pointer != "/booking_failure/cause");
    if let Some(fault) = unknown {
        let message = format!(
            "`{}` holds a value that the interface does not know",
            field(&fault.pointer)
        );
        let proof = Proof::at(exchange.entry, fault.pointer).expected(fault.expected);
        return verdicts.fail(NAMES, proof.actual(fault.actual), message);
    }
    let Some(fault) = faults(exchange, Fault::EnumNumber).into_iter().next() else {
        return verdicts.pass(NAMES);
    };
    let message = format!(
        "`{}` is given as a number instead of by its name",
        field(&fault.pointer)
    );
    let proof = Proof::at(exchange.entry, fault.pointer).expected(fault.expected);
    verdicts.warn(NAMES, proof.actual(fault.actual), message);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Story, booking};
    use serde_json::json;

    #[test]
    fn known_names_pass() {
        Story::arrival().create(booking()).judge(&RULE).passes(NAMES);
    }

    #[test]
    fn a_name_of_the_own_system_is_found() {
        let mut answer = booking();
        answer["booking"]["status"] = json!("BOOKED");
        let found = Story::arrival().create(answer).judge(&RULE).fails(NAMES);
        assert_eq!(found.evidence.pointer.as_deref(), Some("/booking/status"));
    }

    #[test]
    fn a_number_warns() {
        let mut answer = booking();
        answer["booking"]["status"] = json!(1);
        Story::arrival().create(answer).judge(&RULE).warns(NAMES);
    }

    #[test]
    fn causes_are_left_to_their_own_rule() {
        let answer = json!({ "booking_failure": { "cause": "SOLD_OUT" } });
        Story::arrival().create(answer).judge(&RULE).passes(NAMES);
    }
}
