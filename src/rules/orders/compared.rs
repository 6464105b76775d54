//! Two orders that should be one.

use super::{has_other_tickets, is_same_slot, items};
use crate::{person, reading};
use protocol::int64;
use scenario::matcher;
use serde_json::Value;

/// Where an order is not the one that is due: a pointer below it, what is due, and what is there.
pub(super) type Difference = (String, Value, Value);

/// Whom an order is of. What one of the two leaves out, and what cannot be read, is not compared.
pub(super) fn other_owner(due: &Value, shown: &Value) -> Option<Difference> {
    let ids = ["/merchant_id", "/user_information/user_id"];
    let id = ids.into_iter().find_map(|pointer| {
        let (due, shown) = reading::text(due, pointer).zip(reading::text(shown, pointer))?;
        (due != shown).then(|| (pointer.to_owned(), due.into(), shown.into()))
    });
    id.or_else(|| {
        let user = "/user_information";
        let (due, shown) = reading::set(due, user).zip(reading::set(shown, user))?;
        let (field, due, shown) = person::first_contradiction(due, shown)?;
        Some((format!("{user}/{field}"), due.into(), shown.into()))
    })
}

/// The first item that is none of those that are due, or is of other tickets.
pub(super) fn strange_item(due: &Value, shown: &Value) -> Option<Difference> {
    let mut open: Vec<&Value> = items("", due).into_iter().map(|(_, item)| item).collect();
    items("", shown).into_iter().find_map(|(pointer, item)| {
        let is_same = |one: &&Value| is_same_slot(one, item);
        let exact = open
            .iter()
            .position(|one| is_same(one) && !has_other_tickets(one, item));
        let Some(place) = exact.or_else(|| open.iter().position(is_same)) else {
            return Some((
                pointer,
                "no item beside those that were ordered".into(),
                item.clone(),
            ));
        };
        let one = open.remove(place);
        let of = |item: &Value| item.get("tickets").cloned().unwrap_or_default();
        has_other_tickets(one, item).then(|| (format!("{pointer}/tickets"), of(one), of(item)))
    })
}

/// The first of these fields that both state, and state differently. Numbers and decimal text are the same.
pub(super) fn other_value(due: &Value, shown: &Value, fields: &[&str]) -> Option<Difference> {
    fields.iter().find_map(|pointer| {
        let (due, shown) = reading::stated(due, pointer).zip(reading::stated(shown, pointer))?;
        let are_numbers = int64::read(&due).is_some() && int64::read(&shown).is_some();
        let are_readable = are_numbers || due.is_string() && shown.is_string();
        let is_other = are_readable && !matcher::equal(&due, Some(&shown));
        is_other.then(|| ((*pointer).to_owned(), due, shown))
    })
}

/// The last name of a pointer.
pub(super) fn name(pointer: &str) -> &str {
    pointer.rsplit('/').next().unwrap_or_default()
}
