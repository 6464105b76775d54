//! A look at a set-up before a run: what is there, what is wrong, what cannot be told from here. Nothing is booked.

mod callback;
mod inventory;
mod methods;
mod places;
mod server;

use super::asking::Asking;
use super::{Suite, Target, TargetError};
use config::Config;
use outcome::{Check, Checkup};
use std::path::PathBuf;

/// What is looked at.
pub struct Doctor<'d> {
    /// The config, with a target.
    pub config: &'d Config,
    /// The scenarios that a run would have.
    pub suite: &'d Suite,
    /// Where a run writes, with what it writes there.
    pub folders: &'d [(String, PathBuf)],
}

impl Doctor<'_> {
    /// Looks at everything, in the order in which one thing stands on the other.
    pub async fn look(&self) -> Result<Checkup, TargetError> {
        // Whatever is wrong with the feeds hinders nobody to look at the server.
        let target = Target::to_clean_up(self.config.clone())?;
        let (mut checks, is_there) = server::reached(&target).await;
        match Asking::of(&target).ok().filter(|_| is_there) {
            Some(asking) => {
                checks.extend(server::answers(&target, &asking).await);
                checks.extend(methods::present(&target, &asking).await);
            }
            None => checks.push(Check::cannot_tell(
                "credentials, clock, methods",
                "nobody was reached who could be asked",
            )),
        }
        checks.extend(inventory::readable(self));
        checks.extend(callback::reachable(&self.config.notifications).await);
        checks.push(places::key_file(&self.config.notifications));
        checks.extend(places::folders(self.folders));
        Ok(Checkup::of(checks))
    }
}
