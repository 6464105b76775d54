//! BS-PAY-15

use super::{Told, bought};
use crate::verdicts::Proof;
use crate::{Case, Rule, Run, Scope, Verdicts, reading};
use catalogue::RequirementId;
use serde_json::Value;

const UNIQUE: RequirementId = RequirementId::declared("BS-PAY-15");

pub(crate) static RULE: Rule = Rule {
    name: "packs/ids",
    requirements: &[UNIQUE],
    manual: "Over the whole run, packs that different users bought must have different ids, at whatever merchant. Of new bookings only \
             those that bought one are compared: a booking that is paid from a pack names one that is there. What an update gives a user is \
             no pack that another user bought.",
    scope: Scope::Run(judge),
};

/// A pack that somebody bought.
struct Sale<'r> {
    scenario: &'r str,
    entry: usize,
    user: &'r Value,
    id: &'r str,
}

fn judge(run: &Run<'_>, verdicts: &mut Verdicts) {
    let sales: Vec<Sale<'_>> = run.cases.iter().flat_map(sales).collect();
    let others = |one: &Sale<'_>, all: &[Sale<'_>]| all.iter().any(|other| other.user != one.user);
    if !sales.iter().any(|one| others(one, &sales)) {
        return;
    }
    let gifts: Vec<Sale<'_>> = run.cases.iter().flat_map(gifts).collect();
    let given = gifts.iter().find_map(|gift| {
        let other = sales
            .iter()
            .find(|sale| sale.id == gift.id && sale.user != gift.user)?;
        Some((other, gift))
    });
    let twin = sales.iter().enumerate().find_map(|(place, one)| {
        let mut earlier = sales[..place].iter();
        let other = earlier.find(|other| other.id == one.id && other.user != one.user)?;
        Some((other, one))
    });
    let twin = twin.or(given);
    verdicts.check(UNIQUE, twin.is_none(), || {
        let mut proof = Proof::at(0, "/user_payment_option/user_payment_option_id");
        if let Some((first, second)) = twin {
            proof.scenario = Some(second.scenario.to_owned());
            proof.entry = Some(second.entry);
            proof = proof.expected("an id of its own for each pack");
            proof = proof.actual(vec![first.scenario, second.scenario]);
        }
        let message = "packs that two users bought have the same id, so that one user can use up the other's";
        (proof, message.to_owned())
    });
}

fn sales<'r>(case: &'r Case<'r>) -> Vec<Sale<'r>> {
    let made = case
        .answers()
        .filter(|exchange| reading::created_booking(exchange).is_some() && bought(case, exchange).is_some());
    let sold = made.filter_map(|exchange| {
        Some(Sale {
            scenario: &case.scenario.id,
            entry: exchange.entry,
            user: exchange.request_value("/user_information/user_id")?,
            id: Told::of(&exchange)?.id,
        })
    });
    sold.collect()
}

/// The packs that updates of bookings gave to those who had made them.
fn gifts<'r>(case: &'r Case<'r>) -> Vec<Sale<'r>> {
    let made = case.bookings();
    let told = case
        .answers()
        .filter(|one| reading::updated_booking(one).is_some());
    let given = told.filter_map(|exchange| {
        let id = exchange.request_value("/booking/booking_id")?.as_str()?;
        let (_, made) = made.iter().find(|(known, _)| *known == id)?;
        Some(Sale {
            scenario: &case.scenario.id,
            entry: exchange.entry,
            user: made.request_value("/user_information/user_id")?,
            id: Told::of(&exchange)?.id,
        })
    });
    given.collect()
}

#[cfg(test)]
mod tests {
    use super::super::testing::{pack, story};
    use super::*;
    use crate::testing::{Story, judge_run, paid_booking};
    use serde_json::json;

    fn sale(user: &str, id: &str) -> Story {
        let story = story();
        let mut answer = paid_booking(&story, "PREPAYMENT_PROVIDED");
        answer["user_payment_option"] = pack(id, 1);
        let request = json!({ "slot": answer["booking"]["slot"], "user_information": { "user_id": user },
            "payment_information": { "payment_option_id": "two" }, "idempotency_token": user });
        story.call(protocol::Method::CreateBooking, request, 200, answer)
    }

    #[test]
    fn each_user_has_a_pack_of_their_own() {
        judge_run(&[sale("1", "p-1"), sale("2", "p-2")], &RULE).passes(UNIQUE);
        judge_run(&[sale("1", "p-1"), sale("1", "p-1")], &RULE).says_nothing();
    }

    #[test]
    fn one_id_for_two_users_is_found() {
        judge_run(&[sale("1", "p-1"), sale("2", "p-1")], &RULE).fails(UNIQUE);
    }
}
