//! Google's copy of a booking.

use protocol::time;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

macro_rules! wire_enum {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $text:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize)]
        pub enum $name {
            $($(#[$variant_doc])* #[serde(rename = $text)] $variant,)*
        }

        impl $name {
            /// Every value, in the order of the wire model.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// The name on the wire.
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $text,)* }
            }

            /// The value of this name.
            pub fn from_name(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|value| value.name() == name)
            }
        }
    };
}

wire_enum! {
    /// Status of a booking, as notifications give it.
    BookingStatus {
        /// Not specified.
        #[default]
        Unspecified = "BOOKING_STATUS_UNSPECIFIED",
        /// Confirmed.
        Confirmed = "CONFIRMED",
        /// Waits for the merchant.
        PendingMerchantConfirmation = "PENDING_MERCHANT_CONFIRMATION",
        /// Waits for the client; only in this API.
        PendingClientConfirmation = "PENDING_CLIENT_CONFIRMATION",
        /// Canceled on behalf of the user.
        Canceled = "CANCELED",
        /// The client did not come.
        NoShow = "NO_SHOW",
        /// The client did not come, or canceled late, and was charged.
        NoShowPenalized = "NO_SHOW_PENALIZED",
        /// Could not be completed.
        Failed = "FAILED",
        /// Refused by the merchant.
        DeclinedByMerchant = "DECLINED_BY_MERCHANT",
    }
}

wire_enum! {
    /// What became of a prepayment or deposit.
    PrepaymentStatus {
        /// Not specified, counts as not provided.
        #[default]
        Unspecified = "PREPAYMENT_STATUS_UNSPECIFIED",
        /// Paid in advance.
        Provided = "PREPAYMENT_PROVIDED",
        /// Not paid in advance.
        NotProvided = "PREPAYMENT_NOT_PROVIDED",
        /// Was provided, has been paid back.
        Refunded = "PREPAYMENT_REFUNDED",
        /// Was provided, the user got a voucher.
        Credited = "PREPAYMENT_CREDITED",
    }
}

impl BookingStatus {
    fn is_pending(self) -> bool {
        matches!(
            self,
            Self::PendingMerchantConfirmation | Self::PendingClientConfirmation
        )
    }

    /// True where nothing can follow.
    pub(crate) fn is_dead(self) -> bool {
        matches!(self, Self::Failed | Self::DeclinedByMerchant)
    }

    /// True when a booking can well go from `self` to `to`. A late cancellation is penalised after it was canceled.
    pub(crate) fn can_become(self, to: Self) -> bool {
        match (self, to) {
            (from, to) if from == to => true,
            (_, Self::Unspecified) => false,
            (Self::Unspecified, _)
            | (Self::Canceled | Self::NoShow, Self::NoShowPenalized)
            | (Self::NoShowPenalized, Self::NoShow) => true,
            (from, _) if from.is_pending() => true,
            (Self::Confirmed, to) => matches!(to, Self::Canceled | Self::NoShow | Self::NoShowPenalized),
            _ => false,
        }
    }
}

/// Google's copy of one booking.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BookingCopy {
    /// The id that the partner returned from `CreateBooking`.
    pub booking_id: String,
    /// Merchant of the slot.
    pub merchant_id: String,
    /// Service of the slot.
    pub service_id: String,
    /// Start of the slot, epoch seconds.
    pub start_sec: i64,
    /// Length of the slot, seconds.
    pub duration_sec: i64,
    /// Status.
    pub status: BookingStatus,
    /// Prepayment status.
    pub prepayment_status: PrepaymentStatus,
    /// Transaction id of the payment, if there was one.
    pub payment_transaction_id: Option<String>,
    /// Party size, where the slot has one.
    pub party_size: Option<i64>,
}

