//! The partner's calls to Google's side as rules look at them.

use super::notification::method::is_its_path;
use super::reading;
use super::verdicts::Proof;
use protocol::model::v1alpha;
use serde_json::Value;
use transcript::{Fault, Notification, NotificationRoute, Subject};

/// JSON pointer of the prepayment status.
pub(super) const PREPAYMENT: &str = "/paymentInformation/prepaymentStatus";

/// The mask path of the prepayment status.
pub(super) const PREPAYMENT_PATH: &str = "paymentInformation.prepaymentStatus";

/// One call of the partner to Google's side.
#[derive(Debug, Clone, Copy)]
pub struct PartnerCall<'t> {
    /// Index of its entry.
    pub entry: usize,
    /// Milliseconds since the run began.
    pub at_ms: u64,
    /// The call.
    pub notification: &'t Notification,
}

impl<'t> PartnerCall<'t> {
    /// The booking that it is about, if it is about one.
    pub fn booking_id(&self) -> Option<&'t str> {
        self.notification.booking_id()
    }

    /// A string of the body as it was sent, by JSON pointer.
    pub fn text(&self, pointer: &str) -> Option<&'t str> {
        self.notification.json()?.pointer(pointer)?.as_str()
    }

    /// A string of Google's copy before the call.
    pub fn before(&self, pointer: &str) -> Option<&'t str> {
        self.notification.before.as_ref()?.pointer(pointer)?.as_str()
    }

    /// True when Google's API stored it, whether or not its answer reached the partner.
    pub fn is_accepted(&self) -> bool {
        self.notification.is_stored()
    }
}

/// A call about a booking that Google's side has read.
#[derive(Debug, Clone, Copy)]
pub struct BookingUpdate<'t> {
    pub(super) call: PartnerCall<'t>,
    pub(super) entry: usize,
    pub(super) at_ms: u64,
    pub(super) partner: &'t str,
    pub(super) booking_id: &'t str,
    /// In JSON names; null when there was no JSON object.
    pub(super) body: &'t Value,
    /// In JSON names; none when no path was named.
    pub(super) mask: Option<&'t [String]>,
    pub(super) before: Option<&'t Value>,
}

impl<'t> BookingUpdate<'t> {
    /// The call, if it is about a booking, unless it was turned away before it was read: then it comes again.
    pub(super) fn of(call: PartnerCall<'t>) -> Option<Self> {
        let notification = call.notification;
        let (NotificationRoute::Booking { mask }, Subject::Booking { partner, booking_id }) =
            (notification.route(), &notification.subject)
        else {
            return None;
        };
        let body = notification.message().filter(|body| body.is_object());
        // What was sent to an invented method is judged as that alone.
        (is_read(notification) && !is_invented(notification)).then(|| Self {
            call,
            entry: call.entry,
            at_ms: call.at_ms,
            partner,
            booking_id,
            body: body.unwrap_or(&Value::Null),
            mask: mask.as_deref(),
            before: notification.before.as_ref(),
        })
    }

