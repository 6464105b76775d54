//! Sends what waits in the outbox. A lane's messages go one after the other; lanes do not wait for each
//! other, and a message that is backing off holds nothing up but its own lane.

use super::availability::availability_body;
use super::message::{OutboxMessage, Subject};
use super::notifier::{DeliveryError, Notifier};
use super::quota::Quota;
use crate::clock::Clock;
use crate::ids::draw;
use crate::inventory::{Inventory, SlotQuery};
use crate::store::{Settlement, Store};
use rand::Rng;
use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Notify, Semaphore};
use tokio::task::JoinSet;

const CALLS_AT_ONCE: usize = 8;
const FIRST_WAIT: Duration = Duration::from_millis(200);
const LONGEST_WAIT: Duration = Duration::from_secs(32);

/// Notified when something may have been added to the outbox.
#[derive(Clone, Default)]
pub(crate) struct OutboxSignal(Arc<Notify>);

impl OutboxSignal {
    pub(crate) fn notify(&self) {
        self.0.notify_one();
    }
}

#[derive(Clone)]
pub(crate) struct Worker {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) notifier: Arc<dyn Notifier>,
    pub(crate) inventory: Arc<Inventory>,
    pub(crate) outbox_signal: OutboxSignal,
    clock: Arc<dyn Clock>,
    calls: Arc<Semaphore>,
    quota: Arc<Quota>,
}

impl Worker {
    pub(crate) fn new(
        store: Arc<dyn Store>,
        notifier: Arc<dyn Notifier>,
        inventory: Arc<Inventory>,
        outbox_signal: OutboxSignal,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self {
            store,
            notifier,
            inventory,
            outbox_signal,
            clock,
            calls: Arc::new(Semaphore::new(CALLS_AT_ONCE)),
            quota: Arc::default(),
        }
    }

    /// Runs until it is dropped. What was not delivered is in the outbox for the next start.
    pub(crate) async fn run(self) {
        let mut busy = HashSet::new();
        let mut lanes = JoinSet::new();
        loop {
            // A database that does not answer now is asked again at the next signal or delivery.
            for message in self.store.outbox_heads().await.unwrap_or_default() {
                let lane = message.content.lane();
                if busy.insert(lane.clone()) {
                    let worker = self.clone();
                    lanes.spawn(async move {
                        worker.deliver_with_retries(message).await;
                        lane
                    });
                }
            }
            tokio::select! {
                biased;
                () = self.outbox_signal.0.notified() => {}
                Some(Ok(lane)) = lanes.join_next() => { busy.remove(&lane); }
            }
            // Deliveries often end together: one look into the outbox does for all of them.
            while let Some(Ok(lane)) = lanes.try_join_next() {
                busy.remove(&lane);
            }
        }
    }

    /// Sends one message until Google has taken it or refused it for good.
    async fn deliver_with_retries(&self, message: OutboxMessage) {
        let mut wait = FIRST_WAIT;
        let outcome = loop {
            match self.send(&message).await {
                Ok(()) => break Settlement::Sent,
                Err(DeliveryError::GiveUp { reason }) => break Settlement::Undeliverable(reason),
                Err(DeliveryError::Again { after, .. }) => {
                    let wait_now = add_jitter(wait).max(after.unwrap_or_default());
                    self.clock.sleep(wait_now).await;
                    wait = (wait * 2).min(LONGEST_WAIT);
                }
            }
        };
        // Not recorded means sent once more: Google's calls are idempotent.
        let _ = self.store.settle(message.id, outcome).await;
    }

    async fn send(&self, message: &OutboxMessage) -> Result<(), DeliveryError> {
        let _call = self.calls.acquire().await;
        self.quota.take(&*self.clock).await;
        self.notifier
            .deliver(&self.with_current_body(message).await?)
            .await
    }

    /// A slot's availability is read when it is sent, so that a repeated message never carries an old state.
    async fn with_current_body(&self, message: &OutboxMessage) -> Result<OutboxMessage, DeliveryError> {
        let Subject::Slot {
            merchant_id,
            service_id,
            start_sec,
        } = &message.content.subject
        else {
            return Ok(message.clone());
        };
        let query = SlotQuery::bare(merchant_id, service_id, *start_sec);
        let body = availability_body(&self.inventory, self.store.as_ref(), &query).await;
        let body = body.map_err(|error| DeliveryError::Again {
            reason: error.to_string(),
            after: None,
        })?;
        let mut message = message.clone();
        message.content.body = body.ok_or_else(|| DeliveryError::GiveUp {
            reason: "no such slot any more".to_owned(),
        })?;
        Ok(message)
    }
}

/// Between half the wait and all of it, so that many lanes do not come back at the same moment.
fn add_jitter(wait: Duration) -> Duration {
    wait.mul_f64(draw(|random| random.random_range(0.5..=1.0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wait_is_jittered_within_bounds() {
        for _ in 0..100 {
            let wait = add_jitter(LONGEST_WAIT);
            assert!(wait >= LONGEST_WAIT / 2 && wait <= LONGEST_WAIT);
        }
    }
}
