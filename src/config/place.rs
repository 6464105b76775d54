//! A line of the config, for what can only be told when the file has long been read.

use serde::{Deserialize, Serialize};
use std::fmt;

/// File and line, such as `conformance.toml:12`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// As the user named it.
    file: String,
    /// From one.
    line: usize,
}

impl Place {
    /// The line in which a byte of the text stands.
    pub(super) fn of(file: &str, text: &str, byte: usize) -> Self {
        let before = text.as_bytes().iter().take(byte);
        Self {
            file: file.to_owned(),
            line: 1 + before.filter(|byte| **byte == b'\n').count(),
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.file, self.line)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_counts_from_one() {
        let place = |byte| Place::of("c.toml", "a = 1\nb = 2\n", byte).to_string();
        assert_eq!(
            [place(0), place(5), place(6)],
            ["c.toml:1", "c.toml:1", "c.toml:2"]
        );
    }
}
