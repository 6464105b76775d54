//! The report for people: calm, and complete in its last lines.

mod predictions;
mod standing;

use super::Material;
use catalogue::catalogue;
use console::Style;
use outcome::{Counts, Finding, RunReport, RunVerdict, ScenarioReport, SnapshotStatus, Verdict};
use serde_json::Value;
use snapshot::{DiffKind, DiffLine};
use std::fmt::Write as _;

/// The width of the column that holds scenario ids.
const COLUMN: usize = 44;

/// How to render.
#[derive(Debug, Clone, Copy, Default)]
pub struct TerminalOptions {
    /// With colour.
    pub colour: bool,
    /// Also scenarios that passed or did not run.
    pub all: bool,
    /// Nothing but the conclusion.
    pub brief: bool,
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
        for scenario in run.scenarios.iter().filter(|scenario| shown(scenario, options)) {
            scenario_lines(&mut text, scenario, run.seed, options);
        }
        if !run.findings.is_empty() {
            let _ = writeln!(text, "{}", options.bold("the run as a whole"));
            run.findings
                .iter()
                .for_each(|finding| finding_lines(&mut text, finding, None, options));
        }
        for (scenario, lines) in material.drifts.iter().filter(|(_, lines)| !lines.is_empty()) {
            drift_lines(&mut text, scenario, lines, options);
        }
        for mistake in &run.harness_errors {
            let _ = writeln!(text, "{}  {mistake}", options.verdict(Verdict::HarnessError));
        }
        predictions::lines(&mut text, &run.milestones, options);
    }
    conclusion(&mut text, run, options);
    text
}

fn shown(scenario: &ScenarioReport, options: TerminalOptions) -> bool {
    let quiet = matches!(scenario.verdict, Verdict::NotRun);
    let unreviewed = matches!(scenario.snapshot, SnapshotStatus::New | SnapshotStatus::Changed);
    options.all || unreviewed || !quiet
}

fn scenario_lines(text: &mut String, scenario: &ScenarioReport, seed: u64, options: TerminalOptions) {
    let took = match scenario.duration_ms {
        0 => String::new(),
        ms => format!("{:>6.1} s", ms as f64 / 1000.0),
    };
    let snapshot = match scenario.snapshot {
        SnapshotStatus::New => "  snapshot new",
        SnapshotStatus::Changed => "  snapshot changed",
        SnapshotStatus::Rebound => "  snapshot compared by shape (bound elsewhere)",
        SnapshotStatus::Matched | SnapshotStatus::None => "",
    };
    let line = format!(
        "{}{:<COLUMN$}{}{snapshot}",
        options.verdict(scenario.verdict),
        scenario.id,
        options.dim(&took)
    );
    let _ = writeln!(text, "{}", line.trim_end());
    if let Some(reason) = &scenario.reason {
        let _ = writeln!(text, "  {}", options.dim(reason));
    }
    for finding in &scenario.findings {
        finding_lines(text, finding, Some((&scenario.id, seed)), options);
    }
}

fn finding_lines(text: &mut String, finding: &Finding, again: Option<(&str, u64)>, options: TerminalOptions) {
    let row = catalogue().row(finding.requirement);
    let word = if finding.verdict == Verdict::Warn {
        "warning  "
    } else {
        ""
    };
    let _ = writeln!(
        text,
        "  {}  {word}{}",
        options.bold(finding.requirement.as_str()),
        finding.message
    );
    let evidence = &finding.evidence;
    if !evidence.expected.is_null() {
        field(text, "expected", &short(&evidence.expected), options);
    }
    if !evidence.actual.is_null() || !evidence.expected.is_null() {
        let entry = evidence
            .entry
            .map(|entry| format!("   entry {entry}"))
            .unwrap_or_default();
        let pointer = evidence.pointer.as_deref().filter(|pointer| !pointer.is_empty());
        let pointer = pointer
            .map(|pointer| format!(" at {pointer}"))
            .unwrap_or_default();
        field(
            text,
            "actual",
            &format!("{}{pointer}{entry}", short(&evidence.actual)),
            options,
        );
    }
    if let Some(why) = &row.why {
        field(text, "why", why, options);
    }
    field(text, "source", &row.source, options);
    let explain = format!("conformance explain {}", finding.requirement);
    match again {
        Some((scenario, seed)) => {
            field(
                text,
                "again",
                &format!("conformance run {scenario} --seed {seed}      more: {explain}"),
                options,
            );
        }
        None => field(text, "more", &explain, options),
    }
}

