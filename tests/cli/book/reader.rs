//! Who follows a page of the book: a folder, an environment, and the program.

use crate::support::{Partner, err, out, program};
use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

/// What is run in the place of a line: nobody is asked, and what was kept of an earlier run is kept of this one.
const IN_PLACE_OF: &[(&str, &str)] = &[
    (
        "conformance init",
        "conformance init --yes --target https://host.example/google",
    ),
    (
        "conformance diff old.cfr out/run.cfr",
        "conformance diff out/run.cfr out/run.cfr",
    ),
];

/// The pages that a reader begins with nothing but an address and feeds.
const WITHOUT_A_CONFIG: &[&str] = &["README.md", "start.md"];

/// The words of a line, as a shell has them.
pub(super) fn words(line: &str) -> Vec<String> {
    let (mut words, mut word, mut quoted) = (Vec::new(), String::new(), false);
    for letter in line.chars() {
        match letter {
            '\'' => quoted = !quoted,
            ' ' if !quoted => words.extend(Some(std::mem::take(&mut word)).filter(|word| !word.is_empty())),
            _ => word.push(letter),
        }
    }
    words.extend(Some(word).filter(|word| !word.is_empty()));
    words
}

/// A reader at work: a folder and an environment for one page.
pub(super) struct Reader<'p> {
    folder: tempfile::TempDir,
    environment: Vec<(String, String)>,
    partner: &'p Partner,
    has_config: bool,
}

impl<'p> Reader<'p> {
    /// Begins a page.
    pub(super) fn new(page: &str, partner: &'p Partner) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let has_config = !WITHOUT_A_CONFIG.contains(&page);
        let at = |name: &str| folder.path().join(name);
        fs::create_dir(at("feeds")).unwrap();
        for entry in fs::read_dir(partner.config.with_file_name("feeds")).unwrap() {
            let entry = entry.unwrap();
            fs::copy(entry.path(), at("feeds").join(entry.file_name())).unwrap();
        }
        if has_config {
            fs::copy(&partner.config, at("conformance.toml")).unwrap();
        }
        Self {
            folder,
            environment: Vec::new(),
            partner,
            has_config,
        }
    }

    /// Sets what `export A=x B=y` says; user and password are the ones that the partner takes.
    fn export(&mut self, assignments: &str) {
        for (name, value) in words(assignments)
            .iter()
            .map(|word| word.split_once('=').unwrap())
        {
            let value = match name {
                "PARTNER_USER" => self.partner.secret("user"),
                "PARTNER_PASSWORD" => self.partner.secret("password"),
                _ => value.to_owned(),
            };
            self.environment.push((name.to_owned(), value.trim().to_owned()));
        }
    }

    /// The words that are run for a line: at the partner's address, and no more scenarios than it takes to see that it runs.
    fn arguments(&self, line: &str) -> Vec<String> {
        let line = IN_PLACE_OF
            .iter()
            .find(|(shown, _)| *shown == line)
            .map_or(line, |(_, run)| run);
        let mut all =
            words(&line.replace("https://host.example/google", &self.partner.base_url)).split_off(1);
        let is_run = all[0] == "run" && !all.iter().any(|word| word == "--dry-run");
        if is_run
            && !all
                .iter()
                .any(|word| word.contains(['*', ':']) && !word.contains("//"))
        {
            all.push("basic/health-check".to_owned());
        }
        if is_run && !self.has_config {
            all.extend(["--listen", "127.0.0.1:0"].map(ToOwned::to_owned));
        }
        all
    }

    /// Where the page is followed.
    pub(super) fn folder(&self) -> &Path {
        self.folder.path()
    }

    fn command(&self, arguments: &[String]) -> Command {
        let mut command = program(self.folder.path());
        command
            .args(arguments)
            .envs(self.environment.iter().map(|(name, value)| (name, value)));
        command
    }

    /// Does what a line says.
    pub(super) fn follow(&mut self, line: &str) {
        if let Some(assignments) = line.strip_prefix("export ") {
            return self.export(assignments);
        }
        assert!(
            line.starts_with("conformance "),
            "`{line}` is neither run nor in the list of what is not, with its reason"
        );
        let arguments = self.arguments(line);
        if matches!(arguments[0].as_str(), "serve" | "reference") {
            return self.start(&arguments);
        }
        let done = self.command(&arguments).output().unwrap();
        let code = done.status.code().unwrap();
        // 3 and 4 where the config of a beginner has no callback, or nobody has accepted a snapshot.
        let fine: &[i32] = match (arguments[0].as_str(), self.has_config) {
            ("run" | "doctor", false) => &[0, 3, 4],
            ("run" | "replay", _) => &[0, 4],
            _ => &[0],
        };
        assert!(
            fine.contains(&code),
            "`{line}` as {arguments:?}: {code}\n{}\n{}",
            out(&done),
            err(&done)
        );
    }

    /// What stays until it is ended: it has to say that it is there.
    fn start(&self, arguments: &[String]) {
        let mut process = self.command(arguments).stdout(Stdio::piped()).spawn().unwrap();
        let mut first = String::new();
        BufReader::new(process.stdout.take().unwrap())
            .read_line(&mut first)
            .unwrap();
        process.kill().unwrap();
        process.wait().unwrap();
        assert!(first.contains("http://127.0.0.1:"), "{arguments:?}: {first}");
    }
}
