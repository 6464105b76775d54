//! Every rule, in the order of the catalogue's areas.

use super::{Rule, create};

/// The rules.
pub static RULES: &[&Rule] = &[&create::slot_echo::RULE];
