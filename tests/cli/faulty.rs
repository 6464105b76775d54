//! A partner with a fault: the reference partner behind a proxy that changes its answers.

#[path = "../selftest/src/trial/alter.rs"]
#[expect(dead_code, reason = "of the proxy only what changes answers is needed here")]
mod alter;

use super::support::{Partner, err, exits, json, out};
use alter::{Alter, Proxy};
pub(crate) use alter::{Answer, Call};
use serde_json::{Value, json as value};
use std::path::Path;
use tempfile::TempDir;
use tokio::runtime::Runtime;

/// The scenario in which the wrong spelling shows.
pub(crate) const ONE: &str = "lifecycle/cancel-by-google";
pub(crate) const HEALTH: &str = "health/serving";

/// The reference partner with something changed in its answers.
pub(crate) struct Faulty {
    folder: TempDir,
    config: String,
    _partner: Partner,
    _runtime: Runtime,
    _proxy: Proxy,
}

/// One state of bookings is spelled wrong: BS-JSON-05.
pub(crate) fn misspell(call: &Call, answer: &mut Answer) {
    if call.method() == "GetBookingStatus" && answer.json["booking_status"] == "CANCELED" {
        answer.json["booking_status"] = value!("CANCELLED");
    }
}

impl Faulty {
    pub(crate) fn start(change: fn(&Call, &mut Answer)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let partner = Partner::start(folder.path());
        let runtime = Runtime::new().unwrap();
        let half = Alter::answers(change).halves().0;
        let proxy = runtime.block_on(Proxy::start(partner.base_url.clone(), half));
        let config = std::fs::read_to_string(&partner.config).unwrap();
        let target = format!("base_url = \"{}\"", partner.base_url);
        assert_eq!(config.matches(&target).count(), 1, "{config}");
        let config = config.replace(&target, &format!("base_url = \"{}\"", proxy.url()));
        Self {
            folder,
            config,
            _partner: partner,
            _runtime: runtime,
            _proxy: proxy,
        }
    }

    /// The partner with the wrong spelling, whose history somebody has accepted.
    pub(crate) fn misspelling() -> Self {
        let faulty = Self::start(misspell);
        faulty.write("");
        exits(faulty.path(), &["run", "-c", "c.toml", ONE, "-q"], 1);
        exits(faulty.path(), &["accept", ONE], 0);
        faulty
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// The config with which it is tested.
    pub(crate) fn config(&self) -> &str {
        &self.config
    }

    /// A config with these lines at its end.
    pub(crate) fn write(&self, more: &str) {
        std::fs::write(self.path().join("c.toml"), format!("{}\n{more}", self.config)).unwrap();
    }

    /// The line of the config in which a text first stands.
    pub(crate) fn line_of(&self, text: &str) -> String {
        let config = std::fs::read_to_string(self.path().join("c.toml")).unwrap();
        let at = config.lines().position(|line| line.contains(text)).unwrap();
        format!("c.toml:{}", at + 1)
    }

    /// The report for people and `run.json` of a run whose config has these lines at its end.
    pub(crate) fn run(&self, more: &str, arguments: &[&str], code: i32) -> (String, Value) {
        self.write(more);
        let fixed = "run -c c.toml --ci --report json=run.json --report junit=j.xml";
        let arguments: Vec<&str> = fixed.split(' ').chain(arguments.iter().copied()).collect();
        let output = exits(self.path(), &arguments, code);
        (out(&output), json(&self.path().join("run.json")))
    }

    /// What a command says that does not take its input.
    pub(crate) fn refused(&self, more: &str, arguments: &[&str]) -> String {
        self.write(more);
        let output = exits(self.path(), arguments, 2);
        unfolded(&err(&output))
    }
}

/// A text without the gaps at which long lines are folded.
fn unfolded(text: &str) -> String {
    text.split_whitespace().filter(|word| *word != "│").collect()
}

/// Asserts that a folded text holds these words.
#[track_caller]
pub(crate) fn assert_says(folded: &str, words: &str) {
    assert!(folded.contains(&unfolded(words)), "{words}\n{folded}");
}

/// The one with an id.
pub(crate) fn by_id<'r>(report: &'r Value, list: &str, id: &str) -> &'r Value {
    let mut all = report[list].as_array().unwrap().iter();
    all.find(|one| one["id"] == id).unwrap()
}

/// The line of the conclusion with a name.
pub(crate) fn line<'t>(text: &'t str, name: &str) -> &'t str {
    let mut lines = text.lines().filter_map(|line| line.strip_prefix(name));
    lines.next().unwrap_or_else(|| panic!("no {name}\n{text}")).trim()
}
