//! What a call of Google's shows to the booking server as its credentials.

use serde::{Deserialize, Serialize};

/// The credentials that a call carried.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Credentials {
    /// The configured user and password.
    #[default]
    Valid,
    /// No `Authorization` header.
    None,
    /// The right user with a wrong password.
    Wrong,
    /// Another user with the right password.
    WrongUser,
    /// A header that is not Basic authentication at all.
    Malformed,
}
