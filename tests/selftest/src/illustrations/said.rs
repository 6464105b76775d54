//! What was said on the wire, as it is shown: a line, the headers and the parts of the body that matter.

use super::pruned::{MORE, Place, differences, is_same_name, place, pruned};
use outcome::text::{excerpt, one_line};
use serde_json::Value;
use std::collections::BTreeSet;
use std::fmt::Write as _;
use transcript::{Credentials, Exchange, Notification, Reply, ResourceAct, ResourceCall};

/// The message that a finding is about is cut to so many lines if that can be.
const LINES: usize = 12;
/// Any other message.
const BESIDE: usize = 5;
/// So many characters of a body are shown before the one that differs.
const BEFORE: usize = 60;

/// Headers that differ from call to call and say nothing.
const IDLE: [&str; 6] = [
    "date",
    "content-length",
    "host",
    "user-agent",
    "accept",
    "connection",
];

/// One message with what came before its body, or a line that stands for what is no message.
#[derive(Debug, Clone, Default)]
pub(super) struct Said {
    /// `POST /v3/CreateBooking`, `HTTP 200, application/json`.
    pub(super) head: String,
    pub(super) headers: Vec<(String, String)>,
    pub(super) raw: String,
    pub(super) body: Option<Value>,
    /// True for the message that a finding's place is in.
    pub(super) is_subject: bool,
}

impl Said {
    pub(super) fn line(head: impl Into<String>) -> Self {
        Self {
            head: head.into(),
            ..Self::default()
        }
    }

    pub(super) fn with(head: impl Into<String>, body: Value) -> Self {
        Self {
            head: head.into(),
            raw: body.to_string(),
            body: Some(body),
            ..Self::default()
        }
    }

    fn text(&self, wanted: &Wanted) -> String {
        let mut text = one_line(&self.head);
        for (name, value) in &self.headers {
            if wanted.headers.contains(name.as_str()) {
                let _ = write!(text, "\n{}: {}", one_line(name), excerpt(value));
            }
        }
        let lines = if self.is_subject { LINES } else { BESIDE };
        let body = match (&self.body, wanted.raw_from) {
            (_, Some(at)) => window(&self.raw, at),
            (Some(body), None) => pruned(body, &wanted.places, lines),
            (None, None) => excerpt(&self.raw),
        };
        for line in body.lines() {
            let _ = write!(text, "\n  {line}");
        }
        text
    }
}

/// What is to be shown of a message.
#[derive(Debug, Default)]
struct Wanted {
    headers: BTreeSet<String>,
    places: Vec<Place>,
    /// The body as it was sent, from about this character on, where it differs in nothing but its writing.
    raw_from: Option<usize>,
}

/// A call of Google's and its answer.
pub(super) fn exchange(exchange: &Exchange<'_>) -> Vec<Said> {
    let call = exchange.call;
    let login = match call.credentials {
        Credentials::Valid => String::new(),
        other => format!(", credentials: {}", word(&other)),
    };
    let request = Said {
        head: format!("{} {}{login}", call.verb, call.path),
        headers: call.headers.clone(),
        raw: call.raw.clone().unwrap_or_default(),
        body: call.body.clone(),
        is_subject: false,
    };
    let late = match exchange.answer.took_us / 1000 {
        0..1000 => String::new(),
        ms => format!(", after {} s", seconds(ms)),
    };
    let answer = match &exchange.answer.reply {
        Reply::Http(reply) => {
            let content_type = reply.header("content-type");
            let content_type = content_type.map_or_else(String::new, |value| format!(", {value}"));
            Said {
                head: format!("HTTP {}{content_type}{late}", reply.status),
                headers: reply.headers.clone(),
                raw: reply.body.clone(),
                body: reply.json().cloned(),
                is_subject: true,
            }
        }
        Reply::Nothing { kind, detail } => Said::line(format!("no answer ({}): {detail}{late}", word(kind))),
    };
    vec![request, answer]
}

/// A call of the partner's, and what Google's API answered.
pub(super) fn notification(call: &Notification) -> Vec<Said> {
    let sent = Said {
        head: format!("{} {}", call.verb, call.target),
        headers: call.headers.clone(),
        raw: call.raw.clone(),
        body: call.json().cloned(),
        is_subject: true,
    };
    let why = match (&call.fault, call.status) {
        (Some(_), 0) => " (on purpose: no answer)",
        (Some(_), _) => " (on purpose)",
        (None, _) => "",
    };
    let refusal = call.answer.pointer("/error/message").and_then(Value::as_str);
    let refusal = refusal.filter(|_| call.status != 200).map(excerpt);
    let refusal = refusal.map_or_else(String::new, |words| format!(": {words}"));
    vec![
        sent,
        Said::line(format!("Google's API: HTTP {}{why}{refusal}", call.status)),
    ]
}

/// A call of the partner's about merchants, services or records.
pub(super) fn resource(call: &ResourceCall) -> Vec<Said> {
    let head = format!("{} {}", call.verb, call.target);
    let sent = match &call.act {
        ResourceAct::CreateMerchant { merchant, .. } | ResourceAct::UpdateMerchant { merchant, .. } => {
            Said::with(head, merchant.clone())
        }
        ResourceAct::CreateService { service, .. } | ResourceAct::UpdateService { service, .. } => {
            Said::with(head, service.clone())
        }
        ResourceAct::Records { count, undated, .. } => {
            let undated = undated.map(|first| format!(", number {} without its time", first + 1));
            Said::line(format!(
                "{head} with {count} records{}",
                undated.unwrap_or_default()
            ))
        }
        ResourceAct::DeleteMerchant { .. } | ResourceAct::DeleteService { .. } => Said::line(head),
    };
    let refusal = call.refusal.as_deref().map(excerpt);
    let refusal = refusal.map_or_else(String::new, |words| format!(": {words}"));
    let sent = Said {
        is_subject: true,
        ..sent
    };
    vec![
        sent,
        Said::line(format!("Google's API: HTTP {}{refusal}", call.status)),
    ]
}

