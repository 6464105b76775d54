//! CXL-10, BS-UPDATE-19

use super::{Told, owned};
use crate::verdicts::Proof;
use crate::{Case, Rule, Scope, Verdicts, reading};
use catalogue::RequirementId;
use feeds::windows;
use protocol::Method;
use serde_json::Value;
use transcript::Exchange;

const CREDITED: RequirementId = RequirementId::declared("CXL-10");
const TOLD: RequirementId = RequirementId::declared("BS-UPDATE-19");

pub(crate) static RULE: Rule = Rule {
    name: "packs/credited",
    requirements: &[CREDITED, TOLD],
    manual: "When Google cancels a booking that was paid from a pack of the user, and the cancellation policy gives everything back at that moment, \
             the pack must have one visit more, or the answer must hold another pack or voucher. What the user has then \
             must stand in the answer. A later booking from the pack shows whether the visit is there: one that was given back in words only is \
             found, and so is one that is there and was not told. Judged a minute clear of the edges of the policy; memberships count \
             no visits, and what stands neither in the answer nor is shown by a later booking is not judged.",
    scope: Scope::Scenario(judge),
};

const COUNT: &str = "/user_payment_option/current_count";
const STATUS: &str = "/booking/payment_information/prepayment_status";
const CLEAR_SEC: i64 = 60;

/// A booking that was paid from a pack, and that Google cancelled.
struct Cancelled<'c> {
    exchange: Exchange<'c>,
    pack: &'c str,
    /// Visits left before.
    before: i64,
    /// What the next booking from the pack showed.
    later: Later,
}

/// What a booking from the pack shows of it, after the cancellation.
enum Later {
    /// Nobody tried, or the answer leaves it open.
    Open,
    /// So many visits were left before it.
    Had(i64),
    /// It could not pay.
    UsedUp(usize),
}

fn judge(case: &Case<'_>, verdicts: &mut Verdicts) {
    for exchange in case.answers() {
        if let Some(cancelled) = cancelled(case, exchange) {
            conclude(&cancelled, verdicts);
        }
    }
}

fn cancelled<'c>(case: &'c Case<'_>, exchange: Exchange<'c>) -> Option<Cancelled<'c>> {
    let cancels = exchange.request_value("/booking/status").and_then(Value::as_str) == Some("CANCELED");
    let done = reading::updated_booking(&exchange)?;
    let id = exchange.request_value("/booking/booking_id")?.as_str()?;
    if !cancels || reading::text(done, "/status") != Some("CANCELED") {
        return None;
    }
    let made = case.bookings().into_iter().find(|(known, _)| *known == id)?.1;
    let pack = owned(&made)?;
    // Who was answered with another pack has nothing to count from.
    Told::of(&made).filter(|told| told.id == pack)?;
    let slot = case.slot_of(&made).filter(|_| !case.is_moved(id))?;
    let at_sec = case.epoch_sec(exchange.sent_ms);
    let mut moments = [at_sec - CLEAR_SEC, at_sec, at_sec + CLEAR_SEC].into_iter();
    if !moments.all(|at| windows::refund_percent(slot, at) == 100) {
        return None;
    }
    let mut earlier = case.answers().filter(|one| one.entry < exchange.entry);
    // A second cancellation of the same booking gives nothing back.
    if earlier
        .any(|one| one.request_value("/booking/booking_id") == exchange.request_value("/booking/booking_id"))
    {
        return None;
    }
    let earlier = case.answers().filter(|one| one.entry < exchange.entry);
    let before = earlier
        .filter_map(|one| Told::of(&one))
        .filter(|told| told.id == pack);
    Some(Cancelled {
        exchange,
        pack,
        before: before.last()?.visits_left()?,
        later: later(case, &exchange, pack),
    })
}

fn later(case: &Case<'_>, cancellation: &Exchange<'_>, pack: &str) -> Later {
    let mut next = case.answers().filter(|one| {
        one.call.method == Method::CreateBooking && one.entry > cancellation.entry && owned(one) == Some(pack)
    });
    let Some(next) = next.next() else {
        return Later::Open;
    };
    if next.answer_text("/booking_failure/cause") == Some("PAYMENT_OPTION_NOT_VALID") {
        return Later::UsedUp(next.entry);
    }
    let told = reading::created_booking(&next).and_then(|_| Told::of(&next));
    let left = told
        .filter(|told| told.id == pack)
        .and_then(|told| told.visits_left());
    left.map_or(Later::Open, |left| Later::Had(left + 1))
}

fn conclude(cancelled: &Cancelled<'_>, verdicts: &mut Verdicts) {
    match Told::of(&cancelled.exchange) {
        Some(told) if told.id != cancelled.pack => {
            verdicts.pass(CREDITED);
            verdicts.pass(TOLD);
        }
        Some(told) => conclude_told(cancelled, &told, verdicts),
        None => conclude_untold(cancelled, verdicts),
    }
}