    /// A string of the body that is not empty.
    pub(super) fn text(&self, pointer: &str) -> Option<&'t str> {
        reading::text(self.body, pointer)
    }

    /// A string of Google's copy before the call.
    pub(super) fn text_before(&self, pointer: &str) -> Option<&'t str> {
        reading::text(self.before?, pointer)
    }

    /// A status of the body that the API knows.
    pub(super) fn status(&self) -> Option<&'t str> {
        self.known_name("BookingStatus", "/status")
    }

    /// A prepayment status of the body that the API knows.
    pub(super) fn prepayment(&self) -> Option<&'t str> {
        self.known_name("PrepaymentStatus", PREPAYMENT)
    }

    /// The prepayment status before the call; none was reported when there is none.
    pub(super) fn prepayment_before(&self) -> &'t str {
        self.text_before(PREPAYMENT).unwrap_or("PREPAYMENT_NOT_PROVIDED")
    }

    fn known_name(&self, enumeration: &str, pointer: &str) -> Option<&'t str> {
        let known = v1alpha().enumeration(enumeration)?;
        let unspecified = known.default_name();
        self.text(pointer)
            .filter(|name| known.contains(name) && Some(*name) != unspecified)
    }

    /// The paths of the mask; none without one.
    pub(super) fn paths(&self) -> impl Iterator<Item = &'t str> {
        self.mask.unwrap_or_default().iter().map(String::as_str)
    }

    /// True when a mask names the path, its parent or everything; false without a mask.
    pub(super) fn names(&self, path: &str) -> bool {
        let covers = |named: &str| {
            let below = path.strip_prefix(named);
            named == "*" || below.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        };
        self.paths().any(covers)
    }

    /// True when a mask was sent.
    pub(super) fn has_mask(&self) -> bool {
        self.mask.is_some()
    }
}

/// True for a method that the API does not have.
fn is_invented(notification: &Notification) -> bool {
    notification.status == 404 && !is_its_path(notification)
}

/// False when our side turned a call away for its credentials, its rate or a fault of our own.
pub(super) fn is_read(notification: &Notification) -> bool {
    let status = notification.status;
    notification.fault.as_ref().is_none_or(Fault::stores) && status != 401 && status < 429
}

/// An inventory update with a JSON object.
#[derive(Debug, Clone, Copy)]
pub struct InventoryUpdate<'t> {
    pub(super) notification: &'t Notification,
    /// Index of its entry; none for a call that no scenario claims.
    pub(super) entry: Option<usize>,
    /// In JSON names.
    pub(super) body: &'t Value,
}

impl<'t> InventoryUpdate<'t> {
    /// The update that a call of a history is, if it is one.
    pub(super) fn of(call: PartnerCall<'t>) -> Option<Self> {
        let update = Self::of_unclaimed(call.notification)?;
        Some(Self {
            entry: Some(call.entry),
            ..update
        })
    }

    /// The update that a call outside of the histories is, if it is one.
    pub(super) fn of_unclaimed(notification: &'t Notification) -> Option<Self> {
        let is_update = match notification.route() {
            NotificationRoute::BatchInventory | NotificationRoute::ServiceInventory { .. } => true,
            NotificationRoute::Booking { .. } | NotificationRoute::Other => false,
        };
        let body = notification.message().filter(|body| body.is_object())?;
        is_update.then_some(Self {
            notification,
            entry: None,
            body,
        })
    }

    /// True for the form that names merchant and service in each entry, false for the one that does so in the path.
    pub(super) fn is_batch(&self) -> bool {
        *self.notification.route() == NotificationRoute::BatchInventory
    }

    /// The entries with their pointers.
    pub(super) fn entries(&self) -> Vec<(String, &'t Value)> {
        if !self.is_batch() {
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

    /// A place in the body.
    pub(super) fn proof(&self, pointer: impl Into<String>) -> Proof {
        Proof {
            entry: self.entry,
            pointer: Some(pointer.into()),
            ..Proof::default()
        }
    }

    /// The merchant of an entry: the one that it names, else the one in the path.
    pub(super) fn merchant_of(&self, entry: &'t Value) -> Option<&'t str> {
        let in_path = match self.notification.route() {
            NotificationRoute::ServiceInventory { merchant_id, .. } => merchant_id.as_deref(),
            _ => None,
        };
        reading::text(entry, "/merchantId").or(in_path)
    }

    /// The service of an entry: the one that it names, else the one in the path.
    pub(super) fn service_of(&self, entry: &'t Value) -> Option<&'t str> {
        let in_path = match self.notification.route() {
            NotificationRoute::ServiceInventory { service_id, .. } => Some(service_id.as_str()),
            _ => None,
        };
        reading::text(entry, "/serviceId").or(in_path)
    }
}
