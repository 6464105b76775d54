//! What a waitlist has to be like.

use domain::Waitlist;
use schemars::JsonSchema;
use serde::Deserialize;

/// What a waitlist must be like.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct WaitlistNeed {
    /// At least so many party sizes; unset means one.
    pub sizes: Option<usize>,
}

impl WaitlistNeed {
    /// True for a waitlist that is so.
    pub fn is_met_by(&self, waitlist: &Waitlist) -> bool {
        waitlist.sizes().count() >= self.sizes.unwrap_or(1)
    }

    /// The need, for people.
    pub fn words(&self) -> String {
        match self.sizes {
            Some(sizes) if sizes > 1 => format!("a waitlist for at least {sizes} party sizes"),
            _ => "a waitlist".to_owned(),
        }
    }
}
