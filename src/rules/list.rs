//! Every rule, in the order of the catalogue's areas.

use super::{Rule, create};
use crate::catalogue::RequirementId;

/// The rules.
pub static RULES: &[&Rule] = &[&create::slot_echo::RULE];

/// The rules that judge a requirement.
pub fn rules_for(id: RequirementId) -> impl Iterator<Item = &'static Rule> {
    RULES
        .iter()
        .copied()
        .filter(move |rule| rule.requirements.contains(&id))
}
