//! PAY-DEP-05

use super::{PAYMENT, payment_part};
use crate::verdicts::Proof;
use crate::{Case, Rule, Scope, Verdicts, reading};
use catalogue::RequirementId;
use protocol::int64;
use serde_json::Value;
use transcript::Exchange;

const CUTOFF: RequirementId = RequirementId::declared("PAY-DEP-05");

pub(crate) static RULE: Rule = Rule {
    name: "payment/deposit-cutoff",
    requirements: &[CUTOFF],
    manual: "The returned deposit should hold `min_advance_cancellation_sec` as it is configured. It is also read inside the \
             deposit's price, where one of Google's samples prints it.",
    scope: Scope::Answer(judge),
};

const PLACE: &str = "/min_advance_cancellation_sec";
const NESTED: &str = "/deposit/min_advance_cancellation_sec";

fn judge(case: &Case<'_>, exchange: &Exchange<'_>, verdicts: &mut Verdicts) {
    let slot = case.slot_of(exchange);
    let cutoff = slot.and_then(|slot| slot.terms.deposit.as_ref()?.min_advance_cancellation_sec);
    let returned = payment_part(case, exchange).and_then(|payment| reading::set(payment, "/deposit"));
    let (Some(cutoff), Some(returned)) = (cutoff, returned.filter(|deposit| deposit.is_object())) else {
        return;
    };
    let got = reading::set(returned, PLACE).or_else(|| reading::set(returned, NESTED));
    let seconds = got.map_or(Some(0), int64::read);
    // Text that is no number is the finding of the rule about times.
    let Some(seconds) = seconds else { return };
    verdicts.check(CUTOFF, seconds == cutoff, || {
        let message = match got {
            None => "the returned deposit does not say until when it is refunded",
            Some(_) => "the returned deposit is refunded until another moment than the configured one",
        };
        let proof = Proof::at(exchange.entry, format!("{PAYMENT}/deposit{PLACE}"));
        let proof = proof.expected(cutoff.to_string());
        (
            proof.actual(got.cloned().unwrap_or(Value::Null)),
            message.to_owned(),
        )
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Story, paid_booking};
    use serde_json::json;

    fn answer(cutoff: i64, deposit: impl FnOnce(&mut Value)) -> Story {
        let story = Story::deposit(cutoff);
        let mut answer = paid_booking(&story, "PREPAYMENT_PROVIDED");
        deposit(&mut answer["booking"]["payment_information"]["deposit"]);
        story.create(answer)
    }

    #[test]
    fn the_configured_cutoff_passes_at_either_place() {
        answer(14_400, |_| {}).judge(&RULE).passes(CUTOFF);
        let nested = |deposit: &mut Value| {
            deposit["min_advance_cancellation_sec"] = Value::Null;
            deposit["deposit"]["min_advance_cancellation_sec"] = json!(14_400);
        };
        answer(14_400, nested).judge(&RULE).passes(CUTOFF);
        answer(0, |deposit| deposit["min_advance_cancellation_sec"] = Value::Null)
            .judge(&RULE)
            .passes(CUTOFF);
    }

    #[test]
    fn no_cutoff_or_another_one_warns() {
        for cutoff in [json!(null), json!("28800")] {
            let story = answer(14_400, |deposit| deposit["min_advance_cancellation_sec"] = cutoff);
            story.judge(&RULE).warns(CUTOFF);
        }
    }
}
