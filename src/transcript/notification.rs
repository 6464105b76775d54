//! Calls of the partner to Google's APIs.

use super::Fault;
use super::message::Message;
use indexmap::IndexMap;
use percent_encoding::percent_decode_str;
use protocol::spelling::to_json_path;
use serde::{Deserialize, Serialize, Serializer};
use serde_json::Value;
use std::ops::Deref;

/// What a notification is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    /// A booking.
    Booking {
        /// Partner id in the path.
        partner: String,
        /// Booking id in the path, percent-decoded.
        booking_id: String,
    },
    /// Availability of the listed slots: merchant, service, start (epoch seconds) where they could be read.
    Availability {
        /// Partner id in the path.
        partner: String,
        /// The slots that the call names.
        slots: Vec<SlotKey>,
    },
}

/// Names a slot in an inventory update.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct SlotKey {
    /// Merchant id.
    pub merchant_id: String,
    /// Service id.
    pub service_id: String,
    /// Start, epoch seconds.
    pub start_sec: i64,
}

/// One call of the partner to Google's side as it came, with our answer: what a [`Notification`] is made of.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ReceivedCall {
    /// What it is about.
    pub subject: Subject,
    /// HTTP verb as received.
    pub verb: String,
    /// Path and query as received.
    pub target: String,
    /// Headers as received, secrets masked.
    pub headers: Vec<(String, String)>,
    /// The body as received (text).
    pub raw: String,
    /// `updateMask` as received, paths split; none when it was absent.
    pub mask: Option<Vec<String>>,
    /// `bookingFailure.*` query parameters by their dotted name.
    pub booking_failure: IndexMap<String, String>,
    /// What our side noticed while it accepted the call.
    pub lints: Vec<String>,
    /// What went wrong on our side on purpose, if anything did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fault: Option<Fault>,
    /// Our answer's status code; zero when we gave none.
    pub status: u16,
    /// Our answer's body.
    pub answer: Value,
    /// Google's copy of the booking before the call, in the API's own form.
    pub before: Option<Value>,
    /// Google's copy of the booking after the call.
    pub after: Option<Value>,
}

/// What kind of call it is, read from its address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotificationRoute {
    /// An update of a booking.
    Booking {
        /// The paths of the mask in JSON names; none when no path was named.
        mask: Option<Vec<String>>,
    },
    /// An inventory update whose entries name merchant and service.
    BatchInventory,
    /// An inventory update of one service.
    ServiceInventory {
        /// Merchant id in the path.
        merchant_id: Option<String>,
        /// Service id in the path.
        service_id: String,
    },
    /// No update of a booking or of the inventory.
    Other,
}

impl NotificationRoute {
    fn of(call: &ReceivedCall) -> Self {
        if matches!(call.subject, Subject::Booking { .. }) {
            return Self::Booking { mask: paths(call) };
        }
        let path = call.target.split('?').next().unwrap_or_default();
        if !replaces_availability(path) {
            return Self::Other;
        }
        match segment_after(path, "services") {
            None => Self::BatchInventory,
            Some(service_id) => Self::ServiceInventory {
                merchant_id: segment_after(path, "merchants"),
                service_id,
            },
        }
    }

    /// The message type of the body.
    pub fn message(&self) -> Option<&'static str> {
        match self {
            Self::Booking { .. } => Some("Booking"),
            Self::BatchInventory => Some("BatchReplaceServiceAvailabilityRequest"),
            Self::ServiceInventory { .. } => Some("ReplaceServiceAvailabilityRequest"),
            Self::Other => None,
        }
    }
}

fn paths(call: &ReceivedCall) -> Option<Vec<String>> {
    let sent = call.mask.iter().flatten();
    let paths: Vec<_> = sent
        .map(|path| to_json_path(path.trim()))
        .filter(|path| !path.is_empty())
        .collect();
    (!paths.is_empty()).then_some(paths)
}

fn replaces_availability(path: &str) -> bool {
    path.replace("%3A", ":")
        .replace("%3a", ":")
        .ends_with("/availability:replace")
}

/// The percent-decoded segment of a path that follows the one of this name.
fn segment_after(path: &str, name: &str) -> Option<String> {
    let mut segments = path.split('/');
    segments.find(|segment| *segment == name)?;
    let text = segments.next()?.split(':').next().unwrap_or_default();
    Some(percent_decode_str(text).decode_utf8_lossy().into_owned())
}

