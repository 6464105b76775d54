//! BS-UPDATE-22

use crate::verdicts::Proof;
use crate::{Case, Rule, Scope, Verdicts, reading};
use catalogue::RequirementId;
use protocol::Method;
use transcript::Exchange;

const OUTCOME: RequirementId = RequirementId::declared("BS-UPDATE-22");

pub(crate) static RULE: Rule = Rule {
    name: "update/outcome",
    requirements: &[OUTCOME],
    manual: "A 200 answer to UpdateBooking must hold `booking` or `booking_failure`. Both at once are tolerated, since \
             nothing is said about it.",
    scope: Scope::Answer(judge),
};

fn judge(_: &Case<'_>, exchange: &Exchange<'_>, verdicts: &mut Verdicts) {
    if exchange.call.method != Method::UpdateBooking || reading::body(exchange).is_none() {
        return;
    }
    let right =
        exchange.answer_value("/booking").is_some() || exchange.answer_value("/booking_failure").is_some();
    verdicts.check(OUTCOME, right, || {
        let proof = Proof::at(exchange.entry, "").expected("booking or booking_failure");
        (
            proof,
            "the answer holds neither a booking nor a failure".to_owned(),
        )
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Story, booking};
    use serde_json::json;

    #[test]
    fn a_booking_or_a_failure_passes() {
        Story::arrival().cancel(booking()).judge(&RULE).passes(OUTCOME);
        let failure = json!({ "booking_failure": { "cause": "BOOKING_NOT_CANCELLABLE" } });
        Story::arrival().cancel(failure).judge(&RULE).passes(OUTCOME);
    }

    #[test]
    fn neither_is_found() {
        Story::arrival()
            .cancel(json!({ "success": true }))
            .judge(&RULE)
            .fails(OUTCOME);
    }
}
