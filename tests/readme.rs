//! What README.md shows is tried: the config and the scenario load, the commands and their flags exist, the exit codes are right.

#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use config::{self, Trigger};
use domain::TriggerName;
use outcome::RunVerdict;
use scenario::{self, Source};
use std::fs;
use std::path::Path;
use std::process::Command;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn readme() -> String {
    fs::read_to_string(root().join("README.md")).unwrap()
}

/// The contents of the fenced blocks of a language.
fn blocks<'t>(text: &'t str, language: &str) -> Vec<&'t str> {
    let open = format!("```{language}\n");
    let after = text.split(open.as_str()).skip(1);
    after.map(|rest| rest.split("```").next().unwrap()).collect()
}

/// Every command line of the program, from the shell blocks and from the prose.
fn commands(text: &str) -> Vec<String> {
    let prose = text.split('`').skip(1).step_by(2);
    let shell = blocks(text, "sh").into_iter().flat_map(str::lines);
    let all = prose.chain(shell).map(|line| line.split('#').next().unwrap());
    let joined = all.map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
    joined
        .filter_map(|line| line.strip_prefix("conformance ").map(ToOwned::to_owned))
        .collect()
}

fn help(command: &str) -> String {
    let run = Command::new(env!("CARGO_BIN_EXE_conformance"))
        .args([command, "--help"])
        .output()
        .unwrap();
    assert!(run.status.success(), "conformance {command} --help");
    String::from_utf8(run.stdout).unwrap()
}

#[test]
fn the_config_loads_with_every_key() {
    let text = readme();
    let [config] = blocks(&text, "toml")[..] else {
        panic!("one config");
    };
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("feeds")).unwrap();
    let path = folder.path().join("conformance.toml");
    fs::write(&path, config).unwrap();
    let env = |name: &str| match name {
        "CALLBACK_URL" => Some("https://callback.example".to_owned()),
        other => config.contains(other).then(|| format!("the {other}")),
    };
    let config =
        config::load(&path, None, &env).unwrap_or_else(|errors| panic!("{:?}", miette::Report::new(errors)));
    assert_eq!(config.target.unwrap().name, "staging");
    assert_eq!(config.triggers.len(), 4);
    assert!(matches!(config.triggers[&TriggerName::Decline], Trigger::None(_)));
    assert_eq!(config.run.report.len(), 2);
}

#[test]
fn the_scenario_loads() {
    let text = readme();
    let [yaml] = blocks(&text, "yaml")[..] else {
        panic!("one scenario");
    };
    let source = Source {
        id: "own/cancel".to_owned(),
        file: "README.md".to_owned(),
        text: yaml.to_owned(),
    };
    let loaded =
        scenario::load(&[source]).unwrap_or_else(|problems| panic!("{:?}", miette::Report::new(problems)));
    assert_eq!(loaded[0].steps.len(), 3);
}

#[test]
fn the_commands_and_their_flags_exist() {
    let commands = commands(&readme());
    assert!(commands.len() > 8, "{commands:?}");
    for line in commands {
        let mut words = line.split(' ');
        let help = help(words.next().unwrap());
        for flag in words.filter(|word| word.starts_with('-')) {
            assert!(help.contains(flag), "conformance {line}: no {flag}");
        }
    }
}

#[test]
fn the_flags_in_the_prose_are_flags_of_run() {
    let (text, help) = (readme(), help("run"));
    let prose = text.split('`').skip(1).step_by(2);
    for flag in prose.filter_map(|code| {
        code.split([' ', '='])
            .next()
            .filter(|word| word.starts_with("--"))
    }) {
        assert!(help.contains(flag), "{flag}");
    }
}

#[test]
fn the_exit_codes_are_those_of_the_program() {
    let text = readme();
    let table = text
        .lines()
        .filter_map(|line| line.strip_prefix("| ")?.split(' ').next()?.parse::<u8>().ok());
    let mut codes: Vec<_> = [
        RunVerdict::Conformant,
        RunVerdict::NotConformant,
        RunVerdict::NotJudged,
        RunVerdict::NeedsReview,
        RunVerdict::HarnessError,
        RunVerdict::Interrupted,
    ]
    .map(RunVerdict::exit_code)
    .to_vec();
    let wrong = Command::new(env!("CARGO_BIN_EXE_conformance"))
        .args(["run", "--no-such-flag"])
        .output()
        .unwrap();
    codes.push(u8::try_from(wrong.status.code().unwrap()).unwrap());
    codes.sort_unstable();
    assert_eq!(table.collect::<Vec<_>>(), codes);
}

#[test]
fn it_is_short_and_its_links_lead_somewhere() {
    let text = readme();
    // It is read in one go, so it stays short. Twenty lines are left for what is still to come: a new command or table
    // must not have to push another one out.
    assert!(text.lines().count() <= 180);
    let targets: Vec<_> = text
        .split("](")
        .skip(1)
        .map(|rest| rest.split(')').next().unwrap())
        .collect();
    assert!(targets.len() >= 3);
    for target in targets {
        assert!(root().join(target).is_file(), "{target}");
    }
}

#[test]
fn the_check_runs_the_two_commands() {
    let (text, check) = (readme(), fs::read_to_string(root().join(".ci/run")).unwrap());
    for command in ["cargo run --release -- run", "cargo test --release --workspace"] {
        assert!(text.contains(command), "README.md: {command}");
        assert!(
            check.contains(&command.replace(" -- run", " --locked -- run")),
            ".ci/run: {command}"
        );
    }
}
