//! Google's side of a target's wire, as its config wants it.

use super::error::RunError;
use super::target::Target;
use config::{MaskMode, Notifications, OauthMode, TlsFiles};
use google::server::{GoogleServer, Running, ServerConfig, Tls};
use google::{Masks, Oauth};
use std::sync::Arc;

/// The partner id of a run whose config names none.
const PARTNER_ID: &str = "20002002";

/// Google's side of a target's wire, up and listening.
///
/// It comes before the plan: making a key takes its time, and a plan binds slots by the clock.
pub async fn open(target: &Target) -> Result<Running, RunError> {
    let bound = GoogleServer::bind(google_server_config(&target.config.notifications)).await?;
    register_services(target, bound.running());
    Ok(bound.serve())
}

/// Google's side of a target that lives in this process, by a clock of the caller's: it listens nowhere.
pub fn open_inside(target: &Target, clock: Arc<dyn google::server::Clock>) -> Result<Running, RunError> {
    let config = ServerConfig {
        clock,
        ..google_server_config(&target.config.notifications)
    };
    let running = GoogleServer::inside(&config)?;
    register_services(target, &running);
    Ok(running)
}

fn register_services(target: &Target, running: &Running) {
    running.google().change(|google| {
        for (merchant, service) in &target.services {
            google.register_service(merchant, service);
        }
    });
}

pub(super) fn partner_id(notifications: &Notifications) -> &str {
    notifications.partner_id.as_deref().unwrap_or(PARTNER_ID)
}

/// Google's side as the config wants it.
pub fn google_server_config(notifications: &Notifications) -> ServerConfig {
    let tls = notifications.tls.clone();
    ServerConfig {
        listen: notifications.listen,
        tls: tls.map(|TlsFiles { cert, key }| Tls::Files { cert, key }),
        public_url: notifications.public_url.clone(),
        key_file: notifications.key_file.clone(),
        oauth: match notifications.oauth {
            OauthMode::Required => Oauth::Required,
            OauthMode::Accepted => Oauth::Accepted,
            OauthMode::Off => Oauth::Off,
        },
        masks: match notifications.masks {
            MaskMode::Tolerant => Masks::Tolerant,
            MaskMode::Strict => Masks::Strict,
        },
        ..ServerConfig::new(partner_id(notifications))
    }
}
