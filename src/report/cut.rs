//! Strangers' text, cut and made harmless for machines that show it to people.

use outcome::text::harmless;
use sha2::{Digest as _, Sha256};
use std::fmt::Write as _;

/// The text in one line that does nothing to a terminal, and not longer than so many characters.
pub(super) fn cut_line(text: &str, longest: usize) -> String {
    // What is cut away need not be looked at: a text may be megabytes long.
    let start: String = text.chars().take(longest * 4).collect();
    let folded = start.split_whitespace().collect::<Vec<_>>().join(" ");
    cut(&harmless(&folded), longest)
}

/// The first so many characters, and a sign that there were more.
pub(super) fn cut(text: &str, longest: usize) -> String {
    match text.char_indices().nth(longest) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// A short digest of parts: the same parts, the same digest.
pub(super) fn fingerprint(parts: &[&str]) -> String {
    let mut digest = Sha256::new();
    for part in parts {
        digest.update(part.len().to_le_bytes());
        digest.update(part.as_bytes());
    }
    let mut shown = String::new();
    for byte in digest.finalize().iter().take(16) {
        let _ = write!(shown, "{byte:02x}");
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_short_and_does_nothing() {
        assert_eq!(cut_line(" a\r\n\tb \u{1b}[2J", 40), "a b <U+001B>[2J");
        let long = cut_line(&"é ".repeat(1 << 20), 10);
        assert_eq!(long, format!("{}…", "é ".repeat(5)));
    }

    #[test]
    fn parts_are_told_apart() {
        assert_eq!(fingerprint(&["a", "b"]), fingerprint(&["a", "b"]));
        assert_ne!(fingerprint(&["ab", ""]), fingerprint(&["a", "b"]));
        assert_eq!(fingerprint(&["a"]).len(), 32);
    }
}
