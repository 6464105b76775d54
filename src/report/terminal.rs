//! The report for people: what to mend first, what could not be tested, and the conclusion in its last lines.

mod conclusion;
mod findings;
mod predictions;
mod scenarios;
mod snapshots;
mod standing;
mod unjudged;
mod untested;
mod waivers;

pub use standing::standing_lines;

use super::Material;
use catalogue::RequirementId;
use console::Style;
use outcome::text::harmless;
use outcome::{RunReport, Verdict, WaiverReport};
use serde_json::Value;
use std::fmt::Write as _;

/// The width of the column that holds scenario ids.
const COLUMN: usize = 44;

/// Longer values are cut.
const LONGEST_VALUE: usize = 160;

/// How to render.
#[derive(Debug, Clone, Copy, Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a switch of the command line"
)]
pub struct TerminalOptions {
    /// With colour.
    pub colour: bool,
    /// Also every scenario, whatever became of it.
    pub all: bool,
    /// Nothing but the conclusion.
    pub brief: bool,
    /// New snapshots were not kept, as in CI.
    pub ci: bool,
}

impl TerminalOptions {
    pub(super) fn style(self, style: &Style, text: &str) -> String {
        style
            .clone()
            .force_styling(self.colour)
            .apply_to(text)
            .to_string()
    }

    pub(super) fn verdict(self, verdict: Verdict) -> String {
        let style = match verdict {
            Verdict::Pass => Style::new().green(),
            Verdict::Fail | Verdict::HarnessError => Style::new().red().bold(),
            Verdict::Warn | Verdict::NotTestable => Style::new().yellow(),
            _ => Style::new().dim(),
        };
        self.style(&style, &format!("{:<14}", verdict.word()))
    }

    /// A verdict's word in its colour, without the column around it.
    pub(super) fn level(self, verdict: Verdict, word: &str) -> String {
        let style = match verdict {
            Verdict::Fail => Style::new().red().bold(),
            Verdict::Warn => Style::new().yellow(),
            _ => Style::new().dim(),
        };
        self.style(&style, word)
    }

    pub(super) fn dim(self, text: &str) -> String {
        self.style(&Style::new().dim(), text)
    }

    pub(super) fn bold(self, text: &str) -> String {
        self.style(&Style::new().bold(), text)
    }
}

/// The whole report.
pub fn render(material: &Material<'_>, options: TerminalOptions) -> String {
    let run = material.report;
    let mut text = String::new();
    if !options.brief {
        for mistake in &run.harness_errors {
            let _ = writeln!(
                text,
                "{}  {}",
                options.verdict(Verdict::HarnessError),
                one_line(mistake)
            );
        }
        findings::lines(&mut text, &run.findings_by_cause, options);
        waivers::lines(&mut text, run, options);
        untested::lines(&mut text, &run.scenarios, options);
        unjudged::lines(&mut text, run, options);
        snapshots::lines(&mut text, material, options);
        predictions::lines(&mut text, &run.milestones, options);
        scenarios::lines(&mut text, &run.scenarios, options);
    }
    conclusion::lines(&mut text, material, options);
    text
}

/// The finding that a report shows under a number, with its requirement.
pub fn finding(run: &RunReport, number: usize, options: TerminalOptions) -> Option<(RequirementId, String)> {
    findings::one(&run.findings_by_cause, number, options)
}

/// A line for each waiver that holds nothing, for those who ask before anything runs.
pub fn waiver_lines(waivers: &[WaiverReport]) -> String {
    let mut text = String::new();
    for words in waivers::words_of(waivers.iter()) {
        let _ = writeln!(text, "waivers  {words}");
    }
    text
}

/// A heading with an empty line above it, unless it is the first.
fn heading(text: &mut String, title: &str, options: TerminalOptions) {
    if !text.is_empty() {
        text.push('\n');
    }
    let _ = writeln!(text, "{}", options.bold(title));
}

/// One line of a block below a heading: its name in a column of its own.
pub(super) fn field(text: &mut String, name: &str, value: &str, options: TerminalOptions) {
    let _ = writeln!(text, "    {}  {value}", options.dim(&format!("{name:<8}")));
}

/// What was taken from elsewhere, in one line that does nothing to a terminal.
fn one_line(text: &str) -> String {
    harmless(&text.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// Values as a person reads them: text without quotes, nothing as "nothing", long ones cut.
fn short(value: &Value) -> String {
    let text = match value {
        Value::Null => "nothing".to_owned(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let text = one_line(&text);
    match text.char_indices().nth(LONGEST_VALUE) {
        Some((cut, _)) => format!("{}…", &text[..cut]),
        None => text,
    }
}

/// The first few of a list, and a sign that there are more.
fn first_few<'l>(items: impl ExactSizeIterator<Item = &'l str>, few: usize) -> String {
    let more = if items.len() > few { ", …" } else { "" };
    format!("{}{more}", items.take(few).collect::<Vec<_>>().join(", "))
}

/// A number of things.
fn counted(number: usize, what: &str) -> String {
    let end = if number == 1 { "" } else { "s" };
    format!("{number} {what}{end}")
}

#[cfg(test)]
mod tests;
