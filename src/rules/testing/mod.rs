//! Short histories for the tests of rules.
#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

mod google;
mod ledger;
mod messages;
mod moves;
mod playing;
mod terms;
mod timing;
mod verdict;

pub(crate) use google::token_request;
pub(crate) use messages::{booking, changes, copy, inventory_update, paid_booking, patch, told_total, user};
pub(crate) use terms::usd;

pub(crate) use verdict::{StoryVerdict, judge_feeds, judge_run, run_of};

use super::{Case, Offer, Rule, Run};
use catalogue::RequirementId;
use domain::Capability;
use domain::slot::{Slot, Terms};
use indexmap::IndexMap;
use messages::request;
use protocol::Method;
use scenario::{Await, Scenario, Source, Step, load};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use transcript::{
    Answer, Binding, BookingWait, Call, Credentials, Entry, Fact, HttpReply, Notification, Phase, Reply,
    ResourceCall, StepPath, TokenRequest, Transcript, Trigger,
};

pub(crate) const START: i64 = 1_893_484_800;
pub(crate) const BEGAN: i64 = START - 86_400;

/// A history that is built step by step and then judged by one rule.
pub(crate) struct Story {
    transcript: Transcript,
    slot: Slot,
    capabilities: BTreeSet<Capability>,
    at_ms: u64,
    phase: Phase,
    scenario: Scenario,
    orphans: Vec<Notification>,
    token: Option<String>,
    token_requests: Vec<TokenRequest>,
    resource_calls: Vec<ResourceCall>,
    arrivals_ms: Vec<u64>,
    offer: Offer,
}

impl Story {
    fn with(terms: Terms) -> Self {
        let slot = terms::slot(terms);
        let bound = Binding {
            slots: IndexMap::from([("slot".to_owned(), slot.clone())]),
            page: Vec::new(),
            waitlist: None,
            user: user(),
            began_sec: BEGAN,
            within_ms: 30_000,
            ledger: false,
        };
        let entry = Entry {
            at_ms: 0,
            phase: Phase::Prepare,
            fact: Fact::Bound(bound),
        };
        let transcript = Transcript {
            scenario: "test/story".into(),
            entries: vec![entry],
        };
        let capabilities = Capability::ALL.iter().copied().collect();
        Self {
            transcript,
            slot,
            capabilities,
            at_ms: 0,
            phase: Phase::Steps,
            scenario: scenario(),
            orphans: Vec::new(),
            token: None,
            token_requests: Vec::new(),
            resource_calls: Vec::new(),
            arrivals_ms: Vec::new(),
            offer: Offer::default(),
        }
    }

    /// CreateBooking carries this token of a card of that network, as Google Pay hands it on.
    pub(crate) fn pay_with(mut self, network: &str, token: &str) -> Self {
        let data = json!({ "paymentMethodData": { "info": { "cardNetwork": network },
            "tokenizationData": { "token": json!({ "id": token }).to_string() } } });
        self.token = Some(data.to_string());
        self
    }

    /// Changes the bound slot before anything happens.
    pub(crate) fn slot(mut self, change: impl FnOnce(&mut Slot)) -> Self {
        change(&mut self.slot);
        if let Fact::Bound(bound) = &mut self.transcript.entries[0].fact {
            bound.slots.insert("slot".into(), self.slot.clone());
        }
        self
    }

    /// The target lacks a capability.
    pub(crate) fn without(mut self, capability: Capability) -> Self {
        self.capabilities.remove(&capability);
        self
    }

    /// The payment part of Google's CreateBooking for this story.
    pub(crate) fn payment_information(&self) -> Value {
        request(&self.slot)["payment_information"].clone()
    }

    fn push(&mut self, fact: Fact) -> usize {
        self.at_ms += 10;
        self.transcript.entries.push(Entry {
            at_ms: self.at_ms,
            phase: self.phase,
            fact,
        });
        self.transcript.entries.len() - 1
    }

