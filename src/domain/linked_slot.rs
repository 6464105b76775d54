//! A slot that is booked and paid on the partner's own page, as far as inventory updates have to repeat it.

use crate::slot::Resources;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// What a slot says itself of how it is paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PaidBy {
    /// The price is paid when booking.
    Prepayment,
    /// A deposit is.
    Deposit,
    /// A fee is owed by who does not come.
    NoShowFee,
}

impl PaidBy {
    /// The field of a slot that says so, in JSON names.
    pub fn field(self) -> &'static str {
        match self {
            Self::Prepayment => "prepayment",
            Self::Deposit => "deposit",
            Self::NoShowFee => "noShowFee",
        }
    }
}

/// A slot of the feed that links out.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct LinkedSlot {
    /// Start, epoch seconds.
    pub start_sec: i64,
    /// Length in seconds.
    pub duration_sec: i64,
    /// Staff, room, party size.
    pub resources: Resources,
    /// What it says itself of how it is paid.
    pub paid_by: BTreeSet<PaidBy>,
}
