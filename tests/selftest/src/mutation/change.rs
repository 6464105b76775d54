//! What becomes of a whole message: the same for what was recorded, to list mutants, and for what is on its way, to make one.

use super::area::Area;
use super::canonical::{default_of, meaning};
use super::memory::{Memory, Message};
use super::operator::Operator;
use super::place::{BODY, Place};
use super::value::changed;
use protocol::model::Kind;
use serde_json::{Map, Value};

/// The message as an operator leaves it, at one leaf or as a whole; none where that means the same as before.
///
/// A legal operator has to mean the same and to be written differently.
pub(crate) fn mutated(
    operator: Operator,
    area: Area,
    (leaf, places): (&str, &[Place]),
    message: &Message,
    earlier: &Memory,
) -> Option<Value> {
    let own: Vec<&Place> = places.iter().filter(|place| place.leaf == leaf).collect();
    let body = match operator {
        Operator::PreviousBody => earlier.previous(area)?.content.clone(),
        Operator::Reordered => reordered(&message.content),
        Operator::DefaultsWritten | Operator::NullsWritten if leaf.is_empty() => {
            written_out(operator, area, whole(area)?, message)?
        }
        Operator::DefaultsWritten | Operator::NullsWritten => written_out(
            operator,
            area,
            own.into_iter().filter_map(node).collect(),
            message,
        )?,
        _ => at_places(operator, area, &own, message, earlier)?,
    };
    let is_same = meaning(area, &body) == meaning(area, &message.content);
    let is_different = if operator.is_legal() {
        // Values are equal in whatever order their fields stand; what is sent is not.
        let [written, sent] = [&body, &message.content].map(ToString::to_string);
        is_same && written != sent
    } else {
        !is_same
    };
    is_different.then_some(body)
}

fn at_places(
    operator: Operator,
    area: Area,
    places: &[&Place],
    message: &Message,
    earlier: &Memory,
) -> Option<Value> {
    if places.is_empty() {
        return None;
    }
    let mut body = message.content.clone();
    let mut is_changed = false;
    for place in places {
        is_changed |= at_place(operator, area, place, message, earlier, &mut body).is_some();
    }
    is_changed.then_some(body)
}

fn at_place(
    operator: Operator,
    area: Area,
    place: &Place,
    message: &Message,
    earlier: &Memory,
    body: &mut Value,
) -> Option<()> {
    let model = area.api().model();
    match operator {
        Operator::Removed | Operator::DefaultOmitted => {
            let (parent, name) = place.pointer.rsplit_once('/')?;
            body.pointer_mut(parent)?.as_object_mut()?.shift_remove(name)?;
        }
        Operator::Up => up(area, &place.pointer, body)?,
        Operator::Down => {
            let (_, name) = place.pointer.rsplit_once('/')?;
            let value = body.pointer_mut(&place.pointer).filter(|_| !place.is_entry)?;
            let inner = Map::from_iter([(name.to_owned(), value.take())]);
            *value = Value::Object(inner);
        }
        Operator::OtherBooking | Operator::OtherUser | Operator::OtherMerchant | Operator::Previous => {
            let other = earlier.other(operator, area, &place.leaf, message)?;
            *body.pointer_mut(&place.pointer)? = other;
        }
        _ => {
            let value = body.pointer_mut(&place.pointer)?;
            *value = changed(operator, model, place, value)?;
        }
    }
    Some(())
}

/// Moves a field into the object around the one in which it stands, over a list if there is one between them.
fn up(area: Area, pointer: &str, body: &mut Value) -> Option<()> {
    let (parent, name) = pointer.rsplit_once('/')?;
    let mut target = parent.rsplit_once('/')?.0;
    if body.pointer(target)?.is_array() {
        target = target.rsplit_once('/')?.0;
    }
    // Above the body of a notification there is nothing to be sent.
    let is_outside = area.is_notification() && target.is_empty();
    if is_outside || body.pointer(target)?.as_object()?.contains_key(name) {
        return None;
    }
    let value = body.pointer_mut(parent)?.as_object_mut()?.shift_remove(name)?;
    let target = body.pointer_mut(target)?.as_object_mut()?;
    target.insert(name.to_owned(), value);
    Some(())
}

