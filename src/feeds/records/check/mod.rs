//! What a record says wrong beside what booking needs of it: looked at once, while the record is read, and told
//! as faults. Nothing here makes a record unusable.
//!
//! Where only a look is taken, fields are JSON values: a wrong type is a fault then, and no unreadable file.

mod gateway;
mod ids;
mod merchant;
mod online;
mod place;
mod service;
mod text;

pub(super) use merchant::merchant;
pub(super) use place::country;
pub(super) use service::{may_be_free, service, ticket_ids};
pub(super) use text::first as first_text;

use serde_json::Value;

/// The member of an object, unless it is absent or `null`.
fn member<'v>(value: &'v Value, name: &str) -> Option<&'v Value> {
    value.get(name).filter(|value| !value.is_null())
}

/// A string that says something.
fn said(value: Option<&Value>) -> Option<&str> {
    value?.as_str().filter(|text| !text.trim().is_empty())
}
