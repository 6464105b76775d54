//! Lengths of time, as in `timeout = "15s"`.

use jiff::SignedDuration;

/// A text that is not a usable length of time.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DurationError {
    /// Not of the form.
    #[error("not a duration such as \"15s\", \"500ms\" or \"1m30s\"")]
    Form,
    /// Negative.
    #[error("a duration cannot be negative")]
    Negative,
}

/// Reads `15s`, `500ms`, `1m30s`, `2h`: no less than zero, units of hours and below.
pub fn parse(text: &str) -> Result<SignedDuration, DurationError> {
    let duration: SignedDuration = text.parse().map_err(|_| DurationError::Form)?;
    if duration.is_negative() {
        return Err(DurationError::Negative);
    }
    Ok(duration)
}

/// The text that `parse` reads back, in whole seconds where that is exact, else in milliseconds.
pub fn render(duration: SignedDuration) -> String {
    match duration.subsec_millis() {
        0 => format!("{}s", duration.as_secs()),
        _ => format!("{}ms", duration.as_millis()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_usual_forms_are_read() {
        let of = SignedDuration::from_millis;
        for (text, millis) in [
            ("15s", 15_000),
            ("500ms", 500),
            ("1m30s", 90_000),
            ("0s", 0),
            ("2h", 7_200_000),
        ] {
            assert_eq!(parse(text), Ok(of(millis)), "{text}");
        }
    }

    #[test]
    fn other_forms_are_refused() {
        for text in ["15", "", "soon", "s"] {
            assert_eq!(parse(text), Err(DurationError::Form), "{text}");
        }
        assert_eq!(parse("-1s"), Err(DurationError::Negative));
    }

    #[test]
    fn what_is_written_is_read_back() {
        for millis in [0, 500, 1_000, 1_500, 90_000] {
            let duration = SignedDuration::from_millis(millis);
            assert_eq!(parse(&render(duration)), Ok(duration));
        }
    }
}
