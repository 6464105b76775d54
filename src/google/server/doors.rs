//! Where connections come in, and what they pass before their requests are read.

use super::connection::serve;
use super::line::Socket;
use super::{Shared, proxy, tls};
use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio_rustls::TlsAcceptor;

/// The server's own address, and the proxy's if there is one.
pub(super) struct Doors {
    pub(super) listener: TcpListener,
    pub(super) tls: Option<TlsAcceptor>,
    pub(super) proxy: Option<(TcpListener, TlsAcceptor)>,
}

/// The one that a connection came through.
pub(super) enum Door {
    Plain,
    Tls(TlsAcceptor),
    Proxy(TlsAcceptor),
}

impl Doors {
    /// The next who comes through either. Both are asked at once, so that they share one cap on connections.
    pub(super) async fn accept(&self) -> io::Result<(TcpStream, SocketAddr, Door)> {
        let own = self.listener.accept();
        let through_own = || self.tls.clone().map_or(Door::Plain, Door::Tls);
        let Some((proxy, acceptor)) = &self.proxy else {
            let (stream, caller) = own.await?;
            return Ok((stream, caller, through_own()));
        };
        tokio::select! {
            accepted = own => accepted.map(|(stream, caller)| (stream, caller, through_own())),
            accepted = proxy.accept() => {
                accepted.map(|(stream, caller)| (stream, caller, Door::Proxy(acceptor.clone())))
            }
        }
    }
}

/// Serves a connection to its end.
pub(super) async fn enter(mut stream: TcpStream, door: Door, shared: Arc<Shared>, stop: watch::Receiver<()>) {
    let limits = shared.limits;
    match door {
        Door::Plain => {
            let (stream, line) = Socket::new(stream);
            serve(stream, line, shared, stop).await;
        }
        Door::Tls(acceptor) => {
            let opening = async {
                if tls::sent_away(&mut stream, limits).await {
                    return None;
                }
                let (stream, line) = Socket::new(stream);
                Some((tls::handshake(&acceptor, stream, limits).await?, line))
            };
            if let Some((stream, line)) = unless_stopped(&stop, opening).await {
                serve(stream, line, shared, stop).await;
            }
        }
        Door::Proxy(acceptor) => {
            let (stream, line) = Socket::new(stream);
            let opening = async {
                let tunnel = tokio::time::timeout(limits.head_time, proxy::tunnel(stream, limits));
                let tunnel = tunnel.await.ok()??;
                tls::handshake(&acceptor, tunnel, limits).await
            };
            if let Some(stream) = unless_stopped(&stop, opening).await {
                serve(stream, line, shared, stop).await;
            }
        }
    }
}

// Nobody has asked for anything yet, so nobody is left without an answer.
async fn unless_stopped<T>(
    stop: &watch::Receiver<()>,
    opening: impl Future<Output = Option<T>>,
) -> Option<T> {
    let mut stopped = stop.clone();
    tokio::select! {
        opened = opening => opened,
        _ = stopped.changed() => None,
    }
}
