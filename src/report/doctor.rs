//! A look at a set-up, for people: a line for each part, and the next step below what needs one.

use super::terminal::TerminalOptions;
use console::Style;
use outcome::text::harmless;
use outcome::{CheckState, Checkup};
use std::fmt::Write as _;

/// As wide as the longest name of a part.
const WIDTH: usize = 24;

/// All lines, and a conclusion.
pub fn render(checkup: &Checkup, options: TerminalOptions) -> String {
    let mut text = String::new();
    for check in &checkup.checks {
        let (word, style) = match check.state {
            CheckState::Ok => ("ok", Style::new().green()),
            CheckState::Wrong => ("wrong", Style::new().red().bold()),
            CheckState::CannotTell => ("cannot tell", Style::new().yellow()),
        };
        let word = options.style(&style, &format!("{word:<12}"));
        let _ = writeln!(text, "{word} {:<WIDTH$} {}", check.name, one_line(&check.words));
        if let Some(next) = &check.next {
            let _ = writeln!(
                text,
                "{:13}{:<WIDTH$} {}",
                "",
                options.dim(&format!("{:>WIDTH$}", "next")),
                one_line(next)
            );
        }
    }
    let wrong = checkup
        .checks
        .iter()
        .filter(|check| check.state == CheckState::Wrong)
        .count();
    let _ = match wrong {
        0 => writeln!(text, "nothing is wrong; nothing was booked"),
        1 => writeln!(text, "1 thing is wrong; nothing was booked"),
        number => writeln!(text, "{number} things are wrong; nothing was booked"),
    };
    text
}

/// A server's words stay in their line.
fn one_line(text: &str) -> String {
    harmless(&text.split_whitespace().collect::<Vec<_>>().join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use outcome::Check;

    #[test]
    fn each_part_has_a_line_and_what_is_wrong_is_counted() {
        let checks = vec![
            Check::ok("reached", "http://h"),
            Check::unusable("clock", "off\nby \u{1b}[2J10 min", "set it"),
            Check::cannot_tell("tls", "plain HTTP"),
        ];
        let text = render(&Checkup::of(checks), TerminalOptions::default());
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines.len(), 5, "{text}");
        assert!(lines[0].starts_with("ok           reached"), "{text}");
        assert!(
            lines[1].starts_with("wrong        clock") && lines[1].contains("off by <U+001B>"),
            "{text}"
        );
        assert!(
            lines[2].ends_with("set it") && lines[2].contains("next"),
            "{text}"
        );
        assert!(lines[3].starts_with("cannot tell  tls"), "{text}");
        assert_eq!(lines[4], "1 thing is wrong; nothing was booked");
    }
}
