//! The effective terms of one slot: what the service says, what the slot overrides, and what follows.

use super::model::{CardRule, DepositTerms, FeeTerms, Merchant, Override, Service};
use crate::messages::{ConfirmationMode, Deposit, NoShowFee, Price};

/// Terms of one slot. Times are epoch seconds.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Terms {
    pub(crate) start_sec: i64,
    pub(crate) price: Price,
    /// Absent when the rate is zero.
    pub(crate) tax: Option<Price>,
    pub(crate) payment_option: Option<&'static str>,
    /// How many visits that option is for.
    visits: i64,
    pub(crate) prepaid: bool,
    pub(crate) no_show_fee: Option<NoShowFee>,
    pub(crate) deposit: Option<Deposit>,
    pub(crate) card_required: bool,
    pub(crate) confirmation: ConfirmationMode,
    pub(crate) last_bookable_sec: i64,
    pub(crate) online_cutoff_sec: i64,
    refund_steps: &'static [(i64, i64)],
}

impl Terms {
    pub(crate) fn of(merchant: &Merchant, service: &Service, start_sec: i64) -> Self {
        let mut builder = TermsBuilder::of(merchant, service, start_sec);
        for change in service.overrides(start_sec) {
            builder.apply(change);
        }
        builder.finish(service)
    }

    pub(crate) fn is_bookable(&self, now_sec: i64) -> bool {
        now_sec <= self.last_bookable_sec
    }

    pub(crate) fn is_online_cancellable(&self, now_sec: i64) -> bool {
        now_sec <= self.online_cutoff_sec
    }

    /// The pack that is bought with the slot, and its visits.
    pub(crate) fn pack(&self) -> Option<(&'static str, i64)> {
        let option = self.payment_option.filter(|_| self.visits > 1)?;
        Some((option, self.visits))
    }

    /// Percent of a prepayment that a cancelling user gets back now. Deposits do not follow this ladder.
    pub(crate) fn refund_percent(&self, now_sec: i64) -> i64 {
        let lead = self.start_sec - now_sec;
        self.refund_steps
            .iter()
            .find(|(at_least, _)| lead >= *at_least)
            .map_or(0, |(_, percent)| *percent)
    }

    /// Whether a cancelling user gets the deposit back now, whatever the online cutoff says.
    pub(crate) fn is_deposit_refundable(&self, deposit: &Deposit, now_sec: i64) -> bool {
        now_sec <= self.start_sec - deposit.min_advance_cancellation_sec
    }
}

struct TermsBuilder<'a> {
    merchant: &'a Merchant,
    start_sec: i64,
    price: i64,
    payment_option: Option<&'static str>,
    visits: i64,
    no_show_fee: Option<FeeTerms>,
    deposit: Option<DepositTerms>,
    card: CardRule,
    booking_lead: i64,
    cancelling_lead: i64,
}

impl<'a> TermsBuilder<'a> {
    fn of(merchant: &'a Merchant, service: &Service, start_sec: i64) -> Self {
        Self {
            merchant,
            start_sec,
            price: service.price,
            payment_option: None,
            visits: 1,
            no_show_fee: service.no_show_fee,
            deposit: service.deposit,
            card: service.card,
            booking_lead: service.rules.min_advance_booking,
            cancelling_lead: service.rules.min_advance_online_canceling.unwrap_or(0),
        }
    }

    fn apply(&mut self, change: &Override) {
        match change {
            Override::PaymentOption(id) => self.take_option(id),
            Override::NoShowFee(fee) => self.no_show_fee = Some(*fee),
            Override::Deposit(deposit) => self.deposit = Some(*deposit),
            Override::Card(card) => self.card = *card,
            Override::OnlineCancelling(lead) => self.cancelling_lead = *lead,
            Override::LastBookable(lead) => self.booking_lead = *lead,
            // A longer slot costs no more.
            Override::Duration(_) => {}
        }
    }

    fn take_option(&mut self, id: &'static str) {
        if let Some(option) = self
            .merchant
            .payment_options
            .iter()
            .find(|option| option.id == id)
        {
            self.price = option.price;
            self.payment_option = Some(id);
            self.visits = option.visits;
        }
    }

    fn finish(self, service: &Service) -> Terms {
        let price = self.money(self.price);
        let tax = price.tax(self.merchant.tax_micro_percent);
        let secured = service.prepaid || self.no_show_fee.is_some() || self.deposit.is_some();
        Terms {
            start_sec: self.start_sec,
            tax: (self.merchant.tax_micro_percent > 0).then_some(tax),
            payment_option: self.payment_option,
            visits: self.visits,
            prepaid: service.prepaid,
            no_show_fee: self.no_show_fee.map(|fee| self.fee(fee)),
            deposit: self.deposit.map(|deposit| self.deposit(deposit)),
            card_required: secured || self.card == CardRule::Always,
            confirmation: service.confirmation,
            last_bookable_sec: self.start_sec - self.booking_lead,
            online_cutoff_sec: self.start_sec - self.cancelling_lead,
            refund_steps: service.rules.refund_steps,
            price,
        }
    }

    fn money(&self, micros: i64) -> Price {
        Price::new(micros, self.merchant.currency)
    }

    fn fee(&self, fee: FeeTerms) -> NoShowFee {
        NoShowFee {
            fee: self.money(fee.amount),
            fee_type: fee.kind,
        }
    }

    fn deposit(&self, deposit: DepositTerms) -> Deposit {
        Deposit {
            deposit: self.money(deposit.amount),
            min_advance_cancellation_sec: deposit.min_advance_cancellation_sec,
            deposit_type: deposit.kind,
        }
    }
}
