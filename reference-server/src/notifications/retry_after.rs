//! The header `Retry-After`.

use reqwest::Response;
use std::time::Duration;

/// How long Google asks to wait, where it gives seconds.
pub(super) fn retry_after(response: &Response) -> Option<Duration> {
    let value = response.headers().get("retry-after")?.to_str().ok()?;
    value.trim().parse().ok().map(Duration::from_secs)
}
