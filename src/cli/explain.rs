//! `conformance explain`

use super::exit::{CommandResult, Exit, Failure};
use super::{output, session};
use catalogue::{RequirementId, catalogue};
use feeds::Compared;
use harness::{Bundle, Suite};
use rules::{comparison_for, requirements_of_feeds, rules_for};
use std::fmt::Write as _;

/// Arguments.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The id of a requirement, or one of its aliases.
    id: String,
}

/// Prints the requirement.
pub(super) fn run(arguments: &Arguments, bundle: &Bundle) -> CommandResult {
    let id = session::requirement(&arguments.id)?;
    let suite = Suite::load(bundle, None).map_err(Failure::input)?;
    output::out(&text(id, &suite));
    Ok(Exit::Done)
}

fn text(id: RequirementId, suite: &Suite) -> String {
    let row = catalogue().row(id);
    let (who, level) = (row.owner.words(), row.level.word());
    let mut text = format!("{id}  {who} {level} {}\n", row.title);
    let mut field = |name: &str, value: &str| {
        let _ = writeln!(text, "  {name:<10}{value}");
    };
    if !row.aliases.is_empty() {
        field("also", &row.aliases.join(", "));
    }
    field("source", &format!("{} ({})", row.page(), row.evidence));
    field("subject", &row.subject);
    if let Some(why) = &row.why {
        field("why", why);
    }
    for cause in &row.causes {
        field("often", cause);
    }
    if let Some(capability) = &row.capability {
        field("applies", &format!("to targets with the capability {capability}"));
    }
    if let Some(act) = &row.only_if {
        field("applies", &format!("to partners that {act}"));
    }
    if let Some(reason) = &row.reason {
        field("not judged", &reason.because);
    }
    if let Some(held_by) = &row.held_by {
        field("held by", held_by);
    }
    for rule in rules_for(id) {
        field("judged by", &format!("the rule {}: {}", rule.name, rule.manual));
    }
    let scenarios = suite
        .scenarios()
        .iter()
        .filter(|scenario| scenario.requirements().contains(&id));
    let scenarios: Vec<_> = scenarios.map(|scenario| scenario.id.as_str()).collect();
    if !scenarios.is_empty() {
        field("scenarios", &scenarios.join(", "));
        field("run", &format!("conformance run 'req:{id}'"));
    }
    if requirements_of_feeds().contains(&id) {
        let comparison = match comparison_for(id) {
            None | Some(Compared::Accounts | Compared::Overrides) => "",
            Some(Compared::Bookings) => " --recording FILE",
            Some(_) => " --before EARLIER_FOLDER",
        };
        field("run", &format!("conformance feeds FOLDER{comparison}"));
    }
    text
}
