//! BS-PAY-10, PAY-COM-06, PAY-COM-07, PAY-COM-10, PAY-COM-12, PAY-PREPAY-04, BS-ORDER-07

use super::as_ordered::is_repeat;
use super::compared::name;
use super::orders;
use crate::verdicts::Proof;
use crate::{Case, Rule, Scope, Verdicts, reading};
use catalogue::RequirementId;
use protocol::int64;
use scenario::matcher;
use serde_json::{Value, json};
use transcript::Exchange;

const COMPLETE: RequirementId = RequirementId::declared("BS-PAY-10");
const BY_PARTNER: RequirementId = RequirementId::declared("PAY-COM-06");
const TRANSACTION: RequirementId = RequirementId::declared("PAY-COM-07");
const PRICE: RequirementId = RequirementId::declared("PAY-COM-10");
const CURRENCY: RequirementId = RequirementId::declared("PAY-COM-12");
const PROVIDED: RequirementId = RequirementId::declared("PAY-PREPAY-04");
const FEES: RequirementId = RequirementId::declared("BS-ORDER-07");

pub(crate) static RULE: Rule = Rule {
    name: "orders/paid",
    requirements: &[COMPLETE, BY_PARTNER, TRANSACTION, PRICE, CURRENCY, PROVIDED, FEES],
    manual: "An order that is paid by a card is answered with `payment_information` like a booking that is: prepayment status, who \
             processes the payment, a transaction id, and the price that was asked for in its currency. Fees and taxes may be left out, but \
             must not be others than those that were asked for. Tickets are paid in full when they are ordered.",
    scope: Scope::Answer(judge),
};

/// What must be there, beside the requirement that says so.
const STATED: [(RequirementId, &str); 4] = [
    (COMPLETE, "/prepayment_status"),
    (COMPLETE, "/payment_processed_by"),
    (TRANSACTION, "/payment_transaction_id"),
    (COMPLETE, "/price"),
];

/// What must be as it was asked for.
const REPEATED: [(RequirementId, &str); 4] = [
    (PRICE, "/price/price_micros"),
    (CURRENCY, "/price/currency_code"),
    (FEES, "/fees_and_taxes/price_micros"),
    (FEES, "/fees_and_taxes/currency_code"),
];

/// What must be of one name.
const NAMED: [(RequirementId, &str, &str, &str); 2] = [
    (
        BY_PARTNER,
        "/payment_processed_by",
        "PaymentInformation.PaymentProcessedBy",
        "PROCESSED_BY_PARTNER",
    ),
    (
        PROVIDED,
        "/prepayment_status",
        "PrepaymentStatus",
        "PREPAYMENT_PROVIDED",
    ),
];

const PAYMENT: &str = "/payment_information";

fn judge(case: &Case<'_>, exchange: &Exchange<'_>, verdicts: &mut Verdicts) {
    let is_paid = exchange.request_value("/payment_processing_parameters").is_some();
    let asked = exchange.request_value("/order/payment_information");
    let Some(asked) = asked.filter(|_| is_paid && !is_repeat(case, exchange)) else {
        return;
    };
    for (pointer, order) in orders(exchange) {
        let place = format!("{pointer}{PAYMENT}");
        let payment = reading::set(order, PAYMENT);
        let Some(payment) = payment.filter(|payment| payment.is_object()) else {
            // What is no object is another rule's finding.
            if payment.is_none() {
                let proof = Proof::at(exchange.entry, place).expected("present");
                verdicts.fail(COMPLETE, proof, "a paid order has no `payment_information`");
            }
            continue;
        };
        judge_payment(exchange, &place, asked, payment, verdicts);
    }
}

fn judge_payment(
    exchange: &Exchange<'_>,
    place: &str,
    asked: &Value,
    payment: &Value,
    verdicts: &mut Verdicts,
) {
    let mut is_whole = true;
    for (requirement, field) in STATED {
        let is_there = reading::set(payment, field).is_some_and(|value| value != "");
        is_whole &= is_there;
        verdicts.check(requirement, is_there, || {
            let proof = Proof::at(exchange.entry, format!("{place}{field}")).expected("present");
            (
                proof,
                format!("the payment information of a paid order has no `{}`", name(field)),
            )
        });
    }
    // What is left out may be the payment of another order: the rest of it says nothing.
    if !is_whole {
        return;
    }
    for (requirement, field) in REPEATED {
        if let Some((due, shown)) = other_amount(asked, payment, field) {
            let message = format!(
                "CreateOrder was sent \"{}\": {due} in `payment_information` and answered an order with {shown}",
                field.trim_start_matches('/').replace('/', ".")
            );
            let proof = Proof::at(exchange.entry, format!("{place}{field}"));
            verdicts.fail(requirement, proof.expected(due).actual(shown), message);
        }
    }
    for (requirement, field, names, due) in NAMED {
        let said = reading::text(payment, field).filter(|said| reading::is_name_of(names, said));
        let Some(said) = said else { continue };
        verdicts.check(requirement, said == due, || {
            let message = format!(
                "a paid order is answered with \"{}\": \"{said}\"; {due} is due",
                name(field)
            );
            let proof = Proof::at(exchange.entry, format!("{place}{field}"));
            (proof.expected(due).actual(said), message)
        });
    }
}

