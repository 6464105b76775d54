//! Who is told of the calls as they come.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tokio::sync::mpsc;

use super::Call;

/// One listener.
pub(super) enum Subscriber {
    /// Gets every call, however slowly it reads.
    Every(mpsc::UnboundedSender<Arc<Call>>),
    /// Gets what it can keep up with.
    Window {
        sender: mpsc::Sender<Arc<Call>>,
        missed: Arc<AtomicU64>,
    },
}

impl Subscriber {
    /// False when nobody listens any more.
    pub(super) fn tell(&self, call: &Arc<Call>) -> bool {
        match self {
            Self::Every(sender) => sender.send(Arc::clone(call)).is_ok(),
            Self::Window { sender, missed } => match sender.try_send(Arc::clone(call)) {
                Ok(()) => true,
                Err(mpsc::error::TrySendError::Full(_)) => {
                    missed.fetch_add(1, Ordering::Relaxed);
                    true
                }
                Err(mpsc::error::TrySendError::Closed(_)) => false,
            },
        }
    }
}

pub(super) fn window(kept: usize) -> (Subscriber, Watch) {
    let (sender, calls) = mpsc::channel(kept.max(1));
    let missed = Arc::new(AtomicU64::new(0));
    let subscriber = Subscriber::Window {
        sender,
        missed: Arc::clone(&missed),
    };
    (subscriber, Watch { calls, missed })
}

/// Calls as they come, for somebody who may read slowly.
pub struct Watch {
    calls: mpsc::Receiver<Arc<Call>>,
    missed: Arc<AtomicU64>,
}

impl Watch {
    /// The next call; none when the server is gone.
    pub async fn next(&mut self) -> Option<Arc<Call>> {
        self.calls.recv().await
    }

    /// The next call, if it is there already.
    pub fn try_next(&mut self) -> Option<Arc<Call>> {
        self.calls.try_recv().ok()
    }

    /// How many calls were answered and not kept since the last time.
    pub fn missed(&self) -> u64 {
        self.missed.swap(0, Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mock::Oauth;
    use crate::mock::testing::{google, request, respond};

    fn calls(number: usize) -> Vec<Arc<Call>> {
        let mut google = google(Oauth::Off);
        for _ in 0..number {
            respond(&mut google, &request("GET", "/nothing", ""));
        }
        google.take_calls().into_iter().map(Arc::new).collect()
    }

    #[test]
    fn who_reads_slowly_keeps_the_first_and_learns_how_many_there_were() {
        let (subscriber, mut watch) = window(2);
        for call in calls(5) {
            assert!(subscriber.tell(&call));
        }
        let kept: Vec<_> = std::iter::from_fn(|| watch.try_next())
            .map(|call| call.number)
            .collect();
        assert_eq!((kept, watch.missed(), watch.missed()), (vec![1, 2], 3, 0));
    }

    #[test]
    fn who_has_gone_is_told_nothing_more() {
        let (subscriber, watch) = window(2);
        drop(watch);
        assert!(calls(1).iter().all(|call| !subscriber.tell(call)));
    }
}
