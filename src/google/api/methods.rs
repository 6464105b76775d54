//! The methods that this side serves, as data: routing, reading and the discovery document follow from one table.

use serde::{Deserialize, Serialize};

/// A method of the API.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Method {
    /// The names of its resources and its own, with dots.
    pub(crate) id: &'static str,
    /// HTTP verb.
    pub(crate) verb: &'static str,
    /// The parameter of the path that names the resource.
    pub(crate) name: &'static str,
    /// What stands before the name in the path, the form of the name, in which `*` is an id, and what stands behind it.
    pub(crate) path: (&'static str, &'static str, &'static str),
    /// The message that the body is, if there is a body.
    pub(crate) request: Option<&'static str>,
    /// The message that the answer is, if it is not empty.
    pub(crate) response: Option<&'static str>,
    /// The message whose other fields may stand in the query, and the field of it that the body is. Without it the body is
    /// the whole request.
    pub(crate) query: Option<(&'static str, &'static str)>,
    /// The name in gRPC, as error details carry it.
    pub(crate) rpc: &'static str,
    /// What is done.
    pub(crate) operation: Operation,
}

/// What Google keeps beside bookings and availability.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ResourceKind {
    /// An order: several lines that were bought together.
    Order,
    /// A merchant.
    Merchant,
    /// A service of a merchant.
    Service,
    /// The link to an account of Google Ads.
    AdsAccountLink,
}

/// What a status is asked of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StatusKind {
    /// One merchant.
    Merchant,
    /// The partner's merchants.
    Merchants,
    /// One file of a feed.
    Feed,
    /// The files of a feed.
    Feeds,
}

impl ResourceKind {
    /// What it is called, in words as in the parameter that names a new one.
    pub fn word(self) -> &'static str {
        match self {
            Self::Order => "order",
            Self::Merchant => "merchant",
            Self::Service => "service",
            Self::AdsAccountLink => "adsAccountLink",
        }
    }
}

/// What a method does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Operation {
    /// Tells what became of a booking.
    PatchBooking,
    /// Replaces the availability of several services.
    ReplaceBatch,
    /// Replaces the availability of one service.
    Replace,
    /// Shows a resource.
    Get(ResourceKind),
    /// Makes a resource.
    Create(ResourceKind),
    /// Changes one.
    Patch(ResourceKind),
    /// Takes one away.
    Delete(ResourceKind),
    /// Takes records of a feed.
    Push,
    /// Takes records out of a feed.
    Unpush,
    /// Says what became of what was sent.
    Status(StatusKind),
    /// Says that Google's copy of a resource is out of date.
    Invalidate,
}

const PARTNER: &str = "partners/*";
const MERCHANT: &str = "partners/*/merchants/*";
const SERVICE: &str = "partners/*/merchants/*/services/*";
const FEED: &str = "partners/*/feeds/*";
const LINK: &str = "partners/*/adsAccountLinks/*";