impl BookingCopy {
    /// The copy as the API's `Booking`: defaults left out, int64 as text.
    pub fn to_message(&self, partner: &str) -> Value {
        let mut message = Map::with_capacity(8);
        put(
            &mut message,
            "name",
            &format!("partners/{partner}/bookings/{}", self.booking_id),
        );
        put(&mut message, "merchantId", &self.merchant_id);
        put(&mut message, "serviceId", &self.service_id);
        if let Some(start) = self.start() {
            put(&mut message, "startTime", &start);
        }
        if self.duration_sec != 0 {
            put(&mut message, "duration", &format!("{}s", self.duration_sec));
        }
        if self.status != BookingStatus::Unspecified {
            put(&mut message, "status", self.status.name());
        }
        if let Some(payment) = self.payment() {
            message.insert("paymentInformation".to_owned(), payment);
        }
        if let Some(size) = self.party_size.filter(|size| *size != 0) {
            put(&mut message, "partySize", &size.to_string());
        }
        Value::Object(message)
    }

    // A booking of which only a notification told may have no start.
    fn start(&self) -> Option<String> {
        let known = (self.start_sec != 0).then_some(self.start_sec)?;
        time::seconds_to_timestamp(known).ok()
    }

    fn payment(&self) -> Option<Value> {
        let mut payment = Map::with_capacity(2);
        if self.prepayment_status != PrepaymentStatus::Unspecified {
            put(&mut payment, "prepaymentStatus", self.prepayment_status.name());
        }
        put(
            &mut payment,
            "paymentTransactionId",
            self.payment_transaction_id.as_deref().unwrap_or_default(),
        );
        (!payment.is_empty()).then(|| json!(payment))
    }
}

fn put(message: &mut Map<String, Value>, name: &str, text: &str) {
    if !text.is_empty() {
        message.insert(name.to_owned(), text.into());
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    use super::*;
    use crate::check_own;
    use crate::testing::copy;
    use protocol::model::v1alpha;

    #[test]
    fn the_values_are_those_of_the_wire_model() {
        let names: Vec<&str> = BookingStatus::ALL.iter().map(|status| status.name()).collect();
        assert_eq!(
            names,
            v1alpha()
                .enumeration("BookingStatus")
                .unwrap()
                .names()
                .collect::<Vec<_>>()
        );
        let names: Vec<&str> = PrepaymentStatus::ALL.iter().map(|status| status.name()).collect();
        assert_eq!(
            names,
            v1alpha()
                .enumeration("PrepaymentStatus")
                .unwrap()
                .names()
                .collect::<Vec<_>>()
        );
        assert_eq!(BookingStatus::from_name("CANCELLED"), None);
    }

    #[test]
    fn a_copy_is_written_without_defaults() {
        let message = copy("b").to_message("20");
        assert_eq!(
            message,
            json!({
                "name": "partners/20/bookings/b", "merchantId": "m1", "serviceId": "s1",
                "startTime": "2025-01-05T23:45:00Z", "duration": "900s", "status": "CONFIRMED",
                "paymentInformation": { "prepaymentStatus": "PREPAYMENT_PROVIDED", "paymentTransactionId": "t1" },
                "partySize": "2",
            })
        );
        assert_eq!(check_own(&message, "Booking"), Ok(()));
        let bare = BookingCopy {
            status: BookingStatus::Unspecified,
            prepayment_status: PrepaymentStatus::Unspecified,
            payment_transaction_id: None,
            party_size: Some(0),
            start_sec: 0,
            duration_sec: 0,
            ..copy("b")
        };
        let keys: Vec<String> = bare
            .to_message("20")
            .as_object()
            .unwrap()
            .keys()
            .cloned()
            .collect();
        assert_eq!(keys, ["name", "merchantId", "serviceId"]);
    }

    #[test]
    fn status_changes_that_make_no_sense_are_told_apart() {
        use BookingStatus::{
            Canceled, Confirmed, DeclinedByMerchant, NoShow, NoShowPenalized, PendingMerchantConfirmation,
        };
        for (from, to) in [
            (Confirmed, Canceled),
            (PendingMerchantConfirmation, DeclinedByMerchant),
            (Canceled, NoShowPenalized),
        ] {
            assert!(from.can_become(to), "{from:?} {to:?}");
        }
        for (from, to) in [
            (Canceled, Confirmed),
            (Canceled, NoShow),
            (Confirmed, PendingMerchantConfirmation),
        ] {
            assert!(!from.can_become(to), "{from:?} {to:?}");
        }
    }
}
