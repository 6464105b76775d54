//! The floors of ARCHITECTURE.md, held: a room depends on lower floors alone, and neighbours do not see each other.
//!
//! Rooms are crates, so Cargo already refuses a path to a room that its manifest does not name; what is held here is what
//! the manifests may name.

#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

#[path = "architecture/source.rs"]
mod source;

use source::{Token, text_at, tokens};
use std::fs;
use std::path::{Path, PathBuf};

/// From the bottom up; what stands in one row is on one floor. The last one is the program.
const FLOORS: &[&[&str]] = &[
    &["protocol", "catalogue"],
    &["domain"],
    &["scenario", "feeds", "transcript", "config"],
    &["google", "outcome"],
    &["event"],
    &["engine", "rules", "snapshot"],
    &["recording"],
    &["report"],
    &["harness"],
    &["reference"],
    &["cli"],
    &["main"],
];

/// The room that may name the bundled partner.
const KNOWS_THE_REFERENCE: &str = "reference";

/// The room that may print and exit.
const SPEAKS: &str = "cli";

/// Longer files hide more than one thing.
const LONGEST_FILE: usize = 400;

fn floor(room: &str) -> Option<usize> {
    FLOORS.iter().position(|floor| floor.contains(&room))
}

/// What is wrong with the manifest of a room.
fn problems(room: &str, manifest: &str) -> Vec<String> {
    let Some(own) = floor(room) else {
        return vec![format!("`{room}` stands on no floor")];
    };
    let manifest: toml::Table = manifest.parse().unwrap();
    let tables = ["dependencies", "dev-dependencies", "build-dependencies"];
    let named = tables.iter().filter_map(|table| manifest.get(*table)?.as_table());
    let mut found = Vec::new();
    for name in named.flat_map(toml::Table::keys) {
        match floor(name) {
            Some(other) if other > own => {
                found.push(format!("`{room}` must not see `{name}`, which is above it"));
            }
            Some(other) if other == own => {
                found.push(format!("`{room}` must not see its neighbour `{name}`"));
            }
            None if name == "reference-server" && room != KNOWS_THE_REFERENCE => {
                found.push(format!("`{room}` must not know the bundled partner"));
            }
            _ => {}
        }
    }
    found
}

/// Words that only some rooms may use.
fn forbidden(room: &str, tokens: &[Token<'_>]) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        let next = text_at(tokens, at + 1);
        let prints = matches!(token.text, "print" | "println" | "eprint" | "eprintln" | "dbg") && next == "!";
        let exits = token.text == "process" && next == "::" && text_at(tokens, at + 2) == "exit";
        if (prints || exits) && room != SPEAKS {
            found.push((token.line, format!("only `{SPEAKS}` prints and exits")));
        }
    }
    found
}

