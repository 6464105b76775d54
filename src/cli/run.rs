//! `conformance run`

mod again;
mod carry_out;
pub(super) mod report_file;
pub(super) mod reports;
pub(super) mod settings;

use super::cleanup;
use super::credentials;
use super::exit::{CommandResult, Exit, Failure};
use super::output;
use super::session::{self, TargetFlags};
use super::signals::Signals;
use super::trust::Trust;
use carry_out::{PreparedRun, carry_out, what_of_earlier_runs};
use config::{Config, Rate, Waiver};
use google::server::Running;
use harness::{
    self, Bundle, Drift, Filter, FinishedRun, Plan, RunError, Selection, Snapshots, Suite, Target,
    TargetKind, Wishes, plan,
};
use outcome::RunVerdict;
use report::terminal;
use reports::{Reports, Rest};
use settings::{Colour, RunSettings};
use snapshot::{DiffLine, Draft};
use std::io::IsTerminal as _;
use std::net::SocketAddr;
use std::path::PathBuf;

/// Arguments.
#[derive(Debug, clap::Args)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a switch of the command line"
)]
pub(super) struct Arguments {
    /// Scenario ids or globs (deposit/**), req:RTU-*, cap:prepayment, level:must; everything without one. The basics (basic/**) that they need run along.
    #[arg(value_name = "FILTER")]
    filters: Vec<String>,
    /// Run only what failed or could not be tested in an earlier run, and the basics that it needs. RUN is a recording or a run.json.
    #[arg(long, value_name = "RUN", conflicts_with = "filters")]
    failed_in: Option<PathBuf>,
    /// Leave out what this filter takes; repeatable. [[skip]] of the config does so with a reason. A basic that others need cannot be left out.
    #[arg(long, value_name = "GLOB")]
    not: Vec<String>,
    #[command(flatten)]
    target: TargetFlags,
    /// The folder of snapshots; each target has a folder in it.
    #[arg(long, value_name = "DIR")]
    snapshots: Option<PathBuf>,
    /// A violated SHOULD counts like a MUST.
    #[arg(long)]
    strict: bool,
    /// Requests in flight [default: 16].
    #[arg(long, value_name = "N")]
    jobs: Option<usize>,
    /// Fixes order, slots and payload values [default: 1].
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    #[arg(long, value_name = "FORMAT=PATH", help = report_file::help())]
    report: Vec<String>,
    /// Where Google's side listens.
    #[arg(long, value_name = "ADDR")]
    listen: Option<SocketAddr>,
    /// What the partner calls, if that is not the listening address.
    #[arg(long, value_name = "URL")]
    public_url: Option<String>,
    /// Be a proxy, too: a server that has it in HTTPS_PROXY and trusts --ca-file calls Google's own hosts, and gets to Google's
    /// side. Nothing else is reached through it.
    #[arg(long, value_name = "ADDR")]
    proxy: Option<SocketAddr>,
    /// The certificate that clients of --proxy are to trust; made if it is not there [default: google-ca.pem beside the key
    /// file].
    #[arg(long, value_name = "FILE")]
    ca_file: Option<PathBuf>,
    /// How many calls may start per second, such as 5/s.
    #[arg(long, value_name = "N/s")]
    rate: Option<Rate>,
    /// Show the plan and send nothing.
    #[arg(long)]
    dry_run: bool,
    /// Leave bookings standing at the end.
    #[arg(long)]
    keep_bookings: bool,
    /// No questions, no snapshot is ever written but those of --report snapshots=DIR; implied by CI=true.
    #[arg(long)]
    ci: bool,
    /// Only the conclusion.
    #[arg(short, long)]
    quiet: bool,
    /// Also what scenarios wait for, and a line for every scenario.
    #[arg(short, long)]
    verbose: bool,
    /// When to use colour [default: auto].
    #[arg(long, value_enum)]
    color: Option<Colour>,
}

/// What the command line asks for.
struct Request {
    suite: Suite,
    selection: Selection,
}

/// What was to be sent, while nothing has been.
const BEFORE: &str = "interrupted before anything was sent";

/// Plans, runs, reports. The reports that are asked for are of this run from the first moment on.
pub(super) fn run(arguments: &Arguments, bundle: &Bundle) -> CommandResult {
    let runtime = tokio::runtime::Runtime::new().map_err(|error| Failure::broken(error.to_string()))?;
    let signals = runtime.block_on(async { Signals::new() });
    let mut reports = Reports::new();
    reports.add_flags(&arguments.report);
    let done = runtime.block_on(run_with(arguments, bundle, &mut reports, signals));
    match &done {
        Ok(Exit::Run(_)) => {}
        // Only the plan was wanted.
        Ok(exit) => reports.give_up(exit.code(), "only the plan was asked for: nothing was sent"),
        Err(failure) => {
            reports.add_config(&failure.reports);
            reports.give_up(failure.exit.code(), &failure.plain());
        }
    }
    done
}

