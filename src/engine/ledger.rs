//! Reading the partner's ledger. It does not notify of changes, so a step reads it again, less and less often.

use super::cleanup::booking_ids;
use super::performer::{Halt, Performer};
use super::trigger::{self, Values};
use config::HttpCall;
use domain::ledger::{Line, read};
use domain::slot::Slot;
use scenario::LedgerStep;
use std::time::Duration;
use transcript::{Fact, Ledger, StepPath};

/// The pause before a step reads the ledger a second time.
const FIRST: Duration = Duration::from_millis(50);
/// The longest pause between two readings.
const SELDOM: Duration = Duration::from_secs(1);
/// The longest answer that is read, bytes.
const LARGEST: usize = 256 * 1024;

impl Performer<'_> {
    /// Reads the ledger until it holds what the step wants, or the time limit ends. Without a probe nothing is read.
    pub(super) async fn wait_for_ledger(&self, step: StepPath, wanted: &LedgerStep) -> Result<(), Halt> {
        let Some(probe) = &self.engine.settings.ledger else {
            return Ok(());
        };
        let booking_id = self.render(&wanted.booking)?;
        let slot = self.slot_by_name(wanted.slot.as_deref());
        let values = trigger::values(&booking_id, slot.as_ref());
        let within = self.engine.settings.within;
        let _waiting = self.announce("the partner's books", within);
        let (began, mut pause) = (self.engine.clock.elapsed_ms(), FIRST);
        loop {
            let said = self.read_ledger(probe, &values).await;
            let waited_ms = self.engine.clock.elapsed_ms() - began;
            let fits = |lines: &Vec<Line>| {
                slot.as_ref()
                    .is_some_and(|slot| wanted.books.odd(slot, lines).is_none())
            };
            let over = u128::from(waited_ms) >= within.as_millis();
            if over || said.as_ref().map_or(true, fits) {
                return self.record_ledger(Some(step), &booking_id, said, waited_ms);
            }
            tokio::select! {
            biased;
                            () = self.engine.clock.sleep(pause) => pause = SELDOM.min(pause * 2),
                            () = self.engine.interrupt.wait() => return Err(Halt::new("interrupted")),
                        }
        }
    }

    /// At the end of a scenario, before anything is cleaned up: what became of the money of each of its bookings.
    pub(super) async fn read_ledgers(&self) -> Result<(), Halt> {
        let Some(probe) = &self.engine.settings.ledger else {
            return Ok(());
        };
        let slot = self.slot_by_name(None);
        for booking_id in booking_ids(&self.so_far()) {
            let values = trigger::values(&booking_id, slot.as_ref());
            let said = self.read_ledger(probe, &values).await;
            self.record_ledger(None, &booking_id, said, 0)?;
        }
        Ok(())
    }

    fn slot_by_name(&self, name: Option<&str>) -> Option<Slot> {
        let name = name.or_else(|| self.job.scenario.slots.keys().next().map(String::as_str))?;
        self.so_far().slot(name).cloned()
    }

    async fn read_ledger(&self, probe: &HttpCall, values: &Values) -> Result<Vec<Line>, String> {
        let asked = self.engine.triggers.ask(probe, values);
        let response = tokio::select! {
        biased;
                    response = asked => response?,
                    () = self.engine.interrupt.wait() => return Err("interrupted".to_owned()),
                };
        let text = trigger::first_bytes(response, LARGEST).await;
        let text = self.engine.triggers.masked(&text);
        let answer =
            serde_json::from_str(&text).map_err(|error| format!("its answer is no JSON: {error}"))?;
        read(&answer)
    }

    fn record_ledger(
        &self,
        step: Option<StepPath>,
        booking_id: &str,
        said: Result<Vec<Line>, String>,
        waited_ms: u64,
    ) -> Result<(), Halt> {
        let (lines, failure) = match said {
            Ok(lines) => (lines, None),
            Err(reason) => (Vec::new(), Some(reason)),
        };
        self.record(Fact::Ledger(Ledger {
            step,
            booking_id: booking_id.to_owned(),
            lines,
            waited_ms,
            failure: failure.clone(),
        }));
        match failure {
            None => Ok(()),
            Some(reason) => Err(Halt::new(format!(
                "the ledger of booking {booking_id} could not be read: {reason}"
            ))),
        }
    }
}
