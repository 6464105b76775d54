//! What is shown while a run goes on, where it is no terminal.

use super::small::{Asked, serve, told};
use super::support::{err, out, program, run};

fn lines(text: &str) -> Vec<&str> {
    text.lines().collect()
}

#[test]
fn without_a_terminal_each_group_is_a_line_and_no_line_changes() {
    let folder = tempfile::tempdir().unwrap();
    let output = run(
        folder.path(),
        &["run", "--ci", "basic/*", "offers/*", "--color", "always"],
    );
    let text = err(&output);
    let all = lines(&text);
    assert!(
        all[0].contains("running ") && all[0].contains("the bundled reference partner"),
        "{text}"
    );
    let groups: Vec<&&str> = all.iter().filter(|line| line.contains(" done after ")).collect();
    assert_eq!(groups.len(), 2, "{text}");
    for name in ["basic: 10 scenarios", "offers: 1 scenario"] {
        assert!(groups.iter().any(|line| line.starts_with(name)), "{text}");
    }
    assert!(!text.contains("look") && !text.contains('\u{1b}'), "{text}");
    let quiet = run(folder.path(), &["run", "--ci", "-q", "basic/*"]);
    assert_eq!(err(&quiet), "");
}

#[test]
fn what_looks_wrong_is_told_as_it_comes_and_the_end_finds_it_wrong() {
    let folder = tempfile::tempdir().unwrap();
    let url = serve(|asked: &Asked| {
        let path = asked.path.trim_end_matches('/');
        if path.ends_with("HealthCheck") {
            return told(200, r#"{"status":"SERVING"}"#);
        }
        told(501, r#"{"error":"not built yet"}"#)
    });
    let output = program(folder.path())
        .args([
            "run",
            "--ci",
            "--target",
            &url,
            "--slot",
            "m/s/2031-05-05T09:00:00Z",
            "basic/*",
        ])
        .envs([("PARTNER_USER", "google"), ("PARTNER_PASSWORD", "correct-horse")])
        .output()
        .unwrap();
    let (text, report) = (err(&output), out(&output));
    let wrong: Vec<&str> = lines(&text)
        .into_iter()
        .filter_map(|line| line.strip_prefix("looks wrong: "))
        .collect();
    assert!(!wrong.is_empty(), "{text}\n{report}");
    for line in wrong {
        let (id, seen) = line.split_once(": ").unwrap();
        assert!(
            seen.ends_with(" was answered HTTP 501") || seen.contains("HealthCheck"),
            "{line}"
        );
        assert!(report.contains(id), "{line}\n{report}");
    }
}
