//! What the page shows, and who is told of what is new.

use report::watch::Piece;
use serde_json::{Value, json};
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::broadcast;

/// So many calls are kept for who opens the page later.
const CALLS: usize = 300;
/// And so many bytes of them.
const BYTES: usize = 8 * 1024 * 1024;
/// So many bookings.
const BOOKINGS: usize = 200;
/// So much may wait for a reader; one that is slower begins again where it stopped.
const WAITING: usize = 256;

/// Something new, with its number.
#[derive(Debug)]
pub(super) struct Told {
    pub(super) number: u64,
    pub(super) news: News,
}

/// What is new.
#[derive(Debug)]
pub(super) enum News {
    Call {
        piece: Piece,
        booking: Option<(String, Piece)>,
    },
    Missed(Piece),
    Faults(Piece),
}

impl News {
    /// The name of its event and the event's data.
    pub(super) fn event(&self) -> (&'static str, Value) {
        match self {
            Self::Call { piece, booking } => {
                let booking = booking
                    .as_ref()
                    .map(|(id, piece)| json!({ "id": id, "html": piece }));
                ("call", json!({ "html": piece, "booking": booking }))
            }
            Self::Missed(piece) => ("missed", json!({ "html": piece })),
            Self::Faults(piece) => ("faults", json!({ "html": piece })),
        }
    }

    fn bytes(&self) -> usize {
        match self {
            Self::Call { piece, .. } | Self::Missed(piece) | Self::Faults(piece) => piece.len(),
        }
    }
}

/// What the page shows when it is opened.
pub(super) struct Shown {
    pub(super) calls: Vec<Piece>,
    pub(super) bookings: Vec<Piece>,
    pub(super) faults: Piece,
    pub(super) last: u64,
}

/// What a reader of the stream is given first, and where the rest comes from.
pub(super) struct Subscription {
    /// False when the reader has missed more than is kept, or comes from an earlier server.
    pub(super) is_continued: bool,
    pub(super) waiting: VecDeque<Arc<Told>>,
    pub(super) later: broadcast::Receiver<Arc<Told>>,
}

/// All of it.
pub(super) struct Hub {
    state: Mutex<State>,
    readers: broadcast::Sender<Arc<Told>>,
}

#[derive(Default)]
struct State {
    last: u64,
    kept: VecDeque<Arc<Told>>,
    bytes: usize,
    bookings: VecDeque<(String, Piece)>,
    faults: Piece,
}

