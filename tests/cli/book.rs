//! The book in docs/, and README.md: every command line in them is run, links lead somewhere, examples load.

mod reader;

use crate::support::{Partner, exits, json, out};
use reader::{Reader, words};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// What is not run here, and why. Each has to stand somewhere.
const NOT_RUN: &[(&str, &str)] = &[
    (
        "cargo ",
        "builds the project inside of its own test; .ci/run does it",
    ),
    (
        "docker ",
        "needs a builder of images; .ci/packages builds the last stage where there is one",
    ),
    ("sha256sum ", "needs a release; .ci/reproducible compares digests"),
    ("gh attestation verify ", "needs a release"),
    (
        "python3 -m venv ",
        "needs a wheel; .ci/packages installs and runs one",
    ),
    ("venv/bin/", "needs a wheel; .ci/packages installs and runs one"),
    (
        "npm install ",
        "needs packages; .ci/packages installs and runs them",
    ),
    ("npx ", "needs packages; .ci/packages installs and runs them"),
    ("git switch ", ".ci/reproducible does it"),
    ("export SOURCE_DATE_EPOCH", ".ci/reproducible does it"),
    ("export RUSTFLAGS", ".ci/reproducible does it"),
    ("export CFLAGS", ".ci/reproducible does it"),
    ("CARGO_INCREMENTAL=0 cargo build ", ".ci/reproducible does it"),
    ("keytool ", "needs Java; .ci/clients does it"),
    ("export JAVA_TOOL_OPTIONS", "needs Java; .ci/clients does it"),
];

