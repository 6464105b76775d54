//! The form of the answers of waitlists.

use super::{Shortfall, field, refused_by, wants};
use protocol::Method;
use serde_json::Value;

pub(super) fn shortfall(method: Method, message: &Value) -> Option<Shortfall> {
    match method {
        Method::BatchGetWaitEstimates => estimates(message),
        Method::CreateWaitlistEntry => {
            refused_by(message, "waitlist_business_logic_failure").or_else(|| id(message))
        }
        Method::GetWaitlistEntry => wants(message, "/waitlist_entry", "a waitlist entry", Value::is_object),
        _ => None,
    }
}

/// Without a status nobody knows whether the list is open.
fn estimates(message: &Value) -> Option<Shortfall> {
    let listed = |value: &Value| value.is_array() || value.is_null();
    let estimates = message.get("wait_estimate").unwrap_or(&Value::Null);
    wants(message, "/waitlist_status", "a waitlist status", Value::is_string)
        .or_else(|| (!listed(estimates)).then(|| field("/wait_estimate", "a list of estimates")))
}

/// Without an id that can be read, nobody can speak of the entry again.
fn id(message: &Value) -> Option<Shortfall> {
    let is_text = |id: &Value| id.as_str().is_some_and(|text| !text.is_empty());
    wants(message, "/waitlist_entry_id", "a text", is_text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn an_entry_a_refusal_and_neither_are_told_apart() {
        let create = |message: Value| shortfall(Method::CreateWaitlistEntry, &message);
        assert_eq!(create(json!({ "waitlist_entry_id": "w" })), None);
        let full = json!({ "waitlist_business_logic_failure": { "cause": "WAITLIST_FULL" } });
        assert_eq!(create(full), Some(Shortfall::Refused("WAITLIST_FULL".into())));
        assert_eq!(create(json!({})), Some(field("/waitlist_entry_id", "a text")));
    }

    #[test]
    fn a_list_may_be_left_out_and_a_status_may_not() {
        let estimates = |message: Value| shortfall(Method::BatchGetWaitEstimates, &message);
        assert_eq!(estimates(json!({ "waitlist_status": "CLOSED_OTHER" })), None);
        assert!(estimates(json!({ "wait_estimate": [] })).is_some());
        assert!(estimates(json!({ "waitlist_status": "OPEN", "wait_estimate": {} })).is_some());
    }
}
