//! A run against a booking server, put together step by step.

use super::BUNDLE;
use super::harness_error::HarnessError;
use config::Config;
use event::{Observer, Silent};
use google::server::Running;
use harness::{
    Filter, FinishedRun, LeftOut, Selection, Session, Snapshots, Suite, Target, TargetKind, Wishes,
};
use jiff::{SignedDuration, Timestamp};
use outcome::{CauseReport, RunReport, RunVerdict, Verdict};
use report::terminal::{self, TerminalOptions};
use report::{Material, RenderError, Reporter};
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

/// What a server is called that stands in no config.
const NAME: &str = "target";

/// How long an answer may take where no config says it.
const TIMEOUT: SignedDuration = SignedDuration::from_secs(15);

#[derive(Debug, Clone)]
enum Server {
    At(String),
    Of(PathBuf),
}

/// A run against a booking server, to be described and started.
///
/// Nothing is looked at before [`Harness::start`] or [`Harness::run`]: what is wrong with an address, a slot, a scenario or a
/// filter is told there.
#[derive(Clone)]
#[must_use = "nothing happens before `run` or `start`"]
pub struct Harness {
    server: Server,
    credentials: Option<(String, String)>,
    feeds: Option<PathBuf>,
    slots: Vec<String>,
    scenario_folder: Option<PathBuf>,
    scenario_texts: Vec<(String, String)>,
    only: Vec<String>,
    without: Vec<String>,
    patience: Option<(Duration, Duration)>,
    seed: Option<u64>,
    strict: bool,
    observer: Arc<dyn Observer>,
}

impl Harness {
    /// A server at an address, such as `http://127.0.0.1:8080/google`; `/v3/<Method>` is appended to it.
    ///
    /// Notifications are taken at a free port of the loopback, see [`ReadyRun::google_url`].
    pub fn against(base_url: impl Into<String>) -> Self {
        Self::of(Server::At(base_url.into()))
    }

    /// The server of a config file, with its triggers, waivers, capabilities, and what else `conformance.toml` says. Of `[run]`
    /// only `seed`, `strict`, `jobs` and `scenarios` count here.
    pub fn of_config(path: impl Into<PathBuf>) -> Self {
        Self::of(Server::Of(path.into()))
    }

    fn of(server: Server) -> Self {
        Self {
            server,
            credentials: None,
            feeds: None,
            slots: Vec::new(),
            scenario_folder: None,
            scenario_texts: Vec::new(),
            only: Vec::new(),
            without: Vec::new(),
            patience: None,
            seed: None,
            strict: false,
            observer: Arc::new(Silent),
        }
    }

    /// User name and password that the server expects of Google (HTTP Basic). A password needs eight characters or more: it is
    /// masked wherever it turns up.
    pub fn credentials(mut self, user: impl Into<String>, password: impl Into<String>) -> Self {
        self.credentials = Some((user.into(), password.into()));
        self
    }

    /// The folder of Google feed files (`.json` or `.json.gz`); what they offer may be booked.
    pub fn feeds(mut self, folder: impl Into<PathBuf>) -> Self {
        self.feeds = Some(folder.into());
        self
    }

    /// A slot that may be booked, as `MERCHANT/SERVICE/START`: START is RFC 3339 or epoch seconds, and a length may follow, as in
    /// `m1/s1/2026-12-02T09:00:00Z/30m`. Without one it is an hour. The slot has one spot, and is paid on arrival.
    pub fn slot(mut self, text: impl Into<String>) -> Self {
        self.slots.push(text.into());
        self
    }

    /// Adds the scenarios of a folder, `<area>/<name>.yaml`, to the bundled ones.
    pub fn scenarios(mut self, folder: impl Into<PathBuf>) -> Self {
        self.scenario_folder = Some(folder.into());
        self
    }

