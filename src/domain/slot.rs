//! A bookable slot and what it costs, as Google derives both from a partner's feeds.
//!
//! These are facts about the inventory: amounts in micros, times in epoch seconds, lengths in seconds.

use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// An amount of money: millionths of the currency's major unit, ISO 4217 code.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Money {
    /// Millionths of one major unit (1 USD = 1 000 000), for every currency.
    pub price_micros: i64,
    /// ISO 4217 currency code.
    pub currency_code: String,
}

/// Whether an amount is taken as it is or once per person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum PriceType {
    /// Taken as it is; also the meaning of an absent type.
    #[default]
    FixedRateDefault,
    /// Multiplied by the party size when it is charged; never multiplied on the wire.
    PerPerson,
}

/// A fee for not coming, or for cancelling after the window.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoShowFee {
    /// The configured amount, not multiplied out.
    pub fee: Money,
    /// Fixed or per person.
    pub fee_type: PriceType,
}

/// A deposit and the cutoff until which it is refunded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deposit {
    /// The configured amount, not multiplied out.
    pub deposit: Money,
    /// Seconds before the start until which a cancellation refunds the deposit; absent means until the start.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_advance_cancellation_sec: Option<i64>,
    /// Fixed or per person.
    pub deposit_type: PriceType,
}

/// Staff, room and party size that tell slots of one time apart.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize)]
pub struct Resources {
    /// The staff member's id in the feed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub staff_id: Option<String>,
    /// The room's (or seating section's) id in the feed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub room_id: Option<String>,
    /// Seats, dining only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub party_size: Option<i32>,
}

impl Resources {
    /// True when nothing is named.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// How a booking of the slot is decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum ConfirmationMode {
    /// Confirmed or refused at once; also the meaning of an absent mode.
    #[default]
    #[serde(rename = "CONFIRMATION_MODE_SYNCHRONOUS")]
    Synchronous,
    /// The merchant decides later.
    #[serde(rename = "CONFIRMATION_MODE_ASYNCHRONOUS")]
    Asynchronous,
}

/// One step of a cancellation policy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefundStep {
    /// The step holds for cancellations at least this many seconds before the start.
    pub min_duration_before_start_time_sec: i64,
    /// 0 to 100.
    pub refund_percent: i64,
}

/// What an online (virtual) service promises in the feed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct OnlineTerms {
    /// The text that says how to join, if there is one.
    pub session_instructions: Option<String>,
    /// True when the user pays the merchant directly (`direct_merchant_payment`).
    pub direct_merchant_payment: bool,
}

/// The five ways in which a slot can ask for money. A slot may combine `NoShowFee` and `Deposit`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PaymentMode {
    /// Paid on arrival: no card.
    Arrival,
    /// The whole price and its tax are charged when booking.
    Prepayment,
    /// A card is kept for a fee on not coming.
    NoShowFee,
    /// A deposit is taken or held.
    Deposit,
    /// A card is required and nothing else.
    CardOnly,
}

/// One sort of ticket of a slot that is ordered.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Ticket {
    /// Its id in the feed.
    pub id: String,
    /// One ticket, without taxes and fees.
    pub price: Money,
    /// Charged on top of each ticket; absent when the feed states none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fee: Option<Money>,
}

/// What a service says itself about money where one of its slots says something else.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Replaced {
    /// What the slot would cost at its service's terms, where its own payment option gives another price.
    pub price: Option<Money>,
    /// The service's fee for not coming, where the slot has its own.
    pub no_show_fee: Option<NoShowFee>,
    /// The service's deposit, where the slot has its own.
    pub deposit: Option<Deposit>,
    /// True when the slot asks for a card where the service leaves that to the fees, or the other way round.
    pub credit_card: bool,
}

/// What a slot can say instead of its service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Override {
    /// A price, by way of a payment option.
    Price,
    /// A fee for not coming.
    NoShowFee,
    /// A deposit.
    Deposit,
    /// Whether a card is required.
    CreditCard,
}

impl Replaced {
    /// True when the slot says this itself.
    pub fn has(&self, what: Override) -> bool {
        match what {
            Override::Price => self.price.is_some(),
            Override::NoShowFee => self.no_show_fee.is_some(),
            Override::Deposit => self.deposit.is_some(),
            Override::CreditCard => self.credit_card,
        }
    }
}

/// What nobody has said of a slot, so that the harness takes the plainest for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Assumption {
    /// It has one spot.
    Spots,
    /// It is paid on arrival.
    Payment,
    /// It is confirmed at once.
    Confirmation,
    /// It can be booked and cancelled until it starts.
    Windows,
}

impl Assumption {
    /// Whatever can be assumed.
    pub const ALL: [Self; 4] = [Self::Spots, Self::Payment, Self::Confirmation, Self::Windows];
}

