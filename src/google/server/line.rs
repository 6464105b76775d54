//! Connections that are made inside of the process: the same HTTP, without an address.

use super::http;
use super::running::Running;
use super::shared::Shared;
use super::socket::{Ends, Socket};
use hyper::server::conn::http1;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Waker};
use tokio::io::{AsyncRead, AsyncWrite, DuplexStream, ReadBuf};
use tokio::sync::watch;

/// What is under way on one connection in one direction, bytes.
const BUFFER: usize = 64 * 1024;

/// Where a running server takes connections from its own process.
#[derive(Clone)]
pub struct Entrance {
    shared: Arc<Shared>,
    stop: watch::Receiver<()>,
}

impl Running {
    /// The entrance for who is in this process.
    pub fn entrance(&self) -> Entrance {
        Entrance {
            shared: Arc::clone(&self.shared),
            stop: self.stop.subscribe(),
        }
    }
}

impl Entrance {
    /// The caller's end of a new connection, which is served until it ends. How long a head may take is not watched: who is
    /// in this process has no reason to keep its own connections open, and only the machine's clock could.
    pub fn connect(&self) -> Connection {
        let (theirs, ours) = tokio::io::duplex(BUFFER);
        let reset = Arc::<AtomicBool>::default();
        let end = |stream, reset| Connection { stream, reset };
        let (socket, ending) = Socket::new(end(ours, Arc::clone(&reset)));
        let (shared, stop) = (Arc::clone(&self.shared), self.stop.clone());
        let mut builder = http1::Builder::new();
        builder.half_close(true);
        tokio::spawn(async move { http::serve_as(&builder, socket, ending, shared, stop).await });
        end(theirs, reset)
    }
}

/// One end of a connection.
#[derive(Debug)]
pub struct Connection {
    stream: DuplexStream,
    /// What is read at the end is that it was reset.
    reset: Arc<AtomicBool>,
}

impl Ends for Connection {
    fn reset(&mut self) {
        self.reset.store(true, Ordering::Relaxed);
    }

    fn push(&mut self, bytes: &[u8]) {
        let mut context = Context::from_waker(Waker::noop());
        let _ = Pin::new(&mut self.stream).poll_write(&mut context, bytes);
    }
}

impl AsyncRead for Connection {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let read = Pin::new(&mut self.stream).poll_read(context, buffer);
        let has_ended = matches!(read, Poll::Ready(Ok(()))) && buffer.filled().len() == before;
        if has_ended && self.reset.load(Ordering::Relaxed) {
            return Poll::Ready(Err(io::ErrorKind::ConnectionReset.into()));
        }
        read
    }
}

impl AsyncWrite for Connection {
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
}
