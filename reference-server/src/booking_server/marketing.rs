//! SetMarketingPreference: whether a user wants the mails of the merchants.

use crate::app::App;
use crate::error::ApiError;
use crate::http::Message;
use crate::messages::MarketingPreference;
use axum::Json;
use axum::extract::State;

/// The answer is what was asked for. The same choice twice is the same state, so there is nothing to tell repetitions by.
pub(super) async fn set_marketing_preference(
    State(app): State<App>,
    Message(preference): Message<MarketingPreference>,
) -> Result<Json<MarketingPreference>, ApiError> {
    let user_id = &preference.user_information.user_id;
    if user_id.is_empty() {
        return Err(ApiError::Invalid("user_information.user_id is empty".to_owned()));
    }
    let receives = preference.user_to_receive_marketing;
    app.store.set_marketing_preference(user_id, receives).await?;
    Ok(Json(preference))
}
