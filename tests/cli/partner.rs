//! Targets that are down, snapshots that differ, reports that cannot be kept.

use super::support::{Partner, err, exits, out, unpacked};
use std::path::Path;

/// One scenario is enough where the whole suite would only take time.
const ONE: &str = "lifecycle/cancel-by-google";

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

/// The reference partner's config with some text replaced.
fn rewrite(path: &Path, from: &str, to: &str) {
    let text = std::fs::read_to_string(path).unwrap();
    assert!(text.contains(from), "{text}");
    std::fs::write(path, text.replace(from, to)).unwrap();
}

#[test]
fn a_target_that_is_down_is_exit_3() {
    let folder = folder();
    let partner = Partner::start(folder.path());
    let config = partner.config.clone();
    drop(partner);
    let output = exits(folder.path(), &["run", "-c", config.to_str().unwrap()], 3);
    assert_eq!(out(&output), "", "not a line per scenario");
    let text = err(&output);
    assert!(
        text.contains("cannot be reached") && text.lines().count() <= 4,
        "{text}"
    );
}

#[test]
fn a_changed_snapshot_in_ci_is_exit_4_and_writes_nothing() {
    let folder = folder();
    exits(folder.path(), &["run", ONE, "--snapshots", "snapshots"], 0);
    let accepted = folder.path().join("snapshots/reference/lifecycle");
    std::fs::create_dir_all(&accepted).unwrap();
    let bundled = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("snapshots/reference")
        .join(ONE)
        .with_extension("snap");
    let text = std::fs::read_to_string(bundled).unwrap();
    assert!(text.contains("\n  status: CANCELED\n"), "{text}");
    let snapshot = accepted.join("cancel-by-google.snap");
    std::fs::write(
        &snapshot,
        text.replace("\n  status: CANCELED\n", "\n  status: CANCELLED\n"),
    )
    .unwrap();
    let output = exits(folder.path(), &["run", ONE, "--ci"], 4);
    let shown = out(&output);
    assert!(
        shown.contains("-  status: CANCELLED") && shown.contains("+  status: CANCELED"),
        "{shown}"
    );
    assert_eq!(
        std::fs::read_dir(&accepted).unwrap().count(),
        1,
        "nothing is written in CI"
    );

    // Somebody at the keyboard gets it to review, and accepts it.
    exits(folder.path(), &["run", ONE], 4);
    let pending = out(&exits(folder.path(), &["pending"], 4));
    assert!(pending.contains(ONE), "{pending}");
    exits(folder.path(), &["review"], 2);
    exits(folder.path(), &["accept", ONE], 0);
    exits(folder.path(), &["pending"], 0);
    exits(folder.path(), &["run", ONE, "--ci"], 0);
}

#[test]
fn an_obsolete_snapshot_is_exit_4() {
    let folder = folder();
    let gone = folder.path().join("snapshots/reference/gone");
    std::fs::create_dir_all(&gone).unwrap();
    std::fs::write(
        gone.join("long-ago.snap"),
        "---\nsource: x\ndescription: x\n---\n> GET /v3/HealthCheck\n",
    )
    .unwrap();
    let output = exits(folder.path(), &["run", "health/serving", "--ci"], 4);
    assert!(out(&output).contains("gone/long-ago"), "{}", out(&output));
}

#[test]
fn a_report_that_cannot_be_kept_is_never_green() {
    let folder = folder();
    std::fs::write(folder.path().join("file"), "").unwrap();
    let output = exits(
        folder.path(),
        &["run", "health/serving", "--report", "json=file/run.json"],
        3,
    );
    assert!(err(&output).contains("could not be kept"), "{}", err(&output));
}

#[test]
fn a_trigger_that_is_missing_or_declared_absent_is_told_apart() {
    let folder = folder();
    let partner = Partner::start(folder.path());
    rewrite(
        &partner.config,
        "[triggers.unpaid]\nhttp =",
        "[triggers.unpaid]\nnone = \"paid at once\" #",
    );
    let arguments = |scenario| ["run", "-c", "c.toml", scenario, "--ci"];
    let output = exits(
        folder.path(),
        &[
            "run",
            "-c",
            "c.toml",
            "online/unpaid",
            "lifecycle/unknown-booking",
            "--ci",
        ],
        0,
    );
    assert!(
        out(&output).contains("declared as not offered: paid at once"),
        "{}",
        out(&output)
    );
    rewrite(
        &partner.config,
        "[triggers.merchant_cancel]\nhttp =",
        "[triggers.confirm]\nnone = \"x\"\n# http =",
    );
    rewrite(&partner.config, "[triggers.confirm]\nhttp =", "# http =");
    let output = exits(folder.path(), &arguments("lifecycle/merchant-cancels"), 3);
    assert!(
        out(&output).contains("add [triggers.merchant_cancel]"),
        "{}",
        out(&output)
    );
}

#[test]
fn junit_is_xml_that_names_every_scenario() {
    let folder = folder();
    exits(
        folder.path(),
        &[
            "run",
            "health/**",
            "lifecycle/**",
            "--report",
            "junit=j.xml",
            "-q",
        ],
        0,
    );
    let xml = std::fs::read_to_string(folder.path().join("j.xml")).unwrap();
    assert!(
        xml.starts_with("<?xml") && xml.trim_end().ends_with("</testsuites>"),
        "{xml}"
    );
    assert!(
        xml.contains("name=\"lifecycle/taken-slot\"") && xml.contains("<skipped"),
        "{xml}"
    );
}

#[test]
fn secrets_stand_in_no_artefact() {
    let folder = folder();
    let partner = Partner::start(folder.path());
    let secrets: Vec<_> = ["password", "console-token"]
        .into_iter()
        .map(|name| partner.secret(name))
        .collect();
    let arguments = [
        "run",
        "-c",
        "c.toml",
        "deposit/**",
        "--report",
        "json=run.json",
        "--report",
        "recording=r.json",
        "-v",
    ];
    let output = exits(folder.path(), &arguments, 0);
    let kept = ["run.json", "r.json"].map(|name| unpacked(&folder.path().join(name)));
    let key = std::fs::read_to_string(folder.path().join("google-key.json")).unwrap();
    assert!(key.contains("PRIVATE KEY"));
    for text in kept.iter().chain([&out(&output), &err(&output)]) {
        assert!(!secrets.iter().any(|secret| text.contains(secret.trim())));
        assert!(!text.contains("PRIVATE KEY") && !text.contains("Bearer ya29"));
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = std::fs::metadata(folder.path().join("google-key.json"))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}
