//! Why a run could not begin.

use google::server::{StartError, TlsError};

/// The run could not begin or its results not be kept.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
pub enum RunError {
    /// Google's side could not start.
    #[error("Google's side cannot start")]
    #[diagnostic(help("[notifications] listen names the address; port 0 takes a free one"))]
    Google(#[source] StartError),
    /// The files of `[notifications]` tls are no good.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Tls(TlsError),
    /// The HTTP client could not be built.
    #[error("the HTTP client cannot be built")]
    Client(#[from] reqwest::Error),
    /// The line to the target could not be made.
    #[error("the HTTP client cannot be built")]
    Line(#[from] engine::LineError),
    /// This machine has no descriptor, port or memory left for a connection.
    #[error("this machine has no means left to call {base_url}: {why}")]
    #[diagnostic(help("raise the limit of open files: ulimit -n 4096"))]
    Exhausted {
        /// The address.
        base_url: String,
        /// What the system said.
        why: String,
    },
    /// The config names no target.
    #[error("the config names no target")]
    NoTarget,
    /// Nobody answers at the target's address.
    #[error("{base_url} cannot be reached: {why}")]
    #[diagnostic(help("start the server, or correct base_url in [target]"))]
    Unreachable {
        /// The address.
        base_url: String,
        /// What the system said.
        why: String,
    },
    /// The target's TLS is not to be trusted, or is no TLS.
    #[error("{base_url} cannot be reached over TLS: {why}")]
    #[diagnostic(help(
        "the server must speak TLS with a certificate that this machine trusts; SSL_CERT_FILE=FILE adds an authority of your own"
    ))]
    UnreachableTls {
        /// The address.
        base_url: String,
        /// What the system said.
        why: String,
    },
    /// The target asks who is there, and no credentials are named.
    #[error("{base_url} asks for credentials, and none are named: HealthCheck was answered {status}")]
    #[diagnostic(help(
        "set PARTNER_USER and PARTNER_PASSWORD to what the server expects of Google (with --target URL), or add auth = {{ user = {{ env = \"PARTNER_USER\" }}, password = {{ env = \"PARTNER_PASSWORD\" }} }} to [target]"
    ))]
    NoCredentials {
        /// The address.
        base_url: String,
        /// The HTTP status.
        status: u16,
    },
    /// Snapshots could not be read.
    #[error("the snapshots cannot be used")]
    #[diagnostic(help("--snapshots names their folder"))]
    Snapshots(#[from] snapshot::StoreError),
}

impl From<StartError> for RunError {
    fn from(error: StartError) -> Self {
        match error {
            StartError::Tls(error) => Self::Tls(error),
            other => Self::Google(other),
        }
    }
}
