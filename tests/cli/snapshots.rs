//! Snapshots from the first run in CI to the accepted ones of a repository.

use super::support::{Partner, err, exits, json, out, unpacked};
use std::fs;
use std::path::Path;

/// One scenario is enough where the whole suite would only take time.
const ONE: &str = "lifecycle/unknown-booking";

/// A partner that nobody has snapshots of.
pub(super) fn new_partner(folder: &Path) -> Partner {
    let partner = Partner::start(folder);
    let text = fs::read_to_string(&partner.config).unwrap();
    let name = text.lines().find(|line| line.starts_with("name = ")).unwrap();
    fs::write(&partner.config, text.replacen(name, "name = \"staging\"", 1)).unwrap();
    partner
}

/// A folder of own scenarios: one that every right server passes, and one that none does.
pub(super) fn own_scenarios(folder: &Path) {
    let own = folder.join("scenarios/own");
    fs::create_dir_all(&own).unwrap();
    let scenario = |status| {
        format!(
            "title: The health check of our own\nserves: [BS-HEALTH-01]\nsteps:\n  - call: HealthCheck\n    \
             expect: {{ requirement: BS-HEALTH-01, status: [{status}] }}\n"
        )
    };
    fs::write(own.join("right.yaml"), scenario(200)).unwrap();
    fs::write(own.join("wrong.yaml"), scenario(418)).unwrap();
}

/// The message of a refusal, without the line breaks and bars of its frame.
pub(super) fn refusal(folder: &Path, arguments: &[&str]) -> String {
    let text = err(&exits(folder, arguments, 2));
    let words = text.split_whitespace().filter(|word| *word != "│");
    words.collect::<Vec<_>>().join(" ")
}

#[test]
fn the_first_run_in_ci_leaves_an_artefact_that_accept_takes() {
    let folder = tempfile::tempdir().unwrap();
    let _partner = new_partner(folder.path());
    let run = ["run", "-c", "c.toml", ONE, "--ci"];
    let first = out(&exits(folder.path(), &run, 4));
    assert!(first.contains("run again with --report snapshots=DIR"), "{first}");
    let keeping = [
        &run[..],
        &["--report", "snapshots=out/snaps", "--report", "json=out/run.json"],
    ]
    .concat();
    let kept = out(&exits(folder.path(), &keeping, 4));
    assert!(kept.contains("conformance accept --from out/snaps"), "{kept}");
    assert!(
        !folder.path().join("snapshots").exists(),
        "nothing is written there in CI"
    );
    let among = [&run[..], &["--report", "snapshots=snapshots/staging"]].concat();
    assert!(refusal(folder.path(), &among).contains("is inside the folder of accepted snapshots"));

    let accepted = out(&exits(folder.path(), &["accept", "--from", "out/snaps"], 0));
    assert!(
        accepted.contains(&format!("accepted  staging  {ONE}")),
        "{accepted}"
    );
    exits(folder.path(), &run, 0);
    let again = out(&exits(
        folder.path(),
        &["accept", "--from", "out/snaps", "lifecycle/**"],
        0,
    ));
    assert!(
        again.contains(&format!("accepted before  staging  {ONE}")),
        "{again}"
    );
    let nothing = [&run[..], &["--report", "snapshots=out/snaps"]].concat();
    exits(folder.path(), &nothing, 0);
    let empty = out(&exits(folder.path(), &["accept", "--from", "out/snaps"], 0));
    assert!(empty.contains("no snapshot is pending"), "{empty}");
}

#[test]
fn an_artefact_that_is_not_whole_or_not_ours_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    own_scenarios(folder.path());
    let run = [
        "run",
        "own/right",
        "--ci",
        "--scenarios",
        "scenarios",
        "--report",
        "snapshots=out",
    ];
    exits(folder.path(), &run, 4);
    let accept = ["accept", "--from", "out"];
    let with = |more: &[&'static str]| [&accept[..], more].concat();
    assert!(refusal(folder.path(), &accept).contains("scenarios that are not known here: own/right"));
    let own = with(&["--scenarios", "scenarios"]);
    assert!(
        refusal(folder.path(), &with(&["--target", "staging"]))
            .contains("of target reference, not of staging")
    );
    assert!(refusal(folder.path(), &with(&["deposit/**"])).contains("no snapshot of deposit/** is pending"));

    let file = folder.path().join("out/own/right.snap.new");
    let whole = fs::read_to_string(&file).unwrap();
    fs::write(&file, whole.replace("< 200", "< 204")).unwrap();
    assert!(refusal(folder.path(), &own).contains("own/right.snap.new was changed"));
    fs::remove_file(&file).unwrap();
    assert!(refusal(folder.path(), &own).contains("own/right.snap.new is missing"));
    fs::write(&file, &whole).unwrap();
    fs::write(folder.path().join("out/own/other.snap.new"), &whole).unwrap();
    assert!(refusal(folder.path(), &own).contains("own/other.snap.new is not in snapshots.json"));
    fs::remove_file(folder.path().join("out/own/other.snap.new")).unwrap();
    let manifest = fs::read_to_string(folder.path().join("out/snapshots.json")).unwrap();
    fs::remove_file(folder.path().join("out/snapshots.json")).unwrap();
    assert!(refusal(folder.path(), &own).contains("holds no snapshots.json"));
    fs::write(folder.path().join("out/snapshots.json"), manifest).unwrap();
    assert!(!folder.path().join("snapshots").exists());

    // Somebody accepted something else in the meantime.
    let accepted = folder.path().join("snapshots/reference/own");
    fs::create_dir_all(&accepted).unwrap();
    fs::write(accepted.join("right.snap"), whole.replace("< 200", "< 204")).unwrap();
    assert!(refusal(folder.path(), &own).contains("is not the one that the run compared with"));
    fs::remove_file(accepted.join("right.snap")).unwrap();
    exits(folder.path(), &own, 0);
    exits(
        folder.path(),
        &["run", "own/right", "--ci", "--scenarios", "scenarios"],
        0,
    );
}

