//! The access tokens that the token endpoint has issued.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};

/// What `expires_in` says.
pub(super) const LIFETIME: i64 = 3599;
const KEPT: usize = 1_000;

/// One issued token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Issued {
    pub(super) number: u64,
    pub(super) scopes: Vec<String>,
    pub(super) expires: Timestamp,
}

/// All issued tokens, and the secret that keeps the next one from being guessed.
#[derive(Clone)]
pub(super) struct Tokens {
    secret: [u8; 32],
    issued: u64,
    live: BTreeMap<String, Issued>,
}

impl Tokens {
    pub(super) fn new(secret: [u8; 32]) -> Self {
        Self {
            secret,
            issued: 0,
            live: BTreeMap::new(),
        }
    }

    pub(super) fn issue(&mut self, scopes: Vec<String>, now: Timestamp) -> String {
        self.issued += 1;
        self.forget(now);
        let text = format!("ya29.c.{}", self.noise("access"));
        let expires = now + SignedDuration::from_secs(LIFETIME);
        self.live.insert(
            text.clone(),
            Issued {
                number: self.issued,
                scopes,
                expires,
            },
        );
        text
    }

    /// The number of the newest token; zero when there is none.
    pub(super) fn newest(&self) -> u64 {
        self.issued
    }

    /// Text that nobody can guess, different for each token.
    pub(super) fn noise(&self, purpose: &str) -> String {
        let mut hash = Sha256::new();
        hash.update(self.secret);
        hash.update(self.issued.to_be_bytes());
        hash.update(purpose);
        URL_SAFE_NO_PAD.encode(hash.finalize())
    }

    pub(super) fn find(&self, token: &str) -> Option<&Issued> {
        self.live.get(token)
    }

    // An expired token is remembered for a while, since its refusal says more than that of an unknown one.
    fn forget(&mut self, now: Timestamp) {
        let since = now - SignedDuration::from_hours(1);
        self.live.retain(|_, token| token.expires > since);
        if self.live.len() >= KEPT {
            let oldest = self
                .live
                .iter()
                .min_by_key(|(_, token)| token.number)
                .map(|(text, _)| text.clone());
            self.live.remove(&oldest.unwrap_or_default());
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    use super::*;

    #[test]
    fn tokens_differ_and_their_number_is_bounded() {
        let now = Timestamp::UNIX_EPOCH;
        let mut tokens = Tokens::new([7; 32]);
        let first = tokens.issue(Vec::new(), now);
        for _ in 0..KEPT {
            tokens.issue(Vec::new(), now);
        }
        assert_eq!(tokens.find(&first), None);
        assert_eq!(tokens.live.len(), KEPT);
    }

    #[test]
    fn an_expired_token_is_known_for_an_hour() {
        let mut tokens = Tokens::new([7; 32]);
        let start = Timestamp::UNIX_EPOCH;
        let first = tokens.issue(Vec::new(), start);
        tokens.issue(Vec::new(), start + SignedDuration::from_secs(LIFETIME + 10));
        assert_eq!(tokens.find(&first).unwrap().number, 1);
        tokens.issue(Vec::new(), start + SignedDuration::from_secs(LIFETIME + 3600));
        assert_eq!(tokens.find(&first), None);
    }
}