impl Hub {
    pub(super) fn new(faults: Piece) -> Self {
        let (readers, _) = broadcast::channel(WAITING);
        let state = State {
            faults,
            ..State::default()
        };
        Self {
            state: Mutex::new(state),
            readers,
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A booking that nobody need be told of.
    pub(super) fn know(&self, id: &str, piece: Piece) {
        self.state().put_booking(id, piece);
    }

    pub(super) fn tell_call(&self, piece: Piece, booking: Option<(String, Piece)>) {
        let mut state = self.state();
        if let Some((id, piece)) = &booking {
            state.put_booking(id, piece.clone());
        }
        self.tell(&mut state, News::Call { piece, booking });
    }

    pub(super) fn tell_missed(&self, piece: Piece) {
        self.tell(&mut self.state(), News::Missed(piece));
    }

    /// Nobody is told of what has not changed.
    pub(super) fn tell_faults(&self, piece: Piece) {
        let mut state = self.state();
        if state.faults != piece {
            state.faults.clone_from(&piece);
            self.tell(&mut state, News::Faults(piece));
        }
    }

    // Told while the state is locked, so that every reader has everything once and in its order.
    fn tell(&self, state: &mut State, news: News) {
        let told = state.keep(news);
        // Often nobody reads.
        let _ = self.readers.send(told);
    }

    pub(super) fn shown(&self) -> Shown {
        let state = self.state();
        let calls = state.kept.iter().rev().filter_map(|told| match &told.news {
            News::Call { piece, .. } | News::Missed(piece) => Some(piece.clone()),
            News::Faults(_) => None,
        });
        Shown {
            calls: calls.collect(),
            bookings: state
                .bookings
                .iter()
                .rev()
                .map(|(_, piece)| piece.clone())
                .collect(),
            faults: state.faults.clone(),
            last: state.last,
        }
    }

    /// Everything after a number.
    pub(super) fn subscribe(&self, after: u64) -> Subscription {
        let state = self.state();
        let oldest = state.kept.front().map_or(state.last + 1, |told| told.number);
        let waiting = state.kept.iter().filter(|told| told.number > after);
        Subscription {
            is_continued: after <= state.last && after + 1 >= oldest,
            waiting: waiting.cloned().collect(),
            later: self.readers.subscribe(),
        }
    }
}

impl State {
    fn keep(&mut self, news: News) -> Arc<Told> {
        self.last += 1;
        self.bytes += news.bytes();
        let told = Arc::new(Told {
            number: self.last,
            news,
        });
        self.kept.push_back(Arc::clone(&told));
        while self.kept.len() > CALLS || self.bytes > BYTES && self.kept.len() > 1 {
            let gone = self.kept.pop_front();
            self.bytes -= gone.map_or(0, |told| told.news.bytes());
        }
        told
    }

    fn put_booking(&mut self, id: &str, piece: Piece) {
        self.bookings.retain(|(known, _)| known != id);
        self.bookings.push_back((id.to_owned(), piece));
        if self.bookings.len() > BOOKINGS {
            self.bookings.pop_front();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hub() -> Hub {
        Hub::new("none".to_owned())
    }

    fn numbers(subscription: &Subscription) -> Vec<u64> {
        subscription.waiting.iter().map(|told| told.number).collect()
    }

    #[test]
    fn who_comes_back_is_told_what_was_missed_once() {
        let hub = hub();
        for number in 1..=3 {
            hub.tell_call(
                format!("call {number}"),
                Some(("b-1".to_owned(), format!("row {number}"))),
            );
        }
        let shown = hub.shown();
        assert_eq!(shown.calls, ["call 3", "call 2", "call 1"]);
        assert_eq!((shown.bookings, shown.last), (vec!["row 3".to_owned()], 3));
        let mut back = hub.subscribe(1);
        assert!(back.is_continued);
        assert_eq!(numbers(&back), [2, 3]);
        hub.tell_missed("gone".to_owned());
        assert_eq!(back.later.try_recv().map(|told| told.number), Ok(4));
        assert!(numbers(&hub.subscribe(4)).is_empty());
    }

    #[test]
    fn who_comes_from_elsewhere_begins_anew() {
        let hub = hub();
        assert!(hub.subscribe(0).is_continued && !hub.subscribe(7).is_continued);
        for number in 0..=CALLS {
            hub.tell_call(number.to_string(), None);
        }
        assert_eq!(hub.shown().calls.len(), CALLS);
        assert!(!hub.subscribe(0).is_continued && hub.subscribe(1).is_continued);
    }

    #[test]
    fn what_is_kept_has_a_limit_and_the_newest_is_always_there() {
        let hub = hub();
        for _ in 0..3 {
            hub.tell_call("x".repeat(BYTES), None);
        }
        assert_eq!(hub.shown().calls.len(), 1);
        for number in 0..=BOOKINGS {
            hub.know(&number.to_string(), number.to_string());
        }
        let bookings = hub.shown().bookings;
        assert_eq!((bookings.len(), bookings[0].as_str()), (BOOKINGS, "200"));
    }

    #[test]
    fn faults_are_told_when_they_change() {
        let hub = hub();
        hub.tell_faults("none".to_owned());
        hub.tell_faults("503".to_owned());
        hub.tell_faults("503".to_owned());
        let all = hub.subscribe(0);
        assert_eq!(numbers(&all), [1]);
        let (name, data) = all.waiting[0].news.event();
        assert_eq!((name, data), ("faults", json!({ "html": "503" })));
        assert_eq!(hub.shown().calls.len(), 0);
    }
}
