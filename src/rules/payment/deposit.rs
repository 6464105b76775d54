//! AMT-09, PAY-DEP-04, PAY-DEP-12

use super::{PAYMENT, charge_differs, is_mixed, payment_part};
use crate::verdicts::Proof;
use crate::{Case, Rule, Scope, Verdicts, reading};
use catalogue::RequirementId;
use domain::slot::{Deposit, PriceType, Slot};
use serde_json::Value;
use transcript::Exchange;

const CURRENCY: RequirementId = RequirementId::declared("AMT-09");
const DEPOSIT: RequirementId = RequirementId::declared("PAY-DEP-04");
const MULTIPLIED: RequirementId = RequirementId::declared("PAY-DEP-12");

pub(crate) static RULE: Rule = Rule {
    name: "payment/deposit",
    requirements: &[CURRENCY, DEPOSIT, MULTIPLIED],
    manual: "A booking of a slot with a deposit must hold `deposit` with the configured amount and type; another \
             currency is told apart. An amount that was multiplied by the party size is told apart, since the multiplication belongs to the charge and not \
             to the message. An absent type means FIXED_RATE_DEFAULT; the refund cutoff has a rule of its own.",
    scope: Scope::Answer(judge),
};

const AMOUNT: &str = "/deposit/deposit/price_micros";

fn judge(case: &Case<'_>, exchange: &Exchange<'_>, verdicts: &mut Verdicts) {
    let slot = case.slot_of(exchange);
    let configured = slot.and_then(|slot| Some((slot, slot.terms.deposit.as_ref()?)));
    let (Some(payment), Some((slot, deposit))) = (payment_part(case, exchange), configured) else {
        return;
    };
    match reading::set(payment, "/deposit") {
        // Of two that belong together the absent one is looked for over the whole run.
        None if is_mixed(case, exchange) => return,
        None => {
            let proof = Proof::at(exchange.entry, format!("{PAYMENT}/deposit")).expected("present");
            return verdicts.fail(DEPOSIT, proof, "the booking does not return the deposit");
        }
        Some(got) if !got.is_object() => return,
        Some(_) => {}
    }
    if is_multiplied(slot, deposit, payment) {
        let proof = Proof::at(exchange.entry, format!("{PAYMENT}{AMOUNT}"));
        let proof = proof.expected(deposit.deposit.price_micros.to_string());
        let actual = payment.pointer(AMOUNT).cloned().unwrap_or_default();
        return verdicts.fail(
            MULTIPLIED,
            proof.actual(actual),
            "the deposit is multiplied by the party size",
        );
    }
    let place = ["/deposit/deposit", "/deposit/deposit_type"];
    let wrong = charge_differs(payment, place, &deposit.deposit, deposit.deposit_type);
    if wrong.is_none() && deposit.deposit_type == PriceType::PerPerson && party(slot) > 1 {
        verdicts.pass(MULTIPLIED);
    }
    if let Some((place, expected, actual)) = wrong
        .as_ref()
        .filter(|(place, ..)| place.ends_with("currency_code"))
    {
        let proof = Proof::at(exchange.entry, format!("{PAYMENT}{place}")).expected(expected.clone());
        let message = "the deposit is in another currency than that of the feed";
        return verdicts.fail(CURRENCY, proof.actual(actual.clone()), message);
    }
    verdicts.pass(CURRENCY);
    verdicts.check(DEPOSIT, wrong.is_none(), || {
        let (place, expected, actual) = wrong.unwrap_or_default();
        let proof = Proof::at(exchange.entry, format!("{PAYMENT}{place}"));
        (
            proof.expected(expected).actual(actual),
            "the booking has another deposit than the one that is configured".to_owned(),
        )
    });
}

fn party(slot: &Slot) -> i64 {
    slot.resources.party_size.map_or(1, i64::from)
}

fn is_multiplied(slot: &Slot, deposit: &Deposit, payment: &Value) -> bool {
    let configured = deposit.deposit.price_micros;
    let multiplied = configured
        .checked_mul(party(slot))
        .filter(|micros| *micros != configured);
    multiplied.is_some() && reading::number(payment, AMOUNT) == multiplied
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Story, paid_booking};
    use serde_json::json;

    fn answer(story: Story, change: impl FnOnce(&mut Value)) -> Story {
        let mut answer = paid_booking(&story, "PREPAYMENT_PROVIDED");
        change(&mut answer["booking"]["payment_information"]);
        story.create(answer)
    }

    fn per_person() -> Story {
        Story::deposit(3600).slot(|slot| {
            slot.resources.party_size = Some(4);
            if let Some(deposit) = &mut slot.terms.deposit {
                deposit.deposit_type = PriceType::PerPerson;
            }
        })
    }

    #[test]
    fn the_configured_deposit_passes() {
        answer(Story::deposit(3600), |_| {}).judge(&RULE).passes(DEPOSIT);
        answer(per_person(), |_| {}).judge(&RULE).passes(MULTIPLIED);
    }

    #[test]
    fn an_absent_deposit_or_another_amount_is_found() {
        let story = answer(Story::deposit(3600), |payment| payment["deposit"] = Value::Null);
        story.judge(&RULE).fails(DEPOSIT);
        let story = answer(Story::deposit(3600), |payment| {
            payment["deposit"]["deposit"]["price_micros"] = json!("25000000");
        });
        let found = story.judge(&RULE).fails(DEPOSIT);
        assert_eq!(found.evidence.expected, json!("60000000"));
    }

    #[test]
    fn a_deposit_times_the_party_is_told_apart() {
        let story = answer(per_person(), |payment| {
            payment["deposit"]["deposit"]["price_micros"] = json!(240_000_000);
        });
        story.judge(&RULE).fails(MULTIPLIED);
    }
}
