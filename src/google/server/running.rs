//! A running server, and the state behind it.

use super::connections::Traffic;
use super::shared::Shared;
use super::subscribers::{self, Subscriber, Watch};
use crate::auth::keys::KeyFile;
use crate::call::Call;
use crate::google::Google;
use std::net::SocketAddr;
use std::sync::{Arc, PoisonError};
use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::JoinHandle;

/// Google's state behind a running server.
#[derive(Clone)]
pub struct Handle {
    shared: Arc<Shared>,
}

impl Handle {
    /// Looks at the state.
    pub fn inspect<T>(&self, look: impl FnOnce(&Google) -> T) -> T {
        look(&self.shared.google())
    }

    /// What has come so far: connections, requests, and who connected for nothing.
    pub fn traffic(&self) -> Traffic {
        self.shared.connections.traffic()
    }

    /// Why connections could not be taken for want of something on this machine, such as descriptors; none if there was enough.
    pub fn exhaustion(&self) -> Option<String> {
        self.shared.exhaustion.get().cloned()
    }

    /// Changes the state; requests that are held are looked at again.
    pub fn change<T>(&self, change: impl FnOnce(&mut Google) -> T) -> T {
        let result = change(&mut self.shared.google());
        self.shared.changed.notify_waiters();
        result
    }
}

/// A server that listens and does not answer yet, to be set up before the first call.
pub struct BoundServer {
    pub(super) running: Running,
    pub(super) open: oneshot::Sender<()>,
}

impl BoundServer {
    /// The server that it will be.
    pub fn running(&self) -> &Running {
        &self.running
    }

    /// Answers whoever calls, and has called.
    pub fn serve(self) -> Running {
        // The task waits as long as this value lives.
        let _ = self.open.send(());
        self.running
    }
}

/// A running server. Dropping it stops it too, without waiting for that.
pub struct Running {
    pub(super) address: SocketAddr,
    pub(super) is_inside: bool,
    pub(super) proxy: Option<SocketAddr>,
    pub(super) authority: Option<String>,
    pub(super) url: String,
    pub(super) key: KeyFile,
    pub(super) shared: Arc<Shared>,
    pub(super) stop: watch::Sender<()>,
    pub(super) task: JoinHandle<()>,
}

impl Running {
    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// True when nobody listens, and only this process gets in.
    pub fn is_inside(&self) -> bool {
        self.is_inside
    }

    /// Where the proxy for Google's own hosts listens.
    pub fn proxy(&self) -> Option<SocketAddr> {
        self.proxy
    }

    /// The certificate of the local authority in PEM form, if it has signed for this server or its proxy.
    pub fn authority(&self) -> Option<&str> {
        self.authority.as_deref()
    }

    /// What the partner calls, without a slash at the end.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The key file that the partner needs.
    pub fn key(&self) -> &KeyFile {
        &self.key
    }

    /// The state.
    pub fn google(&self) -> Handle {
        Handle {
            shared: Arc::clone(&self.shared),
        }
    }

    /// Every call from now on, in order. A subscriber that does not read keeps them in memory.
    pub fn subscribe(&self) -> mpsc::UnboundedReceiver<Arc<Call>> {
        let (sender, receiver) = mpsc::unbounded_channel();
        self.add_subscriber(Subscriber::Every(sender));
        receiver
    }

    /// The calls from now on for somebody who may read slowly: so many are kept, the others are counted.
    pub fn watch(&self, capacity: usize) -> Watch {
        let (subscriber, watch) = subscribers::window(capacity);
        self.add_subscriber(subscriber);
        watch
    }

    fn add_subscriber(&self, subscriber: Subscriber) {
        let subscribers = self.shared.subscribers.lock();
        subscribers
            .unwrap_or_else(PoisonError::into_inner)
            .push(subscriber);
    }

    /// Stops listening and waits for the requests under way, up to the limit of grace.
    pub async fn shutdown(self) {
        self.stop.send_replace(());
        // The task fails only if it panicked, and then there is nothing left to wait for.
        let _ = self.task.await;
    }
}
