//! Other forms of Google's messages: the same in meaning, or what a server may want instead.

use domain::slot::ConfirmationMode;
use protocol::model::{Field, Kind, Message, v3};
use protocol::plain::default_value;
use protocol::{Method, int64, time};
use scenario::Form;
use serde::Serialize as _;
use serde_json::ser::{PrettyFormatter, Serializer};
use serde_json::{Map, Value, json};

/// White space that JSON allows and nobody expects.
const INDENT: &[u8] = b"\t \r\n  ";

/// Rewrites the request message of a method.
pub(super) fn rewrite(request: &mut Value, method: Method, form: Form) {
    let name = method.request_message();
    let message = name.and_then(|name| v3().message(&name));
    *request = write(request, message, form);
}

/// The body text of a message.
pub(super) fn text(message: &Value, form: Option<Form>) -> String {
    let mut bytes = Vec::new();
    let mut spaced = Serializer::with_formatter(&mut bytes, PrettyFormatter::with_indent(INDENT));
    let done = form == Some(Form::Reversed) && message.serialize(&mut spaced).is_ok();
    let text = String::from_utf8(bytes).ok().filter(|_| done);
    text.unwrap_or_else(|| message.to_string())
}

fn write(value: &Value, message: Option<&Message>, form: Form) -> Value {
    match value {
        Value::Array(items) => items.iter().map(|item| write(item, message, form)).collect(),
        Value::Object(fields) => {
            let known = |name: &str| message.and_then(|message| message.field(name));
            let fields = fields.iter();
            let mut fields: Vec<_> = fields
                .map(|(name, value)| field(name, value, known(name), form))
                .collect();
            match (form, message) {
                (Form::Reversed, _) => fields.reverse(),
                (Form::Nulls, Some(message)) => {
                    fields.extend(unset_fields(message, value, |_| Some(Value::Null)));
                }
                (Form::Defaults, Some(message)) => {
                    fields.extend(unset_fields(message, value, |field| default_value(v3(), field)));
                }
                (Form::Modes, Some(message)) => fields.extend(unset_fields(message, value, at_once)),
                _ => {}
            }
            Value::Object(fields.into_iter().collect::<Map<_, _>>())
        }
        scalar => scalar.clone(),
    }
}

/// The fields of a message that have no value, with the one that they get, if they get one.
fn unset_fields(
    message: &Message,
    value: &Value,
    write: impl Fn(&Field) -> Option<Value>,
) -> Vec<(String, Value)> {
    let missing = message
        .fields
        .iter()
        .filter(|field| value.get(&field.name).is_none());
    missing
        .filter_map(|field| Some((field.name.clone(), write(field)?)))
        .collect()
}

/// The mode that an absent one means.
fn at_once(field: &Field) -> Option<Value> {
    let is_mode = field.kind == Kind::Enum("ConfirmationMode".to_owned());
    is_mode.then(|| json!(ConfirmationMode::Synchronous))
}

fn field(name: &str, value: &Value, known: Option<&Field>, form: Form) -> (String, Value) {
    let inner = match known.map(|field| &field.kind) {
        Some(Kind::Message(inner)) => v3().message(inner),
        _ => None,
    };
    let name_then = match (form, known) {
        (Form::CamelCase, Some(field)) => &field.json_name,
        _ => name,
    };
    let kind = known.map(|field| &field.kind);
    let other = match (form, kind, int64::read(value)) {
        (Form::Numbers, Some(Kind::Int64), Some(number)) => Some(json!(number)),
        (Form::TextNumbers, Some(Kind::Int32), Some(number)) => Some(json!(number.to_string())),
        (Form::Timestamps, Some(Kind::Int64), Some(number)) if name == "start_sec" => {
            time::seconds_to_timestamp(number).ok().map(Value::String)
        }
        _ => None,
    };
    (
        name_then.to_owned(),
        other.unwrap_or_else(|| write(value, inner, form)),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lookup() -> Value {
        let resources = json!({ "party_size": 2 });
        let slot = json!({ "service_id": "cut", "start_sec": "1893484800", "resource_ids": resources });
        json!({ "merchant_id": "77", "slot_time": [slot] })
    }

    fn rewrite_sample(form: Form) -> Value {
        let mut message = lookup();
        rewrite(&mut message, Method::BatchAvailabilityLookup, form);
        message
    }

    #[test]
    fn only_what_a_form_is_about_is_written_otherwise() {
        let number = rewrite_sample(Form::Numbers);
        assert_eq!(number["slot_time"][0]["start_sec"], json!(1_893_484_800));
        assert_eq!(number["merchant_id"], "77");
        let text = rewrite_sample(Form::TextNumbers);
        assert_eq!(text["slot_time"][0]["resource_ids"]["party_size"], "2");
        assert_eq!(text["slot_time"][0]["start_sec"], "1893484800");
        let timestamp = rewrite_sample(Form::Timestamps);
        assert_eq!(timestamp["slot_time"][0]["start_sec"], "2030-01-01T08:00:00Z");
        let nulls = rewrite_sample(Form::Nulls);
        assert_eq!(nulls["slot_time"][0].get("availability_tag"), Some(&Value::Null));
        let written = &rewrite_sample(Form::Defaults)["slot_time"][0];
        assert_eq!(
            (&written["availability_tag"], &written["duration_sec"]),
            (&json!(""), &json!("0"))
        );
        assert_eq!(written["confirmation_mode"], "CONFIRMATION_MODE_UNSPECIFIED");
        assert_eq!(
            written["resource_ids"],
            json!({ "party_size": 2, "staff_id": "", "room_id": "" })
        );
        let mut expected = lookup();
        expected["slot_time"][0]["confirmation_mode"] = json!("CONFIRMATION_MODE_SYNCHRONOUS");
        assert_eq!(rewrite_sample(Form::Modes), expected);
        let camel = rewrite_sample(Form::CamelCase);
        assert_eq!(camel["slotTime"][0]["resourceIds"]["partySize"], 2);
    }

    #[test]
    fn reversed_and_spaced_is_the_same_message() {
        let reversed = rewrite_sample(Form::Reversed);
        let body = text(&reversed, Some(Form::Reversed));
        assert!(body.find("slot_time") < body.find("merchant_id") && body.contains('\t'));
        assert_eq!(serde_json::from_str::<Value>(&body).ok(), Some(lookup()));
        assert_eq!(text(&lookup(), None), lookup().to_string());
    }
}
