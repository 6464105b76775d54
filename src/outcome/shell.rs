//! Words of a command line that a reader copies from a report.

use super::text::is_active;
use std::fmt::Write as _;

/// A word as a POSIX shell reads it back; quoted only where it must be.
///
/// A word with characters that would act on a terminal is written as `$'…'`, which bash, zsh and ksh understand.
pub fn quote(word: &str) -> String {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "-_./:=@%+,".contains(letter);
    if word
        .chars()
        .any(|letter| is_active(letter) || matches!(letter, '\n' | '\t'))
    {
        escaped(word)
    } else if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', "'\\''"))
    }
}

fn escaped(word: &str) -> String {
    let mut text = String::from("$'");
    for letter in word.chars() {
        match letter {
            '\'' | '\\' => {
                text.push('\\');
                text.push(letter);
            }
            '\n' => text.push_str("\\n"),
            '\t' => text.push_str("\\t"),
            letter if is_active(letter) => {
                let mut bytes = [0; 4];
                for byte in letter.encode_utf8(&mut bytes).bytes() {
                    // Three octal digits end by themselves, whatever follows.
                    let _ = write!(text, "\\{byte:03o}");
                }
            }
            letter => text.push(letter),
        }
    }
    text + "'"
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail loudly")]
    use super::*;

    #[test]
    fn only_what_needs_quotes_has_them() {
        assert_eq!(quote("http://127.0.0.1:80/v3"), "http://127.0.0.1:80/v3");
        assert_eq!(quote("deposit/**"), "'deposit/**'");
        assert_eq!(quote(""), "''");
    }

    #[cfg(unix)]
    #[test]
    fn a_shell_reads_back_what_was_quoted() {
        let odd = [
            "it's $HOME `id` \"x\" \\ !",
            "a\u{1b}[31m\n\t\u{202e}'\\7",
            "{\"name\":\"Zoë\"}",
            "$(exit 1)",
        ];
        for word in odd {
            let script = format!("printf %s {}", quote(word));
            let output = std::process::Command::new("bash")
                .args(["-c", &script])
                .output()
                .unwrap();
            assert_eq!(String::from_utf8(output.stdout).unwrap(), word);
        }
    }
}
