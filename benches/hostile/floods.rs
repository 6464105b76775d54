//! Attacks by number and size.

use super::target::{MIB, Target, tally};
use crate::support;
use std::io::{ErrorKind, Write as _};
use std::net::TcpStream;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

const MANY: usize = 10_000;

/// So many connections as fast as they are taken, and somebody among them who means well.
fn open_many(target: &Target, bytes: &[u8]) -> String {
    let begun = Instant::now();
    let open = |_| {
        let mut stream = target.connect()?;
        let _ = stream.write_all(bytes);
        Some(stream)
    };
    let over = AtomicBool::new(false);
    let (streams, opened, right) = std::thread::scope(|scope| {
        let right = scope.spawn(|| send_valid_meanwhile(target, &over));
        let streams: Vec<TcpStream> = (0..MANY).filter_map(open).collect();
        let opened = begun.elapsed().as_secs_f64();
        over.store(true, Ordering::Relaxed);
        (streams, opened, right.join().unwrap_or_default())
    });
    let stayed = streams.iter().filter(|stream| is_open(stream)).count();
    format!("{} within {opened:.1} s, {stayed} stayed; {right}", streams.len())
}

fn send_valid_meanwhile(target: &Target, over: &AtomicBool) -> String {
    let (mut asked, mut answered, mut slowest) = (0, 0, Duration::ZERO);
    while !over.load(Ordering::Relaxed) {
        let begun = Instant::now();
        let answer = support::ask(target.address, &target.valid_request());
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

pub(super) fn idle_connections(target: &Target) -> String {
    open_many(target, b"")
}

pub(super) fn half_bodies(target: &Target) -> String {
    open_many(
        target,
        b"POST /token HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\nabc",
    )
}

pub(super) fn much_availability(target: &Target) -> String {
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

pub(super) fn much_booking(target: &Target) -> String {
    let long = "a".repeat(MIB - 200);
    tally((0..300).map(|number| {
        let body = format!(r#"{{"status":"CANCELED","merchantId":"{long}"}}"#);
        target.send(target.patch(&format!("b-{number}"), &body).as_bytes())
    }))
}
