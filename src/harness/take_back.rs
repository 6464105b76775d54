//! What earlier runs left standing, taken back.

use super::error::RunError;
use super::google_side::google_server_config;
use super::run::parts;
use super::session::Session;
use super::target::Target;
use engine::{Cleaned, Engine, Job};
use google::UnknownBookings;
use google::server::{GoogleServer, ServerConfig};
use transcript::MayStand;

/// Cancels what can be cancelled of this, and says what may stand all the same.
///
/// Google's side is up meanwhile and takes whatever is told of bookings that it does not know: the partner is right to tell of them.
pub async fn take_back(target: &Target, session: &Session, left: &[MayStand]) -> Result<Cleaned, RunError> {
    let endpoint = target.endpoint().ok_or(RunError::NoTarget)?;
    let config = ServerConfig {
        unknown_bookings: UnknownBookings::Adopted,
        unknown_services: UnknownBookings::Adopted,
        ..google_server_config(&target.config.notifications)
    };
    let google = GoogleServer::bind(config).await?.serve();
    let jobs = [Job::of_earlier_runs()];
    let engine = Engine::new(parts(target, endpoint, &google, session), &jobs)?;
    let cleaned = engine::take_back(&engine, &jobs[0], left).await;
    drop(engine);
    google.shutdown().await;
    Ok(cleaned)
}
