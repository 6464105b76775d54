//! `conformance replay`

use super::exit::{CommandResult, Exit, Failure};
use super::output;
use super::run::report_file::{self, ReportFile};
use super::run::reports::{Reports, Rest};
use super::run::settings::Colour;
use super::session;
use harness::{Bundle, Filter, Replay};
use report::terminal::{self, TerminalOptions};
use std::path::PathBuf;

/// Arguments.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The recording, as `run --report recording=FILE` wrote it.
    #[arg(value_name = "RUN")]
    file: PathBuf,
    /// Judge only these scenarios, with the basics that they need: ids or globs (deposit/**), req:RTU-*, cap:prepayment, level:must.
    #[arg(value_name = "FILTER")]
    filters: Vec<String>,
    /// A violated SHOULD counts like a MUST.
    #[arg(long)]
    strict: bool,
    #[arg(long, value_name = "FORMAT=PATH", help = report_file::help())]
    report: Vec<String>,
    /// Only the conclusion.
    #[arg(short, long)]
    quiet: bool,
    /// Also a line for every scenario.
    #[arg(short, long)]
    verbose: bool,
    /// When to use colour [default: auto].
    #[arg(long, value_enum)]
    color: Option<Colour>,
}

/// Judges the recording, and shows what a run would show.
pub(super) fn run(arguments: &Arguments, bundle: &Bundle) -> CommandResult {
    files(&arguments.report)?;
    let filters = arguments.filters.iter().map(|text| Filter::parse(text));
    let filters: Vec<Filter> = filters.collect::<Result<_, _>>().map_err(Failure::input)?;
    // Read before any report is begun: one may take the recording's place.
    let recording = recording::read(&arguments.file).map_err(Failure::input)?;
    let drifts = recording.drifts;
    let replay = Replay::new(recording.facts, bundle, filters).map_err(Failure::input)?;
    let replay = replay.strictly(arguments.strict);
    let mut reports = Reports::new();
    reports.add_flags(&arguments.report);
    reports.begin()?;
    let mut report = replay.judge();
    let facts = replay.into_facts();
    let is_judged = |id: &str| facts.recorded.transcripts.iter().any(|one| one.scenario == id);
    let drifts: Vec<_> = drifts.into_iter().filter(|(id, _)| is_judged(id)).collect();
    let rest = Rest {
        facts: &facts,
        drifts: &drifts,
        waiting: &[],
    };
    let artefact = reports.finish(&mut report, &rest);
    let options = options(arguments.color, arguments.verbose, arguments.quiet);
    output::out(&terminal::render(&rest.material(&report, artefact), options));
    Ok(Exit::Run(report.verdict))
}

/// How a report that is no run's is shown.
pub(super) fn options(colour: Option<Colour>, all: bool, brief: bool) -> TerminalOptions {
    let ci = session::is_ci();
    TerminalOptions {
        colour: colour.unwrap_or(Colour::Auto).is_on(ci),
        all,
        brief,
        ci,
    }
}

/// The reports that are asked for; snapshots are kept by a run alone.
pub(super) fn files(flags: &[String]) -> Result<Vec<ReportFile>, Failure> {
    let split = flags.iter().map(|text| ReportFile::new(ReportFile::split(text)?));
    let files: Vec<ReportFile> = split.collect::<Result<_, _>>()?;
    if files.iter().any(|file| file.artefact().is_some()) {
        return Err(Failure::wrong(
            "snapshots are kept by a run, and not by what is made of its recording",
            "take them from the recording itself: conformance accept --from RUN",
        ));
    }
    Ok(files)
}
