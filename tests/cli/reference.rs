//! The bundled partner as a program: what it writes is its owner's alone, and neither silent callers nor a full disk make it lose anything.
#![cfg(unix)]

use crate::support::{err, exits};
use serde_json::{Value, json};
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

struct Running {
    process: Child,
    address: String,
}

impl Running {
    /// Behind a limit of the shell, as an administrator would set it.
    fn start(folder: &Path, limit: &str) -> Self {
        let run = format!(
            "{limit} exec '{}' reference --db bookings.db --feeds feeds --key-file key.json --write-config c.toml",
            env!("CARGO_BIN_EXE_conformance")
        );
        let mut process = Command::new("sh")
            .args(["-c", &run])
            .current_dir(folder)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let first = lines.next().unwrap().unwrap();
        let mut words = first.split([' ', ',']);
        let address = words
            .find_map(|word| word.strip_prefix("http://"))
            .unwrap()
            .to_owned();
        // Behind the second line the config is written.
        lines.next().unwrap().unwrap();
        Self { process, address }
    }

    /// Status and body of the answer; none when nothing comes in time.
    fn ask(&self, folder: &Path, method: &str, body: &Value) -> Option<(u16, Value)> {
        let secret = |name: &str| fs::read_to_string(folder.join("c.secrets").join(name)).unwrap();
        let pair = format!("{}:{}", secret("user").trim(), secret("password").trim());
        let basic = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, pair);
        let body = body.to_string();
        let mut stream = TcpStream::connect(&self.address).ok()?;
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        write!(
            stream,
            "POST /v3/{method} HTTP/1.1\r\nhost: a\r\nconnection: close\r\nauthorization: Basic {basic}\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        )
        .ok()?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).ok()?;
        let status = answer.split(' ').nth(1)?.parse().ok()?;
        let body = answer.split_once("\r\n\r\n")?.1;
        Some((status, serde_json::from_str(body).unwrap_or_default()))
    }

    /// Kills it, and gives what it said.
    fn kill(mut self) -> String {
        let _ = self.process.kill();
        let mut said = String::new();
        let _ = self.process.stderr.take().unwrap().read_to_string(&mut said);
        let _ = self.process.wait();
        said
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

/// A slot of its feeds that is paid on arrival, for one of many users.
fn booking(folder: &Path, number: usize) -> Value {
    let feeds = fs::read_dir(folder.join("feeds")).unwrap();
    let path = feeds
        .map(|entry| entry.unwrap().path())
        .find(|path| {
            path.to_string_lossy().contains("availability_feed")
                && path.extension().is_some_and(|e| e == "json")
        })
        .unwrap();
    let feed: Value = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    let slots = feed["service_availability"][0]["availability"]
        .as_array()
        .unwrap();
    let of_cut: Vec<&Value> = slots
        .iter()
        .filter(|slot| slot["merchant_id"] == "harbour-salon" && slot["service_id"] == "cut")
        .collect();
    // Far from now, so that none begins meanwhile.
    let slot = of_cut[of_cut.len() - 1 - number];
    json!({
        "slot": {
            "merchant_id": "harbour-salon", "service_id": "cut", "start_sec": slot["start_sec"],
            "duration_sec": slot["duration_sec"], "resource_ids": slot["resources"],
        },
        "user_information": {
            "user_id": format!("user-{number}"), "given_name": "Zoë", "family_name": "x".repeat(100_000),
            "telephone": "+44 20 7946-0018", "email": "zoe@example.org",
        },
        "idempotency_token": format!("token-{number}"),
    })
}

#[test]
fn what_is_written_is_its_owners_alone() {
    let folder = folder();
    let partner = Running::start(folder.path(), "umask 022;");
    let mode = |name: &str| {
        let data = fs::metadata(folder.path().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
        data.permissions().mode() & 0o777
    };
    for file in [
        "bookings.db",
        "bookings.db-wal",
        "bookings.db-shm",
        "c.toml",
        "c.secrets/password",
    ] {
        assert_eq!(mode(file), 0o600, "{file}");
    }
    assert_eq!(mode("c.secrets"), 0o700);
    partner.kill();
}

#[test]
fn silent_callers_do_not_take_all_files_of_the_process() {
    let folder = folder();
    let partner = Running::start(folder.path(), "ulimit -n 100;");
    for sends in ["", "POST /v3/CreateBooking HTTP/1.1\r\nhost: "] {
        let mut silent = Vec::new();
        for _ in 0..300 {
            let mut stream = TcpStream::connect(&partner.address).unwrap();
            stream.write_all(sends.as_bytes()).unwrap();
            silent.push(stream);
        }
        let answer = partner.ask(folder.path(), "ListBookings", &json!({ "user_id": "u" }));
        assert_eq!(answer.map(|(status, _)| status), Some(200));
    }
    partner.kill();
}

#[test]
fn on_a_full_disk_nothing_is_answered_that_is_not_kept() {
    let folder = folder();
    // What makes a file larger than this is refused, as on a full disk. The feeds have to fit.
    let before = Running::start(folder.path(), "");
    let requests: Vec<Value> = (0..60).map(|number| booking(folder.path(), number)).collect();
    before.kill();
    let feeds = folder.path().join("feeds");
    let largest = fs::read_dir(&feeds)
        .unwrap()
        .map(|entry| entry.unwrap().metadata().unwrap().len())
        .max()
        .unwrap();
    let blocks = largest / 512 + 40;
    let partner = Running::start(folder.path(), &format!("trap '' XFSZ; ulimit -f {blocks};"));
    let (mut kept, mut refused) = (Vec::new(), 0);
    for (number, request) in requests.iter().enumerate() {
        match partner.ask(folder.path(), "CreateBooking", request) {
            Some((200, answer)) => kept.push((number, answer["booking"]["booking_id"].clone())),
            Some((503, _)) => refused += 1,
            other => panic!("{other:?}"),
        }
    }
    let said = partner.kill();
    assert!(refused > 5, "the disk was never full: {} were kept", kept.len());
    assert!(
        said.contains("the database cannot be written") && said.contains("until the disk has room again"),
        "{said}"
    );

    let again = Running::start(folder.path(), "");
    for (number, id) in kept {
        assert!(id.is_string());
        let found = again.ask(folder.path(), "GetBookingStatus", &json!({ "booking_id": id }));
        assert_eq!(
            found.map(|(status, _)| status),
            Some(200),
            "booking {number} is lost"
        );
    }
    let last = again.ask(folder.path(), "CreateBooking", &requests[59]).unwrap();
    assert!(last.1["booking"]["booking_id"].is_string(), "{last:?}");
    again.kill();
}

#[test]
fn a_file_that_cannot_be_used_is_named_with_the_next_step() {
    let folder = folder();
    fs::write(folder.path().join("notes.txt"), "no database\n".repeat(100)).unwrap();
    let arguments = ["reference", "--db", "notes.txt", "--feeds", "feeds"];
    let output = exits(folder.path(), &arguments, 2);
    let said = err(&output).split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        said.contains("notes.txt is no SQLite database") && said.contains("name another file"),
        "{said}"
    );
}
