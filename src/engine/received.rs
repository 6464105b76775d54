//! Calls that arrive at Google's side, as facts of the histories.

use super::board::Window;
use google::{Call, Route, booking_named_in, without_verb};
use indexmap::IndexMap;
use percent_encoding::percent_decode_str;
use protocol::time;
use serde_json::Value;
use transcript::{Notification, ReceivedCall, SlotKey, Subject};

/// The recorded form of a masked call; token requests and calls outside the API are not notifications.
pub(super) fn notification(call: &Call) -> Option<Notification> {
    let subject = subject(call)?;
    Some(Notification::from(ReceivedCall {
        subject,
        verb: call.method.clone(),
        target: call.target.clone(),
        headers: call.headers.clone(),
        raw: String::from_utf8_lossy(&call.body).into_owned(),
        mask: mask(call).map(|mask| split_mask(&mask)),
        booking_failure: flatten(call.booking_failure.as_ref().unwrap_or(&Value::Null)),
        lints: call.lints.iter().map(ToString::to_string).collect(),
        fault: call.fault.clone(),
        status: call.answer.status,
        answer: call.answer.body.clone().unwrap_or_default(),
        before: None,
        after: None,
    }))
}

/// The mask as it was sent, also where the verb was wrong and nobody looked at the query.
fn mask(call: &Call) -> Option<String> {
    let read = call.update_mask.as_ref().map(|mask| mask.sent.clone());
    read.unwrap_or_else(|| mask_in(&call.target))
}

fn mask_in(target: &str) -> Option<String> {
    let query = target.split_once('?')?.1;
    let mut pairs = form_urlencoded::parse(query.as_bytes());
    let sent = pairs.find(|(name, _)| name == "updateMask" || name == "update_mask");
    sent.map(|(_, mask)| mask.into_owned())
}

fn split_mask(mask: &str) -> Vec<String> {
    mask.split(',')
        .map(|path| path.trim().to_owned())
        .filter(|path| !path.is_empty())
        .collect()
}

fn subject(call: &Call) -> Option<Subject> {
    match &call.route {
        Route::Booking { partner, booking_id } => Some(Subject::Booking {
            partner: partner.clone(),
            booking_id: booking_id.clone(),
        }),
        Route::BatchAvailability { partner } => {
            let entries = call
                .decoded
                .as_ref()
                .and_then(|body| body["extendedServiceAvailability"].as_array());
            let slots = entries
                .into_iter()
                .flatten()
                .flat_map(|entry| slots(entry, &entry["merchantId"], &entry["serviceId"]));
            Some(Subject::Availability {
                partner: partner.clone(),
                slots: slots.collect(),
            })
        }
        Route::Availability {
            partner,
            merchant,
            service,
        } => {
            let (merchant, service) = (Value::from(merchant.as_str()), Value::from(service.as_str()));
            let entry = call.decoded.as_ref().map(|body| &body["serviceAvailability"]);
            let slots = entry
                .into_iter()
                .flat_map(|entry| slots(entry, &merchant, &service))
                .collect();
            Some(Subject::Availability {
                partner: partner.clone(),
                slots,
            })
        }
        Route::Resource { .. }
        | Route::Records { .. }
        | Route::Status { .. }
        | Route::Invalidation { .. }
        | Route::Batch
        | Route::Token
        | Route::Discovery => None,
        Route::Unknown => misrouted_subject(&call.target, call.json.as_ref()),
    }
}

/// The windows that an inventory update replaces.
pub(super) fn windows(call: &Call) -> Vec<Window> {
    let body = call.decoded.as_ref();
    let bound = |entry: &Value, name: &str| {
        entry[name]
            .as_str()
            .and_then(|time| time::timestamp_to_seconds(time).ok())
    };
    let window = |entry: &Value, merchant: &str, service: &str| Window {
        merchant_id: merchant.to_owned(),
        service_id: service.to_owned(),
        from_sec: bound(entry, "startTimeRestrict"),
        to_sec: bound(entry, "endTimeRestrict"),
    };
    match &call.route {
        Route::BatchAvailability { .. } => {
            let entries = body
                .and_then(|body| body["extendedServiceAvailability"].as_array())
                .into_iter()
                .flatten();
            let named = |entry: &Value| {
                Some(window(
                    entry,
                    entry["merchantId"].as_str()?,
                    entry["serviceId"].as_str()?,
                ))
            };
            entries.filter_map(named).collect()
        }
        Route::Availability {
            merchant, service, ..
        } => body
            .map(|body| window(&body["serviceAvailability"], merchant, service))
            .into_iter()
            .collect(),
        _ => Vec::new(),
    }
}