fn conclude_told(cancelled: &Cancelled<'_>, told: &Told<'_>, verdicts: &mut Verdicts) {
    let due = cancelled.before + 1;
    let Some(left) = told.visits_left() else {
        return;
    };
    let proof = Proof::at(cancelled.exchange.entry, COUNT).expected(due);
    if left != due {
        let message = format!(
            "a booking that was paid from a pack was cancelled in time, and the pack, which had {} visits left, has {left} after it",
            cancelled.before
        );
        return verdicts.fail(CREDITED, proof.actual(left), message);
    }
    match cancelled.later {
        Later::Had(had) if had != due => {
            let message = format!(
                "the answer to the cancellation gives the visit back, {due} are left, and the next booking from the pack shows that there were {had}"
            );
            verdicts.fail(CREDITED, proof.actual(had), message);
        }
        Later::UsedUp(entry) => {
            let message = format!(
                "the answer to the cancellation gives the visit back, {due} are left, and the next booking from the pack is refused with PAYMENT_OPTION_NOT_VALID"
            );
            let proof = Proof::at(entry, "/booking_failure/cause");
            verdicts.fail(
                CREDITED,
                proof.expected("a booking").actual("PAYMENT_OPTION_NOT_VALID"),
                message,
            );
        }
        Later::Had(_) | Later::Open => {
            verdicts.pass(CREDITED);
            verdicts.pass(TOLD);
        }
    }
}

fn conclude_untold(cancelled: &Cancelled<'_>, verdicts: &mut Verdicts) {
    let due = cancelled.before + 1;
    let not_credited = |entry, pointer: &str, verdicts: &mut Verdicts| {
        let message =
            "a booking that was paid from a pack was cancelled in time, and the visit was not given back";
        verdicts.fail(CREDITED, Proof::at(entry, pointer), message.to_owned());
    };
    match cancelled.later {
        Later::Had(had) if had == due => {
            verdicts.pass(CREDITED);
            // What a credit has to show is another rule's question.
            if cancelled.exchange.answer_text(STATUS) == Some("PREPAYMENT_CREDITED") {
                return;
            }
            let proof = Proof::at(cancelled.exchange.entry, "/user_payment_option").expected("present");
            let message = format!(
                "the cancellation gave a visit back, since the pack has {due} after it, and its answer does not say so in `user_payment_option`"
            );
            verdicts.fail(TOLD, proof, message);
        }
        Later::Had(_) => not_credited(cancelled.exchange.entry, "/user_payment_option", verdicts),
        // The last visit had been spent, so that nothing but the one that was given back could have paid.
        Later::UsedUp(entry) if cancelled.before == 0 => {
            not_credited(entry, "/booking_failure/cause", verdicts);
        }
        Later::UsedUp(_) | Later::Open => {}
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{book, buy, pack, refuse, spend, story};
    use super::*;
    use crate::testing::Story;
    use domain::slot::RefundStep;
    use serde_json::json;

    /// A pack of two that is used up, and the cancellation of its last booking.
    fn cancelled(status: &str, told: Value) -> Story {
        let story = story().slot(|slot| {
            slot.terms.refund_steps = vec![RefundStep {
                min_duration_before_start_time_sec: 3600,
                refund_percent: 100,
            }];
        });
        let used = spend(buy(story, pack("p-1", 1)), "bk-used", "p-1", pack("p-1", 0));
        let mut answer = json!({ "booking": { "booking_id": "bk-used", "status": "CANCELED",
            "payment_information": { "prepayment_status": status } } });
        if !told.is_null() {
            answer["user_payment_option"] = told;
        }
        let request = json!({ "booking": { "booking_id": "bk-used", "status": "CANCELED" } });
        used.call(Method::UpdateBooking, request, 200, answer)
    }

    /// The next booking from the pack is made, with so many visits left, or refused.
    fn then(story: Story, left: Option<i64>) -> Story {
        match left {
            Some(left) => spend(story, "bk-next", "p-1", pack("p-1", left)),
            None => refuse(story, "p-1", "PAYMENT_OPTION_NOT_VALID"),
        }
    }

    #[test]
    fn a_visit_that_is_there_again_passes() {
        for story in [
            cancelled("PREPAYMENT_CREDITED", pack("p-1", 1)),
            then(cancelled("PREPAYMENT_PROVIDED", pack("p-1", 1)), Some(0)),
            cancelled("PREPAYMENT_CREDITED", pack("voucher", 1)),
        ] {
            let judged = story.judge(&RULE);
            judged.passes(CREDITED);
            judged.passes(TOLD);
        }
    }

    #[test]
    fn a_visit_that_is_lost_is_found() {
        for story in [
            cancelled("PREPAYMENT_CREDITED", pack("p-1", 0)),
            then(cancelled("PREPAYMENT_CREDITED", pack("p-1", 1)), None),
            then(cancelled("PREPAYMENT_PROVIDED", Value::Null), None),
        ] {
            story.judge(&RULE).fails(CREDITED);
        }
    }

    #[test]
    fn a_visit_that_is_there_and_not_told_is_found() {
        let silent = then(cancelled("PREPAYMENT_PROVIDED", Value::Null), Some(0));
        silent.judge(&RULE).fails(TOLD);
        let said = then(cancelled("PREPAYMENT_CREDITED", Value::Null), Some(0));
        said.judge(&RULE).passes(CREDITED);
    }

    #[test]
    fn what_nothing_shows_is_not_judged() {
        cancelled("PREPAYMENT_PROVIDED", Value::Null)
            .judge(&RULE)
            .says_nothing();
        let late = cancelled("PREPAYMENT_PROVIDED", pack("p-1", 0));
        late.slot(|slot| slot.terms.refund_steps.clear())
            .judge(&RULE)
            .says_nothing();
        let paid = book(story(), "bk-used", ["payment_option_id", "two"], pack("p-1", 1));
        paid.judge(&RULE).says_nothing();
    }
}
