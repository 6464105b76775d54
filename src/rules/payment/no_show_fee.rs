//! AMT-09, PAY-NOSHOW-04

use super::{PAYMENT, charge_differs, is_mixed, payment_part};
use crate::verdicts::Proof;
use crate::{Case, Rule, Scope, Verdicts, reading};
use catalogue::RequirementId;
use transcript::Exchange;

const CURRENCY: RequirementId = RequirementId::declared("AMT-09");
const FEE: RequirementId = RequirementId::declared("PAY-NOSHOW-04");

pub(crate) static RULE: Rule = Rule {
    name: "payment/no-show-fee",
    requirements: &[CURRENCY, FEE],
    manual: "A booking of a slot with a fee for not coming must hold `no_show_fee` with the configured amount and \
             type; another currency is told apart. The fee is not multiplied by the party size. An absent type means FIXED_RATE_DEFAULT.",
    scope: Scope::Answer(judge),
};

fn judge(case: &Case<'_>, exchange: &Exchange<'_>, verdicts: &mut Verdicts) {
    let fee = case
        .slot_of(exchange)
        .and_then(|slot| slot.terms.no_show_fee.as_ref());
    let (Some(payment), Some(fee)) = (payment_part(case, exchange), fee) else {
        return;
    };
    let pointer = format!("{PAYMENT}/no_show_fee");
    match reading::set(payment, "/no_show_fee") {
        // Of two that belong together the absent one is looked for over the whole run.
        None if is_mixed(case, exchange) => return,
        None => {
            let proof = Proof::at(exchange.entry, pointer).expected("present");
            return verdicts.fail(FEE, proof, "the booking does not return the fee for not coming");
        }
        Some(got) if !got.is_object() => return,
        Some(_) => {}
    }
    let place = ["/no_show_fee/fee", "/no_show_fee/fee_type"];
    let wrong = charge_differs(payment, place, &fee.fee, fee.fee_type);
    if let Some((place, expected, actual)) = wrong
        .as_ref()
        .filter(|(place, ..)| place.ends_with("currency_code"))
    {
        let proof = Proof::at(exchange.entry, format!("{PAYMENT}{place}")).expected(expected.clone());
        let message = "the fee for not coming is in another currency than that of the feed";
        return verdicts.fail(CURRENCY, proof.actual(actual.clone()), message);
    }
    verdicts.pass(CURRENCY);
    verdicts.check(FEE, wrong.is_none(), || {
        let (place, expected, actual) = wrong.unwrap_or_default();
        let proof = Proof::at(exchange.entry, format!("{PAYMENT}{place}"));
        (
            proof.expected(expected).actual(actual),
            "the booking has another fee for not coming than the one that is configured".to_owned(),
        )
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Story, paid_booking};
    use serde_json::{Value, json};

    fn answer(change: impl FnOnce(&mut Value)) -> Story {
        let story = Story::no_show_fee();
        let mut answer = paid_booking(&story, "PREPAYMENT_NOT_PROVIDED");
        change(&mut answer["booking"]["payment_information"]);
        story.create(answer)
    }

    #[test]
    fn the_configured_fee_passes_without_its_default_type() {
        let story = answer(|payment| payment["no_show_fee"]["fee_type"] = Value::Null);
        story.judge(&RULE).passes(FEE);
    }

    #[test]
    fn an_absent_fee_is_found() {
        answer(|payment| payment["no_show_fee"] = Value::Null)
            .judge(&RULE)
            .fails(FEE);
    }

    #[test]
    fn another_amount_currency_or_type_is_found_at_its_place() {
        for (requirement, pointer, value) in [
            (FEE, "fee/price_micros", json!("60000000")),
            (CURRENCY, "fee/currency_code", json!("EUR")),
            (FEE, "fee_type", json!("PER_PERSON")),
        ] {
            let story = answer(|payment| {
                *payment["no_show_fee"]
                    .pointer_mut(&format!("/{pointer}"))
                    .unwrap_or(&mut Value::Null) = value;
            });
            let found = story.judge(&RULE).fails(requirement);
            let place = format!("/booking/payment_information/no_show_fee/{pointer}");
            assert_eq!(found.evidence.pointer, Some(place));
        }
    }

    #[test]
    fn a_currency_that_is_wrong_in_the_price_is_told_there() {
        let story = answer(|payment| {
            payment["price"]["currency_code"] = json!("EUR");
            payment["no_show_fee"]["fee"]["currency_code"] = json!("EUR");
        });
        story.judge(&RULE).passes(FEE);
    }
}
