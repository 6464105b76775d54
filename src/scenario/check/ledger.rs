//! Giving what a file says about money its meaning.

use super::Checker;
use crate::file::{LedgerFile, SlotNeedFile};
use crate::model::{LedgerStep, MoneyNeed, Step};
use crate::reading::Span;

/// What the terms of a slot must be like.
pub(super) fn money(need: &SlotNeedFile) -> MoneyNeed {
    MoneyNeed {
        overrides: need.overrides,
        also_no_show_fee: need.also_no_show_fee.unwrap_or(false),
        per_person: need.per_person,
        currency_decimals: need.currency_decimals,
        cancellable_until_start: need.cancellable_until_start,
    }
}

impl Checker<'_> {
    pub(super) fn ledger(&mut self, file: &LedgerFile, span: Span) -> Option<Step> {
        let booking = self.due_booking(file.booking.as_ref(), span);
        file.slot.iter().for_each(|slot| self.known_slot(slot));
        if file.ledger.is_empty() {
            let help = "write it like `ledger: { kept: nothing }`";
            self.problem(span, "`ledger` says not what the books should say", help);
        }
        Some(Step::Ledger(LedgerStep {
            booking: booking?,
            slot: file.slot.as_ref().map(|slot| slot.get().clone()),
            requirement: *file.requirement.get(),
            books: file.ledger.clone(),
            otherwise: file.otherwise.clone(),
        }))
    }
}
