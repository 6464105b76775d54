//! INV-25

use super::resource_update::service_update;
use crate::verdicts::Proof;
use crate::{Rule, Run, Scope, ServiceTerms, Verdicts, reading};
use catalogue::RequirementId;
use serde_json::json;

const REPEATED: RequirementId = RequirementId::declared("INV-25");

pub(crate) static RULE: Rule = Rule {
    name: "run/add-on-fields",
    requirements: &[REPEATED],
    manual: "Looks at updates of services, which are optional, where the feed has `waitlist_rules` or `uri_template` of the service. The \
             update should repeat them, as `waitlistRules` and `uriTemplate`. An update whose mask names other fields changes neither \
             and is not judged.",
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
        let Some(terms) = offer.services.get(&key) else {
            continue;
        };
        let due: Vec<_> = due(terms).filter(|field| update.sent.concerns(field)).collect();
        let missing = due
            .iter()
            .find(|field| reading::set(update.sent.message, &format!("/{field}")).is_none());
        if due.is_empty() {
            continue;
        }
        verdicts.check(REPEATED, missing.is_none(), || {
            let field = missing.copied().unwrap_or_default();
            let message = format!(
                "an update of the service \"{}\" of merchant \"{}\" does not have \"{field}\", which the feed has",
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
fn due(terms: &ServiceTerms) -> impl Iterator<Item = &'static str> {
    let fields = [
        (terms.waitlist.is_some(), "waitlistRules"),
        (terms.has_uri_template, "uriTemplate"),
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

    fn update(service_id: &str, mask: Option<&str>, service: Value) -> Story {
        let terms = ServiceTerms {
            waitlist: Some(1..=6),
            ..ServiceTerms::default()
        };
        let offer = Offer {
            services: [(("salon".to_owned(), "counter".to_owned()), terms)].into(),
            ..Offer::default()
        };
        Story::arrival()
            .offering(offer)
            .asks_google(ResourceAct::UpdateService {
                merchant_id: "salon".into(),
                service_id: service_id.into(),
                mask: mask.map(|path| vec![path.to_owned()]),
                service,
            })
    }

    #[test]
    fn what_the_feed_has_is_repeated() {
        let whole = json!({ "waitlistRules": { "maxPartySize": 6 }, "price": {} });
        update("counter", None, whole.clone())
            .judge(&RULE)
            .passes(REPEATED);
        update("counter", Some("waitlist_rules"), whole)
            .judge(&RULE)
            .passes(REPEATED);
    }

    #[test]
    fn a_field_that_is_missing_is_named() {
        let found = update("counter", None, json!({ "price": {} }))
            .judge(&RULE)
            .warns(REPEATED);
        assert_eq!(
            found.message,
            "an update of the service \"counter\" of merchant \"salon\" does not have \"waitlistRules\", which the feed has"
        );
    }

    #[test]
    fn other_masks_and_other_services_say_nothing() {
        update("counter", Some("price"), json!({}))
            .judge(&RULE)
            .says_nothing();
        update("cut", None, json!({})).judge(&RULE).says_nothing();
    }
}
