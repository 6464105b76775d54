//! The open connections: their number, the deadline of each, and who has to go when there is no room for one more.

use crate::limits::Limits;
use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};
use tokio::time::Instant;

/// All connections of a server.
pub(crate) struct Connections {
    limits: Limits,
    /// A permit is held until a connection's socket is closed, not only until it is told to go.
    room: Arc<Semaphore>,
    open: Mutex<BTreeMap<u64, Arc<Connection>>>,
    /// A connection could be evicted that could not be before.
    changed: Notify,
}

/// What one connection does.
struct Connection {
    activity: Mutex<Activity>,
    evicted: Notify,
}

#[derive(Clone, Copy)]
struct Activity {
    /// Requests that have no answer yet.
    under_way: usize,
    /// It has had an answer.
    is_served: bool,
    /// When the last request began or ended.
    since: Instant,
}

/// The place of one connection, until it is dropped.
pub(crate) struct Seat {
    connections: Arc<Connections>,
    connection: Arc<Connection>,
    number: u64,
    _permit: OwnedSemaphorePermit,
}

/// A request of a connection, until its answer is on its way.
pub(crate) struct UnderWay {
    connections: Arc<Connections>,
    connection: Arc<Connection>,
}

impl Connections {
    pub(crate) fn new(limits: Limits) -> Arc<Self> {
        Arc::new(Self {
            limits,
            room: Arc::new(Semaphore::new(
                limits.connections.clamp(1, Semaphore::MAX_PERMITS),
            )),
            open: Mutex::default(),
            changed: Notify::new(),
        })
    }

    /// A place for one more connection. One that is being answered is never closed for it.
    pub(crate) async fn admit(self: &Arc<Self>, number: u64) -> Option<Seat> {
        let mut room = Box::pin(Arc::clone(&self.room).acquire_owned());
        let mut evicted = 0;
        let permit = loop {
            // Asked first: nobody goes while there is room.
            if let Some(permit) = ready(&mut room).await {
                break permit;
            }
            if evicted == 0 {
                evicted = self.evict(1);
            }
            tokio::select! {
                permit = &mut room => break permit,
                () = self.changed.notified() => {}
            }
        };
        Some(self.register(number, permit.ok()?))
    }

    fn register(self: &Arc<Self>, number: u64, permit: OwnedSemaphorePermit) -> Seat {
        let activity = Activity {
            under_way: 0,
            is_served: false,
            since: Instant::now(),
        };
        let connection = Arc::new(Connection {
            activity: Mutex::new(activity),
            evicted: Notify::new(),
        });
        self.open().insert(number, Arc::clone(&connection));
        Seat {
            connections: Arc::clone(self),
            connection,
            number,
            _permit: permit,
        }
    }

    /// Closes those that have waited longest, and says how many.
    fn evict(&self, number: usize) -> usize {
        let mut open = self.open();
        let mut waiting: Vec<(Instant, u64)> = open
            .iter()
            .map(|(number, connection)| (connection.activity(), *number))
            .filter(|(activity, _)| activity.under_way == 0)
            .map(|(activity, number)| (activity.since, number))
            .collect();
        waiting.sort_unstable();
        waiting.truncate(number);
        for (_, number) in &waiting {
            if let Some(connection) = open.remove(number) {
                connection.evicted.notify_one();
            }
        }
        waiting.len()
    }

    /// The system lets this process open no more files: from now on there are an eighth fewer connections than now, so that files
    /// are left for the rest of the server.
    pub(crate) async fn shrink(&self) {
        self.room.forget_permits(self.room.available_permits());
        let spared = self.open().len().div_ceil(8);
        let evicted = self.evict(spared);
        if let Ok(permits) = self.room.acquire_many(evicted as u32).await {
            permits.forget();
        }
        // Where nobody is left, one connection is still tried.
        if self.open().is_empty() && self.room.available_permits() == 0 {
            self.room.add_permits(1);
        }
    }

    fn open(&self) -> MutexGuard<'_, BTreeMap<u64, Arc<Connection>>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What a future is by now, without waiting for it.
async fn ready<F: Future>(future: &mut Pin<Box<F>>) -> Option<F::Output> {
    std::future::poll_fn(|context| {
        std::task::Poll::Ready(match future.as_mut().poll(context) {
            std::task::Poll::Ready(output) => Some(output),
            std::task::Poll::Pending => None,
        })
    })
    .await
}

impl Connection {
    fn activity(&self) -> Activity {
        *self.lock()
    }

    fn lock(&self) -> MutexGuard<'_, Activity> {
        self.activity.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Activity {
    /// When the connection is closed if nothing else happens on it.
    fn deadline(self, limits: Limits) -> Instant {
        let time = match self {
            // An answer that nobody takes is given up as well.
            Self { under_way: 1.., .. } => limits.answer.saturating_add(limits.idle),
            Self { is_served: true, .. } => limits.idle,
            Self { .. } => limits.head,
        };
        self.since + time
    }
}

impl Seat {
    /// A request's head has been read.
    pub(crate) fn begin(&self) -> UnderWay {
        {
            let mut activity = self.connection.lock();
            activity.under_way += 1;
            activity.since = Instant::now();
        }
        UnderWay {
            connections: Arc::clone(&self.connections),
            connection: Arc::clone(&self.connection),
        }
    }

    /// Ends when the connection has to be closed: to make room, or because its time is up.
    pub(crate) async fn is_over(&self) {
        loop {
            let deadline = self.connection.activity().deadline(self.connections.limits);
            if deadline <= Instant::now() {
                return;
            }
            tokio::select! {
                () = tokio::time::sleep_until(deadline) => {}
                () = self.connection.evicted.notified() => return,
            }
        }
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.connections.open().remove(&self.number);
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        {
            let mut activity = self.connection.lock();
            activity.under_way -= 1;
            activity.is_served = true;
            activity.since = Instant::now();
        }
        self.connections.changed.notify_one();
    }
}
