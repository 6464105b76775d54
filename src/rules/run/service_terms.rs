//! INV-27

use super::resource_update::{Compared, Field, ServiceUpdate, service_update};
use crate::verdicts::Proof;
use crate::{MerchantTerms, Offer, Rule, Run, Scope, ServiceTerms, Verdicts, api_terms, reading};
use catalogue::RequirementId;
use domain::slot::Money;
use feeds::PrepaymentType;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use transcript::ResourceCall;

const AGREES: RequirementId = RequirementId::declared("INV-27");

pub(crate) static RULE: Rule = Rule {
    name: "run/service-terms",
    requirements: &[AGREES],
    manual: "Looks at updates of services that Google's API took, which are optional, where the feeds have the service: what an update \
             states of price, prepayment, deposit, fee, card, tax, payment options, scheduling rules and waitlist should be what the feeds \
             state. A difference warns, since the feed may be what is out of date. What an update leaves out, and fields of which the mask \
             names only a part, are not compared. An update of a service that no feed has and that was not made before is refused: that \
             is found, too.",
    scope: Scope::Run(judge),
};

static FIELDS: [Field<ServiceTerms>; 10] = [
    Field {
        name: "price",
        agrees: |stated, feed| costs(api_terms::money(stated, "")) == costs(feed.price.clone()),
        feed: |feed| json!(feed.price),
    },
    Field {
        name: "prepaymentType",
        agrees: |stated, feed| prepayment_type(stated) == feed.prepayment_type,
        feed: |feed| json!(prepayment_name(feed.prepayment_type)),
    },
    Field {
        name: "prepaymentTerms",
        agrees: |stated, feed| {
            let timing = reading::api_name("ChargeTiming", stated, "/chargeTiming");
            (timing == Some("CHARGE_LATER")) == feed.charge_later
        },
        feed: |feed| {
            let later = feed.charge_later;
            json!(if later { "CHARGE_LATER" } else { "CHARGE_NOW" })
        },
    },
    Field {
        name: "deposit",
        agrees: |stated, feed| {
            let due = feed.deposit.as_ref();
            api_terms::deposit(stated, due).as_ref() == due
        },
        feed: |feed| json!(feed.deposit),
    },
    Field {
        name: "noShowFee",
        agrees: |stated, feed| api_terms::no_show_fee(stated) == feed.no_show_fee,
        feed: |feed| json!(feed.no_show_fee),
    },
    Field {
        name: "requireCreditCard",
        agrees: |stated, feed| {
            let says = reading::api_name("RequireCreditCard", stated, "");
            (says == Some("REQUIRE_CREDIT_CARD_ALWAYS")) == feed.card_required
        },
        feed: |feed| {
            let always = feed.card_required;
            json!(if always {
                "REQUIRE_CREDIT_CARD_ALWAYS"
            } else {
                "REQUIRE_CREDIT_CARD_CONDITIONAL"
            })
        },
    },
    Field {
        name: "taxRate",
        agrees: |stated, feed| reading::number(stated, "/microPercent") == feed.tax_micro_percent,
        feed: |feed| json!(feed.tax_micro_percent),
    },
    Field {
        name: "paymentOptionId",
        agrees: |stated, feed| {
            let ids: BTreeSet<_> = stated
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(Value::as_str)
                .collect();
            let due = feed.payment_option_ids.iter().map(String::as_str);
            ids == due.collect()
        },
        feed: |feed| json!(feed.payment_option_ids),
    },
    Field {
        name: "rules",
        agrees: |stated, feed| api_terms::rules(stated) == Some(api_terms::plain(feed.rules.clone())),
        feed: |_| Value::Null,
    },
    Field {
        name: "waitlistRules",
        agrees: |stated, feed| {
            let sizes = ["/minPartySize", "/maxPartySize"].map(|size| reading::number(stated, size));
            let due = feed.waitlist.as_ref();
            due.is_some_and(|due| sizes == [due.start(), due.end()].map(|size| Some(i64::from(*size))))
        },
        feed: |feed| {
            let sizes = feed.waitlist.as_ref();
            json!(sizes.map(|sizes| format!("{} to {}", sizes.start(), sizes.end())))
        },
    },
];

fn judge(run: &Run<'_>, verdicts: &mut Verdicts) {
    let Some(offer) = run.cases.first().map(|case| case.offer) else {
        return;
    };
    let mut made = BTreeSet::new();
    for call in run.resource_calls {
        let Some(update) = service_update(&call.act) else {
            continue;
        };
        let key = (update.merchant.to_owned(), update.service.to_owned());
        match offer.services.get(&key) {
            Some(service) if call.is_stored() => {
                check(
                    &update,
                    &with_tax(service, offer.merchants.get(update.merchant)),
                    verdicts,
                );
            }
            None if call.status == 404 && !made.contains(&key) && knows_services(offer) => {
                unknown(call, &update, verdicts);
            }
            _ => {}
        }
        made.extend(call.is_stored().then_some(key));
    }
}

/// A rate that the service does not have is the merchant's.
fn with_tax(service: &ServiceTerms, merchant: Option<&MerchantTerms>) -> ServiceTerms {
    let general = merchant.and_then(|merchant| merchant.tax_micro_percent);
    ServiceTerms {
        tax_micro_percent: service.tax_micro_percent.or(general),
        ..service.clone()
    }
}

fn knows_services(offer: &Offer) -> bool {
    !offer.services.is_empty()
}

fn unknown(call: &ResourceCall, update: &ServiceUpdate<'_>, verdicts: &mut Verdicts) {
    let message = format!(
        "an update of the service \"{}\" of merchant \"{}\" was answered 404: the feeds have no such service",
        update.service, update.merchant
    );
    let proof = Proof::default().expected("a service of the feeds");
    verdicts.fail(AGREES, proof.actual(call.target.as_str()), message);
}

fn check(update: &ServiceUpdate<'_>, feed: &ServiceTerms, verdicts: &mut Verdicts) {
    let (service, merchant) = (update.service, update.merchant);
    let compared = Compared {
        requirement: AGREES,
        which: format!("an update of the service \"{service}\" of merchant \"{merchant}\""),
        path: format!("merchants/{merchant}/services/{service}"),
        sent: update.sent,
        fields: &FIELDS,
        feed,
    };
    compared.check(verdicts);
}

/// What costs nothing has no price.
fn costs(price: Option<Money>) -> Option<Money> {
    price.filter(|price| price.price_micros != 0)
}

fn prepayment_type(stated: &Value) -> PrepaymentType {
    match reading::api_name("PrepaymentType", stated, "") {
        Some("REQUIRED") => PrepaymentType::Required,
        Some("OPTIONAL") => PrepaymentType::Optional,
        _ => PrepaymentType::NotSupported,
    }
}

fn prepayment_name(kind: PrepaymentType) -> &'static str {
    match kind {
        PrepaymentType::Required => "REQUIRED",
        PrepaymentType::Optional => "OPTIONAL",
        PrepaymentType::NotSupported => "NOT_SUPPORTED",
    }
}

#[cfg(test)]
mod tests;
