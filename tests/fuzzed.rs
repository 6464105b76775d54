//! A sample of damaged files for each reader of `tests/fuzz`: real files of which bytes, words and lines were changed.
//!
//! The same without end: `cargo +nightly fuzz run --fuzz-dir tests/fuzz scenario`.

#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

#[path = "fuzz/lib.rs"]
#[expect(
    unreachable_pub,
    reason = "the library of the targets stands here as a module"
)]
mod readers;

use rand::rngs::StdRng;
use rand::seq::IndexedRandom as _;
use rand::{Rng as _, SeedableRng as _};
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

/// Cases of each reader.
const CASES: u64 = 1_500;

/// What is put in, whatever it meets.
const INTRUDERS: [&str; 26] = [
    "",
    "\0",
    "\n",
    "\r\n",
    "\t",
    "\"",
    "'",
    "\\",
    "{",
    "}",
    "[",
    "]",
    ":",
    ",",
    "é",
    "Ř",
    "🙂",
    "\u{feff}",
    "\u{202e}",
    "null",
    "-1",
    "1e999",
    "9223372036854775808",
    "{booking_id}",
    "${",
    "..",
];

#[test]
fn configs() {
    sample("config", &configs_of_this_project());
}

#[test]
fn feeds() {
    let example = root().join("src/feeds/tests/example");
    sample("feed", &files(&example, "json"));
}

#[test]
fn notifications() {
    let bodies = [
        r#"{"name": "partners/20/bookings/b", "merchantId": "m", "serviceId": "s", "startTime": "2030-01-01T10:00:00.5Z", "duration": "3600s", "status": "CANCELED", "paymentInformation": {"prepaymentStatus": "PREPAYMENT_REFUNDED", "price": {"priceMicros": "25000000", "currencyCode": "EUR"}}}"#,
        r#"{"extendedServiceAvailability": [{"merchantId": "m", "serviceId": "s", "startTimeRestrict": "2030-01-01T00:00:00Z", "endTimeRestrict": "2030-01-02T00:00:00Z", "availability": [{"startTime": "2030-01-01T10:00:00Z", "duration": "3600s", "spotsOpen": "2", "spotsTotal": "3", "resources": {"partySize": 2, "staffId": "é"}}]}]}"#,
        "--b\r\nContent-Type: application/http\r\nContent-ID: <1>\r\n\r\nPATCH /v1alpha/notification/partners/20/bookings/b?updateMask=status HTTP/1.1\r\nContent-Type: application/json\r\n\r\n{\"status\": \"CANCELED\"}\r\n--b--\r\n",
        "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion=eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJhIiwiZXhwIjoxfQ.AAAA",
    ];
    let by_each_method = bodies
        .iter()
        .flat_map(|body| (0..6).map(move |call| format!("{}{body}", char::from(call))));
    sample("notification", &by_each_method.collect::<Vec<_>>());
}

#[test]
fn recordings() {
    sample("recording", &[kept("recording.json")]);
}

#[test]
fn run_reports() {
    sample("run", &[kept("run.json")]);
}

#[test]
fn scenarios() {
    sample("scenario", &files(&root().join("scenarios"), "yaml"));
}

#[test]
fn snapshots() {
    sample("snapshot", &files(&root().join("snapshots"), "snap"));
}

#[test]
fn url_templates() {
    let urls = [
        "https://partner.example/bookings/{booking_id}/no-show",
        "http://127.0.0.1:80/{merchant_id}/{service_id}?start={start_sec}&d={duration_sec}#x",
        "https://partner.example/é/{party_size}{",
    ];
    sample("url_template", &urls.map(ToOwned::to_owned));
}

/// Every target of `cargo fuzz` is sampled here, and the other way round.
#[test]
fn each_reader_is_a_target() {
    let mut targets: Vec<String> = fs::read_dir(root().join("tests/fuzz/targets"))
        .unwrap()
        .map(|entry| {
            entry
                .unwrap()
                .path()
                .file_stem()
                .unwrap()
                .to_string_lossy()
                .into_owned()
        })
        .collect();
    targets.sort();
    let readers: Vec<&str> = readers::READERS.iter().map(|(name, _)| *name).collect();
    assert_eq!(targets, readers);
    let manifest = fs::read_to_string(root().join("tests/fuzz/Cargo.toml")).unwrap();
    let this = fs::read_to_string(root().join("tests/fuzzed.rs")).unwrap();
    for reader in readers {
        assert!(manifest.contains(&format!("name = \"{reader}\"")), "{reader}");
        assert!(this.contains(&format!("sample(\"{reader}\"")), "{reader}");
    }
}

