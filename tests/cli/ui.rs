//! The page of `serve --ui`, over sockets.

use super::google::{JSON, Server, call};
use serde_json::{Value, json};
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

const BOOKING: &str = "PATCH /v1alpha/notification/partners/20002002/bookings/b-1?updateMask=status";
/// Longer than anything takes.
const PATIENCE: Duration = Duration::from_secs(60);

/// A server with its page, and where both are.
pub(crate) struct Watched {
    _folder: tempfile::TempDir,
    pub(crate) server: Server,
    pub(crate) google: String,
    /// Host and port of the page.
    host: String,
    /// The path of the page, with a slash at its end.
    base: String,
}

pub(crate) fn watched(address: &str, more: &[&str]) -> Watched {
    watched_in(tempfile::tempdir().unwrap(), address, more)
}

pub(crate) fn watched_in(folder: tempfile::TempDir, address: &str, more: &[&str]) -> Watched {
    let arguments = [&["--format", "json", "--oauth", "off", "--ui", address], more].concat();
    let server = Server::start(folder.path(), "127.0.0.1:0", &arguments);
    let opened = server.json();
    let url = opened["ui_url"]
        .as_str()
        .unwrap()
        .trim_start_matches("http://")
        .to_owned();
    let (host, base) = url.split_once('/').unwrap();
    Watched {
        _folder: folder,
        server,
        google: opened["base_url"].as_str().unwrap().to_owned(),
        host: host.replace("0.0.0.0", "127.0.0.1"),
        base: format!("/{base}"),
    }
}

impl Watched {
    fn send(&self, line: &str, headers: &[(&str, &str)], body: &str) -> TcpStream {
        let mut stream = TcpStream::connect(&self.host).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        let own = [("Host", self.host.as_str())];
        let is_named = headers.iter().any(|(name, _)| *name == "Host");
        let all = if is_named { &[][..] } else { &own[..] };
        let lines = all.iter().chain(headers);
        let lines: Vec<String> = lines
            .map(|(name, value)| format!("{name}: {value}\r\n"))
            .collect();
        let lines = lines.concat();
        let length = body.len();
        write!(
            stream,
            "{line} HTTP/1.1\r\nConnection: close\r\nContent-Length: {length}\r\n{lines}\r\n{body}"
        )
        .unwrap();
        stream
    }

    /// Status and the whole answer.
    fn ask(&self, line: &str, headers: &[(&str, &str)], body: &str) -> (u16, String) {
        let mut answer = String::new();
        self.send(line, headers, body)
            .read_to_string(&mut answer)
            .unwrap();
        (answer.split(' ').nth(1).unwrap().parse().unwrap(), answer)
    }

    pub(crate) fn page(&self) -> String {
        let (status, page) = self.ask(&format!("GET {}", self.base), &[], "");
        assert_eq!(status, 200, "{page}");
        page
    }

    /// What the page has to show to change anything.
    fn token(&self) -> String {
        let page = self.page();
        let rest = page.split("data-token=\"").nth(1).unwrap();
        rest.split('"').next().unwrap().to_owned()
    }

    /// The stream of events, from after a number on.
    fn events(&self, after: u64) -> Events {
        let line = format!("GET {}events?after={after}", self.base);
        Events(BufReader::new(self.send(
            &line,
            &[("Accept", "text/event-stream")],
            "",
        )))
    }

    /// A list of faults, asked for as the page does it.
    fn arm(&self, token: &str, list: &Value) -> (u16, String) {
        let headers = [JSON, ("x-conformance-token", token)];
        self.ask(&format!("POST {}faults", self.base), &headers, &list.to_string())
    }
}

struct Events(BufReader<TcpStream>);

impl Events {
    /// The next event: its number, its name, its data.
    fn next(&mut self) -> (u64, String, Value) {
        let (mut number, mut name) = (0, String::new());
        loop {
            let mut line = String::new();
            assert!(self.0.read_line(&mut line).unwrap() > 0, "the stream has ended");
            match line.trim_end().split_once(": ") {
                Some(("id", id)) => number = id.parse().unwrap(),
                Some(("event", text)) => text.clone_into(&mut name),
                Some(("data", data)) => return (number, name, serde_json::from_str(data).unwrap()),
                _ => {}
            }
        }
    }
}

fn cancelled(status: &str) -> String {
    json!({ "name": "partners/20002002/bookings/b-1", "merchantId": "salon-1", "serviceId": "cut-1", "status": status,
        "clientInformation": { "givenName": "Annelise" } })
    .to_string()
}

#[test]
fn the_page_shows_a_call_as_it_arrives_judged_and_masked() {
    let watched = watched("127.0.0.1:0", &[]);
    let page = watched.page();
    let head = page.split("\r\n\r\n").next().unwrap().to_lowercase();
    for header in [
        "frame-ancestors 'none'",
        "default-src 'none'",
        "cache-control: no-store",
        "referrer-policy: no-referrer",
    ] {
        assert!(head.contains(header), "{head}");
    }
    assert!(page.contains(&watched.google) && page.contains("Nothing has arrived so far."));
    let mut events = watched.events(0);
    assert_eq!(
        call(&watched.google, BOOKING, &[JSON], &cancelled("CANCELLED")).0,
        400
    );
    let (number, name, data) = events.next();
    let piece = data["html"].as_str().unwrap();
    assert_eq!(
        (number, name.as_str(), &data["booking"]),
        (1, "call", &Value::Null)
    );
    for text in [
        "data-kind=\"refused\"",
        "RTU-CANCEL-04",
        "spelt with two L",
        "<mark>",
        "curl -sS -i -X PATCH",
    ] {
        assert!(piece.contains(text), "{text}: {piece}");
    }
    assert!(!data.to_string().contains("Annelise"), "{data}");
    assert_eq!(
        call(&watched.google, BOOKING, &[JSON], &cancelled("CANCELED")).0,
        200
    );
    let (number, _, data) = events.next();
    assert_eq!((number, &data["booking"]["id"]), (2, &json!("b-1")));
    assert!(
        data["booking"]["html"].as_str().unwrap().contains("CANCELED"),
        "{data}"
    );
    // Who was cut off is told the rest, and who opens the page later sees all.
    assert_eq!(watched.events(1).next().0, 2);
    let page = watched.page();
    assert_eq!(page.matches("<details class=\"call\"").count(), 2, "{page}");
    assert!(page.contains("data-last=\"2\"") && page.contains("data-booking=\"b-1\""));
    // A page of an earlier server begins anew.
    assert_eq!(watched.events(99).next().1, "reload");
}

