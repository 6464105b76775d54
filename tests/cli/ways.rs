//! The ways to get the program agree with each other: systems, versions, flags.

use crate::support::{exits, out};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

const ACTION: &str = ".github/actions/conformance/action.yml";
const RELEASE: &str = ".github/workflows/release.yml";

fn text(file: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(file)).unwrap()
}

/// What stands behind each place of a mark, up to one of the ends.
fn behind<'t>(text: &'t str, mark: &str, ends: &[char]) -> Vec<&'t str> {
    text.split(mark)
        .skip(1)
        .map(|rest| rest.split(ends).next().unwrap())
        .collect()
}

#[test]
fn every_system_of_a_release_can_be_taken() {
    let (release, action, npm) = (text(RELEASE), text(ACTION), text("packaging/npm/build.mjs"));
    let built: BTreeSet<_> = behind(&release, "{ target: ", &[',']).into_iter().collect();
    let taken: BTreeSet<_> = behind(&action, "file=conformance-", &['.']).into_iter().collect();
    assert_eq!(built, taken);
    assert_eq!(built.len(), 5);

    let packed: BTreeSet<_> = behind(&release, "npm: ", &[' ']).into_iter().collect();
    let list = behind(&npm, "const PLATFORMS = [", &[']'])[0];
    let known: BTreeSet<_> = list.split(", ").map(|word| word.trim_matches('"')).collect();
    assert_eq!(packed, known);
}

#[test]
fn the_versions_that_are_named_are_this_one() {
    let version = env!("CARGO_PKG_VERSION");
    let mut seen = 0;
    for file in [
        ACTION,
        "docs/install.md",
        "docs/ci.md",
        "packaging/kubernetes/job.yaml",
        "packaging/gitlab/conformance.gitlab-ci.yml",
    ] {
        let text = text(file);
        for mark in [
            "conformance@v",
            "ref: v",
            "such as v",
            "example/conformance:",
            "g_conformance-",
            "conformance-linux-x64-",
        ] {
            for named in behind(&text, mark, &[' ', '\n', ',', '-']) {
                assert_eq!(
                    named.trim_end_matches(".tgz").trim_end_matches('.'),
                    version,
                    "{file}: {mark}"
                );
                seen += 1;
            }
        }
    }
    assert!(seen >= 8, "{seen}");
}

#[test]
fn the_flags_that_they_give_are_flags_of_run() {
    let folder = tempfile::tempdir().unwrap();
    let help = out(&exits(folder.path(), &["run", "--help"], 0));
    for file in [
        ACTION,
        "packaging/gitlab/conformance.gitlab-ci.yml",
        "packaging/kubernetes/job.yaml",
        "packaging/container/Dockerfile",
    ] {
        let text = text(file);
        // Comments tell of other programs.
        let lines = text.lines().filter(|line| !line.trim_start().starts_with('#'));
        let lines = lines.filter(|line| ["run", "--report"].iter().any(|word| line.contains(word)));
        let lines = lines.filter(|line| !line.contains("COPY") && !line.contains("RUN"));
        let words: Vec<_> = lines
            .flat_map(|line| line.split([' ', '"', '`', ',', '[']))
            .collect();
        let flags = words.iter().filter(|word| word.starts_with("--"));
        for flag in flags {
            assert!(help.contains(*flag), "{file}: {flag}");
        }
        let forms = words
            .iter()
            .filter_map(|word| word.split_once("=$OUT/").or_else(|| word.split_once("=out/")));
        for (form, _) in forms {
            assert!(help.contains(&format!("- {form}:")), "{file}: no report {form}");
        }
    }
}
