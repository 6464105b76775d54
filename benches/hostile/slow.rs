//! Attacks by slowness.

use super::target::{PATIENCE, Target, tally};
use std::io::{ErrorKind, Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

pub(super) fn slow_heads(target: &Target) -> String {
    send_slowly(target, target.valid_request().as_bytes(), 0)
}

pub(super) fn slow_bodies(target: &Target) -> String {
    let request = target.patch("b-slow", &" ".repeat(1000));
    let head = request.len() - 1000;
    send_slowly(target, request.as_bytes(), head)
}

pub(super) fn idle_after_request(target: &Target) -> String {
    send_slowly(target, target.valid_request().as_bytes(), usize::MAX)
}

/// Sends so much at once and the rest byte by byte, until the server has enough of it.
fn send_slowly(target: &Target, bytes: &[u8], at_once: usize) -> String {
    let begun = Instant::now();
    let (first, rest) = bytes.split_at(at_once.min(bytes.len()));
    let mut open: Vec<SlowConnection> = (0..40)
        .filter_map(|_| SlowConnection::new(target, first))
        .collect();
    let (mut ended, mut rest) = (Vec::new(), rest.iter());
    while !open.is_empty() && begun.elapsed() < PATIENCE {
        std::thread::sleep(Duration::from_millis(500));
        let byte = rest.next();
        open.retain_mut(|connection| match connection.step(byte) {
            Some(answer) => {
                ended.push((begun.elapsed().as_secs(), answer));
                false
            }
            None => true,
        });
    }
    let times = || ended.iter().map(|(after, _)| *after);
    let (first, last) = (
        times().min().unwrap_or_default(),
        times().max().unwrap_or_default(),
    );
    let answers = tally(ended.iter().map(|(_, answer)| answer.clone()));
    format!(
        "{answers}, over after {first} to {last} s; {} left open",
        open.len()
    )
}

/// A connection of which every byte is received as it comes.
struct SlowConnection {
    stream: TcpStream,
    received: Vec<u8>,
}

impl SlowConnection {
    fn new(target: &Target, first: &[u8]) -> Option<Self> {
        let mut stream = target.connect()?;
        stream.write_all(first).ok()?;
        stream.set_nonblocking(true).ok()?;
        Some(Self {
            stream,
            received: Vec::new(),
        })
    }

    /// Sends a byte more; what was answered, when it is over.
    fn step(&mut self, byte: Option<&u8>) -> Option<String> {
        if let Some(byte) = byte {
            let _ = self.stream.write_all(&[*byte]);
        }
        match self.stream.read_to_end(&mut self.received) {
            Err(error) if error.kind() == ErrorKind::WouldBlock => None,
            _ => Some(match self.received.get(9..12) {
                Some(status) => String::from_utf8_lossy(status).into_owned(),
                None => "closed".to_owned(),
            }),
        }
    }
}
