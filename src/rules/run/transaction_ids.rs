//! PAY-COM-08

use super::{ReportedBooking, reported_bookings};
use crate::verdicts::Proof;
use crate::{PartnerCall, Rule, Run, Scope, Verdicts, reading};
use catalogue::RequirementId;
use transcript::Exchange;

const ONCE: RequirementId = RequirementId::declared("PAY-COM-08");

/// Where the id stands in a booking.
const TRANSACTION: &str = "/payment_information/payment_transaction_id";

/// Where it stands in a notification.
const NOTIFIED: &str = "/paymentInformation/paymentTransactionId";

pub(crate) static RULE: Rule = Rule {
    name: "run/transaction-ids",
    requirements: &[ONCE],
    manual: "Over the whole run, two bookings of one merchant must not have the same transaction id. A booking that is \
             returned again, under whatever id, keeps its own: neither an update nor a notification may show that of another one. \
             Bookings that involve no money are not compared.",
    scope: Scope::Run(judge),
};

fn judge(run: &Run<'_>, verdicts: &mut Verdicts) {
    let mut all = reported_bookings(run);
    all.retain(|made| made.transaction.is_some());
    let pairs = all
        .iter()
        .enumerate()
        .flat_map(|(index, one)| all[index + 1..].iter().map(move |other| (one, other)));
    let mut pairs = pairs
        .filter(|(one, other)| {
            one.merchant == other.merchant && one.id != other.id && one.token != other.token
        })
        .peekable();
    if pairs.peek().is_none() {
        return;
    }
    let same = pairs.find(|(one, other)| one.transaction == other.transaction);
    if let Some(lent) = lent(run, &all).filter(|_| same.is_none()) {
        let message = "the transaction id of another booking is shown for the booking";
        return verdicts.fail(ONCE, lent, message);
    }
    verdicts.check(ONCE, same.is_none(), || {
        let scenarios = same.map(|(one, other)| vec![one.scenario, other.scenario]);
        let proof = Proof {
            pointer: Some(format!("/booking{TRANSACTION}")),
            ..Proof::default()
        };
        let proof = proof.expected("a transaction id of its own for each booking");
        (
            proof.actual(scenarios.unwrap_or_default()),
            "two bookings of one merchant have the same transaction id".to_owned(),
        )
    });
}

/// Where an update or a notification shows a booking with a transaction id that is not its own but another one's.
fn lent(run: &Run<'_>, all: &[ReportedBooking<'_>]) -> Option<Proof> {
    run.cases.iter().find_map(|case| {
        let updated = || case.answers().find_map(|exchange| in_update(&exchange, all));
        let notified = || case.partner_calls().find_map(|call| in_notification(&call, all));
        let proof = updated().or_else(notified)?;
        Some(proof.in_scenario(case.scenario.id.clone()))
    })
}

fn in_update(exchange: &Exchange<'_>, all: &[ReportedBooking<'_>]) -> Option<Proof> {
    let booking = reading::updated_booking(exchange)?;
    let shown = reading::text(booking, TRANSACTION)?;
    let due = own_id(reading::id(booking)?, shown, all)?;
    let proof = Proof::at(exchange.entry, format!("/booking{TRANSACTION}"));
    Some(proof.expected(due).actual(shown))
}

fn in_notification(call: &PartnerCall<'_>, all: &[ReportedBooking<'_>]) -> Option<Proof> {
    let shown = reading::text(call.notification.message()?, NOTIFIED)?;
    let due = own_id(call.booking_id()?, shown, all)?;
    Some(Proof::at(call.entry, NOTIFIED).expected(due).actual(shown))
}

