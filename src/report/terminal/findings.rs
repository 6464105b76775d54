//! What to mend first: distinct findings, each with its clearest example and what repeats it.

use super::{TerminalOptions, counted, field, first_few, heading, one_line, short};
use catalogue::{Level, RequirementId};
use outcome::{CauseReport, SeenAnswer, Verdict};
use std::fmt::Write as _;

/// So many scenarios are named of a finding.
const NAMED: usize = 3;

/// In the order of their numbers; what is waived stands with its waiver.
fn numbered(causes: &[CauseReport]) -> Vec<&CauseReport> {
    let is_open = |cause: &&CauseReport| cause.verdict != Verdict::Waived;
    causes.iter().filter(is_open).collect()
}

/// The finding that the report shows under a number, counted from 1, with its requirement.
pub(super) fn one(
    causes: &[CauseReport],
    number: usize,
    options: TerminalOptions,
) -> Option<(RequirementId, String)> {
    let cause = *numbered(causes).get(number.checked_sub(1)?)?;
    let mut text = String::new();
    cause_lines(&mut text, number, cause, options);
    Some((cause.requirement, text))
}

/// Nothing where nothing was found.
pub(super) fn lines(text: &mut String, causes: &[CauseReport], options: TerminalOptions) {
    let causes = numbered(causes);
    if causes.is_empty() {
        return;
    }
    heading(text, &title(&causes), options);
    for (index, cause) in causes.into_iter().enumerate() {
        if index > 0 {
            text.push('\n');
        }
        cause_lines(text, index + 1, cause, options);
    }
}

fn title(causes: &[&CauseReport]) -> String {
    let count = |wanted: &dyn Fn(&CauseReport) -> bool| causes.iter().filter(|cause| wanted(cause)).count();
    let basics = count(&|cause| cause.basic);
    let must = count(&|cause| !cause.basic && cause.level == Level::Must && !is_warning(cause));
    let warnings = count(&|cause| !cause.basic && is_warning(cause));
    let should = count(&|cause| !cause.basic && cause.level != Level::Must);
    let parts = [
        (basics, "basic"),
        (must, "MUST"),
        (should, "SHOULD"),
        (warnings, "to look at"),
    ];
    let parts = parts
        .iter()
        .filter(|(number, _)| *number > 0)
        .map(|(number, word)| format!("{number} {word}"));
    let parts: Vec<_> = parts.collect();
    format!(
        "what to mend first: {} ({})",
        counted(causes.len(), "finding"),
        parts.join(", ")
    )
}

/// A MUST of which something was seen that is odd, and no violation.
fn is_warning(cause: &CauseReport) -> bool {
    cause.verdict == Verdict::Warn && cause.level == Level::Must
}

fn cause_lines(text: &mut String, number: usize, cause: &CauseReport, options: TerminalOptions) {
    let _ = writeln!(
        text,
        "{number:>2}  {}  {}{}  {}",
        options.bold(cause.requirement.as_str()),
        options.level(cause.verdict, &cause.level.word().to_uppercase()),
        if is_warning(cause) { ", as a warning" } else { "" },
        options.dim(&places(cause)),
    );
    let _ = writeln!(text, "    {}", one_line(&cause.message));
    let example = &cause.example;
    if !example.expected.is_null() {
        field(text, "expected", &short(&example.expected), options);
    }
    if !example.actual.is_null() || !example.expected.is_null() {
        let pointer = example.pointer.as_deref().filter(|pointer| !pointer.is_empty());
        let place = pointer.map(|pointer| format!("   at {}", one_line(pointer)));
        let value = format!("{}{}", short(&example.actual), place.unwrap_or_default());
        field(text, "actual", &value, options);
    }
    if let Some(answer) = &example.answer {
        field(text, "answer", &answer_words(answer), options);
    }
    if let Some(curl) = &example.curl {
        field(text, "curl", curl, options);
    }
    if let Some(again) = &example.again {
        field(text, "again", again, options);
    }
    let explain = format!("conformance explain {}   {}", cause.requirement, cause.source);
    field(text, "explain", &explain, options);
}

/// How much hangs on it, how often it was seen, and where.
pub(super) fn places(cause: &CauseReport) -> String {
    let mut parts = Vec::new();
    if cause.basic {
        parts.push("basic".to_owned());
    }
    if cause.blocks > 0 {
        parts.push(format!(
            "{} could not be tested for it",
            counted(cause.blocks, "scenario")
        ));
    }
    let scenarios = cause.scenarios.len();
    let names = first_few(cause.scenarios.iter().map(String::as_str), NAMED);
    let times = if cause.count > scenarios.max(1) {
        format!("{} times ", cause.count)
    } else {
        String::new()
    };
    parts.push(match scenarios {
        0 => format!("{times}in the run as a whole"),
        1 => format!("{times}in {names}"),
        _ => format!("{times}in {scenarios} scenarios: {names}"),
    });
    parts.join("; ")
}

/// The server's own words.
fn answer_words(answer: &SeenAnswer) -> String {
    let form = answer.content_type.as_deref().unwrap_or("no content type");
    let body = match one_line(&answer.body) {
        empty if empty.is_empty() => "an empty body".to_owned(),
        body => body,
    };
    format!("HTTP {}, {}: {body}", answer.status, one_line(form))
}
