//! One scenario from its first look-up to its last step.

use super::google::copy_of;
use super::request::{Built, build};
use super::run::Engine;
use super::{Job, again, trigger};
use domain::Capability;
use domain::slot::Slot;
use event::Event;
use google::BookingCopy;
use protocol::Method;
use scenario::{Await, CallStep, Moment, Step, TriggerStep, Wait, matcher, template};
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;
use transcript::{
    Answer, Awaited, Bound, Call, Credentials, Fact, Phase, Quiet, Reply, Silence, StepPath, Stopped,
    Transcript, Trigger, Waited,
};

/// A no-show may be reported once the slot has started: this much later, so that clocks may differ a little.
const AFTER_MOMENT: Duration = Duration::from_millis(300);

/// Why a scenario cannot go on.
pub(super) struct Halt {
    reason: String,
    unreachable: bool,
}

impl Halt {
    pub(super) fn new(reason: impl Into<String>) -> Self {
        Self {
            reason: reason.into(),
            unreachable: false,
        }
    }

    pub(super) fn unreachable(reason: String) -> Self {
        Self {
            reason,
            unreachable: true,
        }
    }
}

/// Carries out one scenario.
pub(super) struct Performer<'e> {
    pub(super) engine: &'e Engine,
    pub(super) job: &'e Job,
    pub(super) index: usize,
    sent: HashMap<String, Built>,
    serial: usize,
}

impl<'e> Performer<'e> {
    pub(super) fn new(engine: &'e Engine, job: &'e Job, index: usize) -> Self {
        Self {
            engine,
            job,
            index,
            sent: HashMap::new(),
            serial: 0,
        }
    }

    /// Everything but the clean-up.
    pub(super) async fn perform(&mut self) {
        self.engine.observer.on(&Event::ScenarioStarted {
            id: &self.job.scenario.id,
        });
        self.record(Fact::Bound(self.bound()));
        let prepared = tokio::select! {
            prepared = self.prepare() => prepared,
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
            if let Err(halt) = self.step(path, step).await {
                return self.stop(Some(path), halt);
            }
        }
        if let Err(halt) = self.close_books().await {
            self.stop(None, halt);
        }
    }

    fn bound(&self) -> Bound {
        let first = |(name, slots): (&String, &Vec<Slot>)| Some((name.clone(), slots.first()?.clone()));
        Bound {
            slots: self.job.slots.iter().filter_map(first).collect(),
            page: self.job.page.clone(),
            user: self.job.user.clone(),
            began_sec: self.engine.clock.began_us() / 1_000_000,
            within_ms: u64::try_from(self.engine.settings.within.as_millis()).unwrap_or(u64::MAX),
            ledger: self.engine.settings.ledger.is_some(),
        }
    }

    pub(super) fn record(&self, fact: Fact) -> usize {
        self.engine.board.record(self.index, fact)
    }

    pub(super) fn so_far(&self) -> Arc<Transcript> {
        self.engine.board.transcript(self.index)
    }

    pub(super) fn stop(&self, step: Option<StepPath>, halt: Halt) {
        let Halt { reason, unreachable } = halt;
        self.record(Fact::Stopped(Stopped {
            step,
            reason,
            unreachable,
        }));
    }

    /// A call of the harness's own, outside the steps.
    pub(super) async fn own_call(&self, method: Method, body: serde_json::Value) -> Reply {
        let outgoing = super::transport::Outgoing {
            method,
            verb: method.verb().to_owned(),
            path: method.path(),
            headers: Vec::new(),
            credentials: Credentials::Valid,
            body: Some(body.to_string()),
        };
        let built = Built {
            outgoing,
            message: Some(body),
            slot: None,
        };
        let permit = self.engine.pace.enter(1, &*self.engine.clock).await;
        let reply = self.exchange(None, None, &built, false).await;
        drop(permit);
        reply
    }

    async fn step(&mut self, path: StepPath, step: &'e Step) -> Result<(), Halt> {
        match step {
            Step::Call(call) => self.calls(path.step, std::slice::from_ref(&**call), false).await,
            Step::Parallel(calls, _) => self.calls(path.step, calls, true).await,
            Step::Crowd(crowd) => self.crowd(path.step, crowd).await,
            Step::Trigger(trigger) => self.trigger(path, trigger).await,
            Step::Fault(fault) => self.arm(path, fault),
            Step::Await(wait) => self.wait_for(path, wait).await,
            Step::AwaitSlot(wait) => self.wait_for_slot(path, wait).await,
            Step::Quiet => self.quiet(path).await,
            Step::Wait(wait) => self.wait(path, wait).await,
            Step::Ledger(ledger) => self.ledger(path, ledger).await,
        }
    }

