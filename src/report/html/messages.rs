//! What was said, call by call, with what is wrong marked where it stands.

use super::json_lines::{Line, line_of, lines};
use crate::cut::cut;
use maud::{Markup, html};
use outcome::Finding;
use serde_json::Value;
use std::collections::BTreeSet;
use transcript::{Answer, Call, Entry, Fact, Notification, Reply};

/// How much of a page each message may take.
#[derive(Debug)]
pub(super) struct Detail {
    /// Lines of a body in a scenario in which something was found.
    found: usize,
    /// Lines of a body in any other scenario; of none, messages are left out.
    passed: usize,
}

impl Detail {
    /// From much to little: the first one that makes the page short enough is taken.
    pub(super) const LEVELS: &[Self] = &[
        Self {
            found: 400,
            passed: 60,
        },
        Self {
            found: 200,
            passed: 14,
        },
        Self { found: 80, passed: 0 },
        Self { found: 0, passed: 0 },
    ];

    /// The lines of each body in a scenario.
    pub(super) fn lines(&self, is_found: bool) -> usize {
        if is_found { self.found } else { self.passed }
    }
}

/// Lines that are shown around a mark that lies beyond the first ones.
const AROUND: usize = 3;

/// Longer bodies that are no JSON are cut, characters.
const TEXT: usize = 4_000;

/// Longer paths are cut.
const ADDRESS: usize = 500;

/// One message in its fold: what a diagram's arrow leads to.
pub(super) fn message(id: &str, entry: &Entry, findings: &[&Finding], most: usize) -> Option<Markup> {
    let (title, inside) = match &entry.fact {
        Fact::Call(call) => (
            format!("Google calls {}", call.method.name()),
            of_call(call, findings, most),
        ),
        Fact::Answer(answer) => (
            format!("The partner answers{}", status(answer)),
            of_answer(answer, findings, most),
        ),
        Fact::Notification(call) => (
            format!(
                "The partner calls Google: {} {}",
                cut(&call.verb, 20),
                cut(&call.target, 120)
            ),
            of_notification(call, findings, most),
        ),
        _ => return None,
    };
    Some(html! {
        details open[!findings.is_empty()] {
            summary { @if findings.is_empty() { (title) } @else { mark { (title) } } }
            div id=(id) { (inside) }
        }
    })
}

fn status(answer: &Answer) -> String {
    match &answer.reply {
        Reply::Http(reply) => format!(" {} after {} ms", reply.status, answer.took_us / 1_000),
        Reply::Nothing { .. } => " nothing".to_owned(),
    }
}

fn of_call(call: &Call, findings: &[&Finding], most: usize) -> Markup {
    html! {
        pre tabindex="0" {
            (cut(&call.verb, 20)) " " (cut(&call.path, ADDRESS)) "\n"
            (headers(&call.headers)) "\n"
            @match (&call.raw, &call.body) {
                (Some(raw), _) => (cut(raw, TEXT)),
                (None, Some(body)) => (body_lines(body, findings, most)),
                (None, None) => "(no body)",
            }
        }
        @if call.breaks_model { p.dim { "This message breaks the interface on purpose." } }
        (unplaced(findings, call.body.is_some() && call.raw.is_none()))
    }
}

fn of_answer(answer: &Answer, findings: &[&Finding], most: usize) -> Markup {
    match &answer.reply {
        Reply::Nothing { detail, .. } => html! {
            p { "No answer: " (cut(detail, TEXT)) }
            (unplaced(findings, false))
        },
        Reply::Http(reply) => html! {
            pre tabindex="0" {
                (reply.status) "\n"
                (headers(&reply.headers)) "\n"
                @match reply.message() {
                    Some(message) => (body_lines(message, findings, most)),
                    None => (cut(&reply.body, TEXT)),
                }
            }
            (unplaced(findings, reply.message().is_some()))
        },
    }
}

fn of_notification(call: &Notification, findings: &[&Finding], most: usize) -> Markup {
    html! {
        pre tabindex="0" {
            (cut(&call.verb, 20)) " " (cut(&call.target, ADDRESS)) "\n"
            (headers(&call.headers)) "\n"
            @match call.message() {
                Some(message) => (body_lines(message, findings, most)),
                None => (cut(&call.raw, TEXT)),
            }
        }
        p {
            @match (&call.fault, call.status) {
                (Some(fault), _) => { "On purpose: " (fault) ". " }
                (None, _) => {}
            }
            @if call.status == 0 { "Google did not answer." } @else { "Google answered " (call.status) "." }
        }
        @if call.status >= 400 { pre tabindex="0" { (body_lines(&call.answer, &[], most)) } }
        (unplaced(findings, call.message().is_some()))
    }
}

pub(super) fn headers(headers: &[(String, String)]) -> Markup {
    html! { @for (name, value) in headers { (cut(name, 60)) ": " (cut(value, 200)) "\n" } }
}

/// A body with its wrong fields marked, and what is wrong with each below it.
pub(super) fn body_lines(body: &Value, findings: &[&Finding], most: usize) -> Markup {
    let all = lines(body);
    let marks: Vec<(usize, &Finding)> = findings
        .iter()
        .filter_map(|finding| {
            let pointer = finding.evidence.pointer.as_deref()?;
            Some((line_of(&all, pointer)?, *finding))
        })
        .collect();
    let kept = kept(&all, &marks, most);
    let mut before = None;
    html! {
        @for at in &kept {
            @let gap = at - before.map_or(0, |last: usize| last + 1);
            @if gap > 0 { span.dim { "… " (gap) " more lines\n" } }
            @let own: Vec<&Finding> = marks.iter().filter(|(line, _)| line == at).map(|(_, one)| *one).collect();
            @if own.is_empty() { (all[*at].text) } @else { mark { (all[*at].text) } }
            "\n"
            @for finding in own { (sentence(finding)) "\n" }
            @let _ = before.replace(*at);
        }
        @let rest = all.len() - before.map_or(0, |last| last + 1);
        @if rest > 0 { span.dim { "… " (rest) " more lines\n" } }
    }
}

/// The first lines, and those around a mark.
fn kept(all: &[Line], marks: &[(usize, &Finding)], most: usize) -> BTreeSet<usize> {
    let mut kept: BTreeSet<usize> = (0..all.len().min(most)).collect();
    for (at, _) in marks {
        kept.extend(at.saturating_sub(AROUND)..(at + AROUND + 1).min(all.len()));
    }
    kept
}

/// What is wrong, and what would be right.
pub(super) fn sentence(finding: &Finding) -> Markup {
    let (due, seen) = (&finding.evidence.expected, &finding.evidence.actual);
    html! {
        span.why {
            "↳ " (finding.requirement) ": " (cut(&finding.message, 600))
            @if !due.is_null() { " — due: " (value_words(due, 200)) }
            @if !seen.is_null() { " — seen: " (value_words(seen, 200)) }
        }
    }
}

/// A value as it stands in JSON, since 2 is not "2"; a text of several words is a sentence of a rule's, and stands as it is.
pub(super) fn value_words(value: &Value, longest: usize) -> String {
    match value {
        Value::String(text) if text.contains(' ') => cut(text, longest),
        other => cut(&other.to_string(), longest),
    }
}

/// Findings about the message that no line of its body shows.
pub(super) fn unplaced(findings: &[&Finding], has_lines: bool) -> Markup {
    let is_shown = |finding: &&&Finding| has_lines && finding.evidence.pointer.is_some();
    let rest = findings.iter().filter(|finding| !is_shown(finding));
    html! { @for finding in rest { p { (sentence(finding)) } } }
}
