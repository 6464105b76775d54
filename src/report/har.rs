//! HAR 1.2, for browsers and proxies that show traffic: every exchange of both directions, a page for each scenario.
//!
//! What the format has no field for begins with an underscore, as it asks.

use super::{Material, RenderError, Reporter};
use outcome::NotRun;
use outcome::text::in_json;
use serde_json::{Value, json};
use std::fmt::Write as _;
use transcript::{Exchange, Fact, Notification, Reply, Transcript};

/// Where Google's side was, if nobody knows.
const GOOGLE: &str = "http://google.invalid";

/// Format `har`.
pub(super) struct Har;

impl Reporter for Har {
    fn format(&self) -> &'static str {
        "har"
    }

    fn about(&self) -> &'static str {
        "HAR 1.2: every call of both directions, for tools that show traffic"
    }

    fn render(&self, material: &Material<'_>) -> Result<String, RenderError> {
        let run = material.report;
        let google = material.facts.session.google.url.trim_end_matches('/');
        let place = Place {
            began_us: material.facts.session.began_us,
            partner: &run.target.base_url,
            google: if google.starts_with("http") {
                google
            } else {
                GOOGLE
            },
        };
        let recorded = &material.facts.recorded;
        let mut pages = Vec::new();
        let mut entries: Vec<(u64, Value)> = Vec::new();
        for transcript in &recorded.transcripts {
            pages.push(page(transcript, &place));
            entries.extend(place.entries(transcript));
        }
        let orphans = recorded.orphans.iter();
        entries.extend(orphans.map(|call| (0, place.received(call, 0, None))));
        entries.sort_by_key(|(at_ms, _)| *at_ms);
        let entries: Vec<Value> = entries.into_iter().map(|(_, entry)| entry).collect();
        let mut log = log(&run.tool.version, &pages, &entries);
        log["log"]["comment"] = json!(format!(
            "conformance run against {}, seed {}",
            run.target.name, run.seed
        ));
        text(&log)
    }

    fn render_not_run(&self, not_run: &NotRun) -> Result<String, RenderError> {
        let mut log = log(&not_run.tool.version, &[], &[]);
        log["log"]["comment"] = json!(format!("{}: {}", not_run.verdict, not_run.reason));
        text(&log)
    }
}

fn text(log: &Value) -> Result<String, RenderError> {
    Ok(in_json(serde_json::to_string_pretty(log)?) + "\n")
}

fn log(version: &str, pages: &[Value], entries: &[Value]) -> Value {
    json!({ "log": {
        "version": "1.2",
        "creator": { "name": "conformance", "version": version },
        "pages": pages,
        "entries": entries,
    } })
}

/// Where and when the run was.
struct Place<'p> {
    began_us: i64,
    partner: &'p str,
    google: &'p str,
}

fn page(transcript: &Transcript, place: &Place<'_>) -> Value {
    let first = transcript.entries.first().map_or(0, |entry| entry.at_ms);
    json!({
        "startedDateTime": place.moment(first),
        "id": transcript.scenario,
        "title": transcript.scenario,
        "pageTimings": {},
    })
}

