//! Time that passes only while nobody has anything to do: the clock of a row, for everybody who takes part in it.
//!
//! A row has a thread and a runtime of its own. When nothing can run, the runtime is about to park, and the clock moves on to
//! the moment for which somebody waits first. So a wait costs nothing, however long, and a busy machine makes nothing late.

use jiff::Timestamp;
use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::Duration;
use tokio::runtime::{Builder, Runtime};

/// When every row begins, epoch seconds: a Monday morning.
const BEGAN_SEC: i64 = 1_795_428_029;

/// No row takes so long: whoever still waits then waits for something that does not come.
const AT_MOST: Duration = Duration::from_secs(3600);

/// The clock of one row.
#[derive(Clone, Default)]
pub(super) struct VirtualClock(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    now: Duration,
    /// Who waits, by the moment and then by the order in which they came.
    waiting: BTreeMap<Place, Waker>,
    came: u64,
}

type Place = (Duration, u64);

impl VirtualClock {
    /// A runtime on which this clock moves on whenever nothing can run. It has no sockets.
    pub(super) fn runtime(&self) -> std::io::Result<Runtime> {
        let clock = self.clone();
        Builder::new_current_thread()
            .enable_time()
            .on_thread_park(move || clock.advance())
            .build()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn advance(&self) {
        let mut due = Vec::new();
        {
            let mut state = self.state();
            let Some((&(moment, _), _)) = state.waiting.first_key_value() else {
                return;
            };
            assert!(moment < AT_MOST, "the row does not come to an end");
            state.now = moment;
            while let Some(first) = state
                .waiting
                .first_entry()
                .filter(|first| first.key().0 == moment)
            {
                due.push(first.remove());
            }
        }
        due.into_iter().for_each(Waker::wake);
    }

    /// Since the row began.
    pub(super) fn elapsed(&self) -> Duration {
        self.state().now
    }

    /// Now, in UTC epoch seconds.
    pub(super) fn now_sec(&self) -> i64 {
        BEGAN_SEC + self.elapsed().as_secs() as i64
    }

    /// Ends after so long.
    pub(super) fn wait(&self, length: Duration) -> Wait {
        Wait {
            clock: self.clone(),
            until: self.elapsed() + length,
            place: None,
        }
    }
}

/// A wait by a row's clock.
pub(super) struct Wait {
    clock: VirtualClock,
    until: Duration,
    place: Option<Place>,
}

impl Future for Wait {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let this = &mut *self;
        let mut state = this.clock.state();
        if state.now >= this.until {
            return Poll::Ready(());
        }
        let place = *this.place.get_or_insert_with(|| {
            state.came += 1;
            (this.until, state.came)
        });
        state.waiting.insert(place, context.waker().clone());
        Poll::Pending
    }
}

impl Drop for Wait {
    fn drop(&mut self) {
        if let Some(place) = self.place {
            self.clock.state().waiting.remove(&place);
        }
    }
}

#[async_trait::async_trait]
impl engine::Clock for VirtualClock {
    fn elapsed_us(&self) -> u64 {
        self.elapsed().as_micros() as u64
    }

    fn began_us(&self) -> i64 {
        BEGAN_SEC * 1_000_000
    }

    async fn sleep(&self, length: Duration) {
        self.wait(length).await;
    }

    fn can_lag(&self) -> bool {
        false
    }
}

#[async_trait::async_trait]
impl reference_server::Clock for VirtualClock {
    fn now_sec(&self) -> i64 {
        self.now_sec()
    }

    fn elapsed(&self) -> Duration {
        self.elapsed()
    }

    async fn sleep(&self, length: Duration) {
        self.wait(length).await;
    }
}

impl google::server::Clock for VirtualClock {
    fn now(&self) -> Timestamp {
        let began = Timestamp::from_second(BEGAN_SEC).unwrap_or_default();
        began
            .saturating_add(jiff::SignedDuration::try_from(self.elapsed()).unwrap_or_default())
            .unwrap_or_default()
    }

    fn sleep(&self, length: Duration) -> google::server::Sleep {
        Box::pin(self.wait(length))
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail loudly")]
    use super::*;

    #[test]
    fn hours_pass_at_once_and_in_order() {
        let clock = VirtualClock::default();
        let order: Arc<Mutex<Vec<u64>>> = Arc::default();
        clock.runtime().unwrap().block_on(async {
            let mut waits = tokio::task::JoinSet::new();
            for minutes in [50, 10, 30, 10] {
                let (clock, order) = (clock.clone(), Arc::clone(&order));
                waits.spawn(async move {
                    clock.wait(Duration::from_secs(minutes * 60)).await;
                    order.lock().unwrap().push(clock.elapsed().as_secs() / 60);
                });
            }
            // Whoever gives up waiting holds nobody up.
            drop(clock.wait(Duration::from_secs(5)));
            waits.join_all().await;
        });
        assert_eq!(*order.lock().unwrap(), [10, 10, 30, 50]);
        assert_eq!(clock.elapsed(), Duration::from_secs(50 * 60));
        assert!(clock.state().waiting.is_empty());
    }
}