/// A command line that cannot be read names reports all the same: those of an earlier run are out of date.
pub(super) fn refuse(words: &[String], reason: &str) {
    let mut flags = Vec::new();
    for (number, word) in words.iter().enumerate() {
        match word.strip_prefix("--report") {
            Some("") => flags.extend(words.get(number + 1).cloned()),
            Some(rest) => flags.extend(rest.strip_prefix('=').map(str::to_owned)),
            None => {}
        }
    }
    let mut reports = Reports::new();
    reports.add_flags(&flags);
    reports.give_up(Exit::Input.code(), reason);
}

async fn run_with(
    arguments: &Arguments,
    bundle: &Bundle,
    reports: &mut Reports,
    mut signals: Signals,
) -> CommandResult {
    // Read before any report is begun: the earlier run may stand in the place of one.
    let filters = match &arguments.failed_in {
        Some(earlier) => super::earlier::failed_in(earlier)?,
        None => arguments.filters.clone(),
    };
    reports.begin_files()?;
    let filters = filters.iter().map(|text| Filter::parse(text));
    let filters: Vec<Filter> = filters.collect::<Result<_, _>>().map_err(Failure::input)?;
    let left_out = session::left_out(&arguments.not)?;
    let mut settings = RunSettings::new(arguments, arguments.target.config()?)?;
    reports.add_config(&settings.config.run.report);
    reports.check_apart_from(&settings.snapshots)?;
    reports.begin()?;
    arguments.target.check_target(&settings.config)?;
    let suite = session::load_suite(bundle, &settings.config)?;
    let selection = session::select(filters, left_out, &settings.config, &suite)?;
    let request = Request { suite, selection };
    let mut session = Ending {
        reports,
        signals: &mut signals,
    };
    if arguments.target.target.is_some() && settings.is_attended() && !settings.config.run.dry_run {
        credentials::ask(&mut settings.config)?;
    }
    if settings.config.target.is_some() {
        let target = load(settings.config.clone(), TargetKind::Url, session.signals).await?;
        return Box::pin(run_against(&request, &settings, target, &mut session)).await;
    }
    Box::pin(run_embedded(arguments, &request, settings, &mut session)).await
}

/// How a run ends: its reports, and who may stop it.
struct Ending<'e> {
    reports: &'e mut Reports,
    signals: &'e mut Signals,
}

/// Somebody asked the program to end before a call was made.
fn interrupted() -> Failure {
    Failure {
        exit: Exit::Run(RunVerdict::Interrupted),
        ..Failure::broken(BEFORE)
    }
}

/// What is waited for before anything is sent can be interrupted.
async fn unless_stopped<T>(signals: &mut Signals, work: impl Future<Output = T>) -> Result<T, Failure> {
    tokio::select! {
        biased;
        () = signals.next() => Err(interrupted()),
        done = work => Ok(done),
    }
}

/// Feeds can take long to read.
async fn load(config: Config, kind: TargetKind, signals: &mut Signals) -> Result<Target, Failure> {
    let reading = tokio::task::spawn_blocking(move || session::load_target(config, kind));
    let read = unless_stopped(signals, reading).await?;
    read.map_err(|error| Failure::broken(error.to_string()))?
}

/// Without a target: the bundled reference partner, through a config file like any other.
#[cfg(feature = "reference")]
async fn run_embedded(
    arguments: &Arguments,
    request: &Request,
    settings: RunSettings,
    ending: &mut Ending<'_>,
) -> CommandResult {
    let partner = unless_stopped(ending.signals, ::reference::start_embedded()).await?;
    let partner = partner.map_err(Failure::machine)?;
    let mut config = session::read_config(partner.config(), None)?;
    config.run = settings.config.run;
    config.waivers = settings.config.waivers;
    config.skips = settings.config.skips;
    let settings = RunSettings::new(arguments, config)?;
    let target = load(settings.config.clone(), TargetKind::Reference, ending.signals).await?;
    let result = Box::pin(run_against(request, &settings, target, ending)).await;
    partner.shutdown().await;
    result
}

#[cfg(not(feature = "reference"))]
#[expect(clippy::unused_async, reason = "its twin starts a server")]
async fn run_embedded(_: &Arguments, _: &Request, _: RunSettings, _: &mut Ending<'_>) -> CommandResult {
    let help = "give --target URL or a config with [target]; this build has no bundled reference partner";
    Err(Failure::wrong("there is no target", help))
}

