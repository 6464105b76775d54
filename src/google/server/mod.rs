//! Google's side on a socket.

pub(crate) mod audience;
mod authority;
mod body;
mod connection;
mod doors;
mod guests;
mod line;
mod proxy;
mod tls;
mod trickle;

use crate::auth::keys::{KeyError, KeyFile};
use crate::{Call, Google, GoogleConfig, Masks, Oauth, UnknownBookings};
use audience::{Subscriber, Watch};
use doors::Doors;
use guests::Guests;
use jiff::Timestamp;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tls::Identity;
use tokio::net::TcpListener;
use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::JoinHandle;

pub use authority::AuthorityError;
pub use guests::Traffic;
pub use tls::{Tls, TlsError};

/// How much a caller may send, and how slowly.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of a body on the wire.
    pub body_bytes: usize,
    /// Bytes of the request line and the headers, at least 8192.
    pub head_bytes: usize,
    /// Number of headers.
    pub headers: usize,
    /// Connections at one time; for one more, the one that has brought no whole request for longest is closed.
    pub connections: usize,
    /// Bytes of memory for what is told of availability; none where everything is kept, as judging a run needs it.
    pub availability_bytes: Option<usize>,
    /// Time for the head of a request; a connection that is idle for longer is closed.
    pub head_time: Duration,
    /// Time for the body of a request.
    pub body_time: Duration,
    /// Time that requests under way get when the server stops.
    pub grace: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            body_bytes: 1024 * 1024,
            head_bytes: 64 * 1024,
            headers: 100,
            connections: 512,
            availability_bytes: None,
            head_time: Duration::from_secs(10),
            body_time: Duration::from_secs(30),
            grace: Duration::from_secs(5),
        }
    }
}

/// Where the server takes the time from.
pub type ClockFn = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// What a server needs to know.
#[derive(Clone)]
pub struct ServerConfig {
    /// Address to listen on; port 0 takes a free one.
    pub listen: SocketAddr,
    /// What the partner calls, if it differs from the address.
    pub public_url: Option<String>,
    /// HTTPS; plain HTTP without it.
    pub tls: Option<Tls>,
    /// Address of a proxy that takes Google's own hosts here, and nobody elsewhere; port 0 takes a free one.
    pub proxy: Option<SocketAddr>,
    /// The certificate of the local authority, made if it is missing; without a path the authority lives in memory.
    pub ca_file: Option<PathBuf>,
    /// The partner's key file, made if it is missing; without a path the key lives in memory.
    pub key_file: Option<PathBuf>,
    /// The partner's id at Google.
    pub partner_id: String,
    /// What is asked of credentials.
    pub oauth: Oauth,
    /// What becomes of notifications about bookings that nobody registered.
    pub unknown_bookings: UnknownBookings,
    /// What becomes of calls about merchants and services that nobody registered.
    pub unknown_services: UnknownBookings,
    /// What becomes of patches whose mask is not as the documents have it.
    pub masks: Masks,
    /// So many calls a minute are taken; any number without it.
    pub quota: Option<u32>,
    /// Limits.
    pub limits: Limits,
    /// Source of the time.
    pub clock: ClockFn,
}

impl ServerConfig {
    /// A server on a free port of the loopback interface, with a key in memory.
    pub fn new(partner_id: &str) -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            public_url: None,
            tls: None,
            proxy: None,
            ca_file: None,
            key_file: None,
            partner_id: partner_id.to_owned(),
            oauth: Oauth::default(),
            unknown_bookings: UnknownBookings::default(),
            unknown_services: UnknownBookings::default(),
            masks: Masks::default(),
            quota: None,
            limits: Limits::default(),
            clock: Arc::new(Timestamp::now),
        }
    }
}

/// The server could not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The address is taken or not ours.
    #[error("listen on {address}: {source}")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// Why.
        source: std::io::Error,
    },
    /// The key file is unusable.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// TLS cannot be set up.
    #[error(transparent)]
    Tls(#[from] TlsError),
}

struct Shared {
    google: Mutex<Google>,
    changed: watch::Sender<()>,
    subscribers: Mutex<Vec<Subscriber>>,
    guests: Arc<Guests>,
    limits: Limits,
    clock: ClockFn,
}

