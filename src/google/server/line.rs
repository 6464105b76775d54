//! Connections that are made inside of the process: the same HTTP, without an address.

use super::http;
use super::running::Running;
use super::shared::Shared;
use super::socket::Socket;
use hyper::server::conn::http1;
use std::sync::Arc;
use tokio::io::DuplexStream;
use tokio::sync::watch;

/// What is under way on one connection in one direction, bytes.
const BUFFER: usize = 64 * 1024;

/// Where a running server takes connections from its own process.
#[derive(Clone)]
pub struct Entrance {
    shared: Arc<Shared>,
    stop: watch::Receiver<()>,
}

impl Running {
    /// The entrance for who is in this process.
    pub fn entrance(&self) -> Entrance {
        Entrance {
            shared: Arc::clone(&self.shared),
            stop: self.stop.subscribe(),
        }
    }
}

impl Entrance {
    /// The caller's end of a new connection, which is served until it ends. How long a head may take is not watched: who is
    /// in this process has no reason to keep its own connections open, and only the machine's clock could.
    pub fn connect(&self) -> DuplexStream {
        let (theirs, ours) = tokio::io::duplex(BUFFER);
        let (socket, ending) = Socket::new(ours);
        let (shared, stop) = (Arc::clone(&self.shared), self.stop.clone());
        let mut builder = http1::Builder::new();
        builder.half_close(true);
        tokio::spawn(async move { http::serve_as(&builder, socket, ending, shared, stop).await });
        theirs
    }
}
