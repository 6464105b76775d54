//! RTU-REFUND-03, RTU-REFUND-08

use super::PREPAYMENT;
use crate::verdicts::Proof;
use crate::{Case, Rule, Scope, Verdicts, packs, reading};
use catalogue::RequirementId;
use protocol::Method;
use serde_json::Value;
use transcript::Exchange;

const STEP: RequirementId = RequirementId::declared("RTU-REFUND-03");
const KEPT: RequirementId = RequirementId::declared("RTU-REFUND-08");

pub(crate) static RULE: Rule = Rule {
    name: "notification/prepayment-steps",
    requirements: &[STEP, KEPT],
    manual: "The prepayment status may go from PREPAYMENT_PROVIDED to PREPAYMENT_REFUNDED and no other way, in notifications \
             and in answers to UpdateBooking alike. A refund of what was never reported as paid and a refund that is taken \
             back are found; a repeated status is tolerated, a voucher (PREPAYMENT_CREDITED) warns but for a visit that goes back to its pack, and a charge that comes \
             later is left open.",
    scope: Scope::Scenario(judge),
};

const ANSWERED: &str = "/booking/payment_information/prepayment_status";

fn judge(case: &Case<'_>, verdicts: &mut Verdicts) {
    for patch in case.booking_updates() {
        if let (Some(to), Some(_)) = (patch.prepayment(), patch.before)
            && !is_due(case, patch.booking_id, patch.prepayment_before(), to)
        {
            let proof = Proof::at(patch.entry, PREPAYMENT);
            conclude(patch.prepayment_before(), to, proof, verdicts);
        }
    }
    for exchange in case
        .answers()
        .filter(|exchange| reading::updated_booking(exchange).is_some())
    {
        let known = |name: &&str| reading::is_name_of("PrepaymentStatus", name);
        let to = exchange.answer_text(ANSWERED).filter(known);
        let id = exchange
            .request_value("/booking/booking_id")
            .and_then(Value::as_str);
        if let (Some(to), Some(from), Some(id)) = (to, last_status(case, &exchange), id)
            && !is_due(case, id, &from, to)
        {
            conclude(&from, to, Proof::at(exchange.entry, ANSWERED), verdicts);
        }
    }
}

/// True when a payment that was due is reported as given back only: that it was not reported when it was made is a finding
/// of its own. What a pack paid for is given back as a visit.
fn is_due(case: &Case<'_>, id: &str, from: &str, to: &str) -> bool {
    let due = case.slot_of_booking(id).is_some_and(|slot| slot.terms.prepayment);
    match (from, to) {
        ("PREPAYMENT_NOT_PROVIDED", "PREPAYMENT_REFUNDED") => due,
        ("PREPAYMENT_PROVIDED", "PREPAYMENT_CREDITED") => packs::is_visit(case, id),
        _ => false,
    }
}

fn conclude(from: &str, to: &str, proof: Proof, verdicts: &mut Verdicts) {
    let short = |status: &str| status.trim_start_matches("PREPAYMENT_").to_owned();
    let proof = proof.expected(from).actual(to);
    let message = match (short(from).as_str(), short(to).as_str()) {
        ("PROVIDED", "REFUNDED") => {
            verdicts.pass(KEPT);
            return verdicts.pass(STEP);
        }
        ("PROVIDED", "CREDITED") => {
            return verdicts.warn(
                STEP,
                proof,
                "the payment became a voucher, which no page supports",
            );
        }
        ("NOT_PROVIDED" | "STATUS_UNSPECIFIED", "REFUNDED") => {
            "a refund is reported although no payment was reported before"
        }
        ("REFUNDED", other) if other != "REFUNDED" => {
            return verdicts.fail(KEPT, proof, "a reported refund is taken back");
        }
        ("PROVIDED", "NOT_PROVIDED") => "a reported payment is taken back instead of being refunded",
        _ => return,
    };
    verdicts.fail(STEP, proof, message);
}

