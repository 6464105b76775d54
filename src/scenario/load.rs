//! Reading scenario files: all mistakes of all files at once.

use super::check::{Subject, Unread, check};
use super::file::{ScenarioFile, verbs_with};
use super::opening::{Openings, is_opening};
use super::problem::FileText;
use super::reading::{self, FormFault, Node, Recovered};
use super::{Scenario, ScenarioProblem, ScenarioProblems};
use serde::de::DeserializeOwned;
use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};

/// The text of a scenario file.
#[derive(Debug, Clone)]
pub struct Source {
    /// Area and name, from the path below the scenarios folder without its ending.
    pub id: String,
    /// The file as a user would name it.
    pub file: String,
    /// What stands in it.
    pub text: String,
}

/// Reads and checks every file; with any mistake in any of them the result is all mistakes. Files below `openings/` are no
/// scenarios: they hold steps with which scenarios begin.
pub fn load(sources: &[Source]) -> Result<Vec<Scenario>, ScenarioProblems> {
    let mut scenarios = Vec::new();
    let mut problems = Vec::new();
    let openings = Openings::read(sources, &mut problems);
    let mut files: HashMap<&str, &str> = HashMap::new();
    for source in sources.iter().filter(|source| !is_opening(source)) {
        let file = FileText::new(&source.file, &source.text);
        if let Some(first) = files.insert(&source.id, &source.file) {
            let message = format!("the scenario {} stands in {first} already", source.id);
            problems.push(ScenarioProblem::new(&file, (0, 0), message).help("give the file another name"));
            continue;
        }
        match read(source, &file, &openings) {
            Ok(scenario) => scenarios.push(scenario),
            Err(found) => problems.extend(found),
        }
    }
    if problems.is_empty() {
        Ok(scenarios)
    } else {
        Err(ScenarioProblems(without_repetition(problems)))
    }
}

/// What is wrong in an opening is found with every scenario that begins with it.
fn without_repetition(problems: Vec<ScenarioProblem>) -> Vec<ScenarioProblem> {
    let mut known = BTreeSet::new();
    let all = problems.into_iter();
    all.filter(|problem| known.insert((problem.place.clone(), problem.message.clone())))
        .collect()
}

/// Mistakes of form are told together with the mistakes of meaning in what could be read.
fn read(source: &Source, file: &FileText, openings: &Openings) -> Result<Scenario, Vec<ScenarioProblem>> {
    let tree = reading::tree(file)?;
    let Recovered { value, faults } = reading::read::<ScenarioFile>(&tree, "steps");
    let mut problems: Vec<ScenarioProblem> = faults.iter().map(|fault| form_problem(file, fault)).collect();
    let Some(form) = value else {
        return Err(problems);
    };
    let opening = match form.opening.as_ref().map(|name| openings.named(name, file)) {
        None => None,
        Some(Ok(Some(opening))) => Some(opening),
        Some(Ok(None)) => return Err(problems),
        Some(Err(found)) => {
            problems.extend(found);
            return Err(problems);
        }
    };
    let unread = if faults.is_empty() {
        Unread::default()
    } else {
        names_in(&tree)
    };
    let checked = check(Subject {
        id: &source.id,
        file,
        form: &form,
        opening,
        unread,
    });
    match checked {
        Ok(scenario) if problems.is_empty() => Ok(scenario),
        Ok(_) => Err(problems),
        Err(found) => {
            problems.extend(found);
            Err(problems)
        }
    }
}

/// Any YAML file that an author writes, or its mistakes of form.
pub(super) fn parsed<T: DeserializeOwned>(file: &FileText) -> Result<T, Vec<ScenarioProblem>> {
    let tree = reading::tree(file)?;
    let Recovered { value, faults } = reading::read(&tree, "steps");
    value
        .filter(|_| faults.is_empty())
        .ok_or_else(|| faults.iter().map(|fault| form_problem(file, fault)).collect())
}

fn form_problem(file: &FileText, fault: &FormFault) -> ScenarioProblem {
    let owners = fault.misplaced_key().map(verbs_with).unwrap_or_default();
    let problem = ScenarioProblem::new(file, fault.span(), fault.to_string());
    match fault.help(&file.text, &owners) {
        Some(help) => problem.help(help),
        None => problem,
    }
}

/// Everything in a file that may be the name of an answer or of a slot.
fn names_in(tree: &Node) -> Unread {
    let steps = tree.get("steps").map(Node::items).unwrap_or_default();
    let inner = steps
        .iter()
        .filter_map(|step| step.get("parallel"))
        .flat_map(Node::items);
    // The key may be misspelt, too.
    let entries = steps.iter().chain(inner).flat_map(Node::entries);
    let labels = entries.filter_map(|(_, value)| value.text());
    let needs = tree.get("needs");
    let slots = needs
        .and_then(|needs| needs.get("slots"))
        .map(Node::entries)
        .unwrap_or_default();
    let only = needs
        .and_then(|needs| needs.get("slot"))
        .map(|_| "slot".to_owned());
    Unread {
        labels: labels.map(Cow::into_owned).collect(),
        slots: slots
            .iter()
            .filter_map(|(name, _)| Some(name.text()?.into_owned()))
            .chain(only)
            .collect(),
    }
}

#[cfg(test)]
mod tests;
