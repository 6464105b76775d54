//! `conformance.toml`: the target, Google's side, what may be booked, how the partner is made to act, what is waived or left out.
//!
//! Every problem of a file is found in one pass and stands at its line. A secret is only ever named in the file, and
//! no error shows one, not even one that was put there by mistake.

mod capabilities;
pub mod duration;
mod error;
mod http_call;
mod inventory;
mod load;
mod missing;
mod notifications;
mod payments;
mod place;
mod profile;
mod rate;
mod reader;
mod redact;
mod reference;
mod run;
mod schema;
mod secret;
mod skip;
mod slot_flag;
mod starter;
mod target;
mod template;
#[cfg(test)]
mod tests;
mod triggers;
mod url;
mod value;
mod waiver;
mod waiver_template;
mod words;
mod write;

pub use capabilities::Capabilities;
pub use error::{ConfigErrors, ConfigProblem};
pub use http_call::{CallAuth, CallMethod, HttpCall};
pub use inventory::{Inventory, ListedPayment};
pub use load::load;
pub use missing::{Completed, complete};
pub use notifications::{MaskMode, Notifications, OauthMode, TlsFiles, is_partner_id};
pub use payments::{CardNetwork, Gateway, Payments, Published, TestToken, TokenForm};
pub use place::Place;
pub use rate::{Rate, RateError};
pub use run::{Color, ReportTo, RunConfig};
pub use schema::json_schema;
pub use secret::{Reference, Secret, SecretError, Text};
pub use skip::Skip;
pub use slot_flag::{SlotFlagError, listed_slot};
pub use starter::{Starter, starter};
pub use target::{Credentials, TargetConfig};
pub use template::{Template, TemplateError};
pub use triggers::{CommandCall, Probes, Trigger, Triggers};
pub use url::{BaseUrlError, base_url, without_version};
pub use waiver::{Waiver, WaiverPlaces};
pub use waiver_template::{AddWaiverError, WaiverTemplate, add_waiver, replace, scenarios_of};
pub use write::{ConfigFile, HttpTrigger, TestCards, render};

/// Everything that a config says, defaults filled in.
#[derive(Debug, Clone, Default)]
pub struct Config {
    /// The booking server under test; absent means the bundled reference.
    pub target: Option<TargetConfig>,
    /// Google's side of the wire.
    pub notifications: Notifications,
    /// What may be booked.
    pub inventory: Inventory,
    /// What the target declares.
    pub capabilities: Capabilities,
    /// What test bookings are paid with.
    pub payments: Payments,
    /// How the partner is made to act.
    pub triggers: Triggers,
    /// How the partner's money is looked at.
    pub probes: Probes,
    /// What is waived.
    pub waivers: Vec<Waiver>,
    /// Scenarios that are left out.
    pub skips: Vec<Skip>,
    /// Flags of `run`.
    pub run: RunConfig,
    /// Every value that was fetched by reference as a secret, so that it can be masked wherever it turns up.
    pub secrets: Vec<Secret>,
}
