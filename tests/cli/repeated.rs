//! The same run again gives the same report.

use super::support::{Partner, differences, err, exits, json, out, without_varying};

#[test]
fn the_main_job_is_green_and_says_what_it_did() {
    let folder = tempfile::tempdir().unwrap();
    let output = exits(folder.path(), &["run", "--ci"], 0);
    let text = out(&output);
    let last: Vec<&str> = text.lines().rev().take(14).collect();
    for word in [
        "target",
        "scenarios",
        "requirements",
        "notifications",
        "bookings",
        "verdict",
    ] {
        assert!(last.iter().any(|line| line.starts_with(word)), "{word}\n{text}");
    }
    assert!(
        last[1].contains("conformant") && !last[1].contains("not conformant"),
        "{text}"
    );
    assert!(text.lines().count() <= 40, "{text}");
    let shown = err(&output);
    for line in [shown.lines().next(), last.first().copied()] {
        assert!(
            line.is_some_and(|line| line.contains("the bundled reference partner")),
            "{shown}\n{text}"
        );
    }
    assert!(text.contains("none left standing"), "{text}");
    assert!(
        !folder.path().join("snapshots").exists(),
        "nothing to review, nothing written"
    );
}

#[test]
fn two_processes_two_runs_one_verdict() {
    // Three runs within a minute would be more calls than Google's quota allows one partner, who then waits.
    let folders = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let partners = folders.each_ref().map(|folder| Partner::start(folder.path()));
    assert!(partners[0].base_url.starts_with("http://127.0.0.1:"));
    let run = |partner: usize, name: &str, jobs: &str| {
        let folder = folders[partner].path();
        let report = format!("json={name}");
        exits(
            folder,
            &["run", "-c", "c.toml", "--ci", "--jobs", jobs, "--report", &report],
            0,
        );
        let report = json(&folder.join(name));
        assert_eq!(report["cleanup"]["leftovers"], serde_json::json!([]));
        report
    };
    let (first, second) = (run(0, "a.json", "16"), run(0, "b.json", "16"));
    let narrow = run(1, "c.json", "1");
    let first = without_varying(first);
    for other in [second, narrow] {
        assert_eq!(
            differences("", &first, &without_varying(other)),
            Vec::<String>::new()
        );
    }
    assert_eq!(first["verdict"], "conformant");
}