/// Plans and runs against a target, whatever it is.
async fn run_against(
    request: &Request,
    settings: &RunSettings,
    target: Target,
    ending: &mut Ending<'_>,
) -> CommandResult {
    let run = &settings.config.run;
    let mut snapshots = Snapshots::of(&settings.snapshots, &target.name, &request.suite, settings.ci);
    let attended = settings.is_attended();
    let mut wishes = wishes(request, settings, attended, &snapshots)?;
    if run.dry_run {
        let plan = plan(&request.suite, &target, &wishes);
        output::out(&super::list::scenarios_text(&plan));
        warn_of_waivers(&settings.config.waivers, &request.suite);
        return Ok(Exit::Done);
    }
    let reached = unless_stopped(ending.signals, harness::check_reachable(&target)).await?;
    reached.map_err(Failure::machine)?;
    let open = unless_stopped(ending.signals, harness::check_credentials(&target)).await?;
    open.map_err(Failure::machine)?;
    let place = (target.kind == TargetKind::Url).then(|| cleanup::place(&settings.flags, &target));
    let mut earlier = Vec::new();
    if let Some(place) = &place {
        let wish = what_of_earlier_runs(settings, attended);
        earlier = unless_stopped(ending.signals, cleanup::before_run(place, &target, wish)).await??;
        wishes.now_sec = jiff::Timestamp::now().as_second();
    }
    let google = unless_stopped(ending.signals, harness::open(&target)).await?;
    let google = google.map_err(|error| match error {
        RunError::Tls(_) => Failure::input(error),
        other => Failure::machine(other),
    })?;
    tell_proxy(&google, settings);
    // Slots are bound by the clock, and to open Google's side takes its time.
    wishes.now_sec = jiff::Timestamp::now().as_second();
    let plan = plan(&request.suite, &target, &wishes);
    let prepared = PreparedRun {
        target: &target,
        plan,
        google,
        attended,
        journal: place.map(|place| place.journal()),
        earlier,
    };
    let mut finished = carry_out(settings, prepared, &mut snapshots, ending.signals).await?;
    let seed = finished.report.seed;
    finished
        .report
        .repeat_with(|scenario| settings.again.command(scenario, seed));
    finished.facts.repeat = settings.again.clone();
    finished.facts.places = settings.places();
    Ok(present(settings, finished, snapshots.drifts(), ending.reports))
}

/// What a server needs to reach Google's hosts through the proxy.
fn tell_proxy(google: &Running, settings: &RunSettings) {
    let notifications = &settings.config.notifications;
    let ca_file = harness::google_server_config(notifications).ca_file;
    let trust = google
        .proxy()
        .and_then(|_| Trust::of(google, &ca_file.unwrap_or_default()));
    if let Some(trust) = trust {
        output::error(&format!(
            "Google's hosts are here for a server with {}",
            trust.environment()
        ));
    }
}

/// Nothing of the plan hangs on them; the run would end with exit 4 for each.
fn warn_of_waivers(waivers: &[Waiver], suite: &Suite) {
    let ids: Vec<&str> = suite.scenarios().iter().map(|one| one.id.as_str()).collect();
    let now_sec = jiff::Timestamp::now().as_second();
    let idle = harness::waivers_that_hold_nothing(waivers, &ids, now_sec);
    if !idle.is_empty() {
        output::error(&terminal::waiver_lines(&idle));
    }
}

/// A new snapshot is reviewed as a whole; only the diff of a changed one is worth showing here.
fn lines_to_show(drift: &Drift) -> Vec<DiffLine> {
    if drift.is_new {
        Vec::new()
    } else {
        drift.lines.clone()
    }
}

fn wishes(
    request: &Request,
    settings: &RunSettings,
    attended: bool,
    snapshots: &Snapshots,
) -> Result<Wishes, Failure> {
    let preferences = snapshots
        .preferences()
        .map_err(|error| Failure::wrong(format!("failed to {error}"), "mend or delete the snapshot"))?;
    let wishes = Wishes::new(request.selection.clone());
    Ok(Wishes {
        seed: settings.config.run.seed.unwrap_or(wishes.seed),
        attended,
        preferences,
        ..wishes
    })
}

/// Files first, so that a full disk is known before the verdict is printed.
fn present(settings: &RunSettings, finished: FinishedRun, drifts: &[Drift], reports: &mut Reports) -> Exit {
    let shown: Vec<(String, Vec<DiffLine>)> = drifts
        .iter()
        .map(|drift| (drift.scenario.clone(), lines_to_show(drift)))
        .collect();
    let waiting: Vec<Draft> = drifts.iter().map(Drift::draft).collect();
    let FinishedRun { mut report, facts } = finished;
    let rest = Rest {
        facts: &facts,
        drifts: &shown,
        waiting: &waiting,
    };
    let artefact = reports.finish(&mut report, &rest);
    output::out(&terminal::render(
        &rest.material(&report, artefact),
        settings.terminal,
    ));
    Exit::Run(report.verdict)
}

/// The plan of a selection, for commands that send nothing.
pub(super) fn plan_without_running(suite: &Suite, target: &Target, selection: Selection) -> Plan {
    let wishes = Wishes::new(selection);
    let wishes = Wishes {
        seed: target.config.run.seed.unwrap_or(wishes.seed),
        attended: std::io::stdin().is_terminal(),
        ..wishes
    };
    plan(suite, target, &wishes)
}
