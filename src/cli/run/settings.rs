//! Flags and config of a run put together.

use super::super::exit::Failure;
use super::super::session::{self, TargetFlags};
use super::Arguments;
use super::again::again;
use super::report_file::ReportFile;
use config::{Color, Config};
use recording::{Places, Repeat};
use report::terminal;
use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(in super::super) enum Colour {
    Auto,
    Always,
    Never,
}

impl Colour {
    /// True when what goes to standard output is to be coloured.
    pub(in super::super) fn is_on(self, ci: bool) -> bool {
        match self {
            Self::Always => true,
            Self::Never => false,
            Self::Auto => std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none() && !ci,
        }
    }
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

/// Flags and config put together.
pub(super) struct RunSettings {
    pub(super) config: Config,
    /// The folder with a folder of snapshots for each target.
    pub(super) snapshots: PathBuf,
    pub(super) ci: bool,
    pub(super) terminal: terminal::TerminalOptions,
    pub(super) again: Repeat,
    pub(super) flags: TargetFlags,
}

impl RunSettings {
    /// Lays the flags over the config.
    pub(super) fn new(arguments: &Arguments, mut config: Config) -> Result<Self, Failure> {
        lay_over(arguments, &mut config)?;
        let run = &config.run;
        let ci = arguments.ci || run.ci || session::is_ci();
        let terminal = terminal::TerminalOptions {
            colour: has_colour(arguments, &config, ci),
            all: arguments.verbose || run.verbose,
            brief: arguments.quiet || run.quiet,
            ci,
        };
        for text in &arguments.report {
            ReportFile::new(ReportFile::split(text)?)?;
        }
        for report in &run.report {
            ReportFile::new((report.format.clone(), report.path.clone()))?;
        }
        let snapshots = config.run.snapshots.clone();
        let snapshots = snapshots.unwrap_or_else(|| PathBuf::from(session::SNAPSHOTS));
        Ok(Self {
            config,
            snapshots,
            ci,
            terminal,
            again: again(arguments),
            flags: arguments.target.clone(),
        })
    }
}

impl RunSettings {
    /// The files of the user's that reports name.
    pub(super) fn places(&self) -> Places {
        let default = Path::new(session::DEFAULT_CONFIG);
        let config = self.flags.config.as_deref();
        let config = config.or_else(|| default.is_file().then_some(default));
        let shown = |path: &Path| path.display().to_string();
        Places {
            config: config.map(shown),
            snapshots: Some(shown(&self.snapshots)),
        }
    }

    /// True when somebody sits there who can be asked.
    pub(super) fn is_attended(&self) -> bool {
        !self.ci && std::io::stdin().is_terminal()
    }
}

fn lay_over(arguments: &Arguments, config: &mut Config) -> Result<(), Failure> {
    let run = &mut config.run;
    run.strict |= arguments.strict;
    run.keep_bookings |= arguments.keep_bookings;
    run.dry_run |= arguments.dry_run;
    run.jobs = arguments.jobs.or(run.jobs);
    run.seed = arguments.seed.or(run.seed);
    run.snapshots = arguments.snapshots.clone().or(run.snapshots.take());
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
    let notifications = &mut config.notifications;
    notifications.proxy = arguments.proxy.or(notifications.proxy);
    notifications.ca_file = arguments.ca_file.clone().or(notifications.ca_file.take());
    if arguments.ca_file.is_some() && notifications.proxy.is_none() {
        return Err(Failure::wrong(
            "--ca-file is of no use without a proxy",
            "give --proxy ADDR, too, or proxy in [notifications]",
        ));
    }
    if let (Some(rate), Some(target)) = (arguments.rate, &mut config.target) {
        target.rate = Some(rate);
    }
    Ok(())
}

fn has_colour(arguments: &Arguments, config: &Config, ci: bool) -> bool {
    let wished = arguments.color.or(config.run.color.map(Into::into));
    wished.unwrap_or(Colour::Auto).is_on(ci)
}
