//! Google's side behind TLS.

use super::authority::{Authority, AuthorityError, Leaf};
use super::config::{Limits, ServerConfig, Tls};
use super::http::Spoken;
use domain::hosts;
use jiff::Timestamp;
use rustls::pki_types::pem::{self, PemObject as _};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;
use x509_parser::certificate::X509Certificate;
use x509_parser::prelude::FromDer as _;

/// TLS cannot be set up.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
pub enum TlsError {
    /// A file cannot be read.
    #[error("read {path}: {reason}", path = path.display())]
    #[diagnostic(help("name PEM files that are there: a certificate, and the key to it"))]
    Io {
        /// The file.
        path: PathBuf,
        /// Why.
        reason: std::io::Error,
    },
    /// A file does not hold what it should.
    #[error("{path} holds no {what} in PEM form", path = path.display())]
    #[diagnostic(help(
        "it begins with -----BEGIN {label}-----; openssl turns other forms into it, and encrypted keys into plain ones"
    ))]
    Form {
        /// The file.
        path: PathBuf,
        /// What should be in it.
        what: &'static str,
        /// The label of what should be in it.
        label: &'static str,
    },
    /// The certificate's time is over, or has not come.
    #[error("the certificate of {path} is valid from {from} until {until}, and not now", path = path.display())]
    #[diagnostic(help("get a new one"))]
    Time {
        /// The file.
        path: PathBuf,
        /// Its first moment.
        from: String,
        /// Its last moment.
        until: String,
    },
    /// Certificate and key do not go together, or not with any client.
    #[error("{cert} and {key} cannot be used together: {reason}", cert = cert.display(), key = key.display())]
    #[diagnostic(help(
        "name the key that the certificate was made for; the server's own certificate comes first in its file"
    ))]
    Pair {
        /// The certificate.
        cert: PathBuf,
        /// The key.
        key: PathBuf,
        /// Why.
        reason: String,
    },
    /// What the local authority has signed cannot be used.
    #[error("use the local authority's certificate: {0}")]
    Local(String),
    /// The local authority cannot be used.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Authority(#[from] AuthorityError),
}

/// What shows who Google's side is.
#[derive(Default)]
pub(super) struct Identity {
    /// On the server's own address; plain HTTP without it.
    pub(super) server: Option<TlsAcceptor>,
    /// Behind the proxy.
    pub(super) proxy: Option<TlsAcceptor>,
    /// The local authority's certificate, if it has signed anything.
    pub(super) authority: Option<String>,
}

impl Identity {
    /// Reads the files and asks the local authority, as far as that is wanted.
    pub(super) fn new(config: &ServerConfig) -> Result<Self, TlsError> {
        let now = config.clock.now();
        let mut identity = Self::default();
        if let Some(Tls::Files { cert, key }) = &config.tls {
            identity.server = Some(acceptor_of_files(cert, key, now)?);
        }
        let local = config.tls == Some(Tls::Local);
        if local || config.proxy.is_some() {
            let names = names(config);
            let authority = match &config.ca_file {
                Some(path) => Authority::load_or_create(path, &names, now)?,
                None => Authority::generate(&names, now)?,
            };
            let acceptor =
                acceptor(authority.sign(&names, now)?).map_err(|error| TlsError::Local(error.to_string()))?;
            identity.authority = Some(authority.pem());
            identity.proxy = config.proxy.is_some().then(|| acceptor.clone());
            identity.server = identity.server.or(local.then_some(acceptor));
        }
        Ok(identity)
    }
}

/// Who a certificate of the local authority is for: this machine, Google's hosts, and whom the partner calls.
fn names(config: &ServerConfig) -> Vec<String> {
    let mut names: Vec<String> = hosts::all()
        .chain(["localhost", "127.0.0.1", "::1"])
        .map(str::to_owned)
        .collect();
    let own = match &config.public_url {
        Some(url) => host(url),
        None => Some(config.listen.ip().to_string()),
    };
    let called = own.filter(|_| config.tls == Some(Tls::Local));
    names.extend(called.filter(|name| !names.contains(name)));
    names
}

fn host(url: &str) -> Option<String> {
    let uri: hyper::Uri = url.parse().ok()?;
    let host = uri.host()?.trim_matches(['[', ']']);
    Some(host.to_ascii_lowercase())
}

