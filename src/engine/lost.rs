//! Calls that the network lost: made again where that is safe, and noted; never judged as an answer.
//!
//! A look changes nothing, and a request with an idempotency token is known again. What a repetition of these is answered is the
//! answer; of what was to make or change something only where it is a success, since the lost call may have been carried out.
//! Who loses much is not forgiven: repetitions are a share of what was answered.

use super::performer::Performer;
use super::request::BuiltRequest;
use super::transport::{Incoming, Outgoing};
use protocol::Method;
use serde_json::Value;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use transcript::{Fact, LostTry, Reply, Silence};

/// So many losses are forgiven in any run, and one more in so many answers.
const FORGIVEN: usize = 3;
const ONE_IN: usize = 50;

/// Whoever lacks a descriptor waits until others have given theirs back: so often, so long.
const PATIENCE: [Duration; 3] = [
    Duration::from_millis(200),
    Duration::from_millis(500),
    Duration::from_millis(1500),
];

/// How many calls were answered, and how many the network lost.
#[derive(Debug, Default)]
pub(super) struct Losses {
    answered: AtomicUsize,
    lost: AtomicUsize,
}

impl Losses {
    fn note(&self, reply: &Reply) {
        if matches!(reply, Reply::Http(_)) {
            self.answered.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// True for one that is forgiven, which counts from now on.
    fn forgive(&self, kind: Silence) -> bool {
        let answered = self.answered.load(Ordering::Relaxed);
        let may_be_chance = match kind {
            Silence::Broken | Silence::Unreachable => true,
            // Who never answers at all need not be waited for twice.
            Silence::Timeout => answered > 0,
            Silence::Tls | Silence::TooLarge | Silence::Exhausted => false,
        };
        may_be_chance && self.lost.fetch_add(1, Ordering::Relaxed) < FORGIVEN + answered / ONE_IN
    }
}

impl Performer<'_> {
    /// Sends a request whose call stands at an entry; what is lost on the way is recorded behind it.
    pub(super) async fn send_until_answered(&self, call: usize, built: &BuiltRequest) -> Incoming {
        let first = self.send_with_means(&built.outgoing).await;
        let Some((kind, detail)) = lost(&first.reply) else {
            return first;
        };
        if !self.is_safe_again(built, kind) || !self.engine.losses.forgive(kind) {
            return first;
        }
        let second = self.send_with_means(&built.outgoing).await;
        let changes = built.outgoing.method.mutates() && kind != Silence::Unreachable;
        let is_answer = matches!(second.reply, Reply::Http(_)) && (!changes || is_success(&second.reply));
        if !is_answer {
            // It is as if the second had not been made.
            return first;
        }
        let detail = detail.to_owned();
        self.record(Fact::Lost(LostTry { call, kind, detail }));
        second
    }

    /// Sends; who has no descriptor left waits for one.
    async fn send_with_means(&self, outgoing: &Outgoing) -> Incoming {
        let mut incoming = self.engine.transport.send(outgoing).await;
        for patience in PATIENCE {
            if !matches!(lost(&incoming.reply), Some((Silence::Exhausted, _))) {
                break;
            }
            self.engine.clock.sleep(patience).await;
            incoming = self.engine.transport.send(outgoing).await;
        }
        if let Some((Silence::Exhausted, detail)) = lost(&incoming.reply) {
            self.engine.note_exhaustion(detail);
        }
        self.engine.losses.note(&incoming.reply);
        incoming
    }

    /// True when a call may be made again whatever became of it.
    fn is_safe_again(&self, built: &BuiltRequest, kind: Silence) -> bool {
        let method = built.outgoing.method;
        let token = built
            .message
            .as_ref()
            .and_then(|message| message.get("idempotency_token"));
        let is_known_again = token
            .and_then(Value::as_str)
            .is_some_and(|token| !token.is_empty());
        // A change says what is to be, and not by how much. Much hangs on a basic; of other scenarios one is not testable.
        let is_change = method == Method::UpdateBooking && self.job.scenario.basic.is_some();
        kind == Silence::Unreachable || !method.mutates() || is_known_again || is_change
    }
}

/// What came instead of an answer.
fn lost(reply: &Reply) -> Option<(Silence, &str)> {
    match reply {
        Reply::Nothing { kind, detail } => Some((*kind, detail)),
        Reply::Http(_) => None,
    }
}

/// A refusal of a repetition may be the lost call's doing.
fn is_success(reply: &Reply) -> bool {
    match reply {
        Reply::Http(reply) => {
            let message = reply.message();
            let failed = |message: &Value| {
                [
                    "booking_failure",
                    "order_failure",
                    "waitlist_business_logic_failure",
                ]
                .iter()
                .any(|name| message.get(name).is_some_and(|failure| !failure.is_null()))
            };
            reply.is_success() && message.is_some_and(|message| !failed(message))
        }
        Reply::Nothing { .. } => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answered(losses: &Losses, number: usize) {
        losses.answered.fetch_add(number, Ordering::Relaxed);
    }

    #[test]
    fn a_few_losses_are_forgiven_and_one_more_in_fifty_answers() {
        let losses = Losses::default();
        let forgiven = |losses: &Losses| (0..100).filter(|_| losses.forgive(Silence::Broken)).count();
        assert_eq!(forgiven(&losses), FORGIVEN);
        let losses = Losses::default();
        answered(&losses, 500);
        assert_eq!(forgiven(&losses), FORGIVEN + 10);
    }

    #[test]
    fn who_never_answers_is_not_waited_for_twice_and_what_is_no_loss_is_none() {
        let losses = Losses::default();
        assert!(!losses.forgive(Silence::Timeout) && losses.forgive(Silence::Unreachable));
        answered(&losses, 1);
        assert!(losses.forgive(Silence::Timeout));
        for kind in [Silence::Tls, Silence::TooLarge, Silence::Exhausted] {
            assert!(!losses.forgive(kind), "{kind:?}");
        }
    }
}
