//! One mutant: an area, a leaf of it, and what is done there.

use super::area::Area;
use super::operator::Operator;
use std::fmt;

/// One change that is made to every message of an area in a run.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Mutant {
    /// The messages.
    pub(crate) area: Area,
    /// The path of the leaf; empty for the message as a whole.
    pub(crate) leaf: String,
    /// What is done.
    pub(crate) operator: Operator,
}

impl Mutant {
    /// The last name of the leaf's path, without the brackets of a list.
    pub(crate) fn field(&self) -> &str {
        let name = self.leaf.rsplit('.').next().unwrap_or_default();
        name.trim_end_matches("[]")
    }

    /// The leaf as it stands in reports: `*` for the message as a whole.
    pub(crate) fn shown_leaf(&self) -> &str {
        if self.leaf.is_empty() { "*" } else { &self.leaf }
    }
}

impl fmt::Display for Mutant {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} {} {}", self.area, self.shown_leaf(), self.operator)
    }
}
