//! `conformance feeds`

use super::exit::{CommandResult, Exit, Failure};
use super::{output, session};
use ::feeds::Progress;
use harness::{FeedWishes, judge_folder, standing_bookings};
use indicatif::{ProgressBar, ProgressStyle};
use outcome::{FeedReport, FeedVerdict, RunVerdict};
use report::{feeds, terminal::TerminalOptions};
use std::io::IsTerminal as _;
use std::path::PathBuf;
use std::sync::Mutex;

/// Arguments.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The folder of Google feed files (.json or .json.gz): merchants, services, availability; an earlier export may lie beside the
    /// latest. Exit 0: conformant, 1: not, 2: not readable, 3: the feeds hold no record, or are those of an integration without a booking server.
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    /// The folder of an earlier export, against which DIR is held: ids that stay, file names, timestamps, what is gone. An export of the day before shows most.
    #[arg(long, value_name = "DIR2")]
    before: Option<PathBuf>,
    /// A recording of a run whose bookings were kept (run --keep-bookings --report recording=FILE): DIR, exported after it, has to show them.
    #[arg(long, value_name = "FILE")]
    recording: Option<PathBuf>,
    /// A violated SHOULD counts like a MUST.
    #[arg(long)]
    strict: bool,
    /// The form.
    #[arg(long, value_enum, default_value_t = Form::Text)]
    format: Form,
    /// Show no progress.
    #[arg(short, long)]
    quiet: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Form {
    Text,
    Json,
}

/// Judges the folder.
pub(super) fn run(arguments: &Arguments) -> CommandResult {
    let booked = arguments.recording.as_deref().map(standing_bookings).transpose();
    let booked = booked.map_err(Failure::input)?;
    let display = ProgressDisplay::new(arguments.quiet);
    let show = |progress| display.show(progress);
    let wishes = FeedWishes {
        now_sec: jiff::Timestamp::now().as_second(),
        strict: arguments.strict,
        progress: &show,
        before: arguments.before.as_deref(),
        booked: booked.as_deref(),
    };
    let report = judge_folder(&arguments.folder, &wishes);
    display.end();
    output::out(&match arguments.format {
        Form::Text => text(&report),
        Form::Json => serde_json::to_string_pretty(&report)
            .map_err(|error| Failure::broken(format!("render the report as JSON: {error}")))?,
    });
    Ok(match report.verdict {
        FeedVerdict::Conformant => Exit::Done,
        FeedVerdict::NotConformant => Exit::Run(RunVerdict::NotConformant),
        FeedVerdict::Unreadable => Exit::Input,
        FeedVerdict::NothingJudged => Exit::Run(RunVerdict::NotJudged),
    })
}

fn text(report: &FeedReport) -> String {
    let colour = std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none();
    let options = TerminalOptions {
        colour,
        ..TerminalOptions::default()
    };
    feeds::render(report, options)
}

/// A bar on a terminal; elsewhere a line for every tenth of feeds that take a while; nothing when asked to be quiet.
struct ProgressDisplay {
    bar: Option<ProgressBar>,
    lines: Option<Mutex<Lines>>,
}

#[derive(Default)]
struct Lines {
    all: u64,
    read: u64,
    tenths: u64,
}

/// Smaller feeds are read before anybody wonders.
const WORTH_A_LINE: u64 = 50_000_000;

impl ProgressDisplay {
    fn new(quiet: bool) -> Self {
        let terminal = std::io::stderr().is_terminal() && !session::is_ci();
        Self {
            bar: (terminal && !quiet).then(bar),
            lines: (!terminal && !quiet).then(Mutex::default),
        }
    }

    fn show(&self, progress: Progress) {
        match (progress, &self.bar) {
            (Progress::Found(bytes), Some(bar)) => bar.inc_length(bytes),
            (Progress::Read(bytes), Some(bar)) => bar.inc(bytes),
            _ => {}
        }
        let lines = self.lines.as_ref().and_then(|lines| lines.lock().ok());
        if let Some(mut lines) = lines {
            lines.show(progress);
        }
    }

    fn end(&self) {
        self.bar.iter().for_each(ProgressBar::finish_and_clear);
    }
}

impl Lines {
    fn show(&mut self, progress: Progress) {
        match progress {
            Progress::Found(bytes) => self.all += bytes,
            Progress::Read(bytes) => self.read += bytes,
        }
        let tenths = self.read * 10 / self.all.max(1);
        if self.all >= WORTH_A_LINE && tenths > self.tenths {
            self.tenths = tenths;
            let (read, all) = (self.read / 1_000_000, self.all / 1_000_000);
            output::error(&format!("{} % read, {read} of {all} MB", tenths * 10));
        }
    }
}

fn bar() -> ProgressBar {
    let bar = ProgressBar::new(0);
    let style = ProgressStyle::with_template(
        "{spinner} {bytes}/{total_bytes}  {bytes_per_sec}  {eta} left  {bar:30.dim}",
    );
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    bar
}
