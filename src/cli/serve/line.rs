//! A call to Google's side, for people and for programs.

use super::private::ShownCall;
use crate::output::counted;
use console::{Style, style};
use domain::Fault;
use google::server::Traffic;
use google::{Act, Call, Lint, ResourceKind, Route, StatusKind};
use outcome::{Finding, Verdict};
use serde_json::Value;

/// A call with the id that this side is set up for.
pub(super) struct Shown<'c> {
    pub(super) shown: &'c ShownCall,
    pub(super) partner_id: &'c str,
}

/// The outcome of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum CallOutcome {
    /// As it should be.
    Taken,
    /// Taken, with remarks.
    Noted,
    /// Taken, and a MUST is violated.
    Wrong,
    /// Turned away, or broken by a fault.
    Refused,
}

impl CallOutcome {
    pub(super) fn of(shown: &Shown<'_>) -> Self {
        let call = shown.shown.call();
        let is_taken = call.answer.status == 200 || call.fault == Some(Fault::Lost);
        let mut findings = shown.shown.findings().iter();
        let is_right =
            call.answer.status == 200 && call.lints.is_empty() && shown.shown.findings().is_empty();
        match () {
            () if !is_taken => Self::Refused,
            () if findings.any(|finding| finding.verdict == Verdict::Fail) => Self::Wrong,
            () if is_right => Self::Taken,
            () => Self::Noted,
        }
    }

    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Taken => "ok",
            Self::Noted => "noted",
            Self::Wrong => "wrong",
            Self::Refused => "refused",
        }
    }

    fn style(self) -> Style {
        match self {
            Self::Taken => Style::new().green(),
            Self::Noted => Style::new().yellow(),
            Self::Wrong | Self::Refused => Style::new().red(),
        }
    }
}

/// One line, and one more for each finding and each remark.
pub(super) fn text(shown: &Shown<'_>) -> String {
    let call = shown.shown.call();
    let outcome = CallOutcome::of(shown);
    let word = outcome.style().apply_to(format!("{:<7}", outcome.word()));
    let time = call.at.strftime("%H:%M:%S");
    let mut text = format!("{time}  {word}  {:<6} {}", call.method, subject(call));
    let words = match outcome {
        CallOutcome::Refused => refusal(shown),
        CallOutcome::Taken | CallOutcome::Noted | CallOutcome::Wrong => describe(call),
    };
    let fault = call.fault.as_ref().filter(|fault| fault.stores());
    let fault = fault.map(|fault| format!("({fault})"));
    for words in std::iter::once(words)
        .filter(|words| !words.is_empty())
        .chain(fault)
    {
        text.push_str("  ");
        text.push_str(&words);
    }
    let findings = shown
        .shown
        .findings()
        .iter()
        .map(|finding| format!("{:19}{}", "", sentence(finding)));
    let remarks = remarks(shown).map(|lint| format!("{:19}{}", "", style(lint).dim()));
    std::iter::once(text)
        .chain(findings)
        .chain(remarks)
        .collect::<Vec<_>>()
        .join("\n")
}

/// Requirement, verdict, and the sentence of the rule; with what is due where that is a word.
fn sentence(finding: &Finding) -> String {
    let (id, verdict) = (finding.requirement.as_str(), finding.verdict.word());
    let word = |value: &Value| {
        value
            .as_str()
            .filter(|text| !text.contains(' '))
            .map(str::to_owned)
    };
    let evidence = &finding.evidence;
    let seen = word(&evidence.expected).zip(word(&evidence.actual));
    let seen = seen.filter(|(due, sent)| !finding.message.contains(due) && !finding.message.contains(sent));
    let seen = seen
        .map(|(due, sent)| format!(" ({sent}; {due} is due)"))
        .unwrap_or_default();
    format!("{id} {verdict}  {}{seen}", finding.message)
}

