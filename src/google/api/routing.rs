//! Which method a path means. One `*` of a template is one segment, decoded on its own.

use crate::api::methods::{METHODS, Method, Operation, ResourceKind, StatusKind};
use percent_encoding::percent_decode_str;
use serde::{Deserialize, Serialize};

/// What is done with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Act {
    /// It is shown.
    Get,
    /// It is made.
    Create,
    /// It is changed.
    Patch,
    /// It is taken away.
    Delete,
}

/// What a request addresses.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "method", rename_all = "snake_case")]
pub enum Route {
    /// `notification.partners.bookings.patch`.
    Booking {
        /// Partner id of the path.
        partner: String,
        /// Booking id of the path.
        booking_id: String,
    },
    /// `inventory.partners.availability.replace`.
    BatchAvailability {
        /// Partner id of the path.
        partner: String,
    },
    /// `inventory.partners.merchants.services.availability.replace`.
    Availability {
        /// Partner id of the path.
        partner: String,
        /// Merchant id of the path.
        merchant: String,
        /// Service id of the path.
        service: String,
    },
    /// `notification.partners.orders.patch` and the methods of merchants, services and account links.
    Resource {
        /// What is done.
        act: Act,
        /// With what.
        kind: ResourceKind,
        /// Partner id of the path.
        partner: String,
        /// The other ids of the path; when something is made, those of what it is part of.
        ids: Vec<String>,
    },
    /// `inventory.partners.feeds.record.batchPush` and `batchDelete`.
    Records {
        /// Partner id of the path.
        partner: String,
        /// The feed of the path.
        feed: String,
        /// True when the records are taken out.
        delete: bool,
    },
    /// The status of merchants and feeds.
    Status {
        /// Of what.
        of: StatusKind,
        /// Partner id of the path.
        partner: String,
        /// The other ids of the path.
        ids: Vec<String>,
    },
    /// `invalidation.partners.pickups.invalidateResource`.
    Invalidation {
        /// Partner id of the path.
        partner: String,
        /// The pickup of the path.
        pickup: String,
    },
    /// Several calls in one request.
    Batch,
    /// The OAuth token endpoint.
    Token,
    /// The discovery document.
    Discovery,
    /// Nothing that is served.
    Unknown,
}

/// Today's token endpoint, and those that older libraries have built in.
const TOKEN_PATHS: [&str; 3] = ["/token", "/oauth2/v4/token", "/o/oauth2/token"];

/// Where several calls go in one request, as the discovery document says.
const BATCH_PATH: &str = "/batch";

impl Route {
    /// The route of a method and a raw path.
    pub(crate) fn of(method: &str, path: &str) -> Self {
        if method == "POST" && TOKEN_PATHS.contains(&path) {
            return Self::Token;
        }
        if method == "GET" && decode(path).as_deref() == Some("/$discovery/rest") {
            return Self::Discovery;
        }
        if method == "POST" && path == BATCH_PATH {
            return Self::Batch;
        }
        Self::of_api(method, path).unwrap_or(Self::Unknown)
    }

    fn of_api(method: &str, path: &str) -> Option<Self> {
        let rest = path.strip_prefix("/v1alpha/")?;
        let mut served = METHODS.iter().filter(|served| served.verb == method);
        let (served, ids) = served.find_map(|served| Some((served, served.ids(rest)?)))?;
        let ids: Option<Vec<String>> = ids.into_iter().map(decode).collect();
        Self::to(served.operation, ids?)
    }

    fn to(operation: Operation, ids: Vec<String>) -> Option<Self> {
        let mut ids = ids.into_iter();
        let partner = ids.next()?;
        let resource = |act, kind, ids: std::vec::IntoIter<String>| Self::Resource {
            act,
            kind,
            partner: partner.clone(),
            ids: ids.collect(),
        };
        Some(match operation {
            Operation::PatchBooking => Self::Booking {
                booking_id: ids.next()?,
                partner,
            },
            Operation::ReplaceBatch => Self::BatchAvailability { partner },
            Operation::Replace => Self::Availability {
                merchant: ids.next()?,
                service: ids.next()?,
                partner,
            },
            Operation::Get(kind) => resource(Act::Get, kind, ids),
            Operation::Create(kind) => resource(Act::Create, kind, ids),
            Operation::Patch(kind) => resource(Act::Patch, kind, ids),
            Operation::Delete(kind) => resource(Act::Delete, kind, ids),
            Operation::Push | Operation::Unpush => Self::Records {
                feed: ids.next()?,
                delete: operation == Operation::Unpush,
                partner,
            },
            Operation::Status(of) => Self::Status {
                of,
                ids: ids.collect(),
                partner,
            },
            Operation::Invalidate => Self::Invalidation {
                pickup: ids.next()?,
                partner,
            },
        })
    }

