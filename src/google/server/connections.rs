//! The open connections of a server, and the eviction of idle ones when the limit is reached.
//!
//! Callers who connect and send nothing must not block a server: at the limit the connection is evicted that has brought no whole
//! request for longest, of the address that has most connections. A connection that is being answered is never evicted.

use serde::Serialize;
use std::collections::BTreeMap;
use std::future::Future;
use std::net::IpAddr;
use std::sync::atomic::{AtomicU8, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::Notify;

/// So many bodies that are larger than usual are read at one time; for one more the slowest sender goes.
const LARGE_BODIES: usize = 32;

/// So many evicted connections may still be closing when others are admitted.
const CLOSING: usize = 64;

/// Waits for a request, or reads its head.
const IDLE: u8 = 0;
/// Reads a body.
const READING: u8 = 1;
/// Reads a body that is larger than usual.
const READING_LARGE: u8 = 2;
/// Has a whole request.
const ANSWERING: u8 = 3;
/// Has been evicted.
const EVICTED: u8 = 4;

tokio::task_local! {
    // What lies between a connection and its requests (TLS, a proxy, HTTP) need not know of it.
    static CONNECTION: Arc<Connection>;
}

/// What has come to a server so far. Requests are counted apart from connections: who connects and sends nothing is seen here.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Traffic {
    /// Connections that were accepted.
    pub connections: u64,
    /// Requests of which the head was read.
    pub requests: u64,
    /// Connections that ended without a request.
    pub silent: u64,
    /// Of them, those on which no whole head came in time.
    pub late: u64,
    /// Connections on which something came that is no HTTP, or whose head broke a limit.
    pub unreadable: u64,
    /// Connections that were closed to make room for others.
    pub displaced: u64,
}

/// The connections of a server.
pub(super) struct Connections {
    limit: usize,
    open: Mutex<Open>,
    /// A connection has ended, or could be evicted.
    changed: Notify,
    /// Orders what connections do, so that the one is known that has done nothing for longest.
    steps: AtomicU64,
}

#[derive(Default)]
struct Open {
    connections: BTreeMap<u64, Arc<Connection>>,
    /// How many connections an address has.
    callers: BTreeMap<Option<IpAddr>, usize>,
    /// How many are evicted and not yet closed.
    closing: usize,
    traffic: Traffic,
}

struct Connection {
    all: Arc<Connections>,
    number: u64,
    caller: Option<IpAddr>,
    state: AtomicU8,
    since: AtomicU64,
    requests: AtomicU64,
    evicted: Notify,
}

impl Connections {
    pub(super) fn new(limit: usize) -> Arc<Self> {
        Arc::new(Self {
            limit: limit.max(1),
            open: Mutex::default(),
            changed: Notify::new(),
            steps: AtomicU64::new(0),
        })
    }

    pub(super) fn traffic(&self) -> Traffic {
        self.open().traffic
    }

    fn open(&self) -> MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Admits a connection as soon as there is room for it.
    pub(super) async fn admit(self: &Arc<Self>, caller: Option<IpAddr>) -> Admission {
        loop {
            {
                let mut open = self.open();
                let room = open.connections.len() < self.limit;
                if open.closing < CLOSING && (room || open.make_room()) {
                    return self.register(&mut open, caller);
                }
            }
            self.changed.notified().await;
        }
    }

    fn register(self: &Arc<Self>, open: &mut Open, caller: Option<IpAddr>) -> Admission {
        open.traffic.connections += 1;
        *open.callers.entry(caller).or_default() += 1;
        let number = open.traffic.connections;
        let connection = Arc::new(Connection {
            all: Arc::clone(self),
            number,
            caller,
            state: AtomicU8::new(IDLE),
            since: AtomicU64::new(self.next_step()),
            requests: AtomicU64::new(0),
            evicted: Notify::new(),
        });
        open.connections.insert(number, Arc::clone(&connection));
        Admission { connection }
    }

    fn next_step(&self) -> u64 {
        self.steps.fetch_add(1, Ordering::Relaxed)
    }
}

impl Open {
    /// False when every connection is being answered.
    fn make_room(&mut self) -> bool {
        let rank = |open: &Self, connection: &Connection| {
            let of_caller = open.callers.get(&connection.caller).copied().unwrap_or_default();
            (usize::MAX - of_caller, connection.since())
        };
        loop {
            let evictable = self
                .connections
                .values()
                .filter(|connection| connection.state() < ANSWERING);
            let Some(connection) = evictable.min_by_key(|connection| rank(self, connection)).cloned() else {
                return false;
            };
            if self.evict(&connection) {
                return true;
            }
        }
    }