    /// A CreateBooking for the slot with the token `t-1`, and its 200 answer.
    pub(crate) fn create(self, answer: Value) -> Self {
        let mut request = request(&self.slot);
        if let Some(token) = &self.token {
            request["payment_processing_parameters"] = json!({ "unparsed_payment_method_token": token });
        }
        self.call(Method::CreateBooking, request, 200, answer)
    }

    /// A CreateBooking for the slot with another token, and its 200 answer.
    pub(crate) fn create_with(self, token: &str, answer: Value) -> Self {
        let mut request = request(&self.slot);
        request["idempotency_token"] = json!(token);
        self.call(Method::CreateBooking, request, 200, answer)
    }

    /// A CreateBooking of another user with a token of its own, and its 200 answer.
    pub(crate) fn create_for(self, user: &str, token: &str, answer: Value) -> Self {
        let mut request = request(&self.slot);
        request["idempotency_token"] = json!(token);
        request["user_information"]["user_id"] = json!(user);
        self.call(Method::CreateBooking, request, 200, answer)
    }

    /// The scenario's id.
    pub(crate) fn with_id(mut self, id: &str) -> Self {
        self.scenario.id = id.into();
        self.transcript.scenario = id.into();
        self
    }

    /// The scenario file itself waits for something under this requirement.
    pub(crate) fn expecting(mut self, requirement: RequirementId) -> Self {
        self.scenario.steps.push(Step::Await(Await {
            booking: "bk-0001".into(),
            requirement,
            until: json!({}),
            otherwise: None,
        }));
        self
    }

    /// The scenario file waits for a state of Google's copy of `bk-0001`, which is met or not.
    pub(crate) fn wait(mut self, requirement: RequirementId, until: Value, met: bool, copy: Value) -> Self {
        let step = StepPath {
            step: self.scenario.steps.len(),
            branch: None,
        };
        self = self.expecting(requirement);
        if let Some(Step::Await(wait)) = self.scenario.steps.last_mut() {
            wait.until = until.clone();
        }
        self.push(Fact::Awaited(BookingWait {
            step,
            booking_id: "bk-0001".into(),
            until,
            met,
            waited_ms: 0,
            copy: Some(copy),
        }));
        self
    }

    /// A CreateBooking whose step expects status 200 under the first requirement and a body under the second.
    pub(crate) fn create_expecting(
        mut self,
        requirements: &[RequirementId; 2],
        body: &Value,
        status: u16,
        answer: Value,
    ) -> Self {
        let [first, second] = requirements;
        let text = format!(
            "title: a\nsteps:\n  - call: CreateBooking\n    expect:\n      - requirement: {first}\n      - {{ requirement: {second}, body: {body} }}\n"
        );
        let source = Source {
            id: "test/story".into(),
            file: "test".into(),
            text,
        };
        self.scenario.steps = load(&[source]).unwrap().remove(0).steps;
        let request = request(&self.slot);
        let mut story = self.call(Method::CreateBooking, request, status, answer);
        for entry in &mut story.transcript.entries {
            if let Fact::Call(call) = &mut entry.fact {
                call.step = Some(StepPath {
                    step: 0,
                    branch: None,
                });
            }
        }
        story
    }

    /// A call that no scenario claims.
    pub(crate) fn orphan(mut self, notification: impl Into<Notification>) -> Self {
        self.orphans.push(notification.into());
        self
    }

