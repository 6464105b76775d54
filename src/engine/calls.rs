//! Calls of the booking server: built, sent, recorded with their answers, and followed by Google's copy.

use super::carry_over::EarlierCalls;
use super::cleanup::Doubt;
use super::google::copy_of;
use super::payload;
use super::performer::{Halt, Performer};
use super::request::{BuiltRequest, build};
use super::transport::Outgoing;
use domain::Capability;
use google::BookingCopy;
use protocol::Method;
use scenario::CallStep;
use std::sync::PoisonError;
use transcript::{Answer, Call, Credentials, Fact, Reply, Silence, StepPath};

/// Where a call comes from; the default is the harness itself.
#[derive(Default)]
pub(super) struct Origin<'s> {
    step: Option<StepPath>,
    label: Option<&'s str>,
    breaks_model: bool,
    again: bool,
}

impl<'s> Origin<'s> {
    fn of(path: StepPath, call: &'s CallStep) -> Self {
        Self {
            step: Some(path),
            label: call.label.as_deref(),
            breaks_model: call.breaks_model,
            again: false,
        }
    }

    /// The harness itself, which repeats what may break the wire model on purpose.
    pub(super) fn of_harness(breaks_model: bool) -> Self {
        Self {
            breaks_model,
            ..Self::default()
        }
    }

    /// The second try of a step, to which nothing refers.
    pub(super) fn again(path: StepPath, call: &'s CallStep) -> Self {
        Self {
            label: None,
            again: true,
            ..Self::of(path, call)
        }
    }
}

impl Performer<'_> {
    /// A call of the harness's own, outside the steps.
    pub(super) async fn send_own_call(&self, method: Method, body: serde_json::Value) -> Reply {
        let body = payload::plain(method, body);
        let outgoing = Outgoing {
            method,
            verb: method.verb().to_owned(),
            path: method.path(),
            headers: Vec::new(),
            credentials: Credentials::Valid,
            body: Some(body.to_string()),
        };
        let built = BuiltRequest {
            outgoing,
            message: Some(body),
            slot: None,
        };
        let permit = self.engine.pace.enter(1, &*self.engine.clock).await;
        let reply = self.exchange(&Origin::default(), &built).await;
        drop(permit);
        reply
    }

    /// Sends the calls at one moment.
    pub(super) async fn send_calls(
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
    pub(super) async fn send(&self, built: &[(StepPath, &CallStep, BuiltRequest)]) -> Result<(), Halt> {
        let (pace, clock) = (&self.engine.pace, &*self.engine.clock);
        let permit = match built {
            [(_, _, only)] if self.is_urgent(only) => pace.enter_at_once(clock).await,
            _ => pace.enter(built.len(), clock).await,
        };
        let origins: Vec<_> = built
            .iter()
            .map(|(path, call, _)| Origin::of(*path, call))
            .collect();
        let sending = origins
            .iter()
            .zip(built)
            .map(|(origin, (_, _, built))| self.exchange(origin, built));
        let replies = futures_util::future::join_all(sending).await;
        drop(permit);
        match replies.into_iter().find_map(halt_without_target) {
            Some(halt) => Err(halt),
            None => Ok(()),
        }
    }

    /// True for what is done with a booking of a slot that starts soon, and for a basic, which others wait for.
    fn is_urgent(&self, built: &BuiltRequest) -> bool {
        let scenario = &self.job.scenario;
        scenario.basic.is_some() || built.outgoing.method.mutates() && scenario.has_slot_soon()
    }

    /// Read-back methods that the target declares not to have are left out of every scenario.
    pub(super) fn is_declared_absent(&self, method: Method) -> bool {
        let capabilities = &self.engine.settings.capabilities;
        Capability::of_method(method).is_some_and(|needed| capabilities.declared(needed) == Some(false))
    }

    pub(super) fn build(&mut self, call: &CallStep) -> Result<BuiltRequest, Halt> {
        self.serial += 1;
        let settings = &self.engine.settings;
        let so_far = self.so_far();
        let built = match call.repeat.as_ref().and_then(|label| self.sent.get(label)) {
            Some(earlier) => Ok(earlier.repeat(call)),
            None => build(self.job, call, &so_far, &settings.cards, self.serial),
        };
        let earlier = EarlierCalls {
            sent: &self.sent,
            cards: &settings.cards,
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
    pub(super) async fn exchange(&self, origin: &Origin<'_>, built: &BuiltRequest) -> Reply {
        let outgoing = &built.outgoing;
        let method = outgoing.method;
        let creates = method == Method::CreateBooking;
        if creates {
            self.engine.google.open_create();
        }
        let call = self.record(Fact::Call(Call {
            step: origin.step,
            label: origin.label.map(ToOwned::to_owned),
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
            breaks_model: origin.breaks_model,
            again: origin.again,
        }));
        let kept = self.keep_making(built).await;
        let sent_us = self.engine.clock.elapsed_us();
        let incoming = self.send_until_answered(call, built).await;
        self.keep_made(kept, method, &incoming.reply).await;
        let lagged_us = self.engine.lag.worst(sent_us, self.engine.clock.elapsed_us());
        let answer = Answer {
            call,
            took_us: incoming.took_us,
            lagged_us,
            reply: incoming.reply.clone(),
        };
        self.record(Fact::Answer(answer));
        self.update_copy(method, call, built, &incoming.reply);
        if creates {
            self.engine.note_booking_time(incoming.took_us);
            let doubt = Doubt::left_by(built, origin.breaks_model, &incoming.reply);
            self.doubts
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .extend(doubt);
            self.engine.google.close_create();
        }
        incoming.reply
    }

    /// Google stores what the partner confirmed.
    fn update_copy(&self, method: Method, call: usize, built: &BuiltRequest, reply: &Reply) {
        let (true, Reply::Http(reply)) = (method.mutates(), reply) else {
            return;
        };
        let message = reply.message().filter(|_| reply.is_success());
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
}

fn halt_without_target(reply: Reply) -> Option<Halt> {
    match reply {
        Reply::Nothing { kind, detail } => {
            let gone = matches!(kind, Silence::Unreachable | Silence::Tls);
            let reason = match kind {
                Silence::Exhausted => format!("this machine had no means left to call: {detail}"),
                _ => format!("no answer came: {detail}"),
            };
            Some(if gone {
                Halt::unreachable(reason)
            } else {
                Halt::new(reason)
            })
        }
        Reply::Http(_) => None,
    }
}