pub(super) fn seconds(ms: u64) -> String {
    format!("{}.{}", ms / 1000, ms % 1000 / 100)
}

fn word(value: &impl serde::Serialize) -> String {
    let value = serde_json::to_value(value).unwrap_or_default();
    value
        .as_str()
        .map_or_else(|| value.to_string(), |word| word.replace('_', " "))
}

fn is_idle(name: &str) -> bool {
    IDLE.iter().any(|idle| name.eq_ignore_ascii_case(idle))
}

/// The texts of both, cut to the place of the finding and to what differs.
pub(super) fn pair(accepted: &[Said], rejected: &[Said], pointer: Option<&str>) -> (String, String) {
    let texts = cut_alike(accepted, rejected, pointer, false);
    if texts.0 == texts.1 {
        return cut_alike(accepted, rejected, pointer, true);
    }
    texts
}

fn cut_alike(accepted: &[Said], rejected: &[Said], pointer: Option<&str>, is_raw: bool) -> (String, String) {
    let count = accepted.len().max(rejected.len());
    let mut texts = (Vec::new(), Vec::new());
    for index in 0..count {
        let (right, wrong) = (accepted.get(index), rejected.get(index));
        let wanted = wanted(right, wrong, pointer, is_raw);
        texts.0.extend(right.map(|said| said.text(&wanted)));
        texts.1.extend(wrong.map(|said| said.text(&wanted)));
    }
    (texts.0.join("\n"), texts.1.join("\n"))
}

fn wanted(right: Option<&Said>, wrong: Option<&Said>, pointer: Option<&str>, is_raw: bool) -> Wanted {
    let both = right.zip(wrong);
    let headers = both.map(|(right, wrong)| differing_headers(right, wrong));
    let bodies: Vec<&Value> = [right, wrong]
        .into_iter()
        .flatten()
        .filter_map(|said| said.body.as_ref())
        .collect();
    let mut places = match bodies.as_slice() {
        [right, wrong] => differences(right, wrong),
        _ => Vec::new(),
    };
    if let Some(pointer) = pointer {
        let is_subject = wrong.or(right).is_some_and(|said| said.is_subject);
        let place = place(pointer);
        if is_subject {
            let is_there = |body: &&Value| place.is_empty() || begins(body, &place);
            places.extend(bodies.iter().any(is_there).then_some(place));
        } else if let Some(name) = place.last() {
            let body = bodies.first();
            places.extend(body.and_then(|body| first_named(body, name, &mut Place::new())));
        }
    }
    let written = both
        .filter(|_| is_raw)
        .and_then(|(right, wrong)| first_difference(&right.raw, &wrong.raw));
    Wanted {
        headers: headers.unwrap_or_default(),
        places,
        raw_from: written,
    }
}

fn differing_headers(right: &Said, wrong: &Said) -> BTreeSet<String> {
    let has = |said: &Said, header: &(String, String)| said.headers.contains(header);
    let often =
        |said: &Said, header: &(String, String)| said.headers.iter().filter(|one| *one == header).count();
    let one_sided = |one: &Said, other: &Said| -> Vec<String> {
        let is_alone =
            |header: &&(String, String)| !has(other, header) || often(one, header) != often(other, header);
        let alone = one
            .headers
            .iter()
            .filter(|header| is_alone(header) && !is_idle(&header.0));
        alone.map(|(name, _)| name.clone()).collect()
    };
    one_sided(right, wrong)
        .into_iter()
        .chain(one_sided(wrong, right))
        .collect()
}

/// True when the first names of a place lead somewhere in this body.
fn begins(body: &Value, place: &[String]) -> bool {
    let Some(name) = place.first() else { return true };
    match body {
        Value::Object(members) => place.len() == 1 || members.keys().any(|key| is_same_name(key, name)),
        Value::Array(_) => name.parse::<usize>().is_ok(),
        _ => false,
    }
}

/// The place of the first member of this name.
fn first_named(body: &Value, name: &str, here: &mut Place) -> Option<Place> {
    let members: Vec<(String, &Value)> = match body {
        Value::Object(members) => members.iter().map(|(key, value)| (key.clone(), value)).collect(),
        Value::Array(members) => {
            let numbered = members.iter().enumerate();
            numbered
                .map(|(index, value)| (index.to_string(), value))
                .collect()
        }
        _ => return None,
    };
    for (key, value) in members {
        let is_it = is_same_name(&key, name);
        here.push(key);
        let found = if is_it {
            Some(here.clone())
        } else {
            first_named(value, name, here)
        };
        here.pop();
        if found.is_some() {
            return found;
        }
    }
    None
}

/// The number of the first character in which two bodies differ.
fn first_difference(one: &str, other: &str) -> Option<usize> {
    let same = one
        .chars()
        .zip(other.chars())
        .take_while(|(one, other)| one == other);
    (one != other).then(|| same.count())
}

/// The part of a body around a character.
fn window(body: &str, at: usize) -> String {
    let start = at.saturating_sub(BEFORE);
    let part: String = body.chars().skip(start).collect();
    let before = if start > 0 { MORE } else { "" };
    format!("{before}{}", excerpt(&part))
}
