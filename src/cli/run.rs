//! `conformance run`

use super::exit::{Ended, Exit, Failure};
use super::live::{Keyboard, Live};
use super::session::{self, TargetFlags};
use super::{output, signals};
use config::{Color, Config, Rate};
use engine::{Interrupt, SystemClock};
use event::{Event, NoOperator, Observer, Operator};
use google::server::Running;
use harness::{self, Bundle, Kind, Plan, RunError, Session, Snapshots, Suite, Target, Wishes, plan};
use outcome::RunReport;
use report::{Material, REPORTERS, Reporter, reporter, terminal};
use snapshot::DiffLine;
use std::io::IsTerminal as _;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::sync::watch;
use transcript::Transcript;

/// The seed of a run that names none: the same plan every time.
const SEED: u64 = 1;
/// Requests in flight of a run that names no number.
const JOBS: usize = 16;

/// Arguments.
#[derive(Debug, clap::Args)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a switch of the command line"
)]
pub(super) struct Arguments {
    /// Scenario ids or globs (deposit/**), req:RTU-*, cap:prepayment, level:must; everything without one.
    #[arg(value_name = "FILTER")]
    filters: Vec<String>,
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
    /// Keep the report as FORMAT (json, junit, recording) in a file; repeatable.
    #[arg(long, value_name = "FORMAT=PATH")]
    report: Vec<String>,
    /// Where Google's side listens.
    #[arg(long, value_name = "ADDR")]
    listen: Option<SocketAddr>,
    /// What the partner calls, if that is not the listening address.
    #[arg(long, value_name = "URL")]
    public_url: Option<String>,
    /// How many calls may start per second, such as 5/s.
    #[arg(long, value_name = "N/s")]
    rate: Option<Rate>,
    /// Show the plan and send nothing.
    #[arg(long)]
    dry_run: bool,
    /// Leave bookings standing at the end.
    #[arg(long)]
    keep_bookings: bool,
    /// No questions, no snapshot is ever written; implied by CI=true.
    #[arg(long)]
    ci: bool,
    /// Only the conclusion.
    #[arg(short, long)]
    quiet: bool,
    /// Also what scenarios wait for, and scenarios that were left out.
    #[arg(short, long)]
    verbose: bool,
    /// When to use colour [default: auto].
    #[arg(long, value_enum)]
    color: Option<Colour>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Colour {
    Auto,
    Always,
    Never,
}

impl From<Color> for Colour {
    fn from(color: Color) -> Self {
        match color {
            Color::Auto => Self::Auto,
            Color::Always => Self::Always,
            Color::Never => Self::Never,
        }
    }
}

/// Where a report goes.
struct Kept {
    reporter: &'static dyn Reporter,
    path: PathBuf,
}

/// Flags and config put together.
struct Settled {
    bundle: Bundle,
    config: Config,
    kept: Vec<Kept>,
    ci: bool,
    look: terminal::Look,
}

/// Plans, runs, reports.
pub(super) fn run(arguments: &Arguments, bundle: &Bundle) -> Ended {
    let settled = settle(arguments, arguments.target.config()?, *bundle)?;
    let runtime = tokio::runtime::Runtime::new().map_err(|error| Failure::broken(error.to_string()))?;
    runtime.block_on(async {
        if settled.config.target.is_some() {
            let target = session::target(settled.config.clone(), Kind::Url)?;
            return against(arguments, &settled, target).await;
        }
        embedded(arguments, settled).await
    })
}

/// Without a target: the bundled reference partner, through a config file like any other.
#[cfg(feature = "reference")]
async fn embedded(arguments: &Arguments, settled: Settled) -> Ended {
    let partner = ::reference::start_embedded().await.map_err(Failure::machine)?;
    let mut config = session::read(partner.config(), None)?;
    config.run = settled.config.run.clone();
    let settled = settle(arguments, config, settled.bundle)?;
    let target = session::target(settled.config.clone(), Kind::Reference)?;
    let ended = against(arguments, &settled, target).await;
    partner.shutdown().await;
    ended
}

#[cfg(not(feature = "reference"))]
#[expect(clippy::unused_async, reason = "its twin starts a server")]
async fn embedded(_: &Arguments, _: Settled) -> Ended {
    let help = "give --target URL or a config with [target]; this build has no bundled reference partner";
    Err(Failure::wrong("there is no target", help))
}

fn settle(arguments: &Arguments, mut config: Config, bundle: Bundle) -> Result<Settled, Failure> {
    let run = &mut config.run;
    run.strict |= arguments.strict;
    run.keep_bookings |= arguments.keep_bookings;
    run.dry_run |= arguments.dry_run;
    run.jobs = arguments.jobs.or(run.jobs);
    run.seed = arguments.seed.or(run.seed);
    run.snapshots = arguments.snapshots.clone().or(run.snapshots.take());
    let ci = arguments.ci || run.ci || session::in_ci();
    let (quiet, verbose) = (arguments.quiet || run.quiet, arguments.verbose || run.verbose);
    let mut wanted: Vec<(String, PathBuf)> = run
        .report
        .iter()
        .map(|report| (report.format.clone(), report.path.clone()))
        .collect();
    for text in &arguments.report {
        wanted.push(format_and_path(text)?);
    }
    let kept = wanted.into_iter().map(kept).collect::<Result<_, _>>()?;
    if run.jobs == Some(0) {
        return Err(Failure::wrong(
            "--jobs 0 lets no request through",
            "give at least 1",
        ));
    }
    if let Some(listen) = arguments.listen {
        config.notifications.listen = listen;
    }
    if let Some(url) = &arguments.public_url {
        config.notifications.public_url = Some(session::base_url("--public-url", url)?);
    }
    if let (Some(rate), Some(target)) = (arguments.rate, &mut config.target) {
        target.rate = Some(rate);
    }
    let wished = arguments
        .color
        .or(run.color.map(Into::into))
        .unwrap_or(Colour::Auto);
    let colour = match wished {
        Colour::Always => true,
        Colour::Never => false,
        Colour::Auto => std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none() && !ci,
    };
    Ok(Settled {
        bundle,
        config,
        kept,
        ci,
        look: terminal::Look {
            colour,
            all: verbose,
            brief: quiet,
        },
    })
}

fn format_and_path(text: &str) -> Result<(String, PathBuf), Failure> {
    match text.split_once('=') {
        Some((format, path)) if !path.is_empty() => Ok((format.to_owned(), PathBuf::from(path))),
        _ => Err(Failure::wrong(
            format!("--report {text} names no file"),
            "write it like --report json=run.json",
        )),
    }
}

fn kept((format, path): (String, PathBuf)) -> Result<Kept, Failure> {
    let Some(reporter) = reporter(&format) else {
        let known: Vec<_> = REPORTERS
            .iter()
            .map(|known| format!("{} ({})", known.format(), known.about()))
            .collect();
        return Err(Failure::wrong(
            format!("no report has the format `{format}`"),
            format!("formats: {}", known.join("; ")),
        ));
    };
    Ok(Kept { reporter, path })
}

/// Plans and runs against a target, whatever it is.
async fn against(arguments: &Arguments, settled: &Settled, target: Target) -> Ended {
    let suite = session::suite(&settled.bundle, &settled.config)?;
    let root = settled
        .config
        .run
        .snapshots
        .clone()
        .unwrap_or_else(|| PathBuf::from("snapshots"));
    let mut snapshots = Snapshots::of(&root, &target.name, &suite, settled.ci);
    let attended = !settled.ci && std::io::stdin().is_terminal();
    let mut wishes = wishes(arguments, settled, attended, &snapshots)?;
    let first = plan(&suite, &target, &wishes).map_err(Failure::input)?;
    if settled.config.run.dry_run {
        output::out(&super::list::scenarios_text(&first));
        return Ok(Exit::Done);
    }
    // Input mistakes were told before anything was opened; what is bound by the clock is bound now.
    let google = harness::open(&target).await.map_err(|error| match error {
        RunError::Tls(_) => Failure::input(error),
        other => Failure::machine(other),
    })?;
    wishes.now_sec = jiff::Timestamp::now().as_second();
    let plan = plan(&suite, &target, &wishes).map_err(Failure::input)?;
    let ready = Ready {
        target: &target,
        plan,
        google,
        attended,
    };
    let (report, transcripts) = carry_out(settled, ready, &mut snapshots).await?;
    let drifts: Vec<(String, Vec<DiffLine>)> = snapshots
        .drifts()
        .iter()
        .map(|drift| (drift.scenario.clone(), shown(drift)))
        .collect();
    Ok(present(settled, &report, &transcripts, &drifts))
}

/// A new snapshot is reviewed as a whole; only the diff of a changed one is worth showing here.
fn shown(drift: &harness::Drift) -> Vec<DiffLine> {
    if drift.new {
        Vec::new()
    } else {
        drift.lines.clone()
    }
}

fn wishes(
    arguments: &Arguments,
    settled: &Settled,
    attended: bool,
    snapshots: &Snapshots,
) -> Result<Wishes, Failure> {
    let preferences = snapshots
        .preferences()
        .map_err(|error| Failure::wrong(format!("failed to {error}"), "mend or delete the snapshot"))?;
    Ok(Wishes {
        filters: arguments.filters.clone(),
        seed: settled.config.run.seed.unwrap_or(SEED),
        attended,
        preferences,
        run_id: rand::random(),
        now_sec: jiff::Timestamp::now().as_second(),
    })
}

/// Everything is there; nothing has been sent.
struct Ready<'t> {
    target: &'t Target,
    plan: Plan,
    google: Running,
    attended: bool,
}

