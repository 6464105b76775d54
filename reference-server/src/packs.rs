//! Packs: several visits that are bought at once. Each booking takes one, and who cancels in time gets it back.

use crate::app::Parts;
use crate::booking::Booking;
use crate::error::{ApiError, Stop};
use crate::ids::random_id;
use crate::inventory::Terms;
use crate::messages::{
    Cause, PaymentInformation, PaymentProcessedBy, PrepaymentStatus, StatedPayment, UserPaymentOption,
};

/// The pack of a user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pack {
    /// Random: no other pack has it, of whatever merchant and user.
    pub id: String,
    /// Whose it is.
    pub user_id: String,
    /// What was bought.
    pub payment_option_id: String,
    /// Visits when it was bought.
    pub original_count: i64,
    /// Visits that are left.
    pub current_count: i64,
}

/// How a booking takes its visit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PackUse {
    /// From a pack that is bought with it.
    Bought(Pack),
    /// From a pack that the user has.
    Owned(Pack),
}

impl PackUse {
    /// The pack that the visit comes from.
    pub fn pack(&self) -> &Pack {
        match self {
            Self::Bought(pack) | Self::Owned(pack) => pack,
        }
    }
}

/// What the visit comes from, if the slot is sold by the pack or the request names one.
pub(crate) async fn choose(
    parts: &Parts,
    stated: &StatedPayment,
    user_id: &str,
    terms: &Terms,
) -> Result<Option<PackUse>, Stop> {
    let Some(id) = &stated.user_payment_option_id else {
        return Ok(terms.pack().map(|(option, visits)| {
            PackUse::Bought(Pack {
                id: random_id(),
                user_id: user_id.to_owned(),
                payment_option_id: option.to_owned(),
                original_count: visits,
                current_count: visits,
            })
        }));
    };
    let pays = |pack: &Pack| {
        let is_sold = terms
            .pack()
            .is_some_and(|(option, _)| option == pack.payment_option_id);
        is_sold && pack.user_id == user_id && pack.current_count > 0
    };
    let pack = parts.store.pack(id).await?.filter(pays);
    pack.map(|pack| Some(PackUse::Owned(pack))).ok_or_else(used_up)
}

/// Somebody else's, of another sort, or without a visit left: none of them pays.
pub(crate) fn used_up() -> Stop {
    Stop::because(
        Cause::PaymentOptionNotValid,
        "the user has no such pack with a visit left",
    )
}

/// The payment block of a booking that a pack pays: it was paid when the pack was bought, and no money moves now.
pub(crate) fn payment_block(terms: &Terms, pack: &Pack) -> PaymentInformation {
    PaymentInformation {
        prepayment_status: PrepaymentStatus::Provided,
        price: Some(terms.price.clone()),
        tax_amount: terms.tax.clone(),
        payment_processed_by: Some(PaymentProcessedBy::Partner),
        user_payment_option_id: Some(pack.id.clone()),
        ..PaymentInformation::on_arrival()
    }
}

/// Whether who cancels now gets the visit back: where a payment would be given back in full.
pub(crate) fn is_visit_due(booking: &Booking, terms: &Terms, now_sec: i64) -> bool {
    booking.pack.is_some() && terms.refund_percent(now_sec) == 100
}

/// What an answer tells of the pack of a booking, as it is now.
pub(crate) async fn told(parts: &Parts, booking: &Booking) -> Result<Option<UserPaymentOption>, ApiError> {
    let Some(id) = &booking.pack else {
        return Ok(None);
    };
    let pack = parts.store.pack(id).await?;
    Ok(pack.map(|pack| UserPaymentOption {
        user_payment_option_id: pack.id,
        kind: "PAYMENT_OPTION_MULTI_USE",
        original_count: pack.original_count,
        current_count: pack.current_count,
        payment_option_id: pack.payment_option_id,
    }))
}
