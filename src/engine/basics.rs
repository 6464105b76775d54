//! What everything else stands on, shown once and first: who needs a basic waits until it is known, and does without it.

use super::performer::{Halt, Performer};
use super::watched::Watched;
use domain::{Basic, Capability};
use protocol::Method;
use scenario::{CallStep, Scenario, Step};
use std::collections::BTreeMap;
use transcript::{Exchange, Fact, Phase, SkippedStep, StepPath, Transcript, shows_method};

/// What is known of a basic.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// Its scenario is not over yet.
    Open,
    /// It holds.
    Holds,
    /// It does not.
    Broken,
}

/// The basics of a run: those for which a scenario runs.
pub(super) struct Basics(Watched<BTreeMap<Basic, State>>);

impl Basics {
    /// All open, of the scenarios that will run.
    pub(super) fn of<'s>(scenarios: impl Iterator<Item = &'s Scenario>) -> Self {
        let open = scenarios.filter_map(|scenario| Some((scenario.basic?, State::Open)));
        Self(Watched::new(open.collect()))
    }

    /// A scenario is over: what it was to show holds, or does not. The first conclusion counts.
    pub(super) fn conclude(&self, basic: Basic, holds: bool) {
        self.0.change(|states| {
            if let Some(state @ State::Open) = states.get_mut(&basic) {
                *state = if holds { State::Holds } else { State::Broken };
            }
        });
    }

    /// Waits until a basic is known; a basic that no scenario shows stands in nobody's way.
    async fn holds(&self, basic: Basic) -> bool {
        self.0
            .until(|states| states.get(&basic) != Some(&State::Open))
            .await;
        self.0.look(|states| states.get(&basic) != Some(&State::Broken))
    }
}

/// Whether a step is carried out.
pub(super) enum Gate {
    /// It is.
    Open,
    /// It is left out; the story goes on without it.
    Skip,
}

impl Performer<'_> {
    /// Waits for what a step needs. A look that cannot be taken is left out; without an act the story is over.
    pub(super) async fn gate(&self, path: StepPath, step: &Step) -> Result<Gate, Halt> {
        for basic in self.needs_of(path.step) {
            if self.stands(basic).await {
                continue;
            }
            return if step.calls().iter().all(is_look) && !step.calls().is_empty() {
                self.record(Fact::Skipped(SkippedStep {
                    step: path,
                    needs: basic,
                }));
                Ok(Gate::Skip)
            } else {
                Err(Halt::without(basic))
            };
        }
        Ok(Gate::Open)
    }

    /// Waits until what a step needs is known, whatever it is.
    pub(super) async fn wait_for_needs(&self, number: usize) {
        for basic in self.needs_of(number) {
            self.stands(basic).await;
        }
    }

    /// True when slots can be looked up before they are booked.
    pub(super) async fn can_look_up(&self) -> bool {
        let lookup = Basic::Method(Method::BatchAvailabilityLookup);
        let own = match self.job.scenario.basic {
            Some(Basic::Method(method)) => {
                matches!(method, Method::HealthCheck | Method::BatchAvailabilityLookup)
            }
            _ => false,
        };
        !own && self.stands(lookup).await
    }

    /// True when a basic holds, or nothing speaks against it. A partner that ever got through to Google can.
    pub(super) async fn stands(&self, basic: Basic) -> bool {
        let known = self.engine.basics.holds(basic);
        if basic != Basic::Notification {
            return tokio::select! {
            biased;
                            holds = known => holds,
                            () = self.engine.interrupt.wait() => true,
                        };
        }
        tokio::select! {
        biased;
                    () = self.engine.board.until_reached() => true,
                    holds = known => holds,
                    () = self.engine.interrupt.wait() => true,
                }
    }

    /// What a step needs, without the methods that the target declares not to have.
    fn needs_of(&self, number: usize) -> Vec<Basic> {
        let declared = &self.engine.settings.capabilities;
        let absent = |basic: &Basic| {
            let needed = basic.shown_by().and_then(Capability::of_method);
            needed.is_some_and(|needed| declared.declared(needed) == Some(false))
        };
        let needs = self.job.scenario.needs_of_step(number);
        needs.into_iter().filter(|basic| !absent(basic)).collect()
    }

    /// Says what the scenario has shown of its basic, once its steps are over.
    pub(super) fn conclude_basic(&self) {
        let Some(basic) = self.job.scenario.basic else {
            return;
        };
        let holds = match basic {
            Basic::Method(_) | Basic::Move => {
                let method = basic.shown_by();
                method.is_some_and(|method| is_shown(&self.so_far(), method))
            }
            Basic::DistinctIds => are_distinct(&self.so_far()),
            Basic::Notification => self.engine.board.is_reached(),
            Basic::KnownToken => is_token_known(&self.so_far()),
        };
        self.engine.basics.conclude(basic, holds);
    }
}

/// False when two bookings were given one id.
fn are_distinct(so_far: &Transcript) -> bool {
    let creates = so_far.exchanges_of(Method::CreateBooking);
    let mut ids: Vec<&str> = creates
        .filter_map(|exchange| exchange.answer_text("/booking/booking_id"))
        .collect();
    let all = ids.len();
    ids.sort_unstable();
    ids.dedup();
    ids.len() == all
}

/// False when a request that had made a booking was answered with another one, or with a failure, when it came again. An error may
/// mean that it was known.
fn is_token_known(so_far: &Transcript) -> bool {
    let creates = || so_far.exchanges_of(Method::CreateBooking);
    let is_forgotten = |later: &Exchange<'_>| {
        let token = later.request_value("/idempotency_token");
        let made =
            creates().find(|one| one.entry < later.entry && one.request_value("/idempotency_token") == token);
        let made = made.and_then(|one| one.answer_text("/booking/booking_id"));
        let (again, failed) = (
            later.answer_text("/booking/booking_id"),
            later.answer_value("/booking_failure"),
        );
        made.is_some() && (again.is_some() && again != made || failed.is_some())
    };
    !creates().any(|later| is_forgotten(&later))
}

/// A call that changes nothing.
fn is_look(call: &CallStep) -> bool {
    !call.method.mutates()
}

/// True when a method was shown by one of the scenario's own calls.
fn is_shown(so_far: &Transcript, method: Method) -> bool {
    let mut own = so_far
        .exchanges_of(method)
        .filter(|exchange| exchange.phase == Phase::Steps);
    own.any(|exchange| shows_method(method, &exchange.answer.reply))
}
