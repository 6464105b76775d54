//! Text of strangers made harmless: what a server sent may hold anything, and reports are read on terminals.

use std::fmt::Write as _;

/// So much of a body is shown.
const EXCERPT: usize = 200;

/// Longer texts are cut before they are looked at: an excerpt needs no more.
const READ: usize = 4000;

/// The text with every character that would act on a terminal or hide itself written as its code point.
///
/// Line breaks and tabs stay; escape sequences, other control characters, marks of writing direction and characters
/// without width become `<U+001B>`.
pub fn harmless(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for letter in text.chars() {
        if is_active(letter) {
            let _ = write!(shown, "<U+{:04X}>", u32::from(letter));
        } else {
            shown.push(letter);
        }
    }
    shown
}

/// The same with line breaks and tabs shown, too: what stands in a line of a log must not begin another one.
pub fn one_line(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for part in text.split_inclusive(['\n', '\t']) {
        let (inside, end) = match part.strip_suffix(['\n', '\t']) {
            Some(inside) => (
                inside,
                if part.ends_with('\n') {
                    "<U+000A>"
                } else {
                    "<U+0009>"
                },
            ),
            None => (part, ""),
        };
        shown.push_str(&harmless(inside));
        shown.push_str(end);
    }
    shown
}

/// The first characters of a text in one line, harmless.
pub fn excerpt(text: &str) -> String {
    let start: String = text.chars().take(READ).collect();
    let folded = start.split_whitespace().collect::<Vec<_>>().join(" ");
    match folded.char_indices().nth(EXCERPT) {
        Some((cut, _)) => format!("{}…", harmless(&folded[..cut])),
        None => harmless(&folded),
    }
}

/// A JSON text with every such character in its own escape: it means the same, and does nothing where somebody prints the file.
pub fn in_json(json: String) -> String {
    if !json.contains(is_active) {
        return json;
    }
    let mut shown = String::with_capacity(json.len());
    for letter in json.chars() {
        if is_active(letter) {
            for unit in letter.encode_utf16(&mut [0; 2]) {
                let _ = write!(shown, "\\u{unit:04x}");
            }
        } else {
            shown.push(letter);
        }
    }
    shown
}

/// True for a character that changes what is shown around it, or cannot be seen.
pub fn is_active(letter: char) -> bool {
    let control = letter.is_control() && !matches!(letter, '\n' | '\t');
    control
        || matches!(letter,
            '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_and_marks_of_direction_are_shown_and_do_nothing() {
        assert_eq!(
            harmless("a\u{1b}[31mred\u{202e}\u{feff}\r"),
            "a<U+001B>[31mred<U+202E><U+FEFF><U+000D>"
        );
        assert_eq!(harmless("Zoë 東京 😀\n\tend"), "Zoë 東京 😀\n\tend");
    }

    #[test]
    fn a_line_break_begins_no_line() {
        assert_eq!(
            one_line("a\r\nb\t\u{1b}[1m"),
            "a<U+000D><U+000A>b<U+0009><U+001B>[1m"
        );
    }

    #[test]
    fn json_means_the_same_with_its_escapes() {
        let value = serde_json::json!({ "\u{202e}": "a\u{9b}2J\u{e0041}é😀" });
        let shown = in_json(value.to_string());
        assert!(!shown.contains(is_active), "{shown}");
        assert_eq!(
            serde_json::from_str::<serde_json::Value>(&shown).unwrap_or_default(),
            value
        );
        assert_eq!(in_json("{\n\t\"a\": 1}".to_owned()), "{\n\t\"a\": 1}");
    }

    #[test]
    fn an_excerpt_is_one_line_of_two_hundred_characters() {
        assert_eq!(excerpt("<html>\r\n\t<body>  gone "), "<html> <body> gone");
        let long = "é".repeat(300);
        assert_eq!(excerpt(&long), format!("{}…", "é".repeat(200)));
        assert_eq!(excerpt(&"é".repeat(200)), "é".repeat(200));
        assert_eq!(excerpt("\u{feff}{}"), "<U+FEFF>{}");
    }
}
