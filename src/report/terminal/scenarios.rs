//! Scenarios in a table: those in which something was found with the requirements, and all of them if wished.

use super::{COLUMN, TerminalOptions, heading, one_line};
use outcome::{ScenarioReport, SnapshotStatus, Verdict};
use std::fmt::Write as _;

/// Nothing where every scenario passed, unless all are to be listed.
pub(super) fn lines(text: &mut String, scenarios: &[ScenarioReport], options: TerminalOptions) {
    let shown: Vec<_> = scenarios
        .iter()
        .filter(|scenario| options.all || has_found(scenario))
        .collect();
    if shown.is_empty() {
        return;
    }
    let title = if options.all {
        "every scenario"
    } else {
        "the scenarios in which something was found"
    };
    heading(text, title, options);
    for scenario in shown {
        line(text, scenario, options);
    }
}

fn has_found(scenario: &ScenarioReport) -> bool {
    matches!(
        scenario.verdict,
        Verdict::Fail | Verdict::Warn | Verdict::HarnessError
    )
}

fn line(text: &mut String, scenario: &ScenarioReport, options: TerminalOptions) {
    let mut ids: Vec<&str> = Vec::new();
    for finding in &scenario.findings {
        let id = finding.requirement.as_str();
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    let mut words = ids.join(", ");
    if options.all {
        words.push_str(&details(scenario, words.is_empty()));
    }
    let line = format!(
        "{}{:<COLUMN$}  {}",
        options.verdict(scenario.verdict),
        scenario.id,
        words
    );
    let _ = writeln!(text, "{}", line.trim_end());
}

/// Time, snapshot and reason, for who wants to see everything.
fn details(scenario: &ScenarioReport, alone: bool) -> String {
    let took = (scenario.duration_ms > 0).then(|| format!("{:.1} s", scenario.duration_ms as f64 / 1000.0));
    let snapshot = match scenario.snapshot {
        SnapshotStatus::New => Some("snapshot new"),
        SnapshotStatus::Changed => Some("snapshot changed"),
        SnapshotStatus::Rebound => Some("snapshot compared by shape (bound elsewhere)"),
        SnapshotStatus::Matched | SnapshotStatus::None => None,
    };
    let reason = scenario.reason.as_deref().map(one_line);
    let parts: Vec<_> = [took, snapshot.map(ToOwned::to_owned), reason]
        .into_iter()
        .flatten()
        .collect();
    let gap = if alone || parts.is_empty() { "" } else { "   " };
    format!("{gap}{}", parts.join("   "))
}
