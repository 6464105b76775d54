//! What a report says, as a reader counts it: what has one cause is one finding, however often it stands there.

use catalogue::Level;
use outcome::{CauseReport, RunReport, Verdict};
use std::collections::BTreeSet;

/// The distinct findings of a report that are no waived ones, in the order in which a person reads them.
pub(crate) fn distinct(report: &RunReport) -> Vec<Distinct<'_>> {
    let causes = report.findings_by_cause.iter();
    let counting = causes.filter(|cause| matches!(cause.verdict, Verdict::Fail | Verdict::Warn));
    counting.map(Distinct).collect()
}

/// A finding with all its places.
#[derive(Debug)]
pub(crate) struct Distinct<'r>(&'r CauseReport);

impl Distinct<'_> {
    /// The requirement.
    pub(crate) fn requirement(&self) -> &str {
        self.0.requirement.as_str()
    }

    /// The sentence.
    pub(crate) fn message(&self) -> &str {
        &self.0.message
    }

    /// Expected, actual, and the server's own words.
    fn evidence(&self) -> String {
        let example = &self.0.example;
        let answer = example.answer.as_ref().map(|seen| {
            let content_type = seen.content_type.as_deref().unwrap_or("no content type");
            format!(" | {} {content_type} {}", seen.status, seen.body)
        });
        format!(
            "{} | {}{}",
            example.expected,
            example.actual,
            answer.unwrap_or_default()
        )
    }

    /// True when sentence or evidence contain a text, whatever its case.
    pub(crate) fn says(&self, words: &str) -> bool {
        let said = format!("{} {}", self.message(), self.evidence());
        said.to_lowercase().contains(&words.to_lowercase())
    }

    /// One line for people.
    pub(crate) fn line(&self) -> String {
        let CauseReport {
            requirement,
            verdict,
            count,
            message,
            scenarios,
            ..
        } = self.0;
        let basic = if self.0.basic { " basic" } else { "" };
        let places = scenarios
            .iter()
            .take(3)
            .map(String::as_str)
            .collect::<Vec<_>>()
            .join(", ");
        let evidence: String = self.evidence().chars().take(300).collect();
        let verdict = verdict.word();
        format!("{verdict}{basic} {requirement} x{count}: {message} [{evidence}] ({places})")
    }
}

/// The MUSTs that a report calls kept.
pub(crate) fn kept_musts(report: &RunReport) -> BTreeSet<&str> {
    let kept = report
        .requirements
        .iter()
        .filter(|one| one.level == Level::Must && one.verdict == Verdict::Pass);
    kept.map(|one| one.id.as_str()).collect()
}
