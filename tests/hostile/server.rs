//! A server that does to every connection what its case says.

use super::case::{Act, Scheme, When};
use super::tls;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

/// Nobody is left hanging for longer than any run takes.
const LONGEST: Duration = Duration::from_secs(120);

/// A listener in a thread of its own, until it is dropped.
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    over: Arc<AtomicBool>,
}

impl Server {
    /// Hands every connection to a thread of its own.
    pub(crate) fn start(serve: impl Fn(TcpStream) + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("an address");
        let over = Arc::new(AtomicBool::new(false));
        let (ended, serve) = (Arc::clone(&over), Arc::new(serve));
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                if ended.load(Ordering::Relaxed) {
                    return;
                }
                let serve = Arc::clone(&serve);
                thread::spawn(move || {
                    let _ = stream.set_read_timeout(Some(LONGEST));
                    let _ = stream.set_write_timeout(Some(LONGEST));
                    serve(stream);
                });
            }
        });
        Self { address, over }
    }

    /// One that acts.
    pub(crate) fn acting(scheme: Scheme, when: When, acts: &'static [Act]) -> Self {
        match scheme {
            Scheme::Plain | Scheme::NoTls => {
                // A gigabyte is packed once, and not for every connection.
                let ready: Vec<(Act, Vec<u8>)> = acts.iter().map(|act| (*act, made(*act))).collect();
                Self::start(move |mut stream| {
                    if wait(&mut stream, when).is_some() {
                        let _ = ready
                            .iter()
                            .try_for_each(|(act, bytes)| perform(&mut stream, *act, bytes));
                    }
                })
            }
            _ => {
                let config = tls::config(scheme);
                Self::start(move |mut stream| tls::shake_hands(&mut stream, &config))
            }
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.over.store(true, Ordering::Relaxed);
        let _ = TcpStream::connect(self.address);
    }
}

fn wait(stream: &mut TcpStream, when: When) -> Option<()> {
    match when {
        When::Connected => Some(()),
        When::Touched => stream.read_exact(&mut [0]).ok(),
        When::Asked => read_request(stream).map(drop),
    }
}

/// Head and body of a request whose body has a length.
pub(crate) fn read_request(stream: &mut impl Read) -> Option<(String, Vec<u8>)> {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") {
        stream.read_exact(&mut byte).ok()?;
        head.push(byte[0]);
    }
    let head = String::from_utf8_lossy(&head).into_owned();
    let length = header(&head, "content-length").and_then(|length| length.parse().ok());
    let mut body = vec![0; length.unwrap_or(0)];
    stream.read_exact(&mut body).ok()?;
    Some((head, body))
}

fn header<'h>(head: &'h str, name: &str) -> Option<&'h str> {
    let mut lines = head.lines().filter_map(|line| line.split_once(':'));
    let found = lines.find(|(known, _)| known.eq_ignore_ascii_case(name));
    found.map(|(_, value)| value.trim())
}

fn made(act: Act) -> Vec<u8> {
    match act {
        Act::Made(make) => make(),
        _ => Vec::new(),
    }
}

fn perform(stream: &mut TcpStream, act: Act, made: &[u8]) -> std::io::Result<()> {
    match act {
        Act::Say(text) => stream.write_all(text.as_bytes()),
        Act::Made(_) => stream.write_all(made),
        Act::Repeat(text, count) => {
            let many = text.repeat(4096.min(count));
            for _ in 0..count / 4096 {
                stream.write_all(many.as_bytes())?;
            }
            stream.write_all(text.repeat(count % 4096).as_bytes())
        }
        Act::Forever(text) => {
            let many = text.repeat(64);
            loop {
                stream.write_all(many.as_bytes())?;
            }
        }
        Act::Drip(text, ms) => {
            for byte in text.bytes() {
                stream.write_all(&[byte])?;
                thread::sleep(Duration::from_millis(ms));
            }
            Ok(())
        }
        Act::Hold => loop {
            if stream.read(&mut [0; 256])? == 0 {
                return Ok(());
            }
        },
    }
}
