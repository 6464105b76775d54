//! One look whether a target is there, before anything else: its name, a connection, its TLS. No request is sent.

use super::error::RunError;
use super::target::Target;
use std::error::Error;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;
use tower_layer::Layer;
use tower_service::Service;

/// A target that takes longer is not judged here: slow is not absent.
const PATIENCE: Duration = Duration::from_secs(1);

type BoxError = Box<dyn Error + Send + Sync>;

/// Tells a target that is not there at all, with what the system said.
pub async fn check_reachable(target: &Target) -> Result<(), RunError> {
    let base_url = target.endpoint().ok_or(RunError::NoTarget)?.base_url;
    let probe = Probe::default();
    let client = reqwest::Client::builder()
        .no_proxy()
        .timeout(PATIENCE)
        .connector_layer(probe.clone())
        .build()?;
    let Err(error) = client.head(&base_url).send().await else {
        return Ok(());
    };
    if probe.is_connected() || error.is_timeout() || !error.is_connect() {
        return Ok(());
    }
    let why = last_cause(&error);
    if engine::lacks_means(&error) {
        return Err(RunError::Exhausted { base_url, why });
    }
    // A certificate is an error of its own kind; whoever answers in clear text is told by the words.
    let lower = why.to_ascii_lowercase();
    let tls = [
        "certificate",
        "tls",
        "handshake",
        "corrupt message",
        "fatal alert",
    ];
    if base_url.starts_with("https:") && tls.iter().any(|word| lower.contains(word)) {
        Err(RunError::UnreachableTls { base_url, why })
    } else {
        Err(RunError::Unreachable { base_url, why })
    }
}

/// The certificate that a server shows to whoever trusts it, as DER.
pub(super) async fn peer_certificate(base_url: &str) -> Option<Vec<u8>> {
    let client = reqwest::Client::builder()
        .no_proxy()
        .timeout(PATIENCE)
        .tls_info(true);
    let client = client.redirect(reqwest::redirect::Policy::none()).build().ok()?;
    let response = client.head(base_url).send().await.ok()?;
    let shown = response.extensions().get::<reqwest::tls::TlsInfo>()?;
    Some(shown.peer_certificate()?.to_vec())
}

/// The innermost error: those around it only say that there is one.
fn last_cause(error: &dyn Error) -> String {
    let mut last = error;
    while let Some(cause) = last.source() {
        last = cause;
    }
    last.to_string()
}

/// Notes that a connection was made, and lets nothing be sent on it.
#[derive(Debug, Clone, Default)]
struct Probe(Arc<AtomicBool>);

impl Probe {
    fn is_connected(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

impl<S> Layer<S> for Probe {
    type Service = Probing<S>;

    fn layer(&self, inner: S) -> Probing<S> {
        Probing {
            inner,
            probe: self.clone(),
        }
    }
}

/// A connector with a probe around it.
#[derive(Debug, Clone)]
struct Probing<S> {
    inner: S,
    probe: Probe,
}

impl<S, R> Service<R> for Probing<S>
where
    S: Service<R, Error = BoxError>,
    S::Future: Send + 'static,
{
    type Response = S::Response;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<S::Response, BoxError>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: R) -> Self::Future {
        let (connecting, probe) = (self.inner.call(request), self.probe.clone());
        Box::pin(async move {
            connecting.await?;
            probe.0.store(true, Ordering::Relaxed);
            Err("connected, which is all that was wanted".into())
        })
    }
}
