//! What a run predicts of Google's onboarding milestones, in a few lines.

use super::{TerminalOptions, heading, one_line};
use outcome::Milestone;
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
        let count = format!("{} of {} good ({})", one.good, one.samples, share(one));
        let _ = writeln!(
            text,
            "  {count:<25} {:<22} {}",
            one_line(&one.name),
            options.dim(&words(one))
        );
    }
}

/// Rounded down: what is not all good is not 100 %.
fn share(milestone: &Milestone) -> String {
    format!("{} %", milestone.good * 100 / milestone.samples)
}

fn words(milestone: &Milestone) -> String {
    let goal = |wanted| format!("{} of {wanted}", milestone.least(wanted));
    let chance = percent(milestone.chance);
    let mut words = format!("chance of {}: {chance}", goal(milestone.wanted));
    match milestone.wanted_in_production {
        Some(wanted) if wanted == milestone.wanted => words += ", in production too",
        Some(wanted) => {
            let chance = percent(milestone.chance_in_production);
            let _ = write!(words, "; of {} in production: {chance}", goal(wanted));
        }
        None => {}
    }
    if milestone.samples < milestone.wanted {
        words += "; few samples";
    }
    words
}

/// No prediction is certain.
fn percent(chance: Option<f64>) -> String {
    match chance {
        None => "unknown".to_owned(),
        Some(chance) if chance > 0.99 => "> 99 %".to_owned(),
        Some(chance) if chance < 0.01 => "< 1 %".to_owned(),
        Some(chance) => format!("{:.0} %", chance * 100.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use catalogue::RequirementId;

    fn look_ups(good: usize, samples: usize) -> Milestone {
        let id = RequirementId::declared("BS-OPS-02");
        Milestone::new(id, "page-load look-ups", (good, samples), (20, 0.9)).in_production(Some(20))
    }

    fn bookings(good: usize, samples: usize) -> Milestone {
        let id = RequirementId::declared("BS-OPS-04");
        Milestone::new(id, "bookings", (good, samples), (10, 0.9)).in_production(Some(3))
    }

    fn notifications(good: usize, samples: usize) -> Milestone {
        let id = RequirementId::declared("OPS-01");
        Milestone::new(id, "RTU Ready", (good, samples), (20, 1.0))
    }

    fn printed(milestones: &[Milestone]) -> Vec<String> {
        let mut text = String::new();
        lines(&mut text, milestones, TerminalOptions::default());
        let squeezed = |line: &str| line.split_whitespace().collect::<Vec<_>>().join(" ");
        text.lines().skip(1).map(squeezed).collect()
    }

    #[test]
    fn share_and_chance_stand_beside_the_numbers() {
        assert_eq!(
            printed(&[
                look_ups(18, 20),
                bookings(44, 44),
                notifications(20, 20),
                look_ups(199, 200)
            ]),
            [
                "18 of 20 good (90 %) page-load look-ups chance of 18 of 20: 60 %, in production too",
                "44 of 44 good (100 %) bookings chance of 9 of 10: 99 %; of 3 of 3 in production: 97 %",
                "20 of 20 good (100 %) RTU Ready chance of 20 of 20: 71 %",
                "199 of 200 good (99 %) page-load look-ups chance of 18 of 20: > 99 %, in production too",
            ]
        );
    }

    #[test]
    fn few_samples_are_called_few_and_what_was_never_made_is_not_printed() {
        assert_eq!(
            printed(&[look_ups(0, 0), look_ups(5, 5), bookings(0, 44)]),
            [
                "5 of 5 good (100 %) page-load look-ups chance of 18 of 20: 76 %, in production too; few samples",
                "0 of 44 good (0 %) bookings chance of 9 of 10: < 1 %; of 3 of 3 in production: < 1 %",
            ]
        );
        assert_eq!(printed(&[look_ups(0, 0)]), Vec::<String>::new());
    }
}
