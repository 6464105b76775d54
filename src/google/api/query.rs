//! Query parameters: system parameters are consumed, the rest binds to leaves of the request message.

use crate::api::decoder::{Decoded, decode_object};
use crate::api::violation::{self, Violation};
use protocol::model::{Field, Kind, Model};
use serde_json::{Map, Value};

/// A parsed query.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Query {
    /// `access_token` or `oauth_token`.
    pub(crate) token: Option<String>,
    /// An API key was sent.
    pub(crate) has_key: bool,
    /// `prettyPrint=false` was sent.
    pub(crate) compact: bool,
    /// `$.xgafv=1` was sent: errors are wanted in the older form.
    pub(crate) legacy_errors: bool,
    /// How much of the answer is wanted, if not all.
    pub(crate) wanted: Option<String>,
    /// What is left, decoded, in order.
    pub(crate) fields: Vec<(String, String)>,
}

const SYSTEM: [&str; 11] = [
    "access_token",
    "oauth_token",
    "alt",
    "callback",
    "fields",
    "key",
    "prettyPrint",
    "quotaUser",
    "uploadType",
    "upload_protocol",
    ".xgafv",
];

impl Query {
    pub(crate) fn parse(raw: &str) -> Self {
        let mut query = Self::default();
        query.add(raw.as_bytes());
        query
    }

    /// More parameters: a body that says that it is a form is read like the query.
    pub(crate) fn add(&mut self, form: &[u8]) {
        for (name, value) in form_urlencoded::parse(form) {
            let system = name.strip_prefix('$').unwrap_or(&name);
            if SYSTEM.contains(&system) {
                self.system(system, value.into_owned());
            } else {
                self.fields.push((name.into_owned(), value.into_owned()));
            }
        }
    }

    fn system(&mut self, name: &str, value: String) {
        match name {
            "access_token" | "oauth_token" => self.token = Some(value),
            "key" => self.has_key = true,
            "fields" => self.wanted = Some(value),
            "prettyPrint" => self.compact = value == "false",
            ".xgafv" => self.legacy_errors = value == "1",
            _ => {}
        }
    }
}

/// Binds the parameters to the request message; what `bound` names comes from the path or the body instead.
pub(crate) fn bind(
    model: &Model,
    message: &str,
    bound: &[&str],
    fields: &[(String, String)],
) -> Result<Decoded, Vec<Violation>> {
    let mut tree = Map::new();
    let mut violations = Vec::new();
    for (name, value) in fields {
        match leaf(model, message, name) {
            Ok(path)
                if ![&path[0].json_name, &path[0].name]
                    .iter()
                    .any(|name| bound.contains(&name.as_str())) =>
            {
                violations.extend(place(&mut tree, &path, name, value).err());
            }
            Ok(_) => violations.push(violation::cannot_bind(name, first_segment(name))),
            Err(missing) => violations.push(violation::cannot_bind(name, missing)),
        }
    }
    if violations.is_empty() {
        decode_object(model, message, "", &tree)
    } else {
        Err(violations)
    }
}

/// The fields that a dotted name leads through, or the first segment that its message does not have.
fn leaf<'m, 'n>(model: &'m Model, message: &str, name: &'n str) -> Result<Vec<&'m Field>, &'n str> {
    let mut around = model.message(message);
    let mut path = Vec::new();
    for segment in name.split('.') {
        let field = around.and_then(|around| around.field(segment)).ok_or(segment)?;
        around = match &field.kind {
            Kind::Message(inner) => model.message(inner),
            _ => None,
        };
        path.push(field);
    }
    Ok(path)
}

fn first_segment(name: &str) -> &str {
    name.split('.').next().unwrap_or(name)
}

fn place(tree: &mut Map<String, Value>, path: &[&Field], name: &str, text: &str) -> Result<(), Violation> {
    let unbound = || violation::cannot_bind(name, first_segment(name));
    let (last, parents) = path.split_last().ok_or_else(unbound)?;
    let mut node = tree;
    for parent in parents {
        let entry = node
            .entry(parent.json_name.clone())
            .or_insert_with(|| Value::Object(Map::new()));
        node = entry
            .as_object_mut()
            .ok_or_else(|| violation::cannot_bind(name, &parent.name))?;
    }
    if node.contains_key(&last.json_name) {
        return Err(violation::not_repeating(name, ""));
    }
    node.insert(last.json_name.clone(), leaf_value(last, path, name, text)?);
    Ok(())
}