/// One call of the partner to Google's side, with its route and its message in JSON names.
///
/// Stored is the call as it came, and its body as JSON in the spelling of the partner. Route and message are made of that
/// again when a stored transcript is read.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(from = "ReceivedCall")]
pub struct Notification {
    call: ReceivedCall,
    route: NotificationRoute,
    message: Option<Message>,
}

impl From<ReceivedCall> for Notification {
    fn from(call: ReceivedCall) -> Self {
        let route = NotificationRoute::of(&call);
        let sent = serde_json::from_str(&call.raw).ok();
        let message = sent.map(|sent| Message::of_notification(route.message(), sent));
        Self { call, route, message }
    }
}

impl From<Notification> for ReceivedCall {
    fn from(notification: Notification) -> Self {
        notification.call
    }
}

impl Deref for Notification {
    type Target = ReceivedCall;

    fn deref(&self) -> &ReceivedCall {
        &self.call
    }
}

impl Notification {
    /// True when Google's API stored it, whether or not its answer reached the partner.
    pub fn is_stored(&self) -> bool {
        self.status == 200 || self.fault == Some(Fault::Lost)
    }

    /// What kind of call it is.
    pub fn route(&self) -> &NotificationRoute {
        &self.route
    }

    /// The booking that it is about, if it is about one.
    pub fn booking_id(&self) -> Option<&str> {
        match &self.subject {
            Subject::Booking { booking_id, .. } => Some(booking_id),
            Subject::Availability { .. } => None,
        }
    }

    /// The body in JSON names, whatever spelling the partner used; none if it is no JSON.
    pub fn message(&self) -> Option<&Value> {
        self.message.as_ref().map(Message::in_api_names)
    }

    /// The body as JSON as it was sent.
    pub fn json(&self) -> Option<&Value> {
        self.message.as_ref().map(Message::as_sent)
    }

    /// Sets Google's copies of the booking: they are known when the call is filed.
    pub fn set_copies(&mut self, before: Option<Value>, after: Option<Value>) {
        self.call.before = before;
        self.call.after = after;
    }
}

/// The stored form.
#[derive(Serialize)]
struct StoredNotification<'n> {
    #[serde(flatten)]
    call: &'n ReceivedCall,
    body: Option<&'n Value>,
}

impl Serialize for Notification {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        StoredNotification {
            call: &self.call,
            body: self.json(),
        }
        .serialize(serializer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn inventory_call(target: &str, body: &Value) -> Notification {
        Notification::from(ReceivedCall {
            subject: Subject::Availability {
                partner: "1".into(),
                slots: Vec::new(),
            },
            verb: "POST".into(),
            target: target.into(),
            headers: Vec::new(),
            raw: body.to_string(),
            mask: None,
            booking_failure: IndexMap::new(),
            lints: Vec::new(),
            fault: None,
            status: 200,
            answer: Value::Null,
            before: None,
            after: None,
        })
    }

    #[test]
    fn the_form_for_one_service_names_it_in_its_path() {
        let target =
            "/v1alpha/inventory/partners/1/merchants/salon/services/cut%2F2/availability%3Areplace?alt=json";
        let body = json!({ "service_availability": { "startTimeRestrict": "2030-01-01T08:00:00Z" } });
        let call = inventory_call(target, &body);
        let route = NotificationRoute::ServiceInventory {
            merchant_id: Some("salon".into()),
            service_id: "cut/2".into(),
        };
        assert_eq!(call.route(), &route);
        assert_eq!(call.json(), Some(&body));
        let named = json!({ "serviceAvailability": { "startTimeRestrict": "2030-01-01T08:00:00Z" } });
        assert_eq!(call.message(), Some(&named));
    }

    #[test]
    fn other_calls_to_the_inventory_are_no_updates() {
        let target = "/v1alpha/inventory/partners/1/merchants/salon/services?serviceId=cut";
        let call = inventory_call(target, &json!({}));
        assert_eq!(call.route(), &NotificationRoute::Other);
    }

    #[test]
    fn a_stored_call_is_read_in_json_names_again() {
        let target = "/v1alpha/inventory/partners/1/availability:replace";
        let sent = json!({ "extended_service_availability": [{ "merchantId": "m" }] });
        let call = inventory_call(target, &sent);
        let stored = serde_json::to_value(&call).unwrap_or_default();
        assert_eq!(stored["body"], sent);
        let read = serde_json::from_value::<Notification>(stored).ok();
        assert_eq!(read.as_ref(), Some(&call));
        let named = json!({ "extendedServiceAvailability": [{ "merchantId": "m" }] });
        assert_eq!(call.message(), Some(&named));
    }
}
