//! The JSON Schema of `conformance.toml`, by which editors complete and check it.
//!
//! A test holds its keys against those that the readers ask for. What a schema cannot say (a folder that is there, a URL without `/v3`,
//! a profile over its sections) the program says.

use super::inventory::ListedPayment;
use super::words::Words;
use super::{CallMethod, CardNetwork, Color, MaskMode, OauthMode, TokenForm};
use domain::{Capability, TriggerName};
use serde_json::{Map, Value, json};

/// The schema of the whole file.
pub fn json_schema() -> Value {
    let sections = sections();
    let mut properties = sections.clone();
    // A profile names what differs, and need not be whole.
    let over = json!({ "type": "object", "additionalProperties": closed(sections) });
    properties.insert("profile".to_owned(), over);
    let mut schema = closed(properties);
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema".into();
    schema["title"] = "conformance.toml".into();
    schema["$defs"] = definitions();
    schema
}

fn sections() -> Map<String, Value> {
    object([
        ("target", target()),
        ("notifications", notifications()),
        ("inventory", inventory()),
        ("capabilities", capabilities()),
        ("payments", payments()),
        ("triggers", triggers()),
        ("probes", probes()),
        ("waiver", waivers()),
        ("skip", skips()),
        ("run", run()),
    ])
}

fn target() -> Value {
    table([
        (
            "name",
            told("A folder name: snapshots are kept below it.", text()),
        ),
        (
            "base_url",
            told(
                "http or https; /v3 and the method are appended.",
                text_or_reference(),
            ),
        ),
        ("auth", credentials()),
        ("timeout", told("How long one call may take.", duration())),
        (
            "rate",
            json!({ "type": "string", "pattern": "/s\\s*$", "examples": ["5/s"] }),
        ),
    ])
}

fn notifications() -> Value {
    table([
        (
            "listen",
            told(
                "Where Google's API listens: address and port.",
                text_or_reference(),
            ),
        ),
        (
            "public_url",
            told("What the partner calls, if different.", text_or_reference()),
        ),
        ("partner_id", text_or_reference()),
        (
            "key_file",
            told(
                "The service-account key that is issued; made when missing.",
                text(),
            ),
        ),
        (
            "within",
            told("How long a scenario waits for a notification.", duration()),
        ),
        (
            "quiet",
            told("How long it is watched that nothing more arrives.", duration()),
        ),
        (
            "tls",
            needing(["cert", "key"], [("cert", text()), ("key", text())]),
        ),
        ("proxy", text_or_reference()),
        ("ca_file", text()),
        ("oauth", words::<OauthMode>()),
        ("masks", words::<MaskMode>()),
    ])
}

fn inventory() -> Value {
    let number = |least: i64| json!({ "type": "integer", "minimum": least });
    let slot = needing(
        ["merchant_id", "service_id", "start_sec", "duration_sec"],
        [
            ("merchant_id", text()),
            ("service_id", text()),
            ("start_sec", number(0)),
            ("duration_sec", number(1)),
            (
                "spots",
                told(
                    "How many bookings it takes; where it is left out, one is assumed.",
                    number(1),
                ),
            ),
            (
                "payment",
                told(
                    "How it is paid; where it is left out, on arrival is assumed.",
                    words::<ListedPayment>(),
                ),
            ),
            ("availability_tag", text()),
            (
                "asynchronous",
                told(
                    "Whether the merchant confirms it later; where it is left out, it is assumed that it is confirmed at once.",
                    boolean(),
                ),
            ),
            ("staff_id", text()),
            ("room_id", text()),
            ("party_size", number(1)),
        ],
    );
    table([
        ("feeds", told("The folder of the feed files.", text())),
        ("merchants", told("Only these are ever booked.", list(text()))),
        ("slots", list(slot)),
    ])
}

fn capabilities() -> Value {
    let known = Capability::ALL.iter();
    closed(known.map(|known| (known.name().to_owned(), boolean())).collect())
}

fn payments() -> Value {
    let none = needing(["none"], [("none", text())]);
    table([
        ("gateway", text()),
        ("token", text_or_reference()),
        ("token_form", words::<TokenForm>()),
        (
            "declined_token",
            json!({ "anyOf": [text(), definition("reference"), none] }),
        ),
        ("rejected_network", words::<CardNetwork>()),
        ("rejected_token", text_or_reference()),
        ("threeds1_token", text_or_reference()),
        ("threeds1_response", text_or_reference()),
    ])
}

