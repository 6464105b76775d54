//! What a target can do: as declared, else as its feeds show.

use config::{Config, Payments};
use domain::slot::{ConfirmationMode, Slot};
use domain::{Capability, Waitlist};
use std::collections::BTreeSet;

/// The capabilities that count, before anything has been sent.
pub(super) fn expected_capabilities(
    config: &Config,
    slots: &[Slot],
    waitlists: &[Waitlist],
) -> BTreeSet<Capability> {
    let has = |capability: &Capability| {
        config.capabilities.declared(*capability).unwrap_or_else(|| {
            is_shown(*capability, slots)
                || *capability == Capability::Waitlist && !waitlists.is_empty()
                || is_paid_for(*capability, &config.payments)
        })
    };
    Capability::ALL.iter().copied().filter(has).collect()
}

/// Who has a card that is challenged can ask for challenges.
fn is_paid_for(capability: Capability, payments: &Payments) -> bool {
    capability == Capability::Threeds1 && payments.threeds1_token.is_some()
}

fn is_shown(capability: Capability, slots: &[Slot]) -> bool {
    // What is ordered shows nothing of bookings.
    let mut booked = slots.iter().filter(|slot| !slot.terms.is_ordered());
    let mut any = |has: fn(&Slot) -> bool| booked.any(has);
    match capability {
        Capability::Deposit => any(|slot| slot.terms.deposit.is_some()),
        Capability::Prepayment => any(|slot| slot.terms.prepayment),
        Capability::NoShowFee => any(|slot| slot.terms.no_show_fee.is_some()),
        Capability::CreditCard => any(|slot| slot.terms.card_required),
        Capability::PaymentOptions => any(|slot| slot.terms.payment_option_id.is_some()),
        Capability::Online => any(|slot| slot.terms.online.is_some()),
        Capability::Asynchronous => any(|slot| slot.confirmation_mode == ConfirmationMode::Asynchronous),
        Capability::PartySize => any(|slot| slot.resources.party_size.is_some()),
        Capability::Orders => slots.iter().any(|slot| slot.terms.is_ordered()),
        standard if standard.is_standard() => true,
        // Shown by the first update that arrives, or declared.
        _ => false,
    }
}
