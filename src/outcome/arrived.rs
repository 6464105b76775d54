//! What arrived at Google's side, and what is known where nothing did.

use serde::{Deserialize, Serialize};

/// What arrived at Google's side.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, schemars::JsonSchema)]
pub struct NotificationReport {
    /// Calls to the notification and inventory APIs.
    pub received: usize,
    /// How many of them were counted and not kept, because there were too many.
    pub dropped: usize,
    /// Calls without a token of the key file, while the partner's own have one: somebody else's, and not counted with the others.
    #[serde(default, skip_serializing_if = "is_none")]
    pub strangers: usize,
    /// Requests for access tokens.
    #[serde(default)]
    pub token_requests: usize,
    /// Those that no scenario claims: verb and target.
    pub orphans: Vec<String>,
    /// Those to methods or paths that the API does not have, each once.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub invented: Vec<InventedMethod>,
    /// That no notification arrived although one was waited for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub silence: Option<Silence>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands it so")]
fn is_none(number: &usize) -> bool {
    *number == 0
}

/// Calls to a method or path that the API does not have.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, schemars::JsonSchema)]
pub struct InventedMethod {
    /// Verb and path of the first of them.
    pub called: String,
    /// How many there were.
    pub count: usize,
    /// The method that may have been meant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub meant: Option<String>,
}

/// What is known where not one call to the API arrived, and perhaps not even one for a token.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, schemars::JsonSchema)]
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
    /// True when nothing can be between the partner and Google's side, since both are in one process.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_inside: bool,
}