/// Lines at which the imports at the top of a file begin once more: they are one block, which rustfmt sorts.
fn second_blocks(source: &str) -> Vec<usize> {
    let (mut found, mut gap, mut seen) = (Vec::new(), false, false);
    for (at, line) in source.lines().enumerate() {
        let import = line.starts_with("use ");
        if import && gap {
            found.push(at + 1);
        }
        seen |= import;
        let inner = line.starts_with([' ', '}', '#']) || line.starts_with("//");
        if seen && !import && !line.is_empty() && !inner {
            break;
        }
        gap = seen && line.is_empty();
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

/// The rooms: the folders of `src`.
fn rooms() -> Vec<String> {
    let entries = fs::read_dir(root().join("src")).unwrap();
    let folders = entries
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_dir());
    let mut names: Vec<_> = folders
        .map(|path| path.file_name().unwrap().to_str().unwrap().to_owned())
        .collect();
    names.sort();
    names
}

/// Every file that somebody wrote here.
fn written() -> Vec<PathBuf> {
    let folders = ["src", "tests", "benches", "examples", "reference-server"];
    folders
        .iter()
        .flat_map(|folder| rust_files(&root().join(folder)))
        .collect()
}

fn shown(path: &Path) -> String {
    path.strip_prefix(root()).unwrap().display().to_string()
}

#[test]
fn no_room_sees_a_higher_floor_or_a_neighbour() {
    let found: Vec<_> = rooms()
        .iter()
        .flat_map(|room| {
            let manifest = root().join("src").join(room).join("Cargo.toml");
            problems(room, &fs::read_to_string(manifest).unwrap())
        })
        .collect();
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}

#[test]
fn only_the_command_line_prints_and_exits() {
    let mut found = Vec::new();
    for room in rooms() {
        for path in rust_files(&root().join("src").join(&room)) {
            let text = fs::read_to_string(&path).unwrap();
            for (line, problem) in forbidden(&room, &tokens(&text)) {
                found.push(format!("{}:{line}: {problem}", shown(&path)));
            }
        }
    }
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}

#[test]
fn every_room_stands_on_a_floor_and_every_floor_is_there() {
    let mut floors: Vec<_> = FLOORS
        .concat()
        .into_iter()
        .filter(|name| *name != "main")
        .collect();
    floors.sort_unstable();
    assert_eq!(rooms(), floors);
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
    let long: Vec<_> = written()
        .into_iter()
        .map(|path| (fs::read_to_string(&path).unwrap().lines().count(), path))
        .filter(|(lines, _)| *lines > LONGEST_FILE)
        .map(|(lines, path)| format!("{lines} lines: {}", shown(&path)))
        .collect();
    assert!(
        long.is_empty(),
        "longer than {LONGEST_FILE} lines:\n{}",
        long.join("\n")
    );
}

/// At the end of a file, or in `<module>/tests.rs` below it.
#[test]
fn unit_tests_have_one_place() {
    let elsewhere: Vec<_> = written()
        .iter()
        .map(|path| shown(path))
        .filter(|path| path.ends_with("_tests.rs") || path.ends_with("_test.rs"))
        .collect();
    assert!(
        elsewhere.is_empty(),
        "move to <module>/tests.rs:\n{}",
        elsewhere.join("\n")
    );
}

#[test]
fn imports_are_one_block() {
    let mut found = Vec::new();
    for path in written() {
        let text = fs::read_to_string(&path).unwrap();
        let lines = second_blocks(&text).into_iter();
        found.extend(lines.map(|line| format!("{}:{line}", shown(&path))));
    }
    assert!(
        found.is_empty(),
        "imports after an empty line:\n{}",
        found.join("\n")
    );
}

mod the_checker {
    use super::{forbidden, problems, second_blocks, tokens};

    #[test]
    fn finds_rooms_that_are_above_or_beside() {
        let manifest = "[dependencies]\ntranscript = {}\nharness = {}\n[dev-dependencies]\nengine = {}\n";
        assert_eq!(
            problems("rules", manifest),
            [
                "`rules` must not see `harness`, which is above it",
                "`rules` must not see its neighbour `engine`"
            ]
        );
        assert!(problems("cli", manifest).is_empty());
        assert_eq!(problems("helpers", manifest).len(), 1);
    }

    #[test]
    fn finds_who_knows_the_bundled_partner() {
        let manifest = "[dependencies]\nreference-server = {}\n";
        assert_eq!(problems("harness", manifest).len(), 1);
        assert!(problems("reference", manifest).is_empty());
    }

    #[test]
    fn finds_printing_and_exiting_where_they_do_not_belong() {
        let lines = |room, source| {
            let found = forbidden(room, &tokens(source)).into_iter();
            found.map(|(line, _)| line).collect::<Vec<_>>()
        };
        assert_eq!(lines("engine", "fn f() { println!(\"x\"); }"), [1]);
        assert_eq!(lines("engine", "fn f() {\n std::process::exit(1) }"), [2]);
        assert!(lines("cli", "fn f() { println!(\"\"); }").is_empty());
        let hidden =
            "// println!\n/* println!() /* */ println!() */\nfn f() { (\"println!()\", r#\"dbg!()\"#) }";
        assert!(lines("engine", hidden).is_empty());
    }

    #[test]
    fn finds_a_second_block_of_imports() {
        assert_eq!(second_blocks("//! x\n\nuse a::b;\nuse c::d;\n\nuse e::f;\n"), [6]);
        assert!(second_blocks("use a::{\n    b,\n};\nuse c;\n\nfn f() {}\n\nuse g;\n").is_empty());
    }
}
