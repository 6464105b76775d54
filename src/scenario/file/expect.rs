//! What answers must be like, as an author writes it.

use crate::reading::{At, Node};
use catalogue::RequirementId;
use schemars::JsonSchema;
use serde::Deserialize;

/// How many bookings several people can make.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum BookingsFile {
    /// One for each spot of the slot.
    Spots,
    /// So many.
    Exactly(usize),
}

/// One expectation or several.
#[derive(Debug, Clone, JsonSchema)]
#[schemars(untagged)]
pub(crate) enum ExpectFile {
    /// One.
    One(Box<ExpectationFile>),
    /// Several, each with its own requirement.
    Many(Vec<ExpectationFile>),
}

impl<'de> Deserialize<'de> for ExpectFile {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(OneOrMany)
    }
}

/// Told apart by the YAML node, so that an error inside keeps its own place in the file.
struct OneOrMany;

impl<'de> serde::de::Visitor<'de> for OneOrMany {
    type Value = ExpectFile;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("an expectation or a list of expectations")
    }

    fn visit_map<A: serde::de::MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        let one = ExpectationFile::deserialize(serde::de::value::MapAccessDeserializer::new(map))?;
        Ok(ExpectFile::One(Box::new(one)))
    }

    fn visit_seq<A: serde::de::SeqAccess<'de>>(self, seq: A) -> Result<Self::Value, A::Error> {
        let many = Vec::deserialize(serde::de::value::SeqAccessDeserializer::new(seq))?;
        Ok(ExpectFile::Many(many))
    }
}

/// What an answer must be like.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ExpectationFile {
    /// The requirement that is violated otherwise.
    pub(crate) requirement: At<RequirementId>,
    /// The accepted HTTP status codes; unset means 200.
    #[serde(default)]
    pub(crate) status: Vec<u16>,
    /// HTTP status codes that are not accepted; unless `status` says more, any other is.
    #[serde(default)]
    pub(crate) not_status: Vec<u16>,
    /// True: only an answer with status 200 says anything.
    #[serde(default)]
    pub(crate) on_success: bool,
    /// True: it says something only where the slot has one spot, since of a class a look-up does not show who took one.
    #[serde(default)]
    pub(crate) one_spot: bool,
    /// The name of the control: another call of this method, earlier or later, from which this one differs in one thing. Only
    /// when the control was answered well does the difference explain what is wrong here; else nothing is said.
    #[serde(default)]
    pub(crate) control: Option<At<String>>,
    /// What the body must contain (a subset; see the matchers `$one_of`, `$not`, `$present`, `$absent`, `$number`,
    /// `$contains`, `$lacks`).
    #[serde(default)]
    pub(crate) body: Option<Node>,
    /// The sentence to print when it is not so.
    #[serde(default)]
    pub(crate) otherwise: Option<String>,
}

/// What simultaneous answers must be like together.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TogetherFile {
    /// The requirement that is violated otherwise.
    pub(crate) requirement: At<RequirementId>,
    /// JSON pointer at which all answers with a booking carry the same value.
    #[serde(default)]
    pub(crate) same: Option<String>,
    /// How many bookings are made.
    #[serde(default)]
    pub(crate) bookings: Option<BookingsFile>,
    /// Status codes that a loser may get besides 200; unset means any where bookings are counted.
    #[serde(default)]
    pub(crate) tolerated: Vec<u16>,
    /// The sentence to print when it is not so.
    #[serde(default)]
    pub(crate) otherwise: Option<String>,
}
