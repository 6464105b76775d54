//! Alterations that more than one table needs.

use super::alter::{Alter, Answer, Memory};
use serde_json::{Map, Value, json};

/// A partner without one method: the right caller gets this answer, and strangers what they always get.
pub(crate) fn without(method: &'static str, answer: Answer) -> Alter {
    without_all(vec![(method, answer)])
}

/// A partner without these methods.
pub(crate) fn without_all(lacking: Vec<(&'static str, Answer)>) -> Alter {
    Alter::calls(move |call| {
        let instead = lacking.iter().find(|(name, _)| *name == call.method());
        if let Some((_, answer)) = instead {
            call.answer_instead(answer.clone());
        }
        None
    })
}

/// What a router says of a path that it does not have.
pub(crate) fn not_found() -> Answer {
    Answer::text(404, "text/html", "<h1>Not Found</h1>")
}

/// Changes the word about every slot that a look-up is answered with.
pub(crate) fn availability(word: impl Fn(bool) -> Value + Send + Sync + 'static) -> Alter {
    Alter::answers(move |call, answer| {
        if call.method() == "BatchAvailabilityLookup" {
            for entry in entries(answer) {
                entry["available"] = word(entry["available"] == true);
            }
        }
    })
}

/// The entries of an answer to a look-up.
pub(crate) fn entries(answer: &mut Answer) -> impl Iterator<Item = &mut Value> {
    let entries = answer.json.get_mut("slot_time_availability");
    entries.and_then(Value::as_array_mut).into_iter().flatten()
}

/// A partner whose bookings all have the id 1234, which means the newest of them.
pub(crate) fn one_booking_id() -> Alter {
    let newest: Memory<Value> = Memory::default();
    let meant = newest.clone();
    Alter::calls(move |call| {
        for pointer in ["/booking_id", "/booking/booking_id"] {
            if call.text(pointer) == Some("1234")
                && let Some(place) = call.json.pointer_mut(pointer)
            {
                *place = meant.recall("1234").unwrap_or_default();
            }
        }
        None
    })
    .and_answers(move |call, answer| {
        let id = answer.json.pointer("/booking/booking_id");
        if let Some(id) = id.filter(|_| call.method() == "CreateBooking") {
            newest.keep("1234", id.clone());
        }
        each_object(&mut answer.json, &|fields| {
            if let Some(id) = fields.get_mut("booking_id") {
                *id = json!("1234");
            }
        });
    })
}

/// Changes every object of a message, wherever it stands.
pub(crate) fn each_object(message: &mut Value, change: &dyn Fn(&mut Map<String, Value>)) {
    match message {
        Value::Object(fields) => {
            change(fields);
            fields.values_mut().for_each(|value| each_object(value, change));
        }
        Value::Array(items) => items.iter_mut().for_each(|value| each_object(value, change)),
        _ => {}
    }
}
