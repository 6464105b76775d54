//! An entry of a waitlist, from joining to its end.

use crate::messages::{StateTimes, UserInformation, WaitlistState};
use serde::{Deserialize, Serialize};

/// A party on a waitlist, as it is stored.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Entry {
    pub(crate) id: String,
    pub(crate) merchant_id: String,
    pub(crate) service_id: String,
    pub(crate) party_size: i32,
    pub(crate) user: UserInformation,
    pub(crate) additional_request: Option<String>,
    pub(crate) state: WaitlistState,
    pub(crate) times: StateTimes,
}

impl Entry {
    /// True while the party has not been seated and has not left.
    pub(crate) fn waits(&self) -> bool {
        matches!(self.state, WaitlistState::Waiting | WaitlistState::ServiceReady)
    }

    /// Comes to a state; an entry that has ended stays as it is.
    pub(crate) fn enter(&mut self, state: WaitlistState, now_sec: i64) -> bool {
        if !self.waits() {
            return false;
        }
        self.state = state;
        let times = &mut self.times;
        let time = match state {
            WaitlistState::Waiting => return true,
            WaitlistState::ServiceReady => &mut times.service_readied_time_seconds,
            WaitlistState::Seated => &mut times.seated_time_seconds,
            WaitlistState::Canceled => &mut times.canceled_time_seconds,
            WaitlistState::NoShow => &mut times.marked_no_show_time_seconds,
        };
        time.get_or_insert(now_sec);
        true
    }
}
