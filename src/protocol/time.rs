//! Times and lengths as the notification API writes them: RFC 3339 timestamps and `"3600s"`.

use jiff::{SignedDuration, Timestamp};

/// The text is not a time, or not a length of time, of the proto3 JSON form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TimeError {
    /// Not `YYYY-MM-DDTHH:MM:SS[.fraction]` with `Z` or an offset, or outside the years 1 to 9999.
    #[error("not an RFC 3339 timestamp")]
    Timestamp,
    /// Not seconds with up to nine fractional digits and the suffix `s`, or more than 10 000 years.
    #[error("not seconds with the suffix `s`")]
    Duration,
}

const FIRST_SECOND: i64 = -62_135_596_800;
const LONGEST_SECONDS: u64 = 315_576_000_000;

/// Reads an RFC 3339 timestamp: upper case `T`, up to nine fractional digits, `Z` or an offset.
pub fn parse_timestamp(text: &str) -> Result<Timestamp, TimeError> {
    if !has_timestamp_shape(text.as_bytes()) {
        return Err(TimeError::Timestamp);
    }
    let time: Timestamp = text.parse().map_err(|_| TimeError::Timestamp)?;
    if time.as_second() < FIRST_SECOND {
        Err(TimeError::Timestamp)
    } else {
        Ok(time)
    }
}

/// Writes a timestamp in UTC, with 0, 3, 6 or 9 fractional digits.
pub fn format_timestamp(time: Timestamp) -> String {
    match fraction_digits(time.subsec_nanosecond().unsigned_abs()) {
        0 => format!("{time:.0}"),
        digits => format!("{time:.digits$}"),
    }
}

/// The epoch second in which the written time lies.
pub fn timestamp_to_seconds(text: &str) -> Result<i64, TimeError> {
    let time = parse_timestamp(text)?;
    Ok(time.as_nanosecond().div_euclid(1_000_000_000) as i64)
}

/// Writes an epoch second as a timestamp.
pub fn seconds_to_timestamp(seconds: i64) -> Result<String, TimeError> {
    let time = Timestamp::from_second(seconds).map_err(|_| TimeError::Timestamp)?;
    if seconds < FIRST_SECOND {
        Err(TimeError::Timestamp)
    } else {
        Ok(format_timestamp(time))
    }
}

/// Reads a length such as `"3600s"` or `"3.5s"`.
pub fn parse_duration(text: &str) -> Result<SignedDuration, TimeError> {
    let number = text.strip_suffix('s').ok_or(TimeError::Duration)?;
    let (negative, number) = number
        .strip_prefix('-')
        .map_or((false, number), |rest| (true, rest));
    let (whole, fraction) = number.split_once('.').unwrap_or((number, "0"));
    if !is_digits(whole) || !is_digits(fraction) || fraction.len() > 9 {
        return Err(TimeError::Duration);
    }
    let seconds: u64 = whole.parse().map_err(|_| TimeError::Duration)?;
    let nanos: i32 = format!("{fraction:0<9}")
        .parse()
        .map_err(|_| TimeError::Duration)?;
    if seconds > LONGEST_SECONDS {
        return Err(TimeError::Duration);
    }
    let length = SignedDuration::new(seconds as i64, nanos);
    Ok(if negative { -length } else { length })
}

/// Writes a length with 0, 3, 6 or 9 fractional digits and the suffix `s`.
pub fn format_duration(length: SignedDuration) -> String {
    let sign = if length.is_negative() { "-" } else { "" };
    let seconds = length.as_secs().unsigned_abs();
    let nanos = length.subsec_nanos().unsigned_abs();
    match fraction_digits(nanos) {
        0 => format!("{sign}{seconds}s"),
        digits => format!("{sign}{seconds}.{}s", &format!("{nanos:09}")[..digits]),
    }
}

/// The whole seconds of the written length.
pub fn duration_to_seconds(text: &str) -> Result<i64, TimeError> {
    parse_duration(text).map(|length| length.as_secs())
}

