//! An accepted and a rejected exchange as YAML that a person can review.

use catalogue::Illustration;
use serde_json::Value;
use std::fmt::Write as _;

/// One of them as YAML.
pub(super) fn written(shown: &Illustration) -> String {
    let mut text = format!("- id: {}\n", shown.id);
    let fields = [
        ("scenario", &shown.scenario),
        ("server", &Some(shown.server.clone())),
        ("finding", &Some(shown.finding.clone())),
        ("place", &shown.place),
        ("expected", &shown.expected),
        ("actual", &shown.actual),
    ];
    for (name, value) in fields {
        if let Some(value) = value {
            let _ = writeln!(text, "  {name}: {}", Value::from(value.as_str()));
        }
    }
    for (name, block) in [("accepted", &shown.accepted), ("rejected", &shown.rejected)] {
        let _ = writeln!(text, "  {name}: |-");
        for line in block.lines() {
            let _ = writeln!(text, "    {line}");
        }
    }
    text
}

/// The number of the first line in which two texts differ.
pub(super) fn first_difference(one: &str, other: &str) -> Option<usize> {
    if one == other {
        return None;
    }
    let same = one
        .lines()
        .zip(other.lines())
        .take_while(|(one, other)| one == other);
    Some(same.count() + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_of_several_lines_are_blocks() {
        let shown = Illustration {
            id: "A-1".into(),
            scenario: None,
            server: "It says \"no\".".into(),
            finding: "it does".into(),
            place: None,
            expected: None,
            actual: None,
            accepted: "HTTP 200\n  {}".into(),
            rejected: "HTTP 500".into(),
        };
        let text = written(&shown);
        assert_eq!(
            text,
            "- id: A-1\n  server: \"It says \\\"no\\\".\"\n  finding: \"it does\"\n  accepted: |-\n    HTTP 200\n      {}\n  rejected: |-\n    HTTP 500\n"
        );
        assert_eq!(first_difference(&text, &text), None);
        assert_eq!(first_difference("a\nb", "a\nc"), Some(2));
    }
}
