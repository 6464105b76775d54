//! Histories that are not as accepted: how many, and of a run without findings what changed.

use super::{TerminalOptions, heading};
use crate::Material;
use console::Style;
use outcome::shell::quote;
use outcome::{RunVerdict, SnapshotStatus};
use snapshot::{DiffKind, DiffLine, Mark};
use std::fmt::Write as _;

/// The differences of so many scenarios are shown.
const SHOWN: usize = 3;
/// So many lines of them, so that what stands above is not pushed out of sight.
const LINES: usize = 60;

/// Nothing where every history is as accepted.
pub(super) fn lines(text: &mut String, material: &Material<'_>, options: TerminalOptions) {
    let (counts, failing) = counts(material);
    if counts.is_empty() {
        return;
    }
    let of_failing = match failing {
        0 => String::new(),
        number => format!("; {number} of them of failing scenarios, which accept leaves out"),
    };
    let counts = counts.join(", ");
    heading(text, &format!("snapshots: {counts}{of_failing}"), options);
    if options.ci {
        let _ = writeln!(text, "  nothing is written into the snapshots folder in CI");
    }
    // The last lines of a run that lacks nothing but a review say it themselves.
    if material.report.verdict != RunVerdict::NeedsReview {
        let _ = writeln!(text, "  {}", next_step(material, options));
    }
    // What is wrong comes before what is different: a mended fault changes the history again.
    let wanted = options.all || material.report.verdict == RunVerdict::NeedsReview;
    let shown = match (wanted, options.all) {
        (true, true) => usize::MAX,
        (true, false) => SHOWN,
        (false, _) => 0,
    };
    let changed = material.drifts.iter().filter(|(_, lines)| !lines.is_empty());
    let mut room = if options.all { usize::MAX } else { LINES };
    for (scenario, lines) in changed.clone().take(shown) {
        let (head, _) = lines.split_at(lines.len().min(room));
        if !head.is_empty() {
            difference(text, scenario, head, options);
        }
        room -= head.len();
    }
    let left_out = changed.count().saturating_sub(shown);
    if wanted && (left_out > 0 || room == 0) {
        let words = "not every difference is shown: -v shows them all";
        let _ = writeln!(text, "  {}", options.dim(words));
    }
}

/// How many are new and changed, and how many of these are of failing scenarios.
fn counts(material: &Material<'_>) -> (Vec<String>, usize) {
    let of = |status| {
        let scenarios = material.report.scenarios.iter();
        scenarios.filter(|scenario| scenario.snapshot == status).count()
    };
    let counts = [
        (of(SnapshotStatus::New), "new"),
        (of(SnapshotStatus::Changed), "changed"),
    ];
    let counts = counts.iter().filter(|(number, _)| *number > 0);
    let counts = counts.map(|(number, word)| format!("{number} {word}"));
    let scenarios = material.report.scenarios.iter();
    let waiting =
        scenarios.filter(|one| matches!(one.snapshot, SnapshotStatus::New | SnapshotStatus::Changed));
    let failing = waiting.filter(|scenario| Mark::of(scenario).is_some()).count();
    (counts.collect(), failing)
}

/// What a person does about snapshots that are not as accepted, or that are obsolete.
pub(super) fn next_step(material: &Material<'_>, options: TerminalOptions) -> String {
    if counts(material).0.is_empty() {
        return "conformance review   (or: conformance accept --obsolete)".to_owned();
    }
    match material.artefact {
        Some(folder) => {
            let folder = quote(&folder.display().to_string());
            format!("{folder} keeps them; to accept them on your machine: conformance accept --from {folder}")
        }
        None if options.ci => "run again with --report snapshots=DIR; to accept them on your machine: conformance accept --from DIR".to_owned(),
        None => "conformance review   (or: pending, accept, reject)".to_owned(),
    }
}

fn difference(text: &mut String, scenario: &str, lines: &[DiffLine], options: TerminalOptions) {
    let _ = writeln!(text, "  {}", options.bold(scenario));
    for line in lines {
        let (sign, style) = match line.kind {
            DiffKind::Hunk => ("", Style::new().cyan()),
            DiffKind::Context => (" ", Style::new().dim()),
            DiffKind::Removed => ("-", Style::new().red()),
            DiffKind::Added => ("+", Style::new().green()),
        };
        let shown = format!("{sign}{}", outcome::text::harmless(&line.text));
        let _ = writeln!(text, "  {}", options.style(&style, &shown));
    }
}
