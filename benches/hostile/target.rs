//! The server under attack, and what it does with what it is sent.

use crate::PARTNER;
use crate::support::request;
use std::collections::BTreeMap;
use std::io::{ErrorKind, Read as _, Write as _};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::time::{Duration, Instant};

/// Longer than any limit of the server.
pub(super) const PATIENCE: Duration = Duration::from_secs(60);
pub(super) const MIB: usize = 1024 * 1024;

/// The server under attack.
pub(crate) struct Target {
    pub(crate) address: SocketAddr,
    pub(crate) bearer: String,
}

impl Target {
    /// A notification as it should be.
    pub(crate) fn valid_request(&self) -> String {
        self.patch("b-right", r#"{"status":"CANCELED"}"#)
    }

    pub(super) fn patch(&self, booking: &str, body: &str) -> String {
        let line =
            format!("PATCH /v1alpha/notification/partners/{PARTNER}/bookings/{booking}?updateMask=status");
        request(
            &line,
            &[
                ("Authorization", &self.bearer),
                ("Content-Type", "application/json"),
            ],
            body,
        )
    }

    pub(super) fn connect(&self) -> Option<TcpStream> {
        let stream = TcpStream::connect_timeout(&self.address, PATIENCE).ok()?;
        stream.set_read_timeout(Some(PATIENCE)).ok()?;
        stream.set_write_timeout(Some(PATIENCE)).ok()?;
        Some(stream)
    }

    /// What comes back on a connection of its own.
    pub(super) fn send(&self, bytes: &[u8]) -> String {
        let Some(mut stream) = self.connect() else {
            return "no connection".to_owned();
        };
        let written = stream.write_all(bytes);
        let _ = stream.shutdown(Shutdown::Write);
        read_outcome(&mut stream, written.is_err())
    }

    pub(super) fn post(&self, headers: &[(&str, &str)], body: &[u8]) -> String {
        let head = format!("POST /v1alpha/inventory/partners/{PARTNER}/availability:replace");
        let mut headers = headers.to_vec();
        headers.push(("Authorization", &self.bearer));
        headers.push(("Content-Type", "application/json"));
        headers.push(("Connection", "close"));
        let head = request(&head, &headers, "")
            .replace("Content-Length: 0", &format!("Content-Length: {}", body.len()));
        self.send(&[head.as_bytes(), body].concat())
    }
}

/// The status line, or how it ended without one.
fn read_outcome(stream: &mut TcpStream, cut: bool) -> String {
    let begun = Instant::now();
    let mut answer = Vec::new();
    let read = stream.read_to_end(&mut answer);
    if let Some(status) = answer.strip_prefix(b"HTTP/1.1 ") {
        return String::from_utf8_lossy(&status[..3.min(status.len())]).into_owned();
    }
    match read {
        Err(error) if error.kind() == ErrorKind::ConnectionReset => "reset",
        Err(_) if begun.elapsed() >= PATIENCE => "left open",
        _ if cut => "cut off",
        _ => "closed",
    }
    .to_owned()
}

/// The same several times: what was said how often.
pub(super) fn tally(answers: impl IntoIterator<Item = String>) -> String {
    let mut counts = BTreeMap::new();
    for answer in answers {
        *counts.entry(answer).or_insert(0_usize) += 1;
    }
    let counts: Vec<_> = counts
        .into_iter()
        .map(|(answer, number)| format!("{answer} ×{number}"))
        .collect();
    counts.join(", ")
}
