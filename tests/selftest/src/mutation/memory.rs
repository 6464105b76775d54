//! What was sent before, from which mutants take the values of others.

use super::area::Area;
use super::operator::Operator;
use super::place::{PATH, places};
use serde_json::Value;
use std::collections::{HashMap, VecDeque};
use std::sync::OnceLock;

/// So many messages of an area are remembered.
const KEPT: usize = 64;

/// One message and who it is about.
#[derive(Debug, Clone, Default)]
pub(crate) struct Message {
    /// The body of an answer; body, query and ids of the path of a notification.
    pub(crate) content: Value,
    booking: Option<String>,
    user: Option<String>,
    merchant: Option<String>,
}

impl Message {
    /// The answer to a request.
    pub(crate) fn answer(request: &Value, content: Value) -> Self {
        let named = |names| text_of(&content, names).or_else(|| text_of(request, names));
        Self {
            booking: named(&["booking_id"]),
            user: named(&["user_id"]),
            merchant: named(&["merchant_id"]),
            content,
        }
    }

    /// A notification.
    pub(crate) fn notification(content: Value) -> Self {
        Self {
            booking: text_of(&content[PATH], &["bookings"]),
            user: None,
            merchant: text_of(&content, &["merchantId", "merchants"]),
            content,
        }
    }

    #[cfg(test)]
    pub(crate) fn of_body(content: Value) -> Self {
        Self::answer(&Value::Null, content)
    }

    fn is_about_another(&self, operator: Operator, other: &Self) -> bool {
        let [own, theirs] = match operator {
            Operator::OtherBooking => [&self.booking, &other.booking],
            Operator::OtherUser => [&self.user, &other.user],
            Operator::OtherMerchant => [&self.merchant, &other.merchant],
            _ => return true,
        };
        own.is_some() && theirs.is_some() && own != theirs
    }
}

/// The first text under one of these names, wherever it stands.
fn text_of(value: &Value, names: &[&str]) -> Option<String> {
    match value {
        Value::Object(fields) => {
            let found = fields
                .iter()
                .find(|(name, value)| names.contains(&name.as_str()) && value.is_string());
            let own = found.and_then(|(_, value)| value.as_str());
            let text = own.map(ToOwned::to_owned);
            text.or_else(|| fields.values().find_map(|inner| text_of(inner, names)))
        }
        Value::Array(entries) => entries.iter().find_map(|entry| text_of(entry, names)),
        _ => None,
    }
}

/// The messages so far, the latest first.
#[derive(Debug, Default)]
pub(crate) struct Memory(HashMap<Area, VecDeque<Kept>>);

/// A message that is remembered.
#[derive(Debug)]
struct Kept {
    message: Message,
    /// Where each leaf stands first: asked for much more often than messages come.
    places: OnceLock<HashMap<String, String>>,
}

impl Kept {
    fn value_at(&self, area: Area, leaf: &str) -> Option<Value> {
        let content = &self.message.content;
        let places = self.places.get_or_init(|| {
            let mut first = HashMap::new();
            for place in places(area, content) {
                first.entry(place.leaf).or_insert(place.pointer);
            }
            first
        });
        content.pointer(places.get(leaf)?).cloned()
    }
}

impl Memory {
    /// Remembers a message as the partner made it.
    pub(crate) fn keep(&mut self, area: Area, message: Message) {
        let kept = self.0.entry(area).or_default();
        kept.push_front(Kept {
            message,
            places: OnceLock::new(),
        });
        kept.truncate(KEPT);
    }

    /// The message before.
    pub(crate) fn previous(&self, area: Area) -> Option<&Message> {
        Some(&self.0.get(&area)?.front()?.message)
    }

    /// What stands at a leaf in an earlier message about somebody else; it differs from what stands there in this one.
    pub(crate) fn other(
        &self,
        operator: Operator,
        area: Area,
        leaf: &str,
        message: &Message,
    ) -> Option<Value> {
        let own = value_at(area, leaf, message);
        let mut earlier = self.0.get(&area)?.iter();
        if operator == Operator::Previous {
            return earlier
                .next()?
                .value_at(area, leaf)
                .filter(|value| Some(value) != own.as_ref());
        }
        earlier
            .filter(|other| message.is_about_another(operator, &other.message))
            .filter_map(|other| other.value_at(area, leaf))
            .find(|value| Some(value) != own.as_ref())
    }
}

fn value_at(area: Area, leaf: &str, message: &Message) -> Option<Value> {
    let all = places(area, &message.content);
    let place = all.iter().find(|place| place.leaf == leaf)?;
    message.content.pointer(&place.pointer).cloned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::Method;
    use serde_json::json;

    #[test]
    fn values_are_taken_of_messages_about_others() {
        let area = Area::Answer(Method::CreateBooking, 200);
        let booking = |id: &str, merchant: &str, start: &str| {
            let slot = json!({ "merchant_id": merchant, "start_sec": start });
            Message::of_body(json!({ "booking": { "booking_id": id, "slot": slot } }))
        };
        let mut memory = Memory::default();
        memory.keep(area, booking("one", "salon", "1"));
        memory.keep(area, booking("two", "barber", "2"));
        memory.keep(area, booking("two", "barber", "3"));
        let of = |operator| {
            memory.other(
                operator,
                area,
                "booking.slot.start_sec",
                &booking("two", "barber", "3"),
            )
        };
        assert_eq!(of(Operator::OtherBooking), Some(json!("1")));
        assert_eq!(of(Operator::OtherMerchant), Some(json!("1")));
        assert_eq!(of(Operator::Previous), None);
        assert_eq!(of(Operator::OtherUser), None);
    }
}
