//! The floors of ARCHITECTURE.md, held: a module imports only from lower floors, and neighbours do not see each other.

#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

#[path = "architecture/source.rs"]
mod source;

use source::{Token, climbs, root_names, text_at, tokens};
use std::fs;
use std::path::{Path, PathBuf};

/// From the bottom up; what stands in one row is on one floor.
const FLOORS: &[&[&str]] = &[
    &["protocol", "catalogue"],
    &["scenario", "feeds", "transcript", "config"],
    &["mock", "outcome"],
    &["event"],
    &["engine", "rules", "snapshot"],
    &["report"],
    &["harness"],
    &["selftest"],
    &["cli"],
    &["main"],
];

/// The modules that may name the bundled partner.
const KNOW_THE_REFERENCE: &[&str] = &["selftest", "cli"];

/// The module that may print and exit.
const SPEAKS: &str = "cli";

/// Longer files hide more than one thing.
const LONGEST_FILE: usize = 500;

fn floor(module: &str) -> Option<usize> {
    FLOORS.iter().position(|floor| floor.contains(&module))
}

/// What is wrong in a source file: line and sentence.
fn problems(module: &str, depth: usize, source: &str) -> Vec<(usize, String)> {
    let Some(own) = floor(module) else {
        return vec![(1, format!("the module `{module}` stands on no floor"))];
    };
    let tokens = tokens(source);
    let mut found = Vec::new();
    for (name, line) in root_names(&tokens) {
        match floor(name) {
            None => found.push((
                line,
                format!("`{name}` is reached through the root, name its module"),
            )),
            Some(other) if name != module && other > own => {
                found.push((
                    line,
                    format!("`{module}` must not see `{name}`, which is above it"),
                ));
            }
            Some(other) if name != module && other == own => {
                found.push((line, format!("`{module}` must not see its neighbour `{name}`")));
            }
            Some(_) => {}
        }
    }
    found.extend(
        climbs(&tokens, depth)
            .into_iter()
            .map(|line| (line, "`super` climbs to the root, write `crate::…`".to_owned())),
    );
    found.extend(forbidden(module, &tokens));
    found
}

/// Words that only some modules may use.
fn forbidden(module: &str, tokens: &[Token<'_>]) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        let next = text_at(tokens, at + 1);
        let prints = matches!(token.text, "print" | "println" | "eprint" | "eprintln" | "dbg") && next == "!";
        let exits = token.text == "process" && next == "::" && text_at(tokens, at + 2) == "exit";
        if (prints || exits) && module != SPEAKS {
            found.push((token.line, format!("only `{SPEAKS}` prints and exits")));
        }
        if token.text == "reference_server" && !KNOW_THE_REFERENCE.contains(&module) {
            found.push((token.line, "the harness does not know its reference".to_owned()));
        }
    }
    found
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every `.rs` file below a folder, in order.
fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            files.push(path);
        }
    }
    files.sort();
    files
}

/// The module of a file below `src`, and how many modules deep it is.
fn place(below: &Path) -> (String, usize) {
    let whole = below.with_extension("");
    let mut names: Vec<_> = whole.iter().map(|name| name.to_string_lossy()).collect();
    names.pop_if(|last| last == "mod");
    (names[0].to_string(), names.len())
}

#[test]
fn no_module_sees_a_higher_floor_or_a_neighbour() {
    let source = root().join("src");
    let mut found = Vec::new();
    for path in rust_files(&source) {
        let below = path.strip_prefix(&source).unwrap();
        if below == Path::new("lib.rs") {
            continue;
        }
        let (module, depth) = place(below);
        for (line, problem) in problems(&module, depth, &fs::read_to_string(&path).unwrap()) {
            found.push(format!("src/{}:{line}: {problem}", below.display()));
        }
    }
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}

#[test]
fn every_module_of_the_crate_stands_on_a_floor_and_every_floor_is_there() {
    let text = fs::read_to_string(root().join("src/lib.rs")).unwrap();
    let tokens = tokens(&text);
    let declared = tokens.windows(2).filter(|pair| pair[0].text == "mod");
    let mut declared: Vec<_> = declared.map(|pair| pair[1].text).collect();
    let mut floors: Vec<_> = FLOORS
        .concat()
        .into_iter()
        .filter(|name| *name != "main")
        .collect();
    declared.sort_unstable();
    floors.sort_unstable();
    assert_eq!(declared, floors);
}

