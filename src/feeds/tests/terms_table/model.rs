//! What the documents say that a slot comes to, said once more: overriding, the choice of the rate, amounts per
//! person, the five modes, the last moments.

use super::records::{Amounts, Base, DEPOSIT_LEAD, Tax, Taxed, merchant_id};
use crate::CardRequirement;
use crate::code::ProblemCode;
use domain::slot::{PaymentMode, PriceType};

pub(super) const EITHER: [bool; 2] = [false, true];
const KINDS: [PriceType; 2] = [PriceType::FixedRateDefault, PriceType::PerPerson];
const PARTIES: [Option<i32>; 3] = [None, Some(1), Some(3)];
const CARDS: [Option<CardRequirement>; 4] = [
    None,
    Some(CardRequirement::Unspecified),
    Some(CardRequirement::Conditional),
    Some(CardRequirement::Always),
];

/// What a slot says itself.
#[derive(Debug, Clone, Copy)]
#[expect(clippy::struct_excessive_bools, reason = "each is a column of the table")]
pub(super) struct Row {
    pub(super) option: bool,
    pub(super) fee: bool,
    pub(super) deposit: bool,
    pub(super) card: Option<CardRequirement>,
    /// Of the slot's fee and deposit.
    pub(super) kind: PriceType,
    pub(super) party: Option<i32>,
    pub(super) cutoff: bool,
    pub(super) last_bookable: bool,
}

impl Row {
    pub(super) const COUNT: usize = 2 * 2 * 2 * 4 * 2 * 3 * 2 * 2;

    /// Every row there is, each once.
    pub(super) fn all() -> impl Iterator<Item = Self> {
        (0..Self::COUNT).map(|mut rest| {
            let mut pick = |of: usize| {
                let picked = rest % of;
                rest /= of;
                picked
            };
            Self {
                option: EITHER[pick(2)],
                fee: EITHER[pick(2)],
                deposit: EITHER[pick(2)],
                card: CARDS[pick(4)],
                kind: KINDS[pick(2)],
                party: PARTIES[pick(3)],
                cutoff: EITHER[pick(2)],
                last_bookable: EITHER[pick(2)],
            }
        })
    }
}

/// A service, and the start of one of its slots.
#[derive(Clone, Copy)]
pub(super) struct Case<'a> {
    pub(super) amounts: &'a Amounts,
    pub(super) tax: Tax,
    pub(super) base: Base,
    pub(super) has_option: bool,
    pub(super) start: i64,
}

/// Configured amount, type, and what the party pays.
type Charge = (i64, PriceType, i64);

/// What is expected of a slot, or was found.
#[derive(Debug, PartialEq)]
pub(super) struct Outcome {
    pub(super) price: i64,
    pub(super) tax: Option<i64>,
    pub(super) option: Option<String>,
    pub(super) fee: Option<Charge>,
    pub(super) deposit: Option<Charge>,
    pub(super) deposit_until: Option<i64>,
    pub(super) modes: Vec<PaymentMode>,
    /// A card is asked for, and the tokenization comes with it.
    pub(super) card: [bool; 2],
    /// Price, fee, deposit and card that the slot replaces.
    pub(super) replaced: (Option<i64>, Option<i64>, Option<i64>, bool),
    /// For cancelling online and for booking.
    pub(super) last_moments: [i64; 2],
}

impl Case<'_> {
    pub(super) fn expected(&self, row: Row) -> Outcome {
        let (price, option) = self.price(row);
        let (fee, deposit) = (self.fee(row), self.deposit(row));
        let modes = self.modes(row);
        // The slot's own deposit has no lead: none is taken over from the service's.
        let lead = if row.deposit { 0 } else { DEPOSIT_LEAD };
        Outcome {
            price: price.0,
            tax: self.tax.counts(option.is_some()).map(|rate| price.1[rate]),
            option: option.map(|level| format!("{level}-{}", merchant_id(self.amounts, self.tax))),
            fee,
            deposit,
            deposit_until: deposit.map(|_| self.start - lead),
            card: [modes != [PaymentMode::Arrival]; 2],
            modes,
            replaced: self.replaced(row),
            last_moments: [
                self.start - if row.cutoff { 1_000 } else { self.lead(86_400) },
                self.start - if row.last_bookable { 500 } else { self.lead(3_600) },
            ],
        }
    }

    /// What is said of the slot, which can be booked all the same.
    pub(super) fn warnings(&self, row: Row) -> Vec<ProblemCode> {
        let (price, _) = self.price(row);
        let deposit = self.deposit(row);
        let exceeds = deposit.filter(|(.., due)| *due > price.0);
        let twice = deposit.filter(|_| self.base.prepaid());
        let said = [
            exceeds.map(|_| ProblemCode::DepositExceedsPrice),
            twice.map(|_| ProblemCode::PrepaymentWithDeposit),
        ];
        said.into_iter().flatten().collect()
    }

    /// The price, and the level of the payment option that gives it.
    fn price(&self, row: Row) -> (Taxed, Option<&'static str>) {
        match (row.option, self.has_option) {
            (true, _) => (self.amounts.slot_option, Some("slot")),
            (false, true) => (self.amounts.service_option, Some("service")),
            (false, false) => (self.amounts.service, None),
        }
    }

    fn fee(&self, row: Row) -> Option<Charge> {
        if row.fee {
            return Some(charge(self.amounts.slot_fee, row.kind, row));
        }
        self.base
            .fee()
            .map(|kind| charge(self.amounts.service_fee, kind, row))
    }

    fn deposit(&self, row: Row) -> Option<Charge> {
        if row.deposit {
            return Some(charge(self.amounts.slot_deposit, row.kind, row));
        }
        self.base
            .deposit()
            .map(|kind| charge(self.amounts.service_deposit, kind, row))
    }

    fn always_a_card(&self, row: Row) -> bool {
        match row.card {
            None | Some(CardRequirement::Unspecified) => self.base.always(),
            Some(CardRequirement::Conditional) => false,
            Some(CardRequirement::Always) => true,
        }
    }

    fn modes(&self, row: Row) -> Vec<PaymentMode> {
        let mut modes = Vec::new();
        if self.base.prepaid() {
            modes.push(PaymentMode::Prepayment);
        }
        if self.fee(row).is_some() {
            modes.push(PaymentMode::NoShowFee);
        }
        if self.deposit(row).is_some() {
            modes.push(PaymentMode::Deposit);
        }
        match (modes.is_empty(), self.always_a_card(row)) {
            (true, true) => vec![PaymentMode::CardOnly],
            (true, false) => vec![PaymentMode::Arrival],
            (false, _) => modes,
        }
    }

    fn replaced(&self, row: Row) -> (Option<i64>, Option<i64>, Option<i64>, bool) {
        let without = Row { option: false, ..row };
        let (fee, deposit) = (self.base.fee(), self.base.deposit());
        (
            row.option.then_some(self.price(without).0.0),
            fee.filter(|_| row.fee).map(|_| self.amounts.service_fee),
            deposit
                .filter(|_| row.deposit)
                .map(|_| self.amounts.service_deposit),
            self.always_a_card(row) != self.base.always(),
        )
    }

    fn lead(&self, seconds: i64) -> i64 {
        if self.base.has_leads() { seconds } else { 0 }
    }
}

fn charge(micros: i64, kind: PriceType, row: Row) -> Charge {
    let heads = match (kind, row.party) {
        (PriceType::PerPerson, Some(3)) => 3,
        _ => 1,
    };
    (micros, kind, micros * heads)
}
