//! How many callers there may be, and how long each may take.

use std::time::Duration;

/// Limits of the HTTP side. A server in the open has to have each of them: whoever connects and sends nothing, half a head or half a
/// body would hold a place for ever.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Connections at one time. For one more, the one that has waited longest without a request goes. It has to be smaller than the
    /// number of files that the system lets a process open; where it is not, it becomes so at the first refusal.
    pub connections: usize,
    /// From the connection to the end of its first request's head.
    pub head: Duration,
    /// From a head to the end of its body; what comes later is answered 408.
    pub body: Duration,
    /// From a head to its answer; what takes longer is answered 503.
    pub answer: Duration,
    /// From an answer to the end of the next head on the same connection.
    pub idle: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 512,
            head: Duration::from_secs(10),
            body: Duration::from_secs(10),
            answer: Duration::from_secs(30),
            idle: Duration::from_secs(75),
        }
    }
}
