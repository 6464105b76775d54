//! VIRT-20

use super::resource_update::service_update;
use crate::verdicts::Proof;
use crate::{Rule, Run, Scope, Verdicts, reading};
use catalogue::RequirementId;
use domain::slot::OnlineTerms;
use serde_json::json;

const FIELDS: RequirementId = RequirementId::declared("VIRT-20");

const SESSION: &str = "virtualSession";
const DIRECT: &str = "directMerchantPayment";

pub(crate) static RULE: Rule = Rule {
    name: "run/online-fields",
    requirements: &[FIELDS],
    manual: "Looks at updates of services, which are optional, where the feed says that the service is held online. What the feed \
             has of `virtual_session` and `direct_merchant_payment` should be repeated in the update, as `virtualSession` and \
             `directMerchantPayment`. An update whose mask names other fields changes neither and is not judged.",
    scope: Scope::Run(judge),
};

fn judge(run: &Run<'_>, verdicts: &mut Verdicts) {
    let Some(offer) = run.cases.first().map(|case| case.offer) else {
        return;
    };
    for update in run
        .resource_calls
        .iter()
        .filter_map(|call| service_update(&call.act))
    {
        let key = (update.merchant.to_owned(), update.service.to_owned());
        let Some(online) = offer.online.get(&key) else {
            continue;
        };
        let due: Vec<_> = due(online).filter(|field| update.sent.concerns(field)).collect();
        let missing = due
            .iter()
            .find(|field| reading::set(update.sent.message, &format!("/{field}")).is_none());
        if due.is_empty() {
            continue;
        }
        verdicts.check(FIELDS, missing.is_none(), || {
            let field = missing.copied().unwrap_or_default();
            let message = format!(
                "an update of the online service \"{}\" of merchant \"{}\" does not have \"{field}\", which the feed has",
                update.service, update.merchant
            );
            let proof = Proof {
                pointer: Some(format!("/{field}")),
                ..Proof::default()
            };
            (proof.expected(json!({ "present": field })), message)
        });
    }
}

/// The fields that the feed has.
fn due(online: &OnlineTerms) -> impl Iterator<Item = &'static str> {
    let fields = [
        (online.session_instructions.is_some(), SESSION),
        (online.direct_merchant_payment, DIRECT),
    ];
    fields.into_iter().filter_map(|(has, field)| has.then_some(field))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Offer;
    use crate::testing::Story;
    use serde_json::Value;
    use transcript::ResourceAct;

    fn update(mask: Option<&[&str]>, service: &Value) -> Story {
        let online = OnlineTerms {
            session_instructions: Some("A link comes by mail".into()),
            direct_merchant_payment: true,
        };
        let offer = Offer {
            online: [(("salon".to_owned(), "yoga".to_owned()), online)].into(),
            ..Offer::default()
        };
        let mask = mask.map(|paths| paths.iter().map(|path| (*path).to_owned()).collect());
        Story::arrival()
            .offering(offer)
            .asks_google(ResourceAct::UpdateService {
                merchant_id: "salon".into(),
                service_id: "yoga".into(),
                mask,
                service: service.clone(),
            })
    }

    fn whole() -> Value {
        json!({ "virtualSession": { "isSessionPrerecorded": false }, "directMerchantPayment": {}, "price": {} })
    }

    #[test]
    fn what_the_feed_has_is_repeated() {
        update(None, &whole()).judge(&RULE).passes(FIELDS);
        update(Some(&["*"]), &whole()).judge(&RULE).passes(FIELDS);
        update(Some(&["virtual_session"]), &json!({ "virtualSession": {} }))
            .judge(&RULE)
            .passes(FIELDS);
    }

    #[test]
    fn a_field_that_is_missing_is_named() {
        let found = update(None, &json!({ "price": {}, "virtualSession": {} }))
            .judge(&RULE)
            .warns(FIELDS);
        assert_eq!(
            found.message,
            "an update of the online service \"yoga\" of merchant \"salon\" does not have \"directMerchantPayment\", which the feed has"
        );
        update(
            Some(&["price", "virtualSession.sessionInstructions"]),
            &json!({ "price": {} }),
        )
        .judge(&RULE)
        .warns(FIELDS);
    }

    #[test]
    fn a_mask_that_names_other_fields_changes_nothing_of_them() {
        update(Some(&["price"]), &json!({ "price": {} }))
            .judge(&RULE)
            .says_nothing();
    }

    #[test]
    fn services_that_are_not_held_online_are_left_alone() {
        let act = ResourceAct::UpdateService {
            merchant_id: "salon".into(),
            service_id: "cut".into(),
            mask: None,
            service: json!({}),
        };
        Story::arrival().asks_google(act).judge(&RULE).says_nothing();
    }
}
