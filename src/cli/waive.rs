//! `conformance waive`

use super::exit::{CommandResult, Exit, Failure};
use super::{output, session};
use catalogue::catalogue;
use config::{WaiverTemplate, add_waiver, scenarios_of};
use harness::{Bundle, Filter, Selection, Suite};
use rules::is_of_feeds_alone;
use std::path::{Path, PathBuf};

/// Arguments.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The id of the requirement, or one of its aliases.
    id: String,
    /// The scenarios for which it is waived: an id or a glob (deposit/**); all without one.
    #[arg(long, value_name = "GLOB")]
    scenario: Option<String>,
    /// The config; `conformance.toml` if there is one.
    #[arg(short, long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// The folder of your own scenarios, unless the config names it.
    #[arg(long, value_name = "DIR")]
    scenarios: Option<PathBuf>,
}

/// Adds the template.
pub(super) fn run(arguments: &Arguments, bundle: &Bundle) -> CommandResult {
    let id = session::requirement(&arguments.id)?;
    let row = catalogue().row(id);
    if !row.is_to_be_judged() || is_of_feeds_alone(id) {
        return Err(Failure::wrong(
            format!("no run judges {id}, so a waiver of it would do nothing"),
            format!("`conformance explain {id}` says what judges it, or why nothing does"),
        ));
    }
    let path = arguments
        .config
        .as_deref()
        .unwrap_or(Path::new(session::DEFAULT_CONFIG));
    if !path.is_file() {
        return Err(Failure::wrong(
            format!("there is no config {}", path.display()),
            format!("name the config of your server: conformance waive {id} -c FILE"),
        ));
    }
    if let Some(glob) = &arguments.scenario {
        let folder = arguments.scenarios.clone().or_else(|| scenarios_of(path));
        check_glob(glob, bundle, folder.as_deref())?;
    }
    let duty = format!("{} {} {}", row.owner.words(), row.level.word(), row.title);
    let template = WaiverTemplate {
        requirement: id.as_str(),
        duty: &duty,
        scenario: arguments.scenario.as_deref(),
    };
    let place = add_waiver(path, &template).map_err(Failure::input)?;
    output::out(&format!(
        "{place}: a waiver of {id}; fill in reason, owner and expires, until then no run takes the config"
    ));
    Ok(Exit::Done)
}

/// A glob that matches no scenario is a mistake.
fn check_glob(glob: &str, bundle: &Bundle, folder: Option<&Path>) -> Result<(), Failure> {
    let suite = Suite::load(bundle, folder).map_err(Failure::input)?;
    let filter = Filter::ids(glob).map_err(Failure::input)?;
    Selection::new(vec![filter], &suite)
        .map(drop)
        .map_err(Failure::input)
}
