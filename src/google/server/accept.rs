//! The connections of a server: how they are admitted, and what they pass before their requests are read.

use super::config::Limits;
use super::http::Spoken;
use super::listeners::{Entrance, Listeners};
use super::shared::Shared;
use super::socket::Socket;
use super::{connections, http, proxy, tls};
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::task::JoinSet;

/// Accepts connections until the server stops, and waits for those under way.
pub(super) async fn accept(listeners: Listeners, shared: Arc<Shared>, stop: watch::Receiver<()>) {
    let mut connections = JoinSet::new();
    let mut stopped = stop.clone();
    loop {
        let next = async {
            let (stream, caller, entrance) = listeners.accept().await?;
            let admission = shared.connections.admit(Some(caller.ip())).await;
            Ok::<_, std::io::Error>((stream, entrance, admission))
        };
        tokio::select! {
            _ = stopped.changed() => break,
            accepted = next => match accepted {
                Ok((stream, entrance, admission)) => {
                    let serve = serve(stream, entrance, Arc::clone(&shared), stop.clone());
                    connections.spawn(admission.hold_during(serve));
                }
                // Out of descriptors, or the caller has gone: neither may end the server.
                Err(error) => {
                    shared.note_refused(&error);
                    tokio::time::sleep(Duration::from_millis(20)).await;
                }
            },
        }
        while connections.try_join_next().is_some() {}
    }
    drop(listeners);
    let all = async { while connections.join_next().await.is_some() {} };
    let _ = tokio::time::timeout(shared.limits.grace, all).await;
}

/// Serves a connection to its end.
async fn serve(mut stream: TcpStream, entrance: Entrance, shared: Arc<Shared>, stop: watch::Receiver<()>) {
    let limits = shared.limits;
    match entrance {
        Entrance::Plain => {
            let (mut stream, ending) = Socket::new(stream);
            let opening = spoken(&mut stream, limits);
            if let Some(spoken) = run_unless_stopped(&stop, opening).await {
                http::serve(stream, spoken, ending, shared, stop).await;
            }
        }
        Entrance::Tls(acceptor) => {
            let opening = async {
                if tls::answer_plain_http(&mut stream, limits).await {
                    return None;
                }
                let (stream, ending) = Socket::new(stream);
                Some((tls::handshake(&acceptor, stream, limits).await?, ending))
            };
            if let Some((stream, ending)) = run_unless_stopped(&stop, opening).await {
                let spoken = tls::spoken(&stream);
                http::serve(stream, spoken, ending, shared, stop).await;
            }
        }
        Entrance::Proxy(acceptor) => {
            let (stream, ending) = Socket::new(stream);
            let opening = async {
                let tunnel = tokio::time::timeout(limits.head_time, proxy::tunnel(stream, limits));
                let tunnel = tunnel.await.ok()??;
                tls::handshake(&acceptor, tunnel, limits).await
            };
            if let Some(stream) = run_unless_stopped(&stop, opening).await {
                let spoken = tls::spoken(&stream);
                http::serve(stream, spoken, ending, shared, stop).await;
            }
        }
    }
}

/// What a connection without TLS begins to speak, if it begins in time.
async fn spoken(stream: &mut Socket, limits: Limits) -> Option<Spoken> {
    match tokio::time::timeout(limits.head_time, stream.begins_http2()).await {
        Ok(Ok(true)) => Some(Spoken::Http2),
        Ok(Ok(false)) => Some(Spoken::Http1),
        Ok(Err(_)) => None,
        Err(_) => {
            connections::note_late();
            None
        }
    }
}

// Nobody has asked for anything yet, so nobody is left without an answer.
async fn run_unless_stopped<T>(
    stop: &watch::Receiver<()>,
    opening: impl Future<Output = Option<T>>,
) -> Option<T> {
    let mut stopped = stop.clone();
    tokio::select! {
        opened = opening => opened,
        _ = stopped.changed() => None,
    }
}
