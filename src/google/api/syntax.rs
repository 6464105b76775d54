//! Broken JSON, explained the way Google's parser does: reason, line, caret.

use crate::api::violation::{self, Violation};
use protocol::limits::{Excess, Limits, count};
use serde_json::Value;
use serde_json::error::Category;

// A line is shown around the fault, not whole: a megabyte on one line would come back as a megabyte.
const SHOWN_BEFORE: usize = 60;
const SHOWN_AFTER: usize = 20;

// Twice what an inventory update of the largest size has.
const LIMITS: Limits = Limits {
    values: 200_000,
    text: usize::MAX,
    depth: usize::MAX,
};
/// Texts up to this length are not counted.
const SHORT: usize = 64 * 1024;

/// Parses a body; an empty one is an empty message.
pub(crate) fn parse(body: &[u8]) -> Result<Value, Violation> {
    if body.iter().all(u8::is_ascii_whitespace) {
        return Ok(Value::Object(serde_json::Map::new()));
    }
    let Ok(text) = std::str::from_utf8(body) else {
        return Err(violation::broken_json(
            "Encountered non UTF-8 code points.",
            "",
            0,
        ));
    };
    if let Err(excess) = limit(text) {
        return Err(violation::broken_json(
            &format!("Request is too complex: {excess}."),
            "",
            0,
        ));
    }
    serde_json::from_str(text).map_err(|error| explain(text, &error))
}

/// The body as a tree; none where it is no JSON, or more of it than is read.
pub(crate) fn parse_within_limits(body: &[u8]) -> Option<Value> {
    let text = std::str::from_utf8(body).ok()?;
    limit(text).ok()?;
    serde_json::from_str(text).ok()
}

fn limit(text: &str) -> Result<(), Excess> {
    // A short text cannot hold much, and its depth is the parser's affair.
    if text.len() <= SHORT {
        return Ok(());
    }
    match count(text, &LIMITS) {
        Err(excess @ Excess::Values(_)) => Err(excess),
        _ => Ok(()),
    }
}

fn explain(text: &str, error: &serde_json::Error) -> Violation {
    let line = text
        .split('\n')
        .nth(error.line().saturating_sub(1))
        .unwrap_or_default();
    let place = place_in(line, error);
    let start = floor_boundary(line, place.saturating_sub(SHOWN_BEFORE));
    let end = floor_boundary(line, (place + SHOWN_AFTER).min(line.len()));
    let column = line[start..place].chars().count();
    violation::broken_json(reason(error), &line[start..end], column)
}

fn place_in(line: &str, error: &serde_json::Error) -> usize {
    let column = if error.is_eof() {
        line.len()
    } else {
        error.column().saturating_sub(1)
    };
    floor_boundary(line, column.min(line.len()))
}

fn floor_boundary(line: &str, index: usize) -> usize {
    (0..=index)
        .rev()
        .find(|at| line.is_char_boundary(*at))
        .unwrap_or(0)
}

fn reason(error: &serde_json::Error) -> &'static str {
    let text = error.to_string();
    match error.classify() {
        Category::Eof if text.contains("string") => "Closing quote expected in string.",
        Category::Eof => "Unexpected end of string.",
        _ if text.starts_with("expected `:`") => "Expected : between key:value pair.",
        _ if text.starts_with("expected `,` or `]`") => "Expected , or ] after array value.",
        _ if text.starts_with("expected `,` or `}`") => "Expected , or } after key:value pair.",
        _ if text.starts_with("key must be a string") => "Expected an object key or }.",
        _ if text.starts_with("trailing characters") => "Parsing terminated before end of input.",
        _ if text.starts_with("recursion limit") => "Message too deep. Max recursion depth reached.",
        _ => "Unexpected token.",
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    use super::*;

    #[test]
    fn an_empty_body_is_an_empty_message() {
        assert_eq!(parse(b"").unwrap(), serde_json::json!({}));
        assert_eq!(parse(b" \r\n").unwrap(), serde_json::json!({}));
    }

    #[test]
    fn the_place_of_the_fault_is_shown() {
        for (body, reason, line, caret) in [
            ("{\"a\":", "Unexpected end of string.", "{\"a\":", "     ^"),
            (
                "{\"a\" 1}",
                "Expected : between key:value pair.",
                "{\"a\" 1}",
                "     ^",
            ),
            ("{\n\"a\": x\n}", "Unexpected token.", "\"a\": x", "     ^"),
            (
                "{\"a\":1 \"b\":2}",
                "Expected , or } after key:value pair.",
                "{\"a\":1 \"b\":2}",
                "       ^",
            ),
            ("[1 2]", "Expected , or ] after array value.", "[1 2]", "   ^"),
            ("{a:1}", "Expected an object key or }.", "{a:1}", " ^"),
            (
                "{} {}",
                "Parsing terminated before end of input.",
                "{} {}",
                "   ^",
            ),
            (
                "{\"a\":\"\u{e4}",
                "Closing quote expected in string.",
                "{\"a\":\"\u{e4}",
                "       ^",
            ),
        ] {
            let violation = parse(body.as_bytes()).unwrap_err();
            let expected = format!("Invalid JSON payload received. {reason}\n{line}\n{caret}");
            assert_eq!(violation.description, expected, "{body}");
            assert_eq!(violation.field, "");
        }
    }

    #[test]
    fn deep_nesting_and_other_encodings_are_refused() {
        let deep = "[".repeat(100_000);
        assert!(
            parse(deep.as_bytes())
                .unwrap_err()
                .description
                .contains("Message too deep.")
        );
        assert!(
            parse(b"{\"a\":\"\xff\"}")
                .unwrap_err()
                .description
                .contains("non UTF-8")
        );
    }

    #[test]
    fn what_would_fill_the_memory_is_refused_before_a_tree_is_made() {
        let wide = format!("{{\"a\":[{}{{}}]}}", "{},".repeat(300_000));
        let refused = parse(wide.as_bytes()).unwrap_err().description;
        assert!(refused.contains("more than 200000 values"), "{refused}");
        assert_eq!(parse_within_limits(wide.as_bytes()), None);
        let slots = format!("[{}{{}}]", "{\"a\":1},".repeat(90_000));
        assert!(parse(slots.as_bytes()).is_ok() && parse_within_limits(slots.as_bytes()).is_some());
    }

    #[test]
    fn a_long_line_is_shown_around_the_fault() {
        let body = format!("{{\"a\":\"{}\" x}}", "\u{e4}".repeat(10_000));
        assert!(parse(body.as_bytes()).unwrap_err().description.len() < 400);
    }
}
