//! Rules about packs and memberships: what users bought for several visits, and visit with.

pub(super) mod credited;
pub(super) mod ids;
pub(super) mod returned;
pub(super) mod stated;
pub(super) mod used_up;
pub(super) mod voucher;

use super::{Case, reading};
use serde_json::Value;
use transcript::Exchange;

/// Where a booking, or a request for one, names what the user owns.
const OWNED: &str = "/payment_information/user_payment_option_id";
/// Where it names what the user buys with it.
const BOUGHT: &str = "/payment_information/payment_option_id";
/// Where an answer tells what the user owns.
const TOLD: &str = "/user_payment_option";

/// A pack or membership, as an answer tells of it.
#[derive(Clone, Copy)]
struct Told<'t> {
    id: &'t str,
    option: &'t Value,
}

impl<'t> Told<'t> {
    /// What an answer tells, if what it tells of can be named.
    fn of(exchange: &Exchange<'t>) -> Option<Self> {
        let option = exchange.answer_value(TOLD)?;
        let id = reading::text(option, "/user_payment_option_id")?;
        Some(Self { id, option })
    }

    /// How many visits are left; none of a membership, which does not count them.
    fn visits_left(&self) -> Option<i64> {
        let unlimited = reading::text(self.option, "/type") == Some("PAYMENT_OPTION_UNLIMITED_USE");
        reading::number(self.option, "/current_count").filter(|_| !unlimited)
    }
}

/// What a CreateBooking asks to be paid with, of what the user owns.
pub(super) fn owned<'t>(exchange: &Exchange<'t>) -> Option<&'t str> {
    let id = exchange.request_value(OWNED)?.as_str();
    id.filter(|id| !id.is_empty())
}

/// True when a booking took its visit from a pack, one that was bought with it or one that the user had.
pub(super) fn is_visit(case: &Case<'_>, booking_id: &str) -> bool {
    let made = case.bookings();
    let mut made = made.iter().filter(|(id, _)| *id == booking_id);
    made.any(|(_, made)| owned(made).is_some() || bought(case, made).is_some())
}

/// The pack that a CreateBooking buys, by the slot's terms.
fn bought<'t>(case: &Case<'_>, exchange: &Exchange<'t>) -> Option<&'t str> {
    let id = exchange.request_value(BOUGHT)?.as_str()?;
    let terms = &case.slot_of(exchange)?.terms;
    let is_pack = terms.pack_visits.is_some() && terms.payment_option_id.as_deref() == Some(id);
    is_pack.then_some(id)
}

#[cfg(test)]
mod testing {
    use crate::testing::{Story, paid_booking};
    use protocol::Method;
    use serde_json::{Value, json};

    /// A story whose slot is sold with a pack of two visits only.
    pub(super) fn story() -> Story {
        Story::prepayment().slot(|slot| {
            slot.terms.payment_option_id = Some("two".into());
            slot.terms.pack_visits = Some(2);
        })
    }

    /// What an answer tells of a pack.
    pub(super) fn pack(id: &str, left: i64) -> Value {
        json!({ "user_payment_option_id": id, "type": "PAYMENT_OPTION_MULTI_USE", "original_count": 2,
            "current_count": left, "payment_option_id": "two" })
    }

    /// A booking that names something in its request, with an answer that tells of a pack.
    pub(super) fn book(story: Story, id: &str, [field, named]: [&str; 2], told: Value) -> Story {
        let mut answer = paid_booking(&story, "PREPAYMENT_PROVIDED");
        answer["booking"]["booking_id"] = json!(id);
        let mut request = json!({ "slot": answer["booking"]["slot"], "idempotency_token": id,
            "user_information": answer["booking"]["user_information"],
            "payment_information": story.payment_information() });
        request["payment_information"][field] = json!(named);
        answer["booking"]["payment_information"][field] = json!(named);
        if !told.is_null() {
            answer["user_payment_option"] = told;
        }
        story.call(Method::CreateBooking, request, 200, answer)
    }

    /// A booking that is to be paid from a pack, and is refused.
    pub(super) fn refuse(story: Story, named: &str, cause: &str) -> Story {
        let request = json!({ "payment_information": { "user_payment_option_id": named },
            "idempotency_token": "bk-refused" });
        let failure = json!({ "booking_failure": { "cause": cause } });
        story.call(Method::CreateBooking, request, 200, failure)
    }

    /// A booking with which a pack is bought.
    pub(super) fn buy(story: Story, told: Value) -> Story {
        book(story, "bk-bought", ["payment_option_id", "two"], told)
    }

    /// A booking that is paid from a pack.
    pub(super) fn spend(story: Story, id: &str, named: &str, told: Value) -> Story {
        book(story, id, ["user_payment_option_id", named], told)
    }
}
