//! The API that Google calls.

mod auth;
mod availability;
mod create;
mod marketing;
mod orders;
mod quote;
mod read;
mod update;
mod waitlist;

use crate::app::App;
use crate::config::Credentials;
use crate::error::ApiError;
use axum::Router;
use axum::middleware;
use axum::routing::{MethodRouter, any, get, post};
use std::sync::Arc;

/// Methods of v3 that belong to products which this partner does not offer.
const NOT_OFFERED: [&str; 2] = ["CheckAvailability", "CreateLease"];

/// Credentials are checked before anything else, also for paths that do not exist.
pub(crate) fn router(app: App, credentials: Credentials) -> Router {
    let mut router = Router::new();
    router = method(router, "HealthCheck", get(read::health_check));
    router = method(
        router,
        "BatchAvailabilityLookup",
        post(availability::batch_availability_lookup),
    );
    router = method(router, "CreateBooking", post(create::create_booking));
    router = method(router, "UpdateBooking", post(update::update_booking));
    router = method(router, "GetBookingStatus", post(read::get_booking_status));
    router = method(router, "ListBookings", post(read::list_bookings));
    router = method(
        router,
        "BatchGetWaitEstimates",
        post(waitlist::batch_get_wait_estimates),
    );
    router = method(
        router,
        "CreateWaitlistEntry",
        post(waitlist::create_waitlist_entry),
    );
    router = method(router, "GetWaitlistEntry", post(waitlist::get_waitlist_entry));
    router = method(
        router,
        "DeleteWaitlistEntry",
        post(waitlist::delete_waitlist_entry),
    );
    router = method(
        router,
        "CheckOrderFulfillability",
        post(orders::check_order_fulfillability),
    );
    router = method(router, "CreateOrder", post(orders::create_order));
    router = method(router, "ListOrders", post(orders::list_orders));
    router = method(
        router,
        "SetMarketingPreference",
        post(marketing::set_marketing_preference),
    );
    for name in NOT_OFFERED {
        router = both_paths(router, name, &any(answer_not_offered));
    }
    let check = middleware::from_fn_with_state(Arc::new(credentials), auth::require_basic);
    router.fallback(unknown_path).layer(check).with_state(app)
}

fn method(router: Router<App>, name: &str, handler: MethodRouter<App>) -> Router<App> {
    both_paths(router, name, &handler.fallback(wrong_verb))
}

/// Google's pages print paths with and without a trailing slash. Both answer; a redirect would turn a POST
/// into a GET.
fn both_paths(router: Router<App>, name: &str, handler: &MethodRouter<App>) -> Router<App> {
    router
        .route(&format!("/v3/{name}"), handler.clone())
        .route(&format!("/v3/{name}/"), handler.clone())
}

async fn answer_not_offered() -> ApiError {
    ApiError::NotOffered
}

async fn wrong_verb() -> ApiError {
    ApiError::WrongVerb
}

async fn unknown_path() -> ApiError {
    ApiError::NotFound("unknown path")
}
