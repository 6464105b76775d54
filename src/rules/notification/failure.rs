//! What a notification says of a failure, in its query or its body.

use super::PartnerCall;
use protocol::spelling::to_json_path;
use serde_json::Value;

/// The fields of `bookingFailure`, by their dotted JSON names, as they are written in the query. Read from the target, since
/// our side forgets the query of a call that it refuses.
pub(super) fn in_query(call: &PartnerCall<'_>) -> Vec<(String, String)> {
    let query = call
        .notification
        .target
        .split_once('?')
        .map_or("", |(_, query)| query);
    let pairs = form_urlencoded::parse(query.as_bytes());
    pairs
        .filter_map(|(name, value)| {
            let name = to_json_path(&name);
            let field = name.strip_prefix("bookingFailure.")?.to_owned();
            Some((field, value.into_owned()))
        })
        .collect()
}

/// One field of the failure in the query.
pub(super) fn field(call: &PartnerCall<'_>, name: &str) -> Option<String> {
    let mut fields = in_query(call).into_iter();
    fields.find(|(field, _)| field == name).map(|(_, value)| value)
}

/// The wrong place of a failure, in words; none when it is in query parameters of its own.
pub(super) fn wrong_place(call: &PartnerCall<'_>) -> Option<&'static str> {
    let names = ["bookingFailure", "booking_failure"];
    let body = call.notification.json().and_then(Value::as_object);
    if body.is_some_and(|body| names.iter().any(|name| body.contains_key(*name))) {
        return Some("in the body");
    }
    let query = call
        .notification
        .target
        .split_once('?')
        .map_or("", |(_, query)| query);
    let mut pairs = form_urlencoded::parse(query.as_bytes());
    pairs
        .any(|(name, _)| names.contains(&&*name))
        .then_some("as one parameter")
}
