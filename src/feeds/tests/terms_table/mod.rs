//! Every combination of what a slot and its service can say about money, against a model of the documents.
//!
//! The model shares nothing with the code that is tried: its amounts are written out, the taxes as worked out on
//! paper, a tie in every currency among them.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod model;
mod records;

use crate::code::ProblemCode;
use crate::terms::effective::{Overrides, effective};
use crate::terms::money;
use crate::{CardRequirement, Inventory, windows};
use domain::slot::{Deposit, Money, NoShowFee, Terms};
use model::{Case, EITHER, Outcome, Row};
use records::{Amounts, BASES, Base, CURRENCIES, TAXES, Tax, merchant_id, service_id};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

const START: i64 = 1_893_672_000;
const LENGTH: i64 = 1_800;

#[test]
fn every_combination_of_terms_resolves_as_the_documents_say() {
    let inventory = records::feeds(&CURRENCIES, &TAXES, &BASES).read().unwrap();
    // An absent field and one that is unspecified differ in a record only.
    let rows: Vec<_> = Row::all()
        .filter(|row| row.card != Some(CardRequirement::Unspecified))
        .collect();
    for case in cases(&TAXES, &BASES) {
        for row in rows.iter().copied() {
            let (terms, said) = resolve(&inventory, case, row);
            let found = (found(&terms, START, row.party), said);
            let expected = (case.expected(row), case.warnings(row));
            let (amounts, tax, base) = (case.amounts, case.tax, case.base);
            assert_eq!(
                found, expected,
                "{} tax {tax:?} {base:?} option {} {row:?}",
                amounts.code, case.has_option
            );
        }
    }
}

/// The same for slots as they stand in a feed.
#[test]
fn every_slot_of_a_feed_resolves_as_the_documents_say() {
    let (taxes, bases) = ([Tax::Option], [Base::Bare, Base::Everything]);
    let mut feeds = records::feeds(&CURRENCIES, &taxes, &bases);
    let mut rows = BTreeMap::new();
    for case in cases(&taxes, &bases) {
        for row in Row::all() {
            let tag = rows.len().to_string();
            let start = START + 2 * LENGTH * i64::try_from(rows.len()).unwrap();
            rows.insert(tag, (Case { start, ..case }, row));
        }
    }
    let slots: Vec<_> = rows
        .iter()
        .map(|(tag, (case, row))| slot(tag, *case, *row))
        .collect();
    feeds.availability["service_availability"] = json!([{ "availability": slots }]);
    let inventory = feeds.read().unwrap();
    assert_eq!(inventory.slots.len(), rows.len());
    let mut said = BTreeSet::new();
    for slot in &inventory.slots {
        let (case, row) = rows[slot.availability_tag.as_ref().unwrap()];
        said.extend(case.warnings(row));
        let found = found(&slot.terms, slot.start_sec, slot.resources.party_size);
        assert_eq!(
            found,
            case.expected(row),
            "{} {:?} {row:?}",
            case.amounts.code,
            case.base
        );
    }
    // What is wrong with a service is told once, so that only sorts can be compared.
    let problems = inventory.problems.iter().map(|tally| tally.first[0].code);
    assert!(said.is_subset(&problems.collect::<BTreeSet<_>>()), "{said:?}");
}

fn cases<'a>(taxes: &'a [Tax], bases: &'a [Base]) -> impl Iterator<Item = Case<'a>> {
    CURRENCIES.iter().flat_map(move |amounts| {
        let services = taxes
            .iter()
            .flat_map(|tax| bases.iter().map(|base| (*tax, *base)));
        services.flat_map(move |(tax, base)| {
            EITHER.map(|has_option| Case {
                amounts,
                tax,
                base,
                has_option,
                start: START,
            })
        })
    })
}

/// The terms of a row, and what is said of them.
fn resolve(inventory: &Inventory, case: Case<'_>, row: Row) -> (Terms, Vec<ProblemCode>) {
    let id = merchant_id(case.amounts, case.tax);
    let merchant = inventory.merchant(&id).unwrap();
    let service = inventory
        .service(&id, &service_id(case.base, case.has_option))
        .unwrap();
    let mut problems = Vec::new();
    let mut terms = effective(
        overrides(case.amounts, &id, row),
        service,
        merchant,
        &mut problems,
    )
    .unwrap();
    let (cutoff, last) = (
        own(row.cutoff, case.start - 1_000),
        own(row.last_bookable, case.start - 500),
    );
    terms.online_cancel_until_sec = windows::online_cutoff(case.start, cutoff, &service.rules);
    terms.bookable_until_sec = windows::bookable_until(case.start, LENGTH, last, &service.rules);
    (terms, problems.into_iter().map(|problem| problem.code).collect())
}

