//! PAY-NOSHOW-10

use super::BookingUpdate;
use crate::verdicts::Proof;
use crate::{Case, Rule, Scope, Verdicts};
use catalogue::RequirementId;
use domain::slot::PaymentMode;

const PENALTY: RequirementId = RequirementId::declared("PAY-NOSHOW-10");

pub(crate) static RULE: Rule = Rule {
    name: "notification/penalty",
    requirements: &[PENALTY],
    manual: "NO_SHOW_PENALIZED may not be reported for a slot without a fee for not coming. Whether a deposit or a prepayment \
             that is kept counts as a penalty is left open.",
    scope: Scope::BookingUpdate(judge),
};

fn judge(case: &Case<'_>, patch: &BookingUpdate<'_>, verdicts: &mut Verdicts) {
    let slot = case
        .slot_of_booking(patch.booking_id)
        .filter(|_| !case.is_moved(patch.booking_id));
    let (Some(status), Some(slot)) = (
        patch.status().filter(|status| status.starts_with("NO_SHOW")),
        slot,
    ) else {
        return;
    };
    let modes = slot.terms.modes();
    let has_fee = modes.contains(&PaymentMode::NoShowFee);
    let keeps_money = modes.contains(&PaymentMode::Deposit) || modes.contains(&PaymentMode::Prepayment);
    if keeps_money && !has_fee {
        return;
    }
    verdicts.check(PENALTY, status == "NO_SHOW" || has_fee, || {
        let proof = Proof::at(patch.entry, "/status")
            .expected("NO_SHOW")
            .actual(status);
        (
            proof,
            "a penalty is reported although the slot has no fee for not coming".to_owned(),
        )
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Story, booking, changes, copy};
    use serde_json::json;

    fn report_status(story: Story, status: &str) -> Story {
        let body = changes(json!({ "status": status }));
        let story = story.create(booking());
        story.patch(Some("status"), body, copy("CONFIRMED", None), copy(status, None))
    }

    #[test]
    fn an_absence_without_and_a_penalty_with_a_fee_pass() {
        report_status(Story::arrival(), "NO_SHOW")
            .judge(&RULE)
            .passes(PENALTY);
        report_status(Story::no_show_fee(), "NO_SHOW_PENALIZED")
            .judge(&RULE)
            .passes(PENALTY);
    }

    #[test]
    fn a_penalty_without_a_fee_is_found() {
        report_status(Story::arrival(), "NO_SHOW_PENALIZED")
            .judge(&RULE)
            .fails(PENALTY);
        report_status(Story::card_only(), "NO_SHOW_PENALIZED")
            .judge(&RULE)
            .fails(PENALTY);
        report_status(Story::deposit(60), "NO_SHOW_PENALIZED")
            .judge(&RULE)
            .says_nothing();
    }
}
