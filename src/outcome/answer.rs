//! What a target answered, as a finding shows it.

use super::text::{excerpt, harmless};
use serde::{Deserialize, Serialize};

/// What a target answered, cut to what a person reads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct SeenAnswer {
    /// HTTP status code.
    pub status: u16,
    /// Its content type, as sent.
    pub content_type: Option<String>,
    /// The first characters of its body, secrets masked and control characters replaced.
    pub body: String,
}

impl SeenAnswer {
    /// Of a response whose secrets are masked already.
    pub fn new(status: u16, content_type: Option<&str>, body: &str) -> Self {
        Self {
            status,
            content_type: content_type.map(harmless),
            body: excerpt(body),
        }
    }
}