#[test]
fn the_table_of_architecture_md_shows_the_same_floors() {
    let text = fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap();
    let rows = text.lines().filter_map(|line| {
        let cells: Vec<_> = line.split('|').map(str::trim).collect();
        let number: usize = cells.get(1)?.parse().ok()?;
        Some((
            number,
            cells[2].split(", ").map(|name| name.trim_matches('`')).collect(),
        ))
    });
    let mut shown: Vec<(usize, Vec<_>)> = rows.collect();
    shown.sort();
    let held = FLOORS.iter().map(|floor| floor.to_vec()).enumerate();
    assert_eq!(shown, held.collect::<Vec<_>>());
}

#[test]
fn no_file_is_too_long() {
    let folders = ["src", "tests", "reference-server/src", "reference-server/tests"];
    let files = folders.iter().flat_map(|folder| rust_files(&root().join(folder)));
    let long: Vec<_> = files
        .map(|path| (fs::read_to_string(&path).unwrap().lines().count(), path))
        .filter(|(lines, _)| *lines > LONGEST_FILE)
        .map(|(lines, path)| format!("{lines} lines: {}", path.strip_prefix(root()).unwrap().display()))
        .collect();
    assert!(
        long.is_empty(),
        "longer than {LONGEST_FILE} lines:\n{}",
        long.join("\n")
    );
}

mod the_checker {
    use super::{place, problems};
    use std::path::Path;

    fn lines(module: &str, source: &str) -> Vec<usize> {
        problems(module, 1, source)
            .into_iter()
            .map(|(line, _)| line)
            .collect()
    }

    #[test]
    fn finds_imports_that_point_up_or_sideways() {
        assert_eq!(
            lines(
                "rules",
                "use crate::transcript::Entry;\nuse crate::harness::Plan;"
            ),
            [2]
        );
        assert_eq!(lines("rules", "fn f() -> crate::engine::Job { todo() }"), [1]);
        assert_eq!(lines("protocol", "pub use crate::catalogue::Level;"), [1]);
        assert!(lines("cli", "use crate::harness::run;").is_empty());
    }

    #[test]
    fn looks_into_braces_over_several_lines() {
        let source =
            "use crate::{\n    protocol::{slot::{Slot, Terms}, Method},\n    report,\n    cli::{main},\n};";
        assert_eq!(lines("harness", source), [4]);
        assert_eq!(lines("engine", source), [3, 4]);
    }

    #[test]
    fn ignores_comments_strings_and_lifetimes() {
        let source = "// crate::cli\n/* crate::cli /* crate::cli */ crate::cli */\n/// [`crate::cli`]\n\
            fn f<'a>(x: &'a str) { (\"crate::cli \\\" crate::cli\", r#\"crate::cli \" crate::cli\"#, b'\"', '\\'', '\"'); }\n\
            use crate::cli;";
        assert_eq!(lines("protocol", source), [5]);
    }

    #[test]
    fn finds_names_taken_from_the_root() {
        assert_eq!(lines("cli", "use crate::Config;"), [1]);
        assert_eq!(lines("cli", "use crate::*;"), [1]);
        assert_eq!(
            lines("cli", "pub(crate) fn f() {}\nuse super::super::engine;"),
            [2]
        );
        let inline = "mod tests { use super::*; mod inner { use super::super::run; use super::super::super::engine; } }";
        assert_eq!(lines("harness", inline).len(), 1);
    }

    #[test]
    fn finds_modules_without_a_floor() {
        assert_eq!(lines("helpers", ""), [1]);
        assert_eq!(place(Path::new("event.rs")), ("event".to_owned(), 1));
        assert_eq!(place(Path::new("rules/run/mod.rs")), ("rules".to_owned(), 2));
    }

    #[test]
    fn finds_printing_exiting_and_the_reference_where_they_do_not_belong() {
        assert_eq!(lines("engine", "fn f() { println!(\"x\"); }"), [1]);
        assert_eq!(lines("engine", "fn f() {\n std::process::exit(1) }"), [2]);
        assert_eq!(lines("harness", "use reference_server::Config;"), [1]);
        assert!(lines("cli", "fn f() { println!(\"\"); reference_server::start(); }").is_empty());
    }
}
