//! A body that comes in small pieces.

use super::config::{Clock, Sleep};
use bytes::Bytes;
use hyper::body::{Body, Frame, SizeHint};
use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

/// The time between two pieces, if the body is long enough: a reader never waits for long, and never has everything.
const STEP: Duration = Duration::from_millis(50);

/// Sends the first piece at once and the last one after the whole time. Its length is known from the beginning.
pub(super) struct PacedBody {
    left: Bytes,
    piece: usize,
    step: Duration,
    pause: Option<Sleep>,
    clock: Arc<dyn Clock>,
}

impl PacedBody {
    pub(super) fn over(time: Duration, body: Bytes, clock: Arc<dyn Clock>) -> Self {
        let gaps = usize::try_from(time.as_millis() / STEP.as_millis()).unwrap_or(usize::MAX);
        let gaps = gaps.clamp(1, body.len().max(2) - 1);
        let piece = body.len().div_ceil(gaps + 1).max(1);
        // Rounding may leave fewer pieces than were asked for.
        let gaps = u32::try_from(body.len().div_ceil(piece).max(2) - 1).unwrap_or(u32::MAX);
        Self {
            left: body,
            piece,
            step: time / gaps,
            pause: None,
            clock,
        }
    }
}

impl Body for PacedBody {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        if let Some(pause) = &mut self.pause {
            std::task::ready!(pause.as_mut().poll(context));
        }
        if self.left.is_empty() {
            return Poll::Ready(None);
        }
        let length = self.piece.min(self.left.len());
        let piece = self.left.split_to(length);
        self.pause = (!self.left.is_empty()).then(|| self.clock.sleep(self.step));
        Poll::Ready(Some(Ok(Frame::data(piece))))
    }

    fn is_end_stream(&self) -> bool {
        self.left.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left.len() as u64)
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    use http_body_util::BodyExt as _;
    use tokio::time::Instant;

    use super::*;

    async fn sent(time: Duration, text: &'static str) -> (Vec<usize>, Duration, Bytes) {
        let mut body = PacedBody::over(
            time,
            Bytes::from_static(text.as_bytes()),
            Arc::new(jiff::Timestamp::now),
        );
        let (mut pieces, mut whole) = (Vec::new(), Vec::new());
        let began = Instant::now();
        while let Some(frame) = body.frame().await {
            let piece = frame.unwrap().into_data().unwrap();
            pieces.push(piece.len());
            whole.extend(piece);
        }
        (pieces, began.elapsed(), whole.into())
    }

    #[tokio::test]
    async fn a_body_comes_in_pieces_within_its_time() {
        let (pieces, took, whole) = sent(Duration::from_millis(200), "0123456789").await;
        assert_eq!((pieces, &whole[..]), (vec![2, 2, 2, 2, 2], &b"0123456789"[..]));
        assert!(took >= Duration::from_millis(200));
        let (pieces, took, _) = sent(Duration::from_millis(100), "abc").await;
        assert_eq!(pieces, [1, 1, 1]);
        assert!(took >= Duration::from_millis(100));
        let (pieces, _, _) = sent(Duration::from_millis(100), "").await;
        assert!(pieces.is_empty());
    }
}
