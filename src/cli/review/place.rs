//! Where the snapshots of each target are, and which scenarios there are.

use super::super::exit::Failure;
use super::super::session;
use super::broken;
use config::Config;
use harness::{Bundle, store};
use snapshot::Store;
use std::path::{Path, PathBuf};

/// Stands for secrets that are not here: only paths and names of the config are used.
const UNSET: &str = "http://unset.invalid";

/// Where the snapshots are.
#[derive(Debug, clap::Args)]
pub(super) struct PlaceFlags {
    /// The folder of snapshots; each target has a folder in it [default: the config's, or snapshots].
    #[arg(long, value_name = "DIR")]
    snapshots: Option<PathBuf>,
    /// Only this target's.
    #[arg(long, value_name = "NAME")]
    target: Option<String>,
    /// The config, for the folders of snapshots and scenarios; `conformance.toml` if there is one.
    #[arg(short, long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Overlay the config's [profile.NAME].
    #[arg(long, value_name = "NAME")]
    profile: Option<String>,
    /// The folder of your own scenarios; a snapshot without a scenario is obsolete.
    #[arg(long, value_name = "DIR")]
    scenarios: Option<PathBuf>,
}

/// The snapshots of all targets.
pub(super) struct Shelf {
    root: PathBuf,
    target: Option<String>,
    bundle: Bundle,
    /// Ids of all scenarios, or why they are not known.
    known: Result<Vec<String>, String>,
}

impl Shelf {
    /// What the flags and the config say. A config that cannot be read is an error only if it was named.
    pub(super) fn open(flags: &PlaceFlags, bundle: &Bundle) -> Result<Self, Failure> {
        let env = |name: &str| Some(std::env::var(name).unwrap_or_else(|_| UNSET.to_owned()));
        let path = flags.config.clone().or_else(default_config);
        let read = path.map_or_else(
            || Ok(Config::default()),
            |path| config::load(&path, flags.profile.as_deref(), &env),
        );
        let (config, unread) = match read {
            Ok(config) => (config, None),
            Err(error) if flags.config.is_some() => return Err(Failure::input(error)),
            Err(error) => (Config::default(), Some(error.to_string())),
        };
        let scenarios = flags.scenarios.clone().or(config.run.scenarios);
        Ok(Self {
            root: flags
                .snapshots
                .clone()
                .or(config.run.snapshots)
                .unwrap_or_else(|| PathBuf::from(session::SNAPSHOTS)),
            target: flags.target.clone(),
            bundle: *bundle,
            known: known(bundle, scenarios.as_deref(), unread),
        })
    }

    /// The folder with a folder for each target.
    pub(super) fn root(&self) -> &Path {
        &self.root
    }

    /// The target that was named.
    pub(super) fn target(&self) -> Option<&str> {
        self.target.as_deref()
    }

    /// The snapshots of one target.
    pub(super) fn store(&self, target: &str) -> Store {
        store(&self.root, target, &self.bundle)
    }

    /// The snapshots of each target, by name.
    pub(super) fn stores(&self) -> Result<Vec<(String, Store)>, Failure> {
        let mut names: Vec<String> = match &self.target {
            Some(name) => vec![name.clone()],
            None => folders(&self.root),
        };
        names.sort();
        if names.is_empty() {
            let folder = self.root.display();
            return Err(Failure::wrong(
                format!("there are no snapshots in {folder}"),
                "run `conformance run` first, or name the folder with --snapshots",
            ));
        }
        let stores = names.into_iter().map(|name| (name.clone(), self.store(&name)));
        Ok(stores.collect())
    }

    /// Accepted snapshots of scenarios that are gone; none as long as the scenarios are not known.
    pub(super) fn obsolete(&self, store: &Store) -> Result<Vec<String>, Failure> {
        let known = self.known.as_ref().map(|ids| ids.iter().map(String::as_str));
        known.map_or(Ok(Vec::new()), |ids| {
            store.obsolete(ids).map_err(|error| broken(&error))
        })
    }

    /// The ids among these that no scenario has; none as long as the scenarios are not known.
    pub(super) fn unknown<'i>(&self, ids: &[&'i str]) -> Vec<&'i str> {
        let is_unknown = |id: &&str| {
            let known = self.known.as_ref();
            known.is_ok_and(|known| !known.iter().any(|one| one == id))
        };
        ids.iter().copied().filter(is_unknown).collect()
    }

    /// What is obsolete can only be said where every scenario is known.
    pub(super) fn check_scenarios_known(&self) -> Result<(), Failure> {
        self.known.as_ref().map(|_| ()).map_err(|reason| {
            Failure::wrong(
                format!("which snapshots are obsolete is not known: {reason}"),
                "mend it, or name another config with --config",
            )
        })
    }

    /// Why obsolete snapshots are not looked for.
    pub(super) fn unknown_because(&self) -> Option<&str> {
        self.known.as_ref().err().map(String::as_str)
    }
}

/// That obsolete snapshots may be there all the same.
pub(super) fn not_looked_for(reason: &str) -> String {
    format!("obsolete snapshots are not looked for, since the scenarios are not known: {reason}")
}

fn default_config() -> Option<PathBuf> {
    let default = PathBuf::from(session::DEFAULT_CONFIG);
    default.is_file().then_some(default)
}

fn known(bundle: &Bundle, folder: Option<&Path>, unread: Option<String>) -> Result<Vec<String>, String> {
    if let Some(reason) = unread {
        return Err(reason);
    }
    let suite = harness::Suite::load(bundle, folder).map_err(|error| error.to_string())?;
    Ok(suite
        .scenarios()
        .iter()
        .map(|scenario| scenario.id.clone())
        .collect())
}

fn folders(root: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(root).into_iter().flatten().flatten();
    let folders = entries.filter(|entry| entry.path().is_dir());
    folders
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect()
}
