//! What a hostile sender can do to Google's side: `cargo bench --bench hostile`.
//!
//! Starts `conformance serve` with as many descriptors as systems usually give, does one bad thing after the other to it, and
//! looks each time whether a right request is still answered, after how long, and how much memory the server has. Bad things that
//! take their time by nature go on meanwhile. It ends with 1 if a right request was not answered, or the server fell over.

#![expect(clippy::print_stdout, reason = "a measurement is there to be read")]

#[path = "hostile/cases.rs"]
mod cases;
mod support;

use cases::{CASES, FLOODS, SLOW, Target};
use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};
use support::{PARTNER, Server, memory};

/// What a right request may take, whatever else goes on.
const BOUND: Duration = Duration::from_secs(5);
const MANY_FILES: &str = "MANY_FILES";

fn main() -> ExitCode {
    // Ten thousand connections need ten thousand descriptors on this side, and only a shell can ask for them.
    if std::env::var_os(MANY_FILES).is_none() {
        return with_many_files();
    }
    let folder = tempfile::tempdir().expect("a temporary folder");
    support::make_key(folder.path());
    let mut server = Server::serve(folder.path(), &[]);
    let target = Target {
        address: server.address,
        bearer: format!("Bearer {}", support::token(folder.path(), server.address)),
    };

    println!("| case | what the server did | right request afterwards, ms | memory, MiB |");
    println!("| --- | --- | ---: | ---: |");
    let mut well = row("nothing yet", "", &server, &target);
    std::thread::scope(|scope| {
        let whom = &target;
        let slow = SLOW.map(|(name, attack)| (name, scope.spawn(move || attack(whom))));
        for (name, attack) in CASES {
            let did = attack(&target);
            well &= row(name, &did, &server, &target);
        }
        for (name, attack) in slow {
            let did = attack
                .join()
                .unwrap_or_else(|_| "the attack itself failed".to_owned());
            well &= row(name, &did, &server, &target);
        }
        for (name, attack) in FLOODS {
            let did = attack(&target);
            well &= row(name, &did, &server, &target);
        }
    });
    let peak = memory(server.id(), "VmHWM").unwrap_or_default() / 1024;
    let lives = server.is_running();
    let fell = std::fs::read_to_string(folder.path().join("serve.err")).unwrap_or_default();
    let log = server.stop();
    let end: Vec<&str> = log.lines().rev().take(2).collect();
    println!(
        "\nMost memory at one time: {peak} MiB. Lived to the end: {lives}. Wrote to standard error: {fell:?}."
    );
    println!("{}, {}", end[1], end[0].trim());
    ExitCode::from(u8::from(!(well && lives && fell.is_empty())))
}

fn with_many_files() -> ExitCode {
    let itself = std::env::current_exe().expect("this program");
    let raised = "ulimit -S -n \"$(ulimit -H -n)\"; exec \"$0\" \"$@\"";
    let status = Command::new("sh")
        .args(["-c", raised])
        .arg(itself)
        .env(MANY_FILES, "1")
        .status();
    let code = status.ok().and_then(|status| status.code()).unwrap_or(1);
    ExitCode::from(u8::try_from(code).unwrap_or(1))
}

/// True when the right request was answered in time.
fn row(name: &str, did: &str, server: &Server, target: &Target) -> bool {
    let begun = Instant::now();
    let answer = support::ask(target.address, &target.valid_request());
    let took = begun.elapsed();
    let well = took < BOUND
        && answer
            .as_ref()
            .is_ok_and(|answer| answer.starts_with("HTTP/1.1 200 "));
    let verdict = match &answer {
        _ if well => String::new(),
        Ok(answer) => format!(" **{}**", answer.lines().next().unwrap_or("no answer")),
        Err(error) => format!(" **{error}**"),
    };
    let memory = memory(server.id(), "VmRSS").unwrap_or_default() as f64 / 1024.0;
    println!(
        "| {name} | {did} | {:.1}{verdict} | {memory:.1} |",
        took.as_secs_f64() * 1000.0
    );
    well
}
