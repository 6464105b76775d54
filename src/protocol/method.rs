//! The methods of the booking server that Google calls.

use serde::{Deserialize, Serialize};

/// A method of the partner's booking server (REST v3).
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema,
)]
pub enum Method {
    /// `GET /v3/HealthCheck`
    HealthCheck,
    /// `POST /v3/BatchAvailabilityLookup`
    BatchAvailabilityLookup,
    /// `POST /v3/CreateBooking`
    CreateBooking,
    /// `POST /v3/UpdateBooking`
    UpdateBooking,
    /// `POST /v3/GetBookingStatus`
    GetBookingStatus,
    /// `POST /v3/ListBookings`
    ListBookings,
    /// `POST /v3/BatchGetWaitEstimates`
    BatchGetWaitEstimates,
    /// `POST /v3/CreateWaitlistEntry`
    CreateWaitlistEntry,
    /// `POST /v3/GetWaitlistEntry`
    GetWaitlistEntry,
    /// `POST /v3/DeleteWaitlistEntry`
    DeleteWaitlistEntry,
    /// `POST /v3/CheckOrderFulfillability`
    CheckOrderFulfillability,
    /// `POST /v3/CreateOrder`
    CreateOrder,
    /// `POST /v3/ListOrders`
    ListOrders,
    /// `POST /v3/SetMarketingPreference`
    SetMarketingPreference,
}

impl Method {
    /// Every method, in the order in which Google's pages list them.
    pub const ALL: [Method; 14] = [
        Method::HealthCheck,
        Method::BatchAvailabilityLookup,
        Method::CreateBooking,
        Method::UpdateBooking,
        Method::GetBookingStatus,
        Method::ListBookings,
        Method::BatchGetWaitEstimates,
        Method::CreateWaitlistEntry,
        Method::GetWaitlistEntry,
        Method::DeleteWaitlistEntry,
        Method::CheckOrderFulfillability,
        Method::CreateOrder,
        Method::ListOrders,
        Method::SetMarketingPreference,
    ];

    /// The canonical name, which is also the last segment of the path.
    pub fn name(self) -> &'static str {
        match self {
            Method::HealthCheck => "HealthCheck",
            Method::BatchAvailabilityLookup => "BatchAvailabilityLookup",
            Method::CreateBooking => "CreateBooking",
            Method::UpdateBooking => "UpdateBooking",
            Method::GetBookingStatus => "GetBookingStatus",
            Method::ListBookings => "ListBookings",
            Method::BatchGetWaitEstimates => "BatchGetWaitEstimates",
            Method::CreateWaitlistEntry => "CreateWaitlistEntry",
            Method::GetWaitlistEntry => "GetWaitlistEntry",
            Method::DeleteWaitlistEntry => "DeleteWaitlistEntry",
            Method::CheckOrderFulfillability => "CheckOrderFulfillability",
            Method::CreateOrder => "CreateOrder",
            Method::ListOrders => "ListOrders",
            Method::SetMarketingPreference => "SetMarketingPreference",
        }
    }

    /// The path below the partner's base URL.
    pub fn path(self) -> String {
        format!("/v3/{}", self.name())
    }

    /// The HTTP verb.
    pub fn verb(self) -> &'static str {
        match self {
            Method::HealthCheck => "GET",
            _ => "POST",
        }
    }

    /// The request message, or none for HealthCheck.
    pub fn request_message(self) -> Option<String> {
        (self != Method::HealthCheck).then(|| format!("{}Request", self.name()))
    }

    /// The response message, or none where nothing is in it: HealthCheck and DeleteWaitlistEntry.
    pub fn response_message(self) -> Option<String> {
        let is_empty = matches!(self, Method::HealthCheck | Method::DeleteWaitlistEntry);
        (!is_empty).then(|| format!("{}Response", self.name()))
    }

    /// True for the methods of waitlists, which few partners have.
    pub fn is_of_waitlists(self) -> bool {
        matches!(
            self,
            Method::BatchGetWaitEstimates
                | Method::CreateWaitlistEntry
                | Method::GetWaitlistEntry
                | Method::DeleteWaitlistEntry
        )
    }

    /// True for the methods that make or change something and must not be sent twice by accident.
    pub fn mutates(self) -> bool {
        matches!(
            self,
            Method::CreateBooking | Method::UpdateBooking | Method::CreateOrder
        )
    }
}

impl std::fmt::Display for Method {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}
