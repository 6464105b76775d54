//! `conformance doctor`: set-ups that are broken in one thing each, and the thing is named.

use super::small::{Asked, Told, serve, told};
use super::support::{Partner, err, exits, free_port, out, program};
use serde_json::Value;
use std::net::TcpListener;
use std::path::Path;
use std::process::Output;

/// A server that knows Google and says what is not there.
fn right(asked: &Asked) -> Told {
    match (asked.is_google(), asked.path.as_str()) {
        (false, _) => told(401, "{}"),
        (true, "/v3/HealthCheck") => told(200, "{}"),
        (true, "/v3/ListBookings") => told(200, r#"{"bookings":[]}"#),
        (true, "/v3/NoSuchMethod") => told(404, "no such page"),
        (true, _) => told(404, r#"{"error":"unknown"}"#),
    }
}

fn doctor(folder: &Path, arguments: &[&str], password: &str) -> Output {
    let mut command = program(folder);
    command
        .env("PARTNER_USER", "google")
        .env("PARTNER_PASSWORD", password);
    let port = free_port().to_string();
    let listen = format!("127.0.0.1:{port}");
    let own = ["doctor", "--format", "json"]
        .into_iter()
        .chain(arguments.iter().copied());
    let own: Vec<&str> = own.collect();
    let listens = own.contains(&"--listen");
    command
        .args(&own)
        .args((!listens).then_some(["--listen", &listen]).into_iter().flatten());
    command.output().unwrap()
}

/// The exit code, and what is wrong: name and words of each.
fn wrong(output: &Output) -> (Option<i32>, Vec<(String, String)>) {
    let checkup: Value = serde_json::from_str(&out(output)).unwrap_or_else(|_| panic!("{}", err(output)));
    let text = |check: &Value, key: &str| check[key].as_str().unwrap().to_owned();
    let checks = checkup["checks"].as_array().unwrap().iter();
    let wrong = checks.filter(|check| check["state"] == "wrong");
    let named = wrong.inspect(|check| assert!(!text(check, "next").is_empty(), "{check}"));
    let named = named
        .map(|check| (text(check, "name"), text(check, "words")))
        .collect();
    (output.status.code(), named)
}

/// One thing is wrong, and it is this.
#[track_caller]
fn only(output: &Output, code: i32, name: &str, part: &str) {
    let (exit, named) = wrong(output);
    assert_eq!(named.len(), 1, "{named:?}");
    assert_eq!((exit, named[0].0.as_str()), (Some(code), name), "{named:?}");
    assert!(named[0].1.contains(part), "{named:?}");
}

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

const PASSWORD: &str = "correct-horse";

#[test]
fn of_a_right_server_nothing_is_wrong_and_nothing_is_left_behind() {
    let folder = folder();
    let url = serve(right);
    let output = doctor(folder.path(), &["--target", &url], PASSWORD);
    assert_eq!(wrong(&output), (Some(0), Vec::new()));
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    let output = exits(folder.path(), &["doctor"], 2);
    assert!(err(&output).contains("there is no target"), "{}", err(&output));
}

#[test]
fn the_reference_partner_is_well_with_its_feeds_and_slots() {
    let folder = folder();
    let partner = Partner::start(folder.path());
    let output = exits(
        folder.path(),
        &["doctor", "-c", partner.config.to_str().unwrap()],
        0,
    );
    let shown = out(&output);
    for line in [
        "ok           feeds",
        "ok           slots",
        "ok           CreateBooking",
        "ok           key file",
    ] {
        assert!(shown.contains(line), "{line}\n{shown}");
    }
    assert!(
        shown.ends_with("nothing is wrong; nothing was booked\n"),
        "{shown}"
    );
}

#[test]
fn a_server_that_is_down_and_a_port_of_nobody_are_named() {
    let folder = folder();
    let port = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let output = doctor(
        folder.path(),
        &["--target", &format!("http://127.0.0.1:{port}")],
        PASSWORD,
    );
    only(&output, 3, "reached", "refused");
    // Somebody else's port speaks no HTTP.
    let other = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = other.local_addr().unwrap().port();
    std::thread::spawn(move || other.incoming().for_each(drop));
    let output = doctor(
        folder.path(),
        &["--target", &format!("http://127.0.0.1:{port}")],
        PASSWORD,
    );
    let (exit, named) = wrong(&output);
    assert_eq!(exit, Some(3));
    assert!(named[0].1.contains("HealthCheck was not answered"), "{named:?}");
}

#[test]
fn a_wrong_password_and_a_server_that_takes_any_are_named() {
    let folder = folder();
    let url = serve(right);
    let output = doctor(folder.path(), &["--target", &url], "not-the-right-one");
    only(&output, 3, "credentials", "was answered 401");
    assert!(!out(&output).contains("not-the-right-one"));
    let open = serve(|asked| {
        if asked.path == "/v3/HealthCheck" {
            told(200, "{}")
        } else {
            right(asked)
        }
    });
    let output = doctor(folder.path(), &["--target", &open], PASSWORD);
    only(
        &output,
        3,
        "wrong credentials",
        "without credentials was answered 200",
    );
}

#[test]
fn a_clock_that_is_ten_minutes_off_is_named() {
    let folder = folder();
    let url = serve(|asked| {
        let late = jiff::Timestamp::now() - jiff::SignedDuration::from_mins(10);
        let date = late.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
        let (status, _, body) = right(asked);
        (status, vec![("date", date)], body)
    });
    only(
        &doctor(folder.path(), &["--target", &url], PASSWORD),
        3,
        "clock",
        "10 min behind",
    );
}

#[test]
fn a_method_that_is_not_served_is_named() {
    let folder = folder();
    let url = serve(|asked| match asked.path.as_str() {
        "/v3/UpdateBooking" if asked.is_google() => told(405, "{}"),
        _ => right(asked),
    });
    only(
        &doctor(folder.path(), &["--target", &url], PASSWORD),
        3,
        "UpdateBooking",
        "answered 405",
    );
}

/// The reference partner's feeds, changed.
fn with_feeds(change: impl Fn(&str, String) -> String) -> tempfile::TempDir {
    let folder = folder();
    let partner = Partner::start(folder.path());
    drop(partner);
    for entry in std::fs::read_dir(folder.path().join("feeds")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        let text = std::fs::read_to_string(&path).unwrap();
        std::fs::write(&path, change(&name, text)).unwrap();
    }
    folder
}

#[test]
fn feeds_that_are_stale_broken_or_without_slots_are_named() {
    let url = serve(right);
    let look =
        |folder: &tempfile::TempDir| doctor(folder.path(), &["--target", &url, "--feeds", "feeds"], PASSWORD);
    let three_days = 3 * 86_400;
    let stale = with_feeds(|_, text| {
        let mut feed: Value = serde_json::from_str(&text).unwrap();
        let made = &mut feed["metadata"]["generation_timestamp"];
        let was = made.as_i64().or_else(|| made.as_str()?.parse().ok()).unwrap();
        *made = Value::from(was - three_days);
        feed.to_string()
    });
    only(&look(&stale), 2, "feeds", "stale: the oldest was made 72 h ago");
    let broken = with_feeds(|name, text| {
        if name.contains("availability") {
            "{ cut off".to_owned()
        } else {
            text
        }
    });
    let (exit, named) = wrong(&look(&broken));
    assert_eq!((exit, named[0].0.as_str()), (Some(2), "feeds"), "{named:?}");
    let empty = with_feeds(|name, text| {
        let mut feed: Value = serde_json::from_str(&text).unwrap();
        if name.contains("availability") {
            feed["service_availability"] = serde_json::json!([]);
        }
        remove(&mut feed, "waitlist_rules");
        feed.to_string()
    });
    only(&look(&empty), 2, "slots", "there is no slot to book");
}

fn remove(value: &mut Value, key: &str) {
    match value {
        Value::Object(fields) => {
            fields.shift_remove(key);
            fields.values_mut().for_each(|field| remove(field, key));
        }
        Value::Array(items) => items.iter_mut().for_each(|item| remove(item, key)),
        _ => {}
    }
}

#[test]
fn without_feeds_and_slots_it_says_what_to_name() {
    let folder = folder();
    let url = serve(right);
    let output = doctor(folder.path(), &["--target", &url], PASSWORD);
    let text = out(&output);
    assert!(
        text.contains("neither feeds nor slots are named") && text.contains("--slot MERCHANT/SERVICE/START"),
        "{text}"
    );
    let yesterday = jiff::Timestamp::now().as_second() - 86_400;
    let output = doctor(
        folder.path(),
        &["--target", &url, "--slot", &format!("m/s/{yesterday}")],
        PASSWORD,
    );
    only(&output, 2, "slots", "every slot is over");
}

#[test]
fn a_callback_that_leads_elsewhere_or_cannot_listen_is_named() {
    let folder = folder();
    let url = serve(right);
    let other = serve(|_| told(404, "another program"));
    let output = doctor(
        folder.path(),
        &["--target", &url, "--public-url", &other],
        PASSWORD,
    );
    only(&output, 3, "callback", "by somebody else");
    let nobody = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let output = doctor(
        folder.path(),
        &["--target", &url, "--public-url", &format!("http://{nobody}")],
        PASSWORD,
    );
    only(&output, 3, "callback", "cannot be reached from this machine");
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let output = doctor(folder.path(), &["--target", &url, "--listen", &address], PASSWORD);
    only(&output, 3, "callback", &address);
}

#[test]
fn a_folder_that_takes_no_file_is_named() {
    let folder = folder();
    let url = serve(right);
    std::fs::write(folder.path().join("file"), "").unwrap();
    let output = doctor(
        folder.path(),
        &["--target", &url, "--snapshots", "file/snapshots"],
        PASSWORD,
    );
    only(&output, 3, "folders", "snapshots: ");
}
