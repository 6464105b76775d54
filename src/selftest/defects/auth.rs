//! Credentials.

use crate::protocol::Method;
use crate::selftest::wire::{Visit, layer};
use crate::selftest::{Defect, id};
use axum::http::{HeaderValue, header};
use reference_server::Seams;
use std::sync::{Arc, Mutex, PoisonError};

pub(super) static DEFECTS: &[Defect] = &[
    Defect {
        name: "credentials-not-needed",
        about: "It serves whoever sends no credentials.",
        scenario: "auth/credentials-missing",
        violates: &[id("BS-AUTH-02")],
        seams: || trusting(|visit| !is_health(visit) && !has_credentials(visit)),
    },
];

/// Lets some callers in as if they had sent the right credentials, which are learnt from the calls that did.
fn trusting(stranger: fn(&Visit) -> bool) -> Seams {
    let known: Arc<Mutex<Option<HeaderValue>>> = Arc::default();
    layer(move |mut visit, server| {
        let known = Arc::clone(&known);
        let let_in = stranger(&visit);
        async move {
            let learnt = known.lock().unwrap_or_else(PoisonError::into_inner).clone();
            let own = visit.head.headers.get(header::AUTHORIZATION).cloned();
            if let (true, Some(learnt)) = (let_in, learnt) {
                visit.head.headers.insert(header::AUTHORIZATION, learnt);
                return server.answer(visit).await;
            }
            let reply = server.answer(visit).await;
            if reply.status != 401 {
                *known.lock().unwrap_or_else(PoisonError::into_inner) = own;
            }
            reply
        }
    })
}

fn has_credentials(visit: &Visit) -> bool {
    visit.head.headers.contains_key(header::AUTHORIZATION)
}

fn is_health(visit: &Visit) -> bool {
    visit.method == Some(Method::HealthCheck)
}
