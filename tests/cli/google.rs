//! Google's side by itself, and calls to it that need no client library.

use super::support::program;
use serde_json::{Value, json};
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

pub(crate) const JSON: (&str, &str) = ("Content-Type", "application/json");

/// `conformance serve` in a process of its own.
pub(crate) struct Server {
    process: Child,
    lines: Receiver<String>,
}

/// Longer than anything takes; a log that stays away ends the test instead of holding it up.
const PATIENCE: Duration = Duration::from_secs(60);

impl Server {
    pub(crate) fn start(folder: &Path, listen: &str, arguments: &[&str]) -> Self {
        let mut process = program(folder)
            .args(["serve", "--listen", listen])
            .args(arguments)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let output = BufReader::new(process.stdout.take().unwrap());
        let (sender, lines) = channel();
        std::thread::spawn(move || {
            for line in output.lines().map_while(Result::ok) {
                if sender.send(line).is_err() {
                    break;
                }
            }
        });
        Self { process, lines }
    }

    pub(crate) fn line(&self) -> String {
        self.lines.recv_timeout(PATIENCE).unwrap()
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.line()).unwrap()
    }

    /// Reads on until nothing has come for so long.
    pub(crate) fn until_quiet(&self, length: Duration) {
        while self.lines.recv_timeout(length).is_ok() {}
    }

    /// Asks politely; the rest of the log and the exit code come back.
    pub(crate) fn stop(mut self) -> (Vec<String>, Option<i32>) {
        let id = self.process.id().to_string();
        let asked = std::process::Command::new("kill").arg(id).status();
        assert!(asked.unwrap().success());
        let rest = std::iter::from_fn(|| self.lines.recv_timeout(PATIENCE).ok()).collect();
        (rest, self.process.wait().unwrap().code())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Status and JSON body of the answer to one request on a connection of its own.
pub(crate) fn call(base_url: &str, line: &str, headers: &[(&str, &str)], body: &str) -> (u16, Value) {
    let address = base_url.trim_start_matches("http://");
    let mut stream = TcpStream::connect(address).unwrap();
    let headers = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n"));
    let headers = headers.collect::<Vec<_>>().concat();
    let length = body.len();
    write!(
        stream,
        "{line} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nContent-Length: {length}\r\n{headers}\r\n{body}"
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    (status, serde_json::from_str(body).unwrap_or_default())
}

/// The form that an assertion signed with the issued key makes.
pub(crate) fn token_form(key_file: &Path, audience: &str, now_sec: u64) -> String {
    let key: Value = serde_json::from_str(&std::fs::read_to_string(key_file).unwrap()).unwrap();
    let text = |name: &str| key[name].as_str().unwrap();
    let claims = json!({
        "iss": text("client_email"), "aud": audience, "iat": now_sec, "exp": now_sec + 3600,
        "scope": "https://www.googleapis.com/auth/mapsbooking",
    });
    let header = jsonwebtoken::Header::new(jsonwebtoken::Algorithm::RS256);
    let signing = jsonwebtoken::EncodingKey::from_rsa_pem(text("private_key").as_bytes()).unwrap();
    let assertion = jsonwebtoken::encode(&header, &claims, &signing).unwrap();
    format!("grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion={assertion}")
}

pub(crate) fn now_sec() -> u64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    since.unwrap().as_secs()
}
