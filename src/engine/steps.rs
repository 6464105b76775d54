//! One scenario from its first look-up to its last step.

use super::basics::Gate;
use super::performer::{Halt, Performer};
use super::trigger;
use domain::Basic;
use domain::slot::Slot;
use event::{Event, Observer};
use scenario::{Await, Moment, Step, TriggerStep, Wait, matcher, template};
use std::time::Duration;
use transcript::{Aim, BookingWait, Fact, Pause, Phase, Quiet, StepPath, Trigger};

/// A no-show may be reported once the slot has started: this much later, so that clocks may differ a little.
const AFTER_MOMENT: Duration = Duration::from_millis(300);

impl<'e> Performer<'e> {
    /// Everything but the clean-up.
    pub(super) async fn perform(&mut self) {
        self.engine.observer.on(&Event::ScenarioStarted {
            id: &self.job.scenario.id,
        });
        self.record(Fact::Bound(self.binding()));
        let prepared = tokio::select! {
            biased;
            prepared = self.prepare_all() => prepared,
            () = self.engine.interrupt.wait() => Err(Halt::new("interrupted")),
        };
        if let Err(halt) = prepared {
            return self.stop(None, halt);
        }
        self.engine.board.enter(self.index, Phase::Steps);
        for (number, step) in self.job.scenario.steps.iter().enumerate() {
            let path = StepPath {
                step: number,
                branch: None,
            };
            if self.engine.interrupt.is_set() {
                return self.stop(Some(path), Halt::new("interrupted"));
            }
            let done = match self.gate(path, step).await {
                Ok(Gate::Open) => self.perform_step(path, step).await,
                Ok(Gate::Skip) => Ok(()),
                Err(halt) => Err(halt),
            };
            if let Err(halt) = done {
                return self.stop(Some(path), halt);
            }
        }
        self.try_again().await;
        self.try_refused_page_again().await;
        if let Err(halt) = self.read_ledgers().await {
            self.stop(None, halt);
        }
    }

    async fn prepare_all(&self) -> Result<(), Halt> {
        self.prepare().await?;
        self.prepare_waitlist().await
    }

    async fn perform_step(&mut self, path: StepPath, step: &'e Step) -> Result<(), Halt> {
        match step {
            Step::Call(call) => {
                self.send_calls(path.step, std::slice::from_ref(&**call), false)
                    .await
            }
            Step::Parallel(calls, _) => self.send_calls(path.step, calls, true).await,
            Step::Crowd(crowd) => self.call_by_several(path.step, crowd).await,
            Step::Trigger(trigger) => self.fire_trigger(path, trigger).await,
            Step::Fault(fault) => self.arm(path, fault),
            Step::Await(wait) => self.wait_for(path, wait).await,
            Step::AwaitSlot(wait) => self.wait_for_slot(path, wait).await,
            Step::Quiet => self.watch_quiet(path).await,
            Step::Wait(wait) => self.wait_for_moment(path, wait).await,
            Step::Ledger(ledger) => self.wait_for_ledger(path, ledger).await,
        }
    }

    async fn fire_trigger(&self, step: StepPath, trigger: &TriggerStep) -> Result<(), Halt> {
        let booking_id = self.render(&trigger.booking)?;
        let name = trigger
            .slot
            .as_deref()
            .or_else(|| self.job.scenario.slots.keys().next().map(String::as_str));
        // Who keeps a history while it grows has it copied.
        let slot = name.and_then(|name| self.so_far().slot(name).cloned());
        let Some(way) = self.engine.settings.triggers.get(&trigger.name) else {
            return Err(Halt::new(format!(
                "the config offers no trigger `{}`",
                trigger.name
            )));
        };
        let values = match &self.job.waitlist {
            Some(waitlist) => trigger::values_of_waitlist(&booking_id, waitlist),
            None => trigger::values(&booking_id, slot.as_ref()),
        };
        let engine = self.engine;
        let name = trigger.name.name().to_owned();
        let fired = |channel: &str, failure| {
            Fact::Trigger(Trigger {
                step,
                name: name.clone(),
                booking_id: booking_id.clone(),
                channel: channel.to_owned(),
                failure,
            })
        };
        // The partner may notify Google before it answers, so the trigger is recorded where it began.
        let entry = self.record(fired("", None));
        let (channel, failure) = tokio::select! {
        biased;
                    done = engine.triggers.fire(way, &values, &self.job.scenario.id, &*engine.operator) => done,
                    () = engine.interrupt.wait() => ("", Some("interrupted".to_owned())),
                };
        engine
            .board
            .complete(self.index, entry, fired(channel, failure.clone()));
        match failure {
            Some(reason) => Err(Halt::new(format!("the trigger `{name}` did not work: {reason}"))),
            None => Ok(()),
        }
    }

