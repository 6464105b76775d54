//! What a report says of who judged, and by what.

use serde::{Deserialize, Serialize};

/// The program that wrote the report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Tool {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
}

/// The set of requirements that was judged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct RequirementSet {
    /// Its date.
    pub id: String,
    /// SHA-256 of its text.
    pub digest: String,
}
