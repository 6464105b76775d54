//! BS-BAL-01, BS-CREATE-27, BS-UPDATE-22, BS-STATUS-01, BS-LIST-01, BS-LIST-05, BS-WAIT-04, BS-WAIT-11, BS-WAIT-15, BS-ORDER-02, BS-ORDER-03, BS-ORDER-04, BS-MKT-01

use super::{faults, field};
use crate::verdicts::Proof;
use crate::{Case, Rule, Scope, Verdicts, payment, reading};
use catalogue::RequirementId;
use protocol::Method;
use protocol::schema::{Fault, Violation};
use serde_json::Value;
use transcript::Exchange;

const ENTRIES: RequirementId = RequirementId::declared("BS-BAL-01");
const CREATED: RequirementId = RequirementId::declared("BS-CREATE-27");
const UPDATED: RequirementId = RequirementId::declared("BS-UPDATE-22");
const STATUS: RequirementId = RequirementId::declared("BS-STATUS-01");
const LIST: RequirementId = RequirementId::declared("BS-LIST-01");
const LISTED: RequirementId = RequirementId::declared("BS-LIST-05");
const MARKETING: RequirementId = RequirementId::declared("BS-MKT-01");

const ESTIMATES: RequirementId = RequirementId::declared("BS-WAIT-11");
const JOINED: RequirementId = RequirementId::declared("BS-WAIT-04");
const ENTRY: RequirementId = RequirementId::declared("BS-WAIT-15");
const FULFILLABLE: RequirementId = RequirementId::declared("BS-ORDER-04");
const ORDERED: RequirementId = RequirementId::declared("BS-ORDER-02");
const ORDERS: RequirementId = RequirementId::declared("BS-ORDER-03");

pub(crate) static RULE: Rule = Rule {
    name: "answers/wire-types",
    requirements: &[
        ENTRIES,
        CREATED,
        UPDATED,
        STATUS,
        LIST,
        LISTED,
        ESTIMATES,
        JOINED,
        ENTRY,
        FULFILLABLE,
        ORDERED,
        ORDERS,
        MARKETING,
    ],
    manual: "A 200 answer must be one JSON object whose fields have the types of the interface: not a bare list, not JSON \
             inside a string, not a page of HTML; a list of bookings that is none lists nothing. Numbers and decimal text are the same, and `null` is the same as \
             nothing. Times and amounts have rules of their own.",
    scope: Scope::Answer(judge),
};

/// What an answer must hold is one requirement per method; an answer that cannot be read does not hold it.
fn owner(method: Method) -> Option<RequirementId> {
    match method {
        Method::BatchAvailabilityLookup => Some(ENTRIES),
        Method::CreateBooking => Some(CREATED),
        Method::UpdateBooking => Some(UPDATED),
        Method::GetBookingStatus => Some(STATUS),
        Method::ListBookings => Some(LISTED),
        Method::BatchGetWaitEstimates => Some(ESTIMATES),
        Method::CreateWaitlistEntry => Some(JOINED),
        Method::GetWaitlistEntry => Some(ENTRY),
        // What comes is nothing, of which a rule of waitlists speaks.
        Method::HealthCheck | Method::DeleteWaitlistEntry => None,
        Method::CheckOrderFulfillability => Some(FULFILLABLE),
        Method::CreateOrder => Some(ORDERED),
        Method::ListOrders => Some(ORDERS),
        Method::SetMarketingPreference => Some(MARKETING),
    }
}