fn triggers() -> Value {
    let mut one = table([
        ("http", definition("call")),
        (
            "command",
            json!({ "type": "array", "items": { "type": "string" }, "minItems": 1 }),
        ),
        ("prompt", told("What a person is asked to do.", text())),
        ("none", told("Why the target does not offer it.", text())),
    ]);
    one["maxProperties"] = 1.into();
    let known = TriggerName::ALL.iter();
    closed(
        known
            .map(|known| (known.name().to_owned(), one.clone()))
            .collect(),
    )
}

fn probes() -> Value {
    table([("ledger", needing(["http"], [("http", definition("call"))]))])
}

fn waivers() -> Value {
    list(needing(
        ["requirement", "reason", "owner", "expires"],
        [
            ("requirement", text()),
            ("scenario", text()),
            ("reason", text()),
            ("owner", text()),
            (
                "expires",
                told(
                    "The last day on which it holds.",
                    json!({ "type": "string", "format": "date" }),
                ),
            ),
        ],
    ))
}

fn skips() -> Value {
    list(needing(
        ["scenario", "reason"],
        [
            ("scenario", told("An id or a glob such as deposit/**.", text())),
            ("reason", text()),
        ],
    ))
}

fn run() -> Value {
    let number = |least: i64| json!({ "type": "integer", "minimum": least });
    table([
        ("jobs", number(1)),
        ("seed", number(0)),
        ("strict", boolean()),
        ("scenarios", text()),
        ("snapshots", text()),
        (
            "report",
            list(json!({ "type": "string", "pattern": "^[^=]+=.+", "examples": ["json=run.json"] })),
        ),
        ("dry_run", boolean()),
        ("keep_bookings", boolean()),
        ("ci", boolean()),
        ("quiet", boolean()),
        ("verbose", boolean()),
        ("color", words::<Color>()),
    ])
}

fn definitions() -> Value {
    let mut reference = table([("env", text()), ("file", text())]);
    reference["minProperties"] = 1.into();
    reference["maxProperties"] = 1.into();
    reference["description"] = "Kept outside of the file: an environment variable or a file.".into();
    json!({ "reference": reference, "call": call() })
}

fn call() -> Value {
    let status = json!({ "type": "integer", "minimum": 100, "maximum": 599 });
    let auth = table([
        ("bearer", definition("reference")),
        ("user", definition("reference")),
        ("password", definition("reference")),
    ]);
    needing(
        ["url"],
        [
            ("method", words::<CallMethod>()),
            ("url", text_or_reference()),
            ("auth", auth),
            (
                "headers",
                json!({ "type": "object", "additionalProperties": text_or_reference() }),
            ),
            ("body", json!({ "type": "string" })),
            (
                "expect",
                json!({ "anyOf": [status, { "type": "array", "items": status }] }),
            ),
        ],
    )
}

fn credentials() -> Value {
    let secret = || definition("reference");
    needing(["user", "password"], [("user", secret()), ("password", secret())])
}

/// A table whose keys are fixed.
fn table<const N: usize>(properties: [(&str, Value); N]) -> Value {
    closed(object(properties))
}

/// The same, of which some keys must be there.
fn needing<const K: usize, const N: usize>(needed: [&str; K], properties: [(&str, Value); N]) -> Value {
    let mut table = table(properties);
    table["required"] = needed.as_slice().into();
    table
}

fn closed(properties: Map<String, Value>) -> Value {
    let mut table = json!({ "type": "object", "additionalProperties": false });
    table["properties"] = properties.into();
    table
}

fn object<const N: usize>(properties: [(&str, Value); N]) -> Map<String, Value> {
    let named = properties.into_iter();
    named.map(|(name, value)| (name.to_owned(), value)).collect()
}

fn told(description: &str, mut schema: Value) -> Value {
    schema["description"] = description.into();
    schema
}

fn text() -> Value {
    json!({ "type": "string", "minLength": 1 })
}

/// Written in the file or kept outside of it.
fn text_or_reference() -> Value {
    json!({ "anyOf": [text(), definition("reference")] })
}

fn duration() -> Value {
    json!({ "type": "string", "pattern": "[0-9]", "examples": ["15s", "500ms", "1m30s"] })
}

fn boolean() -> Value {
    json!({ "type": "boolean" })
}

fn list(items: Value) -> Value {
    let mut list = json!({ "type": "array" });
    list["items"] = items;
    list
}

fn words<W: Words>() -> Value {
    let words: Vec<_> = W::all().iter().map(|word| word.word()).collect();
    json!({ "enum": words })
}

fn definition(name: &str) -> Value {
    json!({ "$ref": format!("#/$defs/{name}") })
}
