//! INV-28

use super::resource_update::{Compared, Field, MerchantUpdate, merchant_update};
use crate::verdicts::Proof;
use crate::{MerchantTerms, OptionTerms, Rule, Run, Scope, Verdicts, api_terms, reading};
use catalogue::RequirementId;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use transcript::ResourceCall;

const AGREES: RequirementId = RequirementId::declared("INV-28");

pub(crate) static RULE: Rule = Rule {
    name: "run/merchant-terms",
    requirements: &[AGREES],
    manual: "Looks at updates of merchants that Google's API took, which are optional, where the feeds have the merchant: what an update \
             states of name, telephone, website, place, tax, cards, payment options, terms and gateway should be what the feeds state. Case \
             and blanks do not count, nor does how a telephone number is grouped; parts of an address and texts are compared where both \
             state them, places a kilometre apart are one. A difference warns, since the feed may be what is out of date. An update of a \
             merchant that no feed has and that was not made before is refused: that is found, too.",
    scope: Scope::Run(judge),
};

static FIELDS: [Field<MerchantTerms>; 9] = [
    Field {
        name: "merchantName",
        agrees: |stated, feed| feed.name.is_empty() || is_same_text(stated.as_str(), &feed.name),
        feed: |feed| json!(feed.name),
    },
    Field {
        name: "telephone",
        agrees: |stated, feed| {
            let [stated, due] = [stated.as_str().unwrap_or_default(), &feed.telephone].map(digits);
            due.is_empty() || stated.ends_with(&due) || (!stated.is_empty() && due.ends_with(&stated))
        },
        feed: |feed| json!(feed.telephone),
    },
    Field {
        name: "url",
        agrees: |stated, feed| {
            let due = address(&feed.url);
            due.is_empty() || stated.as_str().map(address) == Some(due)
        },
        feed: |feed| json!(feed.url),
    },
    Field {
        name: "geo",
        agrees: |stated, feed| feed.geo.as_ref().is_none_or(|due| is_same_place(stated, due)),
        feed: |feed| json!(feed.geo),
    },
    Field {
        name: "taxRate",
        agrees: |stated, feed| {
            let due = feed.tax_micro_percent.unwrap_or(0);
            reading::number(stated, "/microPercent") == Some(due)
        },
        feed: |feed| json!(feed.tax_micro_percent),
    },
    Field {
        name: "paymentRestrictions",
        agrees: |stated, feed| {
            networks(stated) == feed.networks.as_deref().map(|due| due.iter().cloned().collect())
        },
        feed: |feed| json!(feed.networks),
    },
    Field {
        name: "paymentOption",
        agrees: |stated, feed| {
            let mut options = stated.as_array().into_iter().flatten();
            options.all(|option| {
                let id = reading::text(option, "/paymentOptionId").unwrap_or_default();
                feed.options.get(id).is_none_or(|due| costs_the_same(option, due))
            })
        },
        feed: |_| Value::Null,
    },
    Field {
        name: "terms",
        agrees: |stated, feed| {
            ["url", "text"].into_iter().all(|part| {
                let part = format!("/{part}");
                let due = feed.terms.as_ref().and_then(|terms| reading::text(terms, &part));
                let stated = reading::text(stated, &part);
                due.is_none_or(|due| stated.is_none() || is_same_text(stated, due))
            })
        },
        feed: |feed| json!(feed.terms),
    },
    Field {
        name: "tokenizationConfig",
        agrees: |stated, feed| {
            let due = feed.tokenization.as_ref();
            let due = due.and_then(|due| due.pointer("/tokenization_parameter/gateway"));
            due.is_none_or(|due| stated.pointer("/tokenizationParameter/gateway") == Some(due))
        },
        feed: |feed| {
            let due = feed.tokenization.as_ref();
            json!(due.and_then(|due| due.pointer("/tokenization_parameter/gateway")))
        },
    },
];