    async fn wait_for(&self, step: StepPath, wait: &Await) -> Result<(), Halt> {
        let booking_id = self.render(&wait.booking)?;
        let until = template::render_all(&wait.until, &self.so_far().context())
            .map_err(|error| Halt::new(error.to_string()))?;
        let within = self.engine.settings.within;
        let _waiting = self.announce("a notification", within);
        let began = self.engine.clock.elapsed_ms();
        let met = tokio::select! {
        biased;
                    () = self.until_met(&booking_id, &until) => true,
                    () = self.engine.clock.sleep(within) => false,
                    () = self.engine.interrupt.wait() => false,
                };
        let waited_ms = self.engine.clock.elapsed_ms() - began;
        let copy = self.engine.board.booking_copy(&booking_id);
        self.record(Fact::Awaited(BookingWait {
            step,
            booking_id,
            until,
            met,
            waited_ms,
            copy,
        }));
        // Nothing more is waited for where nothing gets through at all.
        let shows = self.job.scenario.basic == Some(Basic::Notification);
        if self.engine.interrupt.is_set() {
            Err(Halt::new("interrupted"))
        } else if shows && !self.engine.board.is_reached() {
            Err(Halt::without(Basic::Notification))
        } else {
            Ok(())
        }
    }

    async fn until_met(&self, booking_id: &str, condition: &serde_json::Value) {
        let board = &self.engine.board;
        loop {
            let seen = board.arrivals.changes();
            // What is not in the history yet has not happened: or the next step would be recorded before it.
            // Nor is the condition met for good while the partner has no answer to its last notification.
            if matcher::matches(condition, board.booking_copy(booking_id).as_ref())
                && !board.is_unanswered(booking_id)
            {
                return;
            }
            board.arrivals.until_changed(seen).await;
        }
    }

    async fn watch_quiet(&self, step: StepPath) -> Result<(), Halt> {
        // What is to be watched is what follows on a refusal, so there has to be one first.
        tokio::select! {
            biased;
            () = self.until_struck() => {}
            () = self.engine.clock.sleep(self.engine.settings.within) => {}
            () = self.engine.interrupt.wait() => {}
        }
        let length = self.engine.settings.quiet;
        let watched_ms = self.sleep("that nothing more arrives", length).await?;
        self.record(Fact::Quiet(Quiet { step, watched_ms }));
        Ok(())
    }

    /// Returns when no fault waits for a notification of a booking any more.
    async fn until_struck(&self) {
        let board = &self.engine.board;
        loop {
            let seen = board.arrivals.changes();
            if !matches!(self.so_far().unstruck(), Some(Aim::Booking { .. })) {
                return;
            }
            board.arrivals.until_changed(seen).await;
        }
    }

    async fn wait_for_moment(&self, step: StepPath, wait: &Wait) -> Result<(), Halt> {
        let length = match &wait.moment {
            Moment::After(length) => *length,
            Moment::StartOf(name) => self.time_until(name, |slot| slot.start_sec),
            Moment::EndOf(name) => self.time_until(name, Slot::end_sec),
        };
        let waited_ms = self.sleep("the start or the end of the slot", length).await?;
        self.record(Fact::Waited(Pause { step, waited_ms }));
        Ok(())
    }

    /// How long it is until a slot has started or ended.
    fn time_until(&self, name: &str, moment_sec: fn(&Slot) -> i64) -> Duration {
        let moment = self.so_far().slot(name).map_or(0, moment_sec);
        self.engine.clock.until_sec(moment) + AFTER_MOMENT
    }

    /// Waits, unless the run is interrupted; the milliseconds come back.
    async fn sleep(&self, what: &str, length: Duration) -> Result<u64, Halt> {
        let _waiting = self.announce(what, length);
        let began = self.engine.clock.elapsed_ms();
        tokio::select! {
        biased;
                    () = self.engine.clock.sleep(length) => Ok(self.engine.clock.elapsed_ms() - began),
                    () = self.engine.interrupt.wait() => Err(Halt::new("interrupted")),
                }
    }

    /// Announces a wait, and its end when the value is dropped.
    pub(super) fn announce(&self, what: &str, at_most: Duration) -> Announced<'e> {
        let id = &self.job.scenario.id;
        let observer = &*self.engine.observer;
        observer.on(&Event::Waiting { id, what, at_most });
        Announced { observer, id }
    }
}

/// A wait that observers know of.
pub(super) struct Announced<'e> {
    observer: &'e dyn Observer,
    id: &'e str,
}

impl Drop for Announced<'_> {
    fn drop(&mut self) {
        self.observer.on(&Event::WaitOver { id: self.id });
    }
}
