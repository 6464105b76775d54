//! What arrives at Google's APIs, whether or not a scenario brought it about.

use super::{Notification, ResourceCall, TokenRequest};

/// One call of the partner to Google.
#[derive(Debug, Clone, PartialEq)]
#[expect(
    clippy::large_enum_variant,
    reason = "one is made for each call and judged at once; nobody keeps a list of them"
)]
pub enum Arrival {
    /// To the notification or the inventory API, or meant for one of them.
    Notification(Notification),
    /// To the token endpoint.
    Token(TokenRequest),
    /// About merchants, services or records of feeds.
    Resource(ResourceCall),
}
