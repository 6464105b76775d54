//! Slots for the plainest calls: nothing about money should stand in their way.

use super::bind::{Binder, Binding, Preference, Unmet};
use domain::Basic;
use domain::slot::PaymentMode;
use protocol::Method;
use scenario::Scenario;

impl Binder<'_> {
    /// Binds slots that are paid on arrival, where there are such, and any others else.
    pub(super) fn bind_plainest(
        &mut self,
        index: usize,
        scenario: &Scenario,
        preference: &Preference,
    ) -> Result<Binding, Unmet> {
        let mut plain = scenario.clone();
        for need in plain.slots.values_mut() {
            need.payment = need.payment.or(Some(PaymentMode::Arrival));
        }
        let mut binding = match self.bind(index, &plain, preference) {
            Ok(binding) => binding,
            Err(_) => self.bind(index, scenario, preference)?,
        };
        if scenario.basic == Some(Basic::Method(Method::CreateBooking)) {
            self.add_other_kind(index, scenario, &mut binding);
        }
        Ok(binding)
    }

    /// A slot that is paid otherwise, for the second try: where one kind of payment is refused, bookings are still made.
    fn add_other_kind(&mut self, index: usize, scenario: &Scenario, binding: &mut Binding) {
        let kinds = [
            PaymentMode::CardOnly,
            PaymentMode::NoShowFee,
            PaymentMode::Deposit,
            PaymentMode::Prepayment,
        ];
        for kind in kinds {
            let mut other = scenario.clone();
            for need in other.slots.values_mut() {
                need.payment = Some(kind);
            }
            let Ok(more) = self.bind(index, &other, &Preference::new()) else {
                continue;
            };
            binding.after.extend(more.after);
            for (name, slots) in more.slots {
                binding.slots.entry(name).or_default().extend(slots);
            }
            return;
        }
    }
}
