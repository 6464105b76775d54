//! Subscribers, who are notified of the calls as they come.

use crate::call::Call;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use tokio::sync::mpsc;

/// What may lie in a window: a few large calls count as much as many small ones.
const WINDOW_BYTES: usize = 64 * 1024 * 1024;
/// So many bytes of memory may stand for one of a body, if it is made to: a list of empty objects.
const SWELLS: usize = 80;
/// A call without its body.
const BARE: usize = 8 * 1024;

/// One listener.
pub(crate) enum Subscriber {
    /// Gets every call, however slowly it reads.
    Every(mpsc::UnboundedSender<Arc<Call>>),
    /// Gets what it can keep up with.
    Window {
        sender: mpsc::Sender<Arc<Call>>,
        missed: Arc<AtomicU64>,
        /// Bytes that lie there.
        filled: Arc<AtomicUsize>,
    },
}

/// The most that a call takes in memory, about.
fn weight(call: &Call) -> usize {
    BARE + call.body_len * SWELLS
}

impl Subscriber {
    /// False when nobody listens any more.
    pub(crate) fn notify(&self, call: &Arc<Call>) -> bool {
        match self {
            Self::Every(sender) => sender.send(Arc::clone(call)).is_ok(),
            Self::Window { sender, .. } if sender.is_closed() => false,
            Self::Window {
                sender,
                missed,
                filled,
            } => {
                let weight = weight(call);
                let before = filled.fetch_add(weight, Ordering::Relaxed);
                // However large it is: a single call always finds room.
                let fits = before == 0 || before + weight <= WINDOW_BYTES;
                if !fits || sender.try_send(Arc::clone(call)).is_err() {
                    filled.fetch_sub(weight, Ordering::Relaxed);
                    missed.fetch_add(1, Ordering::Relaxed);
                }
                true
            }
        }
    }
}

pub(crate) fn window(capacity: usize) -> (Subscriber, Watch) {
    let (sender, calls) = mpsc::channel(capacity.max(1));
    let (missed, filled) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicUsize::new(0)));
    let subscriber = Subscriber::Window {
        sender,
        missed: Arc::clone(&missed),
        filled: Arc::clone(&filled),
    };
    let watch = Watch {
        calls,
        missed,
        filled,
    };
    (subscriber, watch)
}

/// Calls as they come, for somebody who may read slowly.
pub struct Watch {
    calls: mpsc::Receiver<Arc<Call>>,
    missed: Arc<AtomicU64>,
    filled: Arc<AtomicUsize>,
}

impl Watch {
    /// The next call; none when the server is gone.
    pub async fn next(&mut self) -> Option<Arc<Call>> {
        let call = self.calls.recv().await?;
        Some(self.release(call))
    }

    /// The next call, if it is there already.
    pub fn try_next(&mut self) -> Option<Arc<Call>> {
        let call = self.calls.try_recv().ok()?;
        Some(self.release(call))
    }

    fn release(&self, call: Arc<Call>) -> Arc<Call> {
        self.filled.fetch_sub(weight(&call), Ordering::Relaxed);
        call
    }

    /// How many calls were answered and not kept since the last time.
    pub fn missed(&self) -> u64 {
        self.missed.swap(0, Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Oauth;
    use crate::testing::{google, request, respond};

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
            assert!(subscriber.notify(&call));
        }
        let numbers: Vec<_> = std::iter::from_fn(|| watch.try_next())
            .map(|call| call.number)
            .collect();
        assert_eq!((numbers, watch.missed(), watch.missed()), (vec![1, 2], 3, 0));
    }

    #[test]
    fn a_window_holds_few_large_calls_and_always_one() {
        let mut google = google(Oauth::Off);
        let body = format!("[{}0]", "{},".repeat(300_000));
        for _ in 0..3 {
            respond(&mut google, &request("POST", "/nothing", &body));
        }
        respond(&mut google, &request("GET", "/nothing", ""));
        let (subscriber, mut watch) = window(256);
        let calls: Vec<_> = google.take_calls().into_iter().map(Arc::new).collect();
        for call in &calls {
            assert!(subscriber.notify(call));
        }
        let first = watch.try_next().map(|call| call.number);
        assert_eq!((first, watch.try_next(), watch.missed()), (Some(1), None, 3));
        assert!(subscriber.notify(&calls[1]));
        assert_eq!(watch.try_next().map(|call| call.number), Some(2));
    }

    #[test]
    fn who_has_gone_is_notified_no_more() {
        let (subscriber, watch) = window(2);
        drop(watch);
        assert!(calls(1).iter().all(|call| !subscriber.notify(call)));
    }
}
