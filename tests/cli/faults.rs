//! The reference partner while everything goes wrong on Google's side that can go wrong there.

use super::google::Server;
use super::killed::{Partner, number, slots};
use super::support::free_port;
use serde_json::{Value, json};

/// Each message meets some of it, in this order.
const FAULTS: &str = "
- { method: token, fault: { answer: 503, retry_after: 1 } }
- { method: token, fault: { expire: 3 } }
- { method: bookings, fault: { answers: [429, 401, 500] } }
- { method: bookings, fault: { reset: true } }
- { method: bookings, fault: { lose: true } }
- { method: bookings, fault: { slow: 100ms } }
- { method: bookings, fault: { drop: true } }
- { method: bookings, fault: { garble: noise } }
- { method: bookings, fault: { answer: 502, body: '<html>' } }
- { method: bookings, fault: { delay: 200ms } }
- { method: availability, fault: { garble: cut } }
";

fn calls<'l>(log: &'l [Value], method: &str) -> Vec<&'l Value> {
    let of = |line: &&Value| line["route"]["method"] == method;
    log.iter().filter(of).collect()
}

/// The fault of a call in one word; a call that went well has none.
fn word(call: &Value) -> String {
    match &call["fault"] {
        Value::String(name) => name.clone(),
        Value::Object(fault) => match fault.get("answer") {
            Some(answer) => answer["status"].to_string(),
            None => fault.keys().next().unwrap().clone(),
        },
        _ => call["status"].to_string(),
    }
}

fn second(call: &Value, name: &str) -> jiff::Timestamp {
    call[name].as_str().unwrap().parse().unwrap()
}

#[test]
fn whatever_goes_wrong_google_hears_of_each_change_in_its_order() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    std::fs::write(folder.join("faults.yaml"), FAULTS).unwrap();
    let notify = format!("127.0.0.1:{}", free_port());
    let google = Server::start(
        folder,
        &notify,
        &[
            "--format",
            "json",
            "--key-file",
            "google-key.json",
            "--faults",
            "faults.yaml",
        ],
    );
    google.json();
    let partner = Partner::start(folder, &format!("http://{notify}"));
    let pair = slots(folder, 2);
    let id = partner.book(folder, &pair[0], 0);
    let to = json!({ "start_sec": number(&pair[1], "start_sec"), "duration_sec": number(&pair[1], "duration_sec") });
    partner.act(folder, &id, "reschedule", &to);
    partner.act(folder, &id, "merchant_cancel", &json!({}));
    let mut log = Vec::new();
    let told = |log: &[Value]| {
        let told = calls(log, "booking");
        told.iter().any(|call| word(call) == "delayed")
    };
    // Taken, freed, taken and freed again; and once more since the first answer could not be read.
    let updated = |log: &[Value]| calls(log, "batch_availability").len() > 4;
    while !(told(&log) && updated(&log)) {
        log.push(google.json());
    }
    partner.kill();
    let (_, code) = google.stop();
    assert_eq!(code, Some(0));

    let told = calls(&log, "booking");
    let words: Vec<String> = told.iter().map(|call| word(call)).collect();
    let (moved, cancelled) = words.split_at(words.iter().position(|word| word == "slow").unwrap() + 1);
    let of_the_move = ["429", "revoked", "500", "reset", "lost", "slow"];
    assert_eq!(without_refreshes(moved), of_the_move);
    let of_the_cancellation = ["dropped", "noise", "502", "delayed"];
    assert_eq!(without_refreshes(cancelled), of_the_cancellation);
    let bodies = |of: &[&Value]| -> Vec<Value> { of.iter().map(|call| call["body"].clone()).collect() };
    for part in [&told[..moved.len()], &told[moved.len()..]] {
        let bodies = bodies(part);
        assert!(bodies.windows(2).all(|pair| pair[0] == pair[1]), "{bodies:#?}");
    }
    assert_eq!(told.last().unwrap()["booking"]["status"], "CANCELED");
    assert_eq!(
        told.last().unwrap()["booking"]["start_sec"],
        number(&pair[1], "start_sec")
    );

    let tokens = calls(&log, "token");
    assert_eq!(tokens[0]["status"], 503);
    let pause = second(tokens[1], "at").duration_since(second(tokens[0], "answered_at"));
    assert!(
        pause.as_millis() >= 1_000,
        "the token endpoint asked for a second: {pause}"
    );
    assert!(
        tokens.len() > 2,
        "a token that has ended is replaced: {tokens:#?}"
    );
    assert_eq!(word(calls(&log, "batch_availability")[0]), "cut");
}

/// A short token may end on its way on a busy machine, and is refused then: that is another story.
fn without_refreshes(words: &[String]) -> Vec<&str> {
    words
        .iter()
        .map(String::as_str)
        .filter(|word| *word != "401")
        .collect()
}