    /// Sends the calls at one moment.
    pub(super) async fn calls(
        &mut self,
        step: usize,
        calls: &[CallStep],
        parallel: bool,
    ) -> Result<(), Halt> {
        let mut built = Vec::new();
        for (branch, call) in calls.iter().enumerate() {
            if self.is_declared_absent(call.method) {
                continue;
            }
            let path = StepPath {
                step,
                branch: parallel.then_some(branch),
            };
            built.push((path, call, self.build(call)?));
        }
        self.send(&built).await
    }

    /// All requests are under way before any answer is read.
    pub(super) async fn send(&self, built: &[(StepPath, &CallStep, Built)]) -> Result<(), Halt> {
        let permit = self.engine.pace.enter(built.len(), &*self.engine.clock).await;
        let sending = built.iter().map(|(path, call, built)| {
            self.exchange(Some(*path), call.label.as_deref(), built, call.breaks_model)
        });
        let replies = futures_util::future::join_all(sending).await;
        drop(permit);
        match replies.into_iter().find_map(unreachable) {
            Some(halt) => Err(halt),
            None => Ok(()),
        }
    }

    /// Read-back methods that the target declares not to have are left out of every scenario.
    pub(super) fn is_declared_absent(&self, method: Method) -> bool {
        let capability = match method {
            Method::GetBookingStatus => Capability::BookingStatus,
            Method::ListBookings => Capability::ListBookings,
            _ => return false,
        };
        self.engine.settings.capabilities.declared(capability) == Some(false)
    }

    pub(super) fn build(&mut self, call: &CallStep) -> Result<Built, Halt> {
        self.serial += 1;
        let settings = &self.engine.settings;
        let so_far = self.so_far();
        let built = match call.repeat.as_ref().and_then(|label| self.sent.get(label)) {
            Some(earlier) => Ok(earlier.again(call)),
            None => build(self.job, call, &so_far, &settings.wallet, self.serial),
        };
        let earlier = again::Earlier {
            sent: &self.sent,
            wallet: &settings.wallet,
            so_far: &so_far,
        };
        let built = built
            .and_then(|built| earlier.carry_over(built, call))
            .map_err(|error| Halt::new(format!("{} cannot be built: {error}", call.method)))?;
        if let Some(label) = &call.label {
            self.sent.insert(label.clone(), built.clone());
        }
        Ok(built)
    }

    /// Sends one request, records both its sides, and lets Google's copy follow the answer.
    async fn exchange(
        &self,
        step: Option<StepPath>,
        label: Option<&str>,
        built: &Built,
        breaks_model: bool,
    ) -> Reply {
        let outgoing = &built.outgoing;
        let method = outgoing.method;
        let creates = method == Method::CreateBooking;
        if creates {
            self.engine.google.open_create();
        }
        let call = self.record(Fact::Call(Call {
            step,
            label: label.map(ToOwned::to_owned),
            method,
            verb: outgoing.verb.clone(),
            path: outgoing.path.clone(),
            headers: self.engine.transport.recorded_headers(outgoing),
            credentials: outgoing.credentials,
            body: built
                .message
                .as_ref()
                .map(|message| self.engine.transport.recorded_message(message)),
            raw: built.message.is_none().then(|| outgoing.body.clone()).flatten(),
            breaks_model,
        }));
        let sent_us = self.engine.clock.elapsed_us();
        let incoming = self.engine.transport.send(outgoing).await;
        let lagged_us = self.engine.lag.worst(sent_us, self.engine.clock.elapsed_us());
        let answer = Answer {
            call,
            took_us: incoming.took_us,
            lagged_us,
            reply: incoming.reply.clone(),
        };
        self.record(Fact::Answer(answer));
        self.follow(method, call, built, &incoming.reply);
        if creates {
            self.engine.google.close_create();
        }
        incoming.reply
    }

    /// Google stores what the partner confirmed.
    fn follow(&self, method: Method, call: usize, built: &Built, reply: &Reply) {
        let (true, Reply::Http(reply)) = (method.mutates(), reply) else {
            return;
        };
        let message = reply.message().filter(|_| reply.status == 200);
        let booking = message.and_then(|message| message.get("booking"));
        let Some(booking) = booking.filter(|booking| booking.is_object()) else {
            return;
        };
        let asked = built.message.as_ref().and_then(|message| message.get("slot"));
        let id = booking["booking_id"].as_str().unwrap_or_default();
        let make = |known: Option<BookingCopy>| {
            let known = known
                .map(Some)
                .or((method == Method::CreateBooking).then_some(None))?;
            copy_of(booking, known, asked)
        };
        let claim = |copy| self.engine.board.claim_booking(self.index, call, id, copy);
        self.engine.google.store(id, make, claim);
        if let Some(slot) = &built.slot {
            self.engine.board.claim_slot(self.index, slot);
        }
    }

