//! `conformance init`: a config that runs as it is, and nothing that a person wrote is changed.

use super::small::{serve, told};
use super::support::{Partner, err, exits, free_port, out, program};
use std::path::Path;
use std::process::Output;

fn with_credentials(folder: &Path, arguments: &[&str], user: &str, password: &str) -> Output {
    let mut command = program(folder);
    command
        .env("PARTNER_USER", user)
        .env("PARTNER_PASSWORD", password);
    command.args(arguments).output().unwrap()
}

fn read(folder: &Path, name: &str) -> String {
    std::fs::read_to_string(folder.join(name)).unwrap()
}

#[test]
fn what_it_writes_runs_as_it_is_and_holds_no_secret() {
    let partners = tempfile::tempdir().unwrap();
    let partner = Partner::start(partners.path());
    let (user, password) = (partner.secret("user"), partner.secret("password"));
    let (user, password) = (user.trim(), password.trim());
    let folder = tempfile::tempdir().unwrap();
    let feeds = partners.path().join("feeds");
    let arguments = [
        "init",
        "--yes",
        "--target",
        &partner.base_url,
        "--feeds",
        feeds.to_str().unwrap(),
        "--ci",
        "github",
    ];
    let output = with_credentials(folder.path(), &arguments, user, password);
    let shown = out(&output);
    assert_eq!(output.status.code(), Some(0), "{shown}{}", err(&output));
    assert!(
        shown.contains("wrote conformance.toml") && shown.contains("ok           CreateBooking"),
        "{shown}"
    );
    assert!(shown.contains("the first run makes it"), "{shown}");
    let config = read(folder.path(), "conformance.toml");
    assert!(
        config.contains("# merchants = [\"") && !config.contains(password),
        "{config}"
    );
    assert!(read(folder.path(), ".gitignore").contains("/google-key.json"));
    assert!(read(folder.path(), ".github/workflows/conformance.yml").contains("conformance run --ci"));
    let listen = format!("127.0.0.1:{}", free_port());
    let run = [
        "run",
        "lifecycle/cancel-by-google",
        "--listen",
        &listen,
        "--snapshots",
        "kept",
    ];
    let output = with_credentials(folder.path(), &run, user, password);
    // All snapshots are new.
    assert_eq!(output.status.code(), Some(4), "{}{}", out(&output), err(&output));
    assert!(out(&output).contains(" passed"), "{}", out(&output));
}

/// True where every line of the first text stands in the second, in order.
fn is_within(old: &str, new: &str) -> bool {
    let mut new = new.lines();
    old.lines().all(|line| new.any(|other| other == line))
}

#[test]
fn a_second_one_adds_what_is_missing_and_changes_nothing_that_a_person_wrote() {
    let folder = tempfile::tempdir().unwrap();
    let url = serve(|asked| match asked.path.as_str() {
        "/v3/ListBookings" => told(501, "{}"),
        _ => told(200, "{}"),
    });
    let own = format!(
        "# mine\n[target]   # here\nbase_url = \"{url}\"   # why\n\n[inventory] # what\n# nothing yet\n"
    );
    std::fs::write(folder.path().join("conformance.toml"), &own).unwrap();
    std::fs::write(folder.path().join(".gitignore"), "target\n").unwrap();
    std::fs::write(folder.path().join(".gitlab-ci.yml"), "mine: {}\n").unwrap();
    std::fs::create_dir(folder.path().join("feeds")).unwrap();
    let arguments = [
        "init",
        "--yes",
        "--target",
        "http://127.0.0.1:1",
        "--ci",
        "gitlab",
    ];
    let shown = out(&with_credentials(
        folder.path(),
        &arguments,
        "google",
        "correct-horse",
    ));
    for part in [
        &format!("the target stays {url}: change base_url"),
        "added to conformance.toml, where your own lines stay as they are",
        "[inventory] feeds = \"feeds\"",
        "[target] auth",
        "[notifications]",
        "[triggers]",
        "list_bookings: as a comment",
        "wrong        ListBookings",
    ] {
        assert!(shown.contains(part), "{part}: {shown}");
    }
    let config = read(folder.path(), "conformance.toml");
    assert!(
        is_within(&own, &config) && !config.contains("correct-horse"),
        "{config}"
    );
    assert!(
        config.contains("[inventory] # what\nfeeds = \"feeds\"\n"),
        "{config}"
    );
    let again = out(&with_credentials(
        folder.path(),
        &arguments,
        "google",
        "correct-horse",
    ));
    assert!(
        again.contains("conformance.toml is there, and stays as it is"),
        "{again}"
    );
    assert!(again.contains(".gitignore has what it needs"), "{again}");
    assert_eq!(read(folder.path(), "conformance.toml"), config);
    assert_eq!(read(folder.path(), ".gitlab-ci.yml"), "mine: {}\n");
    assert!(read(folder.path(), ".gitignore").starts_with("target\n/google-key.json\n"));
    assert!(read(folder.path(), ".gitlab/conformance.yml").contains("conformance run --ci"));
}

#[test]
fn a_config_that_cannot_be_used_yet_is_added_to_and_a_broken_one_is_not() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("conformance.toml");
    let own = "[target]\nbase_url = \"http://127.0.0.1:1\"\nauth = { user = { env = \"NOT_SET_U\" }, password = { env = \"NOT_SET_P\" } }\n";
    std::fs::write(&path, own).unwrap();
    let output = exits(folder.path(), &["init", "--yes"], 0);
    assert!(
        err(&output).contains("NOT_SET_U") && err(&output).contains("not looked at"),
        "{}",
        err(&output)
    );
    let config = read(folder.path(), "conformance.toml");
    assert!(
        config.starts_with(own) && config.contains("\n[notifications]\n"),
        "{config}"
    );
    std::fs::write(&path, "[target\n").unwrap();
    let words = err(&exits(folder.path(), &["init", "--yes"], 2));
    assert!(words.contains("conformance.toml"), "{words}");
    assert_eq!(read(folder.path(), "conformance.toml"), "[target\n");
}

#[test]
fn a_server_that_is_down_or_open_gets_a_config_that_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let url = serve(|asked| match asked.path.as_str() {
        "/v3/ListBookings" => told(501, "{}"),
        _ => told(200, "{}"),
    });
    let shown = out(&exits(folder.path(), &["init", "--yes", "--target", &url], 0));
    assert!(shown.contains("wrong        ListBookings"), "{shown}");
    let config = read(folder.path(), "conformance.toml");
    assert!(
        config.contains("\n# auth     = ") && config.contains("\n# list_bookings = false"),
        "{config}"
    );
    let other = tempfile::tempdir().unwrap();
    let arguments = ["init", "--yes", "--target", "http://127.0.0.1:1"];
    let shown = out(&exits(other.path(), &arguments, 0));
    assert!(
        shown.contains("wrong        reached") && shown.contains("export PARTNER_USER=…"),
        "{shown}"
    );
    assert!(read(other.path(), "conformance.toml").contains("\nauth     = "));
}

#[test]
fn what_cannot_be_used_is_refused_before_anything_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let wrong = |arguments: &[&str], part: &str| {
        let words = err(&exits(
            folder.path(),
            &[&["init", "--yes"], arguments].concat(),
            2,
        ));
        assert!(words.contains(part), "{words}");
    };
    wrong(&[], "init has to know where your server is");
    wrong(&["--target", "https://h.example/v3"], "must end before /v3");
    wrong(
        &["--target", "https://h.example", "--feeds", "none"],
        "is no folder",
    );
    wrong(
        &["--target", "https://h.example", "--name", "../up"],
        "cannot name a folder",
    );
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}
