//! What a scenario needs, as an author writes it.

use crate::model::{PackNeed, RefundShare, Relation, RelationKind, WaitlistNeed};
use crate::reading::At;
use domain::slot::{ConfirmationMode, Override, PaymentMode};
use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Deserialize;

/// What a scenario needs.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct NeedsFile {
    /// The one slot, when there is one only; it is called `slot` in templates.
    pub(crate) slot: Option<SlotNeedFile>,
    /// Several slots by name.
    pub(crate) slots: IndexMap<String, SlotNeedFile>,
    /// The one waitlist; it is called `waitlist` in templates.
    pub(crate) waitlist: Option<WaitlistNeed>,
    /// Up to this many more slots of the first slot's merchant, for a page-load look-up; they are not booked.
    pub(crate) page: Option<usize>,
}

/// What a slot must be like, in the words of the feeds.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct SlotNeedFile {
    /// The payment mode.
    pub(crate) payment: Option<At<PaymentModeName>>,
    /// True: a tax is added on top of the price. False: none is.
    pub(crate) tax: Option<bool>,
    /// What the slot says itself, instead of its service.
    pub(crate) overrides: Option<Override>,
    /// With `payment: deposit`: a fee for not coming as well.
    pub(crate) also_no_show_fee: Option<bool>,
    /// True: fee or deposit are per person, and the party is larger than one.
    pub(crate) per_person: Option<bool>,
    /// The decimals of its currency: 0, 2 or 3.
    pub(crate) currency_decimals: Option<u32>,
    /// True: it can be cancelled online until it starts.
    pub(crate) cancellable_until_start: Option<bool>,
    /// True: an online service. False (and unset): in person.
    pub(crate) online: Option<bool>,
    /// True: the user pays the merchant directly.
    pub(crate) direct_payment: Option<bool>,
    /// How the booking is decided; unset means synchronous.
    pub(crate) confirmation: Option<ConfirmationName>,
    /// How many spots it has open.
    pub(crate) spots: Option<SpotsFile>,
    /// How far ahead it starts.
    pub(crate) starts_in: Option<RangeFile>,
    /// How much of the payment a cancellation gives back now, by the cancellation policy.
    pub(crate) refund: Option<RefundShare>,
    /// A pack of visits is bought with it, of several or of just two; a slot that sells one is bound for nothing else.
    pub(crate) pack: Option<PackNeed>,
    /// False when the clean-up need not be able to cancel it online.
    pub(crate) cancellable: Option<bool>,
    /// True: the feed names staff, a room or a party size for it. False: none of them.
    pub(crate) resources: Option<bool>,
    /// True: it is sold by the ticket, so that it is ordered. False (and unset): it is booked.
    pub(crate) tickets: Option<bool>,
    /// With `tickets: true`: whether the feed states a fee on top of the tickets.
    pub(crate) ticket_fees: Option<bool>,
    /// What it is to other slots.
    pub(crate) relations: Vec<RelationFile>,
}

/// What a slot is to another one, which is named.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum RelationFile {
    /// It has the merchant and the service of that slot.
    SameServiceAs(At<String>),
    /// It is of the same service at the same time, with other staff, room or party size.
    Beside(At<String>),
    /// It has the merchant of that slot and another service.
    OtherServiceThan(At<String>),
    /// It starts on another day than that slot.
    OtherDayThan(At<String>),
    /// It is of another merchant than that slot; with one merchant only, that one will do.
    ElsewhereThan(At<String>),
    /// It differs from that slot in nothing but the party size; it is looked up, not held.
    OtherPartyThan(At<String>),
    /// It is of the service of that slot, and longer or shorter.
    OtherLengthThan(At<String>),
}

impl RelationFile {
    /// The name of the other slot, with its place.
    pub(crate) fn slot(&self) -> &At<String> {
        self.parts().1
    }

    /// The same without places.
    pub(crate) fn relation(&self) -> Relation {
        let (kind, slot) = self.parts();
        Relation {
            kind,
            slot: slot.get().clone(),
        }
    }

    fn parts(&self) -> (RelationKind, &At<String>) {
        match self {
            Self::SameServiceAs(slot) => (RelationKind::SameServiceAs, slot),
            Self::Beside(slot) => (RelationKind::Beside, slot),
            Self::OtherServiceThan(slot) => (RelationKind::OtherServiceThan, slot),
            Self::OtherDayThan(slot) => (RelationKind::OtherDayThan, slot),
            Self::ElsewhereThan(slot) => (RelationKind::ElsewhereThan, slot),
            Self::OtherPartyThan(slot) => (RelationKind::OtherPartyThan, slot),
            Self::OtherLengthThan(slot) => (RelationKind::OtherLengthThan, slot),
        }
    }
}

/// A number of spots.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct SpotsFile {
    /// Exactly so many open.
    pub(crate) exactly: Option<i64>,
    /// At least so many open.
    pub(crate) at_least: Option<i64>,
    /// At most so many open.
    pub(crate) at_most: Option<i64>,
    /// At least so many open, where there are such slots; others will do.
    pub(crate) preferably: Option<i64>,
    /// True: nobody has booked it yet, so that all its spots are open.
    pub(crate) all_open: bool,
}

/// A range of lead times.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct RangeFile {
    /// A length such as `2h`, or `deposit_cutoff`, or `online_cutoff`, or `service_online_cutoff`: when cancelling online would end if
    /// the slot did not say so itself.
    pub(crate) more_than: Option<At<String>>,
    /// As `more_than`.
    pub(crate) less_than: Option<At<String>>,
}

/// Names of the payment modes in scenario files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum PaymentModeName {
    /// Paid on arrival.
    Arrival,
    /// Paid in full when booking.
    Prepayment,
    /// A fee for not coming.
    NoShowFee,
    /// A deposit.
    Deposit,
    /// A card and nothing else.
    CardOnly,
}

impl From<PaymentModeName> for PaymentMode {
    fn from(name: PaymentModeName) -> Self {
        match name {
            PaymentModeName::Arrival => PaymentMode::Arrival,
            PaymentModeName::Prepayment => PaymentMode::Prepayment,
            PaymentModeName::NoShowFee => PaymentMode::NoShowFee,
            PaymentModeName::Deposit => PaymentMode::Deposit,
            PaymentModeName::CardOnly => PaymentMode::CardOnly,
        }
    }
}

/// Names of the confirmation modes in scenario files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ConfirmationName {
    /// Decided at once.
    Synchronous,
    /// The merchant decides later.
    Asynchronous,
}

impl From<ConfirmationName> for ConfirmationMode {
    fn from(name: ConfirmationName) -> Self {
        match name {
            ConfirmationName::Synchronous => ConfirmationMode::Synchronous,
            ConfirmationName::Asynchronous => ConfirmationMode::Asynchronous,
        }
    }
}
