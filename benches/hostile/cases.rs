//! The bad things, one function each: what the server did about it comes back in words.

mod floods;
mod slow;
mod target;

use crate::support::request;
use floods::{half_bodies, idle_connections, much_availability, much_booking};
use slow::{idle_after_request, slow_bodies, slow_heads};
use std::io::{Read as _, Write as _};
use std::net::Shutdown;
use std::time::Duration;
use target::{MIB, tally};

pub(crate) use target::Target;

const MANY: usize = 10_000;

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
    ("1 000 requests in one go", pipelined_requests),
    ("100 000 requests, answers never read", unread_answers),
    ("500 forged assertions", forged_assertions),
    ("1 000 resets with the answer under way", reset_connections),
];

/// Those that need everything the server has to give; they would cut the slow ones short.
pub(crate) const FLOODS: [Case; 4] = [
    ("10 000 connections that say nothing", idle_connections),
    ("10 000 connections with half a body", half_bodies),
    ("300 services of 1 MiB each, with a token", much_availability),
    ("300 bookings of 1 MiB each, with a token", much_booking),
];

/// What takes as long as the limits allow; goes on while the others are tried.
pub(crate) const SLOW: [Case; 3] = [
    ("40 heads, a byte every half second", slow_heads),
    ("40 bodies, a byte every half second", slow_bodies),
    (
        "40 connections that wait after a right request",
        idle_after_request,
    ),
];

fn half_heads(target: &Target) -> String {
    tally(
        (0..200).map(|_| {
            target.send(b"PATCH /v1alpha/notification/partners/2 HTTP/1.1\r\nHost: x\r\nContent-Le")
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
    tally((0..100).map(|seed| target.send(&noise(seed))))
}

fn tls_bytes(target: &Target) -> String {
    let mut hello = b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03".to_vec();
    hello.resize(517, 0x5a);
    target.send(&hello)
}

fn huge_header(target: &Target) -> String {
    let value = "a".repeat(MIB);
    target.send(request("GET /", &[("X-Long", &value)], "").as_bytes())
}

fn many_headers(target: &Target) -> String {
    let header = ("X-More", "1");
    target.send(request("GET /", &vec![header; MANY], "").as_bytes())
}

fn huge_path(target: &Target) -> String {
    target.send(request(&format!("GET /{}", "a".repeat(MIB)), &[], "").as_bytes())
}

fn huge_body(target: &Target) -> String {
    let head = target
        .valid_request()
        .replace("Content-Length: 21", "Content-Length: 1073741824");
    target.send(&[head.into_bytes(), vec![b' '; 8 * MIB]].concat())
}

fn endless_chunks(target: &Target) -> String {
    let mut request = chunked("");
    for _ in 0..8 {
        request.extend(format!("{MIB:x}\r\n").bytes());
        request.extend(std::iter::repeat_n(b' ', MIB));
        request.extend(b"\r\n");
    }
    target.send(&request)
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
    tally(kinds.map(|rest| target.send(&chunked(rest))))
}

fn both_lengths(target: &Target) -> String {
    let head = "POST /token HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n";
    let twice = "POST /token HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\nabcd";
    tally([
        target.send(format!("{head}0\r\n\r\nGET /smuggled HTTP/1.1\r\n\r\n").as_bytes()),
        target.send(twice.as_bytes()),
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
        target.send(head),
        target.send(header),
        target.send(escaped.as_bytes()),
        body,
    ])
}

fn pipelined_requests(target: &Target) -> String {
    let Some(mut stream) = target.connect() else {
        return "no connection".to_owned();
    };
    let mut reader = stream.try_clone().expect("a socket");
    let all = target.valid_request().repeat(1000);
    let reading = std::thread::spawn(move || {
        let mut answers = Vec::new();
        let _ = reader.read_to_end(&mut answers);
        String::from_utf8_lossy(&answers).matches("HTTP/1.1 200 ").count()
    });
    let _ = stream.write_all(all.as_bytes());
    let _ = stream.shutdown(Shutdown::Write);
    format!("200 ×{}", reading.join().unwrap_or_default())
}

fn unread_answers(target: &Target) -> String {
    let Some(mut stream) = target.connect() else {
        return "no connection".to_owned();
    };
    let _ = stream.set_write_timeout(Some(Duration::from_secs(2)));
    let all = target.valid_request().repeat(100_000);
    match stream.write_all(all.as_bytes()) {
        Ok(()) => "took them all".to_owned(),
        Err(_) => "stopped reading until its answers are read".to_owned(),
    }
}

fn forged_assertions(target: &Target) -> String {
    let part = "eyJhbGciOiJSUzI1NiJ9";
    let assertion = format!("{part}.{part}.{}", "A".repeat(342));
    let form =
        format!("grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion={assertion}");
    let request = request("POST /token", &[("Connection", "close")], &form);
    tally((0..500).map(|_| target.send(request.as_bytes())))
}

// Closing a socket that still holds unread bytes resets the connection.
fn reset_connections(target: &Target) -> String {
    let reset = |_| {
        let mut stream = target.connect()?;
        stream.write_all(target.valid_request().as_bytes()).ok()?;
        stream.peek(&mut [0]).ok()
    };
    let answered = (0..1000).filter_map(reset).count();
    format!("200 ×{answered}, none of them read")
}
