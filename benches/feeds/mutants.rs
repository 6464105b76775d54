//! Feed files with something wrong with their bytes, as a broken exporter, a broken disk or an ill will would leave them.
//!
//! Each is made of the small example and a number, and is the same every time.

use flate2::Compression;
use flate2::write::GzEncoder;
use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};
use std::io::{self, Write as _};
use std::path::Path;

/// The example: what the files are called, and what is in them.
const EXAMPLE: [(&str, &str); 3] = [
    (
        "merchants_feed_1893400000_001_of_001.json",
        include_str!("../../src/feeds/tests/example/merchants.json"),
    ),
    (
        "services_feed_1893400100_001_of_001.json",
        include_str!("../../src/feeds/tests/example/services.json"),
    ),
    (
        "availability_feed_1893400200_001_of_001.json",
        include_str!("../../src/feeds/tests/example/availability.json"),
    ),
];

/// Values that are JSON, and hardly ever right.
#[rustfmt::skip]
const VALUES: [&[u8]; 23] = [
    b"null", b"true", b"{}", b"[]", b"[[]]", b"[null]", b"\"\"", b"\"-1\"", b"\"\\u0000\"", b"0", b"-0", b"-1", b"1.5", b"3e0", b"1e300", b"1e-400",
    b"100000001", b"253402300800", b"9223372036854775807", b"-9223372036854775808", b"9223372036854775808", b"18446744073709551616",
    b"\"REQUIRED\"",
];

/// What is no value, or not where it is put.
#[rustfmt::skip]
const INTRUDERS: [&[u8]; 26] = [
    b"{", b"}", b"[", b"]", b"\"", b",", b":", b"\\", b"\n", b"\0", b"-", b"1e999", b"\\ud800", b"\\udc00\\ud800", b"\\x", b"\xff", b"\xc3",
    b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xef\xbb\xbf", b"\xe2\x80\xa8", b"/* why */", b"\"metadata\":{},", b"\"service_availability\":[],",
    b"\"availability\":[{}],", b"\"merchant_id\":\"mrc-417\",",
];

/// The longest text that is put in: enough for several windows of the reader.
const LONGEST: usize = 1 << 20;

/// A file that was changed.
pub(crate) struct Mutant {
    /// The name of the file of the example in whose place it stands.
    original: &'static str,
    pub(crate) name: String,
    /// True when its name has the reader unpack it, so that it tells places in what comes out of that.
    pub(crate) unpacked: bool,
    bytes: Vec<u8>,
}

impl Mutant {
    /// The mutant of this number.
    pub(crate) fn new(number: u64) -> Self {
        let mut rng = StdRng::seed_from_u64(number);
        let (original, text) = EXAMPLE[rng.random_range(0..EXAMPLE.len())];
        let mut bytes = if rng.random_bool(0.5) {
            text.as_bytes().to_vec()
        } else {
            dense(text)
        };
        for _ in 0..[0, 1, 1, 1, 2, 3][rng.random_range(0..6)] {
            change(&mut bytes, &mut rng);
        }
        let (unpacked, bytes) = match rng.random_range(0..8) {
            0..5 => (false, bytes),
            5 => (true, packed(&bytes)),
            6 => (true, spoilt(&bytes, &mut rng)),
            // The name says one thing and the bytes another.
            _ if rng.random() => (true, bytes),
            _ => (false, packed(&bytes)),
        };
        Self {
            original,
            name: format!("{original}{}", if unpacked { ".gz" } else { "" }),
            unpacked,
            bytes,
        }
    }

    /// Puts it into a folder that holds the example, `f` looks at the folder, and the example is put back.
    pub(crate) fn within<T>(&self, folder: &Path, f: impl FnOnce() -> T) -> io::Result<T> {
        std::fs::remove_file(folder.join(self.original))?;
        std::fs::write(folder.join(&self.name), &self.bytes)?;
        let seen = f();
        std::fs::remove_file(folder.join(&self.name))?;
        write_example(folder, self.original)?;
        Ok(seen)
    }

    /// Line and column of a byte, both from 1; nothing where there is no such byte.
    pub(crate) fn place(&self, byte: u64) -> Option<(usize, usize)> {
        let before = self.bytes.get(..usize::try_from(byte).ok()?)?;
        let begun = memchr::memrchr(b'\n', before).map_or(0, |newline| newline + 1);
        Some((
            memchr::memchr_iter(b'\n', before).count() + 1,
            before.len() - begun + 1,
        ))
    }
}

/// Writes the example.
pub(crate) fn example(folder: &Path) -> io::Result<()> {
    EXAMPLE
        .iter()
        .try_for_each(|(name, _)| write_example(folder, name))
}

fn write_example(folder: &Path, name: &str) -> io::Result<()> {
    let found = EXAMPLE.iter().find(|(of, _)| *of == name);
    let (name, text) = found.ok_or(io::ErrorKind::NotFound)?;
    std::fs::write(folder.join(name), text)
}

