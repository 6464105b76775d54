//! What a server is started with.

use crate::clock::{Clock, SystemClock};
use crate::gateway::Gateway;
use crate::inventory::InventoryKind;
use crate::limits::Limits;
use crate::notifications::{GoogleLine, Notifier};
use crate::store::{Store, Trouble};
use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

/// Everything that can be chosen.
#[derive(Clone)]
pub struct Config {
    /// Where to listen; port 0 picks a free one.
    pub listen: SocketAddr,
    /// Where bookings are kept.
    pub database: Database,
    /// What Google authenticates with.
    pub credentials: Credentials,
    /// Bearer token of the console.
    pub console_token: String,
    /// Where to keep feed files, if anywhere.
    pub feeds_dir: Option<PathBuf>,
    /// How to notify Google, if at all.
    pub notify: Option<NotifyConfig>,
    /// What sort of businesses there are.
    pub inventory: InventoryKind,
    /// How many callers there may be, and how long each may take.
    pub limits: Limits,
    /// Places where parts can be wrapped.
    pub seams: Seams,
}

/// Where bookings are kept.
#[derive(Debug, Clone)]
pub enum Database {
    /// Gone with the server.
    Memory,
    /// A SQLite file, created when missing.
    File(PathBuf),
}

/// User and password of HTTP Basic authentication.
#[derive(Clone)]
pub struct Credentials {
    /// User name.
    pub user: String,
    /// Password.
    pub password: String,
}

impl fmt::Debug for Credentials {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Credentials([redacted])")
    }
}

/// Google's notification API, as this partner reaches it.
#[derive(Debug, Clone)]
pub struct NotifyConfig {
    /// For example `https://mapsbooking.googleapis.com`; paths from `/v1alpha` on are appended.
    pub base_url: String,
    /// A service-account key file. It may appear late; it is read again when it changes.
    pub key_file: PathBuf,
    /// The partner's number at Google.
    pub partner_id: String,
}

/// Takes a part of the server and gives back what stands in its place.
pub type Decorator<T> = Arc<dyn Fn(Arc<T>) -> Arc<T> + Send + Sync>;
/// Wraps a store.
pub type StoreDecorator = Decorator<dyn Store>;
/// Wraps a gateway.
pub type GatewayDecorator = Decorator<dyn Gateway>;
/// Wraps a notifier.
pub type NotifierDecorator = Decorator<dyn Notifier>;
/// Wraps the whole HTTP side, console included.
pub type HttpDecorator = Arc<dyn Fn(axum::Router) -> axum::Router + Send + Sync>;

/// Where parts of the server can be replaced or wrapped, without a branch in its own code.
#[derive(Clone)]
pub struct Seams {
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Wraps the store.
    pub store: Option<StoreDecorator>,
    /// Wraps the payment gateway.
    pub gateway: Option<GatewayDecorator>,
    /// Wraps the notifier; without `notify` there is none.
    pub notifier: Option<NotifierDecorator>,
    /// Wraps the HTTP side.
    pub http: Option<HttpDecorator>,
    /// How Google is called; over the network without it.
    pub google: Option<Arc<dyn GoogleLine>>,
    /// Told, for whoever runs the server, that the database cannot be written, and that it can again.
    pub trouble: Option<Trouble>,
}

impl Default for Seams {
    fn default() -> Self {
        Self {
            clock: Arc::new(SystemClock),
            store: None,
            gateway: None,
            notifier: None,
            http: None,
            google: None,
            trouble: None,
        }
    }
}

impl fmt::Debug for Seams {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Seams")
            .field("store", &self.store.is_some())
            .field("gateway", &self.gateway.is_some())
            .field("notifier", &self.notifier.is_some())
            .field("http", &self.http.is_some())
            .field("google", &self.google.is_some())
            .field("trouble", &self.trouble.is_some())
            .finish_non_exhaustive()
    }
}