/// An amount or a currency that is not the one that was asked for, where the money is stated at all.
fn other_amount(asked: &Value, payment: &Value, field: &str) -> Option<(Value, Value)> {
    let (money, _) = field.rsplit_once('/')?;
    let due = reading::set(asked, field)?;
    reading::set(payment, money).filter(|money| money.is_object())?;
    // A zero may be left out.
    let shown = reading::set(payment, field).cloned().unwrap_or_else(|| {
        if field.ends_with("micros") {
            json!(0)
        } else {
            Value::Null
        }
    });
    let is_readable = int64::read(due).is_some() == int64::read(&shown).is_some() || shown.is_null();
    (is_readable && !matcher::equal(due, Some(&shown))).then(|| (due.clone(), shown))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{item, made, order, with_status};
    use super::*;
    use crate::testing::Story;
    use protocol::Method;

    type Change = fn(&mut Value);

    fn money(micros: &str) -> Value {
        json!({ "price_micros": micros, "currency_code": "EUR" })
    }

    fn ordered(change: impl FnOnce(&mut Value)) -> Story {
        let mut request = order(&[item(0, 60)]);
        request["order"]["payment_information"] = json!({ "prepayment_status": "PREPAYMENT_NOT_PROVIDED",
            "payment_processed_by": "PROCESSED_BY_PARTNER", "price": money("60000000"), "fees_and_taxes": money("2000000") });
        request["payment_processing_parameters"] = json!({ "unparsed_payment_method_token": "{}" });
        let mut one = made("o-1", &[with_status(&item(0, 60), "CONFIRMED")]);
        one["payment_information"] = request["order"]["payment_information"].clone();
        one["payment_information"]["prepayment_status"] = json!("PREPAYMENT_PROVIDED");
        one["payment_information"]["payment_transaction_id"] = json!("t-1");
        change(&mut one["payment_information"]);
        Story::arrival().call(Method::CreateOrder, request, 200, json!({ "order": one }))
    }

    #[test]
    fn a_paid_order_says_how_it_was_paid() {
        let verdict = ordered(|_| {}).judge(&RULE);
        for requirement in [COMPLETE, BY_PARTNER, TRANSACTION, PROVIDED] {
            verdict.passes(requirement);
        }
        ordered(|payment| payment["fees_and_taxes"] = json!(null))
            .judge(&RULE)
            .passes(COMPLETE);
        ordered(|payment| payment["price"]["price_micros"] = json!(60_000_000))
            .judge(&RULE)
            .passes(COMPLETE);
    }

    #[test]
    fn what_is_left_out_or_otherwise_is_found() {
        let changes: [(Change, RequirementId); 10] = [
            (|payment| *payment = json!(null), COMPLETE),
            (|payment| payment["price"] = json!(null), COMPLETE),
            (|payment| payment["prepayment_status"] = json!(null), COMPLETE),
            (
                |payment| payment["payment_transaction_id"] = json!(""),
                TRANSACTION,
            ),
            (
                |payment| payment["payment_processed_by"] = json!("PROCESSED_BY_GOOGLE"),
                BY_PARTNER,
            ),
            (
                |payment| payment["prepayment_status"] = json!("PREPAYMENT_NOT_PROVIDED"),
                PROVIDED,
            ),
            (|payment| payment["price"]["price_micros"] = json!("1"), PRICE),
            (
                |payment| payment["price"]["currency_code"] = json!(null),
                CURRENCY,
            ),
            (
                |payment| payment["fees_and_taxes"]["price_micros"] = json!(null),
                FEES,
            ),
            (
                |payment| payment["fees_and_taxes"]["currency_code"] = json!("USD"),
                FEES,
            ),
        ];
        for (change, requirement) in changes {
            let verdict = ordered(change).judge(&RULE);
            if requirement == FEES {
                verdict.warns(requirement);
            } else {
                verdict.fails(requirement);
            }
        }
    }
}
