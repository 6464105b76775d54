//! Writing to the terminal. A closed pipe is not an error: somebody has seen enough.

use miette::{GraphicalReportHandler, GraphicalTheme};
use outcome::text::{harmless, is_active};
use std::borrow::Cow;
use std::io::Write;

/// To standard output.
pub(super) fn out(text: &str) {
    write(&mut std::io::stdout().lock(), text);
}

/// To standard error.
pub(super) fn error(text: &str) {
    write(&mut std::io::stderr().lock(), text);
}

fn write(stream: &mut dyn Write, text: &str) {
    let text = &only_styles(text);
    let end = if text.ends_with('\n') { "" } else { "\n" };
    // Nobody is left to be told when the stream is gone.
    let _ = write!(stream, "{text}{end}").and_then(|()| stream.flush());
}

/// A mistake in somebody's file, with the lines that it is in. Lines that hold more than text are shown without colours: theirs
/// cannot be told from ours.
pub(super) fn report(report: &miette::Report) -> String {
    let mut plain = String::new();
    let handler = GraphicalReportHandler::new_themed(GraphicalTheme::unicode_nocolor());
    // A string takes whatever is written.
    let _ = handler.render_report(&mut plain, report.as_ref());
    if plain.contains(is_active) {
        return harmless(&plain);
    }
    format!("{report:?}")
}

/// Nothing that is printed moves a cursor, sets a title or clears a screen, wherever it comes from: of what acts on a terminal only styles are left.
/// Whoever renders what strangers sent takes their styles out, too.
fn only_styles(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_active) {
        return Cow::Borrowed(text);
    }
    let mut parts = text.split('\u{1b}');
    let mut shown = harmless(parts.next().unwrap_or_default());
    for part in parts {
        if let Some(length) = style_length(part) {
            shown.push('\u{1b}');
            shown.push_str(&part[..length]);
            shown.push_str(&harmless(&part[length..]));
        } else {
            shown.push_str(&harmless("\u{1b}"));
            shown.push_str(&harmless(part));
        }
    }
    Cow::Owned(shown)
}

/// How long the style is with which a text begins that follows an escape: brackets, digits and semicolons, and an `m`.
fn style_length(text: &str) -> Option<usize> {
    let inside = text.strip_prefix('[')?;
    let end = inside.find(|letter: char| !(letter.is_ascii_digit() || letter == ';'))?;
    inside[end..].starts_with('m').then_some(end + 2)
}

/// A number of things.
pub(super) fn counted(number: usize, what: &str) -> String {
    let end = if number == 1 { "" } else { "s" };
    format!("{number} {what}{end}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_in_somebody_elses_file_are_not_ours() {
        let coloured = "jobs = \u{1b}[32mgreen\u{1b}[0m";
        let error =
            miette::miette!(labels = vec![], "it is wrong: {coloured}").with_source_code(coloured.to_owned());
        let text = report(&error);
        assert!(
            text.contains("<U+001B>[32mgreen") && !text.contains('\u{1b}'),
            "{text}"
        );
        assert!(report(&miette::miette!("plain")).contains("plain"));
    }

    #[test]
    fn styles_are_left_and_nothing_else_that_acts() {
        for (text, shown) in [
            ("plain\n\ttext é", "plain\n\ttext é"),
            ("\u{1b}[1;32mgood\u{1b}[0m", "\u{1b}[1;32mgood\u{1b}[0m"),
            ("\u{1b}[2Jgone", "<U+001B>[2Jgone"),
            ("\u{1b}]0;title\u{7}", "<U+001B>]0;title<U+0007>"),
            ("a\u{1b}", "a<U+001B>"),
            ("a\rb\u{0}", "a<U+000D>b<U+0000>"),
            ("\u{1b}[31", "<U+001B>[31"),
        ] {
            assert_eq!(only_styles(text), shown, "{text:?}");
        }
    }
}
