//! One call, with what is wrong marked where it stands.

use super::super::messages::{body_lines, headers, sentence};
use super::{Piece, piece};
use crate::cut::cut;
use maud::{Markup, html};
use outcome::{Finding, Verdict};
use serde_json::Value;
use std::borrow::Cow;

/// So many lines of each body are shown.
const LINES: usize = 200;
/// Longer paths are cut.
const ADDRESS: usize = 500;

/// What a call can have come to, and how the filter names it.
pub(super) const KINDS: [(&str, &str); 4] = [
    ("ok", "right"),
    ("noted", "noted"),
    ("wrong", "wrong"),
    ("refused", "refused"),
];

/// A call as a page may show it.
#[derive(Debug, Clone)]
pub struct WatchedCall<'a> {
    /// Its number, from 1.
    pub number: u64,
    /// When it came, as a time of day in UTC.
    pub time: String,
    /// What it came to: `ok`, `noted`, `wrong` or `refused`.
    pub outcome: &'a str,
    /// HTTP method.
    pub method: &'a str,
    /// What it is about, in words.
    pub subject: String,
    /// What it says, or why it was refused.
    pub words: String,
    /// Path and query.
    pub target: &'a str,
    /// Headers.
    pub headers: &'a [(String, String)],
    /// The body as JSON.
    pub body: Option<&'a Value>,
    /// Bytes of the body.
    pub body_bytes: usize,
    /// What is wrong with it.
    pub findings: &'a [Finding],
    /// What was let pass.
    pub remarks: Vec<String>,
    /// What went wrong on purpose.
    pub fault: Option<String>,
    /// HTTP status of the answer; zero for none.
    pub status: u16,
    /// The answer's body.
    pub answer: Option<&'a Value>,
    /// Google's copy of the booking before and after.
    pub copies: Option<(Value, Value)>,
    /// The id of the booking, where a fault can be aimed at it.
    pub booking: Option<&'a str>,
    /// The command that sends it again, and whether all of it is as it was sent.
    pub curl: Option<(String, bool)>,
}

/// One call in its fold; what is wrong with it is seen without opening it.
pub fn call(one: &WatchedCall<'_>) -> Piece {
    let colour = match one.outcome {
        "ok" => "pass",
        "noted" => "warn",
        _ => "fail",
    };
    piece(html! {
        details.call id=(format!("c{}", one.number)) data-kind=(one.outcome) data-words=(search_words(one)) {
            summary {
                span class=(format!("chip {colour}")) { (one.outcome) } " "
                span.dim { (one.time) } " " strong { (cut(one.method, 20)) " " (cut(&one.subject, 200)) }
                @if !one.words.is_empty() { " " span { (cut(&one.words, 400)) } }
                @if let Some(fault) = &one.fault { " " span.warn { "on purpose: " (fault) } }
                @for finding in one.findings { span.found { (short(finding)) } }
                @for remark in &one.remarks { span.found.dim { (cut(remark, 400)) } }
            }
            div { (inside(one)) }
        }
    })
}

fn search_words(one: &WatchedCall<'_>) -> String {
    let mut text = format!("{} {} {} {}", one.method, one.subject, one.words, one.target);
    for finding in one.findings {
        text.push(' ');
        text.push_str(finding.requirement.as_str());
    }
    cut(&text.to_lowercase(), 1_000)
}

fn short(finding: &Finding) -> Markup {
    let colour = if finding.verdict == Verdict::Fail {
        "fail"
    } else {
        "warn"
    };
    html! { span class=(colour) { (finding.requirement) " " (finding.verdict.word()) } " " (cut(&finding.message, 600)) }
}

fn inside(one: &WatchedCall<'_>) -> Markup {
    let placed: Vec<Cow<'_, Finding>> = one
        .findings
        .iter()
        .map(|finding| in_words_of(one.body, finding))
        .collect();
    let placed: Vec<&Finding> = placed.iter().map(AsRef::as_ref).collect();
    let is_shown = |finding: &&&Finding| one.body.is_some() && finding.evidence.pointer.is_some();
    let unplaced: Vec<&Finding> = placed.iter().filter(|one| !is_shown(one)).copied().collect();
    html! {
        h3 { "Your server sent" }
        pre tabindex="0" {
            (cut(one.method, 20)) " " (cut(one.target, ADDRESS)) "\n"
            (headers(one.headers)) "\n"
            @match one.body {
                Some(body) => (body_lines(body, &placed, LINES)),
                None if one.body_bytes == 0 => "(no body)",
                None => { "(" (one.body_bytes) " bytes that are no JSON)" }
            }
        }
        @for finding in unplaced { p { (sentence(finding)) } }
        h3 { @if one.status == 0 { "Google's API did not answer" } @else { "Google's API answered " (one.status) } }
        @if let Some(answer) = one.answer { pre tabindex="0" { (body_lines(answer, &[], LINES)) } }
        @if let Some((before, after)) = &one.copies { (changes(before, after)) }
        @if let Some((curl, is_whole)) = &one.curl { (again(curl, *is_whole)) }
        @if let Some(booking) = one.booking {
            p { button type="button" data-aim=(booking) hidden { "Let the next call about this booking go wrong …" } }
        }
    }
}

fn again(curl: &str, is_whole: bool) -> Markup {
    html! {
        h3 { "Send it again" }
        pre.curl tabindex="0" { (cut(curl, 20_000)) }
        p {
            button type="button" data-copy="" hidden { "Copy" } " "
            span.dim {
                @if curl.contains("$ACCESS_TOKEN") { "Put an access token into $ACCESS_TOKEN." }
                @if !is_whole { " What is masked here is not what was sent: serve --show-bodies shows all." }
            }
        }
    }
}

/// The fields of Google's copy that a call changed.
fn changes(before: &Value, after: &Value) -> Markup {
    let fields = after
        .as_object()
        .into_iter()
        .chain(before.as_object())
        .flat_map(serde_json::Map::keys);
    let mut names: Vec<&String> = fields.collect();
    names.sort();
    names.dedup();
    let changed: Vec<&&String> = names
        .iter()
        .filter(|name| before.get(**name) != after.get(**name))
        .collect();
    let shown =
        |value: Option<&Value>| value.map_or_else(|| "—".to_owned(), |value| cut(&value.to_string(), 200));
    html! {
        h3 { "Google's copy of the booking" }
        @if changed.is_empty() { p { "It is as it was." } } @else {
            table {
                thead { tr { th scope="col" { "field" } th scope="col" { "was" } th scope="col" { "is now" } } }
                tbody { @for name in changed {
                    tr { td { (name) } td.mono { (shown(before.get(*name))) } td.mono { (shown(after.get(*name))) } }
                } }
            }
        }
    }
}

/// Rules speak in JSON names; a body that was written in proto names is marked at those.
fn in_words_of<'f>(body: Option<&Value>, finding: &'f Finding) -> Cow<'f, Finding> {
    let Some((body, pointer)) = body.zip(finding.evidence.pointer.as_deref()) else {
        return Cow::Borrowed(finding);
    };
    let proto = proto_pointer(pointer);
    if body.pointer(pointer).is_some() || body.pointer(&proto).is_none() {
        return Cow::Borrowed(finding);
    }
    let mut renamed = finding.clone();
    renamed.evidence.pointer = Some(proto);
    Cow::Owned(renamed)
}

fn proto_pointer(pointer: &str) -> String {
    let mut proto = String::with_capacity(pointer.len() + 8);
    for letter in pointer.chars() {
        if letter.is_ascii_uppercase() {
            proto.push('_');
        }
        proto.push(letter.to_ascii_lowercase());
    }
    proto
}
