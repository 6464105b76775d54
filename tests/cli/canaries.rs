//! A target that sends back every secret that it could know, in every place and in every way: none stands in anything that is written
//! or shown.
#![cfg(unix)]

#[path = "../canaries/encodings.rs"]
mod encodings;

use super::google::{JSON, Server, call};
use super::support::{err, free_port, out, program};
use encodings::{Canary, SECRETS, canaries, found_in};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use tokio::runtime::Runtime;
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

/// The file that holds each secret of the config.
const FILES: [&str; 5] = ["PASSWORD", "BEARER", "LEDGER", "CARD", "OTHER"];
const USER: &str = "google";

static CANARIES: LazyLock<Vec<Canary>> =
    LazyLock::new(|| SECRETS.iter().flat_map(|secret| canaries(USER, secret)).collect());

fn texts() -> Vec<&'static str> {
    CANARIES.iter().map(|canary| canary.text.as_str()).collect()
}

/// Those that may stand in a header.
fn header_values() -> Vec<&'static str> {
    let all = texts().into_iter();
    all.filter(|text| text.bytes().all(|byte| (b' '..=b'~').contains(&byte)))
        .collect()
}

fn percent(text: &str) -> String {
    text.bytes().fold(String::new(), |mut path, byte| {
        let _ = write!(path, "%{byte:02X}");
        path
    })
}

/// Notifications about a booking, with a secret in path, query, headers and body.
fn notify(google: &str, booking_id: &str) {
    let each = texts()
        .into_iter()
        .zip(header_values().into_iter().cycle())
        .enumerate();
    for (number, (text, header)) in each.filter(|(number, _)| number % 3 == 0) {
        let id = if number % 2 == 0 {
            percent(booking_id)
        } else {
            percent(text)
        };
        let line = format!(
            "PATCH /v1alpha/notification/partners/20002002/bookings/{id}?updateMask=status,{}",
            percent(text)
        );
        let body =
            json!({ "name": format!("partners/20002002/bookings/{text}"), "status": text, text: text });
        call(google, &line, &[JSON, ("X-Was", header)], &body.to_string());
    }
}

fn answer(request: &Request, google: &str) -> ResponseTemplate {
    let body: Value = serde_json::from_slice(&request.body).unwrap_or_default();
    let mut template = ResponseTemplate::new(200);
    for (number, value) in header_values()
        .into_iter()
        .enumerate()
        .filter(|(number, _)| number % 3 == body.to_string().len() % 3)
    {
        template = template.insert_header(format!("x-was-{number}"), value);
    }
    let with = |body: Value| template.clone().set_body_json(body);
    match request.url.path().rsplit('/').next().unwrap_or_default() {
        "HealthCheck" => template.set_body_string(texts().join("\n")),
        "BatchAvailabilityLookup" => {
            let slots = body["slot_time"].as_array().cloned().unwrap_or_default();
            let slots = slots
                .into_iter()
                .map(|slot| json!({ "slot_time": slot, "available": true, "was": SECRETS[0] }));
            with(json!({ "slot_time_availability": slots.collect::<Vec<_>>(), "was": texts() }))
        }
        "CreateBooking" => {
            let token = body["idempotency_token"].as_str().unwrap_or_default().to_owned();
            let id = format!("{}.{token}", SECRETS[1]);
            let (slot, user) = (&body["slot"], &body["user_information"]);
            let (google, booking_id) = (google.to_owned(), id.clone());
            std::thread::spawn(move || notify(&google, &booking_id))
                .join()
                .unwrap();
            with(
                json!({ "booking": { "booking_id": id, "slot": slot, "user_information": user, "status": SECRETS[2], "was": texts(),
                SECRETS[4]: 5, "apart": { "one": &SECRETS[0][..7], "other": &SECRETS[0][7..] } } }),
            )
        }
        "UpdateBooking" => ResponseTemplate::new(409).set_body_raw(texts().join(" | "), "text/html"),
        "ledger" => ResponseTemplate::new(500).set_body_string(texts().join("\t")),
        "trigger" => {
            ResponseTemplate::new(403).set_body_string(texts()[body.to_string().len() % texts().len()])
        }
        _ => with(json!({ "booking_failure": { "cause": texts()[7], "description": texts().join(", ") } })),
    }
}

fn write_config(folder: &Path, base_url: &str, google: &str) {
    let secrets = folder.join("secrets");
    std::fs::create_dir(&secrets).unwrap();
    for (file, secret) in FILES.into_iter().zip(SECRETS).chain([("USER", USER)]) {
        std::fs::write(secrets.join(file), secret).unwrap();
    }
    let start = jiff::Timestamp::now().as_second() / 3600 * 3600 + 86_400;
    let slots = (0..30).map(|number| {
        let start = start + number * 3600;
        format!("[[inventory.slots]]\nmerchant_id = \"m\"\nservice_id = \"s\"\nstart_sec = {start}\nduration_sec = 1800\nspots = 1\n")
    });
    let text = format!(
        "[target]\nname = \"hostile\"\nbase_url = \"{base_url}\"\n\
         auth = {{ user = {{ file = \"secrets/USER\" }}, password = {{ file = \"secrets/PASSWORD\" }} }}\n\
         [notifications]\nlisten = \"{google}\"\nkey_file = \"key.json\"\noauth = \"off\"\nquiet = \"50ms\"\nwithin = \"200ms\"\n\
         [payments]\ntoken = {{ file = \"secrets/CARD\" }}\n\
         [triggers.merchant_cancel]\nhttp = {{ url = \"{base_url}/trigger\", auth = {{ bearer = {{ file = \"secrets/BEARER\" }} }} }}\n\
         [triggers.no_show]\nhttp = {{ url = \"{base_url}/trigger\", auth = {{ bearer = {{ file = \"secrets/OTHER\" }} }} }}\n\
         [probes.ledger]\nhttp = {{ url = \"{base_url}/ledger\", headers = {{ X-Api-Key = {{ file = \"secrets/LEDGER\" }} }} }}\n"
    );
    std::fs::write(folder.join("c.toml"), text + &slots.collect::<String>()).unwrap();
}

