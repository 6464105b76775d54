//! Starting a server.

use super::accept;
use super::config::ServerConfig;
use super::listeners::{self, Listeners};
use super::running::{BoundServer, Running};
use super::shared::Shared;
use super::tls::{Identity, TlsError};
use crate::auth::keys::{KeyError, KeyFile};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio::sync::{oneshot, watch};

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

/// Starts servers.
#[derive(Debug, Clone, Copy)]
pub struct GoogleServer;

impl GoogleServer {
    /// Listens, makes or reads the key file, and serves until [`Running::shutdown`] or drop.
    pub async fn start(config: ServerConfig) -> Result<Running, StartError> {
        Ok(Self::bind(config).await?.serve())
    }

    /// Makes or reads the key file and listens nowhere: only this process gets in, by [`Running::entrance`].
    pub fn inside(config: &ServerConfig) -> Result<Running, StartError> {
        let url = format!("http://{}", config.listen);
        let key = read_or_make_key(config.key_file.as_deref(), &format!("{url}/token"))?;
        Ok(Running {
            address: config.listen,
            is_inside: true,
            proxy: None,
            authority: None,
            shared: Arc::new(Shared::new(config, &key)),
            url,
            key,
            stop: watch::Sender::new(()),
            task: tokio::spawn(std::future::ready(())),
        })
    }

    /// Listens and answers nobody yet: whoever calls meanwhile waits.
    pub async fn bind(config: ServerConfig) -> Result<BoundServer, StartError> {
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
        let shared = Arc::new(Shared::new(&config, &key));
        let (stop, stopped) = watch::channel(());
        let (open, opened) = oneshot::channel();
        let listeners = Listeners {
            listener,
            tls: identity.server,
            proxy,
        };
        let accept = accept::accept(listeners, Arc::clone(&shared), stopped);
        let task = tokio::spawn(async move {
            if opened.await.is_ok() {
                accept.await;
            }
        });
        let running = Running {
            address,
            is_inside: false,
            proxy: proxy_address,
            authority: identity.authority,
            url,
            key,
            shared,
            stop,
            task,
        };
        Ok(BoundServer { running, open })
    }
}

fn listen(address: SocketAddr) -> Result<(TcpListener, SocketAddr), StartError> {
    let listen_error = |source| StartError::Listen { address, source };
    let listener = listeners::listen(address).map_err(listen_error)?;
    let bound = listener.local_addr().map_err(listen_error)?;
    Ok((listener, bound))
}

fn read_or_make_key(path: Option<&Path>, token_uri: &str) -> Result<KeyFile, KeyError> {
    match path {
        Some(path) => KeyFile::load_or_create(path, token_uri),
        None => KeyFile::generate(token_uri),
    }
}

// A key takes tens of milliseconds of computing, which would stall everything else on this thread.
async fn load_key(path: Option<PathBuf>, token_uri: String) -> Result<KeyFile, KeyError> {
    let load = move || read_or_make_key(path.as_deref(), &token_uri);
    tokio::task::spawn_blocking(load)
        .await
        .unwrap_or(Err(KeyError::Generate))
}
