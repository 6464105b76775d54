//! Moments inside text: where they stand and which epoch second they mean.

use std::ops::Range;

/// How far from the start of a run a number still counts as a moment of that run, seconds.
const WINDOW_SEC: i64 = 400 * 86_400;

/// Length of `2026-11-22T10:00:00`.
const LOCAL_LEN: usize = 19;

/// True for epoch seconds or milliseconds within 400 days of the start of the run.
pub(super) fn near(number: i64, began_sec: i64) -> bool {
    let close = |sec: i64| sec.abs_diff(began_sec) <= WINDOW_SEC.unsigned_abs();
    close(number) || close(number / 1000)
}

/// Every RFC 3339 timestamp in a text with its epoch second; one without an offset is taken as UTC.
pub(super) fn find(text: &str) -> Vec<(Range<usize>, i64)> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    while at + LOCAL_LEN <= bytes.len() {
        match read(text, at) {
            Some((end, sec)) => {
                found.push((at..end, sec));
                at = end;
            }
            None => at += 1,
        }
    }
    found
}

fn read(text: &str, at: usize) -> Option<(usize, i64)> {
    let bytes = text.as_bytes();
    let starts_fresh = at == 0 || !bytes[at - 1].is_ascii_digit();
    if !starts_fresh || !is_local(&bytes[at..at + LOCAL_LEN]) {
        return None;
    }
    let local_end = fraction_end(bytes, at + LOCAL_LEN);
    let end = offset_end(bytes, local_end);
    let zone = if end == local_end { "Z" } else { "" };
    let moment: jiff::Timestamp = format!("{}{zone}", &text[at..end]).parse().ok()?;
    Some((end, moment.as_second()))
}

fn is_local(bytes: &[u8]) -> bool {
    let pattern = b"dddd-dd-ddTdd:dd:dd";
    bytes.iter().zip(pattern).all(|(byte, wanted)| match wanted {
        b'd' => byte.is_ascii_digit(),
        b'T' => matches!(byte, b'T' | b't' | b' '),
        other => byte == other,
    })
}

fn fraction_end(bytes: &[u8], at: usize) -> usize {
    let digits = |from: usize| {
        bytes[from..]
            .iter()
            .take_while(|byte| byte.is_ascii_digit())
            .count()
    };
    match bytes.get(at) {
        Some(b'.') if digits(at + 1) > 0 => at + 1 + digits(at + 1),
        _ => at,
    }
}

fn offset_end(bytes: &[u8], at: usize) -> usize {
    let shaped = |pattern: &[u8]| {
        bytes.get(at + 1..at + 1 + pattern.len()).is_some_and(|rest| {
            rest.iter().zip(pattern).all(|(byte, wanted)| {
                if *wanted == b'd' {
                    byte.is_ascii_digit()
                } else {
                    byte == wanted
                }
            })
        })
    };
    match bytes.get(at) {
        Some(b'Z' | b'z') => at + 1,
        Some(b'+' | b'-') if shaped(b"dd:dd") => at + 6,
        Some(b'+' | b'-') if shaped(b"dddd") => at + 5,
        _ => at,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_of_one_moment_is_found() {
        for text in [
            "2027-01-15T08:00:00Z",
            "2027-01-15T08:00:00.000Z",
            "2027-01-15T09:00:00+01:00",
            "2027-01-15T09:00:00.5+0100",
            "2027-01-15 08:00:00",
        ] {
            assert_eq!(find(text), [(0..text.len(), 1_800_000_000)], "{text}");
        }
    }

    #[test]
    fn moments_inside_text_keep_their_place() {
        let text = "from 2027-01-15T08:00:00Z, é, 2027-01-15T08:00:01Z.";
        let places: Vec<_> = find(text).into_iter().map(|(range, _)| &text[range]).collect();
        assert_eq!(places, ["2027-01-15T08:00:00Z", "2027-01-15T08:00:01Z"]);
        assert_eq!(find("12027-01-15T08:00:00Z 2027-99-99T08:00:00Z"), []);
    }

    #[test]
    fn only_what_is_near_the_run_is_a_moment() {
        assert!(near(1_800_000_000, 1_795_000_000));
        assert!(near(1_800_000_000_123, 1_795_000_000));
        assert!(!near(200_000_000, 1_795_000_000));
        assert!(!near(i64::MIN, 1_795_000_000));
    }
}
