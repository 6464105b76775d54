//! Google's side, as far as it takes to hear what the partner says: a token endpoint and a recorder.

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::KeyPair as _;
use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, post};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use reference_server::NotifyConfig;
use serde_json::{Value, json};
use std::collections::VecDeque;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tempfile::TempDir;
use tokio::sync::{Mutex as AsyncMutex, mpsc};

const PATIENCE: Duration = Duration::from_secs(20);

/// One call that the partner made.
#[derive(Debug)]
pub(crate) struct Call {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) query: String,
    pub(crate) token: String,
    pub(crate) body: Value,
}

struct Ears {
    calls: mpsc::UnboundedSender<Call>,
    /// Answers to the next calls; 200 when there are none.
    answers: Mutex<VecDeque<u16>>,
    tokens: AtomicUsize,
    /// What the answer to an availability update leaves out, once.
    drops: AtomicUsize,
    public_key: Vec<u8>,
    token_uri: String,
}

pub(crate) struct Google {
    base_url: String,
    folder: TempDir,
    ears: Arc<Ears>,
    calls: AsyncMutex<mpsc::UnboundedReceiver<Call>>,
}

impl Google {
    pub(crate) async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base_url = format!("http://{}", listener.local_addr().unwrap());
        let key = KeyPair::generate(KeySize::Rsa2048).unwrap();
        let (calls, received) = mpsc::unbounded_channel();
        let ears = Arc::new(Ears {
            calls,
            answers: Mutex::default(),
            tokens: AtomicUsize::new(0),
            drops: AtomicUsize::new(0),
            public_key: key.public_key().as_ref().to_vec(),
            token_uri: format!("{base_url}/token"),
        });
        let router = Router::new()
            .route("/token", post(token))
            .fallback(any(hear))
            .with_state(ears.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        let google = Self {
            base_url,
            folder: TempDir::new().unwrap(),
            ears,
            calls: AsyncMutex::new(received),
        };
        google.write_key(&key);
        google
    }

    fn write_key(&self, key: &KeyPair) {
        let der = AsDer::<Pkcs8V1Der<'_>>::as_der(key).unwrap();
        let lines = STANDARD.encode(der.as_ref());
        let lines: Vec<_> = lines
            .as_bytes()
            .chunks(64)
            .map(|line| String::from_utf8_lossy(line))
            .collect();
        let pem = format!(
            "-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n",
            lines.join("\n")
        );
        let file = json!({ "type": "service_account", "client_email": "rtu@partner.example",
            "private_key_id": "k1", "private_key": pem, "token_uri": self.ears.token_uri });
        std::fs::write(self.key_file(), file.to_string()).unwrap();
    }

    pub(crate) fn key_file(&self) -> PathBuf {
        self.folder.path().join("key.json")
    }

    pub(crate) fn notify_config(&self) -> NotifyConfig {
        NotifyConfig {
            base_url: self.base_url.clone(),
            key_file: self.key_file(),
            partner_id: "20002002".to_owned(),
        }
    }

    /// The next calls are answered with these.
    pub(crate) fn answer(&self, statuses: &[u16]) {
        self.ears.answers.lock().unwrap().extend(statuses);
    }

    pub(crate) fn drop_next_entry(&self) {
        self.ears.drops.store(1, Ordering::SeqCst);
    }

    pub(crate) fn tokens_issued(&self) -> usize {
        self.ears.tokens.load(Ordering::SeqCst)
    }

    /// The next call of any kind.
    pub(crate) async fn next(&self) -> Call {
        let mut calls = self.calls.lock().await;
        tokio::time::timeout(PATIENCE, calls.recv())
            .await
            .expect("a call within the patience")
            .unwrap()
    }

    /// The next booking notification; availability updates are passed over.
    pub(crate) async fn next_patch(&self) -> Call {
        loop {
            let call = self.next().await;
            if call.method == "PATCH" {
                return call;
            }
        }
    }

    /// The next `count` calls, sorted so that lanes do not matter.
    pub(crate) async fn next_few(&self, count: usize) -> Vec<Call> {
        let mut calls = Vec::new();
        for _ in 0..count {
            calls.push(self.next().await);
        }
        calls.sort_by_key(|call| (call.method.clone(), call.body.to_string()));
        calls
    }
}

async fn token(State(ears): State<Arc<Ears>>, body: String) -> Response {
    let assertion = body.rsplit_once("assertion=").unwrap().1;
    let mut validation = Validation::new(Algorithm::RS256);
    validation.set_audience(&[&ears.token_uri]);
    let key = DecodingKey::from_rsa_der(&ears.public_key);
    let Ok(decoded) = jsonwebtoken::decode::<Value>(assertion, &key, &validation) else {
        return (StatusCode::BAD_REQUEST, r#"{"error":"invalid_grant"}"#).into_response();
    };
    let claims = decoded.claims;
    assert_eq!(claims["scope"], "https://www.googleapis.com/auth/mapsbooking");
    assert_eq!(claims["iss"], "rtu@partner.example");
    assert!(claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap() <= 3600);
    let number = ears.tokens.fetch_add(1, Ordering::SeqCst) + 1;
    let answer = json!({ "access_token": format!("token-{number}"), "expires_in": 3599 });
    answer.to_string().into_response()
}

async fn hear(State(ears): State<Arc<Ears>>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let bytes = axum::body::to_bytes(body, 1 << 20).await.unwrap();
    let body: Value = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
    let call = Call {
        method: head.method.to_string(),
        path: head.uri.path().to_owned(),
        query: head.uri.query().unwrap_or_default().to_owned(),
        token: bearer(&head.headers),
        body: body.clone(),
    };
    ears.calls.send(call).unwrap();
    let status = ears.answers.lock().unwrap().pop_front().unwrap_or(200);
    let dropped = ears.drops.swap(0, Ordering::SeqCst) > 0;
    let answer = if dropped {
        "{}".to_owned()
    } else {
        body.to_string()
    };
    (StatusCode::from_u16(status).unwrap(), answer).into_response()
}

fn bearer(headers: &HeaderMap) -> String {
    let value = headers["authorization"].to_str().unwrap();
    value.strip_prefix("Bearer ").unwrap().to_owned()
}
