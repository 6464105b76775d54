//! Servers that refuse calls at the door, once they have seen the credentials.

use crate::wire::{ReceivedCall, Reply, Server, layer};
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::http::StatusCode;
use axum::middleware::{Next, from_fn};
use protocol::Method;
use reference_server::Seams;
use serde_json::{Value, json};
use std::sync::Arc;

/// Answers some calls with a status of its own.
pub(super) fn refusing(status: u16, which: impl Fn(&ReceivedCall) -> bool + Send + Sync + 'static) -> Seams {
    changing(move |call| which(call).then_some(status))
}

/// Changes calls on their way, or answers them with the status that comes back.
pub(super) fn changing(edit: impl Fn(&mut ReceivedCall) -> Option<u16> + Send + Sync + 'static) -> Seams {
    layer(move |mut call, server| {
        let refused = edit(&mut call);
        async move {
            match refused {
                Some(status) => refuse_after_credentials(&call, &server, status).await,
                None => server.answer(call).await,
            }
        }
    })
}

/// The name of a field as the interface writes it, whichever of its two ways a message does.
pub(super) fn snake(name: &str) -> String {
    let letters = name.chars().flat_map(|letter| {
        let low = letter.is_ascii_uppercase().then_some('_');
        low.into_iter()
            .chain(std::iter::once(letter.to_ascii_lowercase()))
    });
    letters.collect()
}

/// Who has the wrong credentials is told so whatever else is wrong.
async fn refuse_after_credentials(call: &ReceivedCall, server: &Server, status: u16) -> Reply {
    let refusal = Reply::new(status, json!({ "error": "the request cannot be read" }));
    reply_after_credentials(call, server, refusal).await
}

/// Who has the right credentials gets an answer that the server knows nothing of.
pub(super) async fn answer_after_credentials(call: &ReceivedCall, server: &Server, body: Value) -> Reply {
    reply_after_credentials(call, server, Reply::new(200, body)).await
}

/// Who has the right credentials gets this answer, and nothing else happens.
pub(super) async fn reply_after_credentials(call: &ReceivedCall, server: &Server, reply: Reply) -> Reply {
    let seen = server
        .answer(call.instead(Method::HealthCheck, Value::Null))
        .await;
    if seen.status == StatusCode::UNAUTHORIZED {
        seen
    } else {
        reply
    }
}

/// Answers to HealthCheck end before they are complete.
pub(super) fn breaking_off() -> Seams {
    let decorate = |inner: Router| {
        inner.layer(from_fn(|request: Request, next: Next| async move {
            let health = request.uri().path().starts_with("/v3/HealthCheck");
            let response = next.run(request).await;
            if !health || response.status() != StatusCode::OK {
                return response;
            }
            let cut = futures_util::stream::iter([Err::<Bytes, _>(std::io::Error::other("cut off"))]);
            let (mut head, _) = response.into_parts();
            head.headers.remove(axum::http::header::CONTENT_LENGTH);
            axum::response::Response::from_parts(head, Body::from_stream(cut))
        }))
    };
    Seams {
        http: Some(Arc::new(decorate)),
        ..Seams::default()
    }
}
