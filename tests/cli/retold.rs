//! A right partner's whole traffic of a run, sent once more to Google's side by itself: the same calls, without the run around them.

use super::google::{Server, call};
use super::support::{Partner, exits, json};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::Path;

/// The calls of a recording, in the order in which they came.
fn calls(recording: &Value) -> Vec<Value> {
    let transcripts = recording
        .pointer("/facts/recorded/transcripts")
        .unwrap()
        .as_array()
        .unwrap();
    let entries = transcripts
        .iter()
        .flat_map(|one| one["entries"].as_array().unwrap());
    let mut all: Vec<(u64, Value)> = entries
        .filter_map(|entry| {
            let call = entry["fact"].get("notification")?;
            Some((entry["at_ms"].as_u64().unwrap(), call.clone()))
        })
        .collect();
    all.sort_by_key(|(at_ms, _)| *at_ms);
    all.into_iter().map(|(_, call)| call).collect()
}

/// Headers that a sender chooses; the token of the run is not known here.
fn headers(sent: &Value) -> Vec<(&str, &str)> {
    let all = sent["headers"].as_array().unwrap().iter();
    let pairs = all.map(|pair| (pair[0].as_str().unwrap(), pair[1].as_str().unwrap()));
    pairs
        .filter(|(name, _)| !["host", "content-length", "authorization"].contains(name))
        .collect()
}

fn records(feeds: &Path, list: &str) -> Vec<Value> {
    let files = std::fs::read_dir(feeds).unwrap().map(|file| file.unwrap().path());
    let written = files.filter(|file| file.extension().is_some_and(|end| end == "json"));
    let lists = written.filter_map(|file| json(&file).get(list).and_then(Value::as_array).cloned());
    lists.flatten().collect()
}

/// The verdict of the log on one call, and its requirements.
fn verdict(server: &Server) -> (String, Vec<String>) {
    let log = server.json();
    let findings = log["findings"].as_array().unwrap().iter();
    let ids = findings.map(|finding| finding["requirement"].as_str().unwrap().to_owned());
    (log["verdict"].as_str().unwrap().to_owned(), ids.collect())
}

#[test]
fn a_right_partner_s_whole_traffic_is_right_call_by_call() {
    let folder = tempfile::tempdir().unwrap();
    let partner = Partner::start(folder.path());
    let config = partner.config.display().to_string();
    exits(
        folder.path(),
        &["run", "-q", "-c", &config, "--report", "recording=run.json"],
        0,
    );
    let recording = recording::unpack(&folder.path().join("run.json")).unwrap();
    let calls = calls(&serde_json::from_str(&recording).unwrap());
    let flags = ["--format", "json", "--oauth", "off", "--feeds", "feeds"];
    let server = Server::start(folder.path(), "127.0.0.1:0", &flags);
    let opened = server.json();
    let base_url = opened["base_url"].as_str().unwrap();
    let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
    for sent in &calls {
        let target = sent["target"].as_str().unwrap();
        let line = format!("{} {target}", sent["verb"].as_str().unwrap());
        let (status, answer) = call(base_url, &line, &headers(sent), sent["raw"].as_str().unwrap());
        assert_eq!(status, 200, "{line}\n{answer}");
        assert_eq!(
            verdict(&server),
            ("ok".to_owned(), Vec::new()),
            "{line}\n{sent:#}"
        );
        let kind = if target.contains("/bookings/") {
            "bookings"
        } else {
            "inventory"
        };
        *kinds.entry(kind).or_default() += 1;
    }
    assert!(
        kinds.values().all(|count| *count >= 100) && kinds.len() == 2,
        "{kinds:?}"
    );
    tell_of_services(base_url, &server, &folder.path().join("feeds"));
    let (rest, code) = server.stop();
    let last: Value = serde_json::from_str(rest.last().unwrap()).unwrap();
    // The other price warns, and nothing is violated.
    assert_eq!((&last["violated"], code), (&json!({}), Some(0)));
}

/// Each service as the feed has it; and at the end one at another price, so that it is seen that they are judged.
fn tell_of_services(base_url: &str, server: &Server, feeds: &Path) {
    const JSON: (&str, &str) = ("Content-Type", "application/json");
    let merchants = records(feeds, "merchant");
    let services = records(feeds, "service");
    assert!(
        merchants.len() > 5 && services.len() > 20,
        "{}, {}",
        merchants.len(),
        services.len()
    );
    let line = |below: String| format!("PATCH /v1alpha/inventory/partners/20002002/merchants/{below}");
    for merchant in &merchants {
        let body = json!({ "merchantName": merchant["name"], "telephone": merchant["telephone"], "url": merchant["url"],
            "taxRate": in_api_names(&merchant["tax_rate"]) });
        let id = merchant["merchant_id"].as_str().unwrap();
        let line = line(format!("{id}?updateMask=merchantName,telephone,url,taxRate"));
        assert_eq!(call(base_url, &line, &[JSON], &body.to_string()).0, 200, "{line}");
        assert_eq!(verdict(server), ("ok".to_owned(), Vec::new()), "{line}");
    }
    let path = |service: &Value| {
        let [merchant, id] = ["merchant_id", "service_id"].map(|id| service[id].as_str().unwrap());
        let mask: Vec<String> = body_of(service).as_object().unwrap().keys().cloned().collect();
        line(format!("{merchant}/services/{id}?updateMask={}", mask.join(",")))
    };
    for service in &services {
        let body = body_of(service);
        assert_eq!(
            call(base_url, &path(service), &[JSON], &body.to_string()).0,
            200,
            "{service}"
        );
        assert_eq!(verdict(server), ("ok".to_owned(), Vec::new()), "{service}");
    }
    let mut dearer = body_of(&services[0]);
    dearer["price"] = json!({ "priceMicros": "999000000", "currencyCode": "USD" });
    call(base_url, &path(&services[0]), &[JSON], &dearer.to_string());
    assert_eq!(verdict(server).1, ["INV-27"]);
}

/// What the feed says of the money of a service, in the names of the API.
fn body_of(service: &Value) -> Value {
    let fields = ["price", "deposit", "no_show_fee", "prepayment_type"];
    let said = fields
        .iter()
        .filter_map(|field| Some(((*field).to_owned(), service.get(field)?.clone())));
    in_api_names(&Value::Object(said.collect()))
}

fn in_api_names(value: &Value) -> Value {
    let Value::Object(fields) = value else {
        return value.clone();
    };
    let name = |name: &str| {
        let mut words = name.split('_');
        let first = words.next().unwrap_or_default().to_owned();
        words.fold(first, |name, word| name + &word[..1].to_uppercase() + &word[1..])
    };
    let fields = fields
        .iter()
        .map(|(field, value)| (name(field), in_api_names(value)));
    Value::Object(fields.collect())
}
