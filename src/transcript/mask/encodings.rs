//! What looks like base64 or hex, decoded in every alignment: where it begins is not known.

use super::reading::Reading;
use base64::{Engine as _, engine::general_purpose::STANDARD_NO_PAD};
use std::ops::Range;

/// Shorter ones hold no secret.
const SHORTEST_BASE64: usize = 11;
const SHORTEST_HEX: usize = 16;

/// Lines of base64 in mail and PEM are at least so long; shorter lines are not taken together.
const SHORTEST_LINE: usize = 40;

/// What is base64 in either alphabet, decoded; `all` of it, or what looks so.
pub(super) fn base64(reading: &Reading, all: bool) -> Vec<Reading> {
    let is_one = |digits: &[u8]| digits.len() >= SHORTEST_BASE64 && (all || has_both_cases(digits));
    let runs = base64_runs(reading.bytes(), is_one);
    decode(reading, &runs, 4, 6, sextet)
}

/// Names and numbers have capitals or small letters, base64 has both: of nearly every secret.
fn has_both_cases(digits: &[u8]) -> bool {
    digits.iter().any(u8::is_ascii_uppercase) && digits.iter().any(u8::is_ascii_lowercase)
}

/// True for a secret whose base64 looks like it wherever it begins.
pub(super) fn looks_encoded(secret: &str) -> bool {
    (0..3).all(|before| {
        let encoded = STANDARD_NO_PAD.encode([&b"ab"[..before], secret.as_bytes()].concat());
        has_both_cases(&encoded.as_bytes()[[0, 2, 3][before]..])
    })
}

/// What is hex, decoded; `letters` has no signs between the digits any more.
pub(super) fn hex(letters: &Reading) -> Vec<Reading> {
    let mut runs = Vec::new();
    let bytes = letters.bytes();
    let mut start = 0;
    for part in bytes.split(|byte| !byte.is_ascii_hexdigit()) {
        if part.len() >= SHORTEST_HEX {
            runs.push((start..start + part.len()).collect());
        }
        start += part.len() + 1;
    }
    decode(letters, &runs, 2, 4, |byte| char::from(byte).to_digit(16))
}

/// The places of the digits of each run.
fn base64_runs(bytes: &[u8], is_one: impl Fn(&[u8]) -> bool) -> Vec<Vec<usize>> {
    let mut runs: Vec<Vec<usize>> = Vec::new();
    let mut at = 0;
    let mut last_line: Option<Range<usize>> = None;
    while at < bytes.len() {
        let length = bytes[at..]
            .iter()
            .take_while(|byte| sextet(**byte).is_some())
            .count();
        if length == 0 {
            at += 1;
            continue;
        }
        let line = at..at + length;
        let continues = last_line.as_ref().is_some_and(|last| {
            last.len() >= SHORTEST_LINE
                && bytes[last.end..line.start]
                    .iter()
                    .all(|byte| matches!(byte, b'\r' | b'\n'))
        });
        match runs.last_mut().filter(|_| continues) {
            Some(run) => run.extend(line.clone()),
            None if is_one(&bytes[line.clone()]) => runs.push(line.clone().collect()),
            None => {}
        }
        last_line = Some(line.clone());
        at = line.end;
    }
    runs
}

/// The runs, decoded from each of the first digits on.
fn decode(
    reading: &Reading,
    runs: &[Vec<usize>],
    alignments: usize,
    bits: usize,
    digit: impl Fn(u8) -> Option<u32>,
) -> Vec<Reading> {
    if runs.is_empty() {
        return Vec::new();
    }
    let decoded = (0..alignments).map(|skipped| {
        let mut decoded = Reading::with_capacity(runs.iter().map(Vec::len).sum());
        for run in runs {
            decode_run(
                reading,
                &run[skipped.min(run.len())..],
                bits,
                &digit,
                &mut decoded,
            );
            decoded.push_barrier();
        }
        decoded
    });
    decoded.collect()
}

fn decode_run(
    reading: &Reading,
    run: &[usize],
    bits: usize,
    digit: impl Fn(u8) -> Option<u32>,
    decoded: &mut Reading,
) {
    let (mut value, mut known) = (0_u32, 0);
    for (number, at) in run.iter().enumerate() {
        value = value << bits | digit(reading.bytes()[*at]).unwrap_or_default();
        known += bits;
        if known >= 8 {
            known -= 8;
            let byte = value >> known & 0xFF;
            // Every byte lies across two digits.
            let first = run[number - 1];
            decoded.push(byte as u8, reading, &(first..*at + 1));
        }
    }
}

fn sextet(byte: u8) -> Option<u32> {
    let number = match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'+' | b'-' => 62,
        b'/' | b'_' => 63,
        _ => return None,
    };
    Some(u32::from(number))
}
