//! Runs that are killed: what they made is known, and taken back.
#![cfg(unix)]

use super::google::{Server, now_sec};
use super::support::{Partner, err, exits, json, out, program};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

/// So many runs are killed; `KILLS=50` tries it at more moments.
fn kills() -> usize {
    std::env::var("KILLS").map_or(3, |number| number.parse().unwrap())
}

/// Moments that look like chance and are the same again: after so many lines of what a run says.
fn moments() -> impl Iterator<Item = usize> {
    (1..).map(|number: usize| number * 37 % 101 + 2)
}

/// Kills a run after so many lines; gives what its journal names.
fn killed(folder: &Path, lines: usize) -> Vec<Value> {
    let mut run = program(folder)
        .args(["run", "-c", "c.toml", "--ci", "-v"])
        .stderr(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let said = BufReader::new(run.stderr.take().unwrap()).lines();
    let under_way = said
        .map(Result::unwrap)
        .skip_while(|line| !line.contains("running "));
    assert_eq!(under_way.take(lines).count(), lines);
    run.kill().unwrap();
    run.wait().unwrap();
    journal(folder)
}

/// The address at which the partner expects Google's side.
fn listened_to(folder: &Path) -> String {
    let config: toml::Table = std::fs::read_to_string(folder.join("c.toml"))
        .unwrap()
        .parse()
        .unwrap();
    config["notifications"]["listen"].as_str().unwrap().to_owned()
}

/// Every line of the journals of a folder.
fn journal(folder: &Path) -> Vec<Value> {
    let Ok(files) = std::fs::read_dir(folder.join(".conformance")) else {
        return Vec::new();
    };
    let text: String = files
        .map(|file| file.unwrap().path())
        .filter(|path| path.extension().is_some_and(|end| end == "journal"))
        .map(|path| std::fs::read_to_string(path).unwrap())
        .collect();
    text.lines()
        .filter_map(|line| serde_json::from_str(line).ok())
        .collect()
}

/// The users for whom something was asked for.
fn users(journal: &[Value]) -> BTreeSet<String> {
    let made = journal
        .iter()
        .filter_map(|line| line.pointer("/making/what/user_id"));
    made.map(|user| user.as_str().unwrap().to_owned()).collect()
}

/// As below, once the partner has carried out what was still under way to it when the run was killed.
fn settled(partner: &Partner, users: &BTreeSet<String>) -> Vec<(String, String)> {
    let mut seen = lasting(partner, users);
    let mut same = 0;
    while same < 5 {
        std::thread::sleep(std::time::Duration::from_millis(300));
        let now = lasting(partner, users);
        same = if now == seen { same + 1 } else { 0 };
        seen = now;
    }
    seen
}

/// The bookings of these users that stand, by user and id, asked of the partner itself.
fn standing(partner: &Partner, users: &BTreeSet<String>) -> Vec<(String, String)> {
    listed(partner, users, |_| true)
}

/// Of these, those that stand for some minutes yet: whose slot has begun is in no list any more, neither the partner's nor ours.
fn lasting(partner: &Partner, users: &BTreeSet<String>) -> Vec<(String, String)> {
    listed(partner, users, |one| {
        let start = one["slot"]["start_sec"].as_str().unwrap_or_default();
        start.parse::<u64>().unwrap() > now_sec() + 300
    })
}

fn listed(
    partner: &Partner,
    users: &BTreeSet<String>,
    wanted: impl Fn(&Value) -> bool,
) -> Vec<(String, String)> {
    let active = |one: &&Value| {
        let status = one["status"].as_str().unwrap_or_default();
        ["CONFIRMED", "PENDING_MERCHANT_CONFIRMATION"].contains(&status) && wanted(one)
    };
    let mut standing = Vec::new();
    for user in users {
        let answer = partner.ask("ListBookings", &json!({ "user_id": user }));
        let bookings = answer["bookings"].as_array().into_iter().flatten();
        let id = |one: &Value| one["booking_id"].as_str().unwrap().to_owned();
        standing.extend(bookings.filter(active).map(|one| (user.clone(), id(one))));
    }
    standing
}

/// Those that are confirmed: a request that waits for its merchant ends by itself. They are asked for one by one, since what has begun
/// is in no list any more.
fn confirmed(partner: &Partner, bookings: &[(String, String)]) -> Vec<(String, String)> {
    let is_confirmed = |(_, id): &&(String, String)| {
        let answer = partner.ask("GetBookingStatus", &json!({ "booking_id": id }));
        answer["booking_status"] == "CONFIRMED"
    };
    bookings.iter().filter(is_confirmed).cloned().collect()
}

#[test]
fn the_run_after_a_killed_one_lists_what_stands_and_cancels_it() {
    let folder = tempfile::tempdir().unwrap();
    let partner = Partner::start(folder.path());
    for (number, lines) in moments().take(kills()).enumerate() {
        let journal = killed(folder.path(), lines);
        let users = users(&journal);
        let stood = settled(&partner, &users);
        let next = exits(
            folder.path(),
            &[
                "run",
                "health/serving",
                "-c",
                "c.toml",
                "--ci",
                "--report",
                "json=run.json",
            ],
            0,
        );
        let said = err(&next);
        for (user, id) in &stood {
            // One of which the answer was still under way is listed without its id.
            let is_listed = said.contains(id.as_str()) || said.contains(user.as_str());
            assert!(
                is_listed,
                "kill {number} after {lines} lines: {id} is not listed
{said}"
            );
        }
        assert_eq!(
            standing(&partner, &users),
            Vec::new(),
            "kill {number} after {lines} lines\n{said}"
        );
        assert!(self::journal(folder.path()).is_empty(), "kill {number}: {said}");
    }
    // What the partner still has to tell of the killed runs is heard first.
    let listen = listened_to(folder.path());
    let google = Server::start(folder.path(), &listen, &["-c", "c.toml"]);
    google.until_quiet(std::time::Duration::from_secs(8));
    assert_eq!(google.stop().1, Some(0));
    // The slots are free again, and nothing of the killed runs disturbs a whole one. An entry of a waitlist that no answer had named is
    // found by no call of the API, and the parties behind it wait longer.
    let arguments = ["run", "-c", "c.toml", "--ci", "--report", "json=run.json"];
    let whole = exits(
        folder.path(),
        &[&arguments[..], &["--not", "waitlist/**"]].concat(),
        0,
    );
    assert_eq!(
        json(&folder.path().join("run.json"))["verdict"],
        "conformant",
        "{}",
        out(&whole)
    );
}

#[test]
fn what_stands_is_cancelled_on_demand_and_only_listed_before() {
    let folder = tempfile::tempdir().unwrap();
    let partner = Partner::start(folder.path());
    let nothing = exits(folder.path(), &["cleanup", "-c", "c.toml"], 0);
    assert!(
        out(&nothing).contains("no run has left anything standing"),
        "{}",
        out(&nothing)
    );

    // Three scenarios that wait have booked.
    let users = users(&killed(folder.path(), 60));
    let stood = settled(&partner, &users);
    assert!(
        !stood.is_empty(),
        "nothing stands after the kill: the moment is not one"
    );
    let sure = confirmed(&partner, &stood);
    let listed = exits(folder.path(), &["cleanup", "-c", "c.toml", "--dry-run"], 0);
    for (user, _) in &stood {
        assert!(err(&listed).contains(user.as_str()), "{}", err(&listed));
    }
    // What was still under way when the run was killed may be booked later.
    let all_stand = || confirmed(&partner, &sure) == sure;
    assert!(all_stand(), "--dry-run sends nothing");
    // Who is not asked and is no CI leaves it to the user.
    let left = exits(folder.path(), &["run", "health/serving", "-c", "c.toml"], 0);
    assert!(
        err(&left).contains("`conformance cleanup` cancels them"),
        "{}",
        err(&left)
    );
    assert!(all_stand());

    let done = exits(folder.path(), &["cleanup", "-c", "c.toml"], 0);
    assert!(err(&done).contains(" cancelled"), "{}", err(&done));
    assert_eq!(standing(&partner, &users), Vec::new());
}

#[test]
fn a_run_that_comes_to_its_end_leaves_no_journal() {
    let folder = tempfile::tempdir().unwrap();
    let _partner = Partner::start(folder.path());
    exits(
        folder.path(),
        &["run", "lifecycle/cancel-by-google", "-c", "c.toml", "--ci"],
        0,
    );
    assert_eq!(journal(folder.path()), Vec::<Value>::new());
}

#[test]
fn a_journal_that_cannot_be_kept_is_never_green() {
    let folder = tempfile::tempdir().unwrap();
    let _partner = Partner::start(folder.path());
    std::fs::write(folder.path().join(".conformance"), "no folder").unwrap();
    let output = exits(
        folder.path(),
        &[
            "run",
            "lifecycle/cancel-by-google",
            "-c",
            "c.toml",
            "--ci",
            "--report",
            "json=run.json",
        ],
        3,
    );
    assert!(
        out(&output).contains("the journal of what was booked could not be kept"),
        "{}",
        out(&output)
    );
    let report = json(&folder.path().join("run.json"));
    assert_eq!(report["exit_reasons"][0]["kind"], "report_lost");
}

#[test]
fn two_runs_at_the_same_time_leave_each_others_bookings_alone() {
    let folder = tempfile::tempdir().unwrap();
    let partner = Partner::start(folder.path());
    let mut first = program(folder.path())
        .args([
            "run",
            "lifecycle/**",
            "deposit/**",
            "-c",
            "c.toml",
            "--ci",
            "-v",
            "--report",
            "json=first.json",
        ])
        .stderr(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(first.stderr.take().unwrap())
        .lines()
        .map(Result::unwrap);
    assert!(lines.any(|line| line.contains("waits for")));
    let second = exits(folder.path(), &["cleanup", "-c", "c.toml"], 0);
    assert!(
        out(&second).contains("no run has left anything standing"),
        "{}",
        err(&second)
    );
    lines.for_each(drop);
    assert_eq!(first.wait().unwrap().code(), Some(0));
    drop(partner);
}

#[test]
fn cleanup_without_a_target_says_how_to_name_one() {
    let folder = tempfile::tempdir().unwrap();
    let output = exits(folder.path(), &["cleanup"], 2);
    assert!(
        err(&output).contains("conformance cleanup -c FILE"),
        "{}",
        err(&output)
    );
    let help = Command::new(env!("CARGO_BIN_EXE_conformance"))
        .args(["cleanup", "--help"])
        .output()
        .unwrap();
    assert!(out(&help).contains("--dry-run"));
}