impl Place<'_> {
    /// RFC 3339 with milliseconds.
    fn moment(&self, at_ms: u64) -> String {
        let after_us = i64::try_from(at_ms).unwrap_or(0).saturating_mul(1_000);
        let moment = jiff::Timestamp::from_microsecond(self.began_us.saturating_add(after_us));
        moment
            .unwrap_or_default()
            .strftime("%Y-%m-%dT%H:%M:%S%.3fZ")
            .to_string()
    }

    /// Calls of both directions, in the order of their beginnings.
    fn entries(&self, transcript: &Transcript) -> Vec<(u64, Value)> {
        let sent = transcript.exchanges();
        let sent = sent.map(|exchange| (exchange.sent_ms, self.sent(&exchange, &transcript.scenario)));
        let mut entries: Vec<(u64, Value)> = sent.collect();
        for (number, entry) in transcript.entries.iter().enumerate() {
            if let Fact::Notification(call) = &entry.fact {
                let at = Some((transcript.scenario.as_str(), number));
                entries.push((entry.at_ms, self.received(call, entry.at_ms, at)));
            }
        }
        entries
    }

    fn sent(&self, exchange: &Exchange<'_>, scenario: &str) -> Value {
        let call = exchange.call;
        let body = call
            .raw
            .clone()
            .or_else(|| call.body.as_ref().map(ToString::to_string));
        let url = format!("{}{}", self.partner, path(&call.path));
        let took_ms = exchange.answer.took_us as f64 / 1_000.0;
        let mut entry = json!({
            "pageref": scenario,
            "startedDateTime": self.moment(exchange.sent_ms),
            "time": took_ms,
            "request": request(&call.verb, &url, &call.headers, body.as_deref()),
            "response": null,
            "cache": {},
            "timings": { "send": 0, "wait": took_ms, "receive": 0 },
            "_direction": "to the partner",
            "_scenario": scenario,
            "_entry": exchange.entry,
            "_method": call.method.name(),
            "_phase": exchange.phase,
        });
        entry["response"] = match &exchange.answer.reply {
            Reply::Http(reply) => response(reply.status, &reply.headers, &reply.body),
            Reply::Nothing { kind, detail } => {
                entry["_error"] = json!(detail);
                entry["_silence"] = json!(kind);
                response(0, &[], "")
            }
        };
        entry
    }

    fn received(&self, call: &Notification, at_ms: u64, at: Option<(&str, usize)>) -> Value {
        let url = format!("{}{}", self.google, path(&call.target));
        let body = Some(call.raw.as_str()).filter(|raw| !raw.is_empty());
        let answer = if call.answer.is_null() {
            String::new()
        } else {
            call.answer.to_string()
        };
        let json_type = [("content-type".to_owned(), "application/json".to_owned())];
        let mut entry = json!({
            "startedDateTime": self.moment(at_ms),
            "time": 0,
            "request": request(&call.verb, &url, &call.headers, body),
            "response": response(call.status, &json_type, &answer),
            "cache": {},
            "timings": { "send": 0, "wait": 0, "receive": 0 },
            "_direction": "to Google",
        });
        if let Some((scenario, number)) = at {
            entry["pageref"] = json!(scenario);
            entry["_scenario"] = json!(scenario);
            entry["_entry"] = json!(number);
        } else {
            entry["comment"] = json!("no scenario claims this call, so its time was not kept");
        }
        if let Some(fault) = &call.fault {
            entry["_fault"] = json!(fault);
        }
        entry
    }
}

fn pairs(headers: &[(String, String)]) -> Vec<Value> {
    let pair = |(name, value): &(String, String)| json!({ "name": name, "value": value });
    headers.iter().map(pair).collect()
}

fn mime(headers: &[(String, String)]) -> &str {
    let mut types = headers
        .iter()
        .filter(|(name, _)| name.eq_ignore_ascii_case("content-type"));
    types.next().map_or("", |(_, value)| value)
}

fn request(verb: &str, url: &str, headers: &[(String, String)], body: Option<&str>) -> Value {
    let query = url.split_once('?').map_or("", |(_, query)| query);
    let query: Vec<Value> = form_urlencoded::parse(query.as_bytes())
        .map(|(name, value)| json!({ "name": name, "value": value }))
        .collect();
    let mut request = json!({
        "method": verb,
        "url": url,
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": pairs(headers),
        "queryString": query,
        "headersSize": -1,
        "bodySize": body.map_or(0, str::len),
    });
    if let Some(body) = body {
        request["postData"] = json!({ "mimeType": mime(headers), "text": body });
    }
    request
}

fn response(status: u16, headers: &[(String, String)], body: &str) -> Value {
    let text = match status {
        200 => "OK",
        400 => "Bad Request",
        401 => "Unauthorized",
        404 => "Not Found",
        _ => "",
    };
    json!({
        "status": status,
        "statusText": text,
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": pairs(headers),
        "content": { "size": body.len(), "mimeType": mime(headers), "text": body },
        "redirectURL": "",
        "headersSize": -1,
        "bodySize": body.len(),
    })
}

/// A path without what an address cannot hold: a stranger may have sent anything.
fn path(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut path = String::with_capacity(text.len());
    for (at, byte) in bytes.iter().copied().enumerate() {
        let is_escape = |two: &[u8]| two.len() == 2 && two.iter().all(u8::is_ascii_hexdigit);
        let is_plain = match byte {
            b'%' => bytes.get(at + 1..at + 3).is_some_and(is_escape),
            b'"' | b'#' | b'<' | b'>' | b'[' | b'\\' | b']' | b'^' | b'`' | b'{' | b'|' | b'}' => false,
            other => other.is_ascii_graphic(),
        };
        if is_plain {
            path.push(char::from(byte));
        } else {
            let _ = write!(path, "%{byte:02X}");
        }
    }
    path
}
