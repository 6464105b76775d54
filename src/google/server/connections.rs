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
    /// Its requests by state: those of HTTP/2 lie side by side.
    active: Mutex<[usize; 4]>,
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
            active: Mutex::default(),
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
        let all = || self.connections.values();
        let bodies: usize = all().map(|connection| connection.count(READING_LARGE)).sum();
        let slowest = all()
            .filter(|connection| connection.state() == READING_LARGE)
            .min_by_key(|connection| connection.since());
        if bodies > LARGE_BODIES
            && let Some(connection) = slowest.cloned()
        {
            self.evict(&connection);
        }
    }
}

impl Connection {
    fn state(&self) -> u8 {
        self.state.load(Ordering::Acquire)
    }

    fn since(&self) -> u64 {
        self.since.load(Ordering::Relaxed)
    }

    /// How many of its requests are in a state.
    fn count(&self, state: u8) -> usize {
        self.active()[usize::from(state)]
    }

    fn active(&self) -> MutexGuard<'_, [usize; 4]> {
        self.active.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// One of its requests goes from one state to the next. False when the connection was evicted meanwhile.
    fn move_request(&self, from: u8, to: u8) -> bool {
        self.since.store(self.all.next_step(), Ordering::Relaxed);
        let mut active = self.active();
        let change = |count: &mut usize, by: isize| *count = count.saturating_add_signed(by);
        change(&mut active[usize::from(from)], -1);
        change(&mut active[usize::from(to)], 1);
        // That it waits for a request is no state of one.
        active[usize::from(IDLE)] = 0;
        let busiest = (READING..=ANSWERING)
            .rev()
            .find(|state| active[usize::from(*state)] > 0);
        // Under the lock nobody else changes it but who evicts.
        self.change(self.state(), busiest.unwrap_or(IDLE))
    }

    /// False when it was evicted meanwhile.
    fn change(&self, from: u8, to: u8) -> bool {
        let changed = self
            .state
            .compare_exchange(from, to, Ordering::AcqRel, Ordering::Acquire);
        from != EVICTED && changed.is_ok()
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

/// Notes that no head came in time on the connection of this task.
pub(super) fn note_late() {
    let _ = CONNECTION.try_with(|connection| connection.all.open().traffic.late += 1);
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

/// Runs the requests of an HTTP/2 connection, each as a task that knows its connection.
#[derive(Clone)]
pub(super) struct InConnection(Option<Arc<Connection>>);

impl InConnection {
    /// The connection of this task.
    pub(super) fn current() -> Self {
        Self(CONNECTION.try_with(Arc::clone).ok())
    }
}

impl<F: Future<Output = ()> + Send + 'static> hyper::rt::Executor<F> for InConnection {
    fn execute(&self, request: F) {
        match &self.0 {
            Some(connection) => drop(tokio::spawn(CONNECTION.scope(Arc::clone(connection), request))),
            None => drop(tokio::spawn(request)),
        }
    }
}

/// A request on the connection of this task: until it is dropped, the connection is not idle.
pub(super) struct ActiveRequest {
    connection: Option<Arc<Connection>>,
    state: AtomicU8,
}

impl ActiveRequest {
    /// A head has been read.
    pub(super) async fn begin() -> Self {
        let request = Self {
            connection: CONNECTION.try_with(Arc::clone).ok(),
            state: AtomicU8::new(IDLE),
        };
        if let Some(connection) = &request.connection {
            connection.requests.fetch_add(1, Ordering::Relaxed);
            connection.all.open().traffic.requests += 1;
        }
        proceed(request.become_state(READING)).await;
        request
    }

    /// The body is larger than usual.
    pub(super) fn note_large_body(&self) {
        if self.become_state(READING_LARGE)
            && let Some(connection) = &self.connection
        {
            connection.all.open().limit_large_bodies();
        }
    }

    /// The body has been read.
    pub(super) async fn complete(&self) {
        proceed(self.become_state(ANSWERING)).await;
    }

    /// False when the connection was evicted meanwhile.
    fn become_state(&self, state: u8) -> bool {
        let from = self.state.swap(state, Ordering::Relaxed);
        let connection = self.connection.as_ref();
        connection.is_none_or(|connection| connection.move_request(from, state))
    }
}

impl Drop for ActiveRequest {
    fn drop(&mut self) {
        self.become_state(IDLE);
        if let Some(connection) = &self.connection {
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
