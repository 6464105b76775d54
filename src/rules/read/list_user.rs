//! BS-LIST-04, BS-JSON-13

use crate::create::user_echo::READ_AS_NUMBER;
use crate::verdicts::Proof;
use crate::{Case, Rule, Scope, Verdicts, reading};
use catalogue::RequirementId;
use domain::digits::is_rounded;
use protocol::Method;
use serde_json::Value;
use transcript::Exchange;

const OWN: RequirementId = RequirementId::declared("BS-LIST-04");
const TEXT: RequirementId = RequirementId::declared("BS-JSON-13");

pub(crate) static RULE: Rule = Rule {
    name: "read/list-user",
    requirements: &[OWN, TEXT],
    manual: "Every listed booking must be one of the user who was asked for. Bookings that do not say whose they are cannot \
             be judged here; that they should say it is another rule.",
    scope: Scope::Answer(judge),
};

fn judge(_: &Case<'_>, exchange: &Exchange<'_>, verdicts: &mut Verdicts) {
    let asked = exchange.request_value("/user_id").and_then(Value::as_str);
    let Some(asked) = asked.filter(|_| exchange.call.method == Method::ListBookings) else {
        return;
    };
    let bookings = reading::bookings(exchange);
    let users = bookings.iter().filter_map(|(pointer, booking)| {
        Some((pointer, reading::text(booking, "/user_information/user_id")?))
    });
    let mut users = users.peekable();
    if users.peek().is_none() {
        return;
    }
    // An id that lost its last digits is no other user's.
    if let Some((pointer, rounded)) = users.clone().find(|(_, user)| is_rounded(asked, user)) {
        let proof = Proof::at(exchange.entry, format!("{pointer}/user_information/user_id"));
        verdicts.fail(TEXT, proof.expected(asked).actual(rounded), READ_AS_NUMBER);
    }
    let other = users.find(|(_, user)| *user != asked && !is_rounded(asked, user));
    verdicts.check(OWN, other.is_none(), || {
        let (pointer, user) = other
            .map(|(pointer, user)| (pointer.as_str(), user))
            .unwrap_or_default();
        let proof = Proof::at(exchange.entry, format!("{pointer}/user_information/user_id"));
        (
            proof.expected(asked).actual(user),
            "a booking of another user is listed".to_owned(),
        )
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Story, booking};
    use serde_json::json;

    fn listing(answer: Value) -> Story {
        let request = json!({ "user_id": "7203948571029384756" });
        Story::arrival().call(Method::ListBookings, request, 200, answer)
    }

    #[test]
    fn own_bookings_pass() {
        let own = booking()["booking"].clone();
        listing(json!({ "bookings": [own] })).judge(&RULE).passes(OWN);
        listing(json!({})).judge(&RULE).says_nothing();
    }

    #[test]
    fn an_id_that_was_read_as_a_number_is_no_other_users() {
        let mut own = booking()["booking"].clone();
        own["user_information"]["user_id"] = json!("7203948571029384192");
        listing(json!({ "bookings": [own] })).judge(&RULE).fails(TEXT);
    }

    #[test]
    fn another_users_booking_is_found() {
        let own = booking()["booking"].clone();
        let mut other = own.clone();
        other["user_information"]["user_id"] = json!("12");
        let found = listing(json!({ "bookings": [own, other] }))
            .judge(&RULE)
            .fails(OWN);
        let place = "/bookings/1/user_information/user_id";
        assert_eq!(found.evidence.pointer.as_deref(), Some(place));
    }
}