fn unknown(shown: &ShownCall) -> String {
    let odd = shown.odd().map(|odd| format!(" ({odd})")).unwrap_or_default();
    let meant = shown.meant().map(|meant| format!("; did you mean {meant} ?"));
    let meant = meant.unwrap_or_default();
    format!("404 no method of the API has this verb and path{odd}{meant}")
}

/// What Google's side let pass and no finding speaks of.
pub(super) fn remarks<'s>(shown: &'s Shown<'_>) -> impl Iterator<Item = &'s Lint> {
    let is_found = |lint: &&Lint| {
        let mut findings = shown.shown.findings().iter();
        requirement_of(lint).is_some_and(|id| findings.any(|finding| finding.requirement.as_str() == id))
    };
    shown
        .shown
        .call()
        .lints
        .iter()
        .filter(move |lint| !is_found(lint))
}

/// The requirement whose rule says what a remark of Google's side says.
fn requirement_of(lint: &Lint) -> Option<&'static str> {
    Some(match lint {
        Lint::MaskMissing => "REQ-03",
        Lint::OutsideMask { path } if path == CLIENT => "REQ-12",
        Lint::OutsideMask { .. } => "REQ-04",
        Lint::MaskUnmodifiable { .. } => "REQ-05",
        Lint::MaskSnakeCase { .. } => "REQ-06",
        Lint::NameMismatch { .. } => "REQ-07",
        Lint::SlotMismatch { .. } => "REQ-02",
        Lint::ContentType { .. } => "REQ-10",
        Lint::FailureIgnored => "RTU-ASYNC-08",
        Lint::RefundOutsideMask => "RTU-REFUND-02",
        Lint::PrepaymentTransition { .. } => "RTU-REFUND-03",
        _ => return None,
    })
}

pub(super) fn subject(call: &Call) -> String {
    match &call.route {
        Route::Booking { booking_id, .. } => format!("booking {booking_id}"),
        Route::BatchAvailability { .. } => "availability".to_owned(),
        Route::Availability {
            merchant, service, ..
        } => format!("availability of {merchant}/{service}"),
        Route::Resource { act, kind, ids, .. } => resource(*act, *kind, ids, created_id(call)),
        Route::Records { feed, delete, .. } => {
            let word = if *delete { "out of" } else { "of" };
            format!("records {word} feed {feed}")
        }
        Route::Status { of, ids, .. } => match of {
            StatusKind::Merchant | StatusKind::Feed => format!("status of {}", ids.join("/")),
            StatusKind::Merchants => "status of merchants".to_owned(),
            StatusKind::Feeds => format!("status of feed {}", ids.join("/")),
        },
        Route::Invalidation { pickup, .. } => format!("pickup {pickup} is out of date"),
        Route::Batch => "batch".to_owned(),
        Route::Token => "token".to_owned(),
        Route::Discovery => "discovery document".to_owned(),
        Route::Unknown => call.target.clone(),
    }
}

/// The id of what was made.
fn created_id(call: &Call) -> Option<&str> {
    let name = call.answer.body.as_ref()?.get("name")?.as_str()?;
    name.rsplit('/').next()
}

fn resource(act: Act, kind: ResourceKind, ids: &[String], made: Option<&str>) -> String {
    let word = kind.word();
    match (act, ids) {
        (Act::Create, above) => {
            let ids: Vec<&str> = above.iter().map(String::as_str).chain(made).collect();
            format!("new {word} {}", ids.join("/")).trim_end().to_owned()
        }
        (Act::Get | Act::Patch | Act::Delete, ids) => format!("{word} {}", ids.join("/")),
    }
}

