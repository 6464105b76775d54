//! 3DS-03

use super::cause;
use crate::verdicts::Proof;
use crate::{Case, Rule, Run, Scope, Verdicts, reading};
use catalogue::RequirementId;
use protocol::Method;
use serde_json::Value;
use std::collections::BTreeMap;

const OWN: RequirementId = RequirementId::declared("3DS-03");

pub(crate) static RULE: Rule = Rule {
    name: "failure/challenges",
    requirements: &[OWN],
    manual: "Over the whole run, challenges of two users never have the same `pa_req` or `transaction_id`: one user would answer for the \
             other. `acs_url` and `md_merchant_data` may be the same for all. That they are there is judged one by one.",
    scope: Scope::Run(judge),
};

const PLACE: &str = "/booking_failure/payment_failure/threeds1_parameters";

fn judge(run: &Run<'_>, verdicts: &mut Verdicts) {
    for name in ["pa_req", "transaction_id"] {
        let mut owners: BTreeMap<&str, &Value> = BTreeMap::new();
        for case in run.cases {
            if let Some((entry, shared)) = find_shared(case, name, &mut owners) {
                let message = format!(
                    "CreateBooking asked two users for 3-D Secure with the same `{name}`, so that one answers the other's challenge"
                );
                let proof = Proof::at(entry, format!("{PLACE}/{name}")).in_scenario(case.scenario.id.clone());
                return verdicts.fail(
                    OWN,
                    proof.expected("one for each challenge").actual(shared),
                    message,
                );
            }
        }
    }
}

fn find_shared<'r>(
    case: &'r Case<'r>,
    name: &str,
    owners: &mut BTreeMap<&'r str, &'r Value>,
) -> Option<(usize, &'r str)> {
    let asked = case
        .answers()
        .filter(|one| one.call.method == Method::CreateBooking);
    for exchange in asked.filter(|one| cause(one) == Some("PAYMENT_REQUIRES_3DS1")) {
        let user = exchange.request_value("/user_information/user_id");
        let parameters = exchange.answer_value(PLACE);
        let shown = parameters.and_then(|all| reading::text(all, &format!("/{name}")));
        let Some((user, shown)) = user.zip(shown) else {
            continue;
        };
        if *owners.entry(shown).or_insert(user) != user {
            return Some((exchange.entry, shown));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Story;
    use serde_json::json;

    fn challenged(requests: [&str; 2], users: [&str; 2]) -> crate::testing::StoryVerdict {
        let mut story = Story::prepayment();
        for (place, (request, user)) in requests.iter().zip(users).enumerate() {
            let parameters = json!({ "acs_url": "https://acs.example.org", "pa_req": request, "transaction_id": format!("t-{place}") });
            let answer = json!({ "booking_failure": { "cause": "PAYMENT_REQUIRES_3DS1",
                "payment_failure": { "threeds1_parameters": parameters } } });
            story = story.create_for(user, &format!("token-{place}"), answer);
        }
        story.judge(&RULE)
    }

    #[test]
    fn each_user_has_a_challenge_of_its_own() {
        challenged(["a", "b"], ["1", "2"]).says_nothing();
        challenged(["a", "a"], ["1", "1"]).says_nothing();
        challenged(["a", "a"], ["1", "2"]).fails(OWN);
    }
}
