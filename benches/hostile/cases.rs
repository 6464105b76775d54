//! The bad things, one function each: what the server did about it comes back in words.

use super::PARTNER;
use super::support::request;
use std::collections::BTreeMap;
use std::io::{ErrorKind, Read as _, Write as _};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// Longer than any limit of the server.
const PATIENCE: Duration = Duration::from_secs(60);
const MANY: usize = 10_000;
const MIB: usize = 1024 * 1024;

/// Whom it is done to.
pub(crate) struct Target {
    pub(crate) address: SocketAddr,
    pub(crate) bearer: String,
}

type Case = (&'static str, fn(&Target) -> String);

/// One after the other.
pub(crate) const CASES: [Case; 20] = [
    ("200 half heads, then closed", half_heads),
    ("random bytes", random_bytes),
    ("TLS on the plain port", tls_bytes),
    ("a header of 1 MiB", huge_header),
    ("10 000 headers", many_headers),
    ("a path of 1 MiB", huge_path),
    ("a body of 1 GiB, announced", huge_body),
    ("a body without end, in chunks", endless_chunks),
    ("chunks that are none", broken_chunks),
    ("a length and chunks at once", both_lengths),
    ("gzip: 1 GiB in 1 MiB", gzip_bomb),
    ("gzip that is none", broken_gzip),
    ("JSON, half a million levels deep", deep_json),
    ("JSON, 350 000 empty objects, 50 times", wide_json),
    ("JSON, 1 MiB in one name, 50 times", long_name),
    ("bytes that are no UTF-8 in path, header, body", no_utf8),
    ("1 000 requests in one go", pipelined),
    ("100 000 requests, answers never read", unread),
    ("500 forged assertions", forged),
    ("1 000 resets with the answer under way", resets),
];

/// Those that need everything the server has to give; they would cut the slow ones short.
pub(crate) const CROWDS: [Case; 4] = [
    ("10 000 connections that say nothing", idle_crowd),
    ("10 000 connections with half a body", half_bodies),
    ("300 services of 1 MiB each, with a token", much_availability),
    ("300 bookings of 1 MiB each, with a token", much_booking),
];

/// What takes as long as the limits allow; goes on while the others are tried.
pub(crate) const SLOW: [Case; 3] = [
    ("40 heads, a byte every half second", slow_heads),
    ("40 bodies, a byte every half second", slow_bodies),
    ("40 connections that wait after a right request", lingering),
];

impl Target {
    /// A notification as it should be.
    pub(crate) fn right(&self) -> String {
        self.patch("b-right", r#"{"status":"CANCELED"}"#)
    }

    fn patch(&self, booking: &str, body: &str) -> String {
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

    fn connect(&self) -> Option<TcpStream> {
        let stream = TcpStream::connect_timeout(&self.address, PATIENCE).ok()?;
        stream.set_read_timeout(Some(PATIENCE)).ok()?;
        stream.set_write_timeout(Some(PATIENCE)).ok()?;
        Some(stream)
    }

    /// What comes back on a connection of its own.
    fn sends(&self, bytes: &[u8]) -> String {
        let Some(mut stream) = self.connect() else {
            return "no connection".to_owned();
        };
        let written = stream.write_all(bytes);
        let _ = stream.shutdown(Shutdown::Write);
        said(&mut stream, written.is_err())
    }

    fn post(&self, headers: &[(&str, &str)], body: &[u8]) -> String {
        let head = format!("POST /v1alpha/inventory/partners/{PARTNER}/availability:replace");
        let mut headers = headers.to_vec();
        headers.push(("Authorization", &self.bearer));
        headers.push(("Content-Type", "application/json"));
        headers.push(("Connection", "close"));
        let head = request(&head, &headers, "")
            .replace("Content-Length: 0", &format!("Content-Length: {}", body.len()));
        self.sends(&[head.as_bytes(), body].concat())
    }
}

/// The status line, or how it ended without one.
fn said(stream: &mut TcpStream, cut: bool) -> String {
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
fn tally(answers: impl IntoIterator<Item = String>) -> String {
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

fn half_heads(target: &Target) -> String {
    tally(
        (0..200).map(|_| {
            target.sends(b"PATCH /v1alpha/notification/partners/2 HTTP/1.1\r\nHost: x\r\nContent-Le")
        }),
    )
}

fn random_bytes(target: &Target) -> String {
    let noise = |seed: u64| {
        let next = |state: &mut u64| {
            *state ^= *state << 13;
            *state ^= *state >> 7;
            *state ^= *state << 17;
            Some(*state as u8)
        };
        std::iter::repeat_n((), 4096)
            .scan(seed * 2 + 1, move |state, ()| next(state))
            .collect::<Vec<u8>>()
    };
    tally((0..100).map(|seed| target.sends(&noise(seed))))
}

fn tls_bytes(target: &Target) -> String {
    let mut hello = b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03".to_vec();
    hello.resize(517, 0x5a);
    target.sends(&hello)
}

fn huge_header(target: &Target) -> String {
    let value = "a".repeat(MIB);
    target.sends(request("GET /", &[("X-Long", &value)], "").as_bytes())
}

fn many_headers(target: &Target) -> String {
    let header = ("X-More", "1");
    target.sends(request("GET /", &vec![header; MANY], "").as_bytes())
}

fn huge_path(target: &Target) -> String {
    target.sends(request(&format!("GET /{}", "a".repeat(MIB)), &[], "").as_bytes())
}

fn huge_body(target: &Target) -> String {
    let head = target
        .right()
        .replace("Content-Length: 21", "Content-Length: 1073741824");
    target.sends(&[head.into_bytes(), vec![b' '; 8 * MIB]].concat())
}

fn endless_chunks(target: &Target) -> String {
    let mut request = chunked("");
    for _ in 0..8 {
        request.extend(format!("{MIB:x}\r\n").bytes());
        request.extend(std::iter::repeat_n(b' ', MIB));
        request.extend(b"\r\n");
    }
    target.sends(&request)
}

fn chunked(rest: &str) -> Vec<u8> {
    format!("POST /token HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n{rest}").into_bytes()
}

fn broken_chunks(target: &Target) -> String {
    let kinds = [
        "zz\r\nhello\r\n0\r\n\r\n",
        "-1\r\n\r\n",
        "ffffffffffffffffff\r\n",
        "5\r\nhelloworld",
        "5;\n\n\n",
        "5\r\n",
    ];
    tally(kinds.map(|rest| target.sends(&chunked(rest))))
}

fn both_lengths(target: &Target) -> String {
    let head = "POST /token HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n";
    let twice = "POST /token HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\nabcd";
    tally([
        target.sends(format!("{head}0\r\n\r\nGET /smuggled HTTP/1.1\r\n\r\n").as_bytes()),
        target.sends(twice.as_bytes()),
    ])
}

fn gzip_bomb(target: &Target) -> String {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    let zeros = vec![0; MIB];
    for _ in 0..1000 {
        encoder.write_all(&zeros).expect("memory takes what is written");
    }
    let bomb = encoder.finish().expect("memory takes what is written");
    target.post(&[("Content-Encoding", "gzip")], &bomb)
}

fn broken_gzip(target: &Target) -> String {
    target.post(
        &[("Content-Encoding", "gzip")],
        b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03 and no more",
    )
}

fn deep_json(target: &Target) -> String {
    target.post(&[], "[".repeat(MIB / 2).as_bytes())
}

fn wide_json(target: &Target) -> String {
    let body = format!("{{\"a\":[{}{{}}]}}", "{},".repeat(350_000 - 10_000));
    tally((0..50).map(|_| target.post(&[], body.as_bytes())))
}

fn long_name(target: &Target) -> String {
    let body = format!("{{\"{}\":1}}", "a".repeat(MIB - 100));
    tally((0..50).map(|_| target.post(&[], body.as_bytes())))
}

fn no_utf8(target: &Target) -> String {
    let head: &[u8] = b"PATCH /v1alpha/notification/partners/\xff\xfe/bookings/b HTTP/1.1\r\nHost: x\r\n\r\n";
    let header: &[u8] = b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX-A: \xff\xfe\r\nAuthorization: Bearer \xff\r\n\r\n";
    let escaped = request(
        "PATCH /v1alpha/notification/partners/%ff%00/bookings/%c3%28",
        &[("Connection", "close")],
        "",
    );
    let body = target.post(&[], b"{\"extendedServiceAvailability\":\"\xff\xc3\x28\"}");
    tally([
        target.sends(head),
        target.sends(header),
        target.sends(escaped.as_bytes()),
        body,
    ])
}

fn pipelined(target: &Target) -> String {
    let Some(mut stream) = target.connect() else {
        return "no connection".to_owned();
    };
    let mut reader = stream.try_clone().expect("a socket");
    let all = target.right().repeat(1000);
    let reading = std::thread::spawn(move || {
        let mut answers = Vec::new();
        let _ = reader.read_to_end(&mut answers);
        String::from_utf8_lossy(&answers).matches("HTTP/1.1 200 ").count()
    });
    let _ = stream.write_all(all.as_bytes());
    let _ = stream.shutdown(Shutdown::Write);
    format!("200 ×{}", reading.join().unwrap_or_default())
}

fn unread(target: &Target) -> String {
    let Some(mut stream) = target.connect() else {
        return "no connection".to_owned();
    };
    let _ = stream.set_write_timeout(Some(Duration::from_secs(2)));
    let all = target.right().repeat(100_000);
    match stream.write_all(all.as_bytes()) {
        Ok(()) => "took them all".to_owned(),
        Err(_) => "stopped reading until its answers are read".to_owned(),
    }
}

fn forged(target: &Target) -> String {
    let part = "eyJhbGciOiJSUzI1NiJ9";
    let assertion = format!("{part}.{part}.{}", "A".repeat(342));
    let form =
        format!("grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion={assertion}");
    let request = request("POST /token", &[("Connection", "close")], &form);
    tally((0..500).map(|_| target.sends(request.as_bytes())))
}

// Closing a socket that still holds unread bytes resets the connection.
fn resets(target: &Target) -> String {
    let reset = |_| {
        let mut stream = target.connect()?;
        stream.write_all(target.right().as_bytes()).ok()?;
        stream.peek(&mut [0]).ok()
    };
    let answered = (0..1000).filter_map(reset).count();
    format!("200 ×{answered}, none of them read")
}

/// So many connections as fast as they are taken, and somebody among them who means well.
fn crowd(target: &Target, bytes: &[u8]) -> String {
    let begun = Instant::now();
    let open = |_| {
        let mut stream = target.connect()?;
        let _ = stream.write_all(bytes);
        Some(stream)
    };
    let over = AtomicBool::new(false);
    let (crowd, opened, right) = std::thread::scope(|scope| {
        let right = scope.spawn(|| right_meanwhile(target, &over));
        let crowd: Vec<TcpStream> = (0..MANY).filter_map(open).collect();
        let opened = begun.elapsed().as_secs_f64();
        over.store(true, Ordering::Relaxed);
        (crowd, opened, right.join().unwrap_or_default())
    });
    let stayed = crowd.iter().filter(|stream| is_open(stream)).count();
    format!("{} within {opened:.1} s, {stayed} stayed; {right}", crowd.len())
}

fn right_meanwhile(target: &Target, over: &AtomicBool) -> String {
    let (mut asked, mut answered, mut slowest) = (0, 0, Duration::ZERO);
    while !over.load(Ordering::Relaxed) {
        let begun = Instant::now();
        let answer = super::support::ask(target.address, &target.right());
        asked += 1;
        answered += usize::from(answer.is_ok_and(|answer| answer.starts_with("HTTP/1.1 200 ")));
        slowest = slowest.max(begun.elapsed());
    }
    format!(
        "{answered} of {asked} right requests meanwhile answered, the slowest after {:.0} ms",
        slowest.as_secs_f64() * 1000.0
    )
}

fn is_open(stream: &TcpStream) -> bool {
    let _ = stream.set_nonblocking(true);
    matches!(stream.peek(&mut [0]), Err(error) if error.kind() == ErrorKind::WouldBlock)
}

fn idle_crowd(target: &Target) -> String {
    crowd(target, b"")
}

fn half_bodies(target: &Target) -> String {
    crowd(
        target,
        b"POST /token HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\nabc",
    )
}

fn much_availability(target: &Target) -> String {
    let slot = r#"{"startTime":"2027-03-01T10:00:00Z","spotsOpen":"1"},"#;
    let slots = slot.repeat(MIB / slot.len() - 10);
    tally((0..300).map(|service| {
        let slots = slots.trim_end_matches(',');
        let entry = format!(r#"{{"merchantId":"m","serviceId":"s-{service}","availability":[{slots}]}}"#);
        target.post(
            &[],
            format!(r#"{{"extendedServiceAvailability":[{entry}]}}"#).as_bytes(),
        )
    }))
}

fn much_booking(target: &Target) -> String {
    let long = "a".repeat(MIB - 200);
    tally((0..300).map(|number| {
        let body = format!(r#"{{"status":"CANCELED","merchantId":"{long}"}}"#);
        target.sends(target.patch(&format!("b-{number}"), &body).as_bytes())
    }))
}

fn slow_heads(target: &Target) -> String {
    dribble(target, target.right().as_bytes(), 0)
}

fn slow_bodies(target: &Target) -> String {
    let request = target.patch("b-slow", &" ".repeat(1000));
    let head = request.len() - 1000;
    dribble(target, request.as_bytes(), head)
}

fn lingering(target: &Target) -> String {
    dribble(target, target.right().as_bytes(), usize::MAX)
}

/// Sends so much at once and the rest byte by byte, until the server has enough of it.
fn dribble(target: &Target, bytes: &[u8], at_once: usize) -> String {
    let begun = Instant::now();
    let (first, rest) = bytes.split_at(at_once.min(bytes.len()));
    let mut open: Vec<Listener> = (0..40).filter_map(|_| Listener::new(target, first)).collect();
    let (mut ended, mut rest) = (Vec::new(), rest.iter());
    while !open.is_empty() && begun.elapsed() < PATIENCE {
        std::thread::sleep(Duration::from_millis(500));
        let byte = rest.next();
        open.retain_mut(|listener| match listener.goes_on(byte) {
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

/// A connection of which every byte is heard as it comes.
struct Listener {
    stream: TcpStream,
    heard: Vec<u8>,
}

impl Listener {
    fn new(target: &Target, first: &[u8]) -> Option<Self> {
        let mut stream = target.connect()?;
        stream.write_all(first).ok()?;
        stream.set_nonblocking(true).ok()?;
        Some(Self {
            stream,
            heard: Vec::new(),
        })
    }

    /// Sends a byte more; what was said, when it is over.
    fn goes_on(&mut self, byte: Option<&u8>) -> Option<String> {
        if let Some(byte) = byte {
            let _ = self.stream.write_all(&[*byte]);
        }
        match self.stream.read_to_end(&mut self.heard) {
            Err(error) if error.kind() == ErrorKind::WouldBlock => None,
            _ => Some(match self.heard.get(9..12) {
                Some(status) => String::from_utf8_lossy(status).into_owned(),
                None => "closed".to_owned(),
            }),
        }
    }
}
