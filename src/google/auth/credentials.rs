//! The access tokens that the token endpoint has issued.
//!
//! A token says itself until when it lives and for what, signed with a secret that goes with the key file: partners keep
//! their token for its hour, and Google knows it then, whichever of its machines, or which run of ours, has issued it.

use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::{SignedDuration, Timestamp};

/// What `expires_in` says.
pub(crate) const LIFETIME: i64 = 3599;
const PREFIX: &str = "ya29.c.";
/// The signature at the beginning of a token, bytes.
const TAG: usize = 32;

/// One issued token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct IssuedToken {
    /// Position among the tokens of this run, from 1; zero for those of earlier ones.
    pub(crate) number: u64,
    pub(crate) scopes: Vec<String>,
    pub(crate) expires: Timestamp,
}

/// What tokens are made from and known by.
#[derive(Clone)]
pub(crate) struct Tokens {
    key: hmac::Key,
    issued: u64,
    /// When the first one was issued, which tells runs apart.
    began: Option<Timestamp>,
}

impl Tokens {
    pub(crate) fn new(secret: [u8; 32]) -> Self {
        Self {
            key: hmac::Key::new(hmac::HMAC_SHA256, &secret),
            issued: 0,
            began: None,
        }
    }

    /// A token with these scopes that lives so many seconds.
    pub(crate) fn issue(&mut self, scopes: &[&str], now: Timestamp, lifetime: i64) -> String {
        self.issued += 1;
        let began = *self.began.get_or_insert(now);
        let expires = now + SignedDuration::from_secs(lifetime);
        let mut content = expires.as_second().to_be_bytes().to_vec();
        content.extend(began.as_nanosecond().to_be_bytes());
        content.extend(self.issued.to_be_bytes());
        content.extend(scopes.join(" ").as_bytes());
        let mut token = self.sign(&content).as_ref().to_vec();
        token.extend(content);
        format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(token))
    }

    /// The number of the newest token; zero when there is none.
    pub(crate) fn newest(&self) -> u64 {
        self.issued
    }

    /// The text of a signature that nobody else can make.
    pub(crate) fn signature(&self, content: &str) -> String {
        URL_SAFE_NO_PAD.encode(self.sign(content.as_bytes()))
    }

    fn sign(&self, content: &[u8]) -> hmac::Tag {
        hmac::sign(&self.key, content)
    }

    /// The token, if it was issued with this secret, now or in an earlier run.
    pub(crate) fn find(&self, token: &str) -> Option<IssuedToken> {
        let token = URL_SAFE_NO_PAD.decode(token.strip_prefix(PREFIX)?).ok()?;
        let (tag, content) = token.split_at_checked(TAG)?;
        hmac::verify(&self.key, content, tag).ok()?;
        let (expires, rest) = content.split_first_chunk()?;
        let (began, rest) = rest.split_first_chunk()?;
        let (number, scopes) = rest.split_first_chunk()?;
        let ours = self.began.map(Timestamp::as_nanosecond) == Some(i128::from_be_bytes(*began));
        let scopes = std::str::from_utf8(scopes).ok()?;
        Some(IssuedToken {
            number: if ours { u64::from_be_bytes(*number) } else { 0 },
            scopes: scopes.split_whitespace().map(str::to_owned).collect(),
            expires: Timestamp::from_second(i64::from_be_bytes(*expires)).ok()?,
        })
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    use super::*;

    const NOW: Timestamp = Timestamp::UNIX_EPOCH;

    #[test]
    fn tokens_differ_and_are_known_with_their_number() {
        let mut tokens = Tokens::new([7; 32]);
        let issued = [tokens.issue(&[], NOW, LIFETIME), tokens.issue(&[], NOW, LIFETIME)];
        assert_ne!(issued[0], issued[1]);
        assert_eq!(issued.map(|token| tokens.find(&token).unwrap().number), [1, 2]);
    }

    #[test]
    fn a_token_of_an_earlier_run_is_known_with_its_scopes_and_its_end() {
        let token = Tokens::new([7; 32]).issue(&["a", "b"], NOW, LIFETIME);
        let mut tokens = Tokens::new([7; 32]);
        assert_eq!(tokens.find(&token).unwrap().number, 0);
        assert_ne!(
            tokens.issue(&["a", "b"], NOW + SignedDuration::from_nanos(1), LIFETIME),
            token
        );
        let found = tokens.find(&token).unwrap();
        assert_eq!(found.scopes, ["a", "b"]);
        assert_eq!((found.number, found.expires.as_second()), (0, LIFETIME));
    }

    #[test]
    fn a_token_that_somebody_else_made_or_changed_is_unknown() {
        let token = Tokens::new([8; 32]).issue(&[], NOW, LIFETIME);
        let tokens = Tokens::new([7; 32]);
        assert_eq!(tokens.find(&token), None);
        let mut own = Tokens::new([7; 32]).issue(&[], NOW, LIFETIME);
        own.replace_range(60..61, if &own[60..61] == "A" { "B" } else { "A" });
        assert_eq!(tokens.find(&own), None);
        assert_eq!(tokens.find("ya29.c.AAAA"), None);
    }
}
