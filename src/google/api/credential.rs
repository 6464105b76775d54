//! The credential of a call, as far as it tells callers apart.

use serde::{Deserialize, Serialize};

/// How a call proved who it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "credential", rename_all = "snake_case")]
pub enum Credential {
    /// Nothing, or nothing that was looked at.
    None,
    /// An API key, which this API does not take.
    ApiKey,
    /// An access token of the token endpoint; the number tells tokens apart.
    AccessToken {
        /// Position among the issued tokens, from 1.
        number: u64,
    },
    /// A token signed by the service account itself.
    SelfSigned,
    /// Something that is not valid (any more).
    Invalid,
}