fn judge(run: &Run<'_>, verdicts: &mut Verdicts) {
    let Some(offer) = run.cases.first().map(|case| case.offer) else {
        return;
    };
    let mut made = BTreeSet::new();
    for call in run.resource_calls {
        let Some(update) = merchant_update(&call.act) else {
            continue;
        };
        match offer.merchants.get(update.merchant) {
            Some(feed) if call.is_stored() => check(&update, feed, verdicts),
            None if call.status == 404 && !made.contains(update.merchant) && !offer.merchants.is_empty() => {
                unknown(call, &update, verdicts);
            }
            _ => {}
        }
        made.extend(call.is_stored().then_some(update.merchant));
    }
}

fn unknown(call: &ResourceCall, update: &MerchantUpdate<'_>, verdicts: &mut Verdicts) {
    let message = format!(
        "an update of the merchant \"{}\" was answered 404: the feeds have no such merchant",
        update.merchant
    );
    let proof = Proof::default().expected("a merchant of the feeds");
    verdicts.fail(AGREES, proof.actual(call.target.as_str()), message);
}

fn check(update: &MerchantUpdate<'_>, feed: &MerchantTerms, verdicts: &mut Verdicts) {
    let compared = Compared {
        requirement: AGREES,
        which: format!("an update of the merchant \"{}\"", update.merchant),
        path: format!("merchants/{}", update.merchant),
        sent: update.sent,
        fields: &FIELDS,
        feed,
    };
    compared.check(verdicts);
}

/// Whatever the case and the blanks.
fn is_same_text(stated: Option<&str>, due: &str) -> bool {
    let words = |text: &str| {
        text.to_lowercase()
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ")
    };
    stated.is_some_and(|stated| words(stated) == words(due))
}

/// A telephone number without what groups it and without the zeros by which one dials out.
fn digits(number: &str) -> String {
    let digits: String = number.chars().filter(char::is_ascii_digit).collect();
    digits.trim_start_matches('0').to_owned()
}

/// A web address without what makes no difference.
fn address(url: &str) -> String {
    let url = url.trim().to_lowercase();
    let bare = url
        .strip_prefix("https://")
        .or_else(|| url.strip_prefix("http://"));
    bare.unwrap_or(&url).trim_end_matches('/').to_owned()
}

/// The parts of an address by their names in the API and in the feed.
const PARTS: [(&str, &str); 5] = [
    ("/address/addressCountry", "/address/country"),
    ("/address/addressLocality", "/address/locality"),
    ("/address/addressRegion", "/address/region"),
    ("/address/postalCode", "/address/postal_code"),
    ("/address/streetAddress", "/address/street_address"),
];

/// About a kilometre.
const NEAR_DEGREES: f64 = 0.01;

fn is_same_place(stated: &Value, due: &Value) -> bool {
    let parts = PARTS.into_iter().all(|(own, feed)| {
        let (stated, due) = (reading::text(stated, own), reading::text(due, feed));
        due.is_none_or(|due| stated.is_none() || is_same_text(stated, due))
    });
    let degrees = |place: &Value, name: &str| match place.get(name)? {
        Value::String(text) => text.parse().ok(),
        value => value.as_f64(),
    };
    parts
        && ["latitude", "longitude"].into_iter().all(|name| {
            let both: Option<(f64, f64)> = degrees(stated, name).zip(degrees(due, name));
            both.is_none_or(|(stated, due)| (stated - due).abs() <= NEAR_DEGREES)
        })
}

/// The cards that are taken; none where all are.
fn networks(stated: &Value) -> Option<BTreeSet<String>> {
    let restrictions = reading::set(stated, "/creditCardRestrictions")?;
    let list = restrictions.get("creditCardType").and_then(Value::as_array);
    let list = list.into_iter().flatten();
    let names = list.filter_map(|name| reading::api_name("CreditCardType", name, ""));
    Some(names.map(ToOwned::to_owned).collect())
}

fn costs_the_same(option: &Value, due: &OptionTerms) -> bool {
    let tax = reading::set(option, "/taxRate").map(|rate| reading::number(rate, "/microPercent"));
    let is_same_tax = tax.is_none() || tax == Some(due.tax_micro_percent);
    api_terms::money(option, "/price") == due.price && is_same_tax
}

#[cfg(test)]
mod tests;
