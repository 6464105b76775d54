//! A rule and its scope.

use super::feed_row::Row;
use super::partner_calls::{BookingUpdate, InventoryUpdate, PartnerCall};
use super::{Case, Run, Verdicts};
use catalogue::RequirementId;
use transcript::{Exchange, Shortfall, shortfall};

/// Code that judges one requirement, or a small set that is one question on the wire.
#[derive(Debug)]
pub struct Rule {
    /// Area and name, as its file is called.
    pub name: &'static str,
    /// The requirements that it can fail.
    pub requirements: &'static [RequirementId],
    /// How it judges, what it tolerates and why, for a partner.
    pub manual: &'static str,
    /// The facts that it judges.
    pub scope: Scope,
}

/// The facts that a rule judges.
#[derive(Debug, Clone, Copy)]
pub enum Scope {
    /// Each answer to a call of ours that was not broken on purpose.
    Answer(fn(&Case<'_>, &Exchange<'_>, &mut Verdicts)),
    /// Each call of the partner to Google's side.
    Notification(fn(&Case<'_>, &PartnerCall<'_>, &mut Verdicts)),
    /// Each call about a booking that Google's side has read.
    BookingUpdate(fn(&Case<'_>, &BookingUpdate<'_>, &mut Verdicts)),
    /// Each inventory update of a target that sends them.
    InventoryUpdate(fn(&Case<'_>, &InventoryUpdate<'_>, &mut Verdicts)),
    /// A scenario's whole history.
    Scenario(fn(&Case<'_>, &mut Verdicts)),
    /// All histories of a run.
    Run(fn(&Run<'_>, &mut Verdicts)),
    /// What the reader of feeds noticed, whether there is a run or not.
    Feed(&'static [Row]),
}

impl Rule {
    /// Judges what one scenario shows, if this rule looks at scenarios. What its clean-up brings about is no part of it.
    pub(super) fn judge_case(&self, case: &Case<'_>, verdicts: &mut Verdicts) {
        match self.scope {
            Scope::Answer(judge) => case.answers().for_each(|exchange| {
                let so_far = verdicts.count();
                judge(case, &exchange, verdicts);
                // Who cannot be read keeps nothing by it.
                if !is_readable(&exchange) {
                    verdicts.forget_passes_since(so_far);
                }
            }),
            Scope::Scenario(judge) => judge(case, verdicts),
            _ => {
                self.judge_notifications(case, false, verdicts);
                // What is right counts whenever it comes, so that a call that is a moment late makes no difference.
                let mut later = Verdicts::default();
                self.judge_notifications(case, true, &mut later);
                verdicts.add_passes_of(&later);
            }
        }
    }

    /// Judges the answers to the calls that the harness made by itself.
    pub(super) fn judge_own_answers(&self, case: &Case<'_>, verdicts: &mut Verdicts) {
        if let Scope::Answer(judge) = self.scope {
            case.own_answers()
                .for_each(|exchange| judge(case, &exchange, verdicts));
        }
    }

    /// Judges what the partner notified while bookings were cancelled at the end.
    pub(super) fn judge_final_notifications(&self, case: &Case<'_>, verdicts: &mut Verdicts) {
        self.judge_notifications(case, true, verdicts);
    }

    fn judge_notifications(&self, case: &Case<'_>, is_final: bool, verdicts: &mut Verdicts) {
        let calls = case
            .partner_calls()
            .filter(|call| case.is_final(call) == is_final);
        match self.scope {
            Scope::Notification(judge) => calls.for_each(|call| judge(case, &call, verdicts)),
            Scope::BookingUpdate(judge) => calls
                .filter_map(BookingUpdate::of)
                .for_each(|update| judge(case, &update, verdicts)),
            Scope::InventoryUpdate(judge) if case.sends_inventory() => calls
                .filter_map(InventoryUpdate::of)
                .for_each(|update| judge(case, &update, verdicts)),
            _ => {}
        }
    }
}

/// False for an answer of another form than the one that is due. An error, and a refusal in the words of the interface, can be read.
fn is_readable(exchange: &Exchange<'_>) -> bool {
    !matches!(
        shortfall(exchange.call.method, &exchange.answer.reply),
        Some(Shortfall::NotJson | Shortfall::NotAnObject | Shortfall::Field { .. })
    )
}
