//! What is wrong with calls that arrive while nothing is run, by the rules of a run.

use super::google_side::partner_id;
use super::secrets;
use super::target::offer;
use config::Config;
use domain::Capability;
use feeds::Inventory;
use google::{Call, KeyFile};
use outcome::Finding;
use rules::Receiver;
use transcript::Masker;

/// Judges calls one by one.
pub struct ArrivalJudge {
    receiver: Receiver,
    masker: Masker,
}

/// A call without secrets, and what is wrong with it.
#[derive(Debug)]
pub struct JudgedCall {
    /// The call, secrets masked.
    pub call: Call,
    /// What is wrong with it.
    pub findings: Vec<Finding>,
}

impl ArrivalJudge {
    /// One for the partner of a config, who has these feeds and this key.
    pub fn new(config: &Config, inventory: &Inventory, key: &KeyFile, knows_bookings: bool) -> Self {
        let declared = |capability: &Capability| config.capabilities.declared(*capability) == Some(true);
        Self {
            receiver: Receiver {
                partner_id: partner_id(&config.notifications).to_owned(),
                capabilities: Capability::ALL.iter().copied().filter(declared).collect(),
                offer: offer(inventory),
                knows_bookings,
            },
            masker: secrets::masker(config, key),
        }
    }

    /// What is wrong with a call.
    pub fn judge(&self, call: &Call) -> JudgedCall {
        let call = engine::masked(call, &self.masker);
        let findings = engine::arrival(&call)
            .map(|arrival| self.receiver.judge(arrival, call.at.as_second()))
            .unwrap_or_default();
        JudgedCall { call, findings }
    }
}
