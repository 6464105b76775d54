//! A stand-in for the way in which a partner asks for tokens: it takes the partner's own request, and sends Google one
//! that is different.

use axum::body::to_bytes;
use axum::extract::Request;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::{Json, Router};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Value, json};
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

const LIMIT: usize = 64 * 1024;
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

/// A running desk; it ends with `stop`.
pub(super) struct TokenProxy {
    address: SocketAddr,
    serving: JoinHandle<()>,
}

/// What the desk works with.
struct TokenExchange {
    manner: TokenManner,
    client: reqwest::Client,
    /// Google's token endpoint.
    google: String,
    /// The service account's private key.
    key: EncodingKey,
    first_token: Mutex<Option<Value>>,
}

impl TokenProxy {
    /// Takes token requests for Google's side.
    pub(super) async fn start(
        google: SocketAddr,
        key_file: &str,
        manner: TokenManner,
    ) -> std::io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let exchange = Arc::new(TokenExchange {
            manner,
            // Google's side is never behind a proxy of the environment.
            client: reqwest::Client::builder()
                .no_proxy()
                .build()
                .map_err(std::io::Error::other)?,
            google: format!("http://{google}/token"),
            key: private_key(key_file).ok_or_else(|| std::io::Error::other("the key file has no key"))?,
            first_token: Mutex::default(),
        });
        let router = Router::new().fallback(move |request: Request| {
            let exchange = Arc::clone(&exchange);
            async move {
                let answered = exchange.ask(request).await;
                answered.unwrap_or_else(|| StatusCode::BAD_GATEWAY.into_response())
            }
        });
        let serving = tokio::spawn(async move {
            // `serve` has no error of its own.
            let _ = axum::serve(listener, router).await;
        });
        Ok(Self { address, serving })
    }

    /// The key file with the desk as its token endpoint.
    pub(super) fn key_file(&self, key_file: &str) -> String {
        let mut document: Value = serde_json::from_str(key_file).unwrap_or_default();
        document["token_uri"] = json!(format!("http://{}/token", self.address));
        document.to_string()
    }

    /// Takes nothing any more.
    pub(super) fn stop(self) {
        self.serving.abort();
    }
}

impl TokenExchange {
    async fn ask(&self, request: Request) -> Option<Response> {
        if let Some(first_token) = self.first_token() {
            return Some(Json(first_token).into_response());
        }
        let form = to_bytes(request.into_body(), LIMIT).await.ok()?;
        let assertion = self.assertion(claims(&form)?)?;
        let sent = self
            .client
            .post(&self.google)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(grant(&assertion));
        let answer = sent.send().await.ok()?;
        let status = answer.status();
        let mut body: Value = answer.json().await.ok()?;
        (self.manner.answer)(&mut body);
        if self.manner.once && status.is_success() {
            *self.first_token.lock().unwrap_or_else(PoisonError::into_inner) = Some(body.clone());
        }
        Some((status, Json(body)).into_response())
    }

    fn first_token(&self) -> Option<Value> {
        self.first_token
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    fn assertion(&self, mut claims: Value) -> Option<String> {
        claims["aud"] = json!(self.google);
        (self.manner.claims)(&mut claims);
        jsonwebtoken::encode(&Header::new(Algorithm::RS256), &claims, &self.key).ok()
    }
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