impl Shared {
    fn google(&self) -> MutexGuard<'_, Google> {
        self.google.lock().unwrap_or_else(PoisonError::into_inner)
    }

    // Calls are handed out while the state is locked, so that every subscriber sees them in the order of their numbers.
    fn answer<T>(&self, work: impl FnOnce(&mut Google, Timestamp) -> T) -> T {
        let mut google = self.google();
        let answer = work(&mut google, (self.clock)());
        let calls = google.take_calls();
        let mut subscribers = self.subscribers.lock().unwrap_or_else(PoisonError::into_inner);
        for call in calls.into_iter().map(Arc::new) {
            subscribers.retain(|subscriber| subscriber.tell(&call));
        }
        answer
    }
}

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
        self.shared.guests.traffic()
    }

    /// Changes the state; requests that are held are looked at again.
    pub fn change<T>(&self, change: impl FnOnce(&mut Google) -> T) -> T {
        let result = change(&mut self.shared.google());
        self.shared.changed.send_replace(());
        result
    }
}

/// Starts servers.
#[derive(Debug, Clone, Copy)]
pub struct GoogleServer;

impl GoogleServer {
    /// Listens, makes or reads the key file, and serves until [`Running::shutdown`] or drop.
    pub async fn start(config: ServerConfig) -> Result<Running, StartError> {
        Ok(Self::closed(config).await?.open())
    }

    /// Listens and answers nobody yet: whoever calls meanwhile waits.
    pub async fn closed(config: ServerConfig) -> Result<Closed, StartError> {
        let identity = Identity::new(&config)?;
        let (listener, address) = listen(config.listen)?;
        let (proxy, proxy_address) = match (config.proxy, identity.proxy) {
            (Some(address), Some(acceptor)) => {
                let (listener, address) = listen(address)?;
                (Some((listener, acceptor)), Some(address))
            }
            _ => (None, None),
        };
        let scheme = if identity.server.is_some() {
            "https"
        } else {
            "http"
        };
        let url = config
            .public_url
            .clone()
            .unwrap_or_else(|| format!("{scheme}://{address}"));
        let url = url.trim_end_matches('/').to_owned();
        let key = load_key(config.key_file.clone(), format!("{url}/token")).await?;
        let shared = Arc::new(share(&config, &key));
        let (stop, stopped) = watch::channel(());
        let (open, opened) = oneshot::channel();
        let doors = Doors {
            listener,
            tls: identity.server,
            proxy,
        };
        let accept = connection::accept(doors, Arc::clone(&shared), stopped);
        let task = tokio::spawn(async move {
            if opened.await.is_ok() {
                accept.await;
            }
        });
        let running = Running {
            address,
            proxy: proxy_address,
            authority: identity.authority,
            url,
            key,
            shared,
            stop,
            task,
        };
        Ok(Closed { running, open })
    }
}

fn listen(address: SocketAddr) -> Result<(TcpListener, SocketAddr), StartError> {
    let listen_error = |source| StartError::Listen { address, source };
    let listener = guests::listen(address).map_err(listen_error)?;
    let bound = listener.local_addr().map_err(listen_error)?;
    Ok((listener, bound))
}

// A key takes tens of milliseconds of computing, which would stall everything else on this thread.
async fn load_key(path: Option<PathBuf>, token_uri: String) -> Result<KeyFile, KeyError> {
    let load = move || match path {
        Some(path) => KeyFile::load_or_create(&path, &token_uri),
        None => KeyFile::generate(&token_uri),
    };
    tokio::task::spawn_blocking(load)
        .await
        .unwrap_or(Err(KeyError::Generate))
}

fn share(config: &ServerConfig, key: &KeyFile) -> Shared {
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
    Shared {
        google: Mutex::new(google),
        changed: watch::Sender::new(()),
        subscribers: Mutex::new(Vec::new()),
        guests: Guests::new(config.limits.connections),
        limits: config.limits,
        clock: Arc::clone(&config.clock),
    }
}

/// A server before its first call, to be told what it has to know by then.
pub struct Closed {
    running: Running,
    open: oneshot::Sender<()>,
}

impl Closed {
    /// The server that it will be.
    pub fn running(&self) -> &Running {
        &self.running
    }

    /// Answers whoever calls, and has called.
    pub fn open(self) -> Running {
        // The task waits as long as this value lives.
        let _ = self.open.send(());
        self.running
    }
}

/// A running server. Dropping it stops it too, without waiting for that.
pub struct Running {
    address: SocketAddr,
    proxy: Option<SocketAddr>,
    authority: Option<String>,
    url: String,
    key: KeyFile,
    shared: Arc<Shared>,
    stop: watch::Sender<()>,
    task: JoinHandle<()>,
}

impl Running {
    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
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
        self.tell(Subscriber::Every(sender));
        receiver
    }

    /// The calls from now on for somebody who may read slowly: so many are kept, the others are counted.
    pub fn watch(&self, kept: usize) -> Watch {
        let (subscriber, watch) = audience::window(kept);
        self.tell(subscriber);
        watch
    }

    fn tell(&self, subscriber: Subscriber) {
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

#[cfg(test)]
mod tests;
