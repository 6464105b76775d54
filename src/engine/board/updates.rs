//! Whether the partner sends inventory updates at all, which is left to it.

use super::Board;
use transcript::{Notification, Subject};

impl Board {
    /// True once an inventory update has come, whatever slot it is of.
    pub(in super::super) fn has_inventory_update(&self) -> bool {
        let is_update =
            |notification: &Notification| matches!(notification.subject, Subject::Availability { .. });
        let state = self.state();
        let mut histories = state.histories.iter();
        state.orphans.iter().any(is_update)
            || histories.any(|history| {
                let mut notifications = history.notifications();
                notifications.any(|(_, _, notification)| is_update(notification))
            })
    }
}
