//! A connection that can be made to end badly, below everything that speaks over it.

use crate::api::wire::Ending;
use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

/// What is sent in place of an answer in HTTP.
const NOISE: &[u8] = b"\x15\x03\x01\x00\x02\x02\x46 this is no answer\r\n\r\n";

/// Says how a connection ends; the first word counts.
#[derive(Debug, Clone, Default)]
pub(super) struct EndingCell(Arc<OnceLock<Ending>>);

impl EndingCell {
    /// Sets how the connection ends when nobody holds it any more.
    pub(super) fn set(&self, ending: Ending) {
        self.0.get_or_init(|| ending);
    }
}

/// A connection whose end is decided while it is in use.
#[derive(Debug)]
pub(super) struct Socket {
    stream: TcpStream,
    ending: EndingCell,
}

impl Socket {
    /// The connection, and what decides on its end.
    pub(super) fn new(stream: TcpStream) -> (Self, EndingCell) {
        let ending = EndingCell::default();
        let cell = ending.clone();
        (Self { stream, ending }, cell)
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        // If the caller is gone already, the connection has ended before we could end it.
        match self.ending.0.get() {
            Some(Ending::Reset) => drop(self.stream.set_zero_linger()),
            Some(Ending::Noise) => drop(self.stream.try_write(NOISE)),
            Some(Ending::Closed) | None => {}
        }
    }
}

impl AsyncRead for Socket {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for Socket {
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
