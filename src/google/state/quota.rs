//! How many calls a minute are taken.

use crate::api::error::ApiError;
use jiff::{SignedDuration, Timestamp};
use std::collections::VecDeque;

/// What Google's pages say a project may call in a minute.
pub const GOOGLES_QUOTA: u32 = 1500;

const MINUTE: SignedDuration = SignedDuration::from_mins(1);

/// The calls of the last minute, if they are counted.
#[derive(Debug, Clone, Default)]
pub(crate) struct Quota {
    most: Option<usize>,
    taken: VecDeque<Timestamp>,
}

impl Quota {
    pub(crate) fn new(per_minute: Option<u32>) -> Self {
        Self {
            most: per_minute.and_then(|most| most.try_into().ok()),
            taken: VecDeque::new(),
        }
    }

    /// Takes a call, or refuses it; what is refused does not count.
    pub(crate) fn spend(&mut self, now: Timestamp) -> Result<(), ApiError> {
        let Some(most) = self.most else { return Ok(()) };
        let old = |at: &Timestamp| now.duration_since(*at) >= MINUTE;
        while self.taken.front().is_some_and(old) {
            self.taken.pop_front();
        }
        if self.taken.len() >= most {
            return Err(ApiError::exhausted(most));
        }
        self.taken.push_back(now);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    use super::*;

    #[test]
    fn a_minute_has_so_many_calls() {
        let at = |second| Timestamp::from_second(second).unwrap();
        let mut quota = Quota::new(Some(2));
        assert_eq!([0, 10].map(|second| quota.spend(at(second))), [Ok(()), Ok(())]);
        let refused = quota.spend(at(59)).unwrap_err();
        assert_eq!(
            (refused.http(), refused.details[0]["reason"].as_str()),
            (429, Some("RATE_LIMIT_EXCEEDED"))
        );
        assert_eq!(
            [60, 61, 70].map(|second| quota.spend(at(second)).is_ok()),
            [true, false, true]
        );
        assert!((0..9999).all(|_| Quota::new(None).spend(at(0)).is_ok()));
    }
}