async fn carry_out(
    settled: &Settled,
    ready: Ready<'_>,
    snapshots: &mut Snapshots,
) -> Result<(RunReport, Vec<Transcript>), Failure> {
    let run = &settled.config.run;
    let Ready {
        target,
        plan,
        google,
        attended,
    } = ready;
    let observer: Arc<dyn Observer> = Arc::new(Live::new(settled.look.brief, settled.look.all, settled.ci));
    let operator: Arc<dyn Operator> = if attended {
        Arc::new(Keyboard::default())
    } else {
        Arc::new(NoOperator)
    };
    let (stop, interrupt) = Interrupt::new();
    let listening = tokio::spawn(listen_for_signals(stop, Arc::clone(&observer)));
    let session = Session {
        clock: Arc::new(SystemClock::start()),
        observer,
        operator,
        interrupt,
        jobs: run.jobs.unwrap_or(JOBS),
        strict: run.strict,
        keep_bookings: run.keep_bookings,
    };
    let done = harness::run(plan, target, google, session, snapshots).await;
    listening.abort();
    done.map_err(Failure::machine)
}

/// The first Ctrl-C (or a polite request to end, as CI systems send it) stops the scenarios and cleans up; the second
/// ends the program.
async fn listen_for_signals(stop: watch::Sender<bool>, observer: Arc<dyn Observer>) {
    signals::stop().await;
    observer.on(&Event::Interrupted);
    stop.send_replace(true);
    signals::stop().await;
    #[expect(
        clippy::exit,
        reason = "asked twice to stop, the program ends without waiting for the clean-up"
    )]
    std::process::exit(130);
}