fn fraction_digits(nanos: u32) -> usize {
    match nanos {
        0 => 0,
        n if n.is_multiple_of(1_000_000) => 3,
        n if n.is_multiple_of(1_000) => 6,
        _ => 9,
    }
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

// The parser of the calendar library is friendlier than the wire (spaces, lower case, zone names), so the shape is
// looked at first.
fn has_timestamp_shape(text: &[u8]) -> bool {
    let Some((date_time, rest)) = text.split_at_checked(19) else {
        return false;
    };
    if !matches_shape(date_time, b"dddd-dd-ddTdd:dd:dd") || date_time.ends_with(b":60") {
        return false;
    }
    let zone = match rest.strip_prefix(b".") {
        None => rest,
        Some(fraction) => {
            let digits = fraction.iter().take_while(|byte| byte.is_ascii_digit()).count();
            if !(1..=9).contains(&digits) {
                return false;
            }
            &fraction[digits..]
        }
    };
    zone == b"Z" || matches_shape(zone, b"+dd:dd") || matches_shape(zone, b"-dd:dd")
}

fn matches_shape(text: &[u8], shape: &[u8]) -> bool {
    text.len() == shape.len()
        && text.iter().zip(shape).all(|(byte, want)| {
            if *want == b'd' {
                byte.is_ascii_digit()
            } else {
                byte == want
            }
        })
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    use super::*;

    #[test]
    fn timestamps_round_trip_in_their_exact_text() {
        for text in [
            "2014-10-02T15:01:23Z",
            "2014-10-02T15:01:23.100Z",
            "2014-10-02T15:01:23.045123Z",
            "2014-10-02T15:01:23.045123456Z",
            "1969-12-31T23:59:59.500Z",
            "0001-01-01T00:00:00Z",
            "9999-12-30T21:59:59Z",
        ] {
            assert_eq!(format_timestamp(parse_timestamp(text).unwrap()), text);
        }
    }

    #[test]
    fn offsets_are_read_and_written_as_utc() {
        let time = parse_timestamp("2014-10-02T15:01:23+05:30").unwrap();
        assert_eq!(format_timestamp(time), "2014-10-02T09:31:23Z");
        assert_eq!(timestamp_to_seconds("1970-01-01T00:00:01.9-00:00"), Ok(1));
        assert_eq!(timestamp_to_seconds("1969-12-31T23:59:59.5Z"), Ok(-1));
        assert_eq!(
            seconds_to_timestamp(1_736_120_700).unwrap(),
            "2025-01-05T23:45:00Z"
        );
    }

    #[test]
    fn what_is_not_rfc_3339_is_refused() {
        for text in [
            "",
            "1736120700",
            "2025-01-05",
            "2025-01-05 23:45:00Z",
            "2025-01-05T23:45:00",
            "2025-01-05t23:45:00Z",
            "2025-01-05T23:45:00z",
            "2025-01-05T23:45Z",
            "2025-02-30T00:00:00Z",
            "2025-01-05T24:00:00Z",
            "2025-01-05T23:45:60Z",
            "2025-01-05T23:45:00.Z",
            "2025-01-05T23:45:00.1234567890Z",
            "0000-01-01T00:00:00Z",
            "2025-01-05T23:45:00+0100",
            "2025-01-05T23:45:00Z[UTC]",
            "2025-01-05T23:45:00Ä",
        ] {
            assert_eq!(parse_timestamp(text), Err(TimeError::Timestamp), "{text}");
        }
    }

    #[test]
    fn durations_round_trip_in_their_exact_text() {
        for text in [
            "0s",
            "3600s",
            "3.500s",
            "-1.000001s",
            "-0.500s",
            "0.000000001s",
            "315576000000s",
        ] {
            assert_eq!(format_duration(parse_duration(text).unwrap()), text);
        }
        assert_eq!(format_duration(parse_duration("3.5s").unwrap()), "3.500s");
        assert_eq!(duration_to_seconds("900s"), Ok(900));
    }

    #[test]
    fn what_is_not_a_duration_is_refused() {
        for text in [
            "900",
            "s",
            "",
            "1h",
            "PT1H",
            "1.s",
            ".5s",
            "+1s",
            "1 s",
            "1.0000000000s",
            "315576000001s",
        ] {
            assert_eq!(parse_duration(text), Err(TimeError::Duration), "{text}");
        }
    }
}