    fn operation(&self) -> Option<Operation> {
        Some(match self {
            Self::Booking { .. } => Operation::PatchBooking,
            Self::BatchAvailability { .. } => Operation::ReplaceBatch,
            Self::Availability { .. } => Operation::Replace,
            Self::Resource { act, kind, .. } => match act {
                Act::Get => Operation::Get(*kind),
                Act::Create => Operation::Create(*kind),
                Act::Patch => Operation::Patch(*kind),
                Act::Delete => Operation::Delete(*kind),
            },
            Self::Records { delete: false, .. } => Operation::Push,
            Self::Records { delete: true, .. } => Operation::Unpush,
            Self::Status { of, .. } => Operation::Status(*of),
            Self::Invalidation { .. } => Operation::Invalidate,
            Self::Batch | Self::Token | Self::Discovery | Self::Unknown => return None,
        })
    }

    /// The method of the API that is called.
    pub(crate) fn method(&self) -> Option<&'static Method> {
        let operation = self.operation()?;
        METHODS.iter().find(|method| method.operation == operation)
    }

    /// The partner id of the path.
    pub fn partner(&self) -> Option<&str> {
        match self {
            Self::Booking { partner, .. }
            | Self::BatchAvailability { partner }
            | Self::Availability { partner, .. }
            | Self::Resource { partner, .. }
            | Self::Records { partner, .. }
            | Self::Status { partner, .. }
            | Self::Invalidation { partner, .. } => Some(partner),
            Self::Batch | Self::Token | Self::Discovery | Self::Unknown => None,
        }
    }

    /// The gRPC name of the method, as error details carry it.
    pub(crate) fn rpc(&self) -> String {
        self.method().map_or_else(String::new, |method| {
            format!("google.maps.booking.v1alpha.{}", method.rpc)
        })
    }
}

fn decode(segment: &str) -> Option<String> {
    let text = percent_decode_str(segment).decode_utf8().ok()?;
    (!text.is_empty()).then(|| text.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_decoded_per_segment() {
        let route = Route::of("PATCH", "/v1alpha/notification/partners/20/bookings/a%2Fb%20c");
        assert_eq!(
            route,
            Route::Booking {
                partner: "20".to_owned(),
                booking_id: "a/b c".to_owned()
            }
        );
        let route = Route::of(
            "POST",
            "/v1alpha/inventory/partners/20/merchants/m%3A1/services/s/availability:replace",
        );
        assert_eq!(
            route,
            Route::Availability {
                partner: "20".to_owned(),
                merchant: "m:1".to_owned(),
                service: "s".to_owned()
            }
        );
        assert_eq!(
            Route::of("POST", "/v1alpha/inventory/partners/20/availability:replace").partner(),
            Some("20")
        );
        let resource = |act, kind, ids: &[&str]| Route::Resource {
            act,
            kind,
            partner: "20".to_owned(),
            ids: ids.iter().map(|id| (*id).to_owned()).collect(),
        };
        for (method, path, expected) in [
            (
                "PATCH",
                "notification/partners/20/orders/o%2F1",
                resource(Act::Patch, ResourceKind::Order, &["o/1"]),
            ),
            (
                "POST",
                "inventory/partners/20/merchants",
                resource(Act::Create, ResourceKind::Merchant, &[]),
            ),
            (
                "DELETE",
                "inventory/partners/20/merchants/m",
                resource(Act::Delete, ResourceKind::Merchant, &["m"]),
            ),
            (
                "POST",
                "inventory/partners/20/merchants/m/services",
                resource(Act::Create, ResourceKind::Service, &["m"]),
            ),
            (
                "PATCH",
                "inventory/partners/20/merchants/m/services/s",
                resource(Act::Patch, ResourceKind::Service, &["m", "s"]),
            ),
        ] {
            assert_eq!(Route::of(method, &format!("/v1alpha/{path}")), expected, "{path}");
        }
        for path in ["/token", "/oauth2/v4/token", "/o/oauth2/token"] {
            assert_eq!(Route::of("POST", path), Route::Token);
        }
        for path in ["/$discovery/rest", "/%24discovery/rest"] {
            assert_eq!(Route::of("GET", path), Route::Discovery);
        }
    }

    #[test]
    fn everything_else_is_unknown() {
        for (method, path) in [
            ("POST", "/v1alpha/notification/partners/20/bookings/b"),
            ("PATCH", "/v1alpha/notification/partners/20/bookings/b/"),
            ("PATCH", "/v1alpha/notification/partners/20/bookings/"),
            ("PATCH", "/v1alpha/notification/partners/20/bookings/%ff"),
            ("PATCH", "/v1/notification/partners/20/bookings/b"),
            ("POST", "/v1alpha/notification/partners/20/bookings:notify"),
            (
                "POST",
                "/v1alpha/inventory/partners/20/merchants/m/availability:replace",
            ),
            ("POST", "/v1alpha/inventory/partners/20/availability:foo"),
            ("GET", "/v1alpha/inventory/partners/20/merchants/m"),
            ("POST", "/v1alpha/inventory/partners/20/merchants/m"),
            ("PATCH", "/v1alpha/inventory/partners/20/orders/o"),
            ("DELETE", "/v1alpha/notification/partners/20/bookings/b"),
            ("GET", "/token"),
            ("POST", "/$discovery/rest"),
            ("GET", "/"),
        ] {
            assert_eq!(Route::of(method, path), Route::Unknown, "{method} {path}");
        }
    }
}
