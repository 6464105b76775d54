//! A JSON value line by line, each line with the pointer to what it shows.

use serde_json::Value;

/// Longer texts are cut: the page is to be read.
const LONGEST: usize = 300;

/// One line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    /// JSON pointer to the value that begins or ends here.
    pub(super) pointer: String,
    /// Indented by two blanks a level.
    pub(super) text: String,
    /// False for a line that closes.
    pub(super) opens: bool,
}

/// Every line of a value.
pub(super) fn lines(value: &Value) -> Vec<Line> {
    let mut lines = Vec::new();
    add(&mut lines, 0, "", "", value, true);
    lines
}

fn add(lines: &mut Vec<Line>, depth: usize, pointer: &str, name: &str, value: &Value, is_last: bool) {
    let comma = if is_last { "" } else { "," };
    let indent = "  ".repeat(depth);
    let mut line = |text: String, opens| {
        lines.push(Line {
            pointer: pointer.to_owned(),
            text,
            opens,
        });
    };
    let escape = |name: &str| name.replace('~', "~0").replace('/', "~1");
    match value {
        Value::Object(fields) if !fields.is_empty() => {
            line(format!("{indent}{name}{{"), true);
            for (at, (key, inner)) in fields.iter().enumerate() {
                let (below, name) = (format!("{pointer}/{}", escape(key)), format!("{}: ", quoted(key)));
                add(lines, depth + 1, &below, &name, inner, at + 1 == fields.len());
            }
            lines.push(closing(pointer, format!("{indent}}}{comma}")));
        }
        Value::Array(entries) if !entries.is_empty() => {
            line(format!("{indent}{name}["), true);
            for (at, inner) in entries.iter().enumerate() {
                add(
                    lines,
                    depth + 1,
                    &format!("{pointer}/{at}"),
                    "",
                    inner,
                    at + 1 == entries.len(),
                );
            }
            lines.push(closing(pointer, format!("{indent}]{comma}")));
        }
        Value::String(text) => line(format!("{indent}{name}{}{comma}", quoted(text)), true),
        other => line(format!("{indent}{name}{other}{comma}"), true),
    }
}

fn closing(pointer: &str, text: String) -> Line {
    Line {
        pointer: pointer.to_owned(),
        text,
        opens: false,
    }
}

fn quoted(text: &str) -> String {
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", Value::from(&text[..end])),
        None => Value::from(text).to_string(),
    }
}

/// The line that shows a pointer, or of one that leads nowhere the nearest around it.
pub(super) fn line_of(lines: &[Line], pointer: &str) -> Option<usize> {
    let mut wanted = pointer;
    loop {
        let at = lines.iter().position(|line| line.opens && line.pointer == wanted);
        if at.is_some() {
            return at;
        }
        wanted = wanted.rsplit_once('/')?.0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_lines_are_the_value_again() {
        let value = json!({ "a": [1, { "b/c": "x\"y" }], "d": {}, "e": [], "f": null });
        let text: Vec<String> = lines(&value).into_iter().map(|line| line.text).collect();
        assert_eq!(
            text.join("\n"),
            serde_json::to_string_pretty(&value).unwrap_or_default()
        );
    }

    #[test]
    fn a_pointer_is_found_and_one_that_leads_nowhere_is_shown_where_it_would_be() {
        let lines = lines(&json!({ "booking": { "status": "X", "a/b": [1] } }));
        let at = |pointer| line_of(&lines, pointer).map(|at| lines[at].text.trim().to_owned());
        assert_eq!(at("/booking/status").as_deref(), Some("\"status\": \"X\","));
        assert_eq!(at("/booking/a~1b/0").as_deref(), Some("1"));
        assert_eq!(at("/booking/slot/start_sec").as_deref(), Some("\"booking\": {"));
        assert_eq!(at("/nothing").as_deref(), Some("{"));
        assert_eq!(at("").as_deref(), Some("{"));
    }

    #[test]
    fn a_long_text_is_cut_between_characters() {
        let text = lines(&json!("ä".repeat(9_999)))[0].text.clone();
        assert!(text.chars().count() < 310 && text.ends_with('…'), "{text}");
    }
}
