//! The answers of calls that a fault strikes.

use crate::api::error::{ApiError, to_legacy};
use crate::api::query::Query;
use crate::api::routing::Route;
use crate::api::wire::{Ending, Reply, Response};
use crate::auth::bearer;
use crate::state::quota::GOOGLES_QUOTA;
use domain::Fault;
use serde_json::{Value, json};
use std::time::Duration;

/// What stands before the API has not reached it, so its own page comes back.
const BAD_GATEWAY: u16 = 502;
const TEMPORARY: &str = "The server encountered a temporary error and could not complete your request. Please try again in 30 seconds.";

/// The answer to a call that a fault keeps from being read, with the body if that is JSON.
pub(crate) fn substitute(fault: &Fault, route: &Route, query: &Query) -> (Reply, Option<Value>) {
    let (status, body, retry_after_sec) = match fault {
        Fault::Answer {
            status,
            body,
            retry_after_sec,
        } => (*status, body.as_deref(), *retry_after_sec),
        Fault::Revoked => (401, None, None),
        Fault::Reset => return (Reply::Drop(Ending::Reset), None),
        Fault::Noise => return (Reply::Drop(Ending::Noise), None),
        _ => return (Reply::Drop(Ending::Closed), None),
    };
    let usual = usual_error(status).filter(|_| *route != Route::Token);
    let is_page = body.is_some() || status == BAD_GATEWAY;
    let mut error = (!is_page).then(|| match &usual {
        Some(error) => error.envelope(),
        None if *route == Route::Token => oauth_error(status),
        None => envelope(status),
    });
    if let Some(error) = error.as_mut().filter(|_| query.legacy_errors) {
        to_legacy(error);
    }
    let mut response = match (&error, body) {
        (Some(error), _) => Response::json(status, error, !query.compact),
        (None, Some(text)) => Response::page(status, text),
        (None, None) => Response::html(status, "Server Error", TEMPORARY),
    };
    if let Some(seconds) = retry_after_sec {
        response = response.with_header("Retry-After", &seconds.to_string());
    }
    if let Some(challenge) = usual.and_then(|error| error.challenge) {
        response = response.with_header("WWW-Authenticate", &challenge);
    }
    (Reply::Respond(response), error)
}

/// The answer to a call that was taken, altered by the fault.
pub(crate) fn alter(fault: &Fault, mut response: Response) -> Reply {
    let held = Duration::from_millis(fault.held_ms());
    match fault {
        Fault::Lost => return Reply::Drop(Ending::Closed),
        Fault::Delayed { .. } => response.pace.wait = held,
        Fault::Slow { .. } => response.pace.body = held,
        // The end of an object is its brace: without it, it is none.
        Fault::Cut => response.body.truncate(response.body.len() / 2),
        _ => {}
    }
    Reply::Respond(response)
}

/// The error that the API answers this status with by itself.
fn usual_error(status: u16) -> Option<ApiError> {
    Some(match status {
        401 => bearer::invalid_token(),
        403 => ApiError::permission_denied(),
        404 => ApiError::not_found(),
        429 => ApiError::exhausted(GOOGLES_QUOTA as usize),
        _ => return None,
    })
}

/// The errors that it answers by accident only.
fn envelope(status: u16) -> Value {
    let (name, message) = match status {
        409 => ("ABORTED", "The operation was aborted."),
        501 => ("UNIMPLEMENTED", "Operation is not implemented."),
        503 => ("UNAVAILABLE", "The service is currently unavailable."),
        504 => ("DEADLINE_EXCEEDED", "Deadline exceeded"),
        500.. => ("INTERNAL", "Internal error encountered."),
        _ => ("INVALID_ARGUMENT", "Request contains an invalid argument."),
    };
    json!({ "error": { "code": status, "message": message, "status": name } })
}

/// The token endpoint's own words.
fn oauth_error(status: u16) -> Value {
    let (error, description) = match status {
        429 => ("rate_limit_exceeded", "Too many requests."),
        503 => ("temporarily_unavailable", "The service is currently unavailable."),
        500.. => ("internal_failure", "Backend Error"),
        403 => ("access_denied", "Forbidden"),
        _ => ("invalid_request", "Bad Request"),
    };
    json!({ "error": error, "error_description": description })
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    use super::*;

    fn answer(status: u16, body: Option<&str>, retry_after_sec: Option<u32>) -> Fault {
        Fault::Answer {
            status,
            body: body.map(str::to_owned),
            retry_after_sec,
        }
    }

    fn sent(fault: &Fault, route: &Route) -> (Response, Option<Value>) {
        match substitute(fault, route, &Query::default()) {
            (Reply::Respond(response), body) => (response, body),
            (other, _) => panic!("{other:?}"),
        }
    }

    fn ordinary() -> Response {
        Response::json(200, &json!({ "status": "CANCELED" }), true)
    }

    #[test]
    fn answers_are_envelopes_unless_they_have_a_text() {
        let (response, body) = sent(&answer(503, None, Some(2)), &Route::Unknown);
        assert_eq!(body.unwrap()["error"]["status"], "UNAVAILABLE");
        assert!(response.headers.contains(&("Retry-After".into(), "2".into())));
        let kind = |response: &Response| response.headers[0].1.clone();
        let (page, body) = sent(&answer(502, Some("<html>"), None), &Route::Unknown);
        assert_eq!((page.status, body, &page.body[..]), (502, None, &b"<html>"[..]));
        assert_eq!(kind(&page), "text/html; charset=UTF-8");
        let (page, body) = sent(&answer(502, None, None), &Route::Unknown);
        assert_eq!((body, kind(&page)), (None, "text/html; charset=UTF-8".into()));
        assert!(String::from_utf8_lossy(&page.body).contains("Error 502 (Server Error)!!1"));
        let (broken, _) = sent(&answer(504, Some("{\"error\""), None), &Route::Unknown);
        assert_eq!(kind(&broken), "application/json; charset=UTF-8");
    }

    #[test]
    fn the_token_endpoint_has_words_of_its_own() {
        for (status, word) in [
            (500, "internal_failure"),
            (503, "temporarily_unavailable"),
            (429, "rate_limit_exceeded"),
        ] {
            let (_, body) = sent(&answer(status, None, None), &Route::Token);
            assert_eq!(body.unwrap()["error"], word);
        }
    }

    #[test]
    fn connections_end_in_three_ways() {
        for (fault, ending) in [
            (Fault::Dropped, Ending::Closed),
            (Fault::Reset, Ending::Reset),
            (Fault::Noise, Ending::Noise),
        ] {
            assert_eq!(
                substitute(&fault, &Route::Unknown, &Query::default()),
                (Reply::Drop(ending), None)
            );
        }
        assert_eq!(alter(&Fault::Lost, ordinary()), Reply::Drop(Ending::Closed));
    }

    #[test]
    fn an_answer_that_is_cut_off_is_no_json_and_one_that_is_late_is_unchanged() {
        let Reply::Respond(cut) = alter(&Fault::Cut, ordinary()) else {
            panic!("no answer");
        };
        assert!(serde_json::from_slice::<Value>(&cut.body).is_err() && !cut.body.is_empty());
        for (fault, wait, trickle) in [(Fault::Delayed { ms: 7 }, 7, 0), (Fault::Slow { ms: 9 }, 0, 9)] {
            let Reply::Respond(late) = alter(&fault, ordinary()) else {
                panic!("no answer");
            };
            assert_eq!(late.body, ordinary().body);
            let times = (late.pace.wait.as_millis(), late.pace.body.as_millis());
            assert_eq!(times, (wait, trickle));
        }
    }
}
