//! INV-23

use crate::verdicts::Proof;
use crate::{Rule, Run, Scope, Verdicts};
use catalogue::RequirementId;
use transcript::{ResourceAct, ResourceCall};

const ID: RequirementId = RequirementId::declared("INV-23");

pub(crate) static RULE: Rule = Rule {
    name: "run/resource-ids",
    requirements: &[ID],
    manual: "Looks at calls that make merchants and services, which are optional: where none is made, there is nothing to judge. \
             The id of what is made must be in the query, as `merchantId` or `serviceId`; in the body alone nobody reads it.",
    scope: Scope::Run(judge),
};

fn judge(run: &Run<'_>, verdicts: &mut Verdicts) {
    for call in run.resource_calls {
        match &call.act {
            ResourceAct::CreateMerchant { id, .. } => {
                check(call, ("merchant", "merchantId"), id.as_ref(), verdicts);
            }
            ResourceAct::CreateService { id, .. } => {
                check(call, ("service", "serviceId"), id.as_ref(), verdicts);
            }
            _ => {}
        }
    }
}

fn check(call: &ResourceCall, (what, parameter): (&str, &str), id: Option<&String>, verdicts: &mut Verdicts) {
    verdicts.check(ID, id.is_some(), || {
        let message = format!(
            "a {what} was created by {} {} without the query parameter \"{parameter}\"",
            call.verb, call.target
        );
        let proof = Proof::default().expected(format!("?{parameter}=..."));
        (proof.actual(call.target.as_str()), message)
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Story;
    use serde_json::json;

    fn made(merchant: Option<&str>, service: Option<&str>) -> Story {
        let text = |id: Option<&str>| id.map(ToOwned::to_owned);
        Story::arrival()
            .asks_google(ResourceAct::CreateMerchant {
                id: text(merchant),
                merchant: json!({}),
            })
            .asks_google(ResourceAct::CreateService {
                merchant_id: "salon".into(),
                id: text(service),
                service: json!({ "name": "partners/20002002/merchants/salon/services/cut" }),
            })
    }

    #[test]
    fn an_id_in_the_query_is_right() {
        made(Some("salon"), Some("cut")).judge(&RULE).passes(ID);
        Story::arrival().judge(&RULE).says_nothing();
    }

    #[test]
    fn without_one_it_is_found_which_was_missing() {
        let found = made(Some("salon"), None).judge(&RULE).fails(ID);
        assert_eq!(
            found.message,
            "a service was created by POST /v1alpha/inventory/partners/20002002 without the query parameter \"serviceId\""
        );
        let found = made(None, Some("cut")).judge(&RULE).fails(ID);
        assert!(
            found.message.starts_with("a merchant was created"),
            "{}",
            found.message
        );
    }
}
