//! The kill matrix: which requirement is named against which defect or mutant.

use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// So many areas of a requirement are named in one line.
const NAMED: usize = 4;

/// Those that a requirement was named against.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
struct Column {
    /// How many of them violate no other requirement.
    alone: usize,
    /// How many by area.
    areas: BTreeMap<String, usize>,
    /// Each by its name.
    killed: BTreeSet<String>,
}

/// Requirements, each with the defects or mutants in whose runs it was found violated.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Matrix(BTreeMap<String, Column>);

impl Matrix {
    /// Adds one run, and the requirements that were violated in it.
    pub(crate) fn add<'i>(&mut self, name: &str, area: &str, violated: impl Iterator<Item = &'i str>) {
        let violated: BTreeSet<&str> = violated.collect();
        for requirement in &violated {
            let column = self.0.entry((*requirement).to_owned()).or_default();
            column.alone += usize::from(violated.len() == 1);
            *column.areas.entry(area.to_owned()).or_default() += 1;
            column.killed.insert(name.to_owned());
        }
    }
}

impl fmt::Display for Matrix {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return Ok(());
        }
        writeln!(
            formatter,
            "\n{:<16} {:>7} {:>7}  by area; with --format json by name",
            "requirement", "named", "alone"
        )?;
        for (requirement, column) in &self.0 {
            let mut areas: Vec<_> = column.areas.iter().collect();
            areas.sort_by_key(|(_, count)| std::cmp::Reverse(**count));
            let more = areas.len().saturating_sub(NAMED);
            let mut named: Vec<String> = areas
                .iter()
                .take(NAMED)
                .map(|(area, count)| format!("{area} {count}"))
                .collect();
            if more > 0 {
                named.push(format!("{more} more"));
            }
            writeln!(
                formatter,
                "{requirement:<16} {:>7} {:>7}  {}",
                column.killed.len(),
                column.alone,
                named.join(", ")
            )?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_requirement_counts_those_that_it_was_named_against_and_those_with_no_other() {
        let mut matrix = Matrix::default();
        matrix.add("one", "wire", ["A-1", "A-2"].into_iter());
        matrix.add("two", "wire", ["A-1", "A-1"].into_iter());
        matrix.add("three", "money", ["A-1"].into_iter());
        matrix.add("four", "money", std::iter::empty());
        let text = matrix.to_string();
        let lines: Vec<Vec<&str>> = text
            .lines()
            .skip(2)
            .map(|line| line.split_whitespace().collect())
            .collect();
        assert_eq!(
            lines,
            [
                vec!["A-1", "3", "2", "wire", "2,", "money", "1"],
                vec!["A-2", "1", "0", "wire", "1"],
            ]
        );
    }
}
