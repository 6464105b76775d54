//! `conformance explain`

use super::exit::{CommandResult, Exit, Failure};
use super::list::Form;
use super::{illustrated, markdown, output, session};
use catalogue::{RequirementId, catalogue, illustration};
use feeds::Compared;
use harness::{Bundle, Suite};
use outcome::RunReport;
use report::terminal::{self, TerminalOptions};
use rules::{comparison_for, requirements_of_feeds, rules_for};
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// Arguments.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The id of a requirement, or one of its aliases; or the number of a finding of a run.
    #[arg(value_name = "ID|NUMBER")]
    id: String,
    /// With a number: the run.json that --report json=FILE kept [default: that of the config].
    #[arg(long, value_name = "FILE")]
    run: Option<PathBuf>,
    /// The form.
    #[arg(long, value_enum, default_value_t = Form::Text)]
    format: Form,
}

/// Prints the requirement.
pub(super) fn run(arguments: &Arguments, bundle: &Bundle) -> CommandResult {
    let suite = Suite::load(bundle, None).map_err(Failure::input)?;
    let (id, seen) = match arguments.id.parse::<usize>() {
        Ok(number) => finding(number, arguments.run.as_deref())?,
        Err(_) => (session::requirement(&arguments.id)?, String::new()),
    };
    output::out(&match arguments.format {
        Form::Text => format!("{seen}{}", text(id, &suite)),
        Form::Json => format!("{:#}", json(id, &seen, &suite)),
        Form::Markdown => markdown::requirement(1, id, &suite),
    });
    Ok(Exit::Done)
}

/// The finding that a run showed under a number, as it stands in the run's report.
fn finding(number: usize, file: Option<&Path>) -> Result<(RequirementId, String), Failure> {
    let path = file
        .map(Path::to_owned)
        .or_else(report_of_config)
        .ok_or_else(|| {
            Failure::wrong(
                "no run is known: the config names no json report",
                "run with --report json=run.json, then: conformance explain NUMBER --run run.json",
            )
        })?;
    let shown = path.display();
    let read = std::fs::read_to_string(&path);
    let text = read.map_err(|error| {
        Failure::wrong(
            format!("{shown} cannot be read: {error}"),
            format!("make it: conformance run --report json={shown}"),
        )
    })?;
    let run: RunReport = serde_json::from_str(&text).map_err(|_| {
        let help = "it has to come from --report json=FILE of a run that came to a verdict";
        Failure::wrong(format!("{shown} is no report of a run"), help)
    })?;
    let options = TerminalOptions::default();
    let found = terminal::finding(&run, number, options).map(|(id, words)| (id, format!("{words}\n")));
    found.ok_or_else(|| {
        let numbers = (1..).take_while(|number| terminal::finding(&run, *number, options).is_some());
        Failure::wrong(
            format!("the run of {} has no finding {number}", run.started_at),
            format!("it has {}", output::counted(numbers.count(), "finding")),
        )
    })
}

/// Where the config has its runs kept, whether or not all of it can be used now.
fn report_of_config() -> Option<PathBuf> {
    let reports = match session::find_config(None, None) {
        Ok(config) => config.run.report,
        Err(failure) => failure.reports,
    };
    let json = reports.into_iter().find(|report| report.format == "json")?;
    Some(json.path)
}

fn text(id: RequirementId, suite: &Suite) -> String {
    let row = catalogue().row(id);
    let (who, level) = (row.owner.words(), row.level.word());
    let mut text = format!("{id}  {who} {level} {}\n", row.title);
    for (name, value) in fields(id, suite) {
        let _ = writeln!(text, "  {name:<10}{value}");
    }
    if let Some(shown) = illustration(id) {
        text.push_str(&illustrated::text(shown));
    }
    text
}

/// All of it for programs; `seen` is what a run found, where a finding is explained by its number.
fn json(id: RequirementId, seen: &str, suite: &Suite) -> Value {
    let row = catalogue().row(id);
    let judged_by: Vec<_> = rules_for(id)
        .map(|rule| json!({ "rule": rule.name, "manual": rule.manual }))
        .collect();
    let mut shown = json!(row);
    let more = json!({ "subject": row.subject, "page": row.page(), "judged_by": judged_by, "scenarios": scenarios(id, suite),
        "run": commands(id, suite), "example": illustration(id), "seen": (!seen.is_empty()).then_some(seen) });
    if let (Some(shown), Value::Object(more)) = (shown.as_object_mut(), more) {
        shown.extend(more);
    }
    shown
}

/// What is known of a requirement beside its title: names and values.
pub(super) fn fields(id: RequirementId, suite: &Suite) -> Vec<(&'static str, String)> {
    let mut fields = of_the_catalogue(id);
    for rule in rules_for(id) {
        fields.push(("judged by", format!("the rule {}: {}", rule.name, rule.manual)));
    }
    let scenarios = scenarios(id, suite);
    if !scenarios.is_empty() {
        fields.push(("scenarios", scenarios.join(", ")));
    }
    fields.extend(commands(id, suite).into_iter().map(|command| ("run", command)));
    fields
}

/// The scenarios that show a requirement.
fn scenarios(id: RequirementId, suite: &Suite) -> Vec<&str> {
    let scenarios = suite.scenarios().iter();
    let own = scenarios.filter(|scenario| scenario.requirements().contains(&id));
    own.map(|scenario| scenario.id.as_str()).collect()
}

/// What judges just this requirement.
fn commands(id: RequirementId, suite: &Suite) -> Vec<String> {
    let mut commands = Vec::new();
    if !scenarios(id, suite).is_empty() {
        commands.push(format!("conformance run 'req:{id}'"));
    }
    if requirements_of_feeds().contains(&id) {
        let comparison = match comparison_for(id) {
            None | Some(Compared::Accounts | Compared::Overrides) => "",
            Some(Compared::Bookings) => " --recording FILE",
            Some(_) => " --before EARLIER_FOLDER",
        };
        commands.push(format!("conformance feeds FOLDER{comparison}"));
    }
    commands
}

fn of_the_catalogue(id: RequirementId) -> Vec<(&'static str, String)> {
    let row = catalogue().row(id);
    let mut fields = Vec::new();
    if !row.aliases.is_empty() {
        fields.push(("also", row.aliases.join(", ")));
    }
    fields.push(("source", format!("{} ({})", row.page(), row.evidence)));
    fields.push(("subject", row.subject.clone()));
    if let Some(why) = &row.why {
        fields.push(("why", why.clone()));
    }
    fields.extend(row.causes.iter().map(|cause| ("often", cause.clone())));
    if let Some(capability) = &row.capability {
        fields.push(("applies", format!("to targets with the capability {capability}")));
    }
    if let Some(act) = &row.only_if {
        fields.push(("applies", format!("to partners that {act}")));
    }
    if let Some(reason) = &row.reason {
        fields.push(("not judged", reason.because.clone()));
    }
    if let Some(held_by) = &row.held_by {
        fields.push(("held by", held_by.clone()));
    }
    fields
}
