//! Running the program in a folder of its own.

use base64::Engine as _;
use serde_json::Value;
use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::atomic::{AtomicU16, Ordering};

/// The program, told nothing by the environment of whoever runs the tests.
pub(crate) fn program(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_conformance"));
    command
        .current_dir(folder)
        .env_remove("CI")
        .env_remove("NO_COLOR")
        .stdin(Stdio::null());
    command
}

/// Runs to the end.
pub(crate) fn run(folder: &Path, arguments: &[&str]) -> Output {
    program(folder).args(arguments).output().unwrap()
}

pub(crate) fn out(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

pub(crate) fn err(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Runs, and shows everything when the exit code is another one.
#[track_caller]
pub(crate) fn exits(folder: &Path, arguments: &[&str], code: i32) -> Output {
    let output = run(folder, arguments);
    let (out, err) = (out(&output), err(&output));
    assert_eq!(output.status.code(), Some(code), "{arguments:?}\n{out}\n{err}");
    output
}

pub(crate) fn json(path: &Path) -> Value {
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// The text of a packed recording.
pub(crate) fn unpacked(path: &Path) -> String {
    recording::unpack(path).unwrap()
}

/// The histories of a recording.
pub(crate) fn histories(path: &Path) -> Value {
    let mut recording: Value = serde_json::from_str(&unpacked(path)).unwrap();
    recording["facts"]["recorded"]["transcripts"].take()
}

/// A port that is free now and that no other test of this process is given, below those that the system gives to
/// outgoing connections.
pub(crate) fn free_port() -> u16 {
    static TAKEN: AtomicU16 = AtomicU16::new(0);
    let seed = (std::process::id() as u16).wrapping_mul(37);
    let mut ports = (0..9_000).map(|_| {
        let step = TAKEN.fetch_add(13, Ordering::Relaxed);
        10_000 + seed.wrapping_add(step) % 9_000
    });
    ports
        .find(|port| TcpListener::bind(("127.0.0.1", *port)).is_ok())
        .unwrap()
}

/// The reference partner in a process of its own, with the config that tests it.
pub(crate) struct Partner {
    process: Child,
    pub(crate) config: PathBuf,
    pub(crate) base_url: String,
}

impl Partner {
    pub(crate) fn start(folder: &Path) -> Self {
        Self::launch(folder, "http", &[])
    }

    /// One that notifies over HTTPS and trusts this certificate.
    pub(crate) fn trusting(folder: &Path, ca: &Path) -> Self {
        Self::launch(folder, "https", &[("SSL_CERT_FILE", ca)])
    }

    fn launch(folder: &Path, scheme: &str, environment: &[(&str, &Path)]) -> Self {
        let notify = format!("{scheme}://127.0.0.1:{}", free_port());
        let arguments = [
            "reference",
            "--write-config",
            "c.toml",
            "--feeds",
            "feeds",
            "--notify-url",
            &notify,
        ];
        let mut process = program(folder)
            .args(arguments)
            .envs(environment.iter().copied())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(process.stdout.take().unwrap())
            .lines()
            .map(Result::unwrap);
        let first = lines.next().unwrap();
        let base_url = first
            .split([' ', ','])
            .find(|word| word.starts_with("http://"))
            .unwrap()
            .to_owned();
        assert!(lines.next().unwrap().contains("conformance run -c c.toml"));
        Self {
            process,
            config: folder.join("c.toml"),
            base_url,
        }
    }

    /// The console's bearer token, as the config refers to it.
    pub(crate) fn secret(&self, name: &str) -> String {
        std::fs::read_to_string(self.config.with_extension("secrets").join(name)).unwrap()
    }
}

impl Partner {
    /// Asks the partner itself, as Google would.
    pub(crate) fn ask(&self, method: &str, body: &Value) -> Value {
        let pair = format!(
            "{}:{}",
            self.secret("user").trim(),
            self.secret("password").trim()
        );
        let basic = base64::engine::general_purpose::STANDARD.encode(pair);
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(async {
            let client = reqwest::Client::builder().no_proxy().build().unwrap();
            let request = client.post(format!("{}/v3/{method}", self.base_url));
            let request = request.header("authorization", format!("Basic {basic}"));
            request.json(body).send().await.unwrap().json().await.unwrap()
        })
    }
}

impl Drop for Partner {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Removes what the report itself declares as varying.
pub(crate) fn without_varying(mut report: Value) -> Value {
    let pointers: Vec<String> = serde_json::from_value(report["declared_varying"].clone()).unwrap();
    assert!(!pointers.is_empty());
    for pointer in pointers {
        let parts: Vec<&str> = pointer.split('/').skip(1).collect();
        remove(&mut report, &parts);
    }
    report
}

/// Every place at which two reports are not the same.
pub(crate) fn differences(at: &str, one: &Value, other: &Value) -> Vec<String> {
    let below = |name: &str, one: Option<&Value>, other: Option<&Value>| {
        let [one, other] = [one, other].map(|value| value.cloned().unwrap_or_default());
        differences(&format!("{at}/{name}"), &one, &other)
    };
    match (one, other) {
        (Value::Object(mine), Value::Object(theirs)) => {
            let names = mine
                .keys()
                .chain(theirs.keys().filter(|name| !mine.contains_key(*name)));
            names
                .flat_map(|name| below(name, mine.get(name), theirs.get(name)))
                .collect()
        }
        (Value::Array(mine), Value::Array(theirs)) => (0..mine.len().max(theirs.len()))
            .flat_map(|index| below(&index.to_string(), mine.get(index), theirs.get(index)))
            .collect(),
        _ if one == other => Vec::new(),
        _ => vec![format!("{at}: {one} and {other}")],
    }
}

fn remove(value: &mut Value, path: &[&str]) {
    let (Some(first), rest) = (path.first(), &path[1.min(path.len())..]) else {
        return;
    };
    match (value, *first, rest.is_empty()) {
        (Value::Array(items), "*", false) => items.iter_mut().for_each(|item| remove(item, rest)),
        (Value::Object(fields), "*", true) => fields.clear(),
        (Value::Object(fields), name, true) => drop(fields.shift_remove(name)),
        (Value::Object(fields), name, false) => {
            if let Some(field) = fields.get_mut(name) {
                remove(field, rest);
            }
        }
        _ => {}
    }
}
