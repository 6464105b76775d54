//! A page load that is refused is made again: whole, since that may have been chance, and then in pieces of a size that was answered.
//! Only when every piece is answered is it the number of slots, and none of the slots, for which the whole is refused.

use super::calls::Origin;
use super::payload;
use super::performer::Performer;
use super::request::BuiltRequest;
use protocol::Method;
use scenario::{CallStep, Lookup, Step};
use serde_json::Value;
use transcript::{Exchange, Reply, Silence, StepPath, shortfall};

/// The list of slots in a look-up.
const SLOTS: &str = "slot_time";

/// The smallest page that was refused.
struct RefusedPage<'s> {
    path: StepPath,
    call: &'s CallStep,
    slots: usize,
}

impl<'e> Performer<'e> {
    /// Makes the smallest refused page again, as long as what comes back says more.
    pub(super) async fn try_refused_page_again(&mut self) {
        let Some(page) = self.refused_page() else { return };
        let piece = self.largest_answered_below(page.slots);
        let (Some(piece), Ok(built)) = (piece, self.build(page.call)) else {
            return;
        };
        if self.send_page(&page, &built).await {
            return;
        }
        for piece in pieces(&built, piece) {
            if self.engine.interrupt.is_set() || !self.send_page(&page, &piece).await {
                return;
            }
        }
    }

    /// True when it was answered well.
    async fn send_page(&self, page: &RefusedPage<'_>, built: &BuiltRequest) -> bool {
        let permit = self.engine.pace.enter(1, &*self.engine.clock).await;
        let reply = self.exchange(&Origin::again(page.path, page.call), built).await;
        drop(permit);
        shortfall(Method::BatchAvailabilityLookup, &reply).is_none()
    }

    fn refused_page(&self) -> Option<RefusedPage<'e>> {
        let so_far = self.so_far();
        let steps = self.job.scenario.steps.iter().enumerate();
        let pages = steps.filter_map(|(step, one)| match one {
            Step::Call(call) if is_page(call) => Some((StepPath { step, branch: None }, &**call)),
            _ => None,
        });
        let refused = pages.filter_map(|(path, call)| {
            let exchange = so_far.exchanges_at(path).next()?;
            is_refused(&exchange.answer.reply).then(|| RefusedPage {
                path,
                call,
                slots: slots_of(&exchange),
            })
        });
        refused.min_by_key(|page| page.slots)
    }

    fn largest_answered_below(&self, slots: usize) -> Option<usize> {
        let so_far = self.so_far();
        let answered = so_far
            .exchanges_of(Method::BatchAvailabilityLookup)
            .filter(|exchange| shortfall(exchange.call.method, &exchange.answer.reply).is_none());
        let sizes = answered.map(|exchange| slots_of(&exchange));
        sizes.filter(|size| (1..slots).contains(size)).max()
    }
}

fn is_page(call: &CallStep) -> bool {
    matches!(call.lookup, Lookup::Page(_)) && call.is_plain()
}

/// An error, or a connection that broke. What comes late is a matter of time limits.
fn is_refused(reply: &Reply) -> bool {
    match reply {
        Reply::Http(reply) => !reply.is_success(),
        Reply::Nothing { kind, .. } => *kind == Silence::Broken,
    }
}

fn slots_of(exchange: &Exchange<'_>) -> usize {
    let slots = exchange.request_value("/slot_time").and_then(Value::as_array);
    slots.map_or(0, Vec::len)
}

/// The same look-up in several, each of so many slots at most.
fn pieces(whole: &BuiltRequest, size: usize) -> Vec<BuiltRequest> {
    let message = whole.message.as_ref();
    let slots = message.and_then(|message| message[SLOTS].as_array());
    let pieces = slots.map_or(&[][..], Vec::as_slice).chunks(size.max(1));
    let piece = |slots: &[Value]| {
        let mut piece = whole.clone();
        if let Some(message) = &mut piece.message {
            message[SLOTS] = Value::from(slots.to_vec());
            *message = payload::plain(Method::BatchAvailabilityLookup, message.take());
            piece.outgoing.body = Some(message.to_string());
        }
        piece
    };
    pieces.map(piece).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transport::Outgoing;
    use serde_json::json;
    use transcript::Credentials;

    #[test]
    fn every_slot_of_a_page_is_in_one_piece_of_it() {
        let slots: Vec<Value> = (1..8)
            .map(|start| json!({ "start_sec": start.to_string() }))
            .collect();
        let message = json!({ "merchant_id": "m", "slot_time": slots });
        let outgoing = Outgoing {
            method: Method::BatchAvailabilityLookup,
            verb: "POST".into(),
            path: "/v3/BatchAvailabilityLookup".into(),
            headers: Vec::new(),
            credentials: Credentials::Valid,
            body: Some(message.to_string()),
        };
        let whole = BuiltRequest {
            outgoing,
            message: Some(message),
            slot: None,
        };
        let pieces = pieces(&whole, 3);
        let sent: Vec<Value> = pieces
            .iter()
            .filter_map(|piece| serde_json::from_str(piece.outgoing.body.as_deref()?).ok())
            .collect();
        assert!(sent.iter().all(|piece| piece["merchant_id"] == "m"));
        let of = |piece: &Value| piece["slot_time"].as_array().cloned().unwrap_or_default();
        assert_eq!(
            sent.iter().map(|piece| of(piece).len()).collect::<Vec<_>>(),
            [3, 3, 1]
        );
        assert_eq!(sent.iter().flat_map(of).collect::<Vec<_>>(), slots);
    }
}
