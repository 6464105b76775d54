//! The places of a message, each with what the wire model says of it.

use super::area::Area;
use protocol::model::{Kind, Message, Model};
use serde_json::Value;

/// The parts of a notification beside its body.
pub(crate) const QUERY: &str = "query";
/// The ids in the path of a notification.
pub(crate) const PATH: &str = "path";
/// The body of a notification beside the two.
pub(crate) const BODY: &str = "body";

/// One place of one message.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Place {
    /// JSON pointer in the message as it is sent.
    pub(crate) pointer: String,
    /// Path in proto names, list indices folded to `[]`.
    pub(crate) leaf: String,
    /// What stands there.
    pub(crate) kind: Kind,
    /// True for the list itself; its entries are places, too.
    pub(crate) is_list: bool,
    /// True for an entry of a list.
    pub(crate) is_entry: bool,
}

/// Every place of a message that the wire model describes, from the top down.
pub(crate) fn places(area: Area, message: &Value) -> Vec<Place> {
    let model = area.api().model();
    let mut walk = Walk {
        model,
        found: Vec::new(),
    };
    let described = area.message().and_then(|name| model.message(&name));
    if !area.is_notification() {
        walk.message(described, message, "", "");
        return walk.found;
    }
    if let Some(body) = message.get(BODY) {
        walk.message(described, body, &format!("/{BODY}"), "");
    }
    for part in [QUERY, PATH] {
        for name in message[part].as_object().into_iter().flat_map(|part| part.keys()) {
            walk.found.push(Place {
                pointer: format!("/{part}/{name}"),
                leaf: format!("{part}.{name}"),
                kind: if name == "updateMask" {
                    Kind::FieldMask
                } else {
                    Kind::String
                },
                is_list: false,
                is_entry: false,
            });
        }
    }
    walk.found
}

struct Walk {
    model: &'static Model,
    found: Vec<Place>,
}

impl Walk {
    fn message(&mut self, message: Option<&Message>, value: &Value, pointer: &str, leaf: &str) {
        let (Some(message), Some(fields)) = (message, value.as_object()) else {
            return;
        };
        for (name, value) in fields {
            let Some(field) = message.field(name) else {
                continue;
            };
            let place = Place {
                pointer: format!("{pointer}/{name}"),
                leaf: join(leaf, &field.name),
                kind: field.kind.clone(),
                is_list: field.is_repeated(),
                is_entry: false,
            };
            match value.as_array().filter(|_| field.is_repeated()) {
                Some(entries) => self.list(place, entries),
                None => self.single(place, value),
            }
        }
    }

    fn list(&mut self, place: Place, entries: &[Value]) {
        for (index, entry) in entries.iter().enumerate() {
            self.single(
                Place {
                    pointer: format!("{}/{index}", place.pointer),
                    leaf: format!("{}[]", place.leaf),
                    kind: place.kind.clone(),
                    is_list: false,
                    is_entry: true,
                },
                entry,
            );
        }
        self.found.push(place);
    }

    fn single(&mut self, place: Place, value: &Value) {
        if let Kind::Message(name) = &place.kind {
            let message = self.model.message(name);
            self.message(message, value, &place.pointer, &place.leaf);
        }
        self.found.push(place);
    }
}

fn join(path: &str, name: &str) -> String {
    if path.is_empty() {
        name.to_owned()
    } else {
        format!("{path}.{name}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::Method;
    use serde_json::json;

    #[test]
    fn indices_are_folded_and_either_spelling_is_read() {
        let answer =
            json!({ "slotTimeAvailability": [{ "available": true, "odd": 1 }, { "available": false }] });
        let places = places(Area::Answer(Method::BatchAvailabilityLookup, 200), &answer);
        let found: Vec<_> = places
            .iter()
            .map(|place| (place.pointer.as_str(), place.leaf.as_str()))
            .collect();
        assert_eq!(
            found,
            [
                (
                    "/slotTimeAvailability/0/available",
                    "slot_time_availability[].available"
                ),
                ("/slotTimeAvailability/0", "slot_time_availability[]"),
                (
                    "/slotTimeAvailability/1/available",
                    "slot_time_availability[].available"
                ),
                ("/slotTimeAvailability/1", "slot_time_availability[]"),
                ("/slotTimeAvailability", "slot_time_availability"),
            ]
        );
    }

    #[test]
    fn path_and_query_of_a_notification_are_part_of_it() {
        let message = json!({
            "body": { "status": "CANCELED" }, "query": { "updateMask": "status" }, "path": { "bookings": "b" },
        });
        let places = places(Area::Booking, &message);
        let leaves: Vec<_> = places.iter().map(|place| place.leaf.as_str()).collect();
        assert_eq!(leaves, ["status", "query.updateMask", "path.bookings"]);
        assert_eq!(places[1].kind, Kind::FieldMask);
    }
}
