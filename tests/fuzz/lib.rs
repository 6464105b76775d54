//! What is done with bytes of strangers, a function for each reader: whatever the bytes are, it ends, does not panic, and what it says is true
//! of the bytes. `cargo fuzz` calls them without end, `tests/fuzzed.rs` with a sample in every build.

use feeds::ReadOptions;
use google::{Google, GoogleConfig, KeyFile, Masks, Oauth, Reply, Request, UnknownBookings};
use miette::Diagnostic;
use outcome::{RunDiff, RunReport, RunSummary};
use report::Material;
use reqwest::Url;
use scenario::Source;
use std::fs;
use std::path::Path;
use std::sync::LazyLock;

/// A reader by its name.
pub type Reader = (&'static str, fn(&[u8]));

/// All readers.
pub const READERS: [Reader; 8] = [
    ("config", config),
    ("feed", feed),
    ("notification", notification),
    ("recording", recording),
    ("run", run),
    ("scenario", scenario),
    ("snapshot", snapshot),
    ("url_template", url_template),
];

/// A scenario file: each mistake stands at a place of the file.
pub fn scenario(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let source = Source {
        id: "area/name".to_owned(),
        file: "area/name.yaml".to_owned(),
        text: text.to_string(),
    };
    let Err(problems) = scenario::load(&[source]) else {
        return;
    };
    assert!(!problems.0.is_empty(), "refused without a reason");
    for problem in &problems.0 {
        let place = problem.place.strip_prefix("area/name.yaml:");
        let (line, column) = place.and_then(|place| place.split_once(':')).unwrap_or_default();
        let line: usize = line.parse().unwrap_or_default();
        let column: usize = column.parse().unwrap_or_default();
        // The place behind the last letter is one of the file.
        let length = text
            .split('\n')
            .nth(line.wrapping_sub(1))
            .map(|line| line.chars().count());
        assert!(
            length.is_some_and(|length| (1..=length + 1).contains(&column)),
            "{} is no place of the file",
            problem.place
        );
    }
    show(problems);
}

/// A config.
pub fn config(bytes: &[u8]) {
    in_folder("conformance.toml", bytes, |path| {
        let env = |name: &str| name.starts_with('P').then(|| "from the environment".to_owned());
        for profile in [None, Some("staging")] {
            if let Err(errors) = config::load(path, profile, &env) {
                assert!(errors.related().is_some_and(|mut all| all.next().is_some()));
                show(errors);
            }
        }
    });
}

/// A file of availability; what is around it is empty.
pub fn feed(bytes: &[u8]) {
    in_folder("availability_feed_1893400200_001_of_001.json", bytes, |path| {
        let folder = path.parent().unwrap_or(path);
        let reading = feeds::examine(folder, &ReadOptions::default());
        for error in reading.errors {
            assert!(!error.to_string().is_empty());
        }
    });
}

/// The body of a notification, by each method that has one; the first byte chooses.
pub fn notification(bytes: &[u8]) {
    const CALLS: [(&str, &str); 6] = [
        (
            "PATCH",
            "/v1alpha/notification/partners/20/bookings/b?updateMask=status",
        ),
        (
            "POST",
            "/v1alpha/inventory/partners/20/merchants/m/services/s/availability:replace",
        ),
        ("POST", "/v1alpha/inventory/partners/20/availability:replace"),
        ("PATCH", "/v1alpha/notification/partners/20/waitlistEntries/w"),
        ("POST", "/batch"),
        ("POST", "/token"),
    ];
    let Some((first, body)) = bytes.split_first() else {
        return;
    };
    let (method, target) = CALLS[usize::from(*first) % CALLS.len()];
    let of = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let kind = match target {
        "/batch" => "multipart/mixed; boundary=b",
        "/token" => "application/x-www-form-urlencoded",
        _ => "application/json",
    };
    let at = jiff::Timestamp::UNIX_EPOCH;
    let request = Request {
        method: method.to_owned(),
        target: target.to_owned(),
        headers: vec![of("content-type", kind), of("host", "mapsbooking.googleapis.com")],
        body: body.to_vec().into(),
        at,
    };
    match new_google().handle(&request, at) {
        Reply::Respond(response) => {
            assert!((200..500).contains(&response.status), "{}", response.status);
        }
        Reply::Hold { .. } => {}
        Reply::Drop(_) => panic!("nothing asked for the connection to be dropped"),
    }
}

fn new_google() -> Google {
    // To make a key takes longer than to answer ten thousand calls.
    static KEY: LazyLock<Option<KeyFile>> =
        LazyLock::new(|| KeyFile::generate("https://google.test/token").ok());
    let Some(key) = &*KEY else {
        panic!("no key can be made");
    };
    Google::new(GoogleConfig {
        partner_id: "20".to_owned(),
        account: key.account().clone(),
        oauth: Oauth::Accepted,
        unknown_bookings: UnknownBookings::NotFound,
        unknown_services: UnknownBookings::NotFound,
        masks: Masks::Tolerant,
        quota: None,
        secret: [7; 32],
    })
}

/// A recording, for those who look for bookings in it and for those who render it again.
pub fn recording(bytes: &[u8]) {
    in_folder("recording.json", bytes, |path| {
        if let Err(error) = recording::read(path) {
            assert!(!error.to_string().is_empty());
        }
        let _ = harness::standing_bookings(path);
        // Who alters a recording can sign it as well.
        let signed = recording::sign(String::from_utf8_lossy(bytes).into_owned());
        let read = fs::write(path, signed).map(|()| recording::read(path));
        let Ok(Ok(read)) = read else {
            return;
        };
        let Ok(report) = read.report() else {
            return;
        };
        for reporter in report::REPORTERS {
            let material = Material {
                report: &report,
                facts: &read.facts,
                drifts: &read.drifts,
                artefact: None,
            };
            let Ok(text) = reporter.render(&material) else {
                continue;
            };
            let acts = |letter: char| letter.is_control() && !letter.is_whitespace();
            assert!(
                !text.contains(acts),
                "{} holds control characters",
                reporter.format()
            );
        }
    });
}

/// A snapshot: read, and held against itself and against nothing.
pub fn snapshot(bytes: &[u8]) {
    in_folder("area/name.snap", bytes, |path| {
        let Some(root) = path.ancestors().nth(2) else {
            return;
        };
        let store = snapshot::Store::new(root, None);
        if let Ok(Some(accepted)) = store.load("area/name") {
            let body = accepted.into_body();
            assert!(snapshot::diff(&body, &body).is_empty());
            snapshot::diff("", &body);
            snapshot::diff(&body, "");
        }
    });
}

/// A report of a run, by itself and beside itself.
pub fn run(bytes: &[u8]) {
    let _ = serde_json::from_slice::<RunReport>(bytes);
    if let Ok(summary) = RunSummary::read(&String::from_utf8_lossy(bytes)) {
        assert!(RunDiff::new(&summary, &summary).is_empty());
    }
}

/// A URL with placeholders: a value never gets out of its place.
pub fn url_template(bytes: &[u8]) {
    let template = toml::Value::from(String::from_utf8_lossy(bytes).into_owned());
    let text = format!(
        "[target]\nbase_url = \"https://partner.example\"\n[triggers.no_show]\nhttp = {{ url = {template} }}\n"
    );
    in_folder("conformance.toml", text.as_bytes(), |path| {
        let config = match config::load(path, None, &|_| None) {
            Ok(config) => config,
            Err(errors) => return show(errors),
        };
        let Some(config::Trigger::Http(call)) = config.triggers.get(&domain::TriggerName::NoShow) else {
            panic!("the trigger is not there");
        };
        let filled = |value: &str| {
            let names = [
                "booking_id",
                "merchant_id",
                "service_id",
                "start_sec",
                "duration_sec",
                "party_size",
            ];
            let values = names.map(|name| (name, value.to_owned())).into();
            call.url_for(&values).ok().and_then(|url| Url::parse(&url).ok())
        };
        let host = |value: &str| {
            let url = filled(value)?;
            let user = (url.username().to_owned(), url.password().map(ToOwned::to_owned));
            Some((user, url.host_str().map(ToOwned::to_owned), url.port()))
        };
        if host("1") != host("2") {
            // What makes a name of a host is known where it is called.
            return;
        }
        // Read with a plain value, it can be read with any.
        let (Some(plain), Some(odd)) = (filled("1"), filled("a/../?#@:\\ é%2f")) else {
            panic!("{template} is no URL once it is filled in");
        };
        assert_eq!(
            plain.path().matches('/').count(),
            odd.path().matches('/').count(),
            "{odd}"
        );
        assert_eq!(plain.query().is_some(), odd.query().is_some(), "{odd}");
    });
}

/// Hands on a file with these bytes, in a folder of its own.
fn in_folder(name: &str, bytes: &[u8], read: impl FnOnce(&Path)) {
    let folder = match tempfile::tempdir() {
        Ok(folder) => folder,
        Err(error) => panic!("no temporary folder: {error}"),
    };
    let path = folder.path().join(name);
    let made = path.parent().map_or(Ok(()), fs::create_dir_all);
    if let Err(error) = made.and_then(|()| fs::write(&path, bytes)) {
        panic!("{} cannot be written: {error}", path.display());
    }
    read(&path);
}

/// As a terminal would get it: what is cut out of the file has to be there.
fn show(problem: impl Diagnostic + Send + Sync + 'static) {
    let shown = format!("{:?}", miette::Report::new(problem));
    assert!(!shown.is_empty());
}
