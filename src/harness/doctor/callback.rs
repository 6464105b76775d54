//! Google's side of the wire: whether it can listen, and whether the address that the partner is told leads to it.

use super::super::asking::Asking;
use super::super::google_side::google_server_config;
use config::Notifications;
use domain::Credentials;
use engine::transport::Endpoint;
use google::server::{GoogleServer, Running, ServerConfig, StartError};
use outcome::Check;
use protocol::Method;
use std::time::Duration;
use transcript::Reply;

const NAME: &str = "callback";

/// How long the way through a tunnel may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// Listens as a run would, calls itself by the address that the partner is told, and sees whether the call arrives.
pub(super) async fn reachable(notifications: &Notifications) -> Vec<Check> {
    // The key is looked at by itself, and none is made here.
    let config = ServerConfig {
        key_file: None,
        proxy: None,
        ca_file: None,
        ..google_server_config(notifications)
    };
    let running = match GoogleServer::bind(config).await {
        Ok(bound) => bound.serve(),
        Err(error) => return vec![cannot_listen(error)],
    };
    let checks = call_itself(&running, notifications.public_url.is_some()).await;
    running.shutdown().await;
    checks
}

fn cannot_listen(error: StartError) -> Check {
    match error {
        StartError::Tls(error) => Check::input(NAME, error.to_string(), "correct tls in [notifications]"),
        other => Check::unusable(
            NAME,
            format!("Google's side cannot {other}"),
            "end what listens there, or name another address: --listen, or listen in [notifications]",
        ),
    }
}

async fn call_itself(running: &Running, is_public: bool) -> Vec<Check> {
    let url = running.url().to_owned();
    let path = format!("/conformance-doctor-{:016x}", rand::random::<u64>());
    let mut calls = running.subscribe();
    let endpoint = Endpoint {
        base_url: url.clone(),
        basic: None,
        timeout: PATIENCE,
    };
    let Ok(asking) = Asking::at(endpoint) else {
        return Vec::new();
    };
    let reply = asking
        .call_at(Method::HealthCheck, &path, None, Credentials::None)
        .await;
    let mut has_arrived = false;
    while let Ok(call) = calls.try_recv() {
        has_arrived |= call.target.contains(&path);
    }
    match (has_arrived, reply) {
        (true, _) if is_public => vec![
            Check::ok(NAME, format!("{url} leads here from this machine")),
            outside("whether your server gets here, too, only a notification shows")
                .then("name a trigger and run it: conformance run basic/notification"),
        ],
        (true, _) => vec![
            Check::ok(NAME, format!("Google's side can listen at {url}")),
            outside("no public_url is named: your server has to call this address")
                .then("where it runs elsewhere, give --public-url URL, or public_url in [notifications]"),
        ],
        (false, Reply::Http(reply)) => vec![Check::unusable(
            NAME,
            format!(
                "{url} was answered {} by somebody else, and not by Google's side",
                reply.status
            ),
            "let it lead to the address of listen: correct the tunnel, or public_url in [notifications]",
        )],
        (false, Reply::Nothing { detail, .. }) => vec![Check::unusable(
            NAME,
            format!("{url} cannot be reached from this machine: {detail}"),
            "start the tunnel, or correct public_url in [notifications]",
        )],
    }
}

fn outside(words: &str) -> Check {
    Check::cannot_tell("callback from outside", words)
}
