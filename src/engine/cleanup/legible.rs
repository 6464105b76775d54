//! What a person could read in an answer of the wrong form: JSON after a warning, in a wrapper or in a string, an id that is a
//! number. It is used to cancel bookings only: whoever judges reads answers as Google does.

use protocol::{int64, time};
use serde_json::{Deserializer, Map, Value};

/// A page in which no JSON begins after so many brackets has none.
const ATTEMPTS: usize = 64;

/// JSON in a string in JSON is read so deep.
const DEPTH: usize = 3;

/// Characters between the name of a field and its value, at most: quotes, a colon, blanks, the end of a tag.
const GAP: usize = 8;

/// A booking that an answer names.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct NamedBooking {
    /// Its id; a number as its digits.
    pub(super) id: String,
    /// Its status.
    pub(super) status: Option<String>,
    /// The start of its slot.
    pub(super) start: Option<Start>,
    /// Its merchant.
    pub(super) merchant_id: Option<String>,
    /// Its service.
    pub(super) service_id: Option<String>,
    /// Its user.
    pub(super) user_id: Option<String>,
}

impl NamedBooking {
    /// True unless its status says that it has ended.
    pub(super) fn is_active(&self) -> bool {
        self.status.as_deref().is_none_or(is_active_status)
    }

    fn of(fields: &Map<String, Value>) -> Option<Self> {
        let id = field(fields, "bookingid").and_then(text_of)?;
        let slot = field(fields, "slot").and_then(Value::as_object);
        let of_slot = |name| slot.and_then(|slot| field(slot, name));
        let user = field(fields, "userinformation").and_then(Value::as_object);
        let status = field(fields, "status").or_else(|| field(fields, "bookingstatus"));
        Some(Self {
            id,
            status: status.and_then(text_of),
            start: of_slot("startsec").map(Start::of),
            merchant_id: of_slot("merchantid").and_then(text_of),
            service_id: of_slot("serviceid").and_then(text_of),
            user_id: user.and_then(|user| field(user, "userid")).and_then(text_of),
        })
    }
}

/// When a slot starts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Start {
    /// Epoch seconds.
    At(i64),
    /// What nobody can read: it can only be compared.
    Odd(String),
}

impl Start {
    /// Scenarios write some as timestamps, and so may a partner.
    pub(super) fn of(value: &Value) -> Self {
        let timestamp = || time::timestamp_to_seconds(value.as_str()?).ok();
        let seconds = int64::read(value).or_else(timestamp);
        seconds.map_or_else(|| Self::Odd(value.to_string()), Self::At)
    }

    pub(super) fn seconds(&self) -> Option<i64> {
        match self {
            Self::At(seconds) => Some(*seconds),
            Self::Odd(_) => None,
        }
    }
}

/// True for the states in which a booking blocks its slot.
pub(super) fn is_active_status(status: &str) -> bool {
    matches!(
        status,
        "CONFIRMED" | "PENDING_MERCHANT_CONFIRMATION" | "PENDING_CLIENT_CONFIRMATION"
    )
}

/// The bookings that a body names, in its order.
pub(super) fn bookings_in(body: &str) -> Vec<NamedBooking> {
    let mut found = Vec::new();
    visit_objects(body, &mut |fields| found.extend(NamedBooking::of(fields)));
    found
}

/// The booking id in a body: in its JSON, or else after the name of the field, as in XML or in half a message.
pub(super) fn booking_id_in(body: &str) -> Option<String> {
    let named = bookings_in(body).into_iter().next();
    named.map(|named| named.id).or_else(|| id_after_name(body))
}

/// True when a body has a `booking_failure` that says something.
pub(super) fn has_failure(body: &str) -> bool {
    let mut found = false;
    visit_objects(body, &mut |fields| {
        let failure = field(fields, "bookingfailure").and_then(Value::as_object);
        found |= failure.is_some_and(|failure| !failure.is_empty());
    });
    found
}

/// A field by its name in lower case without separators: partners write `booking_id`, `bookingId` and `BookingID`.
fn field<'v>(fields: &'v Map<String, Value>, name: &str) -> Option<&'v Value> {
    let plain = |written: &str| written.replace(['_', '-'], "").eq_ignore_ascii_case(name);
    let mut all = fields.iter();
    all.find_map(|(written, value)| plain(written).then_some(value))
}

/// Text or the digits of a number, if there is any.
fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

fn visit_objects(body: &str, visit: &mut dyn FnMut(&Map<String, Value>)) {
    for value in values_in(body) {
        walk(&value, DEPTH, visit);
    }
}