/// The prepayment status that was last reported before an answer, in whatever way.
fn last_status(case: &Case<'_>, exchange: &Exchange<'_>) -> Option<String> {
    let id = exchange.request_value("/booking/booking_id")?.as_str()?;
    let answered = case.transcript.exchanges().filter_map(|other| {
        let changed = [Method::CreateBooking, Method::UpdateBooking].contains(&other.call.method);
        let same = other.answer_text("/booking/booking_id") == Some(id);
        let status = other.answer_text(ANSWERED).filter(|_| changed && same)?;
        Some((other.entry, status.to_owned()))
    });
    let notified = case.calls_about(id).filter_map(|call| {
        let status = reading::text(call.notification.after.as_ref()?, PREPAYMENT)?;
        Some((call.entry, status.to_owned()))
    });
    let earlier = answered
        .chain(notified)
        .filter(|(entry, _)| *entry < exchange.entry);
    earlier.max_by_key(|(entry, _)| *entry).map(|(_, status)| status)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Story, changes, copy, paid_booking};
    use serde_json::json;

    fn update(from: Option<&str>, to: &str) -> Story {
        let body = changes(json!({ "paymentInformation": { "prepaymentStatus": to } }));
        Story::deposit(3600).patch(
            Some("paymentInformation"),
            body,
            copy("CANCELED", from),
            copy("CANCELED", Some(to)),
        )
    }

    #[test]
    fn a_refund_of_a_payment_passes() {
        update(Some("PREPAYMENT_PROVIDED"), "PREPAYMENT_REFUNDED")
            .judge(&RULE)
            .passes(STEP);
    }

    #[test]
    fn a_refund_of_nothing_and_a_refund_taken_back_are_found() {
        update(None, "PREPAYMENT_REFUNDED").judge(&RULE).fails(STEP);
        update(Some("PREPAYMENT_NOT_PROVIDED"), "PREPAYMENT_REFUNDED")
            .judge(&RULE)
            .fails(STEP);
        update(Some("PREPAYMENT_REFUNDED"), "PREPAYMENT_PROVIDED")
            .judge(&RULE)
            .fails(KEPT);
    }

    #[test]
    fn repeats_and_later_charges_are_tolerated_and_a_voucher_warns() {
        update(Some("PREPAYMENT_REFUNDED"), "PREPAYMENT_REFUNDED")
            .judge(&RULE)
            .says_nothing();
        update(Some("PREPAYMENT_NOT_PROVIDED"), "PREPAYMENT_PROVIDED")
            .judge(&RULE)
            .says_nothing();
        update(Some("PREPAYMENT_PROVIDED"), "PREPAYMENT_CREDITED")
            .judge(&RULE)
            .warns(STEP);
    }

    #[test]
    fn a_visit_that_goes_back_to_its_pack_is_no_odd_step() {
        let story = Story::prepayment().slot(|slot| {
            slot.terms.payment_option_id = Some("two".into());
            slot.terms.pack_visits = Some(2);
        });
        let mut request = json!({ "idempotency_token": "t-1" });
        let made = paid_booking(&story, "PREPAYMENT_PROVIDED");
        request["slot"] = made["booking"]["slot"].clone();
        request["payment_information"] = json!({ "payment_option_id": "two" });
        let mut cancelled = paid_booking(&story, "PREPAYMENT_CREDITED");
        cancelled["booking"]["status"] = json!("CANCELED");
        let bought = story.call(Method::CreateBooking, request, 200, made);
        bought.cancel(cancelled).judge(&RULE).says_nothing();
    }

    #[test]
    fn an_answer_to_a_cancellation_is_judged_by_what_was_reported_last() {
        let canceled = |from: &str| {
            let story = Story::deposit(3600);
            let made = paid_booking(&story, from);
            let mut answer = paid_booking(&story, "PREPAYMENT_REFUNDED");
            answer["booking"]["status"] = json!("CANCELED");
            story.create(made).cancel(answer)
        };
        canceled("PREPAYMENT_PROVIDED").judge(&RULE).passes(STEP);
        canceled("PREPAYMENT_NOT_PROVIDED").judge(&RULE).fails(STEP);
    }
}