/// The transaction id that a booking was made with, where the one that is shown is that of another booking of its merchant.
fn own_id<'b>(id: &str, shown: &str, all: &[ReportedBooking<'b>]) -> Option<&'b str> {
    let mut own = all.iter().filter(|made| made.id == id);
    let first = own.clone().next()?;
    let is_other = |made: &ReportedBooking<'_>| {
        let is_beside = made.merchant == first.merchant && made.token != first.token && made.id != id;
        is_beside && made.transaction == Some(shown)
    };
    let is_lent = own.all(|made| made.transaction != Some(shown)) && all.iter().any(is_other);
    first.transaction.filter(|_| is_lent)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Story, booking, changes, copy, judge_run, paid_booking};
    use protocol::Method;
    use serde_json::json;

    fn create(id: &str, transaction: &str) -> Story {
        let story = Story::prepayment();
        let mut answer = paid_booking(&story, "PREPAYMENT_PROVIDED");
        answer["booking"]["booking_id"] = json!(id);
        answer["booking"]["payment_information"]["payment_transaction_id"] = json!(transaction);
        story.create_with(&format!("token of {id}"), answer)
    }

    #[test]
    fn an_id_each_passes_and_a_booking_keeps_its_own() {
        judge_run(&[create("bk-1", "ch-1"), create("bk-2", "ch-2")], &RULE).passes(ONCE);
        judge_run(&[create("bk-1", "ch-1"), create("bk-1", "ch-1")], &RULE).says_nothing();
        let again = |id| {
            let story = Story::prepayment();
            let mut answer = paid_booking(&story, "PREPAYMENT_PROVIDED");
            answer["booking"]["booking_id"] = json!(id);
            story.create_with("the same token", answer)
        };
        judge_run(&[again("bk-1"), again("bk-1-again")], &RULE).says_nothing();
    }

    #[test]
    fn bookings_without_money_may_share_one() {
        let free = |id: &str| {
            let mut answer = booking();
            answer["booking"]["booking_id"] = json!(id);
            answer["booking"]["payment_information"]["payment_transaction_id"] = json!("0");
            Story::arrival().create_with(&format!("token of {id}"), answer)
        };
        judge_run(&[free("bk-1"), free("bk-2")], &RULE).says_nothing();
    }

    #[test]
    fn the_id_of_another_booking_in_a_later_answer_is_found() {
        let updated = |transaction: &str| {
            let mut answer = paid_booking(&Story::prepayment(), "PREPAYMENT_PROVIDED");
            answer["booking"]["booking_id"] = json!("bk-2");
            answer["booking"]["payment_information"]["payment_transaction_id"] = json!(transaction);
            let request = json!({ "booking": { "booking_id": "bk-2", "status": "CANCELED" } });
            create("bk-2", "ch-2").call(Method::UpdateBooking, request, 200, answer)
        };
        let judged = |transaction| judge_run(&[create("bk-1", "ch-1"), updated(transaction)], &RULE);
        let found = judged("ch-1").fails(ONCE);
        assert_eq!(found.evidence.actual, "ch-1");
        // A refund may have an id of its own.
        judged("re-2").passes(ONCE);
        judged("ch-2").passes(ONCE);
    }

    #[test]
    fn the_id_of_another_booking_in_a_notification_is_found() {
        let notified = |transaction: &str| {
            let payment =
                json!({ "prepaymentStatus": "PREPAYMENT_REFUNDED", "paymentTransactionId": transaction });
            let body = changes(json!({ "paymentInformation": payment }));
            let before = copy("CONFIRMED", Some("PREPAYMENT_PROVIDED"));
            create("bk-0001", "ch-2").patch(Some("paymentInformation"), body, before.clone(), before)
        };
        let judged = |transaction| judge_run(&[create("bk-1", "ch-1"), notified(transaction)], &RULE);
        judged("ch-1").fails(ONCE);
        judged("re-2").passes(ONCE);
        judged("ch-2").passes(ONCE);
    }

    #[test]
    fn one_id_for_two_bookings_is_found() {
        judge_run(&[create("bk-1", "ch-1"), create("bk-2", "ch-1")], &RULE).fails(ONCE);
    }
}
