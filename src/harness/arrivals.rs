//! What is wrong with calls that arrive while nothing is run, by the rules of a run.

use super::google_side::partner_id;
use super::target::offer;
use config::{Config, Secret};
use domain::Capability;
use feeds::Inventory;
use google::Call;
use outcome::Finding;
use rules::Receiver;
use transcript::Masker;

/// Judges calls one by one.
pub struct ArrivalJudge {
    receiver: Receiver,
    masker: Masker,
}

impl ArrivalJudge {
    /// One for the partner of a config, who has these feeds.
    pub fn new(config: &Config, inventory: &Inventory, knows_bookings: bool) -> Self {
        let declared = |capability: &Capability| config.capabilities.declared(*capability) == Some(true);
        Self {
            receiver: Receiver {
                partner_id: partner_id(&config.notifications).to_owned(),
                capabilities: Capability::ALL.iter().copied().filter(declared).collect(),
                offer: offer(inventory),
                knows_bookings,
            },
            masker: Masker::new(config.secrets.iter().map(Secret::expose)),
        }
    }

    /// What is wrong with a call.
    pub fn judge(&self, call: &Call) -> Vec<Finding> {
        engine::arrival(call, &self.masker)
            .map(|arrival| self.receiver.judge(arrival, call.at.as_second()))
            .unwrap_or_default()
    }
}
