//! Field names of the wire model, as far as a scenario file uses them.

use super::matcher;
use super::reading::{Node, Span};
use protocol::Method;
use protocol::model::{Kind, Message, Model};
use protocol::schema::{Api, Fault, validate};

/// A field that a message does not have.
pub(super) struct UnknownField {
    /// Its dotted name.
    pub(super) name: String,
    /// Where it stands.
    pub(super) span: Span,
}

/// Names in a value, or in the matchers of an expectation, that the message does not have.
pub(super) fn unknown_fields(model: &Model, message: &Message, value: &Node) -> Vec<UnknownField> {
    let mut unknown = Vec::new();
    for (key, value) in value.entries() {
        let name = key.text().unwrap_or_default();
        if matcher::MATCHERS.contains(&&*name) {
            let operands = value.items().iter();
            unknown.extend(operands.flat_map(|operand| unknown_fields(model, message, operand)));
            continue;
        }
        match message.field(&name) {
            None => unknown.push(UnknownField {
                name: name.into_owned(),
                span: key.span,
            }),
            Some(field) => {
                if let Kind::Message(inner) = &field.kind
                    && let Some(inner) = model.message(inner)
                {
                    let items = value.items().iter();
                    let below = items.flat_map(|item| unknown_fields(model, inner, item));
                    unknown.extend(below.map(|below| UnknownField {
                        name: format!("{name}.{}", below.name),
                        ..below
                    }));
                }
            }
        }
    }
    unknown
}

/// The names of a message and of the messages directly in it, for suggestions.
pub(super) fn message_names(model: &Model, message: &Message) -> Vec<String> {
    let inner = message.fields.iter().filter_map(|field| match &field.kind {
        Kind::Message(name) => model.message(name),
        _ => None,
    });
    let all = std::iter::once(message).chain(inner);
    all.flat_map(|message| message.fields.iter().map(|field| field.name.clone()))
        .collect()
}

/// Values that do not fit a call's message, with their places; unknown names and what is left to Google are not meant,
/// and a template may still become anything.
pub(super) fn misfits(method: Method, with: &Node) -> Vec<(String, Span)> {
    let message = method.request_message();
    let violations = message.map_or_else(Vec::new, |message| validate(Api::V3, &message, &with.value()));
    let wrong = violations
        .into_iter()
        .filter(|violation| !matches!(violation.fault, Fault::Missing | Fault::Unknown));
    let written =
        wrong.filter(|violation| !violation.actual.as_str().is_some_and(|text| text.contains("{{")));
    written
        .map(|violation| {
            let span = with.at(&violation.pointer).span;
            (format!("{} at {}", violation.actual, violation.pointer), span)
        })
        .collect()
}

/// True when the field at a dotted path is one that its message requires.
pub(super) fn is_required(method: Method, path: &str) -> bool {
    let parents: Vec<&str> = path.split('.').take(path.matches('.').count()).collect();
    let empty = parents.iter().rev().fold(
        serde_json::json!({}),
        |inner, name| serde_json::json!({ *name: inner }),
    );
    let wanted = format!("/{}", path.replace('.', "/"));
    let message = method.request_message().unwrap_or_default();
    let missing = validate(Api::V3, &message, &empty);
    missing
        .iter()
        .any(|violation| violation.fault == Fault::Missing && violation.pointer == wanted)
}

/// The known name that looks most like a wrong one, or another next step.
pub(super) fn suggestion(wrong: &str, known: &[String], otherwise: &str) -> String {
    match likeliest(wrong, known) {
        Some(name) => format!("did you mean `{name}`?"),
        None => otherwise.to_owned(),
    }
}

/// The known name that looks most like a wrong one, if one does.
pub(super) fn likeliest<'k, S: AsRef<str>>(wrong: &str, known: &'k [S]) -> Option<&'k str> {
    let likeness = known
        .iter()
        .map(|name| (strsim::jaro_winkler(name.as_ref(), wrong), name.as_ref()));
    let (likeness, name) = likeness.max_by(|a, b| a.0.total_cmp(&b.0))?;
    (likeness > 0.75).then_some(name)
}