    /// False when its request has become complete meanwhile.
    fn evict(&mut self, connection: &Connection) -> bool {
        let state = connection.state();
        let evicted = state < ANSWERING && connection.change(state, EVICTED);
        if evicted {
            self.remove(connection);
            self.closing += 1;
            self.traffic.displaced += 1;
            connection.evicted.notify_one();
        }
        evicted
    }

    /// False when it was removed already.
    fn remove(&mut self, connection: &Connection) -> bool {
        let removed = self.connections.remove(&connection.number).is_some();
        if removed && let Some(number) = self.callers.get_mut(&connection.caller) {
            *number -= 1;
            if *number == 0 {
                self.callers.remove(&connection.caller);
            }
        }
        removed
    }

    fn limit_large_bodies(&mut self) {
        let large = || {
            self.connections
                .values()
                .filter(|connection| connection.is(READING_LARGE))
        };
        if large().count() > LARGE_BODIES
            && let Some(connection) = large().min_by_key(|connection| connection.since()).cloned()
        {
            self.evict(&connection);
        }
    }
}

impl Connection {
    fn state(&self) -> u8 {
        self.state.load(Ordering::Acquire)
    }

    fn is(&self, state: u8) -> bool {
        self.state() == state
    }

    fn since(&self) -> u64 {
        self.since.load(Ordering::Relaxed)
    }

    /// False when it was evicted meanwhile.
    fn change(&self, from: u8, to: u8) -> bool {
        self.since.store(self.all.next_step(), Ordering::Relaxed);
        let changed = self
            .state
            .compare_exchange(from, to, Ordering::AcqRel, Ordering::Acquire);
        changed.is_ok()
    }
}

/// The admission of one connection, until it is dropped.
pub(super) struct Admission {
    connection: Arc<Connection>,
}

impl Admission {
    /// Serves the connection until it ends or is evicted.
    pub(super) async fn hold_during(self, serve: impl Future<Output = ()>) {
        let connection = Arc::clone(&self.connection);
        tokio::select! {
            () = CONNECTION.scope(Arc::clone(&connection), serve) => {}
            () = connection.evicted.notified() => {}
        }
    }
}

impl Drop for Admission {
    fn drop(&mut self) {
        let connection = &self.connection;
        let mut open = connection.all.open();
        if !open.remove(connection) {
            open.closing -= 1;
        }
        open.traffic.silent += u64::from(connection.requests.load(Ordering::Relaxed) == 0);
        connection.all.changed.notify_one();
    }
}

/// Notes how HTTP on the connection of this task ended.
pub(super) fn note_end(result: &Result<(), hyper::Error>) {
    let Err(error) = result else { return };
    let note = |connection: &Arc<Connection>| {
        let silent = connection.requests.load(Ordering::Relaxed) == 0;
        let mut open = connection.all.open();
        open.traffic.late += u64::from(error.is_timeout() && silent);
        open.traffic.unreadable += u64::from(error.is_parse());
    };
    // A connection that is not counted is none of a server's.
    let _ = CONNECTION.try_with(note);
}

/// A request on the connection of this task: until it is dropped, the connection is not idle.
pub(super) struct ActiveRequest(Option<Arc<Connection>>);

impl ActiveRequest {
    /// A head has been read.
    pub(super) async fn begin() -> Self {
        let connection = CONNECTION.try_with(Arc::clone).ok();
        if let Some(connection) = &connection {
            connection.requests.fetch_add(1, Ordering::Relaxed);
            connection.all.open().traffic.requests += 1;
            proceed(connection.change(IDLE, READING)).await;
        }
        Self(connection)
    }

    /// The body is larger than usual.
    pub(super) fn note_large_body(&self) {
        if let Some(connection) = &self.0
            && connection.change(READING, READING_LARGE)
        {
            connection.all.open().limit_large_bodies();
        }
    }

    /// The body has been read.
    pub(super) async fn complete(&self) {
        if let Some(connection) = &self.0 {
            proceed(connection.change(READING, ANSWERING) || connection.change(READING_LARGE, ANSWERING))
                .await;
        }
    }
}

impl Drop for ActiveRequest {
    fn drop(&mut self) {
        if let Some(connection) = &self.0 {
            connection.change(connection.state().min(ANSWERING), IDLE);
            connection.all.changed.notify_one();
        }
    }
}

// Who was evicted gets no answer: its connection is closed before this could end.
async fn proceed(admitted: bool) {
    if !admitted {
        std::future::pending::<()>().await;
    }
}
