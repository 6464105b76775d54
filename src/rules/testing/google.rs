//! What happens on Google's side of a story.

use super::Story;
use crate::Offer;
use domain::TriggerName;
use scenario::{Step, TriggerStep};
use serde_json::json;
use transcript::{
    Aim, ArmedFault, CallKind, Fact, Fault, Quiet, ResourceAct, ResourceCall, SlotWait, StepPath,
    TokenRequest,
};

/// A right token request that was granted.
pub(crate) fn token_request() -> TokenRequest {
    TokenRequest {
        at_ms: 1,
        algorithm: Some("RS256".into()),
        claims: json!({ "iss": "p@example.iam.gserviceaccount.com", "iat": 1_000, "exp": 4_600,
            "aud": "https://oauth2.googleapis.com/token",
            "scope": "https://www.googleapis.com/auth/mapsbooking" }),
        granted: true,
        error: None,
        fault: None,
    }
}

impl Story {
    /// The feeds say this.
    pub(crate) fn offering(mut self, offer: Offer) -> Self {
        self.offer = offer;
        self
    }

    /// The partner asked for an access token.
    pub(crate) fn asks_for_token(mut self, request: TokenRequest) -> Self {
        self.token_requests.push(request);
        self
    }

    /// The partner asked Google for this, and it was done.
    pub(crate) fn asks_google(self, act: ResourceAct) -> Self {
        self.asks_in_vain(act, 200, None)
    }

    /// The same, with this answer.
    pub(crate) fn asks_in_vain(mut self, act: ResourceAct, status: u16, refusal: Option<&str>) -> Self {
        self.resource_calls.push(ResourceCall {
            verb: "POST".into(),
            target: "/v1alpha/inventory/partners/20002002".into(),
            at_ms: self.at_ms,
            status,
            refusal: refusal.map(ToOwned::to_owned),
            act,
        });
        self
    }

    /// So many calls arrive within a second.
    pub(crate) fn calling(mut self, calls: usize) -> Self {
        self.arrivals_ms = vec![1_000; calls];
        self
    }

    /// Google's side answers 503 to the next notifications about `bk-0001`.
    pub(crate) fn unavailable(self, times: u32) -> Self {
        let fault = Fault::Answer {
            status: 503,
            body: None,
            retry_after_sec: None,
        };
        self.arm(fault, times)
    }

    /// Something goes wrong with the next notifications about `bk-0001`.
    pub(crate) fn arm(mut self, fault: Fault, times: u32) -> Self {
        let step = StepPath {
            step: self.transcript.entries.len(),
            branch: None,
        };
        let aim = Aim::Booking {
            booking_id: "bk-0001".into(),
        };
        self.push(Fact::Armed(ArmedFault {
            step,
            aim,
            fault,
            times,
        }));
        self
    }

    /// The next token request is answered without a token.
    pub(crate) fn withhold_token(mut self) -> Self {
        let step = StepPath {
            step: self.transcript.entries.len(),
            branch: None,
        };
        self.push(Fact::Armed(ArmedFault {
            step,
            aim: Aim::Kind(CallKind::Token),
            fault: Fault::Withheld,
            times: 1,
        }));
        self
    }

    /// The partner was asked to move `bk-0001` to a slot of this name and start.
    pub(crate) fn move_to(mut self, name: &str, start_sec: i64) -> Self {
        let mut slot = self.slot.clone();
        slot.start_sec = start_sec;
        if let Fact::Bound(bound) = &mut self.transcript.entries[0].fact {
            bound.slots.insert(name.into(), slot);
        }
        let step = self.scenario.steps.len();
        self.scenario.steps.push(Step::Trigger(TriggerStep {
            name: TriggerName::Reschedule,
            booking: "bk-0001".into(),
            slot: Some(name.into()),
        }));
        let mut story = self.trigger("reschedule");
        if let Some(Fact::Trigger(trigger)) = story.transcript.entries.last_mut().map(|entry| &mut entry.fact)
        {
            trigger.step = StepPath { step, branch: None };
        }
        story
    }

    /// An inventory update about the bound slot was awaited, and came or not.
    pub(crate) fn wait_for_slot(mut self, met: bool) -> Self {
        let step = StepPath {
            step: self.transcript.entries.len(),
            branch: None,
        };
        let slot = self.slot.clone();
        self.push(Fact::AwaitedSlot(SlotWait {
            step,
            slot,
            until: json!({}),
            met,
            waited_ms: 0,
            copy: None,
        }));
        self
    }

    /// It was watched that nothing more came.
    pub(crate) fn quiet(mut self) -> Self {
        let step = StepPath {
            step: self.transcript.entries.len(),
            branch: None,
        };
        self.push(Fact::Quiet(Quiet {
            step,
            watched_ms: 300,
        }));
        self
    }
}
