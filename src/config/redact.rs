//! The text of a config file as errors may show it: what could be a secret is starred out, every byte keeps its place.

use std::ops::Range;

/// Parts of keys and header names whose values are secrets.
const SECRET_WORDS: [&str; 9] = [
    "password", "user", "bearer", "token", "secret", "auth", "cookie", "key", "_live",
];

/// True for names (of keys, of headers) whose values ought not to be shown.
pub(super) fn names_a_secret(name: &str) -> bool {
    let name = name.to_lowercase();
    SECRET_WORDS.iter().any(|word| name.contains(word))
}

/// The text without the bytes of `hidden` and without commented-out secrets.
pub(super) fn redact(text: &str, hidden: &[Range<usize>]) -> String {
    let comments = lines(text)
        .filter(|line| text[line.clone()].trim_start().starts_with('#'))
        .filter(|line| names_a_secret(&text[line.clone()]))
        .filter_map(|line| after_equals(text, line));
    let ranges: Vec<_> = hidden.iter().cloned().chain(comments).collect();
    star_out(text, &ranges)
}

/// The text of a file that is not TOML, where values cannot be told from their surroundings: every line that names a
/// secret loses all that follows its first `=`, and so does what continues such a line.
pub(super) fn redact_broken(text: &str) -> String {
    let mut ranges = Vec::new();
    let mut hiding = false;
    for line in lines(text) {
        let content = &text[line.clone()];
        if starts_an_entry(content) || content.trim_start().starts_with(['#', '[']) {
            hiding = names_a_secret(content);
            ranges.extend(hiding.then(|| after_equals(text, line)).flatten());
        } else if hiding {
            ranges.push(line);
        }
    }
    star_out(text, &ranges)
}

/// `key = value` with something that can begin a value; the padding of base64 cannot.
fn starts_an_entry(line: &str) -> bool {
    let Some((key, value)) = line.split_once('=') else {
        return false;
    };
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_.\"' \t".contains(c);
    !key.trim().is_empty() && key.chars().all(plain) && !value.trim_start().starts_with('=')
}

fn lines(text: &str) -> impl Iterator<Item = Range<usize>> {
    let mut start = 0;
    text.split_inclusive('\n').map(move |line| {
        let range = start..start + line.len();
        start = range.end;
        range
    })
}

fn after_equals(text: &str, line: Range<usize>) -> Option<Range<usize>> {
    let equals = text[line.clone()].find('=')?;
    Some(line.start + equals + 1..line.end)
}

fn star_out(text: &str, ranges: &[Range<usize>]) -> String {
    let hidden = |at: usize| ranges.iter().any(|range| range.contains(&at));
    let mut shown = String::with_capacity(text.len());
    for (at, letter) in text.char_indices() {
        if letter.is_whitespace() || !hidden(at) {
            shown.push(letter);
        } else {
            shown.extend(std::iter::repeat_n('*', letter.len_utf8()));
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_keeps_its_place() {
        let text = "a = \"é\"\nb = 1\n";
        let shown = star_out(text, std::slice::from_ref(&(4..8)));
        assert_eq!(shown, "a = ****\nb = 1\n");
        assert_eq!(shown.len(), text.len());
    }

    #[test]
    fn a_commented_out_secret_is_starred() {
        assert_eq!(
            redact("# password = x\n# jobs = 4\n", &[]),
            "# password = *\n# jobs = 4\n"
        );
    }

    #[test]
    fn a_broken_file_hides_the_lines_that_name_secrets_and_their_continuation() {
        let text = "jobs = 4x\npassword = \"\"\"\nMIIEabc==\nhunter2\n\"\"\"\nseed = 1\n";
        let shown = redact_broken(text);
        assert!(!shown.contains("MIIE") && !shown.contains("hunter2"), "{shown}");
        assert!(
            shown.contains("jobs = 4x") && shown.contains("seed = 1"),
            "{shown}"
        );
    }
}
