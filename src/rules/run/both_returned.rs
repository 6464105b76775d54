//! PAY-MIX-02

use crate::payment::is_mixed;
use crate::verdicts::Proof;
use crate::{Case, Rule, Run, Scope, Verdicts, reading};
use catalogue::RequirementId;
use domain::slot::Slot;
use transcript::Exchange;

const BOTH: RequirementId = RequirementId::declared("PAY-MIX-02");

pub(crate) static RULE: Rule = Rule {
    name: "run/both-returned",
    requirements: &[BOTH],
    manual: "A booking of a slot with a deposit and a fee for not coming must hold both `deposit` and `no_show_fee`. One that \
             is never returned, on slots that have nothing else either, is found by the rule about it and not here.",
    scope: Scope::Run(judge),
};

type HasTerm = fn(&Slot) -> bool;

const PARTS: [(&str, &str, HasTerm); 2] = [
    ("/booking/payment_information/deposit", "deposit", |slot| {
        slot.terms.deposit.is_some()
    }),
    (
        "/booking/payment_information/no_show_fee",
        "fee for not coming",
        |slot| slot.terms.no_show_fee.is_some(),
    ),
];

fn judge(run: &Run<'_>, verdicts: &mut Verdicts) {
    for case in run.cases {
        for exchange in case
            .answers()
            .filter(|exchange| is_sale(exchange) && is_mixed(case, exchange))
        {
            let mut absent = PARTS
                .iter()
                .filter(|(pointer, ..)| exchange.answer_value(pointer).is_none());
            let absent = absent.find(|part| !is_never_returned(run, part));
            verdicts.check(BOTH, absent.is_none(), || {
                let (pointer, name, _) = absent.unwrap_or(&PARTS[0]);
                let proof = Proof {
                    pointer: Some((*pointer).to_owned()),
                    ..Proof::default()
                };
                let message =
                    format!("of a deposit together with a fee for not coming, the {name} is not returned");
                (
                    proof.expected("present").actual(case.scenario.id.clone()),
                    message,
                )
            });
        }
    }
}

fn is_sale(exchange: &Exchange<'_>) -> bool {
    reading::created_booking(exchange).is_some_and(|booking| booking["payment_information"].is_object())
}

/// True when a plain booking, which has only this part, lacks it as well.
fn is_never_returned(run: &Run<'_>, (pointer, _, has): &(&str, &str, HasTerm)) -> bool {
    let lacks = |case: &Case<'_>, exchange: &Exchange<'_>| {
        let plain = case.slot_of(exchange).is_some_and(has) && !is_mixed(case, exchange);
        plain && is_sale(exchange) && exchange.answer_value(pointer).is_none()
    };
    run.cases
        .iter()
        .any(|case| case.answers().any(|exchange| lacks(case, &exchange)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Story, judge_run, paid_booking, usd};
    use domain::slot::{NoShowFee, PriceType};
    use serde_json::Value;

    fn without(story: Story, name: Option<&str>) -> Story {
        let mut answer = paid_booking(&story, "PREPAYMENT_PROVIDED");
        if let Some(name) = name {
            answer["booking"]["payment_information"][name] = Value::Null;
        }
        story.create(answer)
    }

    fn mix(absent: Option<&str>) -> Story {
        let story = Story::deposit(3600).slot(|slot| {
            slot.terms.no_show_fee = Some(NoShowFee {
                fee: usd(80_000_000),
                fee_type: PriceType::FixedRateDefault,
            });
        });
        without(story, absent)
    }

    #[test]
    fn both_pass() {
        judge_run(&[mix(None)], &RULE).passes(BOTH);
    }

    #[test]
    fn one_of_them_is_found() {
        judge_run(&[mix(Some("deposit"))], &RULE).fails(BOTH);
        judge_run(
            &[mix(Some("no_show_fee")), without(Story::no_show_fee(), None)],
            &RULE,
        )
        .fails(BOTH);
    }

    #[test]
    fn what_is_never_returned_is_found_elsewhere() {
        let never = [
            mix(Some("no_show_fee")),
            without(Story::no_show_fee(), Some("no_show_fee")),
        ];
        judge_run(&never, &RULE).passes(BOTH);
    }
}
