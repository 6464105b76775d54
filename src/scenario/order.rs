//! What an order asks for.

use schemars::JsonSchema;
use serde::Deserialize;

/// How an order differs from that of a user who sees the feeds: two tickets of the dearest sort for each slot, one where only one
/// spot is open, at the price of the feeds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct OrderTwist {
    /// So many tickets more than the last of the slots has spots in all.
    pub beyond_spots: Option<u16>,
    /// The price for the last of the slots is stated as so many percent of what the feeds say.
    pub price_percent: Option<u16>,
    /// True: a CreateOrder states one unit of the currency more for fees and taxes than the partner did.
    pub wrong_fees: bool,
}
