//! A notification as one message: body, query and the ids in its path.

use super::place::{BODY, PATH, QUERY};
use reference_server::Outgoing;
use serde_json::{Map, Value, json};

/// The segments of a path that are followed by an id.
const NAMED: [&str; 4] = ["partners", "bookings", "merchants", "services"];

/// One message of the three parts of a notification.
pub(crate) fn content_of(path: &str, query: &[(String, String)], body: &Value) -> Value {
    let mut ids = Map::new();
    let mut segments = path.split('/');
    while let Some(segment) = segments.next() {
        if NAMED.contains(&segment)
            && let Some(id) = segments.next()
        {
            ids.insert(segment.to_owned(), json!(id));
        }
    }
    let parameters = query.iter().map(|(name, value)| (name.clone(), json!(value)));
    json!({ (BODY): body, (QUERY): parameters.collect::<Map<_, _>>(), (PATH): ids })
}

/// Makes the notification what the message says. An id that is no text any more is written as JSON, one that is absent
/// leaves an empty segment.
pub(crate) fn fill_in(outgoing: &mut Outgoing, content: &Value) {
    outgoing.body = content[BODY].clone();
    let parameters = content[QUERY].as_object().into_iter().flatten();
    outgoing.query = parameters
        .map(|(name, value)| (name.clone(), text(value)))
        .collect();
    let mut segments: Vec<String> = outgoing.path.split('/').map(ToOwned::to_owned).collect();
    for at in 1..segments.len() {
        if NAMED.contains(&segments[at - 1].as_str()) {
            segments[at] = text(&content[PATH][&segments[at - 1]]);
        }
    }
    outgoing.path = segments.join("/");
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use reference_server::Subject;

    #[test]
    fn what_is_taken_apart_is_put_together_again() {
        let path = "/v1alpha/notification/partners/1/bookings/b";
        let query = vec![("updateMask".to_owned(), "status".to_owned())];
        let mut outgoing = Outgoing {
            subject: Subject::Booking {
                booking_id: "b".into(),
            },
            method: "PATCH".into(),
            path: path.into(),
            query: query.clone(),
            body: json!({ "status": "CANCELED" }),
        };
        let before = outgoing.clone();
        let mut content = content_of(path, &query, &before.body);
        fill_in(&mut outgoing, &content);
        assert_eq!(outgoing, before);
        content[PATH]["bookings"] = json!("c");
        content[QUERY] = json!({});
        fill_in(&mut outgoing, &content);
        assert_eq!(outgoing.path, "/v1alpha/notification/partners/1/bookings/c");
        assert!(outgoing.query.is_empty());
    }
}