fn own<T>(says: bool, value: T) -> Option<T> {
    says.then_some(value)
}

fn overrides(amounts: &Amounts, merchant_id: &str, row: Row) -> Overrides {
    let price = |price_micros| Money {
        price_micros,
        currency_code: amounts.code.to_owned(),
    };
    let fee = NoShowFee {
        fee: price(amounts.slot_fee),
        fee_type: row.kind,
    };
    let deposit = Deposit {
        deposit: price(amounts.slot_deposit),
        min_advance_cancellation_sec: None,
        deposit_type: row.kind,
    };
    Overrides {
        payment_option_ids: own(row.option, format!("slot-{merchant_id}"))
            .into_iter()
            .collect(),
        no_show_fee: own(row.fee, fee),
        deposit: own(row.deposit, deposit),
        card_requirement: row.card.unwrap_or_default(),
        party_size: row.party,
        ..Overrides::default()
    }
}

/// The row as a record of the availability feed.
fn slot(tag: &str, case: Case<'_>, row: Row) -> Value {
    let (amounts, start) = (case.amounts, case.start);
    let merchant = merchant_id(amounts, case.tax);
    let price = |micros: i64| json!({ "price_micros": micros.to_string(), "currency_code": amounts.code });
    let card = row.card.map(|card| match card {
        CardRequirement::Unspecified => "REQUIRE_CREDIT_CARD_UNSPECIFIED",
        CardRequirement::Conditional => "REQUIRE_CREDIT_CARD_CONDITIONAL",
        CardRequirement::Always => "REQUIRE_CREDIT_CARD_ALWAYS",
    });
    json!({
        "merchant_id": merchant,
        "service_id": service_id(case.base, case.has_option),
        "start_sec": start,
        "duration_sec": LENGTH,
        "spots_total": 1,
        "spots_open": 1,
        "availability_tag": tag,
        "resources": row.party.map(|party| json!({ "party_size": party })),
        "payment_option_id": own(row.option, [format!("slot-{merchant}")]),
        "no_show_fee": own(row.fee, json!({ "fee": price(amounts.slot_fee), "fee_type": row.kind })),
        "deposit": own(row.deposit, json!({ "deposit": price(amounts.slot_deposit), "deposit_type": row.kind })),
        "require_credit_card": card,
        "scheduling_rule_overrides": {
            "last_online_cancellable_sec": own(row.cutoff, start - 1_000),
            "last_bookable_sec": own(row.last_bookable, start - 500),
        },
    })
}

fn found(terms: &Terms, start: i64, party: Option<i32>) -> Outcome {
    let charge = |amount: &Money, kind| {
        (
            amount.price_micros,
            kind,
            money::charged(amount, kind, party).price_micros,
        )
    };
    let micros = |money: &Money| money.price_micros;
    let replaced = &terms.replaced;
    Outcome {
        price: terms.price.as_ref().unwrap().price_micros,
        tax: terms.tax.as_ref().map(micros),
        option: terms.payment_option_id.clone(),
        fee: terms
            .no_show_fee
            .as_ref()
            .map(|fee| charge(&fee.fee, fee.fee_type)),
        deposit: terms
            .deposit
            .as_ref()
            .map(|deposit| charge(&deposit.deposit, deposit.deposit_type)),
        deposit_until: terms.deposit_refundable_until_sec(start),
        modes: terms.modes(),
        card: [terms.card_required, terms.tokenization_config.is_some()],
        replaced: (
            replaced.price.as_ref().map(micros),
            replaced.no_show_fee.as_ref().map(|fee| fee.fee.price_micros),
            replaced
                .deposit
                .as_ref()
                .map(|deposit| deposit.deposit.price_micros),
            replaced.credit_card,
        ),
        last_moments: [terms.online_cancel_until_sec, terms.bookable_until_sec],
    }
}
