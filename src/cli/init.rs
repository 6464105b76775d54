//! `conformance init`

mod again;
mod files;
mod questions;

use super::credentials::{self, PASSWORD, USER};
use super::exit::{CommandResult, Exit, Failure};
use super::{output, session};
use config::{Config, Starter, starter};
use domain::Capability;
use harness::{Bundle, Doctor, Suite, Target, TargetKind};
use outcome::{Check, CheckState, Checkup};
use questions::Wanted;
use report::terminal::TerminalOptions;
use std::collections::BTreeSet;
use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};

/// So many merchants of the feeds are named.
const MERCHANTS: usize = 3;

/// Arguments.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The booking server's base URL; `/v3/<Method>` is appended.
    #[arg(long, value_name = "URL")]
    target: Option<String>,
    /// The folder of Google feed files [default: feeds, if it is there].
    #[arg(long, value_name = "DIR")]
    feeds: Option<PathBuf>,
    /// What the target is called; its snapshots are kept under it [default: staging].
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// A file for CI [default: none].
    #[arg(long, value_enum)]
    ci: Option<Ci>,
    /// Ask nothing: take flags and defaults.
    #[arg(long)]
    yes: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Ci {
    Github,
    Gitlab,
    None,
}

/// Looks, asks and writes; to a config that is there only what it lacks is added.
pub(super) fn run(arguments: &Arguments, bundle: &Bundle) -> CommandResult {
    let path = Path::new(session::DEFAULT_CONFIG);
    let is_attended = std::io::stdin().is_terminal() && !session::is_ci() && !arguments.yes;
    if path.exists() {
        return again::run(arguments, bundle, path, is_attended);
    }
    let wanted = if is_attended {
        questions::ask(arguments)?
    } else {
        questions::from_flags(arguments)?
    };
    let mut config = bare_config(&wanted)?;
    if is_attended {
        credentials::ask(&mut config)?;
    }
    let suite = session::load_suite(bundle, &config)?;
    let checkup = look(&config, &suite)?;
    let written = text(&wanted, &config, &checkup);
    if files::write_new(path, &written).map_err(|error| unwritten(path, &error))? {
        output::out(&format!("wrote {}", path.display()));
    } else {
        output::out(&format!("{} is there, and stays as it is", path.display()));
    }
    let done = write_beside(wanted.ci)?;
    show(&checkup);
    output::out(&next(&written));
    Ok(done)
}

fn show(checkup: &Checkup) {
    let colour = std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none();
    let options = TerminalOptions {
        colour,
        ..TerminalOptions::default()
    };
    output::out(&format!("\n{}", report::doctor::render(checkup, options)));
}

fn check_name(name: &str) -> Result<(), Failure> {
    let letter = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    if name.is_empty() || name.starts_with('.') || !name.chars().all(letter) {
        let words = format!("--name {name} cannot name a folder");
        return Err(Failure::wrong(
            words,
            "use letters, digits, `-`, `_` and `.` only",
        ));
    }
    Ok(())
}

fn check_feeds(folder: Option<&Path>) -> Result<(), Failure> {
    match folder.filter(|folder| !folder.is_dir()) {
        None => Ok(()),
        Some(folder) => Err(Failure::wrong(
            format!("--feeds {} is no folder", folder.display()),
            "name the folder of your Google feed files, or leave it out",
        )),
    }
}

fn bare_config(wanted: &Wanted) -> Result<Config, Failure> {
    let mut config = Config::default();
    let url = session::target_url(&wanted.url)?;
    check_name(&wanted.name)?;
    credentials::bare_target(&mut config, url)?;
    // As the file will say it.
    config.notifications.key_file = Some(PathBuf::from("google-key.json"));
    config.inventory.feeds.clone_from(&wanted.feeds);
    check_feeds(wanted.feeds.as_deref())?;
    Ok(config)
}

fn look(config: &Config, suite: &Suite) -> Result<Checkup, Failure> {
    let folders = [("the config".to_owned(), PathBuf::from("."))];
    let doctor = Doctor {
        config,
        suite,
        folders: &folders,
    };
    let runtime = tokio::runtime::Runtime::new().map_err(|error| Failure::broken(error.to_string()))?;
    runtime.block_on(doctor.look()).map_err(Failure::input)
}

/// The config, by what was seen.
fn text(wanted: &Wanted, config: &Config, checkup: &Checkup) -> String {
    let is_open = found(checkup, "credentials").is_some_and(|check| {
        check.state == CheckState::CannotTell && check.words.starts_with("none are named")
    });
    let base_url = config
        .target
        .as_ref()
        .map_or("", |target| target.base_url.as_str());
    starter(&Starter {
        name: &wanted.name,
        base_url,
        credentials: (!is_open).then_some((USER, PASSWORD)),
        feeds: wanted.feeds.as_deref(),
        merchants: merchants(config),
        doubtful: doubtful(checkup),
    })
}

fn found<'c>(checkup: &'c Checkup, name: &str) -> Option<&'c Check> {
    checkup.checks.iter().find(|check| check.name == name)
}

/// Methods that were not found may be a mistake of the server: it is only shown how to say that it is none.
fn doubtful(checkup: &Checkup) -> Vec<(&'static str, String)> {
    let optional = [Capability::BookingStatus, Capability::ListBookings];
    let methods = ["GetBookingStatus", "ListBookings"];
    let doubtful = optional
        .into_iter()
        .zip(methods)
        .filter_map(|(capability, method)| {
            let check = found(checkup, method)?;
            let is_doubtful =
                check.state == CheckState::Wrong || check.words.contains("perhaps it is not there");
            is_doubtful.then(|| (capability.name(), check.words.clone()))
        });
    doubtful.collect()
}

/// The first merchants that have slots.
fn merchants(config: &Config) -> Vec<String> {
    let target = Target::new(config.clone(), TargetKind::Url);
    let slots = target.map(|target| target.slots).unwrap_or_default();
    let ids: BTreeSet<String> = slots.into_iter().map(|slot| slot.merchant_id).collect();
    ids.into_iter().take(MERCHANTS).collect()
}

fn write_beside(ci: Ci) -> CommandResult {
    let ignored = Path::new(".gitignore");
    match files::ignore(ignored).map_err(|error| unwritten(ignored, &error))? {
        0 => output::out(".gitignore has what it needs"),
        number => output::out(&format!(
            "added {} to .gitignore",
            output::counted(number, "line")
        )),
    }
    if let Some((path, text)) = files::ci(ci) {
        let is_new = files::write_new(&path, text).map_err(|error| unwritten(&path, &error))?;
        let shown = path.display();
        output::out(&if is_new {
            format!("wrote {shown}")
        } else {
            format!("{shown} is there, and stays as it is")
        });
        if is_new && path.starts_with(".gitlab") && path.components().count() > 1 {
            output::out("add to .gitlab-ci.yml: include: [{ local: .gitlab/conformance.yml }]");
        }
    }
    Ok(Exit::Done)
}

fn next(written: &str) -> String {
    let asks = written.lines().any(|line| line.starts_with("auth "));
    let is_set = std::env::var_os(USER).is_some() && std::env::var_os(PASSWORD).is_some();
    let first = if asks && !is_set {
        format!("next  export {USER}=… {PASSWORD}=…   (what your server expects of Google)\n")
    } else {
        String::new()
    };
    format!("{first}next  conformance run")
}

fn unwritten(path: &Path, error: &std::io::Error) -> Failure {
    Failure::broken(format!("{} could not be written: {error}", path.display()))
}
