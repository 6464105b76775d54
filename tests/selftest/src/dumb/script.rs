//! Small servers, scripted: what each of them makes of a call.

use crate::trial::alter::last_part;
use crate::trial::partner::{PASSWORD, USER};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use std::sync::atomic::{AtomicUsize, Ordering};
use wiremock::matchers::any;
use wiremock::{Mock, Request, ResponseTemplate};

/// The header of the one caller whom servers know.
pub(crate) fn credentials() -> String {
    format!("Basic {}", STANDARD.encode(format!("{USER}:{PASSWORD}")))
}

/// A call as a script sees it.
pub(crate) struct Asked {
    /// The verb.
    pub(crate) verb: String,
    /// The last part of the path.
    pub(crate) method: String,
    /// The body; null where there is none or it is no JSON.
    pub(crate) json: Value,
}

impl Asked {
    fn new(request: &Request) -> Self {
        Self {
            verb: request.method.to_string(),
            method: last_part(request.url.path()).to_owned(),
            json: serde_json::from_slice(&request.body).unwrap_or_default(),
        }
    }

    /// An entry for each slot that a look-up asks for, all with the same word about them.
    pub(crate) fn entries(&self, available: &Value) -> Value {
        let slots = self.json["slot_time"].as_array();
        let entries = slots
            .into_iter()
            .flatten()
            .map(|slot| json!({ "slot_time": slot, "available": available }));
        json!({ "slot_time_availability": entries.collect::<Vec<_>>() })
    }

    /// The booking that is asked for, with an id and as confirmed.
    pub(crate) fn booking(&self, id: &str) -> Value {
        let asked = &self.json;
        json!({ "booking": {
            "booking_id": id,
            "slot": asked["slot"],
            "user_information": asked["user_information"],
            "payment_information": asked["payment_information"],
            "status": "CONFIRMED",
        } })
    }
}

/// One answer for everything and everybody.
pub(crate) fn always(answer: ResponseTemplate) -> Vec<Mock> {
    vec![Mock::given(any()).respond_with(answer)]
}

/// A server that knows who calls, and turns others away as it should.
pub(crate) fn known(script: impl Fn(&Asked) -> ResponseTemplate + Send + Sync + 'static) -> Vec<Mock> {
    let right = credentials();
    let answer = move |request: &Request| {
        let header = request.headers.get("authorization");
        if header.is_some_and(|header| header.as_bytes() == right.as_bytes()) {
            script(&Asked::new(request))
        } else {
            ResponseTemplate::new(401).insert_header("www-authenticate", "Basic realm=\"booking\"")
        }
    };
    vec![Mock::given(any()).respond_with(answer)]
}

/// One answer for everything that the right caller asks.
pub(crate) fn known_always(answer: ResponseTemplate) -> Vec<Mock> {
    known(move |_| answer.clone())
}

/// HealthCheck is right, and the rest is left to the script.
pub(crate) fn healthy(script: impl Fn(&Asked) -> ResponseTemplate + Send + Sync + 'static) -> Vec<Mock> {
    known(move |asked| match (asked.method.as_str(), asked.verb.as_str()) {
        ("HealthCheck", "GET") => ok(&json!({})),
        _ => script(asked),
    })
}

/// 200 with JSON.
pub(crate) fn ok(body: &Value) -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_json(body)
}

/// Any status with text of a type.
pub(crate) fn text(status: u16, content_type: &str, body: &str) -> ResponseTemplate {
    ResponseTemplate::new(status).set_body_raw(body.as_bytes().to_vec(), content_type)
}

/// A web page.
pub(crate) fn page(status: u16, title: &str) -> ResponseTemplate {
    let page = format!(
        "<!DOCTYPE html>\n<html><head><title>{title}</title></head><body><h1>{title}</h1></body></html>"
    );
    text(status, "text/html; charset=utf-8", &page)
}

/// Ids that are all different.
pub(crate) fn counter() -> impl Fn() -> String + Send + Sync {
    let count = AtomicUsize::new(0);
    move || format!("b-{}", count.fetch_add(1, Ordering::Relaxed))
}
