//! Rules about inventory updates, judged where the target sends them at all.

pub(super) mod confirmation_mode;
pub(super) mod entry_ids;
pub(super) mod field_names;
pub(super) mod freed;
pub(super) mod moved;
pub(super) mod restricts;
pub(super) mod style;
pub(super) mod taken;

use super::{Case, access, reading};
use domain::Capability;
use domain::slot::Slot;
use percent_encoding::percent_decode_str;
use protocol::time;
use serde_json::Value;
use transcript::{Notification, Subject};

/// True when the target sends inventory updates.
fn is_offered(case: &Case<'_>) -> bool {
    case.can(Capability::AvailabilityRtu)
}

/// An inventory update with its body in JSON names, whatever spelling the partner used.
struct Update {
    /// True for the form that names merchant and service in each entry, false for the one that does so in the path.
    batch: bool,
    body: Value,
}

impl Update {
    /// The update that a call is, if it is one with a JSON object.
    fn of(notification: &Notification) -> Option<Self> {
        let body = notification.body.as_ref().filter(|body| body.is_object())?;
        let path = notification.target.split('?').next().unwrap_or_default();
        let replaces = path
            .replace("%3A", ":")
            .replace("%3a", ":")
            .ends_with("/availability:replace");
        if !replaces || !matches!(notification.subject, Subject::Availability { .. }) {
            return None;
        }
        let batch = segment(&notification.target, "services").is_none();
        let mut update = Self {
            batch,
            body: Value::Null,
        };
        update.body = reading::in_json_names(update.message(), body);
        Some(update)
    }

    fn message(&self) -> &'static str {
        if self.batch {
            "BatchReplaceServiceAvailabilityRequest"
        } else {
            "ReplaceServiceAvailabilityRequest"
        }
    }

    /// The entries with their pointers.
    fn entries(&self) -> Vec<(String, &Value)> {
        if !self.batch {
            let one = self.body.get("serviceAvailability");
            return one
                .map(|entry| ("/serviceAvailability".to_owned(), entry))
                .into_iter()
                .collect();
        }
        let list = self
            .body
            .get("extendedServiceAvailability")
            .and_then(Value::as_array);
        let list = list.into_iter().flatten().enumerate();
        list.map(|(index, entry)| (format!("/extendedServiceAvailability/{index}"), entry))
            .collect()
    }
}

/// The percent-decoded segment of a path that follows the one of this name.
fn segment(target: &str, name: &str) -> Option<String> {
    let path = target.split('?').next().unwrap_or_default();
    let mut segments = path.split('/');
    segments.find(|segment| *segment == name)?;
    let text = segments.next()?.split(':').next().unwrap_or_default();
    Some(percent_decode_str(text).decode_utf8_lossy().into_owned())
}

/// Whether an update at or after a moment speaks of the slot: by an entry of its start, or by a window around it, whose
/// empty list says that the slot is gone. None when one that was refused and never came again may have done so.
fn was_updated(case: &Case<'_>, slot: &Slot, from_ms: u64) -> Option<bool> {
    let about = || {
        let later = case.notes().filter(move |note| note.at_ms >= from_ms);
        later.filter(|note| speaks_of(note.notification, slot))
    };
    if about().any(|note| note.accepted()) {
        Some(true)
    } else {
        (!any_refused(case)).then(|| about().next().is_some())
    }
}

/// True when an update lists the slot or is the complete list of a window around it.
pub(super) fn speaks_of(notification: &Notification, slot: &Slot) -> bool {
    lists(notification, slot) || covers(notification, slot)
}

/// True when an update was refused or does not say whom it is for: what it meant to say is then another rule's finding.
pub(super) fn any_refused(case: &Case<'_>) -> bool {
    let refused = |notification: &Notification| {
        let shut = notification.status == 400 || access::refused(notification).is_some();
        matches!(notification.subject, Subject::Availability { .. }) && notification.fault.is_none() && shut
    };
    let nameless = |orphan: &Notification| entry_ids::missing_id(orphan).is_some();
    case.notes().any(|note| refused(note.notification))
        || case
            .orphans
            .iter()
            .any(|orphan| refused(orphan) || nameless(orphan))
}

fn lists(notification: &Notification, slot: &Slot) -> bool {
    let Subject::Availability { slots, .. } = &notification.subject else {
        return false;
    };
    slots.iter().any(|key| {
        key.start_sec == slot.start_sec
            && key.merchant_id == slot.merchant_id
            && key.service_id == slot.service_id
    })
}

fn covers(notification: &Notification, slot: &Slot) -> bool {
    let Some(update) = Update::of(notification) else {
        return false;
    };
    let in_path = |name: &str| segment(&notification.target, name);
    update.entries().into_iter().any(|(_, entry)| {
        let id = |field: &str, plural: &str| {
            let named = reading::text(entry, field).map(ToOwned::to_owned);
            named.or_else(|| in_path(plural))
        };
        let seconds =
            |field: &str| reading::text(entry, field).and_then(|text| time::timestamp_to_seconds(text).ok());
        let after = seconds("/startTimeRestrict").is_some_and(|start| start <= slot.start_sec);
        let before = seconds("/endTimeRestrict").is_some_and(|end| slot.start_sec < end);
        let merchant = id("/merchantId", "merchants").as_deref() == Some(slot.merchant_id.as_str());
        let service = id("/serviceId", "services").as_deref() == Some(slot.service_id.as_str());
        merchant && service && after && before
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{START, replaced};
    use serde_json::json;

    #[test]
    fn the_form_for_one_service_names_it_in_its_path() {
        let mut single = replaced(START, json!({}));
        single.target =
            "/v1alpha/inventory/partners/1/merchants/salon/services/cut%2F2/availability%3Areplace?alt=json"
                .into();
        single.body =
            Some(json!({ "service_availability": { "startTimeRestrict": "2030-01-01T08:00:00Z" } }));
        assert_eq!(segment(&single.target, "services").as_deref(), Some("cut/2"));
        let update = Update::of(&single);
        let places: Vec<_> = update
            .iter()
            .flat_map(Update::entries)
            .map(|(pointer, _)| pointer)
            .collect();
        assert_eq!(places, ["/serviceAvailability"]);
    }

    #[test]
    fn other_calls_to_the_inventory_are_no_updates() {
        let mut other = replaced(START, json!({}));
        other.target = "/v1alpha/inventory/partners/1/merchants/salon/services?serviceId=cut".into();
        assert!(Update::of(&other).is_none());
    }
}
