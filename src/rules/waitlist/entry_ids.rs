//! BS-WAIT-13

use super::joined;
use crate::verdicts::Proof;
use crate::{Rule, Run, Scope, Verdicts};
use catalogue::RequirementId;
use protocol::Method;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use transcript::Exchange;

const UNIQUE: RequirementId = RequirementId::declared("BS-WAIT-13");

pub(crate) static RULE: Rule = Rule {
    name: "waitlist/entry-ids",
    requirements: &[UNIQUE],
    manual: "Over the whole run the entries of two users never have the same id, whether or not the first one is still waiting. Two \
             requests of one user are judged by the scenarios about idempotency tokens.",
    scope: Scope::Run(judge),
};

fn judge(run: &Run<'_>, verdicts: &mut Verdicts) {
    let mut owners: BTreeMap<&str, &Value> = BTreeMap::new();
    for case in run.cases {
        let own = case.transcript.exchanges_of(Method::CreateWaitlistEntry);
        for exchange in own.filter(|exchange| joined(exchange).is_some()) {
            let (Some(id), Some(user)) = (joined(&exchange), user(&exchange)) else {
                continue;
            };
            let owner: &Value = owners.entry(id).or_insert(user);
            if owner != user {
                let message = format!(
                    "CreateWaitlistEntry returned the entry {id} for two users; each entry needs an id of its own"
                );
                let proof =
                    Proof::at(exchange.entry, "/waitlist_entry_id").in_scenario(case.scenario.id.clone());
                return verdicts.fail(UNIQUE, proof.expected("an id of its own").actual(id), message);
            }
        }
    }
    let users: BTreeSet<String> = owners.values().map(ToString::to_string).collect();
    if users.len() > 1 {
        verdicts.pass(UNIQUE);
    }
}

fn user<'t>(exchange: &Exchange<'t>) -> Option<&'t Value> {
    exchange.request_value("/user_information/user_id")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Story;
    use serde_json::json;

    fn verdict(ids: [&str; 2], users: [&str; 2]) -> crate::testing::StoryVerdict {
        let mut story = Story::arrival();
        for (id, user) in ids.iter().zip(users) {
            let asked = json!({ "user_information": { "user_id": user } });
            story = story.call(
                Method::CreateWaitlistEntry,
                asked,
                200,
                json!({ "waitlist_entry_id": id }),
            );
        }
        story.judge(&RULE)
    }

    #[test]
    fn two_users_never_have_one_id() {
        verdict(["a", "b"], ["1", "2"]).passes(UNIQUE);
        verdict(["a", "a"], ["1", "2"]).fails(UNIQUE);
        verdict(["a", "a"], ["1", "1"]).says_nothing();
    }
}
