//! The command line that repeats a run, or one scenario of it, under the same conditions.

use outcome::shell::quote;
use serde::{Deserialize, Serialize};

/// What the user typed, without what only concerns the output.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Repeat {
    /// Which scenarios.
    pub filters: Vec<String>,
    /// What was left out; of no matter to one scenario that ran.
    pub not: Vec<String>,
    /// Flags with their values.
    pub flags: Vec<String>,
}

impl Repeat {
    /// The command for one scenario, or for everything that this run was to test.
    pub fn command(&self, scenario: Option<&str>, seed: u64) -> String {
        let mut words = vec!["conformance".to_owned(), "run".to_owned()];
        if let Some(id) = scenario {
            words.push(id.to_owned());
        } else {
            words.extend(self.filters.iter().cloned());
            let left_out = self.not.iter().map(|not| ["--not".to_owned(), not.clone()]);
            words.extend(left_out.flatten());
        }
        words.extend(self.flags.iter().cloned());
        words.extend(["--seed".to_owned(), seed.to_string()]);
        let quoted: Vec<_> = words.iter().map(|word| quote(word)).collect();
        quoted.join(" ")
    }
}
