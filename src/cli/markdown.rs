//! Pages in Markdown, for a book or a wiki: requirements, scenarios, commands.

use super::{explain, illustrated, requirements};
use catalogue::{RequirementId, catalogue, illustration};
use clap::Command;
use harness::{Decision, Plan, Suite};
use std::fmt::Write as _;

/// A page with every requirement: a heading for each subject, and below it one for each requirement.
pub(super) fn requirements(suite: &Suite) -> String {
    let mut text = String::from("# Requirements\n");
    let mut subject = "";
    for (row, id) in requirements::rows() {
        if row.subject != subject {
            subject = &row.subject;
            let _ = writeln!(text, "\n## {}", plain(subject));
        }
        text.push('\n');
        text.push_str(&requirement(3, id, suite));
    }
    text
}

/// One requirement, below a heading of this depth.
pub(super) fn requirement(depth: usize, id: RequirementId, suite: &Suite) -> String {
    let row = catalogue().row(id);
    let (who, level) = (row.owner.words(), row.level.word());
    let heading = "#".repeat(depth);
    let mut text = format!("{heading} {id}\n\n{who} **{level}** {}.\n\n", plain(&row.title));
    for (name, value) in explain::fields(id, suite) {
        let value = match name {
            "subject" => continue,
            "scenarios" | "run" => format!("`{value}`"),
            _ => plain(&value),
        };
        let _ = writeln!(text, "* {name}: {value}");
    }
    if let Some(shown) = illustration(id) {
        text.push_str(&illustrated::markdown(shown));
    }
    text
}

/// A page with a table of the scenarios of a plan.
pub(super) fn scenarios(plan: &Plan) -> String {
    let mut text = String::from("# Scenarios\n\n| scenario | what it shows | here |\n| --- | --- | --- |\n");
    for planned in &plan.scenarios {
        let here = match &planned.decision {
            Decision::Run(_) => "runs".to_owned(),
            Decision::Skip(verdict, reason) => format!("{}: {}", verdict.word(), plain(reason)),
        };
        let scenario = &planned.scenario;
        let _ = writeln!(
            text,
            "| `{}` | {} | {here} |",
            scenario.id,
            plain(&scenario.title)
        );
    }
    text
}

/// A page with the help of the program and of each of its commands.
pub(super) fn commands(program: &mut Command) -> String {
    let mut text = format!("# Commands\n\n{}", help(program));
    let names = program
        .get_subcommands()
        .map(|command| command.get_name().to_owned());
    let names: Vec<String> = names.filter(|name| name != "help").collect();
    for name in names {
        if let Some(command) = program.find_subcommand_mut(&name) {
            let _ = write!(text, "\n## conformance {name}\n\n{}", help(command));
        }
    }
    text
}

fn help(command: &mut Command) -> String {
    let help = command.render_long_help().to_string();
    format!("```text\n{}\n```\n", help.trim_end())
}

/// Text on one line that Markdown takes as it is: nothing in it is a tag, a cell or the mark of a link.
pub(super) fn plain(text: &str) -> String {
    let mut plain = String::new();
    for part in text.split_whitespace() {
        if !plain.is_empty() {
            plain.push(' ');
        }
        for letter in part.chars() {
            if matches!(letter, '<' | '>' | '|' | '*' | '[' | ']' | '\\') {
                plain.push('\\');
            }
            plain.push(letter);
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_starts_no_tag_and_no_cell() {
        assert_eq!(plain("a <b>\n| c  [d]"), "a \\<b\\> \\| c \\[d\\]");
    }
}
