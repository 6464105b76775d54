//! The access tokens that the token endpoint has issued.
//!
//! A token says itself until when it lives and for what, signed with a secret that goes with the key file: partners keep
//! their token for its hour, and Google knows it then, whichever of its machines, or which run of ours, has issued it.

use std::collections::BTreeMap;

use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};

/// What `expires_in` says.
pub(super) const LIFETIME: i64 = 3599;
const KEPT: usize = 1_000;

/// The signature at the beginning of a token, bytes.
const TAG: usize = 32;
/// The end of its life, epoch seconds, and what makes it unlike others, bytes.
const HEAD: usize = 8 + 32;
const PREFIX: &str = "ya29.c.";

/// One issued token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Issued {
    /// Position among the tokens of this run, from 1; zero for those of earlier ones.
    pub(super) number: u64,
    pub(super) scopes: Vec<String>,
    pub(super) expires: Timestamp,
}

/// The issued tokens, and the secret that keeps others from making one.
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
        let expires = now + SignedDuration::from_secs(LIFETIME);
        let text = self.signed(&scopes, expires, now);
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
    pub(super) fn noise(&self, purpose: &str, now: Timestamp) -> String {
        URL_SAFE_NO_PAD.encode(self.bytes(purpose, now))
    }

    fn bytes(&self, purpose: &str, now: Timestamp) -> [u8; 32] {
        let mut hash = Sha256::new();
        hash.update(self.secret);
        hash.update(self.issued.to_be_bytes());
        hash.update(now.as_nanosecond().to_be_bytes());
        hash.update(purpose);
        hash.finalize().into()
    }

    fn signed(&self, scopes: &[String], expires: Timestamp, now: Timestamp) -> String {
        let mut content = expires.as_second().to_be_bytes().to_vec();
        content.extend(self.bytes("access", now));
        content.extend(scopes.join(" ").as_bytes());
        let mut token = hmac::sign(&self.key(), &content).as_ref().to_vec();
        token.extend(content);
        format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(token))
    }

    fn key(&self) -> hmac::Key {
        hmac::Key::new(hmac::HMAC_SHA256, &self.secret)
    }

    /// The token, if it was issued with this secret, now or in an earlier run.
    pub(super) fn find(&self, token: &str) -> Option<Issued> {
        self.live.get(token).cloned().or_else(|| self.read(token))
    }

    fn read(&self, token: &str) -> Option<Issued> {
        let token = URL_SAFE_NO_PAD.decode(token.strip_prefix(PREFIX)?).ok()?;
        let (tag, content) = token.split_at_checked(TAG)?;
        hmac::verify(&self.key(), content, tag).ok()?;
        let (head, scopes) = content.split_at_checked(HEAD)?;
        let expires = i64::from_be_bytes(*head.first_chunk()?);
        let scopes = std::str::from_utf8(scopes).ok()?;
        Some(Issued {
            number: 0,
            scopes: scopes.split_whitespace().map(str::to_owned).collect(),
            expires: Timestamp::from_second(expires).ok()?,
        })
    }

    // Only the order of tokens is forgotten with them: what they are they say themselves.
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
        assert_eq!(tokens.find(&first).unwrap().number, 0);
        assert_eq!(tokens.live.len(), KEPT);
    }

    #[test]
    fn a_token_of_an_earlier_run_is_known_with_its_scopes_and_its_end() {
        let (now, later) = (
            Timestamp::UNIX_EPOCH,
            Timestamp::UNIX_EPOCH + SignedDuration::from_secs(1),
        );
        let mut earlier = Tokens::new([7; 32]);
        let token = earlier.issue(vec!["a".to_owned(), "b".to_owned()], now);
        let mut tokens = Tokens::new([7; 32]);
        assert_ne!(tokens.issue(Vec::new(), later), token);
        let found = tokens.find(&token).unwrap();
        assert_eq!(found.scopes, ["a", "b"]);
        assert_eq!((found.number, found.expires.as_second()), (0, LIFETIME));
    }

    #[test]
    fn a_token_that_somebody_else_made_or_changed_is_unknown() {
        let token = Tokens::new([8; 32]).issue(Vec::new(), Timestamp::UNIX_EPOCH);
        let tokens = Tokens::new([7; 32]);
        assert_eq!(tokens.find(&token), None);
        let mut own = Tokens::new([7; 32]).issue(Vec::new(), Timestamp::UNIX_EPOCH);
        own.replace_range(60..61, if &own[60..61] == "A" { "B" } else { "A" });
        assert_eq!(tokens.find(&own), None);
        assert_eq!(tokens.find("ya29.c.AAAA"), None);
    }
}