/// The message as a whole, and its type.
fn whole(area: Area) -> Option<Vec<(String, String)>> {
    let root = if area.is_notification() {
        format!("/{BODY}")
    } else {
        String::new()
    };
    Some(vec![(root, area.message()?)])
}

/// A message in another one, and its type.
fn node(place: &Place) -> Option<(String, String)> {
    match &place.kind {
        Kind::Message(name) => Some((place.pointer.clone(), name.clone())),
        _ => None,
    }
}

/// Writes out what is absent in messages, each of a type.
fn written_out(
    operator: Operator,
    area: Area,
    nodes: Vec<(String, String)>,
    message: &Message,
) -> Option<Value> {
    if nodes.is_empty() {
        return None;
    }
    let mut body = message.content.clone();
    for (pointer, name) in nodes {
        let model = area.api().model();
        let Some(fields) = body.pointer_mut(&pointer).and_then(Value::as_object_mut) else {
            continue;
        };
        for field in &model.message(&name)?.fields {
            let written = if area.is_notification() {
                &field.json_name
            } else {
                &field.name
            };
            let value = match operator {
                Operator::NullsWritten => Some(Value::Null),
                _ => default_of(model, field),
            };
            if !fields.contains_key(&field.name) && !fields.contains_key(&field.json_name) {
                value.map(|value| fields.insert(written.clone(), value));
            }
        }
    }
    Some(body)
}

fn reordered(value: &Value) -> Value {
    match value {
        Value::Object(fields) => {
            let turned = fields
                .iter()
                .rev()
                .map(|(name, value)| (name.clone(), reordered(value)));
            Value::Object(turned.collect())
        }
        Value::Array(entries) => entries.iter().map(reordered).collect(),
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mutation::place::places;
    use protocol::Method;
    use serde_json::json;

    const LOOKED_UP: Area = Area::Answer(Method::BatchAvailabilityLookup, 200);
    const AVAILABLE: &str = "slot_time_availability[].available";

    fn made(operator: Operator, leaf: &str, body: Value) -> Option<Value> {
        let places = places(LOOKED_UP, &body);
        let message = Message::of_body(body);
        mutated(operator, LOOKED_UP, (leaf, &places), &message, &Memory::default())
    }

    #[test]
    fn every_place_of_a_leaf_is_changed() {
        let body = json!({ "slot_time_availability": [{ "available": true }, { "available": true }] });
        let removed = made(Operator::Removed, AVAILABLE, body.clone());
        assert_eq!(removed, Some(json!({ "slot_time_availability": [{}, {}] })));
        let down = made(Operator::Down, AVAILABLE, body);
        let entry = json!({ "available": { "available": true } });
        assert_eq!(down, Some(json!({ "slot_time_availability": [entry, entry] })));
    }

    #[test]
    fn a_field_goes_up_over_its_list_and_never_onto_another() {
        let body = json!({ "slot_time_availability": [{ "available": true }] });
        let up = made(Operator::Up, AVAILABLE, body);
        assert_eq!(
            up,
            Some(json!({ "slot_time_availability": [{}], "available": true }))
        );
    }

    #[test]
    fn what_means_the_same_is_a_legal_mutant_and_no_other() {
        let free = json!({ "slot_time_availability": [{ "available": false }] });
        assert_eq!(made(Operator::Removed, AVAILABLE, free.clone()), None);
        assert!(made(Operator::DefaultOmitted, AVAILABLE, free).is_some());
        let taken = json!({ "slot_time_availability": [{ "available": true }] });
        assert_eq!(made(Operator::DefaultOmitted, AVAILABLE, taken.clone()), None);
        let nulls = made(Operator::NullsWritten, "slot_time_availability[]", taken);
        assert_eq!(
            nulls,
            Some(json!({ "slot_time_availability": [{ "available": true, "slot_time": null }] }))
        );
    }
}
