//! Histories that are not as accepted: how many, and of a run without findings what changed.

use super::{TerminalOptions, heading};
use crate::Material;
use console::Style;
use outcome::{RunVerdict, SnapshotStatus};
use snapshot::{DiffKind, DiffLine};
use std::fmt::Write as _;

/// The differences of so many scenarios are shown.
const SHOWN: usize = 3;

/// Nothing where every history is as accepted.
pub(super) fn lines(text: &mut String, material: &Material<'_>, options: TerminalOptions) {
    let of = |status| {
        let scenarios = material.report.scenarios.iter();
        scenarios.filter(|scenario| scenario.snapshot == status).count()
    };
    let counts = [
        (of(SnapshotStatus::New), "new"),
        (of(SnapshotStatus::Changed), "changed"),
    ];
    let counts = counts.iter().filter(|(number, _)| *number > 0);
    let counts: Vec<_> = counts.map(|(number, word)| format!("{number} {word}")).collect();
    if counts.is_empty() {
        return;
    }
    heading(text, &format!("snapshots: {}", counts.join(", ")), options);
    let how = if options.ci {
        "a run without --ci keeps them for: conformance review   (or: pending, accept, reject)"
    } else {
        "look through them with: conformance review   (or: pending, accept, reject)"
    };
    let _ = writeln!(text, "  {how}");
    // What is wrong comes before what is different: a mended fault changes the history again.
    let wanted = options.all || material.report.verdict == RunVerdict::NeedsReview;
    let shown = match (wanted, options.all) {
        (true, true) => usize::MAX,
        (true, false) => SHOWN,
        (false, _) => 0,
    };
    let changed = material.drifts.iter().filter(|(_, lines)| !lines.is_empty());
    for (scenario, lines) in changed.take(shown) {
        difference(text, scenario, lines, options);
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
