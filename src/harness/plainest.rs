//! Slots for the plainest calls: nothing about money should stand in their way.

use super::bind::{Binder, Binding, Preference, Unmet};
use domain::slot::PaymentMode;
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
        match self.bind(index, &plain, preference) {
            Ok(binding) => Ok(binding),
            Err(_) => self.bind(index, scenario, preference),
        }
    }
}
