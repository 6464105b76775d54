//! What was not tested, and why: a count for each reason.

use super::{TerminalOptions, first_few, heading, one_line};
use outcome::{ScenarioReport, Verdict, cause_of, line_to_add};
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

/// So many things to add are named.
const ADDED: usize = 6;

struct Reason<'r> {
    verdict: Verdict,
    not_now: bool,
    key: String,
    words: &'r str,
    scenarios: Vec<&'r str>,
}

/// The scenarios that could not be tested for something that can be added or mended.
pub(super) fn deciding(scenarios: &[ScenarioReport]) -> impl Iterator<Item = &ScenarioReport> {
    let open = scenarios.iter().filter(|one| one.verdict == Verdict::NotTestable);
    open.filter(|one| !one.not_now)
}

/// What would let more scenarios be tested, each with how many.
pub(super) fn to_add(scenarios: &[ScenarioReport]) -> Vec<String> {
    let mut lines: Vec<(&str, usize)> = Vec::new();
    for line in deciding(scenarios).filter_map(|one| line_to_add(one.reason.as_deref()?)) {
        match lines.iter_mut().find(|(known, _)| *known == line) {
            Some((_, count)) => *count += 1,
            None => lines.push((line, 1)),
        }
    }
    lines.sort_by_key(|(_, count)| Reverse(*count));
    let words = |(line, count): &(&str, usize)| {
        let scenarios = if *count == 1 {
            "scenario needs"
        } else {
            "scenarios need"
        };
        format!("{count} {scenarios} {}", one_line(line))
    };
    lines.iter().take(ADDED).map(words).collect()
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
            _ if reason.not_now => format!(
                "   does not decide: {}",
                first_few(reason.scenarios.iter().copied(), NAMED)
            ),
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
                not_now: scenario.not_now,
                key,
                words,
                scenarios: vec![&scenario.id],
            }),
        }
    }
    let rank = |verdict| VERDICTS.iter().position(|known| *known == verdict);
    reasons.sort_by_key(|reason| {
        (
            rank(reason.verdict),
            reason.not_now,
            Reverse(reason.scenarios.len()),
        )
    });
    reasons
}
