//! Reading a request's body, without keeping more of it than its bytes.

use super::config::Limits;
use super::connections::ActiveRequest;
use bytes::{Bytes, BytesMut};
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use hyper::body::Incoming;

/// Larger bodies than this are rare enough to be counted.
const USUAL: usize = 64 * 1024;

/// Reads the whole body; the status of the refusal if it is too long, broken or too slow.
pub(super) async fn read(body: Incoming, limits: &Limits, active: &ActiveRequest) -> Result<Bytes, u16> {
    let whole = collect(Limited::new(body, limits.body_bytes), active);
    match tokio::time::timeout(limits.body_time, whole).await {
        Ok(Ok(body)) => Ok(body),
        Ok(Err(error)) if error.is::<LengthLimitError>() => Err(413),
        Ok(Err(_)) => Err(400),
        Err(_) => Err(408),
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