/// The pages that the program prints when the book is built.
const PRINTED: &[(&str, &[&str])] = &[
    (
        "requirements.md",
        &["list", "requirements", "--format", "markdown"],
    ),
    ("commands.md", &["man", "--markdown"]),
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every page with its name: those of the book, and README.md.
fn pages() -> BTreeMap<String, String> {
    let printed = |name: &str| PRINTED.iter().any(|(page, _)| *page == name);
    let files = fs::read_dir(root().join("docs"))
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let named = files.filter_map(|path| {
        let name = path.file_name()?.to_str()?.to_owned();
        (path.extension()? == "md" && !printed(&name)).then(|| (name, fs::read_to_string(&path).unwrap()))
    });
    let mut pages: BTreeMap<_, _> = named.collect();
    pages.insert(
        "README.md".to_owned(),
        fs::read_to_string(root().join("README.md")).unwrap(),
    );
    pages
}

/// The contents of the fenced blocks of a language, at the margin of their fence.
fn blocks(text: &str, language: &str) -> Vec<String> {
    let (mut blocks, mut open) = (Vec::new(), None::<(&str, String)>);
    let mut margin = 0;
    for line in text.lines() {
        let fence = line.trim_start().strip_prefix("```");
        match (fence, open.take()) {
            (Some(name), None) => {
                margin = line.len() - line.trim_start().len();
                open = Some((name, String::new()));
            }
            (Some(_), Some((name, text))) => blocks.extend((name == language).then_some(text)),
            (None, Some((name, text))) => {
                let line = line.get(margin..).unwrap_or_default();
                open = Some((name, format!("{text}{line}\n")));
            }
            (None, None) => {}
        }
    }
    assert!(open.is_none(), "a block is not closed");
    blocks
}

/// The lines of the shell blocks, without comments.
fn lines(text: &str) -> Vec<String> {
    let of = |block: &String| {
        let lines = block
            .lines()
            .map(|line| line.split(" #").next().unwrap().trim().to_owned());
        lines.filter(|line| !line.is_empty()).collect::<Vec<_>>()
    };
    blocks(text, "sh").iter().flat_map(of).collect()
}

fn reason(line: &str) -> Option<usize> {
    NOT_RUN.iter().position(|(start, _)| line.starts_with(start))
}

#[test]
fn every_command_line_runs() {
    let place = tempfile::tempdir().unwrap();
    let partner = Partner::start(place.path());
    let (mut followed, mut reasons) = (0, BTreeSet::new());
    for (page, text) in pages() {
        let mut reader = Reader::new(&page, &partner);
        if let Some(yaml) = blocks(&text, "yaml")
            .iter()
            .find(|yaml| yaml.starts_with("title:"))
        {
            let folder = reader.folder().join("my-scenarios/own");
            fs::create_dir_all(&folder).unwrap();
            fs::write(folder.join("cancel.yaml"), yaml).unwrap();
        }
        for line in lines(&text) {
            if let Some(at) = reason(&line) {
                reasons.insert(at);
            } else {
                reader.follow(&line);
                followed += 1;
            }
        }
    }
    assert!(followed > 20, "{followed}");
    let unused: Vec<_> = (0..NOT_RUN.len())
        .filter(|at| !reasons.contains(at))
        .map(|at| NOT_RUN[at])
        .collect();
    assert!(unused.is_empty(), "in no page: {unused:?}");
}

#[test]
fn every_command_in_the_prose_has_its_flags() {
    let folder = tempfile::tempdir().unwrap();
    let mut help = BTreeMap::new();
    for (page, text) in pages() {
        let prose = text.split('`').skip(1).step_by(2);
        let commands = prose
            .filter_map(|code| code.strip_prefix("conformance "))
            .filter(|code| !code.contains('\n'));
        for line in commands {
            let words = words(line);
            let command = words[0].clone();
            if command.starts_with(['-', '<']) {
                continue;
            }
            let help = help
                .entry(command.clone())
                .or_insert_with(|| out(&exits(folder.path(), &[&command, "--help"], 0)));
            for flag in words.iter().filter(|word| word.starts_with("--")) {
                let flag = flag.split('=').next().unwrap();
                assert!(help.contains(flag), "{page}: `conformance {line}` has no {flag}");
            }
        }
    }
    assert!(help.len() > 8, "{:?}", help.keys());
}

/// The ids of the headings, as mdBook and code hosts make them.
fn anchors(text: &str) -> BTreeSet<String> {
    let id = |heading: &str| {
        let kept = heading.trim().chars().filter_map(|letter| match letter {
            ' ' => Some('-'),
            _ => {
                (letter.is_alphanumeric() || matches!(letter, '-' | '_')).then(|| letter.to_ascii_lowercase())
            }
        });
        kept.collect::<String>()
    };
    let headings = text.lines().filter_map(|line| line.strip_prefix('#'));
    headings
        .map(|heading| id(heading.trim_start_matches('#')))
        .collect()
}

#[test]
fn links_lead_to_pages_and_headings() {
    let folder = tempfile::tempdir().unwrap();
    let mut pages = pages();
    for (page, arguments) in PRINTED {
        pages.insert((*page).to_owned(), out(&exits(folder.path(), arguments, 0)));
    }
    let mut seen = 0;
    for (page, text) in &pages {
        let targets = text
            .split("](")
            .skip(1)
            .map(|rest| rest.split(')').next().unwrap());
        for target in targets.filter(|target| !target.starts_with("https://")) {
            let (file, anchor) = target.split_once('#').unwrap_or((target, ""));
            let known = match file {
                "" => Some(text),
                _ => pages.get(file.strip_prefix("docs/").unwrap_or(file)),
            };
            if page == "README.md" {
                assert!(root().join(file).is_file(), "{page}: {target}");
            } else {
                assert!(
                    known.is_some() && !file.contains('/'),
                    "{page}: {target} is no page of the book"
                );
            }
            let is_there = anchor.is_empty() || known.is_some_and(|text| anchors(text).contains(anchor));
            assert!(is_there, "{page}: {target} is no heading");
            seen += 1;
        }
    }
    assert!(seen > 30, "{seen}");
    let listed = &pages["SUMMARY.md"];
    for page in pages
        .keys()
        .filter(|page| !["README.md", "SUMMARY.md"].contains(&page.as_str()))
    {
        assert!(
            listed.contains(&format!("]({page})")),
            "{page} is not in SUMMARY.md"
        );
    }
}

#[test]
fn its_configs_load() {
    let mut seen = 0;
    for (page, text) in pages().into_iter().filter(|(page, _)| page != "README.md") {
        for block in blocks(&text, "toml") {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("conformance.toml");
            fs::write(&path, &block).unwrap();
            let env = |name: &str| block.contains(name).then(|| format!("the {name}"));
            config::load(&path, None, &env).unwrap_or_else(|problems| panic!("{page}: {problems}\n{block}"));
            seen += 1;
        }
    }
    assert!(seen >= 3, "{seen}");
}

#[test]
fn the_printed_pages_have_everything() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("all.json");
    fs::write(
        &path,
        out(&exits(
            folder.path(),
            &["list", "requirements", "--format", "json"],
            0,
        )),
    )
    .unwrap();
    let [requirements, commands] = PRINTED else {
        panic!("two pages")
    };
    let page = out(&exits(folder.path(), requirements.1, 0));
    let headings: Vec<_> = page
        .lines()
        .filter_map(|line| line.strip_prefix("### "))
        .collect();
    let all = json(&path);
    let ids: Vec<_> = all
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["id"].as_str().unwrap())
        .collect();
    assert_eq!(headings, ids);
    assert!(
        page.contains("### BS-CREATE-03\n\nthe partner **must** "),
        "{page}"
    );

    let page = out(&exits(folder.path(), commands.1, 0));
    for command in ["run", "doctor", "init", "explain", "man"] {
        let own = page
            .split(&format!("\n## conformance {command}\n"))
            .nth(1)
            .unwrap();
        assert!(
            own.trim_start().starts_with("```text\n") && own.contains("--help"),
            "{command}: {own}"
        );
    }
    let scenarios = out(&exits(
        folder.path(),
        &["list", "scenarios", "--format", "markdown"],
        0,
    ));
    assert!(scenarios.contains("| `basic/health-check` |"), "{scenarios}");
}
