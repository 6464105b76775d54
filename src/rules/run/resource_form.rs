//! INV-30

use crate::verdicts::Proof;
use crate::{Rule, Run, Scope, Verdicts};
use catalogue::RequirementId;
use transcript::{ResourceAct, ResourceCall};

const FORM: RequirementId = RequirementId::declared("INV-30");

pub(crate) static RULE: Rule = Rule {
    name: "run/resource-form",
    requirements: &[FORM],
    manual: "Looks at calls that make or change merchants and services, which are optional: where none is made, there is nothing to judge. \
             One that Google's API answers 400 for its fields or its mask is found, in the API's words. That the id of what is made is not \
             in the query is another requirement (INV-23).",
    scope: Scope::Run(judge),
};

fn judge(run: &Run<'_>, verdicts: &mut Verdicts) {
    for call in run.resource_calls {
        let Some(what) = subject(&call.act) else { continue };
        if call.is_stored() {
            verdicts.pass(FORM);
        } else if let Some(words) = refusal(call) {
            let message = format!(
                "Google's API answered {} of a {what} with HTTP 400: {words}",
                act(&call.act)
            );
            let proof = Proof::default().expected("the fields of the API, in their types");
            verdicts.fail(FORM, proof.actual(call.target.as_str()), message);
        }
    }
}

/// Why it was refused for its form.
fn refusal(call: &ResourceCall) -> Option<&str> {
    let lacks_id = matches!(
        call.act,
        ResourceAct::CreateMerchant { id: None, .. } | ResourceAct::CreateService { id: None, .. }
    );
    let words = call.refusal.as_deref().filter(|_| call.status == 400);
    words.filter(|_| !lacks_id)
}

fn act(act: &ResourceAct) -> &'static str {
    match act {
        ResourceAct::CreateMerchant { .. } | ResourceAct::CreateService { .. } => "the creation",
        _ => "an update",
    }
}

fn subject(act: &ResourceAct) -> Option<&'static str> {
    match act {
        ResourceAct::CreateMerchant { .. } | ResourceAct::UpdateMerchant { .. } => Some("merchant"),
        ResourceAct::CreateService { .. } | ResourceAct::UpdateService { .. } => Some("service"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Story;
    use serde_json::json;

    fn update() -> ResourceAct {
        ResourceAct::UpdateService {
            merchant_id: "salon".into(),
            service_id: "cut".into(),
            mask: None,
            service: json!({ "price": { "priceMicros": "1" } }),
        }
    }

    const UNKNOWN: &str =
        "Invalid JSON payload received. Unknown name \"service_id\" at 'service': Cannot find field.";

    #[test]
    fn what_the_api_takes_is_right() {
        Story::arrival().asks_google(update()).judge(&RULE).passes(FORM);
    }

    #[test]
    fn what_the_api_cannot_read_is_found_in_its_words() {
        let found = Story::arrival()
            .asks_in_vain(update(), 400, Some(UNKNOWN))
            .judge(&RULE)
            .fails(FORM);
        assert_eq!(
            found.message,
            format!("Google's API answered an update of a service with HTTP 400: {UNKNOWN}")
        );
    }

    #[test]
    fn other_refusals_and_ids_that_are_missing_are_other_questions() {
        Story::arrival()
            .asks_in_vain(update(), 404, Some("Requested entity was not found."))
            .judge(&RULE)
            .says_nothing();
        let nameless = ResourceAct::CreateMerchant {
            id: None,
            merchant: json!({}),
        };
        Story::arrival()
            .asks_in_vain(nameless, 400, Some("The id of what is created is required."))
            .judge(&RULE)
            .says_nothing();
        // A fault on purpose has no words.
        Story::arrival()
            .asks_in_vain(update(), 400, None)
            .judge(&RULE)
            .says_nothing();
    }
}
