//! PAY-COM-06

use super::{PAYMENT, payment_part};
use crate::verdicts::Proof;
use crate::{Case, Rule, Scope, Verdicts, reading};
use catalogue::RequirementId;
use transcript::Exchange;

const BY_PARTNER: RequirementId = RequirementId::declared("PAY-COM-06");

pub(crate) static RULE: Rule = Rule {
    name: "payment/processed-by",
    requirements: &[BY_PARTNER],
    manual: "`payment_processed_by` of a paid booking must be PROCESSED_BY_PARTNER. That it is there at all, and that its \
             name is known, are judged by other rules.",
    scope: Scope::Answer(judge),
};

fn judge(case: &Case<'_>, exchange: &Exchange<'_>, verdicts: &mut Verdicts) {
    let name =
        payment_part(case, exchange).and_then(|payment| reading::text(payment, "/payment_processed_by"));
    let known = |name: &&str| reading::is_name_of("PaymentInformation.PaymentProcessedBy", name);
    let Some(name) = name.filter(known) else { return };
    verdicts.check(BY_PARTNER, name == "PROCESSED_BY_PARTNER", || {
        let proof = Proof::at(exchange.entry, format!("{PAYMENT}/payment_processed_by"));
        let proof = proof.expected("PROCESSED_BY_PARTNER").actual(name);
        (
            proof,
            "the booking does not say that the partner processes the payment".to_owned(),
        )
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Story, paid_booking};
    use serde_json::json;

    #[test]
    fn the_partner_passes() {
        let story = Story::prepayment();
        let answer = paid_booking(&story, "PREPAYMENT_PROVIDED");
        story.create(answer).judge(&RULE).passes(BY_PARTNER);
    }

    #[test]
    fn google_is_found_and_an_unknown_name_left_to_its_rule() {
        let story = || Story::no_show_fee();
        let mut answer = paid_booking(&story(), "PREPAYMENT_NOT_PROVIDED");
        answer["booking"]["payment_information"]["payment_processed_by"] = json!("PROCESSED_BY_GOOGLE");
        story().create(answer.clone()).judge(&RULE).fails(BY_PARTNER);
        answer["booking"]["payment_information"]["payment_processed_by"] = json!("STRIPE");
        story().create(answer).judge(&RULE).says_nothing();
    }
}
