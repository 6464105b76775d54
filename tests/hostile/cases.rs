//! Hostile targets that do the same on every connection.

use super::case::{Act, Case, Scheme, Target, When};
use Act::{Drip, Forever, Hold, Made, Repeat, Say};
use Scheme::{Expired, NoTls, OtherName, Plain, Unknown};
use When::{Asked, Connected, Touched};
use std::io::Write as _;

const MIB: usize = 1024 * 1024;
const HEAD: &str = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n";

/// The one beside which the times of the others are held: it reads and says nothing.
pub(crate) const SILENT: Case = slow("reads and says nothing", Asked, &[Hold]);

const fn fast(name: &'static str, when: When, acts: &'static [Act]) -> Case {
    Case {
        name,
        target: Target::Acts(Plain, when, acts),
        exits: &[1, 3],
        is_fast: true,
    }
}

const fn slow(name: &'static str, when: When, acts: &'static [Act]) -> Case {
    Case {
        is_fast: false,
        ..fast(name, when, acts)
    }
}

const fn tls(name: &'static str, scheme: Scheme, acts: &'static [Act]) -> Case {
    Case {
        target: Target::Acts(scheme, Connected, acts),
        exits: &[3],
        ..fast(name, Connected, acts)
    }
}

/// Whatever is asked, on whatever connection.
#[rustfmt::skip]
pub(crate) const CASES: &[Case] = &[
    // Connections.
    fast("closes every connection", Connected, &[]),
    fast("reads and closes", Asked, &[]),
    fast("resets while the request comes", Touched, &[]),
    fast("resets in the middle of the head", Touched, &[Say("HTTP/1.1 200 OK\r\nContent-Ty")]),
    fast("resets in the middle of the body", Touched, &[Say(HEAD), Say("Content-Length: 99\r\n\r\n{\"a\":")]),
    fast("answers before it is asked", Connected, &[Say(HEAD), Say("Content-Length: 2\r\n\r\n{}")]),
    fast("promises to keep the connection and closes it", Asked, &[Say(HEAD), Say("Connection: keep-alive\r\nKeep-Alive: timeout=60\r\nContent-Length: 2\r\n\r\n{}")]),
    fast("answers twice", Asked, &[Say(HEAD), Say("Content-Length: 2\r\n\r\n{}HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")]),
    fast("a short answer, then nothing", Asked, &[Say(HEAD), Say("Content-Length: 1000\r\n\r\n{\"booking\":")]),
    // Status lines.
    fast("half a status line", Asked, &[Say("HTTP/1.1 2")]),
    slow("half a status line, then silence", Asked, &[Say("HTTP/1.1 2"), Hold]),
    fast("a status of letters", Asked, &[Say("HTTP/1.1 abc OK\r\nContent-Length: 0\r\n\r\n")]),
    fast("status 99", Asked, &[Say("HTTP/1.1 99 Low\r\nContent-Length: 0\r\n\r\n")]),
    fast("status 999", Asked, &[Say("HTTP/1.1 999 High\r\nContent-Length: 2\r\n\r\n{}")]),
    fast("status 1000", Asked, &[Say("HTTP/1.1 1000 Higher\r\nContent-Length: 2\r\n\r\n{}")]),
    fast("a status line without end", Asked, &[Say("HTTP/1.1 200 "), Forever("aaaaaaaaaaaaaaaa")]),
    fast("HTTP/0.9", Asked, &[Say("<html>hello</html>")]),
    fast("HTTP/9.9", Asked, &[Say("HTTP/9.9 200 OK\r\nContent-Length: 2\r\n\r\n{}")]),
    fast("line feeds alone", Asked, &[Say("HTTP/1.1 200 OK\nContent-Type: application/json\nContent-Length: 2\n\n{}")]),
    fast("commands for the terminal in the status line", Asked, &[Say("HTTP/1.1 200 \u{1b}[2J\u{1b}]0;x\u{7}\r\nContent-Length: 2\r\n\r\n{}")]),
    fast("switching protocols", Asked, &[Say("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n")]),
    slow("100 Continue without end", Asked, &[Forever("HTTP/1.1 100 Continue\r\n\r\n")]),
    slow("103 Early Hints without end", Asked, &[Forever("HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n")]),
    fast("204 with a body", Asked, &[Say("HTTP/1.1 204 No Content\r\nContent-Length: 2\r\n\r\n{}")]),
    // Other protocols.
    fast("random bytes", Asked, &[Made(noise)]),
    fast("SSH", Connected, &[Say("SSH-2.0-OpenSSH_9.6\r\n")]),
    fast("a TLS alert on the plain port", Connected, &[Made(|| vec![0x15, 3, 1, 0, 2, 2, 40])]),
    fast("HTTP/2 frames to a client of HTTP/1", Connected, &[Made(|| vec![0, 0, 0, 4, 0, 0, 0, 0, 0]), Hold]),
    // Heads.
    fast("10,000 headers", Asked, &[Say(HEAD), Repeat("X-More: 1\r\n", 10_000), Say("Content-Length: 2\r\n\r\n{}")]),
    fast("a header of 1 MiB", Asked, &[Say(HEAD), Say("X-Long: "), Repeat("aaaaaaaa", MIB / 8), Say("\r\nContent-Length: 2\r\n\r\n{}")]),
    fast("headers without end", Asked, &[Say(HEAD), Forever("X-More: 1\r\n")]),
    slow("a head, a byte every half second", Asked, &[Drip("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nX-Slow: aaaaaaaaaaaaaaaaaaaaaaaa\r\n", 500)]),
    fast("a header that is no UTF-8", Asked, &[Say(HEAD), Made(|| b"X-Odd: \xff\xfe\x80\r\nContent-Length: 2\r\n\r\n{}".to_vec())]),
    fast("80 cookies of 4 KiB", Asked, &[Say(HEAD), Made(cookies), Say("Content-Length: 2\r\n\r\n{}")]),
    // Lengths and chunks.
    fast("two lengths", Asked, &[Say(HEAD), Say("Content-Length: 2\r\nContent-Length: 50\r\n\r\n{}")]),
    fast("a list of lengths", Asked, &[Say(HEAD), Say("Content-Length: 2, 2\r\n\r\n{}")]),
    fast("a length below nothing", Asked, &[Say(HEAD), Say("Content-Length: -2\r\n\r\n{}")]),
    fast("a length beyond all numbers", Asked, &[Say(HEAD), Say("Content-Length: 99999999999999999999\r\n\r\n{}")]),
    fast("a length and chunks", Asked, &[Say(HEAD), Say("Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n")]),
    fast("a chunk size of letters", Asked, &[Say(HEAD), Say("Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n")]),
    fast("a chunk size beyond all numbers", Asked, &[Say(HEAD), Say("Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n{}\r\n")]),
    fast("a chunk that ends early", Asked, &[Say(HEAD), Say("Transfer-Encoding: chunked\r\n\r\n50\r\n{}")]),
    fast("chunk extensions without end", Asked, &[Say(HEAD), Say("Transfer-Encoding: chunked\r\n\r\n2;"), Forever("aaaaaaaaaaaaaaaa")]),
    fast("trailers without end", Asked, &[Say(HEAD), Say("Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n"), Forever("X-More: 1\r\n")]),
    slow("empty chunks' worth of single bytes", Asked, &[Say(HEAD), Say("Transfer-Encoding: chunked\r\n\r\n"), Forever("1\r\n \r\n")]),
    // Bodies.
    fast("100 MB, announced", Asked, &[Say(HEAD), Say("Content-Length: 104857600\r\n\r\n"), Repeat("                                ", 3 * MIB)]),
    fast("a body without end", Asked, &[Say(HEAD), Say("\r\n"), Forever("                                ")]),
    slow("a body, a byte every half second", Asked, &[Say(HEAD), Say("Content-Length: 40\r\n\r\n"), Drip("{\"a\":1111111111111111111111111111111111}", 500)]),
    fast("gzip: 1 GB in 1 MB", Asked, &[Say(HEAD), Say("Content-Encoding: gzip\r\n\r\n"), Made(gzip_bomb)]),
    fast("brotli that is none", Asked, &[Say(HEAD), Say("Content-Encoding: br\r\nContent-Length: 8\r\n\r\nabcdefgh")]),
    fast("a million brackets", Asked, &[Say(HEAD), Say("\r\n"), Repeat("[", MIB)]),
    fast("objects in objects, 200,000 deep", Asked, &[Say(HEAD), Say("\r\n"), Repeat("{\"a\":", 200_000)]),
    fast("4 MB of empty objects", Asked, &[Say(HEAD), Say("\r\n{\"a\":["), Repeat("{},", 1_390_000), Say("{}]}")]),
    fast("1.9 MB of empty objects", Asked, &[Say(HEAD), Say("\r\n{\"a\":["), Repeat("{},", 650_000), Say("{}]}")]),
    fast("a hundred thousand names", Asked, &[Say(HEAD), Say("\r\n"), Made(|| names(100_000))]),
    fast("a million names", Asked, &[Say(HEAD), Say("\r\n"), Made(|| names(1_000_000))]),
    fast("one name, a hundred thousand times", Asked, &[Say(HEAD), Say("\r\n{"), Repeat("\"a\":1,", 100_000), Say("\"a\":1}")]),
    fast("one text of 1.9 MB", Asked, &[Say(HEAD), Say("\r\n{\"booking_id\":\""), Repeat("aaaaaaaa", 240_000), Say("\"}")]),
    fast("1.9 MB of HTML", Asked, &[Say("HTTP/1.1 500 Oops\r\nContent-Type: text/html\r\n\r\n"), Repeat("<p>hello</p>\n", 150_000)]),
    fast("bytes that are no UTF-8", Asked, &[Say(HEAD), Made(|| b"Content-Length: 13\r\n\r\n{\"a\":\"\xff\xfe\xc3\x28\"}".to_vec())]),
    fast("1.9 MB of bytes that are no UTF-8", Asked, &[Say(HEAD), Say("\r\n"), Made(|| vec![0xff; 1_900_000])]),
    fast("a megabyte of zeros", Asked, &[Say(HEAD), Say("\r\n"), Made(|| vec![0; MIB])]),
    fast("NaN and Infinity", Asked, &[Say(HEAD), Say("Content-Length: 25\r\n\r\n{\"a\":NaN,\"b\":-Infinity  }")]),
    fast("numbers beyond all numbers", Asked, &[Say(HEAD), Say("\r\n{\"a\":1"), Repeat("0", 100_000), Say(",\"b\":1e999999999}")]),
    fast("half a surrogate pair", Asked, &[Say(HEAD), Say("Content-Length: 14\r\n\r\n{\"a\":\"\\ud800\"}")]),
    fast("JSON behind a byte order mark", Asked, &[Say(HEAD), Say("Content-Length: 5\r\n\r\n\u{feff}{}")]),
    fast("JSON in UTF-16", Asked, &[Say(HEAD), Made(|| b"Content-Length: 6\r\n\r\n\xff\xfe{\0}\0".to_vec())]),
    fast("commands for the terminal", Asked, &[Say("HTTP/1.1 500 Oops\r\nContent-Type: text/plain\r\n\r\n\u{1b}[2J\u{1b}[1;1H\u{1b}]0;owned\u{7}\u{9b}31m\u{202e}conformant")]),
    // Redirects.
    fast("a redirect to itself", Asked, &[Say("HTTP/1.1 302 Found\r\nLocation: /v3/HealthCheck\r\nContent-Length: 0\r\n\r\n")]),
    fast("a redirect to a file", Asked, &[Say("HTTP/1.1 308 Permanent Redirect\r\nLocation: file:///etc/passwd\r\nContent-Length: 0\r\n\r\n")]),
    // TLS.
    tls("TLS: the certificate has ended", Expired, &[]),
    tls("TLS: the certificate is for another name", OtherName, &[]),
    tls("TLS: nobody knows the authority", Unknown, &[]),
    tls("TLS: clear text", NoTls, &[Say("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")]),
    tls("TLS: random bytes", NoTls, &[Made(noise)]),
    tls("TLS: closed while hands are shaken", NoTls, &[]),
    Case { is_fast: false, ..tls("TLS: no answer to the first message", NoTls, &[Hold]) },
    tls("TLS: records without end", NoTls, &[Made(|| vec![0x16, 3, 3, 0x3f, 0xff]), Forever("aaaaaaaaaaaaaaaa")]),
];

fn noise() -> Vec<u8> {
    let mut state = 88_172_645_463_325_252_u64;
    let next = |_| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state as u8
    };
    (0..4096).map(next).collect()
}

fn cookies() -> Vec<u8> {
    let value = "c".repeat(4096);
    (0..80)
        .flat_map(|number| format!("Set-Cookie: c{number}={value}\r\n").into_bytes())
        .collect()
}

fn names(count: usize) -> Vec<u8> {
    let all: Vec<String> = (0..count).map(|number| format!("\"n{number}\":1")).collect();
    format!("{{{}}}", all.join(",")).into_bytes()
}

fn gzip_bomb() -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    let zeros = vec![0; MIB];
    for _ in 0..1000 {
        encoder.write_all(&zeros).expect("memory takes what is written");
    }
    encoder.finish().expect("memory takes what is written")
}
