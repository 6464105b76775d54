//! `[triggers]` and `[probes]`: how to make the partner act, and how to look at what it did with money.

use super::http_call::{CallMethod, HttpCall, template};
use super::reader::Section;
use super::template::{Template, TemplateError, TemplatePlace};
use super::value::Value;
use super::words::suggest;
use domain::TriggerName;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// What a text about a booking may name.
const OF_A_BOOKING: &[&str] = &[
    "booking_id",
    "merchant_id",
    "service_id",
    "start_sec",
    "duration_sec",
    "party_size",
];

/// What a text about a slot that nobody booked may name.
const OF_A_SLOT: &[&str] = &[
    "merchant_id",
    "service_id",
    "start_sec",
    "duration_sec",
    "party_size",
];

/// What a text about an entry of a waitlist may name.
const OF_AN_ENTRY: &[&str] = &["waitlist_entry_id", "merchant_id", "service_id"];

/// What a text about a waitlist may name.
const OF_A_WAITLIST: &[&str] = &["merchant_id", "service_id"];

/// The placeholders that a trigger of this name may use.
fn placeholders(name: TriggerName) -> &'static [&'static str] {
    match name {
        TriggerName::CloseSlot => OF_A_SLOT,
        name if name.is_about_entry() => OF_AN_ENTRY,
        name if name.is_about_waitlist() => OF_A_WAITLIST,
        _ => OF_A_BOOKING,
    }
}

/// How the partner is made to act.
#[derive(Debug, Clone)]
pub enum Trigger {
    /// A request to the partner's test interface.
    Http(HttpCall),
    /// A program, run without a shell.
    Command(CommandCall),
    /// A person does it and says so.
    Prompt(Template),
    /// Declared as not offered, with the reason.
    None(String),
}

/// A program and its arguments, run in the folder of the config.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommandCall {
    /// A name that is looked up in `PATH`, or a path.
    pub program: PathBuf,
    /// Arguments; a value never becomes more than one of them.
    pub arguments: Vec<Template>,
    /// Where it runs.
    pub folder: PathBuf,
}

impl CommandCall {
    /// The arguments for one booking.
    pub fn arguments_for(&self, values: &BTreeMap<&str, String>) -> Result<Vec<String>, TemplateError> {
        self.arguments
            .iter()
            .map(|argument| argument.render(values))
            .collect()
    }
}

/// Every trigger that the config declares.
pub type Triggers = BTreeMap<TriggerName, Trigger>;

/// Ways to look at what the partner did; without them nothing is claimed about it.
#[derive(Debug, Clone, Default)]
pub struct Probes {
    /// What was charged, held and refunded for a booking.
    pub ledger: Option<HttpCall>,
}

impl Probes {
    pub(super) fn read(section: &Section<'_>) -> Self {
        let ledger = section.get("ledger").and_then(|value| value.table(ledger));
        Self {
            ledger: ledger.flatten(),
        }
    }
}

fn ledger(section: &Section<'_>) -> Option<HttpCall> {
    let http = section.need(
        "http",
        "add http = { url = \"https://host.example/ledger/{booking_id}\" }",
    )?;
    let call = http.table(|section| HttpCall::read(section, CallMethod::Get, OF_A_BOOKING));
    call.flatten()
}

/// Reads `[triggers]`, whose keys are names of triggers.
pub(super) fn read(section: &Section<'_>) -> Triggers {
    let entries = section.entries().into_iter().filter_map(|(value, name, span)| {
        let Some(known) = TriggerName::ALL.iter().find(|known| known.name() == name) else {
            let names: Vec<_> = TriggerName::ALL.iter().map(|known| known.name()).collect();
            let message = format!("no trigger is called `{name}`");
            section.reader.problem(span, message, suggest(&names, name));
            section.reader.hide(value.node);
            return None;
        };
        let trigger = value.table(|section| trigger(section, placeholders(*known)));
        Some((*known, trigger??))
    });
    entries.collect()
}

fn trigger(section: &Section<'_>, known: &[&str]) -> Option<Trigger> {
    let ways = ["http", "command", "prompt", "none"].map(|way| (way, section.get(way)));
    let mut given: Vec<_> = ways
        .into_iter()
        .filter_map(|(way, value)| Some((way, value?)))
        .collect();
    let read: Vec<_> = given
        .iter()
        .map(|(way, value)| way_of(way, value, known))
        .collect();
    match (given.pop(), given.as_slice()) {
        (Some(_), []) => read.into_iter().next().flatten(),
        (None, _) => {
            let message = format!("`{}` has no way: the partner cannot be made to act", section.path);
            let help = "add one of http, command, prompt; or none = \"why it is not offered\"";
            section.reader.missing(section.span.clone(), message, help);
            None
        }
        (Some((last, value)), others) => {
            let others: Vec<_> = others.iter().map(|(way, _)| *way).collect();
            let message = format!("has {} and {last}; a trigger has one way", others.join(", "));
            value.wrong_in(&section.path, &message, "keep the one that is meant");
            None
        }
    }
}

fn way_of(way: &str, value: &Value<'_>, known: &[&str]) -> Option<Trigger> {
    match way {
        "http" => {
            let call = value.table(|section| HttpCall::read(section, CallMethod::Post, known));
            call.flatten().map(Trigger::Http)
        }
        "command" => command(value, known).map(Trigger::Command),
        "prompt" => template(value, value.string()?, TemplatePlace::Plain, known).map(Trigger::Prompt),
        _ => value.string().map(|why| Trigger::None(why.to_owned())),
    }
}

fn command(value: &Value<'_>, known: &[&str]) -> Option<CommandCall> {
    let words = value.list(|item| template(item, item.string()?, TemplatePlace::Plain, known))?;
    let mut words = words.into_iter();
    let program = words
        .next()
        .and_then(|program| program.render(&BTreeMap::new()).ok());
    let Some(program) = program else {
        value.wrong(
            "does not begin with a program",
            "write it like [\"./bin/cancel\", \"{booking_id}\"]",
        );
        return None;
    };
    Some(CommandCall {
        program: located(value, &program),
        arguments: words.collect(),
        folder: value.reader.folder().to_owned(),
    })
}

/// A bare name is left to `PATH`; anything with a folder in it is relative to the config.
fn located(value: &Value<'_>, program: &str) -> PathBuf {
    if program.contains('/') || program.contains(std::path::MAIN_SEPARATOR) {
        return value.reader.path(program);
    }
    PathBuf::from(program)
}
