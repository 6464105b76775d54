//! What Google's side does wrong on purpose, so that it can be seen what a partner makes of it.

use serde::{Deserialize, Serialize};

/// What happens in place of the ordinary answer, or to it.
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
    /// The connection is reset (TCP RST) without an answer.
    Reset,
    /// Bytes that are no HTTP come in place of the answer.
    Noise,
    /// An entry of a batch update is not applied, and the answer, which is 200, leaves it out.
    Omitted,
    /// What was told is stored, and the connection is closed before the answer.
    Lost,
    /// What was told is stored, and the answer comes late.
    Delayed {
        /// Milliseconds.
        ms: u64,
    },
    /// What was told is stored, and the body of the answer comes in small pieces.
    Slow {
        /// Milliseconds from the first piece to the last.
        ms: u64,
    },
    /// What was told is stored, and the JSON of the answer, which is 200, ends in the middle.
    Cut,
    /// The access token that is issued lives shorter than an hour, and its answer says so.
    Expiring {
        /// Seconds.
        sec: u32,
    },
    /// A token request is answered 200, and no access token is in the answer.
    Withheld,
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
    /// Every call of one kind.
    Kind(CallKind),
    /// Every call of the partner, token requests included.
    Any,
}

/// The kinds of calls that a partner makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CallKind {
    /// Notifications about bookings.
    Bookings,
    /// Inventory updates.
    Availability,
    /// Requests to the token endpoint.
    Token,
}

impl Fault {
    /// True when what was told is stored all the same, so that the partner may repeat it and need not.
    pub fn stores(&self) -> bool {
        matches!(
            self,
            Self::Lost
                | Self::Delayed { .. }
                | Self::Slow { .. }
                | Self::Cut
                | Self::Expiring { .. }
                | Self::Withheld
        )
    }

    /// For how long the answer is kept back or drawn out, milliseconds.
    pub fn held_ms(&self) -> u64 {
        match self {
            Self::Delayed { ms } | Self::Slow { ms } => *ms,
            _ => 0,
        }
    }
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
            Self::Reset => f.write_str("connection reset"),
            Self::Noise => f.write_str("no HTTP"),
            Self::Omitted => f.write_str("entry left out"),
            Self::Lost => f.write_str("stored, answer lost"),
            Self::Delayed { ms } => write!(f, "stored, answered after {ms} ms"),
            Self::Slow { ms } => write!(f, "stored, answered over {ms} ms"),
            Self::Cut => f.write_str("stored, answer cut off"),
            Self::Expiring { sec } => write!(f, "token for {sec} s"),
            Self::Withheld => f.write_str("token left out"),
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

    #[test]
    fn what_is_stored_is_told_from_what_is_not() {
        let late = Fault::Delayed { ms: 7 };
        assert!(late.stores() && Fault::Lost.stores() && Fault::Cut.stores());
        assert!(!Fault::Dropped.stores() && !Fault::Reset.stores() && !Fault::Omitted.stores());
        assert_eq!((late.held_ms(), Fault::Lost.held_ms()), (7, 0));
    }
}
