//! Signed assertions: their parts, their signature, their times.

use crate::auth::keys::ServiceAccount;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use jsonwebtoken::{Algorithm, DecodingKey};
use serde_json::{Map, Value};

/// How far the partner's clock may be off, in seconds.
const LEEWAY: i64 = 300;
const LONGEST: i64 = 3600;

/// A JWT that has the right shape; nothing about it is trusted yet.
#[derive(Debug, Clone)]
pub(crate) struct Jwt {
    pub(crate) header: Map<String, Value>,
    pub(crate) claims: Map<String, Value>,
    signed: String,
    signature: String,
}

impl Jwt {
    /// Three segments of unpadded base64url, the first two of them JSON objects.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (signed, signature) = text.rsplit_once('.')?;
        let (header, claims) = signed.split_once('.')?;
        URL_SAFE_NO_PAD.decode(signature).ok()?;
        Some(Self {
            header: decode_object(header)?,
            claims: decode_object(claims)?,
            signed: signed.to_owned(),
            signature: signature.to_owned(),
        })
    }

    /// True when the account's key signed it with RS256.
    pub(crate) fn is_signed_by(&self, account: &ServiceAccount) -> bool {
        let key = DecodingKey::from_rsa_der(&account.public_key);
        let verify =
            || jsonwebtoken::crypto::verify(&self.signature, self.signed.as_bytes(), &key, Algorithm::RS256);
        self.header.get("alg").is_some_and(|alg| alg == "RS256") && verify().unwrap_or(false)
    }

    /// A claim as text.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.claims.get(name)?.as_str()
    }

    /// A claim as a time; digits in a string count.
    pub(crate) fn seconds(&self, name: &str) -> Option<i64> {
        match self.claims.get(name)? {
            Value::String(digits) => digits.parse().ok(),
            number => number
                .as_i64()
                .or_else(|| number.as_f64().map(|float| float as i64)),
        }
    }

    /// True when it is neither expired nor from the future and lives an hour at most.
    pub(crate) fn is_current(&self, now: Timestamp) -> bool {
        let now = now.as_second();
        match (self.seconds("iat"), self.seconds("exp")) {
            (Some(iat), Some(exp)) => {
                let life = exp.saturating_sub(iat);
                iat <= now + LEEWAY && now < exp.saturating_add(LEEWAY) && (0..=LONGEST).contains(&life)
            }
            _ => false,
        }
    }
}

fn decode_object(segment: &str) -> Option<Map<String, Value>> {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(segment).ok()?).ok()
}