    /// Adds a scenario: its id, as in `own/first`, and the YAML text.
    pub fn scenario(mut self, id: impl Into<String>, yaml: impl Into<String>) -> Self {
        self.scenario_texts.push((id.into(), yaml.into()));
        self
    }

    /// Takes only scenarios of this filter, and the basics that they need: an id or a glob (`deposit/**`), `req:RTU-*`,
    /// `cap:prepayment`, `level:must`. Each further one adds to it; without any, everything is taken.
    pub fn only(mut self, filter: impl Into<String>) -> Self {
        self.only.push(filter.into());
        self
    }

    /// Leaves out what this filter takes. A basic that other scenarios need cannot be left out.
    pub fn without(mut self, filter: impl Into<String>) -> Self {
        self.without.push(filter.into());
        self
    }

    /// How long a scenario waits for a notification (30 s without this), and for how long it watches that no more come (2 s). A
    /// server in the same process needs less.
    pub fn patience(mut self, within: Duration, quiet: Duration) -> Self {
        self.patience = Some((within, quiet));
        self
    }

    /// Fixes order, slots and payload values; 1 without this.
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = Some(seed);
        self
    }

    /// A violated SHOULD counts like a MUST.
    pub fn strict(mut self) -> Self {
        self.strict = true;
        self
    }

    /// Somebody who listens to the run while it goes on.
    pub fn observer(mut self, observer: impl Observer + 'static) -> Self {
        self.observer = Arc::new(observer);
        self
    }

    /// Starts the mock of Google's API, plans and runs. For a server that has to know where Google's API is, see
    /// [`Harness::start`].
    pub async fn run(self) -> Result<Finished, HarnessError> {
        Box::pin(self.start().await?.run()).await
    }

    /// Checks everything that was given, and starts the mock of Google's API. The server is not called yet.
    pub async fn start(self) -> Result<ReadyRun, HarnessError> {
        let config = self.config()?;
        let folder = self.scenario_folder.clone().or(config.run.scenarios.clone());
        let suite = Suite::load_with(&BUNDLE, folder.as_deref(), &self.scenario_texts)?;
        let selection = self.selection(&config, &suite)?;
        let target = Target::new(config, TargetKind::Url)?;
        target.check_slots(Timestamp::now().as_second())?;
        let google = harness::open(&target).await?;
        Ok(ReadyRun {
            suite,
            selection,
            target,
            google,
            strict: self.strict,
            observer: self.observer,
        })
    }

    fn config(&self) -> Result<Config, HarnessError> {
        let mut config = match &self.server {
            Server::Of(path) => config::load(path, None, &|name| std::env::var(name).ok())?,
            Server::At(url) => bare_config(url)?,
        };
        if let (Some((user, password)), Some(target)) = (&self.credentials, &mut config.target) {
            let secret = |text: &String| config::Secret::new(text.clone());
            config.secrets.extend([secret(user), secret(password)]);
            target.auth = Some(config::Credentials {
                user: secret(user),
                password: secret(password),
            });
        }
        for text in &self.slots {
            let slot = config::listed_slot(text).map_err(|cause| HarnessError::Slot {
                text: text.clone(),
                cause,
            })?;
            config.inventory.slots.push(slot);
        }
        config.inventory.feeds = self.feeds.clone().or(config.inventory.feeds);
        if let Some((within, quiet)) = self.patience {
            let signed = |length| SignedDuration::try_from(length).unwrap_or(SignedDuration::MAX);
            config.notifications.within = signed(within);
            config.notifications.quiet = signed(quiet);
        }
        config.run.seed = self.seed.or(config.run.seed);
        config.run.strict |= self.strict;
        Ok(config)
    }

    fn selection(&self, config: &Config, suite: &Suite) -> Result<Selection, HarnessError> {
        let only = self.only.iter().map(|text| Filter::parse(text));
        let without = self.without.iter().map(|text| LeftOut::by_flag(text));
        let skips = config.skips.iter().map(|skip| Ok(LeftOut::by_config(skip)));
        let selection = Selection::new(only.collect::<Result<_, _>>()?, suite)?;
        let left_out = without.chain(skips).collect::<Result<_, _>>()?;
        Ok(selection.without(left_out, suite)?)
    }
}

