//! The slots of a target by their kind: what a scenario needs is asked of a few kinds instead of thousands of slots.

use domain::slot::{ConfirmationMode, Deposit, Money, NoShowFee, OnlineTerms, RefundStep, Resources, Slot};
use serde::Serialize;
use std::collections::BTreeMap;

/// Slots of one merchant and service with the same terms.
pub(super) struct Kind<'s> {
    /// Tells kinds apart, from run to run.
    pub(super) key: String,
    /// In the order of their starts; never empty.
    pub(super) slots: Vec<&'s Slot>,
}

/// Every slot, by kind: computed once, since every need of every scenario asks for it.
pub(super) struct Stock<'s> {
    /// In the order in which they first occur.
    pub(super) kinds: Vec<Kind<'s>>,
    /// The numbers of the kinds of a merchant, by service.
    of: BTreeMap<&'s str, BTreeMap<&'s str, Vec<usize>>>,
}

impl<'s> Stock<'s> {
    /// Of slots in the order of their starts.
    pub(super) fn new(slots: &'s [Slot]) -> Self {
        let mut kinds: Vec<Kind<'s>> = Vec::new();
        let mut of: BTreeMap<&str, BTreeMap<&str, Vec<usize>>> = BTreeMap::new();
        for slot in slots {
            let services = of.entry(&slot.merchant_id).or_default();
            let alike = services.entry(&slot.service_id).or_default();
            let traits = Traits::of(slot);
            let known = alike
                .iter()
                .find(|number| Traits::of(kinds[**number].slots[0]) == traits);
            if let Some(number) = known {
                kinds[*number].slots.push(slot);
            } else {
                alike.push(kinds.len());
                kinds.push(Kind {
                    key: traits.key(),
                    slots: vec![slot],
                });
            }
        }
        Self { kinds, of }
    }

    /// The kinds of a merchant.
    pub(super) fn of_merchant<'k>(&'k self, merchant_id: &str) -> impl Iterator<Item = &'k Kind<'s>> {
        let services = self.of.get(merchant_id).into_iter().flat_map(BTreeMap::values);
        let mut numbers: Vec<usize> = services.flatten().copied().collect();
        numbers.sort_unstable();
        numbers.into_iter().map(|number| &self.kinds[number])
    }

    /// The kinds of a service.
    pub(super) fn of_service<'k>(&'k self, slot: &Slot) -> impl Iterator<Item = &'k Kind<'s>> {
        let numbers = self.numbers_of_service(slot).iter();
        numbers.map(|number| &self.kinds[*number])
    }

    fn numbers_of_service(&self, slot: &Slot) -> &[usize] {
        let services = self.of.get(slot.merchant_id.as_str());
        let numbers = services.and_then(|services| services.get(slot.service_id.as_str()));
        numbers.map_or(&[], Vec::as_slice)
    }

    /// The number of the kind that a slot is of.
    pub(super) fn kind_of(&self, slot: &Slot) -> Option<usize> {
        let traits = Traits::of(slot);
        let mut numbers = self.numbers_of_service(slot).iter().copied();
        numbers.find(|number| Traits::of(self.kinds[*number].slots[0]) == traits)
    }
}

/// Merchant, service and everything about the terms that a snapshot would show.
#[derive(PartialEq, Serialize)]
struct Traits<'s>(
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
    fn of(slot: &'s Slot) -> Self {
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

    fn key(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::slot::Terms;

    fn slot(start_sec: i64, lead: i64, spots_open: i64) -> Slot {
        Slot {
            merchant_id: "m".into(),
            service_id: "s".into(),
            start_sec,
            duration_sec: 1800,
            availability_tag: Some(format!("tag-{start_sec}")),
            resources: Resources::default(),
            confirmation_mode: ConfirmationMode::Synchronous,
            spots_total: 4,
            spots_open,
            terms: Terms {
                bookable_until_sec: start_sec - lead,
                online_cancel_until_sec: start_sec,
                ..Terms::default()
            },
        }
    }

    #[test]
    fn start_tag_and_open_spots_make_no_kind_but_leads_do() {
        let slots = [slot(1000, 60, 4), slot(2000, 60, 1), slot(3000, 120, 4)];
        let stock = Stock::new(&slots);
        let starts = |number: usize| {
            let slots = &stock.kinds[number].slots;
            slots.iter().map(|slot| slot.start_sec).collect::<Vec<_>>()
        };
        assert_eq!(
            (stock.kinds.len(), starts(0), starts(1)),
            (2, vec![1000, 2000], vec![3000])
        );
        assert_eq!(stock.kind_of(&slots[2]), Some(1));
        assert_ne!(stock.kinds[0].key, stock.kinds[1].key);
    }
}
