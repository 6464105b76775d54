//! BS-PAY-15

use crate::verdicts::Proof;
use crate::{Rule, Run, Scope, Verdicts, reading};
use catalogue::RequirementId;
use std::collections::BTreeMap;

const UNIQUE: RequirementId = RequirementId::declared("BS-PAY-15");

pub(crate) static RULE: Rule = Rule {
    name: "run/user-options",
    requirements: &[UNIQUE],
    manual: "The id of a user's payment option, a pack or a membership, must be that of one user only. Judged over all bookings of \
             the run that name one; with fewer than two users nothing is judged.",
    scope: Scope::Run(judge),
};

/// An option of a user, and where it was named first.
struct Named<'r> {
    user: &'r str,
    scenario: &'r str,
    entry: usize,
}

const USER: &str = "/user_information/user_id";
const OPTION: &str = "/payment_information/user_payment_option_id";

fn judge(run: &Run<'_>, verdicts: &mut Verdicts) {
    let mut known: BTreeMap<&str, Named<'_>> = BTreeMap::new();
    let mut users: Vec<&str> = Vec::new();
    for case in run.cases {
        for (_, made) in case.bookings() {
            let booking = reading::created_booking(&made);
            let option = booking.and_then(|booking| reading::text(booking, OPTION));
            let user = made.request_value(USER).and_then(|id| id.as_str());
            let Some((option, user)) = option.zip(user) else {
                continue;
            };
            users.push(user);
            let named = Named {
                user,
                scenario: &case.scenario.id,
                entry: made.entry,
            };
            let first = known.entry(option).or_insert(named);
            if first.user != user {
                let proof = Proof::at(first.entry, format!("/booking{OPTION}")).in_scenario(first.scenario);
                let message = format!("the payment option \"{option}\" is that of two users");
                return verdicts.fail(UNIQUE, proof.expected("an id of its own").actual(option), message);
            }
        }
    }
    users.sort_unstable();
    users.dedup();
    if users.len() > 1 {
        verdicts.pass(UNIQUE);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Story, booking, judge_run};
    use serde_json::json;

    fn pack(user: &str, option: &str) -> Story {
        let mut answer = booking();
        answer["booking"]["payment_information"] = json!({ "user_payment_option_id": option });
        Story::arrival().with_id(user).create_for(user, user, answer)
    }

    #[test]
    fn an_option_for_each_user_passes() {
        judge_run(&[pack("ada", "pack-1"), pack("bo", "pack-2")], &RULE).passes(UNIQUE);
        judge_run(&[pack("ada", "pack-1"), pack("ada", "pack-1")], &RULE).says_nothing();
    }

    #[test]
    fn one_for_two_users_is_found() {
        let found = judge_run(&[pack("ada", "pack-1"), pack("bo", "pack-1")], &RULE).fails(UNIQUE);
        assert_eq!(
            found.message,
            "the payment option \"pack-1\" is that of two users"
        );
    }
}
