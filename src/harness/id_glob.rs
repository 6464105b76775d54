//! Globs of scenario ids, for commands that look at snapshots alone.

use super::filter::{FilterError, glob};
use globset::GlobMatcher;

/// A scenario id or a glob of ids.
#[derive(Debug, Clone)]
pub struct IdGlob {
    text: String,
    matcher: GlobMatcher,
}

impl IdGlob {
    /// Reads it as a user writes it.
    pub fn parse(text: &str) -> Result<Self, FilterError> {
        Ok(Self {
            text: text.to_owned(),
            matcher: glob(text)?,
        })
    }

    /// True when it matches the id.
    pub fn matches(&self, id: &str) -> bool {
        self.matcher.is_match(id)
    }

    /// True when it is the id itself.
    pub fn names(&self, id: &str) -> bool {
        self.text == id
    }

    /// As the user wrote it.
    pub fn text(&self) -> &str {
        &self.text
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail loudly")]
    use super::*;

    #[test]
    fn a_glob_matches_and_only_an_id_names() {
        let glob = IdGlob::parse("deposit/*").unwrap();
        assert!(
            glob.matches("deposit/refund") && !glob.matches("card/on-file") && !glob.names("deposit/refund")
        );
        let id = IdGlob::parse("deposit/refund").unwrap();
        assert!(id.matches("deposit/refund") && id.names("deposit/refund"));
        assert!(IdGlob::parse("a[b").is_err());
    }
}