/// Every file below a folder but those with secrets, by its name.
fn files(folder: &Path) -> BTreeMap<PathBuf, String> {
    let mut found = BTreeMap::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.ends_with("secrets") {
            continue;
        }
        if path.is_dir() {
            found.extend(files(&path));
        } else if path.file_name().is_some_and(|name| name != "key.json") {
            let bytes = std::fs::read(&path).unwrap();
            found.insert(path, String::from_utf8_lossy(&bytes).into_owned());
        }
    }
    found
}

/// The text, and what a reader of XML makes of it.
fn read_in_all_ways(text: &str) -> [String; 2] {
    let names = [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&apos;", "'"),
        ("&#10;", "\n"),
        ("&amp;", "&"),
    ];
    let unescaped = names
        .iter()
        .fold(text.to_owned(), |text, (name, sign)| text.replace(name, sign));
    [text.to_owned(), unescaped]
}

#[test]
fn no_secret_comes_back_in_anything_that_is_written_or_shown() {
    let (runtime, folder) = (Runtime::new().unwrap(), tempfile::tempdir().unwrap());
    let google = format!("127.0.0.1:{}", free_port());
    let notified = format!("http://{google}");
    let server = runtime.block_on(async {
        let server = MockServer::start().await;
        let answers = move |request: &Request| answer(request, &notified);
        Mock::given(any()).respond_with(answers).mount(&server).await;
        server
    });
    write_config(folder.path(), &server.uri(), &google);
    let reports = ["json=run.json", "junit=j.xml", "recording=r.json"];
    let reports = reports.iter().flat_map(|report| ["--report", report]);
    let output = program(folder.path())
        .args([
            "run",
            "-c",
            "c.toml",
            "-v",
            "--snapshots",
            "snapshots",
            "lifecycle/**",
            "deposit/**",
            "health/**",
        ])
        .args(reports)
        .output()
        .unwrap();
    let mut written = files(folder.path());
    assert!(written.len() > 3, "{written:?}");
    written.insert("output".into(), out(&output));
    written.insert("errors".into(), err(&output));
    let recording = folder.path().join("r.json");
    // It is packed, and what is inside of it is what may leak.
    written.insert(recording.clone(), recording::unpack(&recording).unwrap());
    let recording = &written[&recording];
    for words in ["x-was-", "[masked]", "\"was\"", "notification"] {
        assert!(
            recording.contains(words),
            "{words} was not recorded, so that nothing was tried"
        );
    }
    let key = std::fs::read_to_string(folder.path().join("key.json")).unwrap();
    let key: Value = serde_json::from_str(&key).unwrap();
    let key = key["private_key"]
        .as_str()
        .unwrap()
        .lines()
        .nth(1)
        .unwrap()
        .to_owned();
    let mut left = Vec::new();
    for (name, text) in &written {
        for text in read_in_all_ways(text) {
            left.extend(
                found_in(&text, &CANARIES)
                    .into_iter()
                    .map(|canary| format!("{}: {canary}", name.display())),
            );
            assert!(!text.contains(&key), "{}", name.display());
        }
    }
    left.sort();
    left.dedup();
    assert!(left.is_empty(), "{}", left.join("\n"));
}

#[test]
fn no_secret_comes_back_in_the_log_of_google_by_itself() {
    for flags in [
        &[][..],
        &["--show-bodies"],
        &["--format", "json"],
        &["--format", "json", "--show-bodies"],
    ] {
        let folder = tempfile::tempdir().unwrap();
        write_config(folder.path(), "http://127.0.0.1:9", "127.0.0.1:0");
        let arguments = [&["-c", "c.toml", "--quota", "0"], flags].concat();
        let server = Server::start(folder.path(), "127.0.0.1:0", &arguments);
        let first = server.line();
        let base_url = first
            .split(['"', ' '])
            .find(|word| word.starts_with("http://"))
            .unwrap()
            .to_owned();
        notify(&base_url, "b-1");
        let (log, _) = server.stop();
        assert!(log.len() > CANARIES.len() / 4, "{log:?}");
        let found = found_in(&log.join("\n"), &CANARIES);
        assert!(found.is_empty(), "{flags:?}: {found:?}");
    }
}

#[test]
fn no_secret_comes_back_in_the_page_of_google_by_itself() {
    for flags in [&[][..], &["--show-bodies"]] {
        let folder = tempfile::tempdir().unwrap();
        write_config(folder.path(), "http://127.0.0.1:9", "127.0.0.1:0");
        let arguments = [&["-c", "c.toml", "--quota", "0"], flags].concat();
        let watched = super::ui::watched_in(folder, "127.0.0.1:0", &arguments);
        notify(&watched.google, "b-1");
        let sent = CANARIES.len().div_ceil(3);
        // What is in the log stands in the page, too.
        (0..sent).for_each(|_| drop(watched.server.line()));
        let page = watched.page();
        let shown = page.matches("<details class=\"call\"").count();
        assert!(
            shown == sent.min(300) || page.len() > 1_000_000,
            "{shown} of {sent}"
        );
        let found = found_in(&page, &CANARIES);
        assert!(found.is_empty(), "{flags:?}: {found:?}");
    }
}
