//! What a server is set up with.

use crate::api::mask::Masks;
use crate::google::Oauth;
use crate::state::bookings::UnknownBookings;
use jiff::Timestamp;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

/// Where the certificate of Google's side comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tls {
    /// PEM files.
    Files {
        /// The certificate, and those between it and its authority.
        cert: PathBuf,
        /// The key to it.
        key: PathBuf,
    },
    /// Signed by the local authority.
    Local,
}

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

/// Where the server takes the time from, and how it lets time pass.
pub trait Clock: Send + Sync {
    /// Now.
    fn now(&self) -> Timestamp;

    /// Ends after so long.
    fn sleep(&self, length: Duration) -> Sleep {
        Box::pin(tokio::time::sleep(length))
    }
}

/// A wait.
pub type Sleep = Pin<Box<dyn Future<Output = ()> + Send>>;

/// Whatever says what time it is lets time pass as the machine does.
impl<F: Fn() -> Timestamp + Send + Sync> Clock for F {
    fn now(&self) -> Timestamp {
        self()
    }
}

/// What a future ends with, unless it takes longer.
pub(super) async fn within<T>(
    clock: &dyn Clock,
    length: Duration,
    work: impl Future<Output = T>,
) -> Option<T> {
    tokio::select! {
        biased;
        done = work => Some(done),
        () = clock.sleep(length) => None,
    }
}

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
    pub clock: Arc<dyn Clock>,
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
