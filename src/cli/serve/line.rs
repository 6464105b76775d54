//! A call to Google's side, for people and for programs.

use crate::output::counted;
use console::{Style, style};
use domain::Fault;
use google::server::Traffic;
use google::{Act, Call, ResourceKind, Route, StatusKind};
use serde_json::{Value, json};

/// The outcome of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum CallOutcome {
    /// As it should be.
    Taken,
    /// Taken, with remarks.
    Noted,
    /// Turned away, or broken by a fault.
    Refused,
}

impl CallOutcome {
    fn of(call: &Call) -> Self {
        let is_lost = call.fault == Some(Fault::Lost);
        match call.answer.status {
            200 if call.lints.is_empty() => Self::Taken,
            200 => Self::Noted,
            _ if is_lost => Self::Noted,
            _ => Self::Refused,
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::Taken => "ok",
            Self::Noted => "noted",
            Self::Refused => "refused",
        }
    }

    fn style(self) -> Style {
        match self {
            Self::Taken => Style::new().green(),
            Self::Noted => Style::new().yellow(),
            Self::Refused => Style::new().red(),
        }
    }
}

/// One line, and one more for each remark.
pub(super) fn text(call: &Call) -> String {
    let outcome = CallOutcome::of(call);
    let word = outcome.style().apply_to(format!("{:<7}", outcome.word()));
    let time = call.at.strftime("%H:%M:%S");
    let mut text = format!("{time}  {word}  {:<6} {}", call.method, subject(call));
    let words = match outcome {
        CallOutcome::Refused => refusal(call),
        CallOutcome::Taken | CallOutcome::Noted => describe(call),
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
    let remarks = call
        .lints
        .iter()
        .map(|lint| format!("{:19}{}", "", style(lint).dim()));
    std::iter::once(text)
        .chain(remarks)
        .collect::<Vec<_>>()
        .join("\n")
}

fn subject(call: &Call) -> String {
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
fn refusal(call: &Call) -> String {
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
        404 if call.route == Route::Unknown => "404 no method of the API has this verb and path".to_owned(),
        status => format!("{status} {first}").trim_end().to_owned(),
    }
}

/// What the call tells Google.
fn describe(call: &Call) -> String {
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

/// People are no matter of a log.
fn without_people(mut message: Value) -> Value {
    match &mut message {
        Value::Object(fields) => {
            for (name, value) in fields.iter_mut() {
                *value = if [CLIENT, "client_information"].contains(&name.as_str()) {
                    "[masked]".into()
                } else {
                    without_people(value.take())
                };
            }
        }
        Value::Array(items) => items
            .iter_mut()
            .for_each(|item| *item = without_people(item.take())),
        _ => {}
    }
    message
}

/// Everything that is known of the call; credentials are masked.
pub(super) fn json(call: &Call) -> Value {
    let lints: Vec<Value> = call
        .lints
        .iter()
        .map(|lint| {
            let mut lint_json = json!(lint);
            lint_json["text"] = lint.to_string().into();
            lint_json
        })
        .collect();
    json!({
        "event": "call",
        "number": call.number,
        "at": call.at.to_string(),
        "answered_at": call.answered_at.to_string(),
        "verdict": CallOutcome::of(call).word(),
        "route": call.route,
        "method": call.method,
        "target": call.target,
        "headers": call.headers,
        "body": call.json.clone().map(without_people),
        "body_bytes": call.body_len,
        "credential": call.credential,
        "update_mask": call.update_mask,
        "booking_failure": call.booking_failure,
        "lints": lints,
        "fault": call.fault,
        "status": call.answer.status,
        "answer": call.answer.body,
        "booking": call.booking,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_are_masked_wherever_they_stand() {
        let message = json!({ "status": "CANCELED", "list": [{ "clientInformation": { "email": "a@b.example" } }],
            "client_information": { "given_name": "A" } });
        assert_eq!(
            without_people(message),
            json!({ "status": "CANCELED", "list": [{ "clientInformation": "[masked]" }], "client_information": "[masked]" })
        );
    }
}