/// The originals are read, and so is whatever becomes of them.
fn sample(reader: &str, originals: &[String]) {
    assert!(!originals.is_empty());
    let (_, read) = readers::READERS.iter().find(|(name, _)| *name == reader).unwrap();
    for original in originals {
        read(original.as_bytes());
    }
    for number in 0..CASES {
        let bytes = damaged(number, originals);
        let done = catch_unwind(AssertUnwindSafe(|| read(&bytes)));
        assert!(
            done.is_ok(),
            "case {number} of {reader}:\n{}",
            String::from_utf8_lossy(&bytes)
        );
    }
}

/// The same for the same number.
fn damaged(number: u64, originals: &[String]) -> Vec<u8> {
    let mut random = StdRng::seed_from_u64(number);
    let mut bytes = originals.choose(&mut random).unwrap().clone().into_bytes();
    let other = originals.choose(&mut random).unwrap().as_bytes();
    for _ in 0..random.random_range(1..=4) {
        change(&mut bytes, other, &mut random);
    }
    bytes
}

fn change(bytes: &mut Vec<u8>, other: &[u8], random: &mut StdRng) {
    let at = random.random_range(0..=bytes.len());
    let end = (at + random.random_range(0..40)).min(bytes.len());
    match random.random_range(0..7) {
        0 => drop(bytes.splice(at..end, [])),
        1 => drop(bytes.splice(at..at, INTRUDERS.choose(random).unwrap().bytes())),
        2 => drop(bytes.splice(at..end, INTRUDERS.choose(random).unwrap().bytes())),
        3 => {
            let from = random.random_range(0..=other.len());
            let to = (from + random.random_range(0..200)).min(other.len());
            bytes.splice(at..end, other[from..to].iter().copied());
        }
        4 => replace_word(bytes, random),
        5 if at < bytes.len() => bytes[at] ^= 1 << random.random_range(0..8),
        _ => bytes.truncate(at),
    }
}

/// A word or a number gives way to one that hardly ever fits there.
fn replace_word(bytes: &mut Vec<u8>, random: &mut StdRng) {
    let at = random.random_range(0..=bytes.len());
    let is_of_word = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
    let Some(start) = bytes[at..].iter().position(is_of_word).map(|first| at + first) else {
        return;
    };
    let length = bytes[start..].iter().take_while(|byte| is_of_word(byte)).count();
    bytes.splice(start..start + length, INTRUDERS.choose(random).unwrap().bytes());
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The texts of all files below a folder with an ending.
fn files(folder: &Path, ending: &str) -> Vec<String> {
    let mut paths = Vec::new();
    collect(folder, ending, &mut paths);
    paths.sort();
    paths
        .iter()
        .map(|path| fs::read_to_string(path).unwrap())
        .collect()
}

fn collect(folder: &Path, ending: &str, into: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, ending, into);
        } else if path.extension().is_some_and(|found| found == ending) {
            into.push(path);
        }
    }
}

fn configs_of_this_project() -> Vec<String> {
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    let shown = readme.split("```toml\n").nth(1).unwrap();
    let shown = shown.split("```").next().unwrap().to_owned();
    let with_profile = format!("{shown}\n[profile.staging.target]\nbase_url = \"https://é.example\"\n");
    vec![shown, with_profile]
}

/// What a run leaves, of a few scenarios of the bundled partner.
fn kept(name: &str) -> String {
    static FOLDER: LazyLock<tempfile::TempDir> = LazyLock::new(|| {
        let folder = tempfile::tempdir().unwrap();
        let run = Command::new(env!("CARGO_BIN_EXE_conformance"))
            .args([
                "run",
                "health/**",
                "-q",
                "--report",
                "json=run.json",
                "--report",
                "recording=recording.json",
            ])
            .current_dir(folder.path())
            .output()
            .unwrap();
        assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
        folder
    });
    // A recording is packed, and what is inside of it is what can be changed.
    recording::unpack(&FOLDER.path().join(name)).unwrap()
}
