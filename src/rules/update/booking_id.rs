//! BS-UPDATE-09, BS-UPDATE-07

use crate::verdicts::Proof;
use crate::{Case, Rule, Scope, Verdicts, reading};
use catalogue::RequirementId;
use serde_json::Value;
use transcript::Exchange;

const SAME: RequirementId = RequirementId::declared("BS-UPDATE-09");
const NAMED: RequirementId = RequirementId::declared("BS-UPDATE-07");

pub(crate) static RULE: Rule = Rule {
    name: "update/booking-id",
    requirements: &[SAME, NAMED],
    manual: "The booking in an answer to UpdateBooking must have the booking id that was updated. An absent id counts as a \
             field that the answer does not show.",
    scope: Scope::Answer(judge),
};

const POINTER: &str = "/booking/booking_id";

fn judge(_: &Case<'_>, exchange: &Exchange<'_>, verdicts: &mut Verdicts) {
    let sent = exchange.request_value(POINTER).and_then(Value::as_str);
    let (Some(booking), Some(sent)) = (reading::updated_booking(exchange), sent) else {
        return;
    };
    let proof = Proof::at(exchange.entry, POINTER).expected(sent);
    match reading::set(booking, "/booking_id").map(Value::as_str) {
        None | Some(Some("")) => verdicts.fail(NAMED, proof, "the updated booking has no booking id"),
        Some(Some(id)) => verdicts.check(SAME, id == sent, || {
            (
                proof.actual(id),
                "the booking has another id after the update".to_owned(),
            )
        }),
        Some(None) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Story, booking};
    use serde_json::json;

    fn answer(id: Value) -> Story {
        let mut answer = booking();
        answer["booking"]["booking_id"] = id;
        Story::arrival().cancel(answer)
    }

    #[test]
    fn the_same_id_passes() {
        answer(json!("bk-0001")).judge(&RULE).passes(SAME);
    }

    #[test]
    fn another_id_is_found() {
        answer(json!("bk-0002")).judge(&RULE).fails(SAME);
    }

    #[test]
    fn no_id_is_found() {
        answer(json!(null)).judge(&RULE).fails(NAMED);
    }
}
