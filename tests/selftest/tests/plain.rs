//! Every call of a run, as it was sent, is what a proto3 printer makes of the message that it means.
#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use conformance::BUNDLE;
use harness::Suite;
use protocol::Method;
use protocol::model::{Field, Kind, Message, v3};
use reference_server::Seams;
use scenario::Scenario;
use selftest::{Amendments, examine};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// A value as a program has it that was generated from the interface.
#[derive(Debug, PartialEq)]
enum Typed {
    Number(i64),
    Text(String),
    Flag(bool),
    /// An enum value by its number.
    Choice(i32),
    /// Fields by their numbers.
    Message(BTreeMap<u32, Typed>),
    List(Vec<Typed>),
    Words(BTreeMap<String, String>),
}

fn decode(message: &Message, value: &Value) -> Typed {
    let fields = value.as_object().unwrap().iter().map(|(name, value)| {
        let field = message.fields.iter().find(|field| field.name == *name);
        let field = field.unwrap_or_else(|| panic!("{} has no {name}", message.name));
        let typed = match value.as_array().filter(|_| field.is_repeated()) {
            Some(entries) => Typed::List(entries.iter().map(|entry| decode_one(field, entry)).collect()),
            None => decode_one(field, value),
        };
        (field.number, typed)
    });
    Typed::Message(fields.collect())
}

fn decode_one(field: &Field, value: &Value) -> Typed {
    let number = |value: &Value| match value {
        Value::String(text) => text.parse::<i64>().unwrap(),
        other => other.as_i64().unwrap(),
    };
    match &field.kind {
        Kind::Message(name) => decode(v3().message(name).unwrap(), value),
        Kind::Int32 | Kind::Int64 => Typed::Number(number(value)),
        Kind::Bool => Typed::Flag(value.as_bool().unwrap()),
        Kind::Enum(name) => Typed::Choice(v3().enumeration(name).unwrap().values[value.as_str().unwrap()]),
        Kind::StringMap => {
            let words = value.as_object().unwrap().iter();
            Typed::Words(
                words
                    .map(|(key, word)| (key.clone(), word.as_str().unwrap().to_owned()))
                    .collect(),
            )
        }
        Kind::String => Typed::Text(value.as_str().unwrap().to_owned()),
        other => panic!("no request has {other:?}"),
    }
}

/// In proto names, int64 as text, and without what has its default value.
fn print(message: &Message, typed: &Typed) -> Value {
    let Typed::Message(fields) = typed else {
        panic!("{} is a message", message.name)
    };
    let mut printed = Map::new();
    for (number, typed) in fields {
        let field = message
            .fields
            .iter()
            .find(|field| field.number == *number)
            .unwrap();
        if field.oneof.is_some() || !is_zero(typed) {
            printed.insert(field.name.clone(), print_one(field, typed));
        }
    }
    Value::Object(printed)
}

fn is_zero(typed: &Typed) -> bool {
    match typed {
        Typed::Number(number) => *number == 0,
        Typed::Text(text) => text.is_empty(),
        Typed::Flag(flag) => !flag,
        Typed::Choice(number) => *number == 0,
        Typed::List(entries) => entries.is_empty(),
        Typed::Words(words) => words.is_empty(),
        Typed::Message(_) => false,
    }
}

fn print_one(field: &Field, typed: &Typed) -> Value {
    match (&field.kind, typed) {
        (_, Typed::List(entries)) => entries.iter().map(|entry| print_one(field, entry)).collect(),
        (Kind::Message(name), typed) => print(v3().message(name).unwrap(), typed),
        (Kind::Int64, Typed::Number(number)) => json!(number.to_string()),
        (_, Typed::Number(number)) => json!(number),
        (_, Typed::Text(text)) => json!(text),
        (_, Typed::Flag(flag)) => json!(flag),
        (_, Typed::Words(words)) => json!(words),
        (Kind::Enum(name), Typed::Choice(number)) => {
            json!(
                v3().enumeration(name)
                    .unwrap()
                    .by_number(i64::from(*number))
                    .unwrap()
            )
        }
        other => panic!("{other:?}"),
    }
}

/// The places at which two messages differ.
fn differences(at: &str, sent: &Value, printed: &Value) -> Vec<String> {
    match (sent, printed) {
        (Value::Object(sent), Value::Object(printed)) => {
            let names: BTreeSet<&String> = sent.keys().chain(printed.keys()).collect();
            let of = |fields: &Map<String, Value>, name: &str| {
                fields.get(name).cloned().unwrap_or(json!("(none)"))
            };
            let each = names
                .into_iter()
                .map(|name| differences(&format!("{at}/{name}"), &of(sent, name), &of(printed, name)));
            each.flatten().collect()
        }
        (Value::Array(sent), Value::Array(printed)) if sent.len() == printed.len() => {
            let pairs = sent.iter().zip(printed).enumerate();
            let each =
                pairs.map(|(place, (sent, printed))| differences(&format!("{at}/{place}"), sent, printed));
            each.flatten().collect()
        }
        (sent, printed) if sent == printed => Vec::new(),
        _ => vec![at.to_owned()],
    }
}

/// True for a place at which a step of the scenario writes what Google does not.
fn is_varied(scenario: &Scenario, place: &str) -> bool {
    let mut with = scenario.calls().filter_map(|call| call.with.as_ref());
    with.any(|with| with.pointer(place).is_some())
}

#[tokio::test(flavor = "multi_thread")]
async fn every_call_is_written_as_a_proto3_printer_writes_it() {
    let done = examine(Seams::default(), &Amendments::NONE).await.unwrap();
    let suite = Suite::load(&BUNDLE, None).unwrap();
    let (mut odd, mut methods) = (BTreeSet::new(), BTreeSet::new());
    for transcript in &done.transcripts {
        let scenarios = suite.scenarios();
        let scenario = scenarios
            .iter()
            .find(|one| one.id == transcript.scenario)
            .unwrap();
        for exchange in transcript.exchanges() {
            let call = exchange.call;
            let step = call.step.map(|path| {
                let calls = scenario.steps[path.step].calls();
                calls.get(path.branch.unwrap_or(0)).unwrap_or(&calls[0])
            });
            let is_rewritten = call.breaks_model || step.is_some_and(|step| step.form.is_some());
            let (Some(body), Some(name)) = (&call.body, call.method.request_message()) else {
                continue;
            };
            if is_rewritten {
                continue;
            }
            let message = v3().message(&name).unwrap();
            let printed = print(message, &decode(message, body));
            let places = differences("", body, &printed).into_iter();
            let places = places.filter(|place| !is_varied(scenario, place));
            odd.extend(places.map(|place| format!("{}: {name}{place}", scenario.id)));
            methods.insert(call.method);
        }
    }
    assert_eq!(odd, BTreeSet::new());
    let all: BTreeSet<Method> = Method::ALL
        .iter()
        .copied()
        .filter(|method| method.request_message().is_some())
        .collect();
    assert_eq!(
        methods, all,
        "a method that no scenario calls is not held by this"
    );
}