/// Without the white space that people like to see.
fn dense(text: &str) -> Vec<u8> {
    let value: serde_json::Value = serde_json::from_str(text).expect("the example is JSON");
    value.to_string().into_bytes()
}

/// Does one thing to the bytes.
fn change(bytes: &mut Vec<u8>, rng: &mut StdRng) {
    let at = rng.random_range(0..=bytes.len());
    let end = rng.random_range(at..=bytes.len().min(at + 200));
    match rng.random_range(0..20) {
        0 => {
            if let Some(byte) = bytes.get_mut(at) {
                *byte ^= 1 << rng.random_range(0..8);
            }
        }
        1 => bytes.truncate(at),
        2 => _ = bytes.drain(at..end),
        3 => {
            let piece = bytes[at..end].to_vec();
            insert(bytes, at, &piece);
        }
        4 => {
            let to = rng.random_range(0..=bytes.len());
            let piece: Vec<u8> = bytes.drain(at..end).collect();
            let to = to.min(bytes.len());
            insert(bytes, to, &piece);
        }
        5 => insert(bytes, at, &vec![b'9'; rng.random_range(1..2000)]),
        6 => nest(bytes, at, rng),
        7 => swell(bytes, at, rng),
        8 => bytes[at..end].fill(rng.random()),
        9..18 => {
            let at = value(bytes, at);
            let odd: &[&[u8]] = if rng.random_bool(0.9) { &VALUES } else { &INTRUDERS };
            replace(bytes, at, odd[rng.random_range(0..odd.len())]);
        }
        _ => insert(bytes, at, INTRUDERS[rng.random_range(0..INTRUDERS.len())]),
    }
}

fn insert(bytes: &mut Vec<u8>, at: usize, piece: &[u8]) {
    bytes.splice(at..at, piece.iter().copied());
}

/// Where the next text or number of an object begins.
fn value(bytes: &[u8], at: usize) -> usize {
    let colons = (at..bytes.len()).filter(|at| bytes[*at] == b':');
    let mut values = colons.map(|colon| {
        let blank = bytes[colon + 1..]
            .iter()
            .take_while(|byte| byte.is_ascii_whitespace());
        colon + 1 + blank.count()
    });
    let whole = |at: &usize| !matches!(bytes.get(*at), Some(b'{' | b'['));
    values.find(whole).unwrap_or(bytes.len())
}

/// Puts a piece in the place of what stands there up to the next comma or bracket.
fn replace(bytes: &mut Vec<u8>, at: usize, piece: &[u8]) {
    let ends = |byte: &u8| matches!(byte, b',' | b'}' | b']');
    let end = bytes[at..]
        .iter()
        .position(ends)
        .map_or(bytes.len(), |end| at + end);
    bytes.splice(at..end, piece.iter().copied());
}

/// Brackets within brackets, closed again or not, as a value or anywhere.
fn nest(bytes: &mut Vec<u8>, at: usize, rng: &mut StdRng) {
    let depth = 1_usize << rng.random_range(2..17);
    let (open, close): (&[u8], &[u8]) = if rng.random() {
        (b"[", b"]")
    } else {
        (b"{\"a\":", b"}")
    };
    let mut piece = open.repeat(depth);
    if rng.random() {
        piece.extend(b"1");
        piece.extend(close.repeat(depth));
    }
    let at = if rng.random() { value(bytes, at) } else { at };
    replace(bytes, at, &piece);
}

/// A text, or a space between values, that is longer than all the rest.
fn swell(bytes: &mut Vec<u8>, at: usize, rng: &mut StdRng) {
    let length = (LONGEST >> rng.random_range(0..16)) + rng.random_range(0..9);
    let unit: &[u8] = match rng.random_range(0..5) {
        0 => b"x",
        1 => b"\\u00e9",
        2 => "é".as_bytes(),
        3 => b"\\\"",
        _ => return insert(bytes, at, &vec![b" \n\t"[rng.random_range(0..3)]; length]),
    };
    let mut piece = vec![b'"'];
    piece.extend(unit.iter().cycle().take(length / unit.len() * unit.len()));
    piece.push(b'"');
    let at = value(bytes, at);
    replace(bytes, at, &piece);
}

fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
    let written = gzip.write_all(bytes).and_then(|()| gzip.finish());
    written.expect("memory takes every byte")
}

/// Gzip that is cut off, damaged, followed by something else, or several in one.
fn spoilt(bytes: &[u8], rng: &mut StdRng) -> Vec<u8> {
    let (first, second) = bytes.split_at(rng.random_range(0..=bytes.len()));
    let mut gzip = packed(bytes);
    match rng.random_range(0..6) {
        0 => gzip.truncate(rng.random_range(0..gzip.len())),
        1 => {
            let at = rng.random_range(0..gzip.len());
            gzip[at] ^= 1 << rng.random_range(0..8);
        }
        2 => gzip.extend(b"and then"),
        3 => gzip = [packed(first), packed(second)].concat(),
        4 => gzip = [packed(first), second.to_vec()].concat(),
        _ => gzip.extend(packed(bytes)),
    }
    gzip
}
