//! The sockets that a server listens on.

use std::io;
use std::net::SocketAddr;
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio_rustls::TlsAcceptor;

/// So many connections the system may hold before they are taken. Beyond that it lets callers try again after a second, and
/// its usual 128 are there in a moment.
const QUEUE: u32 = 4096;

/// Listens, with a queue in which many find room.
pub(super) fn listen(address: SocketAddr) -> std::io::Result<TcpListener> {
    let socket = if address.is_ipv4() {
        TcpSocket::new_v4()?
    } else {
        TcpSocket::new_v6()?
    };
    // As the usual way to listen does: the port of a server that has just ended can be had again.
    #[cfg(not(windows))]
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(QUEUE)
}

/// The server's own address, and the proxy's if there is one.
pub(super) struct Listeners {
    pub(super) listener: TcpListener,
    pub(super) tls: Option<TlsAcceptor>,
    pub(super) proxy: Option<(TcpListener, TlsAcceptor)>,
}

/// What a connection passes before its requests are read, by the listener that it came through.
pub(super) enum Entrance {
    Plain,
    Tls(TlsAcceptor),
    Proxy(TlsAcceptor),
}

impl Listeners {
    /// The next connection of either. Both are asked at once, so that they share one limit of connections.
    pub(super) async fn accept(&self) -> io::Result<(TcpStream, SocketAddr, Entrance)> {
        let own = self.listener.accept();
        let own_entrance = || self.tls.clone().map_or(Entrance::Plain, Entrance::Tls);
        let Some((proxy, acceptor)) = &self.proxy else {
            let (stream, caller) = own.await?;
            return Ok((stream, caller, own_entrance()));
        };
        tokio::select! {
            accepted = own => accepted.map(|(stream, caller)| (stream, caller, own_entrance())),
            accepted = proxy.accept() => {
                accepted.map(|(stream, caller)| (stream, caller, Entrance::Proxy(acceptor.clone())))
            }
        }
    }
}
