//! PAY-COM-08

use super::reported_bookings;
use crate::verdicts::Proof;
use crate::{Rule, Run, Scope, Verdicts};
use catalogue::RequirementId;

const ONCE: RequirementId = RequirementId::declared("PAY-COM-08");

pub(crate) static RULE: Rule = Rule {
    name: "run/transaction-ids",
    requirements: &[ONCE],
    manual: "Over the whole run, two bookings of one merchant must not have the same transaction id. A booking that is \
             returned again, under whatever id, keeps its own. Bookings that involve no money are not compared.",
    scope: Scope::Run(judge),
};

fn judge(run: &Run<'_>, verdicts: &mut Verdicts) {
    let mut all = reported_bookings(run);
    all.retain(|made| made.transaction.is_some());
    let pairs = all
        .iter()
        .enumerate()
        .flat_map(|(index, one)| all[index + 1..].iter().map(move |other| (one, other)));
    let mut pairs = pairs
        .filter(|(one, other)| {
            one.merchant == other.merchant && one.id != other.id && one.token != other.token
        })
        .peekable();
    if pairs.peek().is_none() {
        return;
    }
    let same = pairs.find(|(one, other)| one.transaction == other.transaction);
    verdicts.check(ONCE, same.is_none(), || {
        let scenarios = same.map(|(one, other)| vec![one.scenario, other.scenario]);
        let proof = Proof {
            pointer: Some("/booking/payment_information/payment_transaction_id".to_owned()),
            ..Proof::default()
        };
        let proof = proof.expected("a transaction id of its own for each booking");
        (
            proof.actual(scenarios.unwrap_or_default()),
            "two bookings of one merchant have the same transaction id".to_owned(),
        )
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Story, booking, judge_run, paid_booking};
    use serde_json::json;

    fn create(id: &str, transaction: &str) -> Story {
        let story = Story::prepayment();
        let mut answer = paid_booking(&story, "PREPAYMENT_PROVIDED");
        answer["booking"]["booking_id"] = json!(id);
        answer["booking"]["payment_information"]["payment_transaction_id"] = json!(transaction);
        story.create_with(&format!("token of {id}"), answer)
    }

    #[test]
    fn an_id_each_passes_and_a_booking_keeps_its_own() {
        judge_run(&[create("bk-1", "ch-1"), create("bk-2", "ch-2")], &RULE).passes(ONCE);
        judge_run(&[create("bk-1", "ch-1"), create("bk-1", "ch-1")], &RULE).says_nothing();
        let again = |id| {
            let story = Story::prepayment();
            let mut answer = paid_booking(&story, "PREPAYMENT_PROVIDED");
            answer["booking"]["booking_id"] = json!(id);
            story.create_with("the same token", answer)
        };
        judge_run(&[again("bk-1"), again("bk-1-again")], &RULE).says_nothing();
    }

    #[test]
    fn bookings_without_money_may_share_one() {
        let free = |id: &str| {
            let mut answer = booking();
            answer["booking"]["booking_id"] = json!(id);
            answer["booking"]["payment_information"]["payment_transaction_id"] = json!("0");
            Story::arrival().create_with(&format!("token of {id}"), answer)
        };
        judge_run(&[free("bk-1"), free("bk-2")], &RULE).says_nothing();
    }

    #[test]
    fn one_id_for_two_bookings_is_found() {
        judge_run(&[create("bk-1", "ch-1"), create("bk-2", "ch-1")], &RULE).fails(ONCE);
    }
}
