//! What is left out by `--not` and `[[skip]]`: exit codes, words and reports.

use super::faulty::{Faulty, HEALTH, ONE, assert_says, by_id, line, misspell};
use super::support::{err, exits, out};
use serde_json::{Value, json as value};

#[test]
fn what_is_left_out_is_listed_and_the_bare_word_is_not_said() {
    let faulty = Faulty::start(misspell);
    let skip = format!("[[skip]]\nscenario = \"{ONE}\"\nreason = \"the state is mended in May\"\n");
    let both = [ONE, HEALTH];
    let (text, report) = faulty.run(&skip, &both, 0);
    assert!(
        line(&text, "verdict").starts_with("conformant in what ran: 1 of "),
        "{text}"
    );
    let place = faulty.line_of(ONE);
    let told = format!("1 scenario left out by {place}: the state is mended in May: {ONE}");
    assert_eq!(line(&text, "left out"), told);
    let kept = &report["skipped"][0];
    assert_eq!(
        (&kept["place"], &kept["scenarios"]),
        (&value!(place), &value!([ONE]))
    );
    let scenario = by_id(&report, "scenarios", ONE);
    assert_eq!(scenario["verdict"], "not_run");
    assert_eq!(
        scenario["reason"],
        format!("left out by {place}: the state is mended in May")
    );

    let (text, report) = faulty.run("", &[ONE, HEALTH, "--not", "lifecycle/**"], 0);
    assert_eq!(
        line(&text, "left out"),
        format!("1 scenario left out by --not lifecycle/**: {ONE}")
    );
    assert_eq!(report["skipped"][0]["reason"], Value::Null);
    let list = ["list", "scenarios", "-c", "c.toml", "--not", "lifecycle/**"];
    let text = out(&exits(faulty.path(), &list, 0));
    let row = text.lines().find(|line| line.contains(ONE)).unwrap();
    assert!(
        row.starts_with("not_run") && row.ends_with("left out by --not lifecycle/**"),
        "{row}"
    );
}

#[test]
fn waivers_and_skips_of_the_working_folder_hold_for_the_bundled_partner() {
    let folder = tempfile::tempdir().unwrap();
    let text = format!(
        "[run]\nci = true\n[[skip]]\nscenario = \"{ONE}\"\nreason = \"r\"\n[[waiver]]\nrequirement = \"BS-LIST-04\"\n\
         reason = \"r\"\nowner = \"o\"\nexpires = 2020-01-01\n"
    );
    std::fs::write(folder.path().join("conformance.toml"), text).unwrap();
    // A dry run says the same of the waiver, and needs nobody.
    let dry = exits(folder.path(), &["run", "--dry-run", ONE, HEALTH], 0);
    let told = err(&dry);
    assert!(
        line(&told, "waivers").starts_with("conformance.toml:10: BS-LIST-04 expired"),
        "{told}"
    );
    let text = out(&exits(folder.path(), &["run", ONE, HEALTH], 4));
    assert!(line(&text, "left out").contains(ONE), "{text}");
    assert!(
        line(&text, "waivers").starts_with("conformance.toml:10: BS-LIST-04 expired"),
        "{text}"
    );
    let text = out(&exits(folder.path(), &["list", "scenarios"], 0));
    let row = text.lines().find(|line| line.contains(ONE)).unwrap();
    assert!(row.starts_with("not_run"), "{row}");
}

#[test]
fn leaving_out_nothing_or_everything_or_a_needed_basic_is_wrong_input() {
    let faulty = Faulty::start(misspell);
    let skip = |scenario: &str| format!("[[skip]]\nscenario = \"{scenario}\"\nreason = \"r\"\n");
    let run = ["run", "-c", "c.toml", ONE];
    let text = faulty.refused("", &["run", "-c", "c.toml", "--not", "lifecycel/**"]);
    assert_says(
        &text,
        "--not lifecycel/** leaves nothing out: no scenario matches it",
    );
    faulty.refused(
        "",
        &["list", "scenarios", "-c", "c.toml", "--not", "lifecycel/**"],
    );
    faulty.refused("", &["list", "requirements", "--not", "lifecycle/**"]);
    let text = faulty.refused(&skip("lifecycle/cancel-by-gogle"), &run);
    let place = faulty.line_of("by-gogle");
    assert_says(
        &text,
        &format!("{place}: [[skip]] `lifecycle/cancel-by-gogle` leaves nothing out"),
    );
    assert_says(&text, &format!("did you mean `{ONE}`?"));
    let text = faulty.refused(&skip(ONE), &run);
    assert_says(&text, "nothing is left to run");
    assert_says(&text, &faulty.line_of(ONE));
    let text = faulty.refused(&skip("basic/booking"), &run);
    assert_says(&text, "basic/booking cannot be left out");
    assert_says(&text, &format!("such as {ONE}"));
}
