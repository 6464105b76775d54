//! PAY-COM-25

use crate::verdicts::Proof;
use crate::{Case, Rule, Scope, Verdicts, reading};
use catalogue::RequirementId;
use serde_json::Value;
use transcript::Exchange;

const ONE: RequirementId = RequirementId::declared("PAY-COM-25");

pub(crate) static RULE: Rule = Rule {
    name: "payment/user-option",
    requirements: &[ONE],
    manual: "A booking may name a payment option of the merchant or one of the user, a pack or a membership, and not both. A new booking names \
             none but the one that it was asked for with, and any booking as the user's the one that is returned beside it. That an \
             answer holds the user's option that the booking names is another rule.",
    scope: Scope::Answer(judge),
};

const PAYMENT: &str = "/payment_information";

fn judge(_: &Case<'_>, exchange: &Exchange<'_>, verdicts: &mut Verdicts) {
    for (pointer, booking) in reading::bookings(exchange) {
        let option = |name: &str| reading::text(booking, &format!("{PAYMENT}/{name}"));
        let (merchants, users) = (option("payment_option_id"), option("user_payment_option_id"));
        if merchants.is_none() && users.is_none() {
            continue;
        }
        if let Some((name, due, shown)) =
            another(exchange, booking).filter(|_| merchants.is_none() || users.is_none())
        {
            let message = format!(
                "the booking names the payment option \"{shown}\" in `{name}`, and \"{due}\" is the one of this booking"
            );
            let proof = Proof::at(exchange.entry, format!("{pointer}{PAYMENT}/{name}"));
            verdicts.fail(ONE, proof.expected(due).actual(shown), message);
            continue;
        }
        verdicts.check(ONE, merchants.is_none() || users.is_none(), || {
            let place = format!("{pointer}{PAYMENT}/user_payment_option_id");
            let proof = Proof::at(exchange.entry, place)
                .expected("one of both")
                .actual(users);
            let message = "the booking names both a payment option of the merchant and one of the user";
            (proof, message.to_owned())
        });
    }
}

/// An option that is another one than was asked for, or than is returned beside the booking.
fn another<'t>(exchange: &Exchange<'t>, booking: &'t Value) -> Option<(&'static str, &'t str, &'t str)> {
    let is_new = reading::created_booking(exchange).is_some();
    // A voucher for what was paid is another option than the one that paid.
    let status = reading::text(booking, &format!("{PAYMENT}/prepayment_status"));
    let is_single = exchange.answer_text("/user_payment_option/type") == Some("PAYMENT_OPTION_SINGLE_USE");
    let is_voucher = is_single || status == Some("PREPAYMENT_CREDITED");
    ["payment_option_id", "user_payment_option_id"]
        .into_iter()
        .find_map(|name| {
            let shown = reading::text(booking, &format!("{PAYMENT}/{name}"))?;
            let asked = exchange.request_value(&format!("{PAYMENT}/{name}"));
            let asked = asked.and_then(Value::as_str).filter(|_| is_new);
            // That the option which CreateBooking returns is that of the booking is another requirement.
            let returned = exchange.answer_text("/user_payment_option/user_payment_option_id");
            let returned = returned.filter(|_| name.starts_with("user") && !is_new && !is_voucher);
            let due = asked.or(returned)?;
            (due != shown).then_some((name, due, shown))
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Story, booking};
    use serde_json::{Value, json};

    fn answer(payment: Value) -> Story {
        let mut answer = booking();
        answer["booking"]["payment_information"] = payment;
        Story::arrival().create(answer)
    }

    #[test]
    fn one_option_passes_and_none_says_nothing() {
        for field in ["payment_option_id", "user_payment_option_id"] {
            answer(json!({ field: "ten" })).judge(&RULE).passes(ONE);
        }
        answer(json!({})).judge(&RULE).says_nothing();
    }

    #[test]
    fn another_option_than_the_one_of_the_booking_is_found() {
        let created = |named: &str| {
            let request =
                json!({ "payment_information": { "payment_option_id": "ten" }, "idempotency_token": "t-1" });
            let mut answer = booking();
            answer["booking"]["payment_information"] = json!({ "payment_option_id": named });
            Story::arrival().call(protocol::Method::CreateBooking, request, 200, answer)
        };
        created("ten").judge(&RULE).passes(ONE);
        created("twenty").judge(&RULE).fails(ONE);
        let cancelled = |returned: &str| {
            let mut answer = booking();
            answer["booking"]["payment_information"] = json!({ "user_payment_option_id": "pack-1" });
            answer["user_payment_option"] = json!({ "user_payment_option_id": returned });
            Story::arrival().create(booking()).cancel(answer)
        };
        cancelled("pack-1").judge(&RULE).passes(ONE);
        cancelled("pack-2").judge(&RULE).fails(ONE);
    }

    #[test]
    fn both_are_found() {
        let both = json!({ "payment_option_id": "ten", "user_payment_option_id": "pack-1" });
        answer(both).judge(&RULE).fails(ONE);
    }
}