/// The effective terms of a slot, after every override of the feeds has been resolved.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Terms {
    /// Without tax and fees; absent where dining needs none.
    pub price: Option<Money>,
    /// On top of the price; absent when the rate is unset or zero.
    pub tax: Option<Money>,
    /// The payment option that gave the price, if one did.
    pub payment_option_id: Option<String>,
    /// How many visits the payment option is good for, where it is a pack; the first is the one that is booked with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pack_visits: Option<i64>,
    /// True when the price is charged at booking time.
    pub prepayment: bool,
    /// The fee for not coming.
    pub no_show_fee: Option<NoShowFee>,
    /// The deposit.
    pub deposit: Option<Deposit>,
    /// True when Google collects a card for this slot.
    pub card_required: bool,
    /// `last_online_cancellable_sec` or what the service's rule gives: Google offers cancelling until here (epoch seconds).
    pub online_cancel_until_sec: i64,
    /// How long before the start cancelling online ends by the rule of the service, where the slot has a moment of its own, seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service_cancel_lead_sec: Option<i64>,
    /// Last moment at which Google offers the slot (epoch seconds).
    pub bookable_until_sec: i64,
    /// First moment at which Google offers the slot (epoch seconds).
    pub bookable_from_sec: Option<i64>,
    /// The cancellation policy, longest lead first.
    pub refund_steps: Vec<RefundStep>,
    /// Set for online services.
    pub online: Option<OnlineTerms>,
    /// The merchant's tokenization configuration as it stands in the feed.
    pub tokenization_config: Option<serde_json::Value>,
    /// Card networks that the merchant takes; absent means all.
    pub accepted_networks: Option<Vec<String>>,
    /// What the service says where the slot says something else.
    #[serde(default)]
    pub replaced: Replaced,
    /// The tickets of a slot that is ordered and not booked; none of any other slot.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tickets: Vec<Ticket>,
    /// What nobody has said of the slot; nothing where feeds have it.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub assumed: BTreeSet<Assumption>,
}

impl Terms {
    /// True when the slot is ordered by the ticket, and not booked.
    pub fn is_ordered(&self) -> bool {
        !self.tickets.is_empty()
    }

    /// The sort of ticket that costs most: children and others with conditions cost less.
    pub fn dearest_ticket(&self) -> Option<&Ticket> {
        let dearer = |one: &&Ticket| one.price.price_micros;
        self.tickets.iter().rev().max_by_key(dearer)
    }

    /// The payment modes of the slot: exactly one, but for a deposit together with a no-show fee.
    pub fn modes(&self) -> Vec<PaymentMode> {
        let fees = [
            (self.prepayment, PaymentMode::Prepayment),
            (self.no_show_fee.is_some(), PaymentMode::NoShowFee),
            (self.deposit.is_some(), PaymentMode::Deposit),
        ];
        let found: Vec<_> = fees
            .into_iter()
            .filter(|(has, _)| *has)
            .map(|(_, mode)| mode)
            .collect();
        match (found.is_empty(), self.card_required) {
            (false, _) => found,
            (true, true) => vec![PaymentMode::CardOnly],
            (true, false) => vec![PaymentMode::Arrival],
        }
    }

    /// True when to book the slot is to buy a pack: who pays on arrival is not asked to.
    pub fn sells_pack(&self) -> bool {
        self.pack_visits.is_some() && self.modes() != [PaymentMode::Arrival]
    }

    /// Until when a cancellation refunds the deposit (epoch seconds), for a slot that starts at `start_sec`.
    pub fn deposit_refundable_until_sec(&self, start_sec: i64) -> Option<i64> {
        let deposit = self.deposit.as_ref()?;
        Some(start_sec.saturating_sub(deposit.min_advance_cancellation_sec.unwrap_or(0)))
    }
}

/// One bookable slot with its effective terms.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Slot {
    /// Merchant id of the feeds.
    pub merchant_id: String,
    /// Service id of the feeds.
    pub service_id: String,
    /// Start, epoch seconds.
    pub start_sec: i64,
    /// Length in seconds.
    pub duration_sec: i64,
    /// Opaque tag of the feed, sent back in every booking call.
    pub availability_tag: Option<String>,
    /// Staff, room, party size.
    pub resources: Resources,
    /// Synchronous or asynchronous.
    pub confirmation_mode: ConfirmationMode,
    /// Capacity.
    pub spots_total: i64,
    /// Free capacity when the feed was written.
    pub spots_open: i64,
    /// What booking it costs and until when it can be cancelled.
    pub terms: Terms,
}

impl Slot {
    /// End of the slot, epoch seconds.
    pub fn end_sec(&self) -> i64 {
        self.start_sec.saturating_add(self.duration_sec)
    }
}
