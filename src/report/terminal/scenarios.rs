//! Scenarios in a table: those in which something was found with the requirements, and all of them if wished.

use super::{COLUMN, TerminalOptions, heading, one_line};
use outcome::{ScenarioReport, SnapshotStatus, Verdict};
use std::fmt::Write as _;

/// So many rows that say the same are shown one by one; more are one row.
const ALIKE: usize = 8;

/// Nothing where every scenario passed, unless all are to be listed.
pub(super) fn lines(text: &mut String, scenarios: &[ScenarioReport], options: TerminalOptions) {
    if options.all {
        heading(text, "every scenario", options);
        for scenario in scenarios {
            let words = [requirements(scenario), details(scenario)];
            let words: Vec<_> = words.into_iter().filter(|words| !words.is_empty()).collect();
            row(text, scenario.verdict, &scenario.id, &words.join("   "), options);
        }
        return;
    }
    let groups = groups(scenarios);
    if !groups.is_empty() {
        heading(text, "the scenarios in which something was found", options);
    }
    for group in groups {
        match group.ids.as_slice() {
            [first, ..] if group.ids.len() > ALIKE => {
                let name = format!("{} like {first} (-v lists them)", group.ids.len());
                row(text, group.verdict, &name, &group.requirements, options);
            }
            few => {
                for id in few {
                    row(text, group.verdict, id, &group.requirements, options);
                }
            }
        }
    }
}

/// The scenarios in which the same was found.
struct Group<'s> {
    verdict: Verdict,
    requirements: String,
    ids: Vec<&'s str>,
}

fn groups(scenarios: &[ScenarioReport]) -> Vec<Group<'_>> {
    let mut groups: Vec<Group<'_>> = Vec::new();
    let found = [Verdict::Fail, Verdict::Warn, Verdict::HarnessError];
    for scenario in scenarios
        .iter()
        .filter(|scenario| found.contains(&scenario.verdict))
    {
        let (verdict, requirements) = (scenario.verdict, requirements(scenario));
        let same = |known: &&mut Group<'_>| known.verdict == verdict && known.requirements == requirements;
        match groups.iter_mut().find(same) {
            Some(known) => known.ids.push(&scenario.id),
            None => groups.push(Group {
                verdict,
                requirements,
                ids: vec![&scenario.id],
            }),
        }
    }
    groups
}

fn row(text: &mut String, verdict: Verdict, name: &str, words: &str, options: TerminalOptions) {
    let line = format!("{}{name:<COLUMN$}  {words}", options.verdict(verdict));
    let _ = writeln!(text, "{}", line.trim_end());
}

/// The ids of what was found, each once.
fn requirements(scenario: &ScenarioReport) -> String {
    let mut ids: Vec<&str> = Vec::new();
    for finding in &scenario.findings {
        let id = finding.requirement.as_str();
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    ids.join(", ")
}

/// Time, snapshot and reason, for who wants to see everything.
fn details(scenario: &ScenarioReport) -> String {
    let took = (scenario.duration_ms > 0).then(|| format!("{:.1} s", scenario.duration_ms as f64 / 1000.0));
    let snapshot = match scenario.snapshot {
        SnapshotStatus::New => Some("snapshot new"),
        SnapshotStatus::Changed => Some("snapshot changed"),
        SnapshotStatus::Rebound => Some("snapshot compared by shape (bound elsewhere)"),
        SnapshotStatus::Matched | SnapshotStatus::None => None,
    };
    let reason = scenario.reason.as_deref().map(one_line);
    let parts = [took, snapshot.map(ToOwned::to_owned), reason];
    parts.into_iter().flatten().collect::<Vec<_>>().join("   ")
}
