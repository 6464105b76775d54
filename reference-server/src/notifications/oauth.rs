//! Access tokens for a service account: a signed assertion is exchanged for a token, which is kept until
//! shortly before it expires.

use super::line::GoogleLine;
use super::retry_after::retry_after;
use crate::clock::Clock;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use reqwest::header::{CONTENT_TYPE, HeaderValue};
use reqwest::{Method, Request, Url};
use serde::{Deserialize, Serialize};
use std::path::PathBuf;
use std::sync::{Arc, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::Mutex;

const SCOPE: &str = "https://www.googleapis.com/auth/mapsbooking";
const GRANT: &str = "urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer";
const LIFETIME_SEC: i64 = 3600;

/// The texts name no secret: they are kept in the outbox.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TokenError {
    #[error("the key file cannot be read")]
    KeyFile,
    #[error("the key file is not a service account key")]
    Key,
    #[error("the token endpoint did not answer")]
    Network,
    #[error("the token endpoint answered {status}")]
    Refused {
        status: u16,
        /// What Retry-After asked for.
        after: Option<Duration>,
    },
    #[error("the token endpoint asked to be left alone")]
    Later(Duration),
    #[error("the token endpoint gave no access token")]
    NoToken,
}

pub(crate) struct TokenSource {
    key_file: PathBuf,
    line: Arc<dyn GoogleLine>,
    clock: Arc<dyn Clock>,
    cached: Mutex<Option<Cached>>,
    /// The token endpoint asked for no request before then, on the clock that never goes back.
    retry_at: std::sync::Mutex<Option<Duration>>,
}

struct Cached {
    /// The file that it was made with: another key makes another token.
    key: String,
    access_token: String,
    expires_sec: i64,
}

#[derive(Deserialize)]
struct ServiceAccount {
    client_email: String,
    private_key: String,
    private_key_id: Option<String>,
    token_uri: String,
}

#[derive(Serialize)]
struct Claims<'a> {
    iss: &'a str,
    scope: &'a str,
    aud: &'a str,
    iat: i64,
    exp: i64,
}

#[derive(Deserialize)]
struct TokenAnswer {
    access_token: Option<String>,
    expires_in: Option<i64>,
}

impl TokenSource {
    pub(crate) fn new(key_file: PathBuf, line: Arc<dyn GoogleLine>, clock: Arc<dyn Clock>) -> Self {
        Self {
            key_file,
            line,
            clock,
            cached: Mutex::new(None),
            retry_at: std::sync::Mutex::default(),
        }
    }

    /// A token that is good for a while yet. One caller fetches; the others wait for it.
    pub(crate) async fn token(&self) -> Result<String, TokenError> {
        // The file may appear late and may be replaced while the server runs. It is small, so that to read it here takes
        // less than to wait for a thread that reads it.
        let key = std::fs::read_to_string(&self.key_file).map_err(|_| TokenError::KeyFile)?;
        let mut cached = self.cached.lock().await;
        if let Some(good) = cached
            .as_ref()
            .filter(|c| c.key == key && self.clock.now_sec() < c.expires_sec)
        {
            return Ok(good.access_token.clone());
        }
        if let Some(left) = self.remaining_wait() {
            return Err(TokenError::Later(left));
        }
        let fresh = self
            .fetch(key)
            .await
            .inspect_err(|error| self.note_retry_after(error))?;
        Ok(cached.insert(fresh).access_token.clone())
    }

    /// Drops the token that Google did not accept, unless another caller already has.
    pub(crate) async fn reject(&self, access_token: &str) {
        let mut cached = self.cached.lock().await;
        if cached.as_ref().is_some_and(|c| c.access_token == access_token) {
            *cached = None;
        }
    }

    /// One caller was asked to come back later; the others do not try in its place.
    fn note_retry_after(&self, error: &TokenError) {
        if let TokenError::Refused {
            after: Some(after), ..
        } = error
        {
            *self.lock_retry_at() = self.clock.elapsed().checked_add(*after);
        }
    }

    fn remaining_wait(&self) -> Option<Duration> {
        let left = (*self.lock_retry_at())?.saturating_sub(self.clock.elapsed());
        (!left.is_zero()).then_some(left)
    }

    fn lock_retry_at(&self) -> MutexGuard<'_, Option<Duration>> {
        self.retry_at.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn fetch(&self, key: String) -> Result<Cached, TokenError> {
        let account: ServiceAccount = serde_json::from_str(&key).map_err(|_| TokenError::Key)?;
        let now = self.clock.now_sec();
        let answer = self.exchange(&account, &assertion(&account, now)?).await?;
        let access_token = answer
            .access_token
            .filter(|token| !token.is_empty())
            .ok_or(TokenError::NoToken)?;
        Ok(Cached {
            key,
            access_token,
            expires_sec: now + usable_sec(answer.expires_in.unwrap_or(LIFETIME_SEC)),
        })
    }

    async fn exchange(&self, account: &ServiceAccount, assertion: &str) -> Result<TokenAnswer, TokenError> {
        let url = Url::parse(&account.token_uri).map_err(|_| TokenError::Key)?;
        let mut request = Request::new(Method::POST, url);
        let form = HeaderValue::from_static("application/x-www-form-urlencoded");
        request.headers_mut().insert(CONTENT_TYPE, form);
        // An assertion is base64url and dots: nothing in it needs an escape.
        *request.body_mut() = Some(format!("grant_type={GRANT}&assertion={assertion}").into());
        let response = self.line.call(request).await.map_err(|_| TokenError::Network)?;
        if !response.status().is_success() {
            return Err(TokenError::Refused {
                status: response.status().as_u16(),
                after: retry_after(&response),
            });
        }
        response.json().await.map_err(|_| TokenError::NoToken)
    }
}

/// For how long a token is used that lives so many seconds: it must not end on the way to Google.
fn usable_sec(lifetime_sec: i64) -> i64 {
    lifetime_sec - (lifetime_sec / 10).clamp(1, 300)
}

fn assertion(account: &ServiceAccount, now_sec: i64) -> Result<String, TokenError> {
    let header = Header {
        kid: account.private_key_id.clone(),
        ..Header::new(Algorithm::RS256)
    };
    let claims = Claims {
        iss: &account.client_email,
        scope: SCOPE,
        aud: &account.token_uri,
        iat: now_sec,
        exp: now_sec + LIFETIME_SEC,
    };
    let key = EncodingKey::from_rsa_pem(account.private_key.as_bytes()).map_err(|_| TokenError::Key)?;
    jsonwebtoken::encode(&header, &claims, &key).map_err(|_| TokenError::Key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_not_used_to_its_last_second() {
        assert_eq!(usable_sec(3599), 3299);
        assert_eq!(usable_sec(60), 54);
        assert_eq!(usable_sec(5), 4);
    }
}
