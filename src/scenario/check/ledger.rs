//! Giving what a file says about money its meaning.

use super::super::file::{At, SlotNeedFile, StepFile};
use super::super::model::{LedgerStep, MoneyNeed, Step};
use super::Checker;

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
    pub(super) fn ledger(&mut self, step: &At<StepFile>) -> Option<Step> {
        let file = step.get();
        let booking = self.booking(step);
        file.slot.iter().for_each(|slot| self.known_slot(slot));
        let Some(requirement) = &file.requirement else {
            let help = "add `requirement: PAY-…`";
            self.problem(step.span(), "`ledger` names no requirement", help);
            return None;
        };
        let books = file.ledger.clone().filter(|books| !books.is_empty());
        if books.is_none() {
            let help = "write it like `ledger: { kept: nothing }`";
            self.problem(step.span(), "`ledger` says not what the books should say", help);
        }
        Some(Step::Ledger(LedgerStep {
            booking: booking?,
            slot: file.slot.as_ref().map(|slot| slot.get().clone()),
            requirement: *requirement.get(),
            books: books?,
            otherwise: file.otherwise.clone(),
        }))
    }
}
