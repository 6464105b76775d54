//! Who is connected, and who has to go when there is no room left.
//!
//! A server that stays must not be held by those who connect and say nothing: when every place is taken, the connection goes that
//! has brought nothing whole for longest, of the caller that has most of them. Whoever is being answered stays.

use serde::Serialize;
use std::collections::BTreeMap;
use std::future::Future;
use std::net::{IpAddr, SocketAddr};
use std::sync::atomic::{AtomicU8, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::net::{TcpListener, TcpSocket};
use tokio::sync::Notify;

/// So many bodies that are larger than usual are read at one time; for one more the slowest sender goes.
const LARGE_BODIES: usize = 32;

/// So many connections the system may hold before they are taken. Beyond that it lets callers try again after a second, and
/// its usual 128 are there in a moment.
const QUEUE: u32 = 4096;

/// So many who were told to go may still be on their way out when others come in.
const LEAVING: usize = 64;

/// Waits for a request, or reads its head.
const IDLE: u8 = 0;
/// Reads a body.
const READING: u8 = 1;
/// Reads a body that is larger than usual.
const READING_MUCH: u8 = 2;
/// Has a whole request.
const ANSWERING: u8 = 3;
/// Has been told to go.
const DISMISSED: u8 = 4;

tokio::task_local! {
    // What lies between a connection and its requests (TLS, a proxy, HTTP) need not know of guests.
    static GUEST: Arc<Guest>;
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

/// Listens, with a queue in which many find room.
pub(super) fn listen(address: SocketAddr) -> std::io::Result<TcpListener> {
    let socket = if address.is_ipv4() {
        TcpSocket::new_v4()?
    } else {
        TcpSocket::new_v6()?
    };
    // As the usual way to listen does: the port of a server that has just ended can be had again.
    #[cfg(not(windows))]
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(QUEUE)
}

/// Everybody who is connected.
pub(super) struct Guests {
    places: usize,
    present: Mutex<Present>,
    /// Somebody has gone, or could be asked to.
    moved: Notify,
    /// Orders what guests do, so that it can be told who has done nothing for longest.
    steps: AtomicU64,
}

#[derive(Default)]
struct Present {
    guests: BTreeMap<u64, Arc<Guest>>,
    /// How many connections an address has.
    callers: BTreeMap<Option<IpAddr>, usize>,
    /// How many have lost their place and not yet closed their connection.
    leaving: usize,
    traffic: Traffic,
}

struct Guest {
    house: Arc<Guests>,
    number: u64,
    caller: Option<IpAddr>,
    state: AtomicU8,
    since: AtomicU64,
    requests: AtomicU64,
    dismissed: Notify,
}

impl Guests {
    pub(super) fn new(places: usize) -> Arc<Self> {
        Arc::new(Self {
            places: places.max(1),
            present: Mutex::default(),
            moved: Notify::new(),
            steps: AtomicU64::new(0),
        })
    }

    pub(super) fn traffic(&self) -> Traffic {
        self.present().traffic
    }

    fn present(&self) -> MutexGuard<'_, Present> {
        self.present.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A place for a connection, as soon as there is one.
    pub(super) async fn admit(self: &Arc<Self>, caller: Option<IpAddr>) -> Stay {
        loop {
            {
                let mut present = self.present();
                let room = present.guests.len() < self.places;
                if present.leaving < LEAVING && (room || present.make_room()) {
                    return self.enter(&mut present, caller);
                }
            }
            self.moved.notified().await;
        }
    }

    fn enter(self: &Arc<Self>, present: &mut Present, caller: Option<IpAddr>) -> Stay {
        present.traffic.connections += 1;
        *present.callers.entry(caller).or_default() += 1;
        let number = present.traffic.connections;
        let guest = Arc::new(Guest {
            house: Arc::clone(self),
            number,
            caller,
            state: AtomicU8::new(IDLE),
            since: AtomicU64::new(self.step()),
            requests: AtomicU64::new(0),
            dismissed: Notify::new(),
        });
        present.guests.insert(number, Arc::clone(&guest));
        Stay { guest }
    }

    fn step(&self) -> u64 {
        self.steps.fetch_add(1, Ordering::Relaxed)
    }
}

impl Present {
    /// False when everybody is being answered.
    fn make_room(&mut self) -> bool {
        let rank = |present: &Self, guest: &Guest| {
            let crowd = present.callers.get(&guest.caller).copied().unwrap_or_default();
            (usize::MAX - crowd, guest.since())
        };
        loop {
            let movable = self.guests.values().filter(|guest| guest.state() < ANSWERING);
            let Some(guest) = movable.min_by_key(|guest| rank(self, guest)).cloned() else {
                return false;
            };
            if self.dismiss(&guest) {
                return true;
            }
        }
    }

    /// False when its request has become complete meanwhile.
    fn dismiss(&mut self, guest: &Guest) -> bool {
        let state = guest.state();
        let dismissed = state < ANSWERING && guest.change(state, DISMISSED);
        if dismissed {
            self.forget(guest);
            self.leaving += 1;
            self.traffic.displaced += 1;
            guest.dismissed.notify_one();
        }
        dismissed
    }

    /// False when it had lost its place already.
    fn forget(&mut self, guest: &Guest) -> bool {
        let present = self.guests.remove(&guest.number).is_some();
        if present && let Some(number) = self.callers.get_mut(&guest.caller) {
            *number -= 1;
            if *number == 0 {
                self.callers.remove(&guest.caller);
            }
        }
        present
    }

    fn limit_large_bodies(&mut self) {
        let large = || self.guests.values().filter(|guest| guest.is(READING_MUCH));
        if large().count() > LARGE_BODIES
            && let Some(guest) = large().min_by_key(|guest| guest.since()).cloned()
        {
            self.dismiss(&guest);
        }
    }
}

impl Guest {
    fn state(&self) -> u8 {
        self.state.load(Ordering::Acquire)
    }

    fn is(&self, state: u8) -> bool {
        self.state() == state
    }

    fn since(&self) -> u64 {
        self.since.load(Ordering::Relaxed)
    }

    /// False when it was dismissed meanwhile.
    fn change(&self, from: u8, to: u8) -> bool {
        self.since.store(self.house.step(), Ordering::Relaxed);
        let changed = self
            .state
            .compare_exchange(from, to, Ordering::AcqRel, Ordering::Acquire);
        changed.is_ok()
    }
}

/// The place of one connection, until it is dropped.
pub(super) struct Stay {
    guest: Arc<Guest>,
}

impl Stay {
    /// Serves the connection until it ends or has to go.
    pub(super) async fn host(self, serve: impl Future<Output = ()>) {
        let guest = Arc::clone(&self.guest);
        tokio::select! {
            () = GUEST.scope(Arc::clone(&guest), serve) => {}
            () = guest.dismissed.notified() => {}
        }
    }
}

impl Drop for Stay {
    fn drop(&mut self) {
        let guest = &self.guest;
        let mut present = guest.house.present();
        if !present.forget(guest) {
            present.leaving -= 1;
        }
        present.traffic.silent += u64::from(guest.requests.load(Ordering::Relaxed) == 0);
        guest.house.moved.notify_one();
    }
}

/// Notes how HTTP on the connection of this task ended.
pub(super) fn ended(how: &Result<(), hyper::Error>) {
    let Err(error) = how else { return };
    let note = |guest: &Arc<Guest>| {
        let silent = guest.requests.load(Ordering::Relaxed) == 0;
        let mut present = guest.house.present();
        present.traffic.late += u64::from(error.is_timeout() && silent);
        present.traffic.unreadable += u64::from(error.is_parse());
    };
    // A connection that nobody counts is none of a server's.
    let _ = GUEST.try_with(note);
}

/// A request on the connection of this task: until it is dropped, the connection is not idle.
pub(super) struct Visit(Option<Arc<Guest>>);

impl Visit {
    /// A head has been read.
    pub(super) async fn begin() -> Self {
        let guest = GUEST.try_with(Arc::clone).ok();
        if let Some(guest) = &guest {
            guest.requests.fetch_add(1, Ordering::Relaxed);
            guest.house.present().traffic.requests += 1;
            stay(guest.change(IDLE, READING)).await;
        }
        Self(guest)
    }

    /// The body is larger than usual.
    pub(super) fn carries_much(&self) {
        if let Some(guest) = &self.0
            && guest.change(READING, READING_MUCH)
        {
            guest.house.present().limit_large_bodies();
        }
    }

    /// The body has been read.
    pub(super) async fn is_complete(&self) {
        if let Some(guest) = &self.0 {
            stay(guest.change(READING, ANSWERING) || guest.change(READING_MUCH, ANSWERING)).await;
        }
    }
}

impl Drop for Visit {
    fn drop(&mut self) {
        if let Some(guest) = &self.0 {
            guest.change(guest.state().min(ANSWERING), IDLE);
            guest.house.moved.notify_one();
        }
    }
}

// Who was dismissed gets no answer: its connection is closed before this could end.
async fn stay(welcome: bool) {
    if !welcome {
        std::future::pending::<()>().await;
    }
}
