//! What the slots of a scenario must be like.

use crate::card::Card;
use domain::Capability;
use domain::slot::{ConfirmationMode, Override, PaymentMode};
use schemars::JsonSchema;
use serde::Deserialize;
use std::time::Duration;

/// What a slot must be like.
#[expect(clippy::struct_excessive_bools, reason = "each is a need by itself")]
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SlotNeed {
    /// The one payment mode.
    pub payment: Option<PaymentMode>,
    /// Whether a tax is added.
    pub tax: Option<bool>,
    /// What its terms are like besides.
    pub money: MoneyNeed,
    /// Whether it is online.
    pub online: bool,
    /// Whether the user pays the merchant directly.
    pub direct_payment: Option<bool>,
    /// How the booking is decided.
    pub confirmation: ConfirmationMode,
    /// Exactly so many spots open.
    pub spots_exactly: Option<i64>,
    /// At least so many spots open.
    pub spots_at_least: Option<i64>,
    /// At most so many spots open.
    pub spots_at_most: Option<i64>,
    /// At least so many spots, where there are such slots; unset means one.
    pub spots_preferably: Option<i64>,
    /// Nobody has booked it yet.
    pub untouched: bool,
    /// Whether the feed names staff, a room or a party size for it.
    pub resources: Option<bool>,
    /// Starts later than this from now.
    pub more_than: Option<Length>,
    /// Starts sooner than this from now.
    pub less_than: Option<Length>,
    /// Ends within this from now.
    pub ends_within: Option<Duration>,
    /// Online cancelling must stay open for the clean-up.
    pub cancellable: bool,
    /// How much of the payment a cancellation gives back now, by the cancellation policy.
    pub refund: Option<RefundShare>,
    /// Is paid with these cards, besides good ones.
    pub cards: Vec<Card>,
    /// It is sold by the ticket, so that it is ordered and not booked.
    pub tickets: bool,
    /// Whether the feed states a fee on top of the tickets.
    pub ticket_fees: Option<bool>,
    /// The pack that is bought with it; a slot that sells one is bound for nothing else.
    pub pack: Option<PackNeed>,
    /// What it is to other slots of the scenario.
    pub relations: Vec<Relation>,
}

/// A slot that starts within this starts soon.
const SOON: Duration = Duration::from_secs(600);

impl SlotNeed {
    /// True when the slot has to start within minutes.
    pub fn is_soon(&self) -> bool {
        matches!(self.less_than, Some(Length::Fixed(length)) if length <= SOON)
    }
}

/// What a slot is to another one of the scenario.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Relation {
    /// What it is to that slot.
    pub kind: RelationKind,
    /// The name of that slot.
    pub slot: String,
}

/// What a slot can be to another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RelationKind {
    /// Has the merchant and service of that slot.
    SameServiceAs,
    /// Is that slot's like at the same time, but for staff, room or party size.
    Beside,
    /// Has the merchant of that slot and another service.
    OtherServiceThan,
    /// Starts on another day than that slot.
    OtherDayThan,
    /// Is another merchant's than that slot, where there is another one.
    ElsewhereThan,
    /// Differs from that slot in its party size alone.
    OtherPartyThan,
    /// Is of the service of that slot, and longer or shorter.
    OtherLengthThan,
}

impl RelationKind {
    /// True when both slots start together.
    pub fn is_at_once(self) -> bool {
        matches!(self, Self::Beside | Self::OtherPartyThan)
    }

    /// True when both slots are of one service.
    pub fn is_within_service(self) -> bool {
        self.is_at_once() || matches!(self, Self::SameServiceAs | Self::OtherLengthThan)
    }

    /// True when the place of one slot follows from the place of the other.
    pub fn binds_place(self) -> bool {
        self.is_at_once() || self == Self::OtherDayThan
    }
}

/// How much of a payment a cancellation gives back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RefundShare {
    /// All of it.
    Full,
    /// A part of it.
    Partial,
    /// None of it.
    Nothing,
}

/// How many visits a pack is good for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PackNeed {
    /// Several.
    Several,
    /// Two, so that it is used up by the second booking.
    Two,
}

/// What the terms of a slot must be like, besides its payment mode.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct MoneyNeed {
    /// What the slot says itself, instead of its service.
    pub overrides: Option<Override>,
    /// A fee for not coming beside a deposit.
    pub also_no_show_fee: bool,
    /// Fee or deposit are per person, and the party is larger than one.
    pub per_person: Option<bool>,
    /// The decimals of the currency.
    pub currency_decimals: Option<u32>,
    /// It can be cancelled online until it starts.
    pub cancellable_until_start: Option<bool>,
}

/// A lead time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Length {
    /// A fixed length.
    Fixed(Duration),
    /// The slot's own deposit cutoff.
    DepositCutoff,
    /// The slot's own online cancelling cutoff.
    OnlineCutoff,
    /// That of its service, which the slot may replace.
    ServiceOnlineCutoff,
}

impl SlotNeed {
    /// True when nothing is said about staff, rooms and the slots beside it: then a slot that is alone at its time says
    /// more clearly what went wrong.
    pub fn is_lone(&self) -> bool {
        self.resources.is_none() && !self.has_relation(RelationKind::Beside)
    }

    /// True when the scenario is about a way of paying; any other is done on the plainest slot that there is.
    pub fn says_how_it_is_paid(&self) -> bool {
        self.payment.is_some() || !self.cards.is_empty()
    }

    /// True when the scenario is about the number of spots.
    pub fn says_how_many_spots(&self) -> bool {
        let bounds = [self.spots_exactly, self.spots_at_least, self.spots_at_most];
        self.untouched || bounds.iter().any(Option::is_some)
    }

    /// True when it is that to some slot.
    pub(crate) fn has_relation(&self, kind: RelationKind) -> bool {
        self.related(kind).is_some()
    }

    /// The name of the slot to which it is that.
    pub fn related(&self, kind: RelationKind) -> Option<&str> {
        let relation = self.relations.iter().find(|relation| relation.kind == kind)?;
        Some(&relation.slot)
    }

    /// What a target must be able to do to have such slots.
    pub fn capabilities(&self) -> Vec<Capability> {
        let payment = match self.payment {
            Some(PaymentMode::Prepayment) => Some(Capability::Prepayment),
            Some(PaymentMode::NoShowFee) => Some(Capability::NoShowFee),
            Some(PaymentMode::Deposit) => Some(Capability::Deposit),
            Some(PaymentMode::CardOnly) => Some(Capability::CreditCard),
            Some(PaymentMode::Arrival) | None => None,
        };
        let fee = self.money.also_no_show_fee.then_some(Capability::NoShowFee);
        let option = (self.money.overrides == Some(Override::Price)).then_some(Capability::PaymentOptions);
        let pack = self.pack.map(|_| Capability::PaymentOptions);
        let online = self.online.then_some(Capability::Online);
        let later = (self.confirmation == ConfirmationMode::Asynchronous).then_some(Capability::Asynchronous);
        let money = payment.into_iter().chain(fee).chain(option).chain(pack);
        let orders = self.tickets.then_some(Capability::Orders);
        money.chain(online).chain(later).chain(orders).collect()
    }
}