    /// The history as rules see it.
    pub(crate) fn case(&self) -> Case<'_> {
        Case::new(&self.scenario, &self.transcript, &self.capabilities, "20002002")
            .with_orphans(&self.orphans)
            .with_token_requests(&self.token_requests)
            .with_offer(&self.offer)
    }

    /// Any call and its answer.
    pub(crate) fn call(self, method: Method, request: Value, status: u16, answer: Value) -> Self {
        self.call_with(
            method,
            request,
            status,
            &[("content-type", "application/json")],
            answer,
        )
    }

    /// Any call and its answer with headers.
    #[expect(
        clippy::needless_pass_by_value,
        reason = "a story reads better with the message in place"
    )]
    pub(crate) fn call_with(
        mut self,
        method: Method,
        request: Value,
        status: u16,
        headers: &[(&str, &str)],
        answer: Value,
    ) -> Self {
        let step = StepPath {
            step: self.transcript.entries.len(),
            branch: None,
        };
        let call = self.push(Fact::Call(Call {
            step: Some(step),
            label: None,
            method,
            verb: method.verb().into(),
            path: method.path(),
            headers: Vec::new(),
            credentials: Credentials::Valid,
            body: Some(request),
            raw: None,
            breaks_model: false,
            again: false,
        }));
        let headers = headers
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        let body = match &answer {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        let reply = Reply::Http(HttpReply::new(method, status, headers, body));
        self.push(Fact::Answer(Answer {
            call,
            took_us: 900,
            lagged_us: 0,
            reply,
        }));
        self
    }

    /// Google cancels `bk-0001`.
    pub(crate) fn cancel(self, answer: Value) -> Self {
        let request = json!({ "booking": { "booking_id": "bk-0001", "status": "CANCELED" } });
        self.call(Method::UpdateBooking, request, 200, answer)
    }

    /// The partner was asked to act on `bk-0001`.
    pub(crate) fn trigger(mut self, name: &str) -> Self {
        let step = StepPath {
            step: self.transcript.entries.len(),
            branch: None,
        };
        self.push(Fact::Trigger(Trigger {
            step,
            name: name.into(),
            booking_id: "bk-0001".into(),
            channel: "http".into(),
            failure: None,
        }));
        self
    }

    /// A PATCH of `bk-0001` that our side accepted; `before` and `after` are Google's copy.
    pub(crate) fn patch(self, mask: Option<&str>, body: Value, before: Value, after: Value) -> Self {
        self.notify(patch(mask, body, before, after))
    }

    /// Any notification.
    pub(crate) fn notify(mut self, notification: impl Into<Notification>) -> Self {
        self.push(Fact::Notification(notification.into()));
        self
    }

    /// Lets time pass.
    pub(crate) fn after(self, seconds: u64) -> Self {
        self.after_ms(seconds * 1000)
    }

    /// What came last overtook what stands before it.
    pub(crate) fn overtaking(mut self) -> Self {
        let last = self.transcript.entries.len() - 1;
        self.transcript.entries.swap(last - 1, last);
        self
    }

    /// Lets a moment pass.
    pub(crate) fn after_ms(mut self, ms: u64) -> Self {
        self.at_ms += ms;
        self
    }

    /// Judges by one rule.
    pub(crate) fn judge(&self, rule: &Rule) -> StoryVerdict {
        let cases = [self.case()];
        let run = Run {
            orphans: &self.orphans,
            token_requests: &self.token_requests,
            resource_calls: &self.resource_calls,
            arrivals_ms: &self.arrivals_ms,
            ..run_of(&cases)
        };
        verdict::judge_by(&run, rule)
    }

    /// The same, with these slots in the feeds.
    pub(crate) fn judge_with_slots(&self, slots: &[Slot], rule: &Rule) -> StoryVerdict {
        let cases = [self.case()];
        let run = Run {
            slots,
            orphans: &self.orphans,
            resource_calls: &self.resource_calls,
            ..run_of(&cases)
        };
        verdict::judge_by(&run, rule)
    }

    /// The slot that the story is about.
    pub(crate) fn bound_slot(&self) -> Slot {
        self.slot.clone()
    }

    /// Judges by every rule at once.
    pub(crate) fn judge_all(&self) -> StoryVerdict {
        StoryVerdict(crate::judge_scenario(&self.case()))
    }
}

fn scenario() -> Scenario {
    Scenario {
        id: "test/story".into(),
        source: "test".into(),
        title: "A story".into(),
        serves: Vec::new(),
        basic: None,
        slots: IndexMap::new(),
        waitlist: None,
        page: 0,
        steps: Vec::new(),
    }
}
