//! How fast Google's side is and how much memory it needs, beside a server that does nothing but answer.
//!
//! `cargo bench --bench patches` starts `conformance serve` as a process, with tokens demanded, and sends it notifications over
//! sixteen connections that stay open; then the same to a bare recorder on the same HTTP library, which counts and answers. What
//! the processor spent is told apart for the server and for the generator: on two cores they take it from each other.

#![expect(clippy::print_stdout, reason = "a measurement is there to be read")]

#[path = "support/bare.rs"]
mod bare;
#[path = "support/cpu.rs"]
mod cpu;
mod support;

use cpu::cpu;
use serde_json::json;
use std::cell::{Cell, RefCell};
use std::net::SocketAddr;
use std::process::Command;
use std::rc::Rc;
use std::time::{Duration, Instant};
use support::{PARTNER, Server, memory, request};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

const CONNECTIONS: usize = 16;
/// Memory is looked at after so many, when every buffer has its size, and again at the end.
const FIRST: usize = 20_000;
const ALL: usize = 200_000;
const UPDATES: usize = 20_000;
const SERVICES: usize = 500;

fn main() {
    if std::env::args().any(|argument| argument == "bare") {
        return bare::serve();
    }
    let folder = tempfile::tempdir().expect("a temporary folder");
    let folder = folder.path();
    support::make_key(folder);
    std::fs::write(folder.join("bookings.json"), known()).expect("the folder is ours");
    println!("{ALL} notifications over {CONNECTIONS} connections\n");
    println!("{}", Figures::HEAD);

    let mut serve = Server::serve(folder, &["--bookings", "bookings.json"]);
    let bearer = format!("Bearer {}", support::token(folder, serve.address));
    measure("conformance serve", &serve, &patches(&bearer));
    let replaced = measure_updates(&serve, &bearer);
    assert!(serve.is_running(), "the server has ended by itself");
    let log = serve.stop();

    let itself = std::env::current_exe().expect("this program");
    let bare = Server::start(folder, "bare", Command::new(itself).arg("bare"));
    measure("bare recorder", &bare, &patches(&bearer));
    drop(bare);
    let left_out = log
        .lines()
        .filter(|line| line.contains("came faster than"))
        .count();
    let end: Vec<&str> = log.lines().rev().take(2).map(str::trim).collect();
    println!(
        "\n{replaced}\n{}, {}; {left_out} times the log fell behind",
        end[1], end[0]
    );
}

/// The bookings that the notifications are about, one per connection.
fn known() -> String {
    let booking = |number| {
        json!({ "name": format!("partners/{PARTNER}/bookings/b-{number}"), "merchantId": "merchant-1", "serviceId": "service-1",
            "startTime": "2027-03-01T18:00:00Z", "duration": "5400s", "status": "CONFIRMED", "partySize": "2" })
    };
    json!((0..CONNECTIONS).map(booking).collect::<Vec<_>>()).to_string()
}

/// What each connection sends, by turns: the start moves to and fro.
fn patches(bearer: &str) -> Vec<Vec<Vec<u8>>> {
    let patch = |booking: usize, hour: usize| {
        let name = format!("partners/{PARTNER}/bookings/b-{booking}");
        let line = format!("PATCH /v1alpha/notification/{name}?updateMask=status,startTime,duration");
        let body = json!({
            "name": name, "merchantId": "merchant-1", "serviceId": "service-1", "status": "CONFIRMED",
            "startTime": format!("2027-03-01T{hour}:00:00Z"), "duration": "5400s", "partySize": "2",
            "clientInformation": {
                "givenName": "Maximiliane", "familyName": "Mustermann-Beispiel", "email": "maximiliane@example.org",
                "telephone": "+49 30 1234567", "address": { "streetAddress": "Beispielstrasse 123, Hinterhaus", "addressLocality": "Berlin",
                    "addressRegion": "Berlin", "postalCode": "10115", "addressCountry": "DE" },
            },
            "paymentInformation": { "prepaymentStatus": "PREPAYMENT_NOT_PROVIDED", "paymentTransactionId": "transaction-0123456789" },
        });
        request(&line, &headers(bearer), &body.to_string()).into_bytes()
    };
    (0..CONNECTIONS)
        .map(|booking| [18, 19].map(|hour| patch(booking, hour)).into())
        .collect()
}

/// Single services, each told again and again of the same day.
fn updates(bearer: &str) -> Vec<Vec<Vec<u8>>> {
    let update = |service: usize| {
        let slots: Vec<_> = (10..20)
            .map(|hour| {
                json!({ "startTime": format!("2027-03-01T{hour}:00:00Z"), "duration": "3600s", "spotsTotal": "4", "spotsOpen": "2" })
            })
            .collect();
        let body = json!({ "extendedServiceAvailability": [{
            "merchantId": "merchant-1", "serviceId": format!("service-{service}"), "availability": slots,
            "startTimeRestrict": "2027-03-01T00:00:00Z", "endTimeRestrict": "2027-03-02T00:00:00Z",
        }]});
        let line = format!("POST /v1alpha/inventory/partners/{PARTNER}/availability:replace");
        request(&line, &headers(bearer), &body.to_string()).into_bytes()
    };
    let of = |connection: usize| (connection..SERVICES).step_by(CONNECTIONS).map(update).collect();
    (0..CONNECTIONS).map(of).collect()
}