#[test]
fn a_snapshot_of_a_failing_scenario_is_accepted_only_by_name() {
    let folder = tempfile::tempdir().unwrap();
    own_scenarios(folder.path());
    let run = [
        "run",
        "own/**",
        "--scenarios",
        "scenarios",
        "--report",
        "snapshots=out",
    ];
    let shown = out(&exits(folder.path(), &run, 1));
    assert!(
        shown.contains("snapshots: 2 new; 1 of them of failing scenarios, which accept leaves out"),
        "{shown}"
    );
    let file = folder.path().join("snapshots/reference/own/wrong.snap.new");
    let text = fs::read_to_string(file).unwrap();
    assert!(
        text.contains("  judged:\n    verdict: \"fail\"\n    violated:\n      - \"BS-HEALTH-01\"\n---"),
        "{text}"
    );
    let pending = out(&exits(folder.path(), &["pending", "own/*"], 4));
    assert!(pending.contains("reference  own/right  new\n"), "{pending}");
    assert!(
        pending.contains("reference  own/wrong  new, its scenario fails BS-HEALTH-01"),
        "{pending}"
    );

    let other = tempfile::tempdir().unwrap();
    let from = folder.path().join("out").display().to_string();
    let scenarios = folder.path().join("scenarios").display().to_string();
    let accept_from = ["accept", "--from", &from, "--scenarios", &scenarios];
    for (place, arguments) in [
        (folder.path(), &["accept", "--all"][..]),
        (other.path(), &accept_from[..]),
    ] {
        let done = out(&exits(place, arguments, 4));
        assert!(done.contains("accepted  reference  own/right"), "{done}");
        assert!(
            done.contains("left out  reference  own/wrong: its scenario fails BS-HEALTH-01"),
            "{done}"
        );
    }
    exits(folder.path(), &["accept", "own/*"], 4);
    exits(folder.path(), &["accept", "own/wrong"], 0);
    exits(folder.path(), &["pending", "--scenarios", "scenarios"], 0);
    exits(other.path(), &[&accept_from[..], &["--failing"]].concat(), 0);
    exits(folder.path(), &["run", "own/**", "--scenarios", "scenarios"], 1);
}

#[test]
fn a_recording_gives_the_same_snapshots_as_the_artefact() {
    let folder = tempfile::tempdir().unwrap();
    own_scenarios(folder.path());
    let _partner = new_partner(folder.path());
    let run = [
        "run",
        "-c",
        "c.toml",
        "--scenarios",
        "scenarios",
        "own/**",
        ONE,
        "deposit/refund-before-cutoff",
        "wire/utf8",
        "wire/malformed-json",
        "--ci",
        "--report",
        "snapshots=out",
        "--report",
        "recording=r.json",
    ];
    exits(folder.path(), &run, 1);
    let accept = |from, into| {
        [
            "accept",
            "--from",
            from,
            "--snapshots",
            into,
            "--scenarios",
            "scenarios",
        ]
    };
    let done = out(&exits(folder.path(), &accept("r.json", "one"), 4));
    assert!(
        done.contains("left out  staging  own/wrong: its scenario fails BS-HEALTH-01"),
        "{done}"
    );
    let failing = |from, into| [&accept(from, into)[..], &["--failing"]].concat();
    exits(folder.path(), &failing("r.json", "one"), 0);
    exits(folder.path(), &failing("out", "two"), 0);
    let manifest = json(&folder.path().join("out/snapshots.json"));
    let listed = manifest["snapshots"].as_array().unwrap();
    let ids: Vec<_> = listed.iter().map(|one| one["id"].as_str().unwrap()).collect();
    assert!(
        ids.len() > 6 && ids.contains(&"deposit/refund-before-cutoff"),
        "{ids:?}"
    );
    for id in ids {
        let read = |root: &str| {
            let file = folder.path().join(root).join("staging").join(id);
            fs::read_to_string(file.with_extension("snap")).unwrap()
        };
        assert_eq!(read("one"), read("two"), "{id}");
    }
    let again = out(&exits(folder.path(), &accept("r.json", "one"), 0));
    assert!(
        again.contains("no snapshot is pending"),
        "what is as accepted is not offered: {again}"
    );

    let text = unpacked(&folder.path().join("r.json"));
    let alter = |text: &str| fs::write(folder.path().join("r.json"), recording::pack(text)).unwrap();
    alter(&text.replacen("\"status\":200", "\"status\":204", 1));
    assert!(refusal(folder.path(), &accept("r.json", "one")).contains("r.json is damaged"));
    alter(&text[..text.len() / 2]);
    assert!(refusal(folder.path(), &accept("r.json", "one")).contains("r.json is damaged"));
}