/// Files first, so that a full disk is known before the verdict is printed.
fn present(
    settled: &Settled,
    report: &RunReport,
    transcripts: &[Transcript],
    drifts: &[(String, Vec<DiffLine>)],
) -> Exit {
    let material = Material {
        report,
        transcripts,
        drifts,
    };
    let mut lost = Vec::new();
    for kept in &settled.kept {
        if let Err(reason) = keep(kept, &material) {
            lost.push(format!(
                "the report {} could not be kept: {reason}",
                kept.path.display()
            ));
        }
    }
    output::out(&terminal::render(&material, settled.look));
    if lost.is_empty() {
        return Exit::Run(report.verdict);
    }
    output::error(&lost.join("\n"));
    // A report that is not there must not look like a green run.
    if matches!(report.exit_code, 0 | 4) {
        Exit::Machine
    } else {
        Exit::Run(report.verdict)
    }
}

fn keep(kept: &Kept, material: &Material<'_>) -> Result<(), String> {
    let text = kept
        .reporter
        .render(material)
        .map_err(|error| error.to_string())?;
    write(&kept.path, &text).map_err(|error| error.to_string())
}

fn write(path: &Path, text: &str) -> std::io::Result<()> {
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder)?;
    }
    std::fs::write(path, text)
}

/// The suite and plan of a target, for commands that send nothing.
pub(super) fn planned(suite: &Suite, target: &Target) -> Result<Plan, Failure> {
    let wishes = Wishes {
        filters: Vec::new(),
        seed: target.config.run.seed.unwrap_or(SEED),
        attended: std::io::stdin().is_terminal(),
        preferences: std::collections::BTreeMap::new(),
        run_id: 0,
        now_sec: jiff::Timestamp::now().as_second(),
    };
    plan(suite, target, &wishes).map_err(Failure::input)
}
