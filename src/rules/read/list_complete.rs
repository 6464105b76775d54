//! BS-LIST-05

use crate::verdicts::Proof;
use crate::{Case, Rule, Scope, Verdicts, reading};
use catalogue::RequirementId;
use protocol::Method;
use transcript::Exchange;

const COMPLETE: RequirementId = RequirementId::declared("BS-LIST-05");

pub(crate) static RULE: Rule = Rule {
    name: "read/list-complete",
    requirements: &[COMPLETE],
    manual: "Every listed booking should hold its slot with merchant, service, start and length, its status, and its user with the user id. An empty list says nothing.",
    scope: Scope::Answer(judge),
};

/// What makes a booking a whole one: the rest of slot and user may be left out.
const DUE: [&str; 8] = [
    "slot",
    "slot/merchant_id",
    "slot/service_id",
    "slot/start_sec",
    "slot/duration_sec",
    "status",
    "user_information",
    "user_information/user_id",
];

fn judge(_: &Case<'_>, exchange: &Exchange<'_>, verdicts: &mut Verdicts) {
    if exchange.call.method != Method::ListBookings {
        return;
    }
    let bookings = reading::bookings(exchange);
    let missing = bookings.iter().find_map(|(pointer, booking)| {
        let name = DUE
            .into_iter()
            .find(|name| reading::set(booking, &format!("/{name}")).is_none_or(|value| value == ""))?;
        Some((pointer, name))
    });
    if let Some((pointer, name)) = missing {
        let proof = Proof::at(exchange.entry, format!("{pointer}/{name}")).expected("present");
        let field = name.rsplit('/').next().unwrap_or(name);
        verdicts.fail(COMPLETE, proof, format!("a booking is listed without `{field}`"));
    } else if !bookings.is_empty() {
        verdicts.pass(COMPLETE);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Story, booking};
    use serde_json::{Value, json};

    fn listing(booking: &Value) -> Story {
        let request = json!({ "user_id": "7203948571029384756" });
        Story::arrival().call(
            Method::ListBookings,
            request,
            200,
            json!({ "bookings": [booking] }),
        )
    }

    #[test]
    fn a_complete_booking_passes() {
        listing(&booking()["booking"]).judge(&RULE).passes(COMPLETE);
    }

    #[test]
    fn a_booking_without_slot_warns() {
        let mut one = booking()["booking"].clone();
        one["slot"] = json!(null);
        let found = listing(&one).judge(&RULE).warns(COMPLETE);
        assert_eq!(found.evidence.pointer.as_deref(), Some("/bookings/0/slot"));
        let mut one = booking()["booking"].clone();
        one["slot"]["merchant_id"] = json!(null);
        let found = listing(&one).judge(&RULE).warns(COMPLETE);
        assert_eq!(
            found.evidence.pointer.as_deref(),
            Some("/bookings/0/slot/merchant_id")
        );
    }
}
