//! RTU-ASYNC-06, RTU-ASYNC-07, RTU-ASYNC-09

use super::{BookingUpdate, failure};
use crate::verdicts::Proof;
use crate::{Case, Rule, Scope, Verdicts};
use catalogue::RequirementId;
use protocol::model::v1alpha;

const NAMED: RequirementId = RequirementId::declared("RTU-ASYNC-06");
const CARD: RequirementId = RequirementId::declared("RTU-ASYNC-07");
const KNOWN: RequirementId = RequirementId::declared("RTU-ASYNC-09");

pub(crate) static RULE: Rule = Rule {
    name: "notification/failure-cause",
    requirements: &[NAMED, CARD, KNOWN],
    manual: "A notification with the status FAILED should have the query parameter `bookingFailure.cause`. The cause must be one \
             that the API names, not CAUSE_UNSPECIFIED; with PAYMENT_ERROR_CARD_TYPE_REJECTED comes \
             `bookingFailure.rejectedCardType`. A failure in the wrong place has a rule of its own.",
    scope: Scope::BookingUpdate(judge),
};

fn judge(_: &Case<'_>, patch: &BookingUpdate<'_>, verdicts: &mut Verdicts) {
    if patch.status() != Some("FAILED") || failure::wrong_place(&patch.call).is_some() {
        return;
    }
    let proof = || Proof {
        entry: Some(patch.entry),
        ..Proof::default()
    };
    let Some(cause) = failure::field(&patch.call, "cause").filter(|cause| !cause.is_empty()) else {
        let message = "the request is reported as FAILED without a cause";
        return verdicts.fail(NAMED, proof().expected("bookingFailure.cause"), message);
    };
    verdicts.pass(NAMED);
    verdicts.check(KNOWN, is_cause(&cause), || {
        let message = "the cause of the failure is not one that the API names";
        let proof = proof().expected("a cause of the API").actual(cause.as_str());
        (proof, message.to_owned())
    });
    let card = failure::field(&patch.call, "rejectedCardType");
    let is_named = card.is_some_and(|card| !card.is_empty() && card != "CREDIT_CARD_TYPE_UNSPECIFIED");
    verdicts.check(
        CARD,
        is_named || cause != "PAYMENT_ERROR_CARD_TYPE_REJECTED",
        || {
            let message = "the card type was rejected, but the notification does not say which";
            (
                proof().expected("bookingFailure.rejectedCardType"),
                message.to_owned(),
            )
        },
    );
}

fn is_cause(name: &str) -> bool {
    let causes = v1alpha().enumeration("BookingFailure.Cause");
    causes.is_some_and(|causes| causes.contains(name) && causes.default_name() != Some(name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Story, StoryVerdict, changes, copy, patch};
    use serde_json::json;

    fn judge_failure(query: &str) -> StoryVerdict {
        let body = changes(json!({ "status": "FAILED" }));
        let mut sent = patch(
            Some("status"),
            body,
            copy("PENDING_MERCHANT_CONFIRMATION", None),
            copy("FAILED", None),
        );
        sent.target += query;
        Story::arrival().notify(sent).judge(&RULE)
    }

    #[test]
    fn a_cause_of_the_api_passes() {
        let verdict = judge_failure("&bookingFailure.cause=SLOT_UNAVAILABLE");
        verdict.passes(NAMED);
        verdict.passes(KNOWN);
        judge_failure(
            "&booking_failure.cause=PAYMENT_ERROR_CARD_TYPE_REJECTED&booking_failure.rejected_card_type=JCB",
        )
        .passes(CARD);
    }

    #[test]
    fn no_cause_warns() {
        judge_failure("").warns(NAMED);
    }

    #[test]
    fn a_cause_that_says_nothing_is_found() {
        for cause in ["CAUSE_UNSPECIFIED", "SOLD_TWICE"] {
            judge_failure(&format!("&bookingFailure.cause={cause}")).fails(KNOWN);
        }
    }

    #[test]
    fn a_rejected_card_without_its_type_is_found() {
        judge_failure("&bookingFailure.cause=PAYMENT_ERROR_CARD_TYPE_REJECTED").fails(CARD);
    }

    #[test]
    fn a_failure_as_one_parameter_is_another_finding() {
        let failure = "&bookingFailure=%7B%22cause%22%3A%22SLOT_UNAVAILABLE%22%7D";
        judge_failure(failure).says_nothing();
    }
}
