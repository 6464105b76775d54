//! Servers that lose their head when calls come at the same moment.

use crate::wire::{Memory, ReceivedCall, Reply, layer};
use protocol::Method;
use reference_server::Seams;
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

/// Long enough for calls that were sent together to meet.
const MEETING: Duration = Duration::from_millis(60);

/// How many calls of one kind are under way.
#[derive(Clone, Default)]
struct Crowd(Memory<Arc<AtomicUsize>>);

impl Crowd {
    /// The number of those who are there already; the caller is one more until `leave`.
    fn enter(&self, kind: &str) -> usize {
        let here = self.0.first(kind, Arc::default());
        here.fetch_add(1, Ordering::SeqCst)
    }

    fn leave(&self, kind: &str) {
        self.0.first(kind, Arc::default()).fetch_sub(1, Ordering::SeqCst);
    }
}

/// Names the calls of a method by their bodies.
pub(crate) fn each(method: Method) -> impl Fn(&ReceivedCall) -> Option<String> + Send + Sync {
    move |call| (call.method == Some(method)).then(|| call.body.to_string())
}

/// From so many calls of one kind on, further ones are answered with a status.
pub(crate) fn limit_concurrent(
    room: usize,
    kind: impl Fn(&ReceivedCall) -> Option<String> + Send + Sync + 'static,
    status: u16,
) -> Seams {
    let crowd = Crowd::default();
    layer(move |call, server| {
        let (crowd, kind) = (crowd.clone(), kind(&call));
        async move {
            let Some(kind) = kind else {
                return server.answer(call).await;
            };
            if crowd.enter(&kind) >= room {
                crowd.leave(&kind);
                return Reply::new(status, json!({ "error": "busy" }));
            }
            crate::time::sleep(MEETING).await;
            let reply = server.answer(call).await;
            crowd.leave(&kind);
            reply
        }
    })
}

/// Of equal look-ups under way at once, those about one slot are answered with what others asked for.
pub(super) fn swapped() -> Seams {
    let (crowd, doubled) = (Crowd::default(), Memory::<Value>::default());
    layer(move |mut call, server| {
        let (crowd, doubled) = (crowd.clone(), doubled.clone());
        async move {
            if call.method != Some(Method::BatchAvailabilityLookup) {
                return server.answer(call).await;
            }
            let kind = call.body.to_string();
            let repeated = crowd.enter(&kind) > 0;
            if repeated {
                doubled.keep(kind.clone(), call.body.clone());
            }
            // However fast it is otherwise, look-ups that came at one moment are under way at one moment.
            crate::time::sleep(MEETING).await;
            if repeated {
                let others = doubled.all();
                call.body = others
                    .into_iter()
                    .find(|body| *body != call.body)
                    .unwrap_or(call.body);
            }
            let reply = server.answer(call).await;
            crowd.leave(&kind);
            reply
        }
    })
}
