//! Closed lists of names that a user may write in a config or in a scenario.

use protocol::Method;
use serde::{Deserialize, Serialize};

/// Declares an enum with its snake_case names, so that name, parsing and listing have one home.
macro_rules! names {
    ($(#[$meta:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $text:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema)]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($(#[$doc])* $variant),+ }

        impl $name {
            /// Every name, in the order of the documentation.
            pub const ALL: &'static [$name] = &[$($name::$variant),+];

            /// The name as it is written in files.
            pub fn name(self) -> &'static str {
                match self { $($name::$variant => $text),+ }
            }

            /// The variant of a name.
            pub fn parse(text: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|known| known.name() == text)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.name())
            }
        }
    };
}

names! {
    /// What a target declares that it can do.
    Capability {
        /// Slots with a deposit.
        Deposit = "deposit",
        /// Slots that are paid in full when booking.
        Prepayment = "prepayment",
        /// Slots with a fee for not coming.
        NoShowFee = "no_show_fee",
        /// Slots that require a card and charge nothing.
        CreditCard = "credit_card",
        /// Prices from payment options.
        PaymentOptions = "payment_options",
        /// 3-D Secure 1 challenges.
        Threeds1 = "threeds1",
        /// Online (virtual) services.
        Online = "online",
        /// Bookings that the merchant confirms later.
        Asynchronous = "asynchronous",
        /// GetBookingStatus.
        BookingStatus = "booking_status",
        /// ListBookings.
        ListBookings = "list_bookings",
        /// CheckAvailability (legacy).
        CheckAvailability = "check_availability",
        /// Real-time inventory updates.
        AvailabilityRtu = "availability_rtu",
        /// Dining with party sizes.
        PartySize = "party_size",
        /// SetMarketingPreference.
        MarketingPreference = "marketing_preference",
        /// Offers.
        Offers = "offers",
        /// Waitlists.
        Waitlist = "waitlist",
        /// Order-based booking.
        Orders = "orders",
    }
}

impl Capability {
    /// True for what the standard implementation has: a target without it says so.
    pub fn is_standard(self) -> bool {
        matches!(self, Self::BookingStatus | Self::ListBookings)
    }

    /// What a target has to have for a method that not every target has.
    pub fn of_method(method: Method) -> Option<Self> {
        match method {
            Method::GetBookingStatus => Some(Self::BookingStatus),
            Method::ListBookings => Some(Self::ListBookings),
            Method::BatchGetWaitEstimates
            | Method::CreateWaitlistEntry
            | Method::GetWaitlistEntry
            | Method::DeleteWaitlistEntry => Some(Self::Waitlist),
            Method::CheckOrderFulfillability | Method::CreateOrder | Method::ListOrders => Some(Self::Orders),
            Method::SetMarketingPreference => Some(Self::MarketingPreference),
            Method::HealthCheck
            | Method::BatchAvailabilityLookup
            | Method::CreateBooking
            | Method::UpdateBooking => None,
        }
    }
}

names! {
    /// Ways of asking the partner to act.
    TriggerName {
        /// The merchant cancels.
        MerchantCancel = "merchant_cancel",
        /// The user cancels on the partner's own site.
        UserCancelAtPartner = "user_cancel_at_partner",
        /// The booking is moved on the partner's side.
        Reschedule = "reschedule",
        /// The party size is changed on the partner's side.
        ChangePartySize = "change_party_size",
        /// The user did not come.
        NoShow = "no_show",
        /// The fee for not coming is charged.
        ChargeNoShowFee = "charge_no_show_fee",
        /// Money is given back.
        Refund = "refund",
        /// The merchant confirms a pending booking.
        Confirm = "confirm",
        /// The merchant declines a pending booking.
        Decline = "decline",
        /// A pending booking cannot be completed.
        Fail = "fail",
        /// The time in which the merchant could decide runs out.
        Expire = "expire",
        /// A slot is closed.
        CloseSlot = "close_slot",
        /// The user never paid the merchant directly.
        Unpaid = "unpaid",
        /// A party of the waitlist is called: its table is ready.
        WaitlistReady = "waitlist_ready",
        /// A party of the waitlist is seated.
        WaitlistSeat = "waitlist_seat",
        /// A party of the waitlist did not come when it was called.
        WaitlistNoShow = "waitlist_no_show",
        /// A waitlist takes no further entries.
        CloseWaitlist = "close_waitlist",
        /// A waitlist takes entries again.
        OpenWaitlist = "open_waitlist",
    }
}

impl TriggerName {
    /// True for an act on an entry of a waitlist.
    pub fn is_about_entry(self) -> bool {
        matches!(
            self,
            Self::WaitlistReady | Self::WaitlistSeat | Self::WaitlistNoShow
        )
    }

    /// True for an act on a waitlist as a whole.
    pub fn is_about_waitlist(self) -> bool {
        matches!(self, Self::CloseWaitlist | Self::OpenWaitlist)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_files_and_in_serde_are_the_same() {
        for trigger in TriggerName::ALL {
            assert_eq!(serde_json::json!(trigger), trigger.name());
        }
        for capability in Capability::ALL {
            assert_eq!(serde_json::json!(capability), capability.name());
            assert_eq!(Capability::parse(capability.name()), Some(*capability));
        }
    }
}
