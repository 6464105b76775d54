//! What shells and `man` read.

use crate::support::{err, exits, out};
use std::fs;

const COMMANDS: [&str; 6] = ["run", "serve", "feeds", "cleanup", "completions", "man"];

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

#[test]
fn each_shell_completes_commands_and_flags() {
    let folder = folder();
    for (shell, mark) in [
        ("bash", "complete -F _conformance"),
        ("zsh", "#compdef conformance"),
        ("fish", "complete -c conformance"),
        ("powershell", "Register-ArgumentCompleter"),
        ("elvish", "edit:completion:arg-completer[conformance]"),
    ] {
        let script = out(&exits(folder.path(), &["completions", shell], 0));
        assert!(script.contains(mark), "{shell}: {script}");
        for command in COMMANDS {
            assert!(script.contains(command), "{shell}: no {command}");
        }
        for flag in ["scenarios", "keep-bookings", "write-config", "before"] {
            assert!(script.contains(flag), "{shell}: no --{flag}");
        }
    }
    let unknown = exits(folder.path(), &["completions", "tcsh"], 2);
    assert!(err(&unknown).contains("powershell"), "{}", err(&unknown));
}

/// What bash makes of it, where there is a bash.
#[cfg(unix)]
#[test]
fn bash_takes_its_script() {
    let folder = folder();
    let script = out(&exits(folder.path(), &["completions", "bash"], 0));
    fs::write(folder.path().join("script"), script).unwrap();
    let ask = "source ./script; COMP_WORDS=(conformance run --keep); COMP_CWORD=2; \
               _conformance conformance --keep run; echo \"${COMPREPLY[@]}\"";
    match std::process::Command::new("bash")
        .args(["--norc", "-c", ask])
        .current_dir(folder.path())
        .output()
    {
        Ok(answer) => assert_eq!(out(&answer).trim(), "--keep-bookings", "{}", err(&answer)),
        Err(error) => assert_eq!(error.kind(), std::io::ErrorKind::NotFound),
    }
}

/// The long flags that `--help` lists.
fn flags(help: &str) -> Vec<String> {
    let words = help
        .lines()
        .map(str::trim_start)
        .filter(|line| line.starts_with('-'));
    let flags = words.filter_map(|line| {
        let word = line.split([' ', ',', '=']).find(|word| word.starts_with("--"))?;
        Some(word.trim_end_matches("...").to_owned())
    });
    flags.collect()
}

#[test]
fn the_page_of_each_command_names_its_flags() {
    let folder = folder();
    exits(folder.path(), &["man", "--dir", "pages/man1"], 0);
    let top = fs::read_to_string(folder.path().join("pages/man1/conformance.1")).unwrap();
    let help = out(&exits(folder.path(), &["--help"], 0));
    let commands = help
        .lines()
        .filter_map(|line| line.strip_prefix("  ")?.split(' ').next().map(ToOwned::to_owned))
        .filter(|word| word.starts_with(|letter: char| letter.is_ascii_lowercase()));
    let commands: Vec<String> = commands.filter(|command| command != "help").collect();
    assert!(
        COMMANDS
            .iter()
            .all(|command| commands.contains(&(*command).to_owned())),
        "{commands:?}"
    );
    for command in commands {
        let page =
            fs::read_to_string(folder.path().join(format!("pages/man1/conformance-{command}.1"))).unwrap();
        assert!(page.contains(".TH conformance-"), "{page}");
        assert!(
            top.contains(&format!("conformance\\-{command}(1)")),
            "{command} is not in {top}"
        );
        let help = out(&exits(folder.path(), &[&command, "--help"], 0));
        let flags = flags(&help);
        assert!(flags.iter().any(|flag| flag == "--help"), "{command}: {help}");
        for flag in flags {
            let written = flag.replace('-', "\\-");
            assert!(page.contains(&written), "{command}: no {flag} in\n{page}");
        }
        // One page alone is the same one.
        assert_eq!(
            out(&exits(folder.path(), &["man", &command], 0)).trim_end(),
            page.trim_end()
        );
    }
    let unknown = exits(folder.path(), &["man", "dance"], 2);
    assert!(
        err(&unknown).contains("`dance`") && err(&unknown).contains("run"),
        "{}",
        err(&unknown)
    );
}
