//! What a run predicts of Google's onboarding milestones, in a few lines.

use super::{TerminalOptions, heading, one_line};
use outcome::{Milestone, Prospect};
use std::fmt::Write as _;

/// Nothing where nothing was counted.
pub(super) fn lines(text: &mut String, milestones: &[Milestone], options: TerminalOptions) {
    let counted: Vec<_> = milestones.iter().filter(|one| one.samples > 0).collect();
    if counted.is_empty() {
        return;
    }
    heading(
        text,
        "what Google counts before an integration goes live",
        options,
    );
    for one in counted {
        let count = format!("{} of {}", one.good, one.samples);
        let _ = writeln!(
            text,
            "  {count:>10}  {:<44}{}",
            one_line(&one.name),
            options.dim(&words(one))
        );
    }
}

fn words(milestone: &Milestone) -> String {
    let percent = milestone.share * 100.0;
    match milestone.prospect {
        Prospect::Reachable => "milestone reachable".to_owned(),
        Prospect::Missed => format!("milestone missed: Google asks for {percent:.0} %"),
        Prospect::TooFewSamples => format!("too few to tell: Google counts {}", milestone.wanted),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use catalogue::RequirementId;

    #[test]
    fn sample_sizes_are_always_told() {
        let of = |good, samples| {
            let id = RequirementId::declared("BS-OPS-02");
            Milestone::new(id, "page-load options-ups", (good, samples), (20, 0.9))
        };
        let mut text = String::new();
        lines(
            &mut text,
            &[of(20, 20), of(5, 5), of(1, 20), of(0, 0)],
            TerminalOptions::default(),
        );
        let lines: Vec<_> = text.lines().skip(1).map(str::trim).collect();
        assert_eq!(lines.len(), 3);
        assert!(lines[0].starts_with("20 of 20") && lines[0].ends_with("milestone reachable"));
        assert!(lines[1].starts_with("5 of 5") && lines[1].ends_with("too few to tell: Google counts 20"));
        assert!(lines[2].ends_with("milestone missed: Google asks for 90 %"));
    }
}
