//! Servers that refuse calls at the door, once they have seen the credentials.

use crate::protocol::Method;
use crate::selftest::wire::{Reply, Server, Visit, layer};
use axum::http::StatusCode;
use reference_server::Seams;
use serde_json::{Value, json};

/// Answers some calls with a status of its own.
pub(super) fn refusing(status: u16, which: impl Fn(&Visit) -> bool + Send + Sync + 'static) -> Seams {
    changing(move |visit| which(visit).then_some(status))
}

/// Changes calls on their way, or answers them with the status that comes back.
pub(super) fn changing(edit: impl Fn(&mut Visit) -> Option<u16> + Send + Sync + 'static) -> Seams {
    layer(move |mut visit, server| {
        let refused = edit(&mut visit);
        async move {
            match refused {
                Some(status) => at_the_door(&visit, &server, status).await,
                None => server.answer(visit).await,
            }
        }
    })
}

/// Who has the wrong credentials is told so whatever else is wrong.
async fn at_the_door(visit: &Visit, server: &Server, status: u16) -> Reply {
    let seen = server
        .answer(visit.instead(Method::HealthCheck, Value::Null))
        .await;
    if seen.status == StatusCode::UNAUTHORIZED {
        seen
    } else {
        Reply::new(status, json!({ "error": "the request cannot be read" }))
    }
}