fn acceptor_of_files(cert: &Path, key: &Path, now: Timestamp) -> Result<TlsAcceptor, TlsError> {
    let chain: Result<Vec<_>, _> = CertificateDer::pem_file_iter(cert).and_then(Iterator::collect);
    let form = |path: &Path, what, label| {
        let path = path.to_owned();
        move |error| match error {
            pem::Error::Io(reason) => TlsError::Io { path, reason },
            _ => TlsError::Form { path, what, label },
        }
    };
    let no_certificate = form(cert, "certificate", "CERTIFICATE");
    let chain = match chain {
        Ok(chain) if chain.is_empty() => return Err(no_certificate(pem::Error::NoItemsFound)),
        chain => chain.map_err(no_certificate)?,
    };
    check_time(cert, &chain[0], now)?;
    let key_der = PrivateKeyDer::from_pem_file(key).map_err(form(key, "private key", "PRIVATE KEY"))?;
    acceptor(Leaf { chain, key: key_der }).map_err(|error| TlsError::Pair {
        cert: cert.to_owned(),
        key: key.to_owned(),
        reason: match error {
            rustls::Error::InconsistentKeys(_) => "the key is that of another certificate".to_owned(),
            other => other.to_string(),
        },
    })
}

// Every client would refuse it, and say less of why.
fn check_time(path: &Path, certificate: &CertificateDer<'_>, now: Timestamp) -> Result<(), TlsError> {
    let parsed = X509Certificate::from_der(certificate);
    let (_, parsed) = parsed.map_err(|_| TlsError::Form {
        path: path.to_owned(),
        what: "certificate",
        label: "CERTIFICATE",
    })?;
    let validity = parsed.validity();
    let (from, until) = (&validity.not_before, &validity.not_after);
    if (from.timestamp()..=until.timestamp()).contains(&now.as_second()) {
        return Ok(());
    }
    Err(TlsError::Time {
        path: path.to_owned(),
        from: from.to_string(),
        until: until.to_string(),
    })
}

// The provider is named, since rustls refuses to choose when a dependency switches a second one on.
fn acceptor(leaf: Leaf) -> Result<TlsAcceptor, rustls::Error> {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let mut config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(leaf.chain, leaf.key)?;
    config.alpn_protocols = vec![HTTP2.to_vec(), b"http/1.1".to_vec()];
    Ok(TlsAcceptor::from(Arc::new(config)))
}

/// HTTP/2 as the handshake names it.
const HTTP2: &[u8] = b"h2";

/// What was agreed on in the handshake; who names nothing speaks HTTP/1.1.
pub(super) fn spoken<S>(stream: &TlsStream<S>) -> Spoken {
    match stream.get_ref().1.alpn_protocol() {
        Some(HTTP2) => Spoken::Http2,
        _ => Spoken::Http1,
    }
}

/// The stream behind TLS, if the caller gets that far in time.
pub(super) async fn handshake<S>(acceptor: &TlsAcceptor, stream: S, limits: Limits) -> Option<TlsStream<S>>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let handshake = tokio::time::timeout(limits.head_time, acceptor.accept(stream));
    handshake.await.ok()?.ok()
}

const PLAIN: &str =
    "This is an HTTPS port, and the request was made in plain HTTP. Write https:// in the URL.\n";

/// Tells a caller who speaks plain HTTP what is spoken here. True if that is all there is to do.
pub(super) async fn answer_plain_http(stream: &mut TcpStream, limits: Limits) -> bool {
    let mut first = [0];
    let peeked = tokio::time::timeout(limits.head_time, stream.peek(&mut first));
    if !matches!(peeked.await, Ok(Ok(1))) {
        return true;
    }
    // A handshake begins with 22, a request with the letters of its method.
    if first[0].is_ascii_uppercase() {
        let _ = tokio::time::timeout(limits.head_time, send_plain_answer(stream, limits)).await;
        return true;
    }
    false
}

// What has been sent is read, since closing a connection with unread bytes can destroy the answer on its way.
async fn send_plain_answer(stream: &mut TcpStream, limits: Limits) -> std::io::Result<()> {
    let length = PLAIN.len();
    let head = "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n";
    let answer = format!("{head}Content-Length: {length}\r\n\r\n{PLAIN}");
    stream.write_all(answer.as_bytes()).await?;
    stream.shutdown().await?;
    let most = (limits.head_bytes + limits.body_bytes) as u64;
    tokio::io::copy(&mut stream.take(most), &mut tokio::io::sink()).await?;
    Ok(())
}
