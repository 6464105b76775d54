//! What was done at the console of the reference partner, for decorators whose answers depend on it.

use super::wire::{Memory, watched};
use axum::Router;
use reference_server::{HttpDecorator, Seams};
use std::sync::Arc;

/// The last act on each booking.
#[derive(Clone, Default)]
pub(super) struct Console(Memory<String>);

impl Console {
    /// True when one of these was the last act on the booking.
    pub(super) fn did(&self, booking: &str, actions: &[&str]) -> bool {
        self.0
            .recall(booking)
            .is_some_and(|last| actions.contains(&last.as_str()))
    }

    /// True when anything was done to the booking.
    pub(super) fn acted_on(&self, booking: &str) -> bool {
        self.0.recall(booking).is_some()
    }

    /// The same server, watched at its console.
    pub(super) fn watching(&self, inner: Seams) -> Seams {
        let known = self.0.clone();
        let outer = watched(move |path| {
            let segments: Vec<_> = path.split('/').collect();
            if let ["", "console", "bookings", id, action] = segments.as_slice() {
                known.keep(*id, (*action).to_owned());
            }
        });
        Seams {
            http: Some(both(outer, inner.http.clone())),
            ..inner
        }
    }
}

/// Both decorators around one server.
pub(super) fn both(outer: HttpDecorator, inner: Option<HttpDecorator>) -> HttpDecorator {
    Arc::new(move |router: Router| {
        let router = outer(router);
        inner.as_ref().map_or(router.clone(), |around| around(router))
    })
}