/// Status and words of an error; the rest of the words stands in the JSON form.
pub(super) fn refusal(shown: &Shown<'_>) -> String {
    let call = shown.shown.call();
    let answer = &call.answer;
    let body = answer.body.as_ref();
    let message = body.and_then(|body| {
        let api = body.pointer("/error/message");
        api.or_else(|| body.get("error_description"))
            .and_then(Value::as_str)
    });
    let first = message
        .and_then(|message| message.lines().next())
        .unwrap_or_default();
    match answer.status {
        0 => match call.fault {
            Some(Fault::Reset) => "the connection was reset without an answer",
            Some(Fault::Noise) => "what came back is no HTTP",
            _ => "the connection was closed without an answer",
        }
        .to_owned(),
        403 if call
            .route
            .partner()
            .is_some_and(|named| named != shown.partner_id) =>
        {
            format!(
                "403 the path has partner {}; this side is set up for {} (--partner-id)",
                call.route.partner().unwrap_or_default(),
                shown.partner_id
            )
        }
        404 if call.route == Route::Unknown => unknown(shown.shown),
        status => format!("{status} {first}").trim_end().to_owned(),
    }
}

/// What the call tells Google.
pub(super) fn describe(call: &Call) -> String {
    let Some(body) = &call.decoded else {
        return String::new();
    };
    match &call.route {
        Route::Booking { .. } | Route::Resource { .. } => changes(call, body),
        Route::Records { .. } => counted(body["records"].as_array().map_or(0, Vec::len), "record"),
        Route::BatchAvailability { .. } | Route::Availability { .. } => {
            let batch = body.get("extendedServiceAvailability").and_then(Value::as_array);
            let single = body.get("serviceAvailability");
            let entries: Vec<&Value> = batch.into_iter().flatten().chain(single).collect();
            let slots = entries
                .iter()
                .map(|entry| entry["availability"].as_array().map_or(0, Vec::len));
            format!(
                "{}, {}",
                counted(entries.len(), "service"),
                counted(slots.sum(), "slot")
            )
        }
        Route::Status { .. }
        | Route::Invalidation { .. }
        | Route::Batch
        | Route::Token
        | Route::Discovery
        | Route::Unknown => String::new(),
    }
}

/// The fields that the mask names; without a mask all that a booking may have changed.
fn changes(call: &Call, body: &Value) -> String {
    let named = call.update_mask.as_ref().map_or(&[][..], |mask| &mask.paths);
    let all = || body.as_object().into_iter().flat_map(serde_json::Map::keys);
    let paths: Vec<&str> = if named.is_empty() {
        all()
            .map(String::as_str)
            .filter(|name| !IDENTITY.contains(name))
            .collect()
    } else {
        named.iter().map(String::as_str).collect()
    };
    let value = |path: &&str| {
        let value = path.split('.').try_fold(body, |around, name| around.get(name))?;
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        Some(format!("{path}={}", cut(&text)))
    };
    let values: Vec<String> = paths.iter().filter_map(value).collect();
    values.join(" ")
}

/// The start of a long value; the whole stands in the JSON form.
fn cut(text: &str) -> String {
    const SHOWN: usize = 80;
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}\u{2026}", &text[..end]),
        None => text.to_owned(),
    }
}

/// What came to the server, and who connected for nothing.
pub(super) fn traffic(traffic: &Traffic, forgotten: u64) -> String {
    let count = |number: u64, what: &str| counted(usize::try_from(number).unwrap_or(usize::MAX), what);
    let counts = [
        (traffic.silent, "without a request"),
        (traffic.late, "too slow with its head"),
        (traffic.unreadable, "unreadable"),
        (traffic.displaced, "closed to make room"),
    ];
    let (requests, connections) = (
        count(traffic.requests, "request"),
        count(traffic.connections, "connection"),
    );
    let mut parts = vec![format!("{requests} on {connections}")];
    let positive = counts.into_iter().filter(|(number, _)| *number > 0);
    parts.extend(positive.map(|(number, what)| format!("{number} {what}")));
    if forgotten > 0 {
        parts.push(format!(
            "the availability of {} forgotten",
            count(forgotten, "service")
        ));
    }
    parts.join(", ")
}

/// What says which booking it is, and whose.
const IDENTITY: [&str; 4] = ["name", "merchantId", "serviceId", CLIENT];
const CLIENT: &str = "clientInformation";
