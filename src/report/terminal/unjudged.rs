//! The MUSTs that apply and were not judged: how many, which, and why.

use super::{TerminalOptions, first_few, heading, one_line};
use outcome::{RequirementReport, RunReport, Verdict};
use std::fmt::Write as _;

/// So many ids stand in one line.
const IDS: usize = 8;

/// In this order: what was met and left open comes before what never occurred.
const VERDICTS: [(Verdict, &str); 4] = [
    (Verdict::Inconclusive, "inconclusive"),
    (Verdict::NotTestable, "not testable"),
    (Verdict::NotRun, "without occasion"),
    (Verdict::NotApplicable, "not shown by feeds or triggers"),
];

/// Their number, the sorts of them, and the first ids.
pub(super) fn line(run: &RunReport, options: TerminalOptions) -> String {
    let all = open(run);
    let of = |verdict: Verdict| all.iter().filter(|one| one.verdict == verdict).count();
    let sorts = VERDICTS.iter().map(|(verdict, words)| (of(*verdict), *words));
    let sorts: Vec<String> = sorts
        .filter(|(number, _)| *number > 0)
        .map(|(number, words)| format!("{number} {words}"))
        .collect();
    let sorts = if sorts.is_empty() {
        String::new()
    } else {
        format!(" ({})", sorts.join(", "))
    };
    let number = run.not_exercised.len();
    let few = if options.all { usize::MAX } else { IDS };
    let ids: Vec<&str> = all.iter().map(|one| one.id.as_str()).collect();
    format!(
        "{number} MUST{sorts}: {}; -v says why",
        first_few(ids.into_iter(), few)
    )
}

/// A line for each, with its reason: for those who want to know more than how many.
pub(super) fn lines(text: &mut String, run: &RunReport, options: TerminalOptions) {
    let reasons = reasons(run);
    if !options.all || reasons.is_empty() {
        return;
    }
    heading(text, "MUSTs that apply and were not judged", options);
    for reason in reasons {
        let _ = writeln!(text, "  {reason}");
    }
}

fn reasons(run: &RunReport) -> Vec<String> {
    let words = |one: &RequirementReport| {
        let (_, sort) = VERDICTS.iter().find(|(verdict, _)| *verdict == one.verdict)?;
        let reason = one.reason.as_deref().unwrap_or("no reason was recorded");
        Some(one_line(&format!("{} {sort}: {reason}", one.id)))
    };
    open(run).into_iter().filter_map(words).collect()
}

fn open(run: &RunReport) -> Vec<&RequirementReport> {
    let is_open = |one: &&RequirementReport| run.not_exercised.contains(&one.id);
    let mut all: Vec<&RequirementReport> = run.requirements.iter().filter(is_open).collect();
    all.sort_by_key(|one| VERDICTS.iter().position(|(verdict, _)| *verdict == one.verdict));
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::Sample;

    #[test]
    fn what_is_open_is_counted_by_sort_and_told_with_its_reason() {
        let mut run = Sample::new().report;
        run.requirements[0].verdict = Verdict::Inconclusive;
        run.requirements[0].reason = Some("in a/b: nothing came in time".into());
        let id = run.requirements[0].id;
        let options = TerminalOptions::default();
        assert_eq!(
            line(&run, options),
            format!("1 MUST (1 inconclusive): {id}; -v says why")
        );
        assert_eq!(
            reasons(&run),
            [format!("{id} inconclusive: in a/b: nothing came in time")]
        );
    }
}
