//! What several commands share: finding the config, the scenarios and the target.

use super::credentials;
use super::exit::Failure;
use catalogue::{RequirementId, catalogue};
use config::{self, BaseUrlError, Config};
use harness::{Bundle, Filter, LeftOut, Selection, Suite, Target, TargetKind};
use std::path::{Path, PathBuf};

/// The config that is read when none is named.
pub(super) const DEFAULT_CONFIG: &str = "conformance.toml";

/// The folder of snapshots when neither flag nor config names one.
pub(super) const SNAPSHOTS: &str = "snapshots";

/// Flags that name the target and what belongs to it.
#[derive(Debug, Clone, Default, clap::Args)]
pub(super) struct TargetFlags {
    /// The booking server's base URL; `/v3/<Method>` is appended.
    #[arg(long, value_name = "URL")]
    pub(super) target: Option<String>,
    /// The config; `conformance.toml` if there is one.
    #[arg(short, long, value_name = "FILE")]
    pub(super) config: Option<PathBuf>,
    /// Overlay the config's [profile.NAME].
    #[arg(long, value_name = "NAME")]
    pub(super) profile: Option<String>,
    /// The folder of Google feed files (.json or .json.gz).
    #[arg(long, value_name = "DIR")]
    pub(super) feeds: Option<PathBuf>,
    /// A slot that may be booked, START as RFC 3339 or epoch seconds; /30m behind it for another length than an hour; repeatable. It is
    /// taken for one spot, paid on arrival, confirmed at once, until it starts: what rests on that alone is held against nobody. Slots
    /// under [inventory] in the config can say it.
    #[arg(long = "slot", value_name = "MERCHANT/SERVICE/START")]
    pub(super) slots: Vec<String>,
    /// Add the scenarios of this folder to the bundled ones.
    #[arg(long, value_name = "DIR")]
    pub(super) scenarios: Option<PathBuf>,
}

impl TargetFlags {
    /// The config with the flags laid over it; without a target in either, the caller brings one.
    pub(super) fn config(&self) -> Result<Config, Failure> {
        let mut config = find_config(self.config.as_deref(), self.profile.as_deref())?;
        if let Some(url) = &self.target {
            let url = target_url(url)?;
            match &mut config.target {
                Some(target) => target.base_url = url,
                None => credentials::bare_target(&mut config, url)?,
            }
        }
        for text in &self.slots {
            let slot = config::listed_slot(text)
                .map_err(|error| Failure::wrong(format!("--slot {text} names no slot"), error.to_string()))?;
            config.inventory.slots.push(slot);
        }
        if let Some(feeds) = &self.feeds {
            config.inventory.feeds = Some(feeds.clone());
        }
        if let Some(scenarios) = &self.scenarios {
            config.run.scenarios = Some(scenarios.clone());
        }
        Ok(config)
    }
}

impl TargetFlags {
    /// Refuses a config that was named and names no target: to test the bundled partner in its place would be green in vain.
    pub(super) fn check_target(&self, config: &Config) -> Result<(), Failure> {
        let named = self.config.as_deref().filter(|_| config.target.is_none());
        named.map_or(Ok(()), |path| {
            Err(Failure::wrong(
                format!("{} has no [target]", path.display()),
                "add [target] with base_url = \"https://host.example/path\", or give --target URL; without --config the bundled \
                 reference partner is tested",
            ))
        })
    }
}

/// True where a CI system runs the program: nobody can be asked.
pub(super) fn is_ci() -> bool {
    std::env::var("CI").is_ok_and(|value| value == "true" || value == "1")
}

/// The named config, or the one that is there, or that of somebody who has none.
pub(super) fn find_config(named: Option<&Path>, profile: Option<&str>) -> Result<Config, Failure> {
    let default = Path::new(DEFAULT_CONFIG);
    match named.or_else(|| default.is_file().then_some(default)) {
        Some(path) => read_config(path, profile),
        None => Ok(Config::default()),
    }
}

/// Reads a config file with the process's environment.
pub(super) fn read_config(path: &Path, profile: Option<&str>) -> Result<Config, Failure> {
    config::load(path, profile, &|name| std::env::var(name).ok()).map_err(Failure::config)
}

/// The suite that a config asks for.
pub(super) fn load_suite(bundle: &Bundle, config: &Config) -> Result<Suite, Failure> {
    Suite::load(bundle, config.run.scenarios.as_deref()).map_err(Failure::input)
}

/// The requirement that has an id or an alias.
pub(super) fn requirement(id: &str) -> Result<RequirementId, Failure> {
    RequirementId::parse(id).ok_or_else(|| {
        let near = catalogue().nearest(id).map(|id| format!("did you mean {id}?"));
        let help = near.unwrap_or_else(|| "`conformance list requirements` shows all".to_owned());
        Failure::wrong(format!("no requirement has the id {id}"), help)
    })
}

/// What `--not` leaves out.
pub(super) fn left_out(not: &[String]) -> Result<Vec<LeftOut>, Failure> {
    let wishes = not.iter().map(|text| LeftOut::by_flag(text));
    wishes.collect::<Result<_, _>>().map_err(Failure::input)
}

/// The scenarios that filters take, without what flags and `[[skip]]` leave out.
pub(super) fn select(
    filters: Vec<Filter>,
    mut left_out: Vec<LeftOut>,
    config: &Config,
    suite: &Suite,
) -> Result<Selection, Failure> {
    let selection = Selection::new(filters, suite).map_err(Failure::input)?;
    left_out.extend(config.skips.iter().map(LeftOut::by_config));
    selection.without(left_out, suite).map_err(Failure::input)
}

/// The target of a config.
pub(super) fn load_target(config: Config, kind: TargetKind) -> Result<Target, Failure> {
    let target = Target::new(config, kind).map_err(Failure::input)?;
    let now_sec = jiff::Timestamp::now().as_second();
    target.check_slots(now_sec).map_err(Failure::input)?;
    Ok(target)
}

/// The URL of a target, which every call appends its version to.
pub(super) fn target_url(text: &str) -> Result<String, Failure> {
    let url = base_url("--target", text)?;
    match config::without_version(&url) {
        None => Ok(url),
        Some(base) => Err(Failure::wrong(
            format!("--target {url} must end before /v3"),
            format!("drop /v3: --target {base}; every call appends /v3 and its method"),
        )),
    }
}

/// The URL of a flag, without a slash at the end.
pub(super) fn base_url(flag: &str, text: &str) -> Result<String, Failure> {
    config::base_url(text).map_err(|error| match error {
        BaseUrlError::Credentials => Failure::wrong(
            format!("{flag} has credentials in the URL"),
            "take them out, and write into the config: [target] auth = { user = { env = \"PARTNER_USER\" }, password = { env = \
             \"PARTNER_PASSWORD\" } }",
        ),
        BaseUrlError::Form(_) => Failure::wrong(
            format!("{flag} {text} is not an http or https URL"),
            "write it like https://host.example/google",
        ),
    })
}
