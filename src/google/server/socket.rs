//! A connection that can be made to end badly, below everything that speaks over it.

use crate::api::wire::Ending;
use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::sync::Notify;

/// What a connection begins with that speaks HTTP/2 without being asked; no method of HTTP/1 begins so.
const PREFACE: &[u8] = b"PRI";

/// What is sent in place of an answer in HTTP.
const NOISE: &[u8] = b"\x15\x03\x01\x00\x02\x02\x46 this is no answer\r\n\r\n";

/// Says how a connection ends; the first word counts.
#[derive(Debug, Clone, Default)]
pub(super) struct EndingCell(Arc<DecidedEnding>);

#[derive(Debug, Default)]
struct DecidedEnding {
    how: OnceLock<Ending>,
    decided: Notify,
}

impl EndingCell {
    /// Sets how the connection ends when nobody holds it any more.
    pub(super) fn set(&self, ending: Ending) {
        self.0.how.get_or_init(|| ending);
        self.0.decided.notify_one();
    }

    /// Ends when it has been set, for who holds the connection.
    pub(super) async fn is_set(&self) {
        self.0.decided.notified().await;
    }
}

/// A connection that can end badly.
pub(super) trait Ends: AsyncRead + AsyncWrite + Unpin {
    /// Closing it resets it.
    fn reset(&mut self);

    /// Sends these bytes, if there is room for them.
    fn push(&mut self, bytes: &[u8]);
}

impl Ends for TcpStream {
    fn reset(&mut self) {
        // If the caller is gone already, the connection has ended before we could end it.
        let _ = self.set_zero_linger();
    }

    fn push(&mut self, bytes: &[u8]) {
        let _ = self.try_write(bytes);
    }
}

/// A connection whose end is decided while it is in use.
#[derive(Debug)]
pub(super) struct Socket<S: Ends = TcpStream> {
    stream: S,
    ending: EndingCell,
    /// What was looked at and is still to be read.
    first: ReadAhead,
}

/// The first bytes of a connection.
#[derive(Debug, Default)]
struct ReadAhead {
    bytes: [u8; PREFACE.len()],
    read: usize,
    handed_on: usize,
}

impl<S: Ends> Socket<S> {
    /// The connection, and what decides on its end.
    pub(super) fn new(stream: S) -> (Self, EndingCell) {
        let ending = EndingCell::default();
        let cell = ending.clone();
        let socket = Self {
            stream,
            ending,
            first: ReadAhead::default(),
        };
        (socket, cell)
    }

    /// True when the connection begins as one of HTTP/2; no more is read than it takes to know.
    pub(super) async fn begins_http2(&mut self) -> io::Result<bool> {
        while self.first.read < PREFACE.len() {
            let mut byte = [0];
            if self.stream.read(&mut byte).await? == 0 {
                return Ok(false);
            }
            let place = self.first.read;
            self.first.bytes[place] = byte[0];
            self.first.read += 1;
            if byte[0] != PREFACE[place] {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

impl<S: Ends> Drop for Socket<S> {
    fn drop(&mut self) {
        match self.ending.0.how.get() {
            Some(Ending::Reset) => self.stream.reset(),
            Some(Ending::Noise) => self.stream.push(NOISE),
            Some(Ending::Closed) | None => {}
        }
    }
}

impl<S: Ends> AsyncRead for Socket<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let ahead = &mut self.first;
        if ahead.handed_on < ahead.read && buffer.remaining() > 0 {
            let end = ahead.read.min(ahead.handed_on + buffer.remaining());
            buffer.put_slice(&ahead.bytes[ahead.handed_on..end]);
            ahead.handed_on = end;
            return Poll::Ready(Ok(()));
        }
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl<S: Ends> AsyncWrite for Socket<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(context, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}
