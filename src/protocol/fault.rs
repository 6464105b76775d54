//! What Google's side does wrong on purpose, so that it can be seen what a partner makes of it.

use serde::{Deserialize, Serialize};

/// What happens in place of the ordinary answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fault {
    /// This answer, whatever was asked.
    Answer {
        /// HTTP status code.
        status: u16,
        /// The text of the body; without it the API's own error envelope is sent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        body: Option<String>,
        /// Value of `Retry-After`, seconds.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        retry_after_sec: Option<u32>,
    },
    /// The access tokens issued so far are refused with 401; newer ones are taken.
    Revoked,
    /// The connection is closed without an answer.
    Dropped,
    /// An entry of a batch update is not applied, and the answer, which is 200, leaves it out.
    Omitted,
}

/// What a fault is aimed at. Nothing else is touched by it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Aim {
    /// Notifications about a booking.
    Booking {
        /// Its id.
        booking_id: String,
    },
    /// Inventory updates that speak of a slot.
    Slot {
        /// Merchant id.
        merchant_id: String,
        /// Service id.
        service_id: String,
        /// Start, epoch seconds.
        start_sec: i64,
    },
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Answer {
                status,
                body,
                retry_after_sec,
            } => {
                write!(f, "{status}")?;
                if body.is_some() {
                    f.write_str(" with a body of its own")?;
                }
                match retry_after_sec {
                    Some(seconds) => write!(f, ", again after {seconds} s"),
                    None => Ok(()),
                }
            }
            Self::Revoked => f.write_str("token revoked"),
            Self::Dropped => f.write_str("no answer"),
            Self::Omitted => f.write_str("entry left out"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_says_what_it_is() {
        let answer = |body: Option<&str>, retry_after_sec| Fault::Answer {
            status: 503,
            body: body.map(Into::into),
            retry_after_sec,
        };
        assert_eq!(answer(None, None).to_string(), "503");
        assert_eq!(answer(None, Some(1)).to_string(), "503, again after 1 s");
        assert_eq!(
            answer(Some("<p>"), None).to_string(),
            "503 with a body of its own"
        );
        assert_eq!(Fault::Revoked.to_string(), "token revoked");
    }
}