/// What is served.
pub(crate) const METHODS: [Method; 21] = [
    Method {
        id: "notification.partners.bookings.patch",
        verb: "PATCH",
        name: "name",
        path: ("notification", "partners/*/bookings/*", ""),
        request: Some("Booking"),
        response: Some("Booking"),
        query: Some(("UpdateBookingRequest", "booking")),
        rpc: "BookingNotification.UpdateBooking",
        operation: Operation::PatchBooking,
    },
    Method {
        id: "notification.partners.orders.patch",
        verb: "PATCH",
        name: "name",
        path: ("notification", "partners/*/orders/*", ""),
        request: Some("Order"),
        response: Some("Order"),
        query: Some(("UpdateOrderRequest", "order")),
        rpc: "BookingNotification.UpdateOrder",
        operation: Operation::Patch(ResourceKind::Order),
    },
    Method {
        id: "inventory.partners.availability.replace",
        verb: "POST",
        name: "parent",
        path: ("inventory", PARTNER, "/availability:replace"),
        request: Some("BatchReplaceServiceAvailabilityRequest"),
        response: Some("BatchReplaceServiceAvailabilityResponse"),
        query: None,
        rpc: "InventoryUpdate.BatchReplaceServiceAvailability",
        operation: Operation::ReplaceBatch,
    },
    Method {
        id: "inventory.partners.merchants.services.availability.replace",
        verb: "POST",
        name: "name",
        path: ("inventory", SERVICE, "/availability:replace"),
        request: Some("ReplaceServiceAvailabilityRequest"),
        response: Some("ServiceAvailability"),
        query: None,
        rpc: "InventoryUpdate.ReplaceServiceAvailability",
        operation: Operation::Replace,
    },
    Method {
        id: "inventory.partners.merchants.create",
        verb: "POST",
        name: "parent",
        path: ("inventory", PARTNER, "/merchants"),
        request: Some("Merchant"),
        response: Some("Merchant"),
        query: Some(("CreateMerchantRequest", "merchant")),
        rpc: "InventoryUpdate.CreateMerchant",
        operation: Operation::Create(ResourceKind::Merchant),
    },
    Method {
        id: "inventory.partners.merchants.patch",
        verb: "PATCH",
        name: "name",
        path: ("inventory", MERCHANT, ""),
        request: Some("Merchant"),
        response: Some("Merchant"),
        query: Some(("UpdateMerchantRequest", "merchant")),
        rpc: "InventoryUpdate.UpdateMerchant",
        operation: Operation::Patch(ResourceKind::Merchant),
    },
    Method {
        id: "inventory.partners.merchants.delete",
        verb: "DELETE",
        name: "name",
        path: ("inventory", MERCHANT, ""),
        request: None,
        response: None,
        query: None,
        rpc: "InventoryUpdate.DeleteMerchant",
        operation: Operation::Delete(ResourceKind::Merchant),
    },
    Method {
        id: "inventory.partners.merchants.services.create",
        verb: "POST",
        name: "parent",
        path: ("inventory", MERCHANT, "/services"),
        request: Some("Service"),
        response: Some("Service"),
        query: Some(("CreateServiceRequest", "service")),
        rpc: "InventoryUpdate.CreateService",
        operation: Operation::Create(ResourceKind::Service),
    },
    Method {
        id: "inventory.partners.merchants.services.patch",
        verb: "PATCH",
        name: "name",
        path: ("inventory", SERVICE, ""),
        request: Some("Service"),
        response: Some("Service"),
        query: Some(("UpdateServiceRequest", "service")),
        rpc: "InventoryUpdate.UpdateService",
        operation: Operation::Patch(ResourceKind::Service),
    },
    Method {
        id: "inventory.partners.merchants.services.delete",
        verb: "DELETE",
        name: "name",
        path: ("inventory", SERVICE, ""),
        request: None,
        response: None,
        query: None,
        rpc: "InventoryUpdate.DeleteService",
        operation: Operation::Delete(ResourceKind::Service),
    },
    Method {
        id: "inventory.partners.feeds.record.batchPush",
        verb: "POST",
        name: "parent",
        path: ("inventory", FEED, "/record:batchPush"),
        request: Some("BatchPushGenericRecordRequest"),
        response: None,
        query: None,
        rpc: "Feed.BatchPushGenericRecord",
        operation: Operation::Push,
    },
    Method {
        id: "inventory.partners.feeds.record.batchDelete",
        verb: "POST",
        name: "parent",
        path: ("inventory", FEED, "/record:batchDelete"),
        request: Some("BatchDeleteGenericRecordsRequest"),
        response: None,
        query: None,
        rpc: "Feed.BatchDeleteGenericRecords",
        operation: Operation::Unpush,
    },
    Method {
        id: "inventory.partners.merchants.getStatus",
        verb: "GET",
        name: "name",
        path: ("inventory", "partners/*/merchants/*/status", ""),
        request: None,
        response: Some("MerchantStatus"),
        query: None,
        rpc: "InventoryStatus.GetMerchantStatus",
        operation: Operation::Status(StatusKind::Merchant),
    },
    Method {
        id: "inventory.partners.merchants.status.list",
        verb: "GET",
        name: "parent",
        path: ("inventory", "partners/*/merchants", "/status"),
        request: None,
        response: Some("ListMerchantStatusesResponse"),
        query: Some(("ListMerchantStatusesRequest", "parent")),
        rpc: "InventoryStatus.ListMerchantStatuses",
        operation: Operation::Status(StatusKind::Merchants),
    },
    Method {
        id: "inventory.partners.feeds.getStatus",
        verb: "GET",
        name: "name",
        path: ("inventory", "partners/*/feeds/*/*", "/status"),
        request: None,
        response: Some("FeedStatus"),
        query: None,
        rpc: "Feed.GetStatus",
        operation: Operation::Status(StatusKind::Feed),
    },
    Method {
        id: "inventory.partners.feeds.status.list",
        verb: "GET",
        name: "name",
        path: ("inventory", FEED, "/status"),
        request: None,
        response: Some("ListStatusResponse"),
        query: Some(("ListStatusRequest", "name")),
        rpc: "Feed.ListStatus",
        operation: Operation::Status(StatusKind::Feeds),
    },
    Method {
        id: "invalidation.partners.pickups.invalidateResource",
        verb: "POST",
        name: "resourceId",
        path: ("invalidation", "partners/*/pickups/*", ":invalidateResource"),
        request: Some("InvalidateResourceRequest"),
        response: None,
        query: None,
        rpc: "InvalidationService.InvalidateResource",
        operation: Operation::Invalidate,
    },
    Method {
        id: "partners.adsAccountLinks.create",
        verb: "POST",
        name: "parent",
        path: ("", PARTNER, "/adsAccountLinks"),
        request: Some("AdsAccountLink"),
        response: Some("AdsAccountLink"),
        query: Some(("CreateAdsAccountLinkRequest", "ads_account_link")),
        rpc: "AdsAccountLinkingService.CreateAdsAccountLink",
        operation: Operation::Create(ResourceKind::AdsAccountLink),
    },
    Method {
        id: "partners.adsAccountLinks.get",
        verb: "GET",
        name: "name",
        path: ("", LINK, ""),
        request: None,
        response: Some("AdsAccountLink"),
        query: None,
        rpc: "AdsAccountLinkingService.GetAdsAccountLink",
        operation: Operation::Get(ResourceKind::AdsAccountLink),
    },
    Method {
        id: "partners.adsAccountLinks.patch",
        verb: "PATCH",
        name: "name",
        path: ("", LINK, ""),
        request: Some("AdsAccountLink"),
        response: Some("AdsAccountLink"),
        query: Some(("UpdateAdsAccountLinkRequest", "ads_account_link")),
        rpc: "AdsAccountLinkingService.UpdateAdsAccountLink",
        operation: Operation::Patch(ResourceKind::AdsAccountLink),
    },
    Method {
        id: "partners.adsAccountLinks.delete",
        verb: "DELETE",
        name: "name",
        path: ("", LINK, ""),
        request: None,
        response: None,
        query: None,
        rpc: "AdsAccountLinkingService.DeleteAdsAccountLink",
        operation: Operation::Delete(ResourceKind::AdsAccountLink),
    },
];

impl Method {
    /// The ids of the name that a path holds below the version, if it is this method's.
    pub(crate) fn ids<'p>(&self, path: &'p str) -> Option<Vec<&'p str>> {
        let (area, name, behind) = self.path;
        let mut rest = path.strip_prefix(area)?.strip_suffix(behind)?;
        if !area.is_empty() {
            rest = rest.strip_prefix('/')?;
        }
        let mut segments = rest.split('/');
        let mut ids = Vec::new();
        for expected in name.split('/') {
            let segment = segments.next()?;
            match expected {
                "*" => ids.push(Some(segment).filter(|id| !id.is_empty())?),
                collection => (segment == collection).then_some(())?,
            }
        }
        segments.next().is_none().then_some(ids)
    }

    /// The collections of its name.
    pub(crate) fn collections(&self) -> impl Iterator<Item = &'static str> {
        self.path.1.split('/').filter(|segment| *segment != "*")
    }
}