/// The config of a server about which nothing but its address is known.
fn bare_config(url: &str) -> Result<Config, HarnessError> {
    let base_url = config::base_url(url)?;
    if let Some(base) = config::without_version(&base_url) {
        return Err(HarnessError::UrlWithVersion {
            base: base.to_owned(),
            url: base_url,
        });
    }
    let mut config = Config {
        target: Some(config::TargetConfig {
            name: NAME.to_owned(),
            base_url,
            auth: None,
            timeout: TIMEOUT,
            rate: None,
        }),
        ..Config::default()
    };
    config.notifications.listen = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    Ok(config)
}

/// A run whose mock of Google's API is up, before the first call to the server.
#[must_use = "nothing is sent before `run`"]
pub struct ReadyRun {
    suite: Suite,
    selection: Selection,
    target: Target,
    google: Running,
    strict: bool,
    observer: Arc<dyn Observer>,
}

impl ReadyRun {
    /// What your server has to call in place of `https://mapsbooking.googleapis.com`; no slash at its end.
    pub fn google_url(&self) -> &str {
        self.google.url()
    }

    /// The service-account key that your server's Google client takes, as JSON. It is a secret of this run.
    pub fn google_key(&self) -> String {
        self.google.key().to_json()
    }

    /// Calls the server, judges, and cancels what was booked.
    pub async fn run(self) -> Result<Finished, HarnessError> {
        harness::check_reachable(&self.target).await?;
        harness::check_credentials(&self.target).await?;
        let wishes = Wishes::new(self.selection);
        let config = &self.target.config.run;
        let wishes = Wishes {
            seed: config.seed.unwrap_or(wishes.seed),
            ..wishes
        };
        let session = Session {
            observer: self.observer,
            strict: self.strict || config.strict,
            jobs: config.jobs.unwrap_or(harness::JOBS),
            ..Session::silent()
        };
        let plan = harness::plan(&self.suite, &self.target, &wishes);
        let mut snapshots = Snapshots::off();
        let run = harness::run(plan, &self.target, self.google, session, &mut snapshots);
        Ok(Finished(Box::pin(run).await?))
    }
}

/// What a run came to.
#[derive(Debug, Clone)]
pub struct Finished(FinishedRun);

impl Finished {
    /// The conclusion. [`RunVerdict::NotJudged`] is what a run comes to that found no violation and could not show everything,
    /// such as one without slots.
    pub fn verdict(&self) -> RunVerdict {
        self.0.report.verdict
    }

    /// The violated MUSTs, each cause once, what to mend first at the front. With [`Harness::strict`] SHOULDs count as well.
    pub fn violations(&self) -> impl Iterator<Item = &CauseReport> {
        let causes = self.0.report.findings_by_cause.iter();
        causes.filter(|cause| cause.verdict == Verdict::Fail)
    }

    /// Everything that was concluded; serialised it is `run.json`.
    pub fn report(&self) -> &RunReport {
        &self.0.report
    }

    /// The report for people, as `conformance run` prints it, without colour.
    pub fn text(&self) -> String {
        terminal::render(&self.material(), TerminalOptions::default())
    }

    /// The run in another form: one of [`REPORTERS`](super::harness::REPORTERS), found with
    /// [`reporter`](super::harness::reporter)`("junit")`, or your own.
    pub fn render(&self, reporter: &dyn Reporter) -> Result<Vec<u8>, RenderError> {
        Ok(reporter.pack(reporter.render(&self.material())?))
    }

    fn material(&self) -> Material<'_> {
        Material {
            report: &self.0.report,
            facts: &self.0.facts,
            drifts: &[],
            artefact: None,
        }
    }
}
