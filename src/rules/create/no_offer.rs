//! BS-CREATE-19

use crate::verdicts::Proof;
use crate::{Case, Rule, Scope, Verdicts, reading};
use catalogue::RequirementId;
use serde_json::json;
use transcript::Exchange;

const NO_OFFER: RequirementId = RequirementId::declared("BS-CREATE-19");

pub(crate) static RULE: Rule = Rule {
    name: "create/no-offer",
    requirements: &[NO_OFFER],
    manual: "A booking that was asked for without an offer must be made without one: its answer holds no `offer_info`. An \
             empty object there is tolerated.",
    scope: Scope::Answer(judge),
};

const POINTER: &str = "/booking/offer_info";

fn judge(_: &Case<'_>, exchange: &Exchange<'_>, verdicts: &mut Verdicts) {
    let asked = ["/offer_id", "/deal_id"]
        .into_iter()
        .any(|pointer| exchange.request_value(pointer).is_some());
    if asked || reading::created_booking(exchange).is_none() {
        return;
    }
    let offer = exchange
        .answer_value(POINTER)
        .filter(|offer| *offer != &json!({}));
    verdicts.check(NO_OFFER, offer.is_none(), || {
        let proof = Proof::at(exchange.entry, POINTER).expected("absent");
        let proof = proof.actual(offer.cloned().unwrap_or_default());
        (proof, "the booking has an offer that nobody asked for".to_owned())
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Story, booking};

    #[test]
    fn no_offer_or_an_empty_one_passes() {
        Story::arrival().create(booking()).judge(&RULE).passes(NO_OFFER);
        let mut answer = booking();
        answer["booking"]["offer_info"] = json!({});
        Story::arrival().create(answer).judge(&RULE).passes(NO_OFFER);
    }

    #[test]
    fn an_offer_that_nobody_asked_for_is_found() {
        let mut answer = booking();
        answer["booking"]["offer_info"] = json!({ "offer_id": "spring" });
        let found = Story::arrival().create(answer).judge(&RULE).fails(NO_OFFER);
        assert_eq!(found.evidence.pointer.as_deref(), Some(POINTER));
    }
}