fn judge(case: &Case<'_>, exchange: &Exchange<'_>, verdicts: &mut Verdicts) {
    let Some(owner) = owner(exchange.call.method) else {
        return;
    };
    let Some(reply) = exchange.http().filter(|reply| reply.is_success()) else {
        return;
    };
    if reading::body(exchange).is_none() {
        let proof = Proof::at(exchange.entry, "").expected("a JSON object");
        let shape = if reply.body.trim().is_empty() {
            "an empty body"
        } else {
            shape(reply.message())
        };
        let message = format!(
            "the answer to {} is not a JSON object but {shape}",
            exchange.call.method
        );
        let proof = proof.actual(shape);
        if exchange.call.method == Method::ListBookings {
            return verdicts.fail(LIST, proof, message);
        }
        return verdicts.fail(owner, proof, message);
    }
    let wrong = faults(exchange, Fault::Type)
        .into_iter()
        .find(|fault| !is_judged_elsewhere(case, exchange, fault) && !is_number_as_text(fault));
    if let Some(fault) = wrong {
        let message = format!(
            "\"{}\" is {} in the answer to {}; {} is due",
            field(&fault.pointer),
            reading::kind(&fault.actual),
            exchange.call.method,
            due(&fault.expected),
        );
        let proof = Proof::at(exchange.entry, fault.pointer).expected(fault.expected);
        verdicts.fail(owner, proof.actual(fault.actual), message);
    }
}

fn is_judged_elsewhere(case: &Case<'_>, exchange: &Exchange<'_>, fault: &Violation) -> bool {
    let amount = ["price_micros", "currency_code"].contains(&field(&fault.pointer));
    let priced = reading::created_booking(exchange).is_some()
        && case.slot_of(exchange).is_some_and(payment::involves_money);
    fault.pointer.ends_with("_sec") || (amount && priced)
}

/// Parsers of proto3 JSON read an int32 from text as well.
fn is_number_as_text(fault: &Violation) -> bool {
    let number = fault
        .actual
        .as_str()
        .is_some_and(|text| text.parse::<i32>().is_ok());
    number
        && fault
            .expected
            .as_str()
            .is_some_and(|expected| expected.contains("a whole number"))
}

/// What the interface says, as text.
fn due(expected: &Value) -> String {
    expected
        .as_str()
        .map_or_else(|| expected.to_string(), ToOwned::to_owned)
}

fn shape(json: Option<&Value>) -> &'static str {
    match json {
        None => "text that is no JSON",
        Some(Value::Array(_)) => "a bare list",
        Some(Value::String(_)) => "text inside a JSON string",
        Some(_) => "a bare value",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Story, booking, paid_booking};
    use serde_json::json;

    #[test]
    fn a_right_answer_is_left_to_the_rules_about_its_content() {
        let mut answer = booking();
        answer["booking"]["slot"]["resources"] = json!({ "party_size": "2", "staff_id": null });
        Story::arrival().create(answer).judge(&RULE).says_nothing();
    }

    #[test]
    fn what_is_no_object_is_found_for_each_method() {
        for (method, owner) in [
            (Method::BatchAvailabilityLookup, ENTRIES),
            (Method::CreateBooking, CREATED),
            (Method::UpdateBooking, UPDATED),
            (Method::GetBookingStatus, STATUS),
            (Method::ListBookings, LIST),
        ] {
            for answer in [json!([]), json!("<html></html>"), json!(null)] {
                Story::arrival()
                    .call(method, json!({}), 200, answer)
                    .judge(&RULE)
                    .fails(owner);
            }
        }
    }

    #[test]
    fn an_id_that_is_a_number_is_found() {
        let mut answer = booking();
        answer["booking"]["booking_id"] = json!(17);
        let found = Story::arrival().create(answer).judge(&RULE).fails(CREATED);
        assert_eq!(found.evidence.pointer.as_deref(), Some("/booking/booking_id"));
    }

    #[test]
    fn amounts_of_paid_slots_and_times_are_judged_elsewhere() {
        let mut answer = paid_booking(&Story::prepayment(), "PREPAYMENT_PROVIDED");
        answer["booking"]["payment_information"]["price"]["price_micros"] = json!("96.00");
        answer["booking"]["slot"]["start_sec"] = json!("08:00");
        Story::prepayment().create(answer).judge(&RULE).says_nothing();
    }
}
