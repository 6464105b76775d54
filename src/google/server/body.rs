//! Reading a request's body, without keeping more of it than its bytes.

use super::config::within;
use super::connections::ActiveRequest;
use super::shared::Shared;
use bytes::{Bytes, BytesMut};
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use hyper::body::Incoming;

/// Larger bodies than this are rare enough to be counted.
const USUAL: usize = 64 * 1024;

/// Reads the whole body; the status of the refusal if it is too long, broken or too slow.
pub(super) async fn read(body: Incoming, shared: &Shared, active: &ActiveRequest) -> Result<Bytes, u16> {
    let limits = &shared.limits;
    let whole = collect(Limited::new(body, limits.body_bytes), active);
    match within(&*shared.clock, limits.body_time, whole).await {
        Some(Ok(body)) => Ok(body),
        Some(Err(error)) if error.is::<LengthLimitError>() => Err(413),
        Some(Err(_)) => Err(400),
        None => Err(408),
    }
}

// Copied, since a piece of a body holds on to the buffer of the connection that it was read into, however small it is.
async fn collect(
    mut body: Limited<Incoming>,
    active: &ActiveRequest,
) -> Result<Bytes, Box<dyn std::error::Error + Send + Sync>> {
    let mut whole = BytesMut::new();
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame?.into_data() else { continue };
        if whole.len() <= USUAL && whole.len() + data.len() > USUAL {
            active.note_large_body();
        }
        whole.extend_from_slice(&data);
    }
    Ok(whole.freeze())
}
