//! What the self-test of the harness came to, as the product carries it.

use super::RequirementSet;
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

/// The published score of the rules: how well they judge partners of whom it is known what is wrong with them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SelfTest {
    /// The day, in UTC.
    pub measured_on: String,
    /// The requirements that were judged.
    pub requirement_set: RequirementSet,
    /// SHA-256 of requirements, rules and scenarios, hexadecimal.
    pub rules: String,
    /// The seed of samples and pairs.
    pub seed: u64,
    /// Partners with one thing wrong.
    pub defects: RowScore,
    /// Partners that are different but right.
    pub variants: RowScore,
    /// Servers of a few lines.
    pub dumb_servers: RowScore,
    /// Changes of what a partner says, one kind of place at a time.
    pub mutants: MutantScore,
    /// The same by sort of message: the answers of a method with a status other than 200 have it behind a slash.
    pub areas: IndexMap<String, MutantScore>,
    /// Other ways of writing that proto3 JSON and Google's pages allow.
    pub legal: LegalScore,
    /// Two of them in one run.
    pub legal_pairs: LegalScore,
}

/// How many partners were tried, and how many of them were judged as what they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RowScore {
    /// All.
    pub tried: usize,
    /// Of which all that is due was said, and nothing else.
    pub right: usize,
}

/// How many wrong messages were found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MutantScore {
    /// All that changed something.
    pub tried: usize,
    /// Those of which a finding speaks.
    pub killed: usize,
    /// Those of which nothing has to be said, with a reason that is written down.
    pub reviewed: usize,
    /// The share of both, cut off.
    pub percent: usize,
}

/// How many right messages were found wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LegalScore {
    /// All that changed something.
    pub tried: usize,
    /// Those that failed a run.
    pub failed: usize,
}
