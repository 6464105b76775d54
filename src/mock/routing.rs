//! Which method a path means. One `*` of a template is one segment, decoded on its own.

use percent_encoding::percent_decode_str;
use serde::{Deserialize, Serialize};

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
    /// The OAuth token endpoint.
    Token,
    /// The discovery document.
    Discovery,
    /// Nothing that is served.
    Unknown,
}

/// Today's token endpoint, and the one that older libraries have built in.
const TOKEN_PATHS: [&str; 2] = ["/token", "/oauth2/v4/token"];

impl Route {
    /// The route of a method and a raw path.
    pub(super) fn of(method: &str, path: &str) -> Self {
        if method == "POST" && TOKEN_PATHS.contains(&path) {
            return Self::Token;
        }
        if method == "GET" && decode(path).as_deref() == Some("/$discovery/rest") {
            return Self::Discovery;
        }
        Self::of_api(method, path).unwrap_or(Self::Unknown)
    }

    fn of_api(method: &str, path: &str) -> Option<Self> {
        let rest = path.strip_prefix("/v1alpha/")?;
        let segments: Vec<&str> = rest.split('/').collect();
        match (method, segments.as_slice()) {
            ("PATCH", ["notification", "partners", partner, "bookings", booking]) => Some(Self::Booking {
                partner: decode(partner)?,
                booking_id: decode(booking)?,
            }),
            ("POST", ["inventory", "partners", partner, "availability:replace"]) => {
                Some(Self::BatchAvailability {
                    partner: decode(partner)?,
                })
            }
            (
                "POST",
                [
                    "inventory",
                    "partners",
                    partner,
                    "merchants",
                    merchant,
                    "services",
                    service,
                    "availability:replace",
                ],
            ) => Some(Self::Availability {
                partner: decode(partner)?,
                merchant: decode(merchant)?,
                service: decode(service)?,
            }),
            _ => None,
        }
    }

    /// The partner id of the path.
    pub fn partner(&self) -> Option<&str> {
        match self {
            Self::Booking { partner, .. }
            | Self::BatchAvailability { partner }
            | Self::Availability { partner, .. } => Some(partner),
            Self::Token | Self::Discovery | Self::Unknown => None,
        }
    }

    /// The gRPC name of the method, as error details carry it.
    pub(super) fn rpc(&self) -> &'static str {
        match self {
            Self::Booking { .. } => "google.maps.booking.v1alpha.BookingNotification.UpdateBooking",
            Self::BatchAvailability { .. } => {
                "google.maps.booking.v1alpha.InventoryUpdate.BatchReplaceServiceAvailability"
            }
            Self::Availability { .. } => {
                "google.maps.booking.v1alpha.InventoryUpdate.ReplaceServiceAvailability"
            }
            Self::Token | Self::Discovery | Self::Unknown => "",
        }
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
        for path in ["/token", "/oauth2/v4/token"] {
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
            ("GET", "/token"),
            ("POST", "/$discovery/rest"),
            ("GET", "/"),
        ] {
            assert_eq!(Route::of(method, path), Route::Unknown, "{method} {path}");
        }
    }
}