fn headers(bearer: &str) -> [(&str, &str); 4] {
    [
        ("Authorization", bearer),
        ("Content-Type", "application/json"),
        ("Accept", "application/json"),
        ("User-Agent", "bench/1"),
    ]
}

/// What came out for one server.
struct Figures {
    took: Duration,
    latencies: Vec<u32>,
    server: Option<Duration>,
    generator: Option<Duration>,
}

impl Figures {
    const HEAD: &str = "server               requests/s   p50 ms   p99 ms   max ms   CPU µs/request: server  generator   MiB: 20 000  200 000    peak";

    fn of(server: &Server, requests: &[Vec<Vec<u8>>], number: usize) -> Self {
        let used = || (cpu(server.id()), cpu(std::process::id()));
        let (before, begun) = (used(), Instant::now());
        let mut latencies = generate(server.address, requests, number);
        let (took, after) = (begun.elapsed(), used());
        latencies.sort_unstable();
        let spent = |after: Option<Duration>, before: Option<Duration>| after?.checked_sub(before?);
        Self {
            took,
            latencies,
            server: spent(after.0, before.0),
            generator: spent(after.1, before.1),
        }
    }

    fn rate(&self) -> f64 {
        self.latencies.len() as f64 / self.took.as_secs_f64()
    }

    /// Milliseconds under which this part of the answers came.
    fn within(&self, part: f64) -> f64 {
        let last = self.latencies.len().saturating_sub(1);
        f64::from(self.latencies[(last as f64 * part) as usize]) / 1000.0
    }

    fn each(&self, spent: Option<Duration>) -> f64 {
        spent.unwrap_or_default().as_secs_f64() * 1e6 / self.latencies.len() as f64
    }

    fn row(&self) -> String {
        let (rate, median, slow, slowest) =
            (self.rate(), self.within(0.5), self.within(0.99), self.within(1.0));
        let (server, generator) = (self.each(self.server), self.each(self.generator));
        format!("{rate:>10.0} {median:>8.2} {slow:>8.2} {slowest:>8.2} {server:>24.1} {generator:>10.1}")
    }
}

fn measure(name: &str, server: &Server, requests: &[Vec<Vec<u8>>]) {
    let mib = |name| memory(server.id(), name).unwrap_or_default() as f64 / 1024.0;
    generate(server.address, requests, FIRST);
    let first = mib("VmRSS");
    let figures = Figures::of(server, requests, ALL - FIRST);
    let (last, peak) = (mib("VmRSS"), mib("VmHWM"));
    println!(
        "{name:<20} {} {first:>14.1} {last:>8.1} {peak:>7.1}",
        figures.row()
    );
}

fn measure_updates(server: &Server, bearer: &str) -> String {
    let figures = Figures::of(server, &updates(bearer), UPDATES);
    let mib = memory(server.id(), "VmRSS").unwrap_or_default() as f64 / 1024.0;
    format!(
        "{UPDATES} times availability:replace of ten slots, {SERVICES} services: {:.0}/s, p99 {:.2} ms, server's CPU {:.1} µs each, then {mib:.1} MiB",
        figures.rate(),
        figures.within(0.99),
        figures.each(figures.server)
    )
}

/// Sends so many requests, as fast as they are answered; how long each took comes back, in microseconds.
fn generate(address: SocketAddr, requests: &[Vec<Vec<u8>>], number: usize) -> Vec<u32> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    let left = Rc::new(Cell::new(number));
    let latencies = Rc::new(RefCell::new(Vec::with_capacity(number)));
    let local = tokio::task::LocalSet::new();
    for own in requests {
        let (own, left, latencies) = (own.clone(), Rc::clone(&left), Rc::clone(&latencies));
        local.spawn_local(async move {
            let mut connection = Connection::open(address).await;
            for request in own.iter().cycle() {
                let Some(rest) = left.get().checked_sub(1) else {
                    return;
                };
                left.set(rest);
                let begun = Instant::now();
                connection.ask(request).await;
                latencies.borrow_mut().push(begun.elapsed().as_micros() as u32);
            }
        });
    }
    runtime.block_on(local);
    latencies.take()
}

/// As little of a client as will do, so that the generator takes little of the processor.
struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Connection {
    async fn open(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).await.expect("the server listens");
        stream.set_nodelay(true).expect("a socket");
        Self {
            stream,
            buffer: vec![0; 64 * 1024],
        }
    }

    async fn ask(&mut self, request: &[u8]) {
        self.stream.write_all(request).await.expect("the server reads");
        let (mut filled, mut due) = (0, None);
        while due.is_none_or(|due| filled < due) {
            let read = self
                .stream
                .read(&mut self.buffer[filled..])
                .await
                .expect("the server answers");
            assert_ne!(read, 0, "the server closed the connection");
            filled += read;
            due = due.or_else(|| length(&self.buffer[..filled]));
        }
        let status = &self.buffer[..12];
        assert_eq!(
            status,
            b"HTTP/1.1 200",
            "{}",
            String::from_utf8_lossy(&self.buffer[..filled])
        );
    }
}

/// How long the whole answer will be, as soon as its head is there.
fn length(answer: &[u8]) -> Option<usize> {
    let head = answer.windows(4).position(|end| end == b"\r\n\r\n")? + 4;
    let text = std::str::from_utf8(&answer[..head]).ok()?;
    let line = |line: &str| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length")
            .then(|| value.trim().parse::<usize>().ok())?
    };
    Some(head + text.lines().find_map(line)?)
}