pub(super) fn field(text: &mut String, name: &str, value: &str, options: TerminalOptions) {
    let _ = writeln!(text, "    {}  {value}", options.dim(&format!("{name:<8}")));
}

/// Values as a person reads them: text without quotes, nothing as "nothing", long ones cut.
fn short(value: &Value) -> String {
    let text = match value {
        Value::Null => "nothing".to_owned(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    match text.char_indices().nth(160) {
        Some((cut, _)) => format!("{}…", &text[..cut]),
        None => text,
    }
}

fn drift_lines(text: &mut String, scenario: &str, lines: &[DiffLine], options: TerminalOptions) {
    let _ = writeln!(text, "{}", options.bold(&format!("snapshot of {scenario}")));
    for line in lines {
        let (sign, style) = match line.kind {
            DiffKind::Hunk => ("", Style::new().cyan()),
            DiffKind::Context => (" ", Style::new().dim()),
            DiffKind::Removed => ("-", Style::new().red()),
            DiffKind::Added => ("+", Style::new().green()),
        };
        let _ = writeln!(
            text,
            "  {}",
            options.style(&style, &format!("{sign}{}", line.text))
        );
    }
}

fn conclusion(text: &mut String, run: &RunReport, options: TerminalOptions) {
    let mut line = |name: &str, value: String| {
        let _ = writeln!(text, "{}  {value}", options.dim(&format!("{name:<13}")));
    };
    line(
        "target",
        format!("{} at {}", run.target.name, run.target.base_url),
    );
    line("scenarios", counts(&run.counts.scenarios, "passed"));
    let judged = judged(&run.counts.requirements);
    line(
        "requirements",
        format!("{judged} judged ({})", counts(&run.counts.requirements, "kept")),
    );
    if !run.not_exercised.is_empty() {
        let ids: Vec<_> = run.not_exercised.iter().map(|id| id.as_str()).collect();
        line("not exercised", format!("{} MUST: {}", ids.len(), ids.join(", ")));
    }
    line(
        "notifications",
        format!("{} received", run.notifications.received),
    );
    let names = std::iter::once("bookings").chain(std::iter::repeat(""));
    for (name, value) in names.zip(standing::lines(run)) {
        line(name, value);
    }
    if !run.snapshot_errors.is_empty() {
        line("snapshots", run.snapshot_errors.join("; "));
    }
    if !run.obsolete_snapshots.is_empty() {
        line(
            "obsolete",
            format!(
                "{}: delete the snapshots of scenarios that are gone",
                run.obsolete_snapshots.join(", ")
            ),
        );
    }
    let took = format!("{:.1} s, seed {}", run.duration_ms as f64 / 1000.0, run.seed);
    let style = if run.verdict == RunVerdict::Conformant {
        Style::new().green().bold()
    } else {
        Style::new().red().bold()
    };
    line(
        "verdict",
        format!(
            "{}   {}",
            options.style(&style, run.verdict.words()),
            options.dim(&took)
        ),
    );
    if let Some(next) = next_step(run) {
        line("next", next.to_owned());
    }
}

fn judged(counts: &Counts) -> usize {
    [Verdict::Pass, Verdict::Fail, Verdict::Warn, Verdict::Waived]
        .into_iter()
        .map(|verdict| counts.of(verdict))
        .sum()
}

fn counts(counts: &Counts, passed: &str) -> String {
    let word = |verdict: Verdict| match verdict {
        Verdict::Pass => passed.to_owned(),
        Verdict::Fail => "failed".to_owned(),
        Verdict::Warn => "with warnings".to_owned(),
        other => other.word().replace('_', " "),
    };
    let parts: Vec<_> = counts
        .iter()
        .map(|(verdict, count)| format!("{count} {}", word(verdict)))
        .collect();
    if parts.is_empty() {
        "none".to_owned()
    } else {
        parts.join(", ")
    }
}

fn next_step(run: &RunReport) -> Option<&'static str> {
    match run.verdict {
        RunVerdict::NeedsReview => Some("conformance review   (or: pending, accept, reject)"),
        RunVerdict::NotJudged => Some("the reasons stand at the scenarios that could not be judged"),
        RunVerdict::Interrupted => Some("what was booked has been cancelled as far as possible"),
        RunVerdict::HarnessError => {
            Some("this is a mistake of the harness, not of the target: please report it")
        }
        RunVerdict::Conformant | RunVerdict::NotConformant => None,
    }
}