fn walk(value: &Value, depth: usize, visit: &mut dyn FnMut(&Map<String, Value>)) {
    match value {
        Value::Object(fields) => {
            visit(fields);
            fields.values().for_each(|value| walk(value, depth, visit));
        }
        Value::Array(items) => items.iter().for_each(|item| walk(item, depth, visit)),
        Value::String(text) if depth > 0 && text.contains('{') => {
            for value in values_in(text) {
                walk(&value, depth - 1, visit);
            }
        }
        _ => {}
    }
}

/// The body as JSON, or else every JSON object or list that stands in it.
fn values_in(body: &str) -> Vec<Value> {
    let body = body.trim_start_matches('\u{feff}');
    if let Ok(value) = serde_json::from_str(body) {
        return vec![value];
    }
    let mut values = Vec::new();
    let mut rest = body;
    for _ in 0..ATTEMPTS {
        let Some(begin) = rest.find(['{', '[']) else { break };
        rest = &rest[begin..];
        let mut stream = Deserializer::from_str(rest).into_iter::<Value>();
        match stream.next() {
            Some(Ok(value)) => {
                rest = &rest[stream.byte_offset()..];
                values.push(value);
            }
            _ => rest = &rest[1..],
        }
    }
    values
}

/// Letters and digits that follow the name of the field in a text of any form.
fn id_after_name(body: &str) -> Option<String> {
    let lower = body.to_ascii_lowercase();
    ["booking_id", "bookingid", "booking-id"].iter().find_map(|name| {
        let after = &body[lower.find(name)? + name.len()..];
        let id = after.trim_start_matches(|letter: char| !letter.is_alphanumeric() && letter != '\n');
        let gap = after.len() - id.len();
        let id: String = id
            .chars()
            .take_while(|letter| letter.is_alphanumeric() || "-_.:".contains(*letter))
            .collect();
        ((1..=GAP).contains(&gap) && !id.is_empty() && id != "null").then_some(id)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_id_is_read_in_whatever_form_it_comes() {
        for (body, id) in [
            (r#"{"booking":{"booking_id":"b-1"}}"#, "b-1"),
            (r#"{"booking":{"booking_id":412}}"#, "412"),
            (r#"{"data":{"booking":{"bookingId":"b/1 +"}}}"#, "b/1 +"),
            ("\u{feff}{\"booking\":{\"booking_id\":\"b-1\"}}", "b-1"),
            (
                "<b>Warning</b>: $a[{0}] in <b>a.php</b>\n{\"booking\":{\"booking_id\":\"b-1\"}}",
                "b-1",
            ),
            (r#""{\"booking\":{\"booking_id\":\"b-1\"}}""#, "b-1"),
            (
                r#"{"statusCode":200,"body":"{\"booking\":{\"booking_id\":\"b-1\"}}"}"#,
                "b-1",
            ),
            (r#"[{"booking":{"BookingID":"b-1"}}]"#, "b-1"),
            ("<booking><booking_id>b-1</booking_id></booking>", "b-1"),
            (r#"{"booking":{"booking_id":"b-1","slot":{"#, "b-1"),
        ] {
            assert_eq!(booking_id_in(body).as_deref(), Some(id), "{body}");
        }
    }

    #[test]
    fn no_id_is_made_of_what_has_none() {
        for body in [
            "",
            "{}",
            "null",
            r#"{"booking":{"booking_id":""}}"#,
            r#"{"booking":{"booking_id":null}}"#,
            r#"{"user_information":{"user_id":"1"}}"#,
            "no booking_id",
            "<html>{{{{[[[[</html>",
        ] {
            assert_eq!(booking_id_in(body), None, "{body}");
        }
    }

    #[test]
    fn a_failure_counts_wherever_it_stands_if_it_says_something() {
        assert!(has_failure(
            r#"{"data":{"booking_failure":{"cause":"SLOT_UNAVAILABLE"}}}"#
        ));
        assert!(has_failure(
            "\u{feff}{\"bookingFailure\":{\"cause\":\"SLOT_UNAVAILABLE\"}}"
        ));
        assert!(!has_failure(
            r#"{"booking_failure":null,"booking":{"booking_id":"b"}}"#
        ));
        assert!(!has_failure(r#"{"booking_failure":{}}"#));
    }

    #[test]
    fn a_list_is_read_with_slots_and_states() {
        let body = r#"{"result":{"bookings":[{"booking_id":7,"status":"CANCELED","slot":{"start_sec":"60"}},
            {"booking_id":"b","slot":{"startSec":61,"service_id":"s"},"user_information":{"user_id":"u"}}]}}"#;
        let found = bookings_in(body);
        assert_eq!(found.len(), 2);
        assert!(!found[0].is_active() && found[0].start == Some(Start::At(60)));
        assert!(found[1].is_active() && found[1].start == Some(Start::At(61)));
        assert_eq!(found[1].user_id.as_deref(), Some("u"));
    }
}
