//! A notifier that says more than there is to say.

use crate::notifications::{is_patch, notifier};
use reference_server::{Outgoing, Seams};
use std::time::Duration;

/// Tells certain messages about bookings once more, with another content.
pub(super) fn told_again(which: fn(&Outgoing) -> bool, edit: fn(&mut Outgoing)) -> Seams {
    notifier(move |message, inner| async move {
        inner.deliver(&message).await?;
        if is_patch(&message.content) && which(&message.content) {
            // What was told first has been seen by then.
            crate::time::sleep(Duration::from_millis(150)).await;
            let mut again = message;
            edit(&mut again.content);
            inner.deliver(&again).await?;
        }
        Ok(())
    })
}
