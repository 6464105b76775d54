//! The program against a hostile target: what it concluded, how long it took, how much memory it had.

use super::case::{Case, Scheme, Target};
use super::partner::{Partner, call_as_stranger};
use super::server::Server;
use super::tls;
use std::fs::File;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// What a run came to.
pub(crate) struct Measured {
    /// Its exit code; none when it was killed, by us or by the system.
    pub(crate) exit: Option<i32>,
    /// Its verdict in words, or what it said instead.
    pub(crate) verdict: String,
    /// All that it said.
    pub(crate) said: String,
    /// True when the target's address stands in what it said.
    pub(crate) names_target: bool,
    /// From its start to its end.
    pub(crate) took: Duration,
    /// The most memory that it had, MiB.
    pub(crate) peak_mib: f64,
}

/// A run that takes longer is killed.
const LONGEST: Duration = Duration::from_secs(120);

/// Runs the suite against a case.
pub(crate) fn measure(case: &Case, folder: &Path, partner: &Partner) -> Measured {
    match case.target {
        Target::Acts(scheme, when, acts) => {
            let server = Server::acting(scheme, when, acts);
            let name = if scheme == Scheme::Plain { "http" } else { "https" };
            run(folder, partner, &format!("{name}://{}", server.address), false)
        }
        Target::Altered(alter) => {
            let server = partner.altered(alter);
            run(folder, partner, &format!("http://{}", server.address), true)
        }
        Target::Strangers(count, body, token) => {
            let server = partner.altered(|_, _, _| {});
            let google = partner.google().to_owned();
            let calling = thread::spawn(move || call_as_stranger(&google, count, &body(), token));
            let mut measured = run(folder, partner, &format!("http://{}", server.address), true);
            let answered = calling.join().unwrap_or_default();
            measured.verdict = format!("{}; {answered} strangers answered", measured.verdict);
            measured
        }
    }
}

fn run(folder: &Path, partner: &Partner, base_url: &str, has_triggers: bool) -> Measured {
    run_as(
        folder,
        partner,
        base_url,
        &Manner {
            has_triggers,
            ..Manner::default()
        },
    )
}

/// How a run is started.
#[derive(Default)]
pub(crate) struct Manner {
    /// Whether the partner can be made to act.
    pub(crate) has_triggers: bool,
    /// The scenarios; all without one.
    pub(crate) filters: &'static [&'static str],
    /// How many descriptors it may have; as many as this process without it.
    pub(crate) descriptors: Option<u32>,
}

/// Runs the suite against an address.
pub(crate) fn run_as(folder: &Path, partner: &Partner, base_url: &str, manner: &Manner) -> Measured {
    let config = partner.config(folder, base_url, manner.has_triggers);
    std::fs::write(folder.join("hostile.toml"), config).expect("the folder is ours");
    std::fs::write(folder.join("trusted.pem"), tls::trusted()).expect("the folder is ours");
    let output = folder.join("output");
    let file = File::create(&output).expect("the folder is ours");
    let begun = Instant::now();
    let limit = manner
        .descriptors
        .map_or(String::new(), |number| format!("ulimit -n {number}; "));
    let mut process = Command::new("sh")
        .args([
            "-c",
            &format!("{limit}exec \"$0\" \"$@\""),
            env!("CARGO_BIN_EXE_conformance"),
        ])
        .arg("run")
        .args(manner.filters)
        .args(["--ci", "-c", "hostile.toml", "--snapshots", "kept"])
        .current_dir(folder)
        .env("SSL_CERT_FILE", folder.join("trusted.pem"))
        .stdin(Stdio::null())
        .stdout(file.try_clone().expect("a descriptor"))
        .stderr(file)
        .spawn()
        .expect("the program is built");
    let mut peak_kib = 0;
    let exit = loop {
        peak_kib = peak_memory(process.id()).unwrap_or(0).max(peak_kib);
        match process.try_wait() {
            Ok(Some(status)) => break status.code(),
            _ if begun.elapsed() > LONGEST => {
                let _ = process.kill();
                let _ = process.wait();
                break None;
            }
            _ => thread::sleep(Duration::from_millis(10)),
        }
    };
    let took = begun.elapsed();
    let said = std::fs::read_to_string(&output).unwrap_or_else(|error| error.to_string());
    let address = base_url.split("//").nth(1).unwrap_or_default();
    Measured {
        exit,
        verdict: verdict(&said),
        said: said.clone(),
        names_target: said.contains(address),
        took,
        peak_mib: f64::from(u32::try_from(peak_kib).unwrap_or(u32::MAX)) / 1024.0,
    }
}

/// The line of the verdict, or the first line of what was said instead.
fn verdict(said: &str) -> String {
    let line = said.lines().find_map(|line| line.strip_prefix("verdict"));
    let line = line.or_else(|| said.lines().find(|line| !line.trim().is_empty()));
    line.unwrap_or("said nothing").trim().chars().take(100).collect()
}

/// The most memory that a process had so far, KiB, as Linux tells it.
fn peak_memory(process: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.split_whitespace().next()?.parse().ok()
}