    async fn trigger(&self, step: StepPath, trigger: &TriggerStep) -> Result<(), Halt> {
        let so_far = self.so_far();
        let booking_id = self.render(&trigger.booking)?;
        let name = trigger
            .slot
            .as_deref()
            .or_else(|| self.job.scenario.slots.keys().next().map(String::as_str));
        let slot = name.and_then(|name| so_far.slot(name));
        let Some(way) = self.engine.settings.triggers.get(&trigger.name) else {
            return Err(Halt::new(format!(
                "the config offers no trigger `{}`",
                trigger.name
            )));
        };
        let values = trigger::values(&booking_id, slot);
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
        // The partner may notify Google before it answers, so the trigger stands where it began.
        let entry = self.record(fired("", None));
        let (channel, failure) = tokio::select! {
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

    pub(super) fn render(&self, text: &str) -> Result<String, Halt> {
        let value =
            template::render(text, &self.so_far().context()).map_err(|error| Halt::new(error.to_string()))?;
        Ok(value
            .as_str()
            .map_or_else(|| value.to_string(), ToOwned::to_owned))
    }

    async fn wait_for(&self, step: StepPath, wait: &Await) -> Result<(), Halt> {
        let booking_id = self.render(&wait.booking)?;
        let until = template::render_all(&wait.until, &self.so_far().context())
            .map_err(|error| Halt::new(error.to_string()))?;
        let within = self.engine.settings.within;
        self.announce("a notification", within);
        let began = self.engine.clock.elapsed_ms();
        let met = tokio::select! {
            () = self.until(&booking_id, &until) => true,
            () = self.engine.clock.sleep(within) => false,
            () = self.engine.interrupt.wait() => false,
        };
        let waited_ms = self.engine.clock.elapsed_ms() - began;
        let copy = self.engine.board.copy(&booking_id);
        self.record(Fact::Awaited(Awaited {
            step,
            booking_id,
            until,
            met,
            waited_ms,
            copy,
        }));
        if self.engine.interrupt.is_set() {
            Err(Halt::new("interrupted"))
        } else {
            Ok(())
        }
    }

    async fn until(&self, booking_id: &str, condition: &serde_json::Value) {
        let mut arrivals = self.engine.board.watch();
        loop {
            arrivals.borrow_and_update();
            // What is not in the history yet has not happened: or the next step would stand before it.
            // Nor is it told for good while the partner cannot know that it was heard.
            let board = &self.engine.board;
            if matcher::matches(condition, board.copy(booking_id).as_ref())
                && !board.is_unanswered(booking_id)
            {
                return;
            }
            if arrivals.changed().await.is_err() {
                return std::future::pending().await;
            }
        }
    }

    async fn quiet(&self, step: StepPath) -> Result<(), Halt> {
        let length = self.engine.settings.quiet;
        let watched_ms = self.sleep("that nothing more arrives", length).await?;
        self.record(Fact::Quiet(Quiet { step, watched_ms }));
        Ok(())
    }

    async fn wait(&self, step: StepPath, wait: &Wait) -> Result<(), Halt> {
        let length = match &wait.moment {
            Moment::After(length) => *length,
            Moment::StartOf(name) => self.left_until(name, |slot| slot.start_sec),
            Moment::EndOf(name) => self.left_until(name, Slot::end_sec),
        };
        let waited_ms = self.sleep("the start or the end of the slot", length).await?;
        self.record(Fact::Waited(Waited { step, waited_ms }));
        Ok(())
    }

    /// How long it is until a slot has started or ended.
    fn left_until(&self, name: &str, moment_sec: fn(&Slot) -> i64) -> Duration {
        let moment = self.so_far().slot(name).map_or(0, moment_sec);
        self.engine.clock.until_sec(moment) + AFTER_MOMENT
    }

    /// Waits, unless the run is interrupted; the milliseconds come back.
    async fn sleep(&self, what: &str, length: Duration) -> Result<u64, Halt> {
        self.announce(what, length);
        let began = self.engine.clock.elapsed_ms();
        tokio::select! {
            () = self.engine.clock.sleep(length) => Ok(self.engine.clock.elapsed_ms() - began),
            () = self.engine.interrupt.wait() => Err(Halt::new("interrupted")),
        }
    }

    pub(super) fn announce(&self, what: &str, at_most: Duration) {
        self.engine.observer.on(&Event::Waiting {
            id: &self.job.scenario.id,
            what,
            at_most,
        });
    }
}

fn unreachable(reply: Reply) -> Option<Halt> {
    match reply {
        Reply::Nothing { kind, detail } => {
            let gone = matches!(kind, Silence::Unreachable | Silence::Tls);
            Some(Halt {
                reason: format!("no answer came: {detail}"),
                unreachable: gone,
            })
        }
        Reply::Http(_) => None,
    }
}
