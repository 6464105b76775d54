//! Which methods a server has: each is asked for what never was, so that nothing can be booked or changed.

use super::super::asking::Asking;
use super::super::target::Target;
use domain::{Capability, Credentials};
use outcome::Check;
use protocol::Method;
use serde_json::{Value, json};
use transcript::Reply;

/// A path that no method has, to hold answers against.
const NOWHERE: &str = "/v3/NoSuchMethod";

/// An id that nobody has given out.
const NEVER: &str = "conformance-doctor-never-was";

/// The methods that a booking server has, with what is asked of them.
fn harmless() -> Vec<(Method, Value)> {
    let time = json!({ "service_id": NEVER, "start_sec": "1893484800", "duration_sec": "3600" });
    vec![
        (
            Method::BatchAvailabilityLookup,
            json!({ "merchant_id": NEVER, "slot_time": [time] }),
        ),
        // What names no slot cannot be booked.
        (Method::CreateBooking, json!({})),
        (
            Method::UpdateBooking,
            json!({ "booking": { "booking_id": NEVER, "status": "CANCELED" } }),
        ),
        (Method::GetBookingStatus, json!({ "booking_id": NEVER })),
        (Method::ListBookings, json!({ "user_id": NEVER })),
    ]
}

/// One line for each method.
pub(super) async fn present(target: &Target, asking: &Asking) -> Vec<Check> {
    let nowhere = asking
        .call_at(Method::ListBookings, NOWHERE, Some("{}"), Credentials::Valid)
        .await;
    let declared = &target.config.capabilities;
    let mut checks = Vec::new();
    for (method, body) in harmless() {
        let needed = Capability::of_method(method);
        if needed.is_some_and(|needed| declared.declared(needed) == Some(false)) {
            checks.push(Check::ok(method.to_string(), "declared as not offered"));
            continue;
        }
        let body = body.to_string();
        let reply = asking.call(method, Some(&body), Credentials::Valid).await;
        checks.push(judge(method, &reply, &nowhere));
    }
    checks
}

/// What an answer to a call about nothing says of the method.
fn judge(method: Method, reply: &Reply, nowhere: &Reply) -> Check {
    let name = method.to_string();
    let path = method.path();
    let reply = match reply {
        Reply::Http(reply) => reply,
        Reply::Nothing { detail, .. } => {
            return Check::unusable(
                name,
                format!("not answered: {detail}"),
                format!("see what the server does with POST {path}"),
            );
        }
    };
    let status = reply.status;
    let offer = format!("serve POST {path} below the configured address");
    match status {
        300..=399 => Check::unusable(
            name,
            format!("POST {path} was answered {status}; Google follows no redirect"),
            offer,
        ),
        405 | 501 => Check::unusable(
            name,
            format!("POST {path} was answered {status}: it is not served"),
            offer,
        ),
        401 | 403 => Check::cannot_tell(name, format!("POST {path} was answered {status}, whoever asks")),
        404 | 410 if is_same(method, &reply.body, nowhere) => Check::cannot_tell(
            name,
            format!(
                "POST {path} was answered {status}, as is a path that no method has: perhaps it is not there"
            ),
        )
        .then(offer),
        500..=599 => Check::cannot_tell(
            name,
            format!("POST {path} with invented ids was answered {status}"),
        )
        .then("see the server's log: what is not known is answered 400 or 404"),
        _ => Check::ok(
            name,
            format!("there: POST {path} with invented ids was answered {status}"),
        ),
    }
}

/// True for the answer that a path without a method gets, but for the path in it.
fn is_same(method: Method, body: &str, nowhere: &Reply) -> bool {
    let Reply::Http(nowhere) = nowhere else {
        return false;
    };
    let without = |text: &str, path: &str| text.replace(path, "");
    matches!(nowhere.status, 404 | 410) && without(body, &method.path()) == without(&nowhere.body, NOWHERE)
}

#[cfg(test)]
mod tests {
    use super::*;
    use outcome::CheckState;
    use transcript::HttpReply;

    fn reply(status: u16, body: &str) -> Reply {
        Reply::Http(HttpReply::new(
            Method::ListBookings,
            status,
            Vec::new(),
            body.to_owned(),
        ))
    }

    fn state(status: u16, body: &str) -> CheckState {
        let nowhere = reply(404, "no /v3/NoSuchMethod here");
        judge(Method::GetBookingStatus, &reply(status, body), &nowhere).state
    }

    #[test]
    fn a_404_of_its_own_is_an_answer_and_that_of_any_path_is_not() {
        assert_eq!(state(404, "no such booking"), CheckState::Ok);
        assert_eq!(state(404, "no /v3/GetBookingStatus here"), CheckState::CannotTell);
        assert_eq!(state(400, "{}"), CheckState::Ok);
        assert_eq!(state(200, "{}"), CheckState::Ok);
    }

    #[test]
    fn what_says_that_nothing_is_served_is_wrong() {
        for status in [301, 405, 501] {
            assert_eq!(state(status, ""), CheckState::Wrong, "{status}");
        }
        for status in [401, 500, 503] {
            assert_eq!(state(status, ""), CheckState::CannotTell, "{status}");
        }
    }
}