#[test]
fn bodies_are_shown_to_who_asks_for_them() {
    let watched = watched("127.0.0.1:0", &["--show-bodies"]);
    let mut events = watched.events(0);
    call(&watched.google, BOOKING, &[JSON], &cancelled("CANCELED"));
    let (_, _, data) = events.next();
    assert!(data.to_string().contains("Annelise"), "{data}");
    assert!(
        watched
            .page()
            .contains("names, telephone numbers and mail addresses of guests")
    );
}

#[test]
fn a_fault_is_armed_by_the_page_strikes_and_is_gone() {
    let watched = watched("127.0.0.1:0", &[]);
    let token = watched.token();
    let mut events = watched.events(0);
    let list = json!([{ "booking": "b-1", "fault": { "answer": 503, "times": 1 } }, { "any": true, "fault": { "drop": true } }]);
    let (status, answer) = watched.arm(&token, &list);
    assert_eq!(status, 200, "{answer}");
    assert!(answer.contains("notifications about booking b-1: 503, 1 time; any call: no answer, 1 time"));
    let (_, name, data) = events.next();
    assert!(
        name == "faults" && data["html"].as_str().unwrap().contains("data-disarm=\"2\""),
        "{data}"
    );
    let logged = watched.server.json();
    assert_eq!(
        (&logged["event"], &logged["done"]),
        (&json!("faults"), &json!("armed"))
    );
    let away = format!("DELETE {}faults/2", watched.base);
    assert_eq!(watched.ask(&away, &[("x-conformance-token", &token)], "").0, 200);
    assert_eq!(watched.ask(&away, &[("x-conformance-token", &token)], "").0, 404);
    assert_eq!(
        call(&watched.google, BOOKING, &[JSON], &cancelled("CANCELED")).0,
        503
    );
    assert_eq!(
        call(&watched.google, BOOKING, &[JSON], &cancelled("CANCELED")).0,
        200
    );
    let (_, _, gone) = events.next();
    assert!(!gone.to_string().contains("no answer"), "{gone}");
    let told: Vec<(u64, String, Value)> = (0..3).map(|_| events.next()).collect();
    let spent = told.iter().find(|(_, name, _)| name == "faults").unwrap();
    assert!(spent.2.to_string().contains("Nothing is armed."), "{told:?}");
    assert!(
        told.iter()
            .any(|one| one.2.to_string().contains("on purpose: 503")),
        "{told:?}"
    );
    let misfit = json!([{ "any": true, "fault": { "expire": 9 } }]);
    let (status, answer) = watched.arm(&token, &misfit);
    assert!(
        status == 400 && answer.contains("`expire` is for `method: token`"),
        "{answer}"
    );
    assert_eq!(watched.arm(&token, &json!("nonsense")).0, 400);
}

#[test]
fn no_other_page_sees_or_changes_anything() {
    let watched = watched("127.0.0.1:0", &[]);
    let token = watched.token();
    let shown = ("x-conformance-token", token.as_str());
    let (page, faults) = (
        format!("GET {}", watched.base),
        format!("POST {}faults", watched.base),
    );
    let events = format!("GET {}events", watched.base);
    let list = r#"[{"any":true,"fault":{"drop":true,"times":9}}]"#;
    let evil = ("Host", "evil.example:8789");
    let origin = ("Origin", "http://evil.example");
    for (line, headers) in [
        (&page, vec![evil]),
        (&events, vec![evil]),
        (&events, vec![origin]),
        (&faults, vec![evil, shown]),
        (&faults, vec![origin, shown]),
        (&faults, vec![("Origin", "null"), shown]),
        (&faults, vec![]),
        (
            &faults,
            vec![("x-conformance-token", "00000000000000000000000000000000")],
        ),
    ] {
        let (status, answer) = watched.ask(line, &headers, list);
        assert_eq!(status, 403, "{line} {headers:?} {answer}");
        assert!(!answer.contains(&token), "{answer}");
    }
    assert!(watched.page().contains("Nothing is armed."));
    let own = format!("http://{}", watched.host);
    assert_eq!(watched.ask(&faults, &[("Origin", &own), shown], list).0, 200);
}

#[test]
fn an_address_that_others_reach_has_a_key() {
    let watched = watched("0.0.0.0:0", &[]);
    assert_eq!(watched.base.len(), 34, "{}", watched.base);
    assert_eq!(watched.ask("GET /", &[], "").0, 404);
    assert_eq!(watched.ask("GET /events", &[], "").0, 404);
    assert!(watched.page().contains("Nothing has arrived so far."));
}

#[test]
fn an_address_that_is_taken_is_wrong_input() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let folder = tempfile::tempdir().unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let output = super::support::exits(
        folder.path(),
        &["serve", "--listen", "127.0.0.1:0", "--ui", &address],
        2,
    );
    assert!(super::support::err(&output).contains("--ui"), "{output:?}");
}
