//! Second tries: a refusal on which much would be built, or that sets a call apart from its control, may have been chance.

use super::calls::Origin;
use super::performer::{Halt, Performer};
use domain::Basic;
use domain::slot::Slot;
use protocol::Method;
use scenario::{CallStep, Step};
use serde_json::Value;
use std::collections::BTreeSet;
use transcript::{Exchange, Fact, SlotReplacement, StepPath, shortfall};

impl Performer<'_> {
    /// Makes again, once and under new conditions, what fell short: the call by which the scenario shows its basic, and each call
    /// that was refused where its control was not, both together and the control first.
    pub(super) async fn try_again(&mut self) {
        let mut tries = self.refused_basic();
        tries.extend(self.disagreements().into_iter().flatten());
        let mut made = BTreeSet::new();
        for (path, call) in tries {
            // A call that has several controls is made again once.
            if !made.insert(path) {
                continue;
            }
            if self.engine.interrupt.is_set() || self.send_again(path, &call).await.is_err() {
                return;
            }
        }
    }

    /// The call by which the scenario was to show its basic, if it did not.
    fn refused_basic(&self) -> Vec<(StepPath, CallStep)> {
        let Some(basic @ (Basic::Method(_) | Basic::Move)) = self.job.scenario.basic else {
            return Vec::new();
        };
        let own = self.single_calls().find(|(_, call)| call.basic() == basic);
        let short = own.filter(|(path, _)| self.is_short(*path) == Some(true));
        short
            .map(|(path, call)| (path, call.clone()))
            .into_iter()
            .collect()
    }

    /// Each control that was answered well, with the call that was not.
    fn disagreements(&self) -> Vec<[(StepPath, CallStep); 2]> {
        let mut pairs = Vec::new();
        for (path, call) in self
            .single_calls()
            .filter(|(path, _)| self.is_worse(*path) == Some(true))
        {
            for label in call.expect.iter().filter_map(|one| one.control.as_deref()) {
                let mut all = self.single_calls();
                let control = all.find(|(_, other)| other.label.as_deref() == Some(label));
                let well = control
                    .filter(|(path, _)| self.is_worse(*path) == Some(false))
                    .filter(|(_, control)| self.has_spares([control, call]));
                pairs.extend(well.map(|(at, control)| [(at, control.clone()), (path, call.clone())]));
            }
        }
        pairs
    }

    fn single_calls(&self) -> impl Iterator<Item = (StepPath, &CallStep)> {
        let steps = self.job.scenario.steps.iter().enumerate();
        steps.filter_map(|(step, one)| match one {
            Step::Call(call) => Some((StepPath { step, branch: None }, &**call)),
            _ => None,
        })
    }

    /// Whether the answer to a step fell short of the form that is due; none where it was not sent.
    fn is_short(&self, path: StepPath) -> Option<bool> {
        let so_far = self.so_far();
        let exchange = so_far.exchanges_at(path).next()?;
        let short = |exchange: Exchange<'_>| shortfall(exchange.call.method, &exchange.answer.reply);
        Some(short(exchange).is_some())
    }

    /// The same, and whether a look-up of one slot did not find it free, which is all that it can differ in.
    fn is_worse(&self, path: StepPath) -> Option<bool> {
        let so_far = self.so_far();
        let exchange = so_far.exchanges_at(path).next()?;
        let entries = exchange
            .answer_value("/slot_time_availability")
            .and_then(Value::as_array);
        let is_taken = matches!(entries.map(Vec::as_slice), Some([entry]) if entry["available"] != true);
        Some(self.is_short(path)? || is_taken)
    }

    /// A booking is tried again by somebody else and for another slot of the same kind, where there is one.
    async fn send_again(&mut self, path: StepPath, call: &CallStep) -> Result<(), Halt> {
        let mut call = call.clone();
        call.label = None;
        if call.method == Method::CreateWaitlistEntry && call.repeat.is_none() {
            call.person = self.next_spare_user();
        }
        if call.method == Method::CreateBooking && call.repeat.is_none() {
            call.person = self.next_spare_user();
            self.take_spare_slot(&call);
        }
        let built = self.build(&call)?;
        let permit = self.engine.pace.enter(1, &*self.engine.clock).await;
        self.exchange(&Origin::again(path, &call), &built).await;
        drop(permit);
        Ok(())
    }

    /// Users for second tries stand at the end.
    fn next_spare_user(&self) -> usize {
        let tried = self
            .so_far()
            .exchanges()
            .filter(|exchange| exchange.call.again)
            .count();
        (1 + self.job.more_users.len()).saturating_sub(tried)
    }

    /// True when each of two bookings finds a slot that nobody has taken: the control has taken its first one.
    fn has_spares(&self, calls: [&CallStep; 2]) -> bool {
        let books = calls.map(|call| call.method == Method::CreateBooking);
        let names = calls.map(|call| self.slot_name(call));
        let together = if names[0] == names[1] { 2 } else { 1 };
        let enough = |name: Option<&str>| name.is_some_and(|name| self.spares(name).len() >= together);
        books
            .into_iter()
            .zip(names)
            .all(|(books, name)| !books || enough(name))
    }

    fn slot_name<'s>(&'s self, call: &'s CallStep) -> Option<&'s str> {
        let first = || self.job.scenario.slots.keys().next().map(String::as_str);
        call.slot.as_deref().or_else(first)
    }

    /// The slots that may take the place of the one in use.
    fn spares(&self, name: &str) -> &[Slot] {
        let so_far = self.so_far();
        let candidates = self.job.slots.get(name).map_or(&[][..], Vec::as_slice);
        let current = candidates.iter().position(|slot| so_far.slot(name) == Some(slot));
        current.map_or(&[], |current| &candidates[current + 1..])
    }

    fn take_spare_slot(&self, call: &CallStep) {
        let Some(name) = self.slot_name(call) else {
            return;
        };
        let Some(next) = self.spares(name).first() else {
            return;
        };
        self.engine.board.claim_slot(self.index, next);
        self.record(Fact::Rebound(SlotReplacement {
            name: name.to_owned(),
            slot: next.clone(),
        }));
    }
}
