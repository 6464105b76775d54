//! The state of a running server.

use super::config::{Clock, Limits, ServerConfig};
use super::connections::Connections;
use super::subscribers::Subscriber;
use crate::auth::keys::KeyFile;
use crate::google::{Google, GoogleConfig};
use jiff::Timestamp;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use tokio::sync::Notify;

/// What all connections of a server share.
pub(super) struct Shared {
    pub(super) google: Mutex<Google>,
    pub(super) changed: Notify,
    pub(super) subscribers: Mutex<Vec<Subscriber>>,
    pub(super) connections: Arc<Connections>,
    pub(super) limits: Limits,
    pub(super) clock: Arc<dyn Clock>,
    /// Why connections could not be taken, in the system's words: the first reason that is this machine's own.
    pub(super) exhaustion: OnceLock<String>,
}

impl Shared {
    /// Google as the config and the key have it.
    pub(super) fn new(config: &ServerConfig, key: &KeyFile) -> Self {
        let mut google = Google::new(GoogleConfig {
            partner_id: config.partner_id.clone(),
            account: key.account().clone(),
            oauth: config.oauth,
            unknown_bookings: config.unknown_bookings,
            unknown_services: config.unknown_services,
            masks: config.masks,
            quota: config.quota,
            secret: key.token_secret(),
        });
        if let Some(bytes) = config.limits.availability_bytes {
            google.limit_availability(bytes);
        }
        Self {
            google: Mutex::new(google),
            changed: Notify::new(),
            subscribers: Mutex::new(Vec::new()),
            connections: Connections::new(config.limits.connections),
            limits: config.limits,
            clock: Arc::clone(&config.clock),
            exhaustion: OnceLock::new(),
        }
    }

    /// A connection could not be taken. What callers do to theirs is their own affair.
    pub(super) fn note_refused(&self, error: &std::io::Error) {
        // ENOMEM, ENFILE, EMFILE, ENOBUFS.
        if matches!(error.raw_os_error(), Some(12 | 23 | 24 | 105)) {
            let _ = self.exhaustion.set(error.to_string());
        }
    }

    /// The state, locked.
    pub(super) fn google(&self) -> MutexGuard<'_, Google> {
        self.google.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Works on the state and notifies the subscribers of the calls that were answered meanwhile.
    // Calls are handed out while the state is locked, so that every subscriber sees them in the order of their numbers.
    pub(super) fn answer<T>(&self, work: impl FnOnce(&mut Google, Timestamp) -> T) -> T {
        let mut google = self.google();
        let answer = work(&mut google, self.clock.now());
        let calls = google.take_calls();
        let mut subscribers = self.subscribers.lock().unwrap_or_else(PoisonError::into_inner);
        for call in calls.into_iter().map(Arc::new) {
            subscribers.retain(|subscriber| subscriber.notify(&call));
        }
        answer
    }
}
