//! Limits on requests per second, as in `rate = "5/s"`.

use jiff::SignedDuration;
use std::fmt;
use std::str::FromStr;

/// How many requests may start per second.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub struct Rate {
    per_second: f64,
}

/// A text that is not a rate.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a rate such as \"5/s\" or \"0.5/s\"")]
pub struct RateError;

impl Rate {
    /// The time between the starts of two requests.
    pub fn interval(self) -> SignedDuration {
        SignedDuration::from_secs_f64(1.0 / self.per_second)
    }
}

impl FromStr for Rate {
    type Err = RateError;

    /// `N/s`, where N is a decimal number from 0.001 to 100 000.
    fn from_str(text: &str) -> Result<Self, RateError> {
        let number = text.trim().strip_suffix("/s").ok_or(RateError)?;
        let per_second: f64 = number.trim_end().parse().map_err(|_| RateError)?;
        if !(0.001..=100_000.0).contains(&per_second) {
            return Err(RateError);
        }
        Ok(Self { per_second })
    }
}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/s", self.per_second)
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail loudly")]
    use super::*;

    #[test]
    fn a_rate_is_a_number_per_second() {
        let rate: Rate = "5/s".parse().unwrap();
        assert_eq!(rate.interval(), SignedDuration::from_millis(200));
        assert_eq!("0.5/s".parse::<Rate>().unwrap().to_string(), "0.5/s");
    }

    #[test]
    fn anything_else_is_refused() {
        for text in ["5", "/s", "0/s", "-1/s", "inf/s", "NaN/s", "5/m", "5 per second"] {
            assert_eq!(text.parse::<Rate>(), Err(RateError), "{text}");
        }
    }
}
