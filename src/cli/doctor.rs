//! `conformance doctor`

use super::exit::{CommandResult, Exit, Failure};
use super::session::{self, TargetFlags};
use super::signals::Signals;
use super::{credentials, output};
use config::Config;
use harness::{Bundle, Doctor};
use outcome::{Checkup, RunVerdict};
use report::terminal::TerminalOptions;
use std::io::IsTerminal as _;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

/// Arguments.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    target: TargetFlags,
    /// Where Google's side listens.
    #[arg(long, value_name = "ADDR")]
    listen: Option<SocketAddr>,
    /// What the partner calls, if that is not the listening address.
    #[arg(long, value_name = "URL")]
    public_url: Option<String>,
    /// The folder of snapshots.
    #[arg(long, value_name = "DIR")]
    snapshots: Option<PathBuf>,
    /// The form.
    #[arg(long, value_enum, default_value_t = Form::Text)]
    format: Form,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Form {
    Text,
    Json,
}

/// Looks at the set-up of a run.
pub(super) fn run(arguments: &Arguments, bundle: &Bundle) -> CommandResult {
    let mut config = arguments.target.config()?;
    arguments.target.check_target(&config)?;
    if config.target.is_none() {
        return Err(Failure::wrong(
            "there is no target",
            "give --target URL, or -c FILE; `conformance init` writes a config",
        ));
    }
    if let Some(address) = arguments.listen {
        config.notifications.listen = address;
    }
    if let Some(url) = &arguments.public_url {
        config.notifications.public_url = Some(session::base_url("--public-url", url)?);
    }
    if arguments.target.target.is_some() && std::io::stdin().is_terminal() && !session::is_ci() {
        credentials::ask(&mut config)?;
    }
    let suite = session::load_suite(bundle, &config)?;
    let folders = folders(arguments, &config);
    let doctor = Doctor {
        config: &config,
        suite: &suite,
        folders: &folders,
    };
    let runtime = tokio::runtime::Runtime::new().map_err(|error| Failure::broken(error.to_string()))?;
    runtime.block_on(async {
        let mut signals = Signals::new();
        tokio::select! {
            biased;
            () = signals.next() => Ok(Exit::Run(RunVerdict::Interrupted)),
            checkup = doctor.look() => show(&checkup.map_err(Failure::input)?, arguments.format),
        }
    })
}

fn show(checkup: &Checkup, form: Form) -> CommandResult {
    output::out(&match form {
        Form::Text => {
            let colour = std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none();
            report::doctor::render(
                checkup,
                TerminalOptions {
                    colour,
                    ..TerminalOptions::default()
                },
            )
        }
        Form::Json => serde_json::to_string_pretty(checkup)
            .map_err(|error| Failure::broken(format!("render the checks as JSON: {error}")))?,
    });
    Ok(match checkup.exit_code {
        0 => Exit::Done,
        2 => Exit::Input,
        _ => Exit::Machine,
    })
}

/// Where a run of this config writes.
fn folders(arguments: &Arguments, config: &Config) -> Vec<(String, PathBuf)> {
    let snapshots = arguments
        .snapshots
        .clone()
        .or_else(|| config.run.snapshots.clone());
    let beside = arguments.target.config.as_deref().and_then(Path::parent);
    let mut all = vec![
        (
            "snapshots".to_owned(),
            snapshots.unwrap_or_else(|| PathBuf::from(session::SNAPSHOTS)),
        ),
        (
            "journal".to_owned(),
            beside.unwrap_or(Path::new("")).join(".conformance"),
        ),
    ];
    let parent = |path: &Path| path.parent().unwrap_or(Path::new("")).to_owned();
    let key_file = config.notifications.key_file.as_deref();
    all.extend(key_file.map(|path| ("key file".to_owned(), parent(path))));
    let reports = config.run.report.iter();
    all.extend(reports.map(|report| (format!("report {}", report.format), parent(&report.path))));
    all
}
