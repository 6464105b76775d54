//! What was not tested, and why: a count for each reason.

use super::{TerminalOptions, first_few, heading, one_line};
use outcome::{ScenarioReport, Verdict, cause_of};
use std::cmp::Reverse;
use std::fmt::Write as _;

/// So many reasons are shown; the rest is a count.
const SHOWN: usize = 12;

/// So many scenarios are named of a reason that somebody can do something about.
const NAMED: usize = 2;

/// In this order: what could have been tested comes first.
const VERDICTS: [Verdict; 3] = [
    Verdict::NotTestable,
    Verdict::Inconclusive,
    Verdict::NotApplicable,
];

struct Reason<'r> {
    verdict: Verdict,
    key: String,
    words: &'r str,
    scenarios: Vec<&'r str>,
}

/// Nothing where everything was tested, or left out by the user's own wish.
pub(super) fn lines(text: &mut String, scenarios: &[ScenarioReport], options: TerminalOptions) {
    let reasons = reasons(scenarios);
    if reasons.is_empty() {
        return;
    }
    heading(text, "what was not tested", options);
    let shown = if options.all { reasons.len() } else { SHOWN };
    for reason in reasons.iter().take(shown) {
        let names = match reason.verdict {
            Verdict::NotApplicable => String::new(),
            _ => format!("   {}", first_few(reason.scenarios.iter().copied(), NAMED)),
        };
        let _ = writeln!(
            text,
            "  {:>4}  {}  {}{}",
            reason.scenarios.len(),
            options.verdict(reason.verdict),
            one_line(reason.words),
            options.dim(&names)
        );
    }
    let left: usize = reasons
        .iter()
        .skip(shown)
        .map(|reason| reason.scenarios.len())
        .sum();
    if left > 0 {
        let _ = writeln!(
            text,
            "  {left:>4}  {}",
            options.dim("for other reasons: -v lists them")
        );
    }
}

fn reasons(scenarios: &[ScenarioReport]) -> Vec<Reason<'_>> {
    let mut reasons: Vec<Reason<'_>> = Vec::new();
    for scenario in scenarios
        .iter()
        .filter(|scenario| VERDICTS.contains(&scenario.verdict))
    {
        let words = scenario.reason.as_deref().unwrap_or("no reason was recorded");
        let key = cause_of(words);
        let same = |known: &&mut Reason<'_>| known.verdict == scenario.verdict && known.key == key;
        match reasons.iter_mut().find(same) {
            Some(known) => known.scenarios.push(&scenario.id),
            None => reasons.push(Reason {
                verdict: scenario.verdict,
                key,
                words,
                scenarios: vec![&scenario.id],
            }),
        }
    }
    let rank = |verdict| VERDICTS.iter().position(|known| *known == verdict);
    reasons.sort_by_key(|reason| (rank(reason.verdict), Reverse(reason.scenarios.len())));
    reasons
}
