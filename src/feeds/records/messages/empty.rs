//! Messages that are there and say nothing: `{}`, or what printers of defaults write.

use super::PriceRecord;
use super::service::RulesRecord;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

/// A message that may be there and say nothing, which is the same as if it were not there.
pub(crate) trait Message {
    fn says_anything(&self) -> bool;
}

/// A message, unless nothing is set in it.
pub(super) fn said<'de, D: Deserializer<'de>, M: Message + Deserialize<'de>>(
    from: D,
) -> Result<Option<M>, D::Error> {
    Ok(Option::<M>::deserialize(from)?.filter(M::says_anything))
}

impl Message for PriceRecord<'_> {
    fn says_anything(&self) -> bool {
        self.price_micros.is_some() || self.names_currency() || self.min_advance_cancellation_sec.is_some()
    }
}

impl Message for RulesRecord {
    fn says_anything(&self) -> bool {
        let leads = [
            self.min_advance_booking,
            self.min_booking_buffer_before_end_time,
            self.min_advance_online_canceling,
        ];
        leads.iter().any(Option::is_some)
            || self.admission_policy.is_some()
            || self.cancellation_policy.is_some()
            || self.late_cancellation_fee.is_some()
            || self.noshow_fee.is_some()
    }
}

impl Message for Value {
    fn says_anything(&self) -> bool {
        self.as_object().is_none_or(|members| !members.is_empty())
    }
}
