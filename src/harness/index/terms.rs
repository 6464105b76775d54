//! Groups of slots with the same terms.

use domain::slot::{ConfirmationMode, Deposit, Money, NoShowFee, OnlineTerms, RefundStep, Resources, Slot};
use serde::Serialize;
use std::collections::HashMap;
use std::hash::{Hash, Hasher};

/// The number of each slot's group, and the first slot of each group with the number of its slots.
pub(super) fn group_by_terms<'s>(slots: &[&'s Slot]) -> (Vec<usize>, Vec<(&'s Slot, usize)>) {
    let mut numbers: HashMap<SameTerms<'_>, usize> = HashMap::new();
    let mut samples: Vec<(&Slot, usize)> = Vec::new();
    let mut group_of = Vec::with_capacity(slots.len());
    for slot in slots {
        let group = *numbers.entry(SameTerms(slot)).or_insert_with(|| {
            samples.push((slot, 0));
            samples.len() - 1
        });
        samples[group].1 += 1;
        group_of.push(group);
    }
    (group_of, samples)
}

/// A slot, compared by all that a need may ask for and a snapshot may show, but for start, tag and open spots.
struct SameTerms<'s>(&'s Slot);

impl PartialEq for SameTerms<'_> {
    fn eq(&self, other: &Self) -> bool {
        let (mine, theirs) = (&self.0.terms, &other.0.terms);
        Traits::of(self.0) == Traits::of(other.0)
            && mine.replaced == theirs.replaced
            && mine.service_cancel_lead_sec == theirs.service_cancel_lead_sec
            && mine.pack_visits == theirs.pack_visits
            && mine.accepted_networks == theirs.accepted_networks
            && mine.tokenization_config == theirs.tokenization_config
            && mine.tickets == theirs.tickets
            && mine.assumed == theirs.assumed
    }
}

impl Eq for SameTerms<'_> {}

impl Hash for SameTerms<'_> {
    /// Of what differs most often; the rest is left to the comparison.
    fn hash<H: Hasher>(&self, state: &mut H) {
        let slot = self.0;
        let terms = &slot.terms;
        (&slot.merchant_id, &slot.service_id, &slot.resources).hash(state);
        (slot.duration_sec, slot.spots_total, terms.prepayment).hash(state);
        (slot.start_sec - terms.bookable_until_sec).hash(state);
        (slot.start_sec - terms.online_cancel_until_sec).hash(state);
        terms
            .bookable_from_sec
            .map(|from| slot.start_sec - from)
            .hash(state);
        terms.price.as_ref().map(|price| price.price_micros).hash(state);
        terms.payment_option_id.hash(state);
    }
}

/// Merchant, service and everything about the terms that a snapshot would show.
#[derive(PartialEq, Serialize)]
pub(super) struct Traits<'s>(
    &'s str,
    &'s str,
    i64,
    &'s Resources,
    ConfirmationMode,
    i64,
    &'s Option<Money>,
    &'s Option<Money>,
    &'s Option<String>,
    bool,
    &'s Option<NoShowFee>,
    &'s Option<Deposit>,
    bool,
    &'s Option<OnlineTerms>,
    &'s [RefundStep],
    // Windows by their lead: the same service may keep others at other hours.
    i64,
    i64,
    Option<i64>,
);

impl<'s> Traits<'s> {
    pub(super) fn of(slot: &'s Slot) -> Self {
        let terms = &slot.terms;
        Self(
            &slot.merchant_id,
            &slot.service_id,
            slot.duration_sec,
            &slot.resources,
            slot.confirmation_mode,
            slot.spots_total,
            &terms.price,
            &terms.tax,
            &terms.payment_option_id,
            terms.prepayment,
            &terms.no_show_fee,
            &terms.deposit,
            terms.card_required,
            &terms.online,
            &terms.refund_steps,
            slot.start_sec - terms.bookable_until_sec,
            slot.start_sec - terms.online_cancel_until_sec,
            terms.bookable_from_sec.map(|from| slot.start_sec - from),
        )
    }

    pub(super) fn key(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}
