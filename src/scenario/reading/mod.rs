//! Reading what an author wrote: typed, each value with its place, and every mistake of form at once.

mod at;
mod fault;
mod reader;
mod recovery;
mod tree;

pub(crate) use at::At;
pub(crate) use fault::FormFault;
pub(crate) use recovery::{Recovered, read};
pub(crate) use tree::{Content, Node, Span};

use crate::problem::{FileText, ScenarioProblem};

/// The tree of a YAML file, or the one mistake that ends its reading.
pub(crate) fn tree(file: &FileText) -> Result<Node, Vec<ScenarioProblem>> {
    tree::read(&file.text).map_err(|error| vec![yaml_problem(file, &error)])
}

fn yaml_problem(file: &FileText, error: &serde_saphyr::Error) -> ScenarioProblem {
    let plain = error.without_snippet();
    let span = plain
        .location()
        .map_or((0, 0), |location| tree::bytes(location.span()));
    let message = plain.to_string();
    let message = message.split(" at line ").next().unwrap_or(&message).trim();
    let problem = ScenarioProblem::new(file, span, message);
    match fault::unquoted(&file.text, span.0) {
        Some(help) => problem.help(help),
        None => problem,
    }
}
