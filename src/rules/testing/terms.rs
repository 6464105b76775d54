//! Stories by what their slot costs.

use super::{START, Story};
use domain::slot::{Deposit, Money, NoShowFee, OnlineTerms, PriceType, Slot, Terms};

pub(super) fn slot(terms: Terms) -> Slot {
    Slot {
        merchant_id: "salon".into(),
        service_id: "cut".into(),
        start_sec: START,
        duration_sec: 1800,
        availability_tag: Some("tag-1".into()),
        resources: domain::slot::Resources::default(),
        confirmation_mode: domain::slot::ConfirmationMode::Synchronous,
        spots_total: 1,
        spots_open: 1,
        terms,
    }
}

pub(crate) fn usd(micros: i64) -> Money {
    Money {
        price_micros: micros,
        currency_code: "USD".into(),
    }
}

fn terms() -> Terms {
    Terms {
        price: Some(usd(45_000_000)),
        online_cancel_until_sec: START,
        bookable_until_sec: START,
        ..Terms::default()
    }
}

impl Story {
    /// Paid on arrival.
    pub(crate) fn arrival() -> Self {
        Self::with(terms())
    }

    /// Paid in full: 96.00 and 8.52 tax.
    pub(crate) fn prepayment() -> Self {
        let paid = Terms {
            price: Some(usd(96_000_000)),
            tax: Some(usd(8_520_000)),
            ..terms()
        };
        Self::with(Terms {
            prepayment: true,
            card_required: true,
            ..paid
        })
    }

    /// A fixed fee of 30.00 for not coming.
    pub(crate) fn no_show_fee() -> Self {
        let fee = NoShowFee {
            fee: usd(30_000_000),
            fee_type: PriceType::FixedRateDefault,
        };
        Self::with(Terms {
            no_show_fee: Some(fee),
            card_required: true,
            ..terms()
        })
    }

    /// A fixed deposit of 60.00, refundable until so many seconds before the start.
    pub(crate) fn deposit(cutoff_sec: i64) -> Self {
        let deposit = Deposit {
            deposit: usd(60_000_000),
            min_advance_cancellation_sec: Some(cutoff_sec),
            deposit_type: PriceType::FixedRateDefault,
        };
        Self::with(Terms {
            deposit: Some(deposit),
            card_required: true,
            ..terms()
        })
    }

    /// A card and nothing else.
    pub(crate) fn card_only() -> Self {
        Self::with(Terms {
            card_required: true,
            ..terms()
        })
    }

    /// Online, with or without instructions in the feed.
    pub(crate) fn online(instructions: Option<&str>) -> Self {
        let online = OnlineTerms {
            session_instructions: instructions.map(Into::into),
            direct_merchant_payment: false,
        };
        Self::with(Terms {
            online: Some(online),
            ..terms()
        })
    }
}
