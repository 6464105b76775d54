//! A stand-in for the way in which a partner asks for tokens: it takes the partner's own request, and sends Google one
//! that is different.

use async_trait::async_trait;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use reference_server::{GoogleLine, NoAnswer};
use reqwest::{Body, Request, Response, StatusCode};
use serde_json::Value;
use std::sync::{Arc, Mutex, PoisonError};

const GRANT_TYPE: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";

/// How a partner asks for tokens, and what it makes of them.
#[derive(Debug, Clone, Copy)]
pub struct TokenManner {
    /// Changes the claims of every assertion.
    pub(super) claims: fn(&mut Value),
    /// Changes what the partner reads of the answer.
    pub(super) answer: fn(&mut Value),
    /// True when the first token is kept for ever.
    pub(super) once: bool,
}

impl TokenManner {
    /// The usual one.
    pub(super) const USUAL: Self = Self {
        claims: |_| {},
        answer: |_| {},
        once: false,
    };
}

/// A line to Google on which the requests for tokens are other ones.
pub(super) struct TokenDesk {
    inner: Arc<dyn GoogleLine>,
    manner: TokenManner,
    /// The service account's private key.
    key: EncodingKey,
    first_token: Mutex<Option<Value>>,
}

impl TokenDesk {
    /// Takes the token requests for Google's side; none where the key file holds no key.
    pub(super) fn before(inner: Arc<dyn GoogleLine>, key_file: &str, manner: TokenManner) -> Option<Self> {
        Some(Self {
            inner,
            manner,
            key: private_key(key_file)?,
            first_token: Mutex::default(),
        })
    }

    async fn ask(&self, mut request: Request) -> Result<Response, NoAnswer> {
        if let Some(first_token) = self.first_token() {
            return Ok(answer(StatusCode::OK, &first_token));
        }
        let form = request.body().and_then(Body::as_bytes).unwrap_or_default();
        let claims = claims(form).ok_or(NoAnswer::Ended)?;
        let assertion = self.assertion(claims).ok_or(NoAnswer::Ended)?;
        *request.body_mut() = Some(grant(&assertion).into());
        let answered = self.inner.call(request).await?;
        let status = answered.status();
        let mut body: Value = answered.json().await.map_err(|_| NoAnswer::Ended)?;
        (self.manner.answer)(&mut body);
        if self.manner.once && status.is_success() {
            *self.first_token.lock().unwrap_or_else(PoisonError::into_inner) = Some(body.clone());
        }
        Ok(answer(status, &body))
    }

    fn first_token(&self) -> Option<Value> {
        self.first_token
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    fn assertion(&self, mut claims: Value) -> Option<String> {
        (self.manner.claims)(&mut claims);
        jsonwebtoken::encode(&Header::new(Algorithm::RS256), &claims, &self.key).ok()
    }
}

#[async_trait]
impl GoogleLine for TokenDesk {
    async fn call(&self, request: Request) -> Result<Response, NoAnswer> {
        if request.url().path() == "/token" {
            self.ask(request).await
        } else {
            self.inner.call(request).await
        }
    }
}

fn answer(status: StatusCode, body: &Value) -> Response {
    let mut response = axum::http::Response::new(body.to_string());
    *response.status_mut() = status;
    response.into()
}

fn private_key(key_file: &str) -> Option<EncodingKey> {
    let document: Value = serde_json::from_str(key_file).ok()?;
    EncodingKey::from_rsa_pem(document.get("private_key")?.as_str()?.as_bytes()).ok()
}

/// The claims of the assertion in a token request.
fn claims(form: &[u8]) -> Option<Value> {
    let mut fields = form_urlencoded::parse(form);
    let (_, assertion) = fields.find(|(name, _)| name == "assertion")?;
    let claims = assertion.split('.').nth(1)?;
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims).ok()?).ok()
}

fn grant(assertion: &str) -> String {
    form_urlencoded::Serializer::new(String::new())
        .append_pair("grant_type", GRANT_TYPE)
        .append_pair("assertion", assertion)
        .finish()
}