fn leaf_value(field: &Field, path: &[&Field], name: &str, text: &str) -> Result<Value, Violation> {
    match &field.kind {
        Kind::Message(_) | Kind::Struct | Kind::StringMap | Kind::Empty => {
            Err(violation::cannot_bind_message(name))
        }
        Kind::Enum(_) if text.is_empty() => {
            let at: Vec<&str> = path.iter().map(|field| field.name.as_str()).collect();
            Err(violation::invalid_value(&at.join("."), "TYPE_ENUM", "\"\""))
        }
        Kind::Enum(_) => Ok(text
            .parse::<i64>()
            .map_or_else(|_| Value::from(text), Value::from)),
        _ => Ok(Value::from(text)),
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    use serde_json::json;

    use super::*;
    use protocol::model::v1alpha;

    fn bound(raw: &str) -> Result<Value, Vec<Violation>> {
        let query = Query::parse(raw);
        bind(v1alpha(), "UpdateBookingRequest", &["booking"], &query.fields)
            .map(|decoded| Value::Object(decoded.value))
    }

    fn refusal(raw: &str) -> Violation {
        bound(raw).unwrap_err().remove(0)
    }

    #[test]
    fn leaves_bind_under_either_spelling() {
        let value = bound(
            "updateMask=status%2CpartySize&bookingFailure.cause=SLOT_UNAVAILABLE&booking_failure.description=a+b",
        );
        let failure = json!({"cause":"SLOT_UNAVAILABLE","description":"a b"});
        assert_eq!(
            value.unwrap(),
            json!({"updateMask":"status,partySize","bookingFailure":failure})
        );
        let deep = bound("bookingFailure.paymentFailure.threeds1Parameters.acsUrl=u").unwrap();
        assert_eq!(
            deep.pointer("/bookingFailure/paymentFailure/threeds1Parameters/acsUrl"),
            Some(&json!("u"))
        );
        assert_eq!(
            bound("update_mask=status").unwrap(),
            json!({"updateMask":"status"})
        );
    }

    #[test]
    fn system_parameters_are_consumed() {
        let query = Query::parse(
            "%24alt=json&key=k&prettyPrint=false&$.xgafv=2&quotaUser=u&oauth_token=t&fields=name",
        );
        let expected = Query {
            token: Some("t".to_owned()),
            has_key: true,
            compact: true,
            legacy_errors: false,
            wanted: Some("name".to_owned()),
            fields: Vec::new(),
        };
        assert_eq!(query, expected);
    }

    #[test]
    fn the_older_form_of_errors_is_asked_for_by_its_number() {
        assert!(Query::parse("$.xgafv=1").legacy_errors);
        assert!(!Query::parse("$.xgafv=2").legacy_errors);
    }

    #[test]
    fn each_refusal_has_its_frame() {
        let at_cause = "Invalid value at 'booking_failure.cause'";
        let kind = "type.googleapis.com/google.maps.booking.v1alpha.BookingFailure.Cause";
        for (raw, field, description) in [
            (
                "foo=1",
                "",
                "Invalid JSON payload received. Unknown name \"foo\": Cannot bind query parameter. \
                 Field 'foo' could not be found in request message."
                    .to_owned(),
            ),
            (
                "booking_failure.ip_address=1",
                "",
                "Invalid JSON payload received. Unknown name \"booking_failure.ip_address\": Cannot bind query \
                 parameter. Field 'ip_address' could not be found in request message."
                    .to_owned(),
            ),
            (
                "bookingFailure.cause=FOO",
                "booking_failure.cause",
                format!("{at_cause} ({kind}), \"FOO\""),
            ),
            (
                "bookingFailure.cause=",
                "booking_failure.cause",
                format!("{at_cause} (TYPE_ENUM), \"\""),
            ),
        ] {
            assert_eq!(
                refusal(raw),
                Violation {
                    field: field.to_owned(),
                    description
                },
                "{raw}"
            );
        }
    }

    #[test]
    fn a_message_cannot_be_one_parameter() {
        assert!(
            refusal("bookingFailure=%7B%7D")
                .description
                .contains("'bookingFailure' is a message type.")
        );
    }

    #[test]
    fn what_the_body_binds_is_not_a_parameter() {
        assert!(
            refusal("booking.status=CANCELED")
                .description
                .contains("could not be found in request message.")
        );
    }

    #[test]
    fn a_repeated_parameter_is_refused() {
        assert!(
            refusal("updateMask=status&updateMask=duration")
                .description
                .contains("not repeating")
        );
        assert!(
            refusal("updateMask=status&update_mask=duration")
                .description
                .contains("not repeating")
        );
    }
}
