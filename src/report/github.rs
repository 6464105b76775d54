//! Workflow commands of GitHub Actions: a group with everything, then annotations for what is gravest.
//!
//! A command begins a line, so nothing of a stranger's may: `::error::` from a server would be GitHub's word.

use super::cut::cut_line;
use super::issues::{Issue, Severity, issues};
use super::{Material, RenderError, Reporter};
use outcome::NotRun;
use std::fmt::Write as _;

/// GitHub shows so many annotations of a level for a step, and drops the rest without a word.
const SHOWN: usize = 10;

/// Format `github`.
pub(super) struct GitHub;

impl Reporter for GitHub {
    fn format(&self) -> &'static str {
        "github"
    }

    fn about(&self) -> &'static str {
        "annotations of GitHub Actions, to be printed by the job (github=/dev/stdout)"
    }

    fn render(&self, material: &Material<'_>) -> Result<String, RenderError> {
        let run = material.report;
        let issues = issues(material);
        let title = format!(
            "conformance of {}: {} (exit {})",
            run.target.name,
            run.verdict.words(),
            run.exit_code
        );
        let mut text = String::new();
        let _ = writeln!(text, "::group::{}", data(&cut_line(&title, 200)));
        for scenario in &run.scenarios {
            let line = format!("{:<14}  {}", scenario.verdict.word(), scenario.id);
            let _ = writeln!(text, "{}", plain(&line));
        }
        text.push_str("::endgroup::\n");
        for (severity, level) in [
            (Severity::Error, "error"),
            (Severity::Warning, "warning"),
            (Severity::Waived, "notice"),
        ] {
            let of: Vec<&Issue> = issues.iter().filter(|issue| issue.severity == severity).collect();
            annotations(&mut text, level, &of);
        }
        Ok(text)
    }

    fn render_not_run(&self, not_run: &NotRun) -> Result<String, RenderError> {
        let words = format!("{}: {}", not_run.verdict, cut_line(&not_run.reason, 4_000));
        Ok(format!("::error title=conformance::{}\n", data(&words)))
    }
}

fn annotations(text: &mut String, level: &str, issues: &[&Issue]) {
    let room = if issues.len() > SHOWN { SHOWN - 1 } else { SHOWN };
    for issue in issues.iter().take(room) {
        let (file, line) = &issue.place;
        let _ = writeln!(
            text,
            "::{level} file={},line={line},title={}::{}",
            property(file),
            property(&issue.check),
            data(&words(issue))
        );
    }
    if issues.len() > room {
        let more = issues.len() - room;
        let _ = writeln!(
            text,
            "::{level} title=conformance::{more} more; see the other reports of the run"
        );
    }
}

fn words(issue: &Issue) -> String {
    let mut words = issue.message.clone();
    if let Some(first) = issue.scenarios.first() {
        let more = match issue.scenarios.len() {
            1 => String::new(),
            all => format!(" and {} more", all - 1),
        };
        let _ = write!(words, " (in {first}{more})");
    }
    if let Some(waiver) = &issue.waiver {
        let _ = write!(words, "; waived: {waiver}");
    }
    words
}

/// The message of a command.
fn data(text: &str) -> String {
    let escaped = text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A");
    // The older form of commands is looked for anywhere in a line.
    escaped.replace("##[", "##%5B")
}

/// A property of a command.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

/// A line that is no command.
fn plain(line: &str) -> String {
    format!("| {}", cut_line(line, 300).replace("##[", "## ["))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_a_stranger_is_a_command() {
        assert_eq!(data("100%\n::error::x"), "100%25%0A::error::x");
        assert_eq!(property("a:b,c%"), "a%3Ab%2Cc%25");
        assert_eq!(plain("::error::x\n::warning::y"), "| ::error::x ::warning::y");
        assert!(!data("x ##[error]y").contains("##["));
        assert!(!plain("##[group]y").contains("##["));
    }
}
