//! Google's side at which nothing arrived.

use serde::{Deserialize, Serialize};

/// What is known where not one call arrived, not even for a token.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Silence {
    /// Where Google's side was to be called.
    pub url: String,
    /// The key file that was made for the partner.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key_file: Option<String>,
    /// The proxy for Google's own hosts, if there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proxy_url: Option<String>,
    /// The certificate that clients have to trust, if it is one of our own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ca_file: Option<String>,
    /// Connections on which no request came.
    pub connections: u64,
}
