//! Setting a partner up in a folder of its own, and running the suite against it as a user would.

use super::alter::{Alter, Proxy};
use config::{ConfigFile, render};
use conformance::BUNDLE;
use google::KeyFile;
use harness::{Filter, Selection, Session, Snapshots, Suite, Target, TargetKind, Wishes};
use jiff::SignedDuration;
use outcome::RunReport;
use reference::{Meeting, Seams, config_file, start_reference};
use serde_json::Value;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// Name and password of the one caller whom partners know here.
pub(crate) const USER: &str = "google-at-the-trial";
pub(crate) const PASSWORD: &str = "password-of-the-trial";

/// How patient a run is.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Patience {
    /// How long a notification is waited for.
    pub(crate) within: SignedDuration,
    /// How long it is watched that nothing more arrives.
    pub(crate) quiet: SignedDuration,
}

impl Patience {
    /// For partners whose notifications come at once.
    pub(crate) const USUAL: Self = Self {
        within: SignedDuration::from_secs(6),
        quiet: SignedDuration::from_millis(300),
    };
}

/// What is different around a partner.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Setting {
    /// The scenarios to run; all without one.
    pub(crate) filters: &'static [&'static str],
    /// How patient the run is.
    pub(crate) patience: Patience,
    /// Changes every feed file.
    pub(crate) feeds: Option<fn(&mut Value)>,
    /// Changes what the config says.
    pub(crate) config: Option<fn(&mut ConfigFile)>,
    /// Lines of the config after its last section.
    pub(crate) more: &'static str,
}

impl Setting {
    /// The whole suite, and nothing different.
    pub(crate) const WHOLE: Self = Self {
        filters: &[],
        patience: Patience::USUAL,
        feeds: None,
        config: None,
        more: "",
    };
}

/// What a run came to.
pub(crate) struct Tried {
    /// Its report.
    pub(crate) report: RunReport,
    /// How long it took from outside, setting the partner up left out.
    pub(crate) took: Duration,
}

/// A folder with the reference partner's feeds and secrets in it, and a key.
pub(crate) struct Folder {
    /// Where partner and Google meet.
    pub(crate) meeting: Meeting,
    folder: TempDir,
}

impl Folder {
    /// Without a partner, so far.
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let meeting = Meeting::in_folder(folder.path()).unwrap();
        std::fs::write(&meeting.key_file, key()).unwrap();
        // A partner uses the secrets that are there already.
        std::fs::create_dir_all(&meeting.secrets).unwrap();
        std::fs::write(meeting.secrets.join("user"), USER).unwrap();
        std::fs::write(meeting.secrets.join("password"), PASSWORD).unwrap();
        Self { meeting, folder }
    }

    /// What a config says of a partner at an address.
    pub(crate) fn config(&self, base_url: &str, patience: Patience) -> ConfigFile {
        let patience = reference::Patience {
            within: patience.within,
            quiet: patience.quiet,
        };
        ConfigFile {
            name: "partner".to_owned(),
            ..config_file(&self.meeting, base_url, patience)
        }
    }

    /// Keeps a config.
    pub(crate) fn write(&self, text: &str) -> PathBuf {
        let path = self.folder.path().join("conformance.toml");
        std::fs::write(&path, text).unwrap();
        path
    }
}

/// Runs the suite against the reference partner with something changed on the way.
pub(crate) async fn try_reference(alter: impl FnOnce(SocketAddr) -> Alter, setting: &Setting) -> Tried {
    let mut folder = Folder::new();
    let alter = alter(folder.meeting.google);
    let (to_partner, to_google) = alter.halves();
    let to_google = Proxy::start(folder.meeting.notify_url.clone(), to_google).await;
    to_google.url().clone_into(&mut folder.meeting.notify_url);
    let server = start_reference(&folder.meeting, Seams::default()).await.unwrap();
    let to_partner = Proxy::start(server.base_url(), to_partner).await;
    // Triggers and ledger are the partner's own, and not behind the proxy.
    let mut file = folder.config(&server.base_url(), setting.patience);
    to_partner.url().clone_into(&mut file.base_url);
    if let Some(edit) = setting.feeds {
        // The partner may write its own feeds again.
        file.feeds = folder.folder.path().join("other-feeds");
        copy_feeds(&folder.meeting.feeds, &file.feeds, edit);
    }
    if let Some(edit) = setting.config {
        edit(&mut file);
    }
    let config = folder.write(&(render(&file) + setting.more));
    let tried = run_config(&config, setting.filters).await;
    server.shutdown().await;
    to_partner.stop();
    to_google.stop();
    tried
}

fn copy_feeds(from: &Path, to: &Path, edit: fn(&mut Value)) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let mut feed = serde_json::from_slice(&std::fs::read(entry.path()).unwrap()).unwrap();
        edit(&mut feed);
        std::fs::write(to.join(entry.file_name()), feed.to_string()).unwrap();
    }
}

/// Plans, runs and judges as the program does with `run -c`.
pub(crate) async fn run_config(path: &Path, filters: &[&str]) -> Tried {
    let started = Instant::now();
    let config = config::load(path, None, &|_| None);
    let config = config.unwrap_or_else(|error| panic!("{:?}", miette::Report::new(error)));
    let target = Target::new(config, TargetKind::Url).unwrap();
    let suite = suite();
    let filters = filters.iter().map(|filter| Filter::parse(filter).unwrap());
    let selection = Selection::new(filters.collect(), suite).unwrap();
    let google = harness::open(&target).await.unwrap();
    let plan = harness::plan(suite, &target, &Wishes::new(selection));
    let mut snapshots = Snapshots::off();
    let run = harness::run(plan, &target, google, Session::silent(), &mut snapshots).await;
    Tried {
        report: run.unwrap().report,
        took: started.elapsed(),
    }
}

/// Read once for the whole process: it costs more than judging a run.
fn suite() -> &'static Suite {
    static SUITE: OnceLock<Suite> = OnceLock::new();
    SUITE.get_or_init(|| Suite::load(&BUNDLE, None).unwrap())
}

/// One key for the whole process: making one costs more than a run.
fn key() -> &'static str {
    static KEY: OnceLock<String> = OnceLock::new();
    KEY.get_or_init(|| KeyFile::generate("http://127.0.0.1/token").unwrap().to_json())
}
