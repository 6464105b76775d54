//! Single calls to a target outside of any scenario: nothing is booked, and nothing is judged.

use super::error::RunError;
use super::secrets;
use super::target::Target;
use domain::Credentials;
use engine::SystemClock;
use engine::transport::{Endpoint, Outgoing, Transport};
use protocol::Method;
use std::sync::Arc;
use transcript::{Masker, Reply};

/// Calls a target as Google would.
pub(super) struct Asking(Transport);

impl Asking {
    /// Of a target that has an address.
    pub(super) fn of(target: &Target) -> Result<Self, RunError> {
        let endpoint = target.endpoint().ok_or(RunError::NoTarget)?;
        let clock = Arc::new(SystemClock::start());
        Ok(Self(Transport::new(
            endpoint,
            secrets::masker_of_config(&target.config),
            clock,
            None,
        )?))
    }

    /// Of another address than the target's.
    pub(super) fn at(endpoint: Endpoint) -> Result<Self, RunError> {
        let clock = Arc::new(SystemClock::start());
        Ok(Self(Transport::new(endpoint, Masker::new([]), clock, None)?))
    }

    /// Calls a method with a body, or with none.
    pub(super) async fn call(&self, method: Method, body: Option<&str>, credentials: Credentials) -> Reply {
        self.call_at(method, &method.path(), body, credentials).await
    }

    /// Calls a path as if it were the method's.
    pub(super) async fn call_at(
        &self,
        method: Method,
        path: &str,
        body: Option<&str>,
        credentials: Credentials,
    ) -> Reply {
        let outgoing = Outgoing {
            method,
            verb: method.verb().to_owned(),
            path: path.to_owned(),
            headers: Vec::new(),
            credentials,
            body: body.map(str::to_owned),
        };
        self.0.send(&outgoing).await.reply
    }
}

/// Tells a target that asks who is there, where the config names nobody: each answer would be a refusal that is right.
pub async fn check_credentials(target: &Target) -> Result<(), RunError> {
    let named = target.config.target.as_ref().ok_or(RunError::NoTarget)?;
    if named.auth.is_some() {
        return Ok(());
    }
    let reply = Asking::of(target)?
        .call(Method::HealthCheck, None, Credentials::Valid)
        .await;
    match reply {
        Reply::Http(reply) if matches!(reply.status, 401 | 403) => Err(RunError::NoCredentials {
            base_url: named.base_url.clone(),
            status: reply.status,
        }),
        _ => Ok(()),
    }
}
