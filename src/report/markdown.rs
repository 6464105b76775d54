//! A summary in Markdown, for a job's page or a comment: below 64 KiB whatever was found.

use super::cut::cut_line;
use super::issues::{Issue, Severity, issues};
use super::{Material, RenderError, Reporter};
use outcome::{Counts, NotRun, Verdict};
use std::fmt::Write as _;

/// GitLab and Bitbucket cut comments at 64 KiB; something is left for whoever puts words around it.
const LARGEST: usize = 60_000;

/// Format `markdown`.
pub(super) struct Markdown;

impl Reporter for Markdown {
    fn format(&self) -> &'static str {
        "markdown"
    }

    fn about(&self) -> &'static str {
        "a summary below 64 KiB, for a job's page (markdown=$GITHUB_STEP_SUMMARY) or a comment"
    }

    fn render(&self, material: &Material<'_>) -> Result<String, RenderError> {
        let run = material.report;
        let mut text = String::new();
        let _ = writeln!(
            text,
            "## Conformance of {}: {}\n",
            code(&run.target.name),
            run.verdict.words()
        );
        let _ = writeln!(
            text,
            "Exit code {}. Run of {} against {}, seed {}, requirement set {}.\n",
            run.exit_code,
            code(&run.started_at),
            code(&run.target.base_url),
            run.seed,
            code(&run.requirement_set.id)
        );
        text.push_str("| | pass | fail | warn | waived | not testable | not applicable | other |\n");
        text.push_str("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n");
        row(&mut text, "scenarios", &run.counts.scenarios);
        row(&mut text, "requirements", &run.counts.requirements);
        let issues = issues(material);
        let of = |severity| {
            issues
                .iter()
                .filter(move |issue: &&Issue| issue.severity == severity)
        };
        section(
            &mut text,
            "What keeps the run from being green",
            of(Severity::Error),
        );
        section(&mut text, "Warnings", of(Severity::Warning));
        section(&mut text, "Waived", of(Severity::Waived));
        Ok(text)
    }

    fn render_not_run(&self, not_run: &NotRun) -> Result<String, RenderError> {
        let verdict = not_run.verdict;
        Ok(format!(
            "## Conformance: {verdict}\n\n{}\n",
            code(&cut_line(&not_run.reason, 4_000))
        ))
    }
}

fn row(text: &mut String, name: &str, counts: &Counts) {
    let shown = [
        Verdict::Pass,
        Verdict::Fail,
        Verdict::Warn,
        Verdict::Waived,
        Verdict::NotTestable,
        Verdict::NotApplicable,
    ];
    let others = [Verdict::Inconclusive, Verdict::NotRun, Verdict::HarnessError];
    let _ = write!(text, "| {name} |");
    for verdict in shown {
        let _ = write!(text, " {} |", counts.of(verdict));
    }
    let other: usize = others.into_iter().map(|verdict| counts.of(verdict)).sum();
    let _ = writeln!(text, " {other} |");
}

fn section<'i>(text: &mut String, title: &str, issues: impl Iterator<Item = &'i Issue>) {
    let entries: Vec<String> = issues.map(entry).collect();
    if entries.is_empty() {
        return;
    }
    let _ = writeln!(text, "\n### {title}\n");
    for (number, entry) in entries.iter().enumerate() {
        // Room for this line, for the last word of this section, and for the headings of the next ones.
        if text.len() + entry.len() + 400 > LARGEST {
            let _ = writeln!(
                text,
                "- and {} more; `--report json=run.json` has all",
                entries.len() - number
            );
            return;
        }
        text.push_str(entry);
    }
}

fn entry(issue: &Issue) -> String {
    let mut text = format!("- **{}** {}", issue.check, code(&issue.message));
    if issue.count > 1 {
        let _ = write!(text, " ({} times)", issue.count);
    }
    text.push('\n');
    let shown: Vec<String> = issue.scenarios.iter().take(3).map(|id| code(id)).collect();
    let more = issue.scenarios.len().saturating_sub(shown.len());
    if !shown.is_empty() {
        let _ = write!(text, "  <br>in {}", shown.join(", "));
        if more > 0 {
            let _ = write!(text, " and {more} more");
        }
        text.push('\n');
    }
    if let Some(waiver) = &issue.waiver {
        let _ = writeln!(text, "  <br>waived: {}", code(waiver));
    }
    if let Some(again) = &issue.again {
        let _ = writeln!(text, "  <br>again: {}", code(again));
    }
    text
}

/// Strangers' text between backticks, longer ones than it holds: markup, mentions and numbers of issues mean nothing there.
fn code(text: &str) -> String {
    let line = cut_line(text, 1_000);
    let longest = line
        .split(|letter| letter != '`')
        .map(str::len)
        .max()
        .unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    // A blank beside each fence is no part of what is shown, and is needed where the text begins with a backtick.
    format!("{fence} {line} {fence}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_ends_its_fence() {
        assert_eq!(code("a"), "` a `");
        assert_eq!(code("``` <b> @team #1"), "```` ``` <b> @team #1 ````");
    }
}