/// A call that was meant for the API but misses it (an invented method or another version, for example) is still the
/// partner's notification.
fn misrouted_subject(target: &str, body: Option<&Value>) -> Option<Subject> {
    let path = target.split('?').next()?;
    let segments: Vec<_> = path.split('/').filter(|segment| !segment.is_empty()).collect();
    let after = |name: &str| {
        let place = segments.iter().position(|segment| *segment == name)?;
        let text = percent_decode_str(segments.get(place + 1)?).decode_utf8_lossy();
        Some(text.into_owned())
    };
    let is_of = |name: &str| {
        segments
            .iter()
            .any(|segment| segment.split(':').next() == Some(name))
    };
    let is_of_the_api = segments.first().is_some_and(|version| version.starts_with("v1"));
    let partner = after("partners").unwrap_or_default();
    match () {
        () if is_of("bookings") || is_of("notification") => {
            let in_path = after("bookings").map(|id| without_verb(&id).to_owned());
            let booking_id = in_path
                .or_else(|| body.and_then(booking_named_in))
                .unwrap_or_default();
            Some(Subject::Booking { partner, booking_id })
        }
        () if is_of_the_api || is_of("inventory") || is_of("availability") => Some(Subject::Availability {
            partner,
            slots: Vec::new(),
        }),
        () => None,
    }
}

/// The slots of one entry: those it lists, and the start of its window when it clears it.
fn slots(entry: &Value, merchant: &Value, service: &Value) -> Vec<SlotKey> {
    let listed = entry["availability"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|slot| &slot["startTime"]);
    let window = std::iter::once(&entry["startTimeRestrict"]);
    let mut keys: Vec<_> = listed
        .chain(window)
        .filter_map(|start| {
            Some(SlotKey {
                merchant_id: merchant.as_str()?.to_owned(),
                service_id: service.as_str()?.to_owned(),
                start_sec: time::timestamp_to_seconds(start.as_str()?).ok()?,
            })
        })
        .collect();
    keys.sort();
    keys.dedup();
    keys
}

/// `bookingFailure` as dotted names.
fn flatten(failure: &Value) -> IndexMap<String, String> {
    fn walk(value: &Value, at: &str, leaves: &mut IndexMap<String, String>) {
        match value {
            Value::Object(fields) => fields
                .iter()
                .for_each(|(name, value)| walk(value, &format!("{at}.{name}"), leaves)),
            Value::String(text) => drop(leaves.insert(at.to_owned(), text.clone())),
            other => drop(leaves.insert(at.to_owned(), other.to_string())),
        }
    }
    let mut leaves = IndexMap::new();
    walk(failure, "bookingFailure", &mut leaves);
    leaves
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn booking_at(target: &str, body: Option<&Value>) -> Option<String> {
        match misrouted_subject(target, body)? {
            Subject::Booking { booking_id, .. } => Some(booking_id),
            Subject::Availability { .. } => None,
        }
    }

    #[test]
    fn a_notification_that_misses_the_api_is_still_about_its_booking() {
        let found = |target| booking_at(target, None);
        let id = Some("bk-1".to_owned());
        assert_eq!(
            found("/v1/notification/partners/7/bookings/bk-1?updateMask=status"),
            id
        );
        assert_eq!(found("/notification/partners/7/bookings/bk-1"), id);
        assert_eq!(
            found("/v1alpha/notification/partners/7/bookings/bk-1:updateStatus"),
            id
        );
        let named = json!({ "booking": { "name": "partners/7/bookings/bk-1" } });
        let invented = "/v1alpha/notification/partners/7/bookings:notify";
        assert_eq!(booking_at(invented, Some(&named)), id);
        assert_eq!(booking_at(invented, Some(&json!({ "bookingId": "bk-1" }))), id);
        assert_eq!(found(invented).as_deref(), Some(""));
    }

    #[test]
    fn an_inventory_update_that_misses_the_api_is_about_availability() {
        let subject = |target| misrouted_subject(target, None);
        let of_a_merchant = "/v1alpha/inventory/partners/7/merchants/salon/availability:replace";
        assert!(matches!(
            subject(of_a_merchant),
            Some(Subject::Availability { .. })
        ));
        assert!(matches!(
            subject("/availability:replace"),
            Some(Subject::Availability { .. })
        ));
        assert_eq!(subject("/favicon.ico"), None);
    }

    #[test]
    fn the_mask_of_a_call_with_the_wrong_verb_is_read_from_its_query() {
        let target = "/v1alpha/notification/partners/1/bookings/b?x=1&updateMask=status%2CstartTime";
        assert_eq!(mask_in(target).as_deref(), Some("status,startTime"));
        assert_eq!(mask_in("/v1alpha/notification/partners/1/bookings/b"), None);
    }
}
