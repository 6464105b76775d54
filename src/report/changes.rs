//! What changed from one run to another, for people and for programs.

use super::RenderError;
use outcome::text::{harmless, in_json};
use outcome::{Change, RunDiff, RunLabel};
use std::fmt::Write as _;

/// A line for each change that is one in every scenario, the worst first, and the sums in the last line.
pub fn text(diff: &RunDiff) -> String {
    let mut text = String::new();
    let (before, after) = (&diff.before, &diff.after);
    let _ = writeln!(text, "before  {}", label(before));
    let _ = writeln!(text, "after   {}", label(after));
    if before.requirement_set != after.requirement_set {
        text.push_str("the requirement sets differ: some changes may be those of the requirements\n");
    }
    let lists = [
        ("broken", &diff.broken),
        ("new", &diff.new),
        ("worded differently", &diff.reworded),
        ("gone", &diff.gone),
        ("fixed", &diff.fixed),
    ];
    for (name, changes) in lists {
        if !changes.is_empty() {
            let _ = writeln!(text, "\n{name}");
            groups(&mut text, changes);
        }
    }
    let [broken, new, reworded, gone, fixed] = lists.map(|(_, changes)| changes.len());
    let _ = writeln!(
        text,
        "\n{broken} broken, {fixed} fixed, {new} new, {gone} gone, {reworded} worded differently"
    );
    text
}

/// The same as JSON.
pub fn json(diff: &RunDiff) -> Result<String, RenderError> {
    Ok(in_json(serde_json::to_string_pretty(diff)?))
}

fn label(run: &RunLabel) -> String {
    let began = harmless(&run.started_at);
    format!("{began}  {} (exit {})", run.verdict.words(), run.exit_code)
}

/// Changes that differ in their scenario alone are one entry.
fn groups(text: &mut String, changes: &[Change]) {
    let mut known: Vec<(&Change, Vec<&str>)> = Vec::new();
    for change in changes {
        let place = change.scenario.as_deref().unwrap_or("the run as a whole");
        let is_same = |other: &&mut (&Change, Vec<&str>)| {
            let other = other.0;
            (&other.requirement, &other.message, other.before, other.after)
                == (&change.requirement, &change.message, change.before, change.after)
        };
        match known.iter_mut().find(is_same) {
            Some((_, places)) => places.push(place),
            None => known.push((change, vec![place])),
        }
    }
    for (change, places) in known {
        entry(text, change, &places);
    }
}

fn entry(text: &mut String, change: &Change, places: &[&str]) {
    let message = change.message.as_deref().map(one_line).unwrap_or_default();
    let Some(requirement) = &change.requirement else {
        let _ = writeln!(text, "  {message}");
        return;
    };
    let word = |verdict: Option<outcome::Verdict>| verdict.map_or("not there", outcome::Verdict::word);
    let _ = writeln!(
        text,
        "  {}  {} -> {}  {message}",
        harmless(requirement),
        word(change.before),
        word(change.after)
    );
    if let Some(was) = &change.was {
        let _ = writeln!(text, "      was: {}", one_line(was));
    }
    let shown: Vec<_> = places.iter().take(3).map(|place| harmless(place)).collect();
    let more = match places.len().saturating_sub(shown.len()) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let _ = writeln!(text, "      in {}{more}", shown.join(", "));
}

fn one_line(text: &str) -> String {
    harmless(&text.split_whitespace().collect::<Vec<_>>().join(" "))
}
